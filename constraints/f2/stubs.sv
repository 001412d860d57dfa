// Black box of AWS's DDR block, only what f2_top.sv uses. For lint; never given to Vivado.
//
// Names and directions: hdk/cl/examples/CL_TEMPLATE/design/CL_TEMPLATE.sv of aws/aws-fpga at 628155bddb136524f7aabfd3351764223d99b392.
// The shell's ports are in stub/cl_ports.vh.
// verilator lint_off DECLFILENAME
// verilator lint_off UNDRIVEN
// verilator lint_off UNUSEDSIGNAL
// verilator lint_off UNUSEDPARAM
`default_nettype none
(* blackbox *)
module sh_ddr #(
    parameter DDR_PRESENT = 1
) (
    input  wire        clk,
    input  wire        rst_n,
    input  wire        stat_clk,
    input  wire        stat_rst_n,
    input  wire        CLK_DIMM_DP,
    input  wire        CLK_DIMM_DN,
    output wire        M_ACT_N,
    output wire [17:0] M_MA,
    output wire [ 1:0] M_BA,
    output wire [ 1:0] M_BG,
    output wire [ 1:0] M_CKE,
    output wire [ 1:0] M_ODT,
    output wire [ 1:0] M_CS_N,
    output wire [ 1:0] M_CLK_DN,
    output wire [ 1:0] M_CLK_DP,
    output wire        M_PAR,
    inout  wire [63:0] M_DQ,
    inout  wire [ 7:0] M_ECC,
    inout  wire [17:0] M_DQS_DP,
    inout  wire [17:0] M_DQS_DN,
    output wire        cl_RST_DIMM_N
);
endmodule
`default_nettype wire
// verilator lint_on DECLFILENAME
// verilator lint_on UNDRIVEN
// verilator lint_on UNUSEDSIGNAL
// verilator lint_on UNUSEDPARAM

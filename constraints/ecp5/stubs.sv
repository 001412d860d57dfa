// Black boxes of what other tools bring, only what ecp5_top.sv uses. For lint; never given to Diamond.
//
// litepcie_core: as LitePCIe's generator writes it for litepcie.yml. Port names: get_pcie_ios(), get_clk_ios(), get_msi_irqs_ios(),
// mmap_axi_lite, mmap_slave_axi of litepcie/gen.py of enjoy-digital/litepcie at 7864ba13c50a01395bd5b16080f6767c245151e4 (data of
// mmap_slave_axi: 128 bits, id: 1), fields of a bus: get_ios() of litex/soc/interconnect/axi/axi_full.py of enjoy-digital/litex at
// 72447a1f4952a260b030631f3e3921f485f716be (addresses of 32 bits) and axi_lite.py at e257ff916f34b9041fa0108761a3cd77089dc2ee.
// EHXPLLL: FPGA-TN-02200, ECP5 and ECP5-5G sysCLOCK PLL/DLL Design and Usage Guide.
// verilator lint_off DECLFILENAME
// verilator lint_off UNDRIVEN
// verilator lint_off UNUSEDSIGNAL
// verilator lint_off UNUSEDPARAM
`default_nettype none
(* blackbox *)
module litepcie_core (
    input  wire         clk,
    input  wire         rst,
    input  wire         pcie_rst_n,
    input  wire         pcie_clk_p,
    input  wire         pcie_clk_n,
    input  wire         pcie_rx_p,
    input  wire         pcie_rx_n,
    output wire         pcie_tx_p,
    output wire         pcie_tx_n,
    input  wire [  2:0] msi_irqs,
    output wire         mmap_axi_lite_awvalid,
    input  wire         mmap_axi_lite_awready,
    output wire [ 31:0] mmap_axi_lite_awaddr,
    output wire         mmap_axi_lite_wvalid,
    input  wire         mmap_axi_lite_wready,
    output wire [ 31:0] mmap_axi_lite_wdata,
    output wire [  3:0] mmap_axi_lite_wstrb,
    input  wire         mmap_axi_lite_bvalid,
    output wire         mmap_axi_lite_bready,
    input  wire [  1:0] mmap_axi_lite_bresp,
    output wire         mmap_axi_lite_arvalid,
    input  wire         mmap_axi_lite_arready,
    output wire [ 31:0] mmap_axi_lite_araddr,
    input  wire         mmap_axi_lite_rvalid,
    output wire         mmap_axi_lite_rready,
    input  wire [ 31:0] mmap_axi_lite_rdata,
    input  wire [  1:0] mmap_axi_lite_rresp,
    input  wire         mmap_slave_axi_awvalid,
    output wire         mmap_slave_axi_awready,
    input  wire [ 31:0] mmap_slave_axi_awaddr,
    input  wire [  1:0] mmap_slave_axi_awburst,
    input  wire [  7:0] mmap_slave_axi_awlen,
    input  wire [  2:0] mmap_slave_axi_awsize,
    input  wire         mmap_slave_axi_awlock,
    input  wire [  2:0] mmap_slave_axi_awprot,
    input  wire [  3:0] mmap_slave_axi_awcache,
    input  wire [  3:0] mmap_slave_axi_awqos,
    input  wire [  3:0] mmap_slave_axi_awregion,
    input  wire         mmap_slave_axi_awid,
    input  wire         mmap_slave_axi_wvalid,
    output wire         mmap_slave_axi_wready,
    input  wire         mmap_slave_axi_wlast,
    input  wire [127:0] mmap_slave_axi_wdata,
    input  wire [ 15:0] mmap_slave_axi_wstrb,
    output wire         mmap_slave_axi_bvalid,
    input  wire         mmap_slave_axi_bready,
    output wire [  1:0] mmap_slave_axi_bresp,
    input  wire         mmap_slave_axi_arvalid,
    output wire         mmap_slave_axi_arready,
    input  wire [ 31:0] mmap_slave_axi_araddr,
    input  wire [  1:0] mmap_slave_axi_arburst,
    input  wire [  7:0] mmap_slave_axi_arlen,
    input  wire [  2:0] mmap_slave_axi_arsize,
    input  wire         mmap_slave_axi_arlock,
    input  wire [  2:0] mmap_slave_axi_arprot,
    input  wire [  3:0] mmap_slave_axi_arcache,
    input  wire [  3:0] mmap_slave_axi_arqos,
    input  wire [  3:0] mmap_slave_axi_arregion,
    input  wire         mmap_slave_axi_arid,
    output wire         mmap_slave_axi_rvalid,
    input  wire         mmap_slave_axi_rready,
    output wire         mmap_slave_axi_rlast,
    output wire [  1:0] mmap_slave_axi_rresp,
    output wire [127:0] mmap_slave_axi_rdata
);
endmodule

(* blackbox *)
module EHXPLLL #(
    parameter CLKI_DIV = 1,
    parameter CLKFB_DIV = 1,
    parameter CLKOP_DIV = 8,
    parameter CLKOP_CPHASE = 0,
    parameter CLKOP_FPHASE = 0,
    parameter CLKOP_ENABLE = "ENABLED",
    parameter FEEDBK_PATH = "CLKOP"
) (
    input  wire CLKI,
    input  wire CLKFB,
    input  wire RST,
    input  wire STDBY,
    input  wire PHASESEL0,
    input  wire PHASESEL1,
    input  wire PHASEDIR,
    input  wire PHASESTEP,
    input  wire PHASELOADREG,
    input  wire PLLWAKESYNC,
    input  wire ENCLKOP,
    output wire CLKOP,
    output wire LOCK
);
endmodule
`default_nettype wire
// verilator lint_on DECLFILENAME
// verilator lint_on UNDRIVEN
// verilator lint_on UNUSEDSIGNAL
// verilator lint_on UNUSEDPARAM

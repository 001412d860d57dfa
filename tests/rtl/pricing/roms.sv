// The five ROM evaluators side by side, for the bench only.
//
// All read x_i, in the format of their own argument. Latencies: those of the modules.
`default_nettype none

module roms #(
    parameter int PROFILE = pl_pricing_pkg::FULL
) (
    input  wire         clk_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire         rst_ni,       // for the bench's sake
    // verilator lint_on UNUSEDSIGNAL
    input  wire         en_i,
    input  wire  [63:0] x_i,
    output logic [63:0] recip_o,
    output logic [63:0] neg_ln_o,
    output logic [63:0] log_ratio_o,
    output logic [63:0] exp2_neg_o,
    output logic [63:0] mills_o
);
  localparam int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                     : pl_tables_pkg::SMALL_W;
  localparam int FB = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_FB
                                                      : pl_tables_pkg::SMALL_FB;
  localparam int MAG_W = W + pl_pricing_pkg::E_W;
  localparam int LATE = pl_pricing_pkg::rom_mills(PROFILE) - pl_pricing_pkg::rom(PROFILE);

  wire [MAG_W-1:0] recip, power;
  wire [FB-1:0] neg_ln;
  wire [FB:0] log_ratio, mills;
  // verilator lint_off UNUSEDSIGNAL
  wire [63:0] x;  // all results at the latency of the slowest; small needs fewer bits
  // verilator lint_on UNUSEDSIGNAL
  delay #(.WIDTH(64), .DEPTH(LATE)) u_delay (.clk_i, .en_i, .data_i(x_i), .data_o(x));
  pl_rom_recip #(.PROFILE(PROFILE)) u_recip (.clk_i, .en_i, .x_i(x[MAG_W-1:0]), .recip_o(recip));
  pl_rom_neg_ln #(.PROFILE(PROFILE)) u_ln (.clk_i, .en_i, .m_i(x[W-2:0]), .neg_ln_o(neg_ln));
  pl_rom_log_ratio #(.PROFILE(PROFILE)) u_near (.clk_i, .en_i, .x_i(x[W-1:0]), .ratio_o(log_ratio));
  pl_rom_exp2_neg #(.PROFILE(PROFILE)) u_exp2 (.clk_i, .en_i, .y_i(x[W+9:0]), .power_o(power));
  pl_rom_mills #(.PROFILE(PROFILE)) u_mills (.clk_i, .en_i, .z_i(x_i[W:0]), .mills_o(mills));
  assign recip_o = 64'(recip);
  assign neg_ln_o = 64'(neg_ln);
  assign log_ratio_o = 64'(log_ratio);
  assign exp2_neg_o = 64'(power);
  assign mills_o = 64'(mills);
endmodule

`default_nettype wire

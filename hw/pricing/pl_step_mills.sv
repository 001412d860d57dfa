// M(|a|) and M(b). Q1.FB widened to Q2.(R-2).
//
// Latency: pl_pricing_pkg::mills(PROFILE) cycles.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: step_mills() in host/model/pricing.c.
`default_nettype none

module pl_step_mills #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int R = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_R
                                                      : pl_tables_pkg::SMALL_R,
    parameter int FB = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_FB
                                                       : pl_tables_pkg::SMALL_FB
) (
    input  wire          clk_i,
    input  wire          en_i,
    input  wire  [W-1:0] a_abs_i,    // Q5.XB
    input  wire  [  W:0] b_i,        // Q6.XB
    output logic [R-1:0] mills_a_o,
    output logic [R-1:0] mills_b_o
);
  wire [FB:0] mills_a, mills_b;
  pl_rom_mills #(.PROFILE(PROFILE)) u_a (.clk_i, .en_i, .z_i({1'b0, a_abs_i}), .mills_o(mills_a));
  pl_rom_mills #(.PROFILE(PROFILE)) u_b (.clk_i, .en_i, .z_i(b_i), .mills_o(mills_b));
  assign mills_a_o = R'(mills_a) << (R - 2 - FB);
  assign mills_b_o = R'(mills_b) << (R - 2 - FB);

  if (pl_pricing_pkg::mills(PROFILE) != pl_pricing_pkg::rom_mills(PROFILE))
    $error("pl_step_mills: latency");

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_mills: profile");
endmodule

`default_nettype wire

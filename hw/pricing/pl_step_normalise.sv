// Prices as mags (exact: they have at most W bits), their order, and the exact gap.
//
// Latency: pl_pricing_pkg::NORMALISE = 3 cycles: order and gap, leading zeros, shift.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: step_normalise() in host/model/pricing.c.
`default_nettype none

module pl_step_normalise #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int E_W = pl_pricing_pkg::E_W,
    parameter int MAG_W = E_W + W
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [    W-1:0] forward_i,      // price units
    input  wire  [    W-1:0] strike_i,
    output logic [MAG_W-1:0] forward_o,
    output logic [MAG_W-1:0] strike_o,
    output logic [MAG_W-1:0] low_o,          // min(F, K)
    output logic [MAG_W-1:0] gap_o,          // |F - K|
    output logic             forward_high_o  // F >= K
);
  wire [W:0] over = {1'b0, forward_i} - {1'b0, strike_i};
  wire [W-1:0] under = strike_i - forward_i;
  logic [W-1:0] forward_q, strike_q, gap_q;
  logic high_q, high_qq;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      forward_q <= forward_i;
      strike_q <= strike_i;
      gap_q <= over[W] ? under : over[W-1:0];
      high_q <= !over[W];
      high_qq <= high_q;
      forward_high_o <= high_qq;
    end
  end

  pl_mag_normalise #(.IN_W(W), .W(W)) u_forward (
      .clk_i, .en_i, .v_i(forward_q), .point_i('0), .mag_o(forward_o)
  );
  pl_mag_normalise #(.IN_W(W), .W(W)) u_strike (
      .clk_i, .en_i, .v_i(strike_q), .point_i('0), .mag_o(strike_o)
  );
  pl_mag_normalise #(.IN_W(W), .W(W)) u_gap (
      .clk_i, .en_i, .v_i(gap_q), .point_i('0), .mag_o(gap_o)
  );
  assign low_o = forward_high_o ? strike_o : forward_o;

  if (pl_pricing_pkg::NORMALISE != 1 + pl_pricing_pkg::NORM) $error("pl_step_normalise: latency");

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_normalise: profile");
endmodule

`default_nettype wire

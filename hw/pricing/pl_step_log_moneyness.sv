// 1/F and |ln(K/F)|. Near the money, |z| < 2^-4 with z = K/F - 1, the latter is |z| (ln(1+z)/z)
// with z from the exact gap, otherwise from the quotient K/F; both ways meet in one normaliser.
//
// Latency: pl_pricing_pkg::log_moneyness(PROFILE) cycles.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: step_log_moneyness() in host/model/pricing.c.
`default_nettype none

module pl_step_log_moneyness #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int FB = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_FB
                                                       : pl_tables_pkg::SMALL_FB,
    parameter int E_W = pl_pricing_pkg::E_W,
    parameter int MAG_W = E_W + W
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [MAG_W-1:0] forward_i,
    input  wire  [MAG_W-1:0] strike_i,
    input  wire  [MAG_W-1:0] gap_i,
    input  wire              forward_high_i,
    output logic [MAG_W-1:0] recip_forward_o,
    output logic [MAG_W-1:0] log_moneyness_o
);
  localparam int ROM = pl_pricing_pkg::rom(PROFILE);
  localparam int MUL = pl_pricing_pkg::MUL;
  localparam int MAG_MUL = pl_pricing_pkg::MAG_MUL;
  localparam int NORM = pl_pricing_pkg::NORM;
  localparam int RANGE = pl_pricing_pkg::NEAR_LOG2_RANGE;
  localparam int WIDE = pl_pricing_pkg::tile_wide(PROFILE);
  localparam int NARROW = pl_pricing_pkg::TILE_NARROW;
  localparam int V_W = FB + 6;  // of the far logarithm; the near product has W + 1

  // 1/F, then z = gap/F and q = K/F.
  wire [MAG_W-1:0] recip, strike, gap, z, q;
  wire high;
  pl_rom_recip #(.PROFILE(PROFILE)) u_recip (.clk_i, .en_i, .x_i(forward_i), .recip_o(recip));
  delay #(.WIDTH(MAG_W), .DEPTH(ROM)) u_strike_delay (
      .clk_i, .en_i, .data_i(strike_i), .data_o(strike)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(ROM)) u_gap_delay (.clk_i, .en_i, .data_i(gap_i), .data_o(gap));
  delay #(.WIDTH(1), .DEPTH(ROM + MAG_MUL + 2)) u_high_delay (
      .clk_i, .en_i, .data_i(forward_high_i), .data_o(high)
  );
  pl_mag_mul #(.PROFILE(PROFILE)) u_z (.clk_i, .en_i, .x_i(gap), .y_i(recip), .product_o(z));
  pl_mag_mul #(.PROFILE(PROFILE)) u_q (.clk_i, .en_i, .x_i(strike), .y_i(recip), .product_o(q));
  delay #(.WIDTH(MAG_W), .DEPTH(MAG_MUL + 3 + ROM + MUL + 1 + NORM)) u_recip_delay (
      .clk_i, .en_i, .data_i(recip), .data_o(recip_forward_o)
  );

  // The argument of ln(1+z)/z: x = 1/2 +- 8 |z|, Q0.W.
  wire [E_W-1:0] z_e = z[W+:E_W];
  wire near = !z[W-1] || $signed(z_e) <= $signed(E_W'(-RANGE));
  wire [E_W-1:0] near_down = E_W'(1 - RANGE) - z_e;  // 1..47 where near and z is not 0
  logic near_q;
  logic [5:0] down_q;
  logic [W-1:0] z_q, z8_q, x_q;
  wire [W-1:0] middle = W'(1) << (W - 1);
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      near_q <= near;
      down_q <= near ? near_down[5:0] : 6'd1;
      z_q <= z[W-1:0];
      z8_q <= z_q >> down_q;
      x_q <= high ? middle - z8_q : middle + z8_q;
    end
  end

  // p = z.m g, Q1.W.
  wire [FB:0] g;
  wire [W-1:0] z_m;
  wire [W:0] p;
  pl_rom_log_ratio #(.PROFILE(PROFILE)) u_ratio (.clk_i, .en_i, .x_i(x_q), .ratio_o(g));
  delay #(.WIDTH(W), .DEPTH(2 + ROM)) u_z_m_delay (.clk_i, .en_i, .data_i(z_q), .data_o(z_m));
  mul_tiled #(.X_W(FB + 1), .Y_W(W), .SHIFT(FB), .WIDE(WIDE), .NARROW(NARROW), .SHARE(pl_pricing_pkg::TILE_SHARE)) u_p (
      .clk_i, .en_i, .x_i(g), .y_i(z_m), .p_o(p)
  );

  // The far way, and the choice.
  wire [V_W-1:0] far_early, far;
  wire near_late;
  wire [E_W-1:0] z_e_late;
  pl_step_log_far #(.PROFILE(PROFILE)) u_far (.clk_i, .en_i, .q_i(q), .far_o(far_early));
  delay #(.WIDTH(V_W), .DEPTH(1 + MUL)) u_far_delay (
      .clk_i, .en_i, .data_i(far_early), .data_o(far)
  );
  delay #(.WIDTH(1), .DEPTH(2 + ROM + MUL)) u_near_delay (
      .clk_i, .en_i, .data_i(near_q), .data_o(near_late)
  );
  delay #(.WIDTH(E_W), .DEPTH(3 + ROM + MUL)) u_z_e_delay (
      .clk_i, .en_i, .data_i(z_e), .data_o(z_e_late)
  );
  logic [V_W-1:0] v_q;
  logic [E_W-1:0] point_q;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      v_q <= near_late ? V_W'(p) : far;
      point_q <= near_late ? E_W'(W) - z_e_late : E_W'(FB);
    end
  end
  pl_mag_normalise #(.IN_W(V_W), .W(W)) u_ln (
      .clk_i, .en_i, .v_i(v_q), .point_i(point_q), .mag_o(log_moneyness_o)
  );

  // verilator lint_off UNUSEDSIGNAL
  wire unused = &near_down[E_W-1:6];
  // verilator lint_on UNUSEDSIGNAL
  if (mul_tiled_pkg::latency(FB + 1, W, WIDE, NARROW) != MUL)
    $error("pl_step_log_moneyness: tiles");
  if (pl_pricing_pkg::log_moneyness(PROFILE) != ROM + MAG_MUL + 3 + ROM + MUL + 1 + NORM)
    $error("pl_step_log_moneyness: latency");

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_log_moneyness: profile");
endmodule

`default_nettype wire

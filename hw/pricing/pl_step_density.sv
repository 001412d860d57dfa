// n(a) = 2^-(a^2 log2(e)/2 + log2(sqrt(2 pi))), 0 where settled. a is normalised first, so that the
// exponent's error is relative: |a| = 2^(5-k) * Q0.W, y in Q10.W.
//
// Latency: pl_pricing_pkg::density(PROFILE) cycles.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: step_density() in host/model/pricing.c.
`default_nettype none

module pl_step_density #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int R = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_R
                                                      : pl_tables_pkg::SMALL_R,
    parameter int E_W = pl_pricing_pkg::E_W,
    parameter int MAG_W = E_W + W
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [    W-1:0] a_abs_i,    // Q5.XB
    input  wire              settled_i,
    output logic [MAG_W-1:0] density_o
);
  localparam int ROM = pl_pricing_pkg::rom(PROFILE);
  localparam int MUL = pl_pricing_pkg::MUL;
  localparam int NORM = pl_pricing_pkg::NORM;
  localparam int Z = pl_pricing_pkg::Z_INTEGER_BITS;
  localparam int WIDE = pl_pricing_pkg::tile_wide(PROFILE);
  localparam int NARROW = pl_pricing_pkg::TILE_NARROW;
  localparam int Y_W = W + 2 * Z;  // Q10.W
  localparam logic [R-1:0] HALF_LOG2E = PROFILE == pl_pricing_pkg::FULL ?
      R'(pl_tables_pkg::FULL_HALF_LOG2E) : R'(pl_tables_pkg::SMALL_HALF_LOG2E);
  localparam logic [Y_W-1:0] LOG2_SQRT_2PI = PROFILE == pl_pricing_pkg::FULL ?
      Y_W'(pl_tables_pkg::FULL_LOG2_SQRT_2PI) : Y_W'(pl_tables_pkg::SMALL_LOG2_SQRT_2PI);

  wire [MAG_W-1:0] z;
  wire [W-1:0] square, y;  // Q0.W; y times 2^(10-2k)
  pl_mag_normalise #(.IN_W(W), .W(W)) u_a (
      .clk_i, .en_i, .v_i(a_abs_i), .point_i(E_W'(W - Z)), .mag_o(z)
  );
  mul_tiled #(.X_W(W), .Y_W(W), .SHIFT(W), .WIDE(WIDE), .NARROW(NARROW), .SHARE(pl_pricing_pkg::TILE_SHARE)) u_square (
      .clk_i, .en_i, .x_i(z[W-1:0]), .y_i(z[W-1:0]), .p_o(square)
  );
  mul_tiled #(.X_W(W), .Y_W(R), .SHIFT(R), .WIDE(WIDE), .NARROW(NARROW), .SHARE(pl_pricing_pkg::TILE_SHARE)) u_exponent (
      .clk_i, .en_i, .x_i(square), .y_i(HALF_LOG2E), .p_o(y)
  );
  wire [E_W-1:0] k = E_W'(Z) - z[W+:E_W];  // 0..W; of no meaning for a = 0
  wire [5:0] k_late;
  delay #(.WIDTH(6), .DEPTH(2 * MUL)) u_k_delay (.clk_i, .en_i, .data_i(k[5:0]), .data_o(k_late));

  logic [Y_W-1:0] y_fixed_q, exponent_q;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      y_fixed_q  <= {y, (2 * Z)'(0)} >> {k_late, 1'b0};
      exponent_q <= y_fixed_q + LOG2_SQRT_2PI;
    end
  end

  wire [MAG_W-1:0] power;
  wire settled;
  pl_rom_exp2_neg #(.PROFILE(PROFILE)) u_exp2 (.clk_i, .en_i, .y_i(exponent_q), .power_o(power));
  delay #(.WIDTH(1), .DEPTH(NORM + 2 * MUL + 2 + ROM)) u_settled_delay (
      .clk_i, .en_i, .data_i(settled_i), .data_o(settled)
  );
  assign density_o = settled ? '0 : power;

  // verilator lint_off UNUSEDSIGNAL
  wire unused = &k[E_W-1:6];
  // verilator lint_on UNUSEDSIGNAL
  if (mul_tiled_pkg::latency(W, W, WIDE, NARROW) != MUL) $error("pl_step_density: tiles");
  if (pl_pricing_pkg::density(PROFILE) != NORM + 2 * MUL + 2 + ROM)
    $error("pl_step_density: latency");

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_density: profile");
endmodule

`default_nettype wire

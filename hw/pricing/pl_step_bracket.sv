// The out-of-the-money value per unit of low * D: n(a) (M(a) - M(b)), or 1 - n(a) (M(|a|) + M(b))
// for negative a; difference and rest are at least 0.
//
// mills_a_i, mills_b_i and a_negative_i are due one cycle before density_i.
// Latency: pl_pricing_pkg::BRACKET = 9 cycles after density_i.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: step_bracket() in host/model/pricing.c.
`default_nettype none

module pl_step_bracket #(
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
    input  wire  [    R-1:0] mills_a_i,     // Q2.(R-2)
    input  wire  [    R-1:0] mills_b_i,
    input  wire              a_negative_i,
    input  wire  [MAG_W-1:0] density_i,
    output logic [MAG_W-1:0] bracket_o
);
  localparam int MUL = pl_pricing_pkg::MUL;
  localparam int WIDE = pl_pricing_pkg::tile_wide(PROFILE);
  localparam int NARROW = pl_pricing_pkg::TILE_NARROW;

  wire [R:0] difference = {1'b0, mills_a_i} - {1'b0, mills_b_i};
  logic [R-1:0] m_q;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      if (a_negative_i) m_q <= mills_a_i + mills_b_i;
      else m_q <= difference[R] ? '0 : difference[R-1:0];
    end
  end

  wire [W:0] p;  // Q1.(W-1) times 2^e of the density
  wire negative;
  wire [E_W-1:0] e;
  mul_tiled #(.X_W(W), .Y_W(R), .SHIFT(R - 1), .WIDE(WIDE), .NARROW(NARROW), .SHARE(pl_pricing_pkg::TILE_SHARE)) u_p (
      .clk_i, .en_i, .x_i(density_i[W-1:0]), .y_i(m_q), .p_o(p)
  );
  delay #(.WIDTH(1), .DEPTH(MUL + 1)) u_negative_delay (
      .clk_i, .en_i, .data_i(a_negative_i), .data_o(negative)
  );
  delay #(.WIDTH(E_W), .DEPTH(MUL)) u_e_delay (
      .clk_i, .en_i, .data_i(density_i[W+:E_W]), .data_o(e)
  );

  logic [W:0] p_q, tail_q, v_q;
  logic negative_q;
  logic [E_W-1:0] point_q, point_qq;
  wire [E_W-1:0] down = -e;  // 0..742
  wire [W+1:0] rest = {2'b0, 1'b1, (W - 1)'(0)} - {1'b0, tail_q};
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      p_q <= p;
      tail_q <= |down[E_W-1:6] ? '0 : p >> down[5:0];
      negative_q <= negative;
      point_q <= negative ? E_W'(W - 1) : E_W'(W - 1) - e;

      v_q <= !negative_q ? p_q : rest[W+1] ? '0 : rest[W:0];
      point_qq <= point_q;
    end
  end
  pl_mag_normalise #(.IN_W(W + 1), .W(W)) u_bracket (
      .clk_i, .en_i, .v_i(v_q), .point_i(point_qq), .mag_o(bracket_o)
  );

  if (mul_tiled_pkg::latency(W, R, WIDE, NARROW) != MUL) $error("pl_step_bracket: tiles");
  if (pl_pricing_pkg::BRACKET != MUL + 2 + pl_pricing_pkg::NORM) $error("pl_step_bracket: latency");

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_bracket: profile");
endmodule

`default_nettype wire

// u = |ln(K/F)| / s and s/2 as Q5.XB, floored; |a| = |u - s/2|, b = u + s/2. XB = W - 5.
//
// settled: s = 0 or u >= 32; a and b are then 0.
// Latency: pl_pricing_pkg::DISTANCE = 9 cycles.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: step_distance() in host/model/pricing.c.
`default_nettype none

module pl_step_distance #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int E_W = pl_pricing_pkg::E_W,
    parameter int MAG_W = E_W + W
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [MAG_W-1:0] log_moneyness_i,
    input  wire  [MAG_W-1:0] total_vol_i,
    input  wire  [MAG_W-1:0] recip_vol_i,
    output logic [    W-1:0] a_abs_o,          // Q5.XB
    output logic [      W:0] b_o,              // Q6.XB
    output logic             a_negative_o,
    output logic             settled_o
);
  localparam int MAG_MUL = pl_pricing_pkg::MAG_MUL;
  localparam int Z = pl_pricing_pkg::Z_INTEGER_BITS;

  wire [MAG_W-1:0] u, total;
  pl_mag_mul #(.PROFILE(PROFILE)) u_u (
      .clk_i, .en_i, .x_i(log_moneyness_i), .y_i(recip_vol_i), .product_o(u)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(MAG_MUL)) u_total_delay (
      .clk_i, .en_i, .data_i(total_vol_i), .data_o(total)
  );

  wire [E_W-1:0] u_down = E_W'(Z) - u[W+:E_W];  // negative only where settled
  wire [E_W-1:0] s_down = E_W'(Z + 1) - total[W+:E_W];
  logic settled_q, settled_qq, u_keep_q, s_keep_q;
  logic [5:0] u_down_q, s_down_q;
  logic [W-1:0] u_q, s_q, u_fixed_q, half_s_q;
  wire [W:0] difference = {1'b0, u_fixed_q} - {1'b0, half_s_q};
  wire [W-1:0] reverse = half_s_q - u_fixed_q;
  wire settled = !total[W-1] || (u[W-1] && u_down[E_W-1]);
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      settled_q <= settled;
      u_keep_q <= !settled && u_down[E_W-1:6] == '0;
      s_keep_q <= !settled && s_down[E_W-1:6] == '0;
      u_down_q <= u_down[5:0];
      s_down_q <= s_down[5:0];
      u_q <= u[W-1:0];
      s_q <= total[W-1:0];

      settled_qq <= settled_q;
      u_fixed_q <= u_keep_q ? u_q >> u_down_q : '0;
      half_s_q <= s_keep_q ? s_q >> s_down_q : '0;

      settled_o <= settled_qq;
      a_negative_o <= difference[W];
      a_abs_o <= difference[W] ? reverse : difference[W-1:0];
      b_o <= {1'b0, u_fixed_q} + {1'b0, half_s_q};
    end
  end

  if (pl_pricing_pkg::DISTANCE != MAG_MUL + 3) $error("pl_step_distance: latency");

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_distance: profile");
endmodule

`default_nettype wire

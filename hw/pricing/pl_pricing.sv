// The option-pricing engine: discounted Black-76 and its Greeks, one evaluation per cycle.
//
// Inputs with valid_i come out with valid_o, and with their tag, DEPTH enabled cycles later:
// 120 for full, 93 for small (pl_pricing_pkg::depth(PROFILE)). Throughput 1 per cycle.
// |ln(K/F)| comes out on the way, pl_pricing_pkg::t_distance(PROFILE) enabled cycles after the input.
// Stall: en_i = 0 holds everything, inputs are then not taken. Reset clears only the valid bits.
// Errors: flags bit 0 (DOMAIN, all other outputs 0) and bit 1 (SATURATED value), never a stall.
// Reference: pl_black() in host/model/pricing.c; all outputs are equal to it bit for bit. Its
// reals come in with 13-bit exponents; what does not fit must be handed in as out of domain.
`default_nettype none

module pl_pricing #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int TAG_W = 16,
    localparam int LOG_W = pl_pricing_pkg::E_W + (PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                                                  : pl_tables_pkg::SMALL_W)
) (
    input  wire                           clk_i,
    input  wire                           rst_ni,
    input  wire                           en_i,
    input  wire                           valid_i,
    input  wire  [             TAG_W-1:0] tag_i,
    input  wire  pl_pricing_pkg::pl_price_in_t in_i,
    output logic [             LOG_W-1:0] log_moneyness_o,  // |ln(K/F)|, a mag
    output logic                          log_high_o,       // F >= K
    output logic                          valid_o,
    output logic [             TAG_W-1:0] tag_o,
    output pl_pricing_pkg::pl_price_out_t out_o
);
  localparam int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                     : pl_tables_pkg::SMALL_W;
  localparam int R = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_R
                                                     : pl_tables_pkg::SMALL_R;
  localparam int E_W = pl_pricing_pkg::E_W;
  localparam int MAG_W = E_W + W;
  localparam int REAL_W = E_W + R;
  localparam int T_BRACKET = pl_pricing_pkg::t_bracket(PROFILE);
  localparam int T_VALUE = pl_pricing_pkg::t_otm(PROFILE) + pl_pricing_pkg::VALUE;
  localparam int DEPTH = pl_pricing_pkg::depth(PROFILE);

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_pricing: profile");
  if (DEPTH != pl_pricing_pkg::t_greeks(PROFILE) + pl_pricing_pkg::GREEKS + 1)
    $error("pl_pricing: depth");

  // A real as a right operand: its exponent and R leading bits. In domain the exponent fits.
  wire [REAL_W-1:0] sqrt_t = {in_i.sqrt_t.e[E_W-1:0], in_i.sqrt_t.m[51-:R]};
  wire [REAL_W-1:0] half_inv_sqrt_t =
      {in_i.half_inv_sqrt_t.e[E_W-1:0], in_i.half_inv_sqrt_t.m[51-:R]};
  wire [REAL_W-1:0] discount = {in_i.discount.e[E_W-1:0], in_i.discount.m[51-:R]};
  wire [REAL_W-1:0] years = {in_i.years.e[E_W-1:0], in_i.years.m[51-:R]};

  // Control: valid, tag, domain.
  logic [DEPTH-1:0] valid_q;
  logic ok_q;
  wire ok, ok_late;
  pl_domain #(.PROFILE(PROFILE)) u_domain (
      .forward_i(in_i.forward), .strike_i(in_i.strike), .sqrt_t_i(in_i.sqrt_t),
      .half_inv_sqrt_t_i(in_i.half_inv_sqrt_t), .discount_i(in_i.discount), .years_i(in_i.years),
      .ok_o(ok)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (en_i) valid_q <= {valid_q[DEPTH-2:0], valid_i};
  end
  always_ff @(posedge clk_i) begin
    if (en_i) ok_q <= ok;
  end
  assign valid_o = valid_q[DEPTH-1];
  delay #(.WIDTH(TAG_W), .DEPTH(DEPTH)) u_tag_delay (.clk_i, .en_i, .data_i(tag_i), .data_o(tag_o));
  delay #(.WIDTH(1), .DEPTH(DEPTH - 2)) u_ok_delay (.clk_i, .en_i, .data_i(ok_q), .data_o(ok_late));

  // The value
  wire [MAG_W-1:0] strike, recip_forward, vol, recip_vol, density, low_discounted, otm, parity;
  wire [W-1:0] a_abs;
  wire [W:0] b;
  wire [R-1:0] mills_a, mills_b;
  wire high, vol_saturated, a_negative, saturated, saturated_late;
  wire [63:0] value, value_late;
  pl_price_core #(.PROFILE(PROFILE)) u_core (
      .clk_i, .en_i, .forward_i(in_i.forward[W-1:0]), .strike_i(in_i.strike[W-1:0]),
      .vol_q45_i(in_i.vol_q45), .is_call_i(in_i.is_call), .sqrt_t_i(sqrt_t),
      .discount_i(discount), .log_moneyness_o, .log_high_o, .strike_o(strike), .forward_high_o(high),
      .recip_forward_o(recip_forward), .vol_o(vol), .recip_vol_o(recip_vol),
      .vol_saturated_o(vol_saturated), .a_abs_o(a_abs), .b_o(b), .a_negative_o(a_negative),
      .mills_a_o(mills_a), .mills_b_o(mills_b), .density_o(density),
      .low_discounted_o(low_discounted), .otm_o(otm), .parity_o(parity), .value_o(value),
      .saturated_o(saturated)
  );
  delay #(.WIDTH(65), .DEPTH(DEPTH - 1 - T_VALUE)) u_value_delay (
      .clk_i, .en_i, .data_i({value, saturated}), .data_o({value_late, saturated_late})
  );

  // The Greeks
  wire [REAL_W-1:0] sqrt_t_late, half_inv_late, discount_late, years_late;
  wire [63:0] rate_late;
  wire call_late;
  delay #(.WIDTH(4 * REAL_W + 65), .DEPTH(T_BRACKET)) u_expiry_delay (
      .clk_i, .en_i,
      .data_i({sqrt_t, half_inv_sqrt_t, discount, years, in_i.rate_q48, in_i.is_call}),
      .data_o({sqrt_t_late, half_inv_late, discount_late, years_late, rate_late, call_late})
  );
  wire [MAG_W-1:0] delta, rho, theta, theta_decay, gamma, vega, vanna, volga;
  wire side_negative, theta_negative, vanna_negative, volga_negative;
  pl_greeks #(.PROFILE(PROFILE)) u_greeks (
      .clk_i, .en_i, .low_discounted_i(low_discounted), .density_i(density),
      .recip_forward_i(recip_forward), .recip_vol_i(recip_vol), .vol_i(vol),
      .vol_saturated_i(vol_saturated), .a_abs_i(a_abs), .b_i(b), .a_negative_i(a_negative),
      .mills_a_i(mills_a), .mills_b_i(mills_b), .strike_i(strike), .forward_high_i(high),
      .is_call_i(call_late), .sqrt_t_i(sqrt_t_late), .half_inv_sqrt_t_i(half_inv_late),
      .discount_i(discount_late), .years_i(years_late), .rate_q48_i(rate_late), .otm_i(otm),
      .parity_i(parity), .delta_o(delta), .rho_o(rho), .theta_o(theta),
      .theta_decay_o(theta_decay), .gamma_o(gamma), .vega_o(vega), .vanna_o(vanna),
      .volga_o(volga), .side_negative_o(side_negative), .theta_negative_o(theta_negative),
      .vanna_negative_o(vanna_negative), .volga_negative_o(volga_negative)
  );

  // A mag as a signed real: 0 has neither sign nor exponent.
  function automatic logic [64:0] to_real(input logic [MAG_W-1:0] x, input logic negative);
    to_real = {negative, x[W+:E_W], 52'(x[W-1:0]) << (52 - W)} & {65{x[W-1]}};
  endfunction
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      out_o.value <= ok_late ? value_late : '0;
      out_o.delta <= ok_late ? to_real(delta, side_negative) : '0;
      out_o.gamma <= ok_late ? to_real(gamma, 1'b0) : '0;
      out_o.vega <= ok_late ? to_real(vega, 1'b0) : '0;
      out_o.theta <= ok_late ? to_real(theta, theta_negative) : '0;
      out_o.theta_decay <= ok_late ? to_real(theta_decay, 1'b1) : '0;
      out_o.rho <= ok_late ? to_real(rho, side_negative) : '0;
      out_o.vanna <= ok_late ? to_real(vanna, vanna_negative) : '0;
      out_o.volga <= ok_late ? to_real(volga, volga_negative) : '0;
      out_o.flags <= {ok_late && saturated_late, !ok_late};
    end
  end

  // What comes out: a zero value field above the limit, all zero but the flag when out of domain.
`ifndef SYNTHESIS
  localparam int VALUE_BITS = PROFILE == pl_pricing_pkg::FULL ? 51 : 35;
  always_ff @(posedge clk_i) begin
    if (rst_ni && valid_o) begin
      assert (out_o.value[63:VALUE_BITS] == '0);
      assert (!out_o.flags[0] || (out_o[$bits(out_o)-3:0] == '0 && !out_o.flags[1]));
    end
  end
`endif
endmodule

`default_nettype wire

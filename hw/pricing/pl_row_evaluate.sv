// One evaluation per cycle: shocks the row's forward and vol, prices, and hands on what comes out.
//
// An evaluation that enters with op_valid_i comes out at the result_* ports shocked_forward(PROFILE) + depth(PROFILE) + 3 (of
// pl_pricing_pkg) enabled cycles later, all kinds of rows alike. On the way: |ln(K/F)| of an option's base evaluation (log_*),
// and price times unit (early_*): the base of a linear or inverse row, or the gross value where op_i.gross is set.
// A scenario of an inverse row has the value of its base; what comes out (result_coin_o) is its coin leg, the base under the
// scenario's shock, for the orders. It must follow the base's early_valid_o.
// The words of a row are taken with row_valid_i, or before its first evaluation is shocked: its discount with discount_valid_i.
// The skew multipliers come with skew_valid_i, before the first scenario that has a skew.
// Stall: en_i = 0 holds everything. Errors: domain and saturation come out with the value, as flags.
// Reference: shocked_option(), shocked_value() and price_entry() in host/model/row.c.
`default_nettype none

module pl_row_evaluate #(
    parameter  int PROFILE = pl_pricing_pkg::FULL,
    localparam int BITS = pl_pricing_pkg::row_bits(PROFILE),
    localparam int LOG_W = pl_pricing_pkg::E_W + (PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                                                  : pl_tables_pkg::SMALL_W)
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          step_i,
    input  wire          en_i,
    input  wire          row_valid_i,
    input  wire  [  3:0] row_slot_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire pl_pricing_pkg::pl_row_head_t       row_i,
    input  wire pl_pricing_pkg::pl_row_instrument_t instrument_i,
    input  wire pl_pricing_pkg::pl_row_vol_t        vol_i,
    input  wire pl_pricing_pkg::pl_row_price_t      price_i,
    input  wire pl_pricing_pkg::pl_row_time_t       time_i,
    input  wire pl_pricing_pkg::pl_row_shift_t      shift_i,
    input  wire pl_pricing_pkg::pl_row_underlying_t underlying_i,
    input  wire          discount_valid_i,
    input  wire  [  3:0] discount_slot_i,
    input  wire  [ 64:0] discount_i,                // pl_pricing_pkg::pl_ureal_t
    input  wire          skew_valid_i,
    input  wire  [  3:0] skew_slot_i,
    input  wire  [ 57:0] skew_linear_i,
    input  wire  [ 51:0] skew_abs_i,
    input  wire          op_valid_i,
    input  wire pl_pricing_pkg::pl_row_op_t         op_i,
    output logic [  9:0] scenario_address_o,
    input  wire pl_pricing_pkg::pl_row_scenario_t   scenario_i,
    // verilator lint_on UNUSEDSIGNAL

    output logic             log_valid_o,
    output logic [      3:0] log_slot_o,
    output logic [LOG_W-1:0] log_moneyness_o,
    output logic             log_high_o,
    output logic             early_valid_o,
    output logic             early_gross_o,
    output logic [      3:0] early_slot_o,
    output logic [ BITS-1:0] early_magnitude_o,
    output logic             early_saturated_o,
    output logic             result_valid_o,
    output logic             result_option_o,
    output logic [      3:0] result_slot_o,
    output logic [      5:0] result_z_o,
    output logic [      3:0] result_table_o,
    output logic             result_negative_o,
    output logic [ BITS+5:0] result_magnitude_o,
    output logic             result_coin_o,
    output logic             result_domain_o,
    output logic             result_saturated_o,
    output pl_pricing_pkg::pl_price_out_t result_greeks_o  // of an option
);
  localparam int SLOTS = pl_pricing_pkg::SLOTS;
  localparam int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W : pl_tables_pkg::SMALL_W;
  localparam int M_W = BITS + 6;  // a value, or a coin leg under the largest shock
  localparam int OP_W = pl_pricing_pkg::ROW_OP_BITS;
  localparam int FORWARD = pl_pricing_pkg::shocked_forward(PROFILE);
  localparam int VOL = pl_pricing_pkg::shocked_vol(PROFILE) + 1;
  localparam int DEPTH = pl_pricing_pkg::depth(PROFILE);
  localparam int LOG = pl_pricing_pkg::t_distance(PROFILE);
  localparam int PRICE = pl_pricing_pkg::ROW_PRICE;
  localparam logic [46:0] ONE = 47'd1 << pl_abi_pkg::PL_COEFFICIENT_BITS;

  // The words of the rows under way: for the shocks, for the pricing, skews.
  localparam int SHOCK_W = 47 + 47 + 57 + 41 + 52 + 48 + 41 + W + 1;
  localparam int WORDS_W = 64 + 3 * 65 + 65 + 1 + W + W + 2;
  logic [SHOCK_W-1:0] shock_words[SLOTS];
  logic [WORDS_W-1:0] price_words[SLOTS];
  logic [64:0] discounts[SLOTS];
  logic [109:0] skew_words[SLOTS];
  logic [BITS-1:0] coins[SLOTS];  // the base of an inverse row
  function automatic logic [64:0] unpack(input logic [63:0] word);  // a real of 13 bits of exponent
    unpack = {word[63], word};
  endfunction
  always_ff @(posedge clk_i) begin
    if (row_valid_i)
      shock_words[row_slot_i] <= {
        underlying_i.basis_up, underlying_i.basis_down, underlying_i.vol_floor, shift_i.vol_down, shift_i.vol_up,
        vol_i.vol, time_i.moving, price_i.forward[W-1:0], row_i.inverse
      };
  end
  always_ff @(posedge clk_i) begin
    if (row_valid_i)
      price_words[row_slot_i] <= {
        price_i.rate, unpack(time_i.years), unpack(time_i.half_inv_sqrt_t), unpack(time_i.sqrt_t),
        unpack(instrument_i.unit), instrument_i.is_call, instrument_i.strike[W-1:0], price_i.index_price[W-1:0],
        row_i.option, row_i.inverse
      };
  end
  always_ff @(posedge clk_i) begin
    if (skew_valid_i) skew_words[skew_slot_i] <= {skew_linear_i, skew_abs_i};
  end
  always_ff @(posedge clk_i) if (discount_valid_i) discounts[discount_slot_i] <= discount_i;
  always_ff @(posedge clk_i) if (early_valid_o && !early_gross_o) coins[early_slot_o] <= early_magnitude_o;

  // 1: the scenario is read.
  logic op_valid_q;
  // verilator lint_off UNUSEDSIGNAL
  pl_pricing_pkg::pl_row_op_t op_q;
  // verilator lint_on UNUSEDSIGNAL
  logic [OP_W-1:0] op_bits_q;
  assign op_q = op_bits_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) op_valid_q <= 1'b0;
    else if (en_i) op_valid_q <= op_valid_i;
  end
  always_ff @(posedge clk_i) if (en_i) op_bits_q <= op_i;
  assign scenario_address_o = {op_i.scenario_table, 6'(op_i.z - 6'(pl_pricing_pkg::Z_SCENARIO))};

  // 2: with the row's words, the shocks.
  logic [46:0] basis_up, basis_down, shock_q;
  logic [56:0] vol_floor, floor_q;
  logic [40:0] vol_down, moving, moving_q;
  logic [51:0] vol_up, multiplier_q, skew_linear, skew_abs;
  logic [5:0] skew_over, over_q;  // of the linear skew, from bit 52 on
  logic [47:0] vol, vol_q;
  logic [W-1:0] forward;
  logic [BITS-1:0] forward_q;
  logic inverse, floored_q;
  assign {basis_up, basis_down, vol_floor, vol_down, vol_up, vol, moving, forward, inverse} = shock_words[op_q.slot];
  assign {skew_over, skew_linear, skew_abs} = skew_words[op_q.slot];
  wire is_scenario = op_q.z >= 6'(pl_pricing_pkg::Z_SCENARIO);
  logic [51:0] multiplier;
  always_comb begin
    multiplier = 52'(ONE);
    if (is_scenario)
      case (scenario_i.vol_rule)
        pl_abi_pkg::PL_VOL_RULE_UP[2:0]: multiplier = vol_up;
        pl_abi_pkg::PL_VOL_RULE_DOWN[2:0]: multiplier = 52'(vol_down);
        pl_abi_pkg::PL_VOL_RULE_LINEAR[2:0]: multiplier = skew_linear;
        pl_abi_pkg::PL_VOL_RULE_ABS[2:0]: multiplier = skew_abs;
        default: multiplier = 52'(ONE);
      endcase
  end
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      shock_q <= is_scenario ? scenario_i.shock :
                 inverse || op_q.z == 6'(pl_pricing_pkg::Z_BASE) ? ONE :
                 op_q.z == 6'(pl_pricing_pkg::Z_BASIS_UP) ? basis_up : basis_down;
      multiplier_q <= multiplier;
      over_q <= is_scenario && scenario_i.vol_rule == pl_abi_pkg::PL_VOL_RULE_LINEAR[2:0] ? skew_over : '0;
      floored_q <= is_scenario && scenario_i.vol_rule == pl_abi_pkg::PL_VOL_RULE_UP[2:0];
      floor_q <= vol_floor;
      vol_q <= vol;
      moving_q <= moving;
      forward_q <= inverse && is_scenario ? coins[op_q.slot] : BITS'(forward);
    end
  end
  wire [63:0] shocked_forward, shocked_vol_low, shocked_vol;
  wire [51:0] extra;  // vol times what exceeds the 52 bits
  logic [51:0] extra_q, extra_qq;
  logic [63:0] shocked_vol_q;
  pl_row_shocked_forward #(.PROFILE(PROFILE), .W(BITS)) u_forward (
      .clk_i, .en_i, .forward_i(forward_q), .moving_i(moving_q), .shock_i(shock_q), .forward_o(shocked_forward)
  );
  pl_row_shocked_vol #(.PROFILE(PROFILE)) u_vol (
      .clk_i, .en_i, .vol_i(vol_q), .multiplier_i(multiplier_q), .floor_i(64'(floor_q)), .floored_i(floored_q),
      .vol_o(shocked_vol_low)
  );
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      extra_q <= 52'(vol_q * 54'(over_q));
      extra_qq <= extra_q;
    end
  end
  delay #(.WIDTH(52), .DEPTH(VOL - 3)) u_extra (.clk_i, .en_i, .data_i(extra_qq), .data_o(extra));
  always_ff @(posedge clk_i) if (en_i) shocked_vol_q <= shocked_vol_low + {extra, 12'd0};
  delay #(.WIDTH(64), .DEPTH(FORWARD - VOL)) u_vol_delay (.clk_i, .en_i, .data_i(shocked_vol_q), .data_o(shocked_vol));

  // At the pricing: the evaluation, and one cycle before, to read the row's words.
  wire valid;
  wire [OP_W-1:0] early_bits, bits;
  pl_pricing_pkg::pl_row_op_t prior, at;
  assign prior = early_bits;
  assign at = bits;
  logic [FORWARD:0] valid_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (en_i) valid_q <= {valid_q[FORWARD-1:0], op_valid_q};
  end
  assign valid = valid_q[FORWARD];
  delay #(.WIDTH(OP_W), .DEPTH(FORWARD)) u_op (.clk_i, .en_i, .data_i(op_bits_q), .data_o(early_bits));
  delay #(.WIDTH(OP_W), .DEPTH(1)) u_op_last (.clk_i, .en_i, .data_i(early_bits), .data_o(bits));
  logic [WORDS_W-1:0] words_q;
  logic [64:0] discount_q;
  always_ff @(posedge clk_i) if (en_i) words_q <= price_words[prior.slot];
  always_ff @(posedge clk_i) if (en_i) discount_q <= discounts[prior.slot];
  pl_pricing_pkg::pl_price_in_t in;
  logic [W-1:0] index_price, strike;
  logic [64:0] unit, years, half_inv_sqrt_t, sqrt_t;
  logic option, negative;
  assign {in.rate_q48, years, half_inv_sqrt_t, sqrt_t, unit, in.is_call, strike, index_price, option, negative} =
      words_q;
  assign in.years = years;
  assign in.discount = discount_q;
  assign in.half_inv_sqrt_t = half_inv_sqrt_t;
  assign in.sqrt_t = sqrt_t;
  assign in.strike = 64'(strike);
  assign in.forward = shocked_forward;
  assign in.vol_q45 = shocked_vol;

  // The price of an option, its base evaluation's logarithm on the way.
  localparam int TAG_W = 4 + 6 + 4 + 2;
  wire [TAG_W-1:0] tag;
  wire out_valid, out_option, out_negative;
  pl_pricing_pkg::pl_price_out_t out;
  pl_pricing #(.PROFILE(PROFILE), .TAG_W(TAG_W)) u_pricing (
      .clk_i, .rst_ni, .en_i, .valid_i(valid && at.value),
      .tag_i({at.slot, at.z, at.scenario_table, option, negative}),
      .in_i(in), .log_moneyness_o, .log_high_o, .valid_o(out_valid), .tag_o(tag), .out_o(out)
  );
  logic [LOG-1:0] log_valid_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) log_valid_q <= '0;
    else if (en_i) log_valid_q <= {log_valid_q[LOG-2:0], valid && at.value && option && at.z == 6'(pl_pricing_pkg::Z_BASE)};
  end
  assign log_valid_o = log_valid_q[LOG-1] && en_i;
  delay #(.WIDTH(4), .DEPTH(LOG)) u_log_slot (.clk_i, .en_i, .data_i(at.slot), .data_o(log_slot_o));

  // Price times unit.
  wire [W+5:0] multiplicand = at.gross ? (W + 6)'(index_price) : shocked_forward[W+5:0];
  wire coin, coin_early;
  assign coin = negative && at.z >= 6'(pl_pricing_pkg::Z_SCENARIO);
  wire [M_W-1:0] coin_magnitude, late_magnitude;
  wire late_saturated;
  pl_row_price #(.PROFILE(PROFILE)) u_price (
      .clk_i, .en_i, .price_i(multiplicand), .unit_m_i(unit[51:0]), .unit_e_i(unit[64:52]),
      .magnitude_o(early_magnitude_o), .saturated_o(early_saturated_o)
  );
  logic [PRICE-1:0] price_valid_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) price_valid_q <= '0;
    else if (en_i)
      price_valid_q <= {price_valid_q[PRICE-2:0], valid && (at.gross || (!option && at.z == 6'(pl_pricing_pkg::Z_BASE)))};
  end
  assign early_valid_o = price_valid_q[PRICE-1] && en_i;
  delay #(.WIDTH(5), .DEPTH(PRICE)) u_price_slot (
      .clk_i, .en_i, .data_i({at.gross, at.slot}), .data_o({early_gross_o, early_slot_o})
  );
  delay #(.WIDTH(M_W + 1), .DEPTH(PRICE)) u_coin_delay (
      .clk_i, .en_i, .data_i({coin, shocked_forward[M_W-1:0]}), .data_o({coin_early, coin_magnitude})
  );
  delay #(.WIDTH(M_W + 1), .DEPTH(DEPTH - PRICE)) u_price_delay (
      .clk_i, .en_i, .data_i({early_saturated_o && !coin_early, coin_early ? coin_magnitude : M_W'(early_magnitude_o)}),
      .data_o({late_saturated, late_magnitude})
  );

  // What came out.
  wire [3:0] out_slot, out_table;
  wire [5:0] out_z;
  assign {out_slot, out_z, out_table, out_option, out_negative} = tag;
  logic result_valid_q;
  wire out_coin = out_negative && out_z >= 6'(pl_pricing_pkg::Z_SCENARIO);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) result_valid_q <= 1'b0;
    else if (step_i) result_valid_q <= en_i && out_valid;
  end
  assign result_valid_o = result_valid_q && step_i;
  always_ff @(posedge clk_i) begin
    if (step_i) begin
      result_option_o <= out_option;
      result_slot_o <= out_slot;
      result_z_o <= out_z;
      result_table_o <= out_table;
      result_coin_o <= out_coin;
      result_negative_o <= out_negative && !out_coin && late_magnitude != '0;
      result_magnitude_o <= out_option ? M_W'(out.value[BITS-1:0]) : late_magnitude;
      result_domain_o <= out_option && out.flags[0];
      result_saturated_o <= out_option ? out.flags[1] : late_saturated;
      result_greeks_o <= out;
    end
  end

  // verilator lint_off UNUSEDSIGNAL
  wire unused = &{shocked_forward[63:M_W], prior};
  // verilator lint_on UNUSEDSIGNAL
  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL) $error("pl_row_evaluate: PROFILE");
endmodule
`default_nettype wire

// The order columns of a row: the worst loss of one lot bought or sold alone, over its scenarios and the basis values.
//
// Takes every value of a row with result_valid_i, in the order base, scenarios, basis up, basis down; done_valid_o follows the
// last by LATENCY cycles. Throughput one value per cycle, rows without a gap. Columns are read by slot.
// An inverse contract is filled at the mark, and its coin leg moves with the shock: two more scalings, which other rows wait for.
// Half-up scaling is money_scale of the double, floored, plus 1, halved. limited_valid_o: a column of limited_slot_o is the limit.
// No stall, no errors. Reference: order_loss() and fill_orders() in host/model/row.c.
`default_nettype none

module pl_row_orders #(
    parameter  int PROFILE = pl_pricing_pkg::FULL,
    localparam int BITS = pl_pricing_pkg::row_bits(PROFILE)
) (
    input  wire             clk_i,
    input  wire             rst_ni,
    input  wire             row_valid_i,
    input  wire [      3:0] row_slot_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire pl_pricing_pkg::pl_row_head_t row_i,
    input  wire pl_pricing_pkg::pl_row_time_t time_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire             result_valid_i,
    input  wire [      3:0] result_slot_i,
    input  wire [      5:0] result_z_i,
    input  wire [      3:0] result_table_i,
    input  wire             result_negative_i,
    input  wire [ BITS-1:0] result_magnitude_i,
    output logic [     9:0] scenario_address_o,
    input  wire pl_pricing_pkg::pl_row_scenario_t scenario_i,
    input  wire [      3:0] read_slot_i,
    output logic [BITS-1:0] read_long_o,
    output logic [BITS-1:0] read_short_o,
    output logic            limited_valid_o,
    output logic [     3:0] limited_slot_o,
    output logic            done_valid_o,
    output logic [     3:0] done_slot_o
);
  localparam int SLOTS = pl_pricing_pkg::SLOTS;
  localparam int MONEY = money_pkg::SCALE_LATENCY;
  localparam int V_W = BITS + 2;  // a value or a difference of two, signed
  localparam logic [63:0] ONE = 64'd1 << pl_abi_pkg::PL_COEFFICIENT_BITS;
  localparam logic [5:0] UP = 6'(pl_pricing_pkg::Z_BASIS_UP);
  localparam logic [5:0] DOWN = 6'(pl_pricing_pkg::Z_BASIS_DOWN);
  localparam logic [5:0] SCENARIO = 6'(pl_pricing_pkg::Z_SCENARIO);

  logic [41+3*47+1:0] words[SLOTS];
  logic [BITS-1:0] bases[SLOTS];
  always_ff @(posedge clk_i) begin
    if (row_valid_i)
      words[row_slot_i] <= {
        row_i.inverse, row_i.count != '0, time_i.moving, time_i.basis_weight, time_i.long_discount, time_i.short_discount
      };
  end
  always_ff @(posedge clk_i) begin
    if (result_valid_i && result_z_i == 6'(pl_pricing_pkg::Z_BASE)) bases[result_slot_i] <= result_magnitude_i;
  end

  // 1: scenario, words and base of the value; basis values in their order.
  assign scenario_address_o = {result_table_i, 6'(result_z_i - SCENARIO)};
  wire signed [V_W-1:0] magnitude = V_W'({2'b00, result_magnitude_i});
  wire signed [V_W-1:0] value = result_negative_i ? -magnitude : magnitude;
  logic signed [V_W-1:0] value_q, up_q, low_q, high_q;
  logic valid_q, first_q, basis_q, inverse_q, some_q;
  logic [3:0] slot_q;
  logic [40:0] moving_q;
  logic [46:0] weight_q, long_q, short_q;
  logic [BITS-1:0] base_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else valid_q <= result_valid_i && (result_z_i >= SCENARIO || result_z_i == DOWN);
  end
  always_ff @(posedge clk_i) begin
    first_q <= result_z_i == SCENARIO;
    basis_q <= result_z_i == DOWN;
    slot_q <= result_slot_i;
    value_q <= value;
    if (result_valid_i && result_z_i == UP) up_q <= value;
    low_q <= value < up_q ? value : up_q;
    high_q <= value > up_q ? value : up_q;
    base_q <= bases[result_slot_i];
    {inverse_q, some_q, moving_q, weight_q, long_q, short_q} <= words[result_slot_i];
  end

  // 2: the value of an inverse contract's coin leg; MONEY cycles to the factor, 1, MONEY to the value, 1.
  localparam int INVERSE = 2 * MONEY + 2;
  wire signed [63:0] factor_double, coin_double;
  logic signed [63:0] coin_q;
  logic signed [47:0] factor_q;
  wire [BITS-1:0] base_factor;
  wire [63:0] move = 64'(scenario_i.shock) - ONE;
  // verilator lint_off UNUSEDSIGNAL
  wire [1:0] unused_valid, unused_overflow;  // they fit
  wire signed [63:0] factor_whole = (factor_double + 64'sd1) >>> 1;
  // verilator lint_on UNUSEDSIGNAL
  money_scale u_factor (
      .clk_i, .rst_ni, .en_i(1'b1), .valid_i(valid_q), .money_i({move[62:0], 1'b0}), .coefficient_i(48'(moving_q)),
      .up_i(1'b0), .valid_o(unused_valid[0]), .money_o(factor_double), .overflow_o(unused_overflow[0])
  );
  delay #(.WIDTH(BITS), .DEPTH(MONEY + 1)) u_base_factor (
      .clk_i, .en_i(1'b1), .data_i(base_q), .data_o(base_factor)
  );
  money_scale u_coin (
      .clk_i, .rst_ni, .en_i(1'b1), .valid_i(valid_line_q[MONEY]), .money_i(64'({base_factor, 1'b0})), .coefficient_i(factor_q),
      .up_i(1'b0), .valid_o(unused_valid[1]), .money_o(coin_double), .overflow_o(unused_overflow[1])
  );
  always_ff @(posedge clk_i) begin
    factor_q <= factor_whole[47:0] + 48'(ONE);
    coin_q <= (coin_double + 64'sd1) >>> 1;
  end

  // 3: bought and sold at the value, discounted.
  wire inverse_v, valid_v, skew_v, first_v, basis_v, some_v;
  wire [3:0] slot_v;
  wire signed [V_W-1:0] value_v, low_v, high_v;
  wire [BITS-1:0] base_v;
  wire [46:0] long_v, short_v, weight_v, dampening_v;
  localparam int CARRIED = 4 + 4 + 2 * V_W + BITS + 2 * 47;  // on to the losses
  wire skew = scenario_i.vol_rule == pl_abi_pkg::PL_VOL_RULE_LINEAR[2:0] ||
              scenario_i.vol_rule == pl_abi_pkg::PL_VOL_RULE_ABS[2:0];
  delay #(.WIDTH(CARRIED + 2 * 47 + V_W + 1), .DEPTH(INVERSE)) u_values (
      .clk_i, .en_i(1'b1),
      .data_i({skew, first_q, basis_q, some_q, slot_q, low_q, high_q, base_q, weight_q, scenario_i.dampening,
               long_q, short_q, value_q, inverse_q}),
      .data_o({skew_v, first_v, basis_v, some_v, slot_v, low_v, high_v, base_v, weight_v, dampening_v,
               long_v, short_v, value_v, inverse_v})
  );
  logic [INVERSE+2*MONEY+2-1:0] valid_line_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_line_q <= '0;
    else valid_line_q <= {valid_line_q[INVERSE+2*MONEY:0], valid_q};
  end
  assign valid_v = valid_line_q[INVERSE-1];
  wire signed [63:0] worth = inverse_v ? coin_q : 64'(value_v);
  wire signed [63:0] worth_long, worth_short;
  // verilator lint_off UNUSEDSIGNAL
  wire [2:0] unused_flags;  // a limit enters the difference as it is
  // verilator lint_on UNUSEDSIGNAL
  money_scale #(
      .COUNT(2)
  ) u_worth (
      .clk_i, .rst_ni, .en_i(1'b1), .valid_i(valid_v), .money_i({worth, worth}), .coefficient_i({48'(short_v), 48'(long_v)}),
      .up_i(2'b10), .valid_o(unused_flags[0]), .money_o({worth_short, worth_long}), .overflow_o(unused_flags[2:1])
  );
  wire [CARRIED-1:0] carried_l;
  delay #(.WIDTH(CARRIED), .DEPTH(MONEY)) u_losses (
      .clk_i, .en_i(1'b1),
      .data_i({skew_v, first_v, basis_v, some_v, slot_v, low_v, high_v, base_v, weight_v, dampening_v}),
      .data_o(carried_l)
  );
  wire skew_l, first_l, basis_l, some_l;
  wire [3:0] slot_l;
  wire signed [V_W-1:0] low_l, high_l;
  wire [BITS-1:0] base_l;
  wire [46:0] weight_l, dampening_l;
  assign {skew_l, first_l, basis_l, some_l, slot_l, low_l, high_l, base_l, weight_l, dampening_l} = carried_l;

  // 4: the losses, 5: their sizes where the rule asks for it.
  wire signed [63:0] base_s = 64'(base_l);
  logic signed [63:0] bought_q, sold_q, loss_long_q, loss_short_q;
  logic [46:0] weight_qq, dampening_q;
  logic [47:0] coefficient_q;
  logic skew_q, basis_qq;
  always_ff @(posedge clk_i) begin
    bought_q <= base_s - (basis_l ? 64'(low_l) : worth_long);
    sold_q <= (basis_l ? 64'(high_l) : worth_short) - base_s;
    skew_q <= skew_l && !basis_l;
    basis_qq <= basis_l;
    weight_qq <= weight_l;
    dampening_q <= dampening_l;
    loss_long_q <= skew_q && bought_q[63] ? -bought_q : bought_q;
    loss_short_q <= skew_q && sold_q[63] ? -sold_q : sold_q;
    coefficient_q <= {1'b0, basis_qq ? weight_qq : dampening_q};
  end

  // 6: dampened or weighted, 7: the worst.
  wire signed [63:0] scaled_long, scaled_short;
  wire first, basis, some;
  wire [3:0] slot;
  // verilator lint_off UNUSEDSIGNAL
  wire [2:0] unused_last;
  // verilator lint_on UNUSEDSIGNAL
  money_scale #(
      .COUNT(2)
  ) u_loss (
      .clk_i, .rst_ni, .en_i(1'b1), .valid_i(valid_line_q[INVERSE+MONEY+1]), .money_i({loss_short_q, loss_long_q}),
      .coefficient_i({coefficient_q, coefficient_q}), .up_i(2'b11), .valid_o(unused_last[0]),
      .money_o({scaled_short, scaled_long}), .overflow_o(unused_last[2:1])
  );
  delay #(.WIDTH(7), .DEPTH(MONEY + 2)) u_worst (
      .clk_i, .en_i(1'b1), .data_i({first_l, basis_l, some_l, slot_l}), .data_o({first, basis, some, slot})
  );
  wire valid = valid_line_q[INVERSE+2*MONEY+1];
  logic [62:0] worst_long_q, worst_short_q;
  logic last_valid_q;
  logic [3:0] last_slot_q;
  wire [62:0] least_long = first || !some ? '0 : worst_long_q;
  wire [62:0] least_short = first || !some ? '0 : worst_short_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) last_valid_q <= 1'b0;
    else last_valid_q <= valid && basis;
  end
  always_ff @(posedge clk_i) begin
    last_slot_q <= slot;
    if (valid) begin
      worst_long_q <= some && !scaled_long[63] && scaled_long[62:0] > least_long ? scaled_long[62:0] : least_long;
      worst_short_q <= some && !scaled_short[63] && scaled_short[62:0] > least_short ? scaled_short[62:0] : least_short;
    end
  end
  wire limited_long = worst_long_q[62:BITS] != '0;
  wire limited_short = worst_short_q[62:BITS] != '0;
  logic [2*BITS-1:0] columns[SLOTS];
  always_ff @(posedge clk_i) begin
    if (last_valid_q)
      columns[last_slot_q] <= {
        limited_long ? {BITS{1'b1}} : worst_long_q[BITS-1:0], limited_short ? {BITS{1'b1}} : worst_short_q[BITS-1:0]
      };
  end
  assign {read_long_o, read_short_o} = columns[read_slot_i];
  assign limited_valid_o = last_valid_q && (limited_long || limited_short);
  assign limited_slot_o = last_slot_q;
  assign done_valid_o = last_valid_q;
  assign done_slot_o = last_slot_q;

  // verilator lint_off UNUSEDSIGNAL
  wire unused = move[63];
  // verilator lint_on UNUSEDSIGNAL
  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL) $error("pl_row_orders: PROFILE");
endmodule
`default_nettype wire

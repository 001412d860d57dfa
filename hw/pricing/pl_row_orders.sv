// The order columns of a row: the worst loss of one lot bought or sold alone, over its scenarios and the basis values.
//
// Takes every value of a row with result_valid_i: its base some time before, then basis up, basis down and the scenarios in any
// order, one row after the other. done_valid_o follows the last by 22 cycles. Throughput one value per cycle, rows without a gap.
// Columns are read by slot. An inverse contract is filled at the mark, and its coin leg moves with the shock: its scenarios have
// the coin leg as their value. limited_valid_o: a column of limited_slot_o is the limit.
// No stall, no errors. Reference: order_loss() and fill_orders() in host/model/row.c.
`default_nettype none

module pl_row_orders #(
    parameter  int PROFILE = pl_pricing_pkg::FULL,
    localparam int BITS = pl_pricing_pkg::row_bits(PROFILE)
) (
    input  wire             clk_i,
    input  wire             rst_ni,
    input  wire             step_i,
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
    input  wire [ BITS+5:0] result_magnitude_i,
    output logic [     9:0] scenario_address_o,
    // verilator lint_off UNUSEDSIGNAL
    input  wire pl_pricing_pkg::pl_row_scenario_t scenario_i,
    // verilator lint_on UNUSEDSIGNAL
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
  localparam int V_W = BITS + 7;  // a value, signed
  localparam int B_W = BITS + 1;  // a basis value, signed
  localparam logic [5:0] UP = 6'(pl_pricing_pkg::Z_BASIS_UP);
  localparam logic [5:0] DOWN = 6'(pl_pricing_pkg::Z_BASIS_DOWN);
  localparam logic [5:0] SCENARIO = 6'(pl_pricing_pkg::Z_SCENARIO);

  logic [3*47+5:0] words[SLOTS];
  logic [BITS-1:0] bases[SLOTS];
  always_ff @(posedge clk_i) begin
    if (row_valid_i)
      words[row_slot_i] <= {row_i.count, time_i.basis_weight, time_i.long_discount, time_i.short_discount};
  end
  always_ff @(posedge clk_i) begin
    if (result_valid_i && result_z_i == 6'(pl_pricing_pkg::Z_BASE)) bases[result_slot_i] <= result_magnitude_i[BITS-1:0];
  end

  // 1: scenario, words and base of the value; basis down is a row's first here.
  assign scenario_address_o = {result_table_i, 6'(result_z_i - SCENARIO)};
  wire signed [V_W-1:0] magnitude = V_W'({1'b0, result_magnitude_i});
  wire signed [V_W-1:0] value = result_negative_i ? -magnitude : magnitude;
  wire signed [B_W-1:0] basis = value[B_W-1:0];
  wire basis_r = result_z_i == DOWN;
  wire valid_r = result_valid_i && (result_z_i >= SCENARIO || basis_r);
  wire [5:0] count;
  wire [46:0] weight, long_discount, short_discount;
  assign {count, weight, long_discount, short_discount} = words[result_slot_i];
  logic signed [V_W-1:0] value_q;
  logic signed [B_W-1:0] up_q, low_q, high_q;
  logic valid_q, last_q, basis_q, some_q;
  logic [3:0] slot_q;
  logic [5:0] left_q;  // of the row
  logic [46:0] weight_q, long_q, short_q;
  logic [BITS-1:0] base_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else if (step_i) valid_q <= valid_r;
  end
  always_ff @(posedge clk_i) begin
    if (step_i) begin
      if (valid_r) left_q <= basis_r ? count : left_q - 6'd1;
      last_q <= basis_r ? count == '0 : left_q == 6'd1;
      basis_q <= basis_r;
      some_q <= count != '0;
      slot_q <= result_slot_i;
      value_q <= value;
      if (result_valid_i && result_z_i == UP) up_q <= basis;
      low_q <= basis < up_q ? basis : up_q;
      high_q <= basis > up_q ? basis : up_q;
      base_q <= bases[result_slot_i];
      {weight_q, long_q, short_q} <= {weight, long_discount, short_discount};
    end
  end
  logic [2*MONEY+1:0] valid_line_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_line_q <= '0;
    else if (step_i) valid_line_q <= {valid_line_q[2*MONEY:0], valid_q};
  end

  // 2: bought and sold at the value, discounted.
  localparam int CARRIED = 4 + 4 + 2 * B_W + BITS + 2 * 47;  // on to the losses
  wire skew = scenario_i.vol_rule == pl_abi_pkg::PL_VOL_RULE_LINEAR[2:0] ||
              scenario_i.vol_rule == pl_abi_pkg::PL_VOL_RULE_ABS[2:0];
  wire signed [63:0] worth = 64'(value_q);
  wire signed [63:0] worth_long, worth_short;
  // verilator lint_off UNUSEDSIGNAL
  wire [2:0] unused_flags;  // a limit enters the difference as it is
  // verilator lint_on UNUSEDSIGNAL
  money_scale #(
      .COUNT(2),
      .SHARE(pl_pricing_pkg::TILE_SHARE)
  ) u_worth (
      .clk_i, .rst_ni, .en_i(step_i), .valid_i(valid_q), .money_i({worth, worth}), .coefficient_i({48'(short_q), 48'(long_q)}),
      .up_i(2'b10), .valid_o(unused_flags[0]), .money_o({worth_short, worth_long}), .overflow_o(unused_flags[2:1])
  );
  wire skew_l, last_l, basis_l, some_l;
  wire [3:0] slot_l;
  wire signed [B_W-1:0] low_l, high_l;
  wire [BITS-1:0] base_l;
  wire [46:0] weight_l, dampening_l;
  delay #(.WIDTH(CARRIED), .DEPTH(MONEY)) u_losses (
      .clk_i, .en_i(step_i),
      .data_i({skew, last_q, basis_q, some_q, slot_q, low_q, high_q, base_q, weight_q, scenario_i.dampening}),
      .data_o({skew_l, last_l, basis_l, some_l, slot_l, low_l, high_l, base_l, weight_l, dampening_l})
  );

  // 3: the losses, 4: their sizes where the rule asks for it.
  wire signed [63:0] base_s = 64'(base_l);
  logic signed [63:0] bought_q, sold_q, loss_long_q, loss_short_q;
  logic [46:0] weight_qq, dampening_q;
  logic [47:0] coefficient_q;
  logic skew_q, basis_qq;
  always_ff @(posedge clk_i) begin
    if (step_i) begin
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
  end

  // 5: dampened or weighted, 6: the worst.
  wire signed [63:0] scaled_long, scaled_short;
  wire last, first, some;
  wire [3:0] slot;
  // verilator lint_off UNUSEDSIGNAL
  wire [2:0] unused_last;
  // verilator lint_on UNUSEDSIGNAL
  money_scale #(
      .COUNT(2),
      .SHARE(pl_pricing_pkg::TILE_SHARE)
  ) u_loss (
      .clk_i, .rst_ni, .en_i(step_i), .valid_i(valid_line_q[MONEY+1]), .money_i({loss_short_q, loss_long_q}),
      .coefficient_i({coefficient_q, coefficient_q}), .up_i(2'b11), .valid_o(unused_last[0]),
      .money_o({scaled_short, scaled_long}), .overflow_o(unused_last[2:1])
  );
  delay #(.WIDTH(7), .DEPTH(MONEY + 2)) u_worst (
      .clk_i, .en_i(step_i), .data_i({last_l, basis_l, some_l, slot_l}), .data_o({last, first, some, slot})
  );
  wire valid = valid_line_q[2*MONEY+1] && step_i;
  logic [62:0] worst_long_q, worst_short_q;
  logic last_valid_q;
  logic [3:0] last_slot_q;
  wire [62:0] least_long = first || !some ? '0 : worst_long_q;
  wire [62:0] least_short = first || !some ? '0 : worst_short_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) last_valid_q <= 1'b0;
    else if (step_i) last_valid_q <= valid && last;
  end
  always_ff @(posedge clk_i) begin
    if (step_i) last_slot_q <= slot;
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
  assign limited_valid_o = done_valid_o && (limited_long || limited_short);
  assign limited_slot_o = last_slot_q;
  assign done_valid_o = last_valid_q && step_i;
  assign done_slot_o = last_slot_q;

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL) $error("pl_row_orders: PROFILE");
endmodule
`default_nettype wire

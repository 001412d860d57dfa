// Writes the rows: values through port a as they come, every other column through port b as soon as it is there, META last; and
// the row's quote, in the cycle of META.
//
// Rows enter with row_valid_i, in slot order, and leave in that order, one at a time through port b; freed_o gives a slot back.
// In the order of writing: requirements (with the naked one), Greeks and base, order columns (the *_done ports tell when), META:
// port b has it 4 cycles after orders_done_i. Unused value columns are written as 0 by port b while it waits and before META,
// and by port a in cycles in which no value comes; both ports never write one column in one cycle. Flags are collected until
// META. A scenario of an inverse row (result_coin_i) has the value of its base.
// No stall: writes are always taken. No errors. Reference: pl_row_fill() in host/model/row.c.
`default_nettype none

module pl_row_columns #(
    parameter  int PROFILE = pl_pricing_pkg::FULL,
    parameter  int unsigned SCENARIOS = 40,
    localparam int BITS = pl_pricing_pkg::row_bits(PROFILE)
) (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire         row_valid_i,
    input  wire  [ 3:0] row_slot_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire pl_pricing_pkg::pl_row_head_t       row_i,
    input  wire pl_pricing_pkg::pl_row_instrument_t instrument_i,
    input  wire pl_pricing_pkg::pl_row_expiry_t     expiry_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire             result_valid_i,
    input  wire  [     3:0] result_slot_i,
    input  wire  [     5:0] result_z_i,
    input  wire             result_negative_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [BITS+5:0] result_magnitude_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire             result_coin_i,
    input  wire             result_domain_i,
    input  wire             result_saturated_i,
    input  wire         greeks_limited_i,
    input  wire  [ 3:0] greeks_limited_slot_i,
    input  wire         greeks_done_i,
    input  wire  [ 3:0] greeks_done_slot_i,
    input  wire         requirements_limited_i,
    input  wire  [ 3:0] requirements_limited_slot_i,
    input  wire         requirements_done_i,
    input  wire  [ 3:0] requirements_done_slot_i,
    input  wire         orders_limited_i,
    input  wire  [ 3:0] orders_limited_slot_i,
    input  wire         orders_done_i,
    input  wire  [ 3:0] orders_done_slot_i,

    output logic [ 3:0]      slot_o,             // of the columns read here
    output logic [ 2:0]      greeks_which_o,
    input  wire  [63:0]      greeks_value_i,     // sign and magnitude
    input  wire  [383:0]     greeks_quote_i,
    output logic [ 2:0]      requirements_which_o,
    input  wire  [BITS-1:0]  requirements_value_i,
    input  wire  [BITS-1:0]  gross_i,
    input  wire  [BITS-1:0]  notional_i,
    input  wire  [BITS-1:0]  order_long_i,
    input  wire  [BITS-1:0]  order_short_i,

    output logic         write_a_valid_o,
    output logic [23:0]  write_a_instrument_o,
    output logic [ 5:0]  write_a_column_o,
    output logic [63:0]  write_a_value_o,
    output logic         write_b_valid_o,
    output logic [23:0]  write_b_instrument_o,
    output logic [ 5:0]  write_b_column_o,
    output logic [63:0]  write_b_value_o,
    output logic         quote_valid_o,
    output logic [511:0] quote_o,
    output logic         freed_o
);
  localparam int SLOTS = pl_pricing_pkg::SLOTS;
  localparam logic [5:0] BASE = 6'(pl_abi_pkg::PL_ROW_WORD_BASE);
  localparam logic [5:0] GREEKS = 6'(pl_abi_pkg::PL_ROW_WORD_DELTA);
  localparam logic [5:0] REQUIREMENTS = 6'(pl_abi_pkg::PL_ROW_WORD_MM_LONG);
  localparam logic [5:0] ORDERS = 6'(pl_abi_pkg::PL_ROW_WORD_ORDER_LONG);
  localparam logic [5:0] LAST = 6'(pl_abi_pkg::PL_ROW_WORD_ORDER_SHORT);
  localparam logic [5:0] NAKED = 6'(pl_abi_pkg::PL_ROW_WORD_ORDER_NAKED);
  localparam logic [5:0] SCENARIO = 6'(pl_abi_pkg::PL_ROW_WORD_SCENARIO);
  localparam logic [5:0] Z_SCENARIO = 6'(pl_pricing_pkg::Z_SCENARIO);
  localparam logic [5:0] Z_LAST = 6'(SCENARIOS) + 6'd2;

  if (SCENARIOS < 1 || 64'(SCENARIOS) > pl_abi_pkg::PL_SCENARIOS_MAX) begin : g_scenarios
    $error("pl_row_columns: SCENARIOS");
  end

  // A value's column from its place in a row.
  function automatic logic [5:0] column_of(input logic [5:0] z);
    column_of = z < Z_SCENARIO ? z + BASE : z + (SCENARIO - Z_SCENARIO);
  endfunction

  // The rows under way.
  localparam int ROW_W = 24 + 8 + 12 + 14 + 1 + 3 + 7 + 3 + 3 + 6;
  logic [ROW_W-1:0] rows[SLOTS];
  logic [BITS:0] base_values[SLOTS];
  logic [63:0] units[SLOTS];  // the quote's delta of a linear row
  logic [SLOTS-1:0] base_q, greeks_q, requirements_q, orders_q;  // still to come
  logic [SLOTS-1:0] domain_q, saturated_q, greeks_limited_q;
  logic [4:0] read_q, written_q;
  wire [2:0] kind = instrument_i.kind;
  wire values = row_i.priced && (row_i.option || row_i.linear || row_i.inverse);
  wire [63:0] unit_bits;
  pl_real_binary64 u_unit (.x_i({1'b0, instrument_i.unit}), .bits_o(unit_bits));
  always_ff @(posedge clk_i) begin
    if (row_valid_i)
      rows[row_slot_i] <= {
        row_i.instrument, expiry_i.row_shift, instrument_i.margin_class, instrument_i.expiry, instrument_i.is_asset, kind,
        row_i.flags, values, row_i.priced, row_i.scenario, row_i.option, row_i.linear, row_i.inverse, row_i.count
      };
  end
  always_ff @(posedge clk_i) if (row_valid_i) units[row_slot_i] <= unit_bits;
  wire result_base = result_valid_i && result_z_i == 6'(pl_pricing_pkg::Z_BASE);
  always_ff @(posedge clk_i) if (result_base) base_values[result_slot_i] <= {result_negative_i, result_magnitude_i[BITS-1:0]};

  function automatic logic [SLOTS-1:0] at(input logic valid, input logic [3:0] slot);
    at = SLOTS'(valid) << slot;
  endfunction
  wire [SLOTS-1:0] start = at(row_valid_i, row_slot_i);
  always_ff @(posedge clk_i) begin
    base_q <= (base_q & ~at(result_base, result_slot_i) & ~start) | (values ? start : '0);
    greeks_q <= (greeks_q & ~at(greeks_done_i, greeks_done_slot_i) & ~start) | (row_i.priced && row_i.option ? start : '0);
    requirements_q <= (requirements_q & ~at(requirements_done_i, requirements_done_slot_i) & ~start) |
                      (row_i.priced ? start : '0);
    orders_q <= (orders_q & ~at(orders_done_i, orders_done_slot_i) & ~start) | (row_i.scenario ? start : '0);
    domain_q <= (domain_q | at(result_valid_i && result_domain_i, result_slot_i)) & ~start;
    saturated_q <= (saturated_q | at(result_valid_i && result_saturated_i, result_slot_i) |
                    at(requirements_limited_i, requirements_limited_slot_i) | at(orders_limited_i, orders_limited_slot_i)) &
                   ~start;
    greeks_limited_q <= (greeks_limited_q | at(greeks_limited_i, greeks_limited_slot_i)) & ~start;
  end

  // The row being written: its words are read first.
  logic busy_q, words_left_q, zeros_left_q;
  logic [ROW_W-1:0] row_q;
  logic [23:0] instrument;
  logic [37:0] identity;  // row_meta_t above its flags
  logic [6:0] flags;
  logic has_values, priced, scenario, option, linear, inverse;
  logic [5:0] count, low_q, high_q, word_q;
  assign {instrument, identity, flags, has_values, priced, scenario, option, linear, inverse, count} = row_q;
  wire [3:0] slot = read_q[3:0];
  // Which columns are next, and whether they are there.
  wire of_orders = word_q == ORDERS || word_q == LAST;
  wire of_greeks = word_q >= GREEKS && word_q < REQUIREMENTS;
  wire wait_word = of_orders ? orders_q[slot] : of_greeks ? greeks_q[slot] || base_q[slot] : requirements_q[slot];
  wire put_word = words_left_q && !wait_word;
  wire [ROW_W-1:0] row = rows[slot];
  wire next_values = row[11];
  wire next_scenario = row[9];
  wire meta = busy_q && !words_left_q && !zeros_left_q;

  wire [BITS:0] result_value = result_coin_i ? base_values[result_slot_i] : {result_negative_i, result_magnitude_i[BITS-1:0]};

  // Value columns: what comes has port a; a zero takes what is left.
  wire [5:0] result_column = column_of(result_z_i);
  wire zero_a = busy_q && zeros_left_q && !result_valid_i;
  wire [5:0] low_column = column_of(low_q);
  wire blocked = result_valid_i && result_column == low_column;
  wire zero_b = busy_q && !put_word && zeros_left_q && !blocked && !(zero_a && low_q == high_q);
  wire zeros_end = (zero_a || zero_b) && (low_q == high_q || (zero_a && zero_b && low_q + 6'd1 == high_q));
  wire [5:0] first_zero = !next_values ? 6'd0 : !next_scenario ? 6'd1 : row[5:0] + Z_SCENARIO;

  assign slot_o = slot;
  assign greeks_which_o = 3'(word_q - GREEKS);
  wire [5:0] from_rates = word_q - REQUIREMENTS;
  assign requirements_which_o = word_q == NAKED ? 3'd5 : from_rates[2:0];
  wire [BITS:0] base_value = base_values[slot];
  wire [63:0] base = has_values ? {base_value[BITS], 63'(base_value[BITS-1:0])} : '0;
  logic [63:0] word;
  always_comb begin
    case (word_q)
      6'(pl_abi_pkg::PL_ROW_WORD_DELTA): word = option ? greeks_value_i : linear ? base : '0;
      6'(pl_abi_pkg::PL_ROW_WORD_GAMMA), 6'(pl_abi_pkg::PL_ROW_WORD_VEGA), 6'(pl_abi_pkg::PL_ROW_WORD_THETA),
      6'(pl_abi_pkg::PL_ROW_WORD_RHO):
      word = option ? greeks_value_i : '0;
      6'(pl_abi_pkg::PL_ROW_WORD_NOTIONAL): word = 64'(notional_i);
      6'(pl_abi_pkg::PL_ROW_WORD_GROSS): word = 64'(gross_i);
      6'(pl_abi_pkg::PL_ROW_WORD_ORDER_LONG): word = scenario ? 64'(order_long_i) : '0;
      6'(pl_abi_pkg::PL_ROW_WORD_ORDER_SHORT): word = scenario ? 64'(order_short_i) : '0;
      default: word = 64'(requirements_value_i);
    endcase
    if (!priced) word = '0;
  end
  wire [6:0] all_flags = flags | 7'(domain_q[slot]) << pl_abi_pkg::PL_FLAG_DOMAIN_BIT |
                         7'(saturated_q[slot]) << pl_abi_pkg::PL_FLAG_SATURATED_BIT |
                         7'(greeks_limited_q[slot]) << pl_abi_pkg::PL_FLAG_GREEKS_BIT;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      read_q <= '0;
      written_q <= '0;
      write_a_valid_o <= 1'b0;
      write_b_valid_o <= 1'b0;
      quote_valid_o <= 1'b0;
    end else begin
      written_q <= written_q + 5'(row_valid_i);
      read_q <= read_q + 5'(meta);
      busy_q <= busy_q ? !meta : read_q != written_q;
      write_a_valid_o <= result_valid_i || zero_a;
      write_b_valid_o <= busy_q && (put_word || zero_b || meta);
      quote_valid_o <= meta;
      a_ports: assert (!(write_a_valid_o && write_b_valid_o && write_a_column_o == write_b_column_o));
    end
  end
  assign freed_o = meta;
  logic [23:0] instruments[SLOTS];
  always_ff @(posedge clk_i) if (row_valid_i) instruments[row_slot_i] <= row_i.instrument;
  always_ff @(posedge clk_i) begin
    if (!busy_q) begin
      row_q <= row;
      words_left_q <= 1'b1;
      word_q <= REQUIREMENTS;
      low_q <= first_zero;
      high_q <= Z_LAST;
      zeros_left_q <= first_zero <= Z_LAST;
    end else begin
      if (put_word)  // requirements but orders, naked, Greeks, orders
        word_q <= word_q == ORDERS - 6'd1 ? NAKED : word_q == NAKED ? GREEKS : word_q == REQUIREMENTS - 6'd1 ? ORDERS :
                  word_q + 6'd1;
      if (put_word && word_q == LAST) words_left_q <= 1'b0;
      if (zero_a) high_q <= high_q - 6'd1;
      if (zero_b) low_q <= low_q + 6'd1;
      if (zeros_end) zeros_left_q <= 1'b0;
    end
    write_a_instrument_o <= result_valid_i ? instruments[result_slot_i] : instrument;
    write_a_column_o <= result_valid_i ? result_column : column_of(high_q);
    write_a_value_o <= result_valid_i ? {result_value[BITS], 63'(result_value[BITS-1:0])} : '0;
    write_b_instrument_o <= instrument;
    write_b_column_o <= put_word ? word_q : meta ? 6'(pl_card_pkg::COLUMN_META) : low_column;
    write_b_value_o <= put_word ? word : meta ? 64'({identity, all_flags}) : '0;
  end

  // The quote
  wire [63:0] base_twos = base[63] ? 64'd0 - 64'(base[62:0]) : base;
  wire [383:0] greeks = option && has_values ? greeks_quote_i : linear && has_values ? 384'(units[slot]) : '0;
  always_ff @(posedge clk_i) quote_o <= {greeks, base_twos, 25'd0, all_flags, 8'd0, instrument};

  // verilator lint_off UNUSEDSIGNAL
  wire unused = &{inverse, count, from_rates[5:3], row};
  // verilator lint_on UNUSEDSIGNAL
  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL) $error("pl_row_columns: PROFILE");
endmodule
`default_nettype wire

// The row engine: fills a row of the row stores, and its quote, for each job, from the live or the frozen tick.
//
// Jobs are taken one at a time and up to 16 rows are under way; rows leave in the order of their jobs. One evaluation per cycle:
// a row takes scenario_count + 3 cycles (base, two basis values, scenarios), one more if it is linear or inverse, but at least
// 21 (its fetch), and 59 column writes over both ports at SCENARIOS = 40.
// From an option's job to its META, if nothing is under way: 190 + scenario_count cycles (small: 158) if its skew multipliers are
// known (pl_row_skew_cache), as they are if its vol alone has ticked; else its scenarios with a skew are issued from cycle 101
// (small: 80) on, and META comes 283 (small: 230) + their number after the job.
// With shared multipliers (pl_pricing_pkg::TILE_SHARE 4) a step takes four cycles: all these are steps then, but for the writes.
// Writes are always taken: nothing stalls. Port a writes values as they come, port b all else as it comes, META last of the row,
// quote_valid_o in that cycle; idle_o follows one cycle after the last row's META, and falls one cycle after a job was taken.
// Unused value columns are written as 0 by either port, never one column by both ports in one cycle.
// Table bus, clears and freezes: docs/card.md; a job is taken 3 cycles after the last of them at the earliest. Not while jobs are
// under way. Errors are the row's flags. Table memories have no ECC. Reference: pl_row_fill() in host/model/row.c.
`default_nettype none

module pl_row_engine #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int unsigned SCENARIOS = 40,
    parameter int unsigned INSTRUMENTS = 4096,
    parameter int unsigned EXPIRIES = 512,
    parameter int unsigned UNDERLYINGS = 128,
    parameter int unsigned CLASSES = 256
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          table_valid_i,
    input  wire  [511:0] table_record_i,
    input  wire          clear_valid_i,
    input  wire  [ 23:0] clear_index_i,
    input  wire          freeze_expiry_valid_i,
    input  wire  [ 13:0] freeze_expiry_index_i,
    input  wire          freeze_vol_valid_i,
    input  wire  [ 23:0] freeze_vol_index_i,
    input  wire          job_valid_i,
    output logic         job_ready_o,
    input  wire  [ 23:0] job_instrument_i,
    input  wire          job_frozen_i,
    output logic         write_a_valid_o,
    output logic [ 23:0] write_a_instrument_o,
    output logic [  5:0] write_a_column_o,
    output logic [ 63:0] write_a_value_o,
    output logic         write_b_valid_o,
    output logic [ 23:0] write_b_instrument_o,
    output logic [  5:0] write_b_column_o,
    output logic [ 63:0] write_b_value_o,
    output logic         quote_valid_o,
    output logic [511:0] quote_o,       // pl_abi_pkg::pl_quote_t
    output logic         idle_o,
    output logic         evaluation_o
);
  localparam int BITS = pl_pricing_pkg::row_bits(PROFILE);
  localparam int LOG_W = pl_pricing_pkg::E_W + (PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                                                : pl_tables_pkg::SMALL_W);
  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL) begin : g_profile
    $error("pl_row_engine: PROFILE");
  end
  if (SCENARIOS < 1 || 64'(SCENARIOS) > pl_abi_pkg::PL_SCENARIOS_MAX) begin : g_scenarios
    $error("pl_row_engine: SCENARIOS");
  end
  if (INSTRUMENTS < 2 || 64'(INSTRUMENTS) > pl_abi_pkg::PL_INSTRUMENTS_MAX) begin : g_instruments
    $error("pl_row_engine: INSTRUMENTS");
  end
  if (EXPIRIES < 2 || 64'(EXPIRIES) > pl_abi_pkg::PL_EXPIRIES_MAX) begin : g_expiries $error("pl_row_engine: EXPIRIES"); end
  if (UNDERLYINGS < 2 || 64'(UNDERLYINGS) > pl_abi_pkg::PL_UNDERLYINGS_MAX) begin : g_underlyings
    $error("pl_row_engine: UNDERLYINGS");
  end
  if (CLASSES < 2 || 64'(CLASSES) > pl_abi_pkg::PL_CLASSES_MAX) begin : g_classes $error("pl_row_engine: CLASSES"); end

  // Slots are a ring; jobs wait until writes to the tables have settled.
  logic [4:0] allocated_q, level_q;
  logic busy_q, traffic_q, quiet_q;
  wire accepted, freed;
  wire traffic = table_valid_i || clear_valid_i || freeze_expiry_valid_i || freeze_vol_valid_i;
  wire [4:0] level_d = level_q + 5'(accepted) - 5'(freed);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      allocated_q <= '0;
      level_q <= '0;
      busy_q <= 1'b0;
      traffic_q <= 1'b0;
      quiet_q <= 1'b1;
    end else begin
      allocated_q <= allocated_q + 5'(accepted);
      level_q <= level_d;
      busy_q <= accepted || level_q != '0;
      traffic_q <= traffic;
      quiet_q <= !traffic && !traffic_q;
      a_traffic: assert (!(busy_q && traffic));
    end
  end

  // A pipeline with shared multipliers steps every fourth cycle: so does all of the engine but its tables and columns. What says that
  // something happens is high in the cycle of the step.
  wire [3:0] steps;
  pace #(.SHARE(pl_pricing_pkg::TILE_SHARE)) u_pace (.clk_i, .rst_ni, .steps_o(steps));
  wire step = steps[0];
  wire en = busy_q && step;
  assign idle_o = !busy_q;

  // Tables
  wire [3:0] row_slot;
  pl_pricing_pkg::pl_row_head_t head;
  wire [23:0] instrument_index;
  wire frozen;
  pl_pricing_pkg::pl_row_instrument_t instrument;
  pl_pricing_pkg::pl_row_vol_t vol;
  pl_pricing_pkg::pl_row_expiry_t expiry;
  pl_pricing_pkg::pl_row_price_t price;
  pl_pricing_pkg::pl_row_time_t time_words;
  pl_pricing_pkg::pl_row_shift_t shift;
  pl_pricing_pkg::pl_row_class_t margin_class;
  pl_pricing_pkg::pl_row_underlying_t underlying;
  pl_pricing_pkg::pl_row_scenario_t scenario, order_scenario;
  wire [9:0] scenario_address, order_scenario_address;
  pl_row_tables #(
      .INSTRUMENTS(INSTRUMENTS), .EXPIRIES(EXPIRIES), .UNDERLYINGS(UNDERLYINGS), .CLASSES(CLASSES)
  ) u_tables (
      .clk_i, .rst_ni, .table_valid_i, .table_record_i, .clear_valid_i, .clear_index_i, .freeze_expiry_valid_i,
      .freeze_expiry_index_i, .freeze_vol_valid_i, .freeze_vol_index_i, .instrument_i(instrument_index),
      .frozen_i(frozen), .instrument_o(instrument), .vol_o(vol), .expiry_o(expiry), .price_o(price),
      .time_o(time_words), .shift_o(shift), .class_o(margin_class), .underlying_o(underlying)
  );
  wire [SCENARIOS-1:0] skewed;
  pl_row_scenarios #(.SCENARIOS(SCENARIOS)) u_scenarios (
      .clk_i, .rst_ni, .step_i(step), .table_valid_i, .table_record_i, .evaluate_address_i(scenario_address), .evaluate_o(scenario),
      .orders_address_i(order_scenario_address), .orders_o(order_scenario), .skewed_table_i(head.scenario_table),
      .skewed_o(skewed)
  );

  // The shared multiplier
  wire greeks_ask, skew_ask, skew_ready, front_ask, front_ready, greeks_got, skew_got, front_got;
  wire [51:0] greeks_x, greeks_y;
  wire [53:0] skew_x, skew_y;
  wire [107:0] product;
  pl_row_multiplier #(.PROFILE(PROFILE)) u_multiplier (
      .clk_i, .rst_ni, .en_i(en), .greeks_valid_i(greeks_ask), .greeks_x_i(greeks_x), .greeks_y_i(greeks_y),
      .skew_valid_i(skew_ask), .skew_ready_o(skew_ready), .skew_x_i(skew_x), .skew_y_i(skew_y),
      .front_valid_i(front_ask), .front_ready_o(front_ready), .front_x_i(price.discount[51:0]),
      .front_y_i(instrument.unit[51:0]), .product_o(product), .greeks_valid_o(greeks_got), .skew_valid_o(skew_got),
      .front_valid_o(front_got)
  );

  // Jobs to evaluations
  wire row_valid, front_op_valid, issue_op_valid, discount_valid;
  wire [64:0] discount, forward;
  pl_pricing_pkg::pl_row_op_t front_op, issue_op, op;
  pl_row_front u_front (
      .clk_i, .rst_ni, .step_i(step), .job_valid_i, .job_ready_o, .job_instrument_i, .job_frozen_i, .slot_free_i(!level_q[4]),
      .quiet_i(quiet_q && !traffic), .slot_i(allocated_q[3:0]), .accepted_o(accepted),
      .instrument_o(instrument_index), .frozen_o(frozen), .instrument_i(instrument), .vol_i(vol), .expiry_i(expiry),
      .price_i(price), .time_i(time_words), .shift_i(shift), .underlying_i(underlying), .multiply_valid_o(front_ask),
      .multiply_ready_i(front_ready), .product_valid_i(front_got), .product_i(product), .row_valid_o(row_valid),
      .slot_o(row_slot), .head_o(head), .forward_o(forward), .discount_valid_o(discount_valid), .discount_o(discount),
      .op_valid_o(front_op_valid), .op_o(front_op)
  );

  // Skew multipliers: a row's own, or in its first cycle those that are known already.
  wire cached, computed, log_valid, log_high;
  wire [3:0] computed_slot, log_slot;
  wire [57:0] cached_linear, computed_linear;
  wire [51:0] cached_abs, computed_abs;
  wire [LOG_W-1:0] log_moneyness;
  wire skew_valid = computed || (row_valid && cached);
  wire [3:0] skew_slot = computed ? computed_slot : row_slot;
  wire [57:0] skew_linear = computed ? computed_linear : cached_linear;
  wire [51:0] skew_abs = computed ? computed_abs : cached_abs;
  pl_row_skew_cache #(.INSTRUMENTS(INSTRUMENTS), .EXPIRIES(EXPIRIES)) u_skew_cache (
      .clk_i, .rst_ni, .table_valid_i, .table_record_i, .instrument_i(instrument_index), .expiry_i(instrument.expiry),
      .frozen_i(frozen), .hit_o(cached), .linear_o(cached_linear), .abs_o(cached_abs), .row_valid_i(row_valid),
      .row_slot_i(row_slot), .skew_valid_i(computed), .skew_slot_i(computed_slot), .skew_linear_i(computed_linear),
      .skew_abs_i(computed_abs)
  );
  pl_row_skew #(.PROFILE(PROFILE)) u_skew (
      .clk_i, .rst_ni, .step_i(step), .row_valid_i(row_valid), .row_slot_i(row_slot), .shift_i(shift),
      .log_valid_i(log_valid), .log_slot_i(log_slot), .log_moneyness_i(log_moneyness), .log_high_i(log_high),
      .multiply_valid_o(skew_ask), .multiply_ready_i(skew_ready), .multiply_x_o(skew_x), .multiply_y_o(skew_y),
      .product_valid_i(skew_got), .product_i(product), .skew_valid_o(computed), .skew_slot_o(computed_slot),
      .skew_linear_o(computed_linear), .skew_abs_o(computed_abs)
  );

  wire early_valid, early_gross, early_saturated;
  wire [3:0] early_slot;
  wire [BITS-1:0] early_magnitude;
  pl_row_issue #(.SCENARIOS(SCENARIOS)) u_issue (
      .clk_i, .rst_ni, .step_i(step), .row_valid_i(row_valid), .row_slot_i(row_slot), .row_i(head), .skewed_i(skewed),
      .ready_i(!head.inverse && (!head.option || cached)), .skew_valid_i(computed), .skew_slot_i(computed_slot),
      .base_valid_i(early_valid && !early_gross), .base_slot_i(early_slot), .pause_i(front_op_valid),
      .op_valid_o(issue_op_valid), .op_o(issue_op)
  );
  assign op = front_op_valid ? front_op : issue_op;
  wire op_valid = front_op_valid || issue_op_valid;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) evaluation_o <= 1'b0;
    else evaluation_o <= op_valid && op.value;
  end

  // Evaluations to results
  wire result_valid, result_option, result_negative, result_coin, result_domain, result_saturated;
  wire [3:0] result_slot, result_table;
  wire [5:0] result_z;
  wire [BITS+5:0] result_magnitude;
  pl_pricing_pkg::pl_price_out_t greeks;
  pl_row_evaluate #(.PROFILE(PROFILE)) u_evaluate (
      .clk_i, .rst_ni, .step_i(step), .en_i(en), .row_valid_i(row_valid), .row_slot_i(row_slot), .row_i(head),
      .instrument_i(instrument), .vol_i(vol), .price_i(price), .time_i(time_words), .shift_i(shift),
      .underlying_i(underlying), .discount_valid_i(discount_valid), .discount_slot_i(row_slot), .discount_i(discount),
      .skew_valid_i(skew_valid), .skew_slot_i(skew_slot), .skew_linear_i(skew_linear), .skew_abs_i(skew_abs),
      .op_valid_i(op_valid), .op_i(op), .scenario_address_o(scenario_address), .scenario_i(scenario),
      .log_valid_o(log_valid), .log_slot_o(log_slot), .log_moneyness_o(log_moneyness), .log_high_o(log_high),
      .early_valid_o(early_valid), .early_gross_o(early_gross), .early_slot_o(early_slot), .early_magnitude_o(early_magnitude),
      .early_saturated_o(early_saturated), .result_valid_o(result_valid), .result_option_o(result_option),
      .result_slot_o(result_slot), .result_z_o(result_z), .result_table_o(result_table),
      .result_negative_o(result_negative), .result_magnitude_o(result_magnitude), .result_coin_o(result_coin),
      .result_domain_o(result_domain), .result_saturated_o(result_saturated), .result_greeks_o(greeks)
  );

  // Results to columns
  wire [3:0] read_slot, greeks_limited_slot, greeks_done_slot, requirements_limited_slot, requirements_done_slot,
      orders_limited_slot, orders_done_slot;
  wire greeks_limited, greeks_done, requirements_limited, requirements_done, orders_limited, orders_done;
  wire [2:0] greeks_which, requirements_which;
  wire [63:0] greeks_value;
  wire [383:0] greeks_quote;
  wire [BITS-1:0] requirements_value, gross, notional, order_long, order_short;
  wire base_valid = result_valid && result_option && result_z == 6'(pl_pricing_pkg::Z_BASE);
  pl_row_greeks #(.PROFILE(PROFILE)) u_greeks (
      .clk_i, .rst_ni, .en_i(en), .row_valid_i(row_valid), .row_slot_i(row_slot), .forward_i(forward),
      .base_valid_i(base_valid), .base_slot_i(result_slot), .base_i(greeks), .product_i(product),
      .multiply_valid_o(greeks_ask), .multiply_x_o(greeks_x), .multiply_y_o(greeks_y), .product_valid_i(greeks_got),
      .read_slot_i(read_slot), .read_which_i(greeks_which), .read_value_o(greeks_value), .read_quote_o(greeks_quote),
      .limited_valid_o(greeks_limited), .limited_slot_o(greeks_limited_slot), .done_valid_o(greeks_done),
      .done_slot_o(greeks_done_slot)
  );
  pl_row_requirements #(.PROFILE(PROFILE)) u_requirements (
      .clk_i, .rst_ni, .step_i(step), .row_valid_i(row_valid), .row_slot_i(row_slot), .row_i(head), .class_i(margin_class),
      .underlying_i(underlying), .early_valid_i(early_valid), .early_gross_i(early_gross), .early_slot_i(early_slot),
      .early_magnitude_i(early_magnitude), .early_saturated_i(early_saturated), .read_slot_i(read_slot),
      .read_which_i(requirements_which), .read_value_o(requirements_value), .read_gross_o(gross),
      .read_notional_o(notional), .limited_valid_o(requirements_limited), .limited_slot_o(requirements_limited_slot),
      .done_valid_o(requirements_done), .done_slot_o(requirements_done_slot)
  );
  pl_row_orders #(.PROFILE(PROFILE)) u_orders (
      .clk_i, .rst_ni, .step_i(step), .row_valid_i(row_valid), .row_slot_i(row_slot), .row_i(head), .time_i(time_words),
      .result_valid_i(result_valid), .result_slot_i(result_slot), .result_z_i(result_z), .result_table_i(result_table),
      .result_negative_i(result_negative), .result_magnitude_i(result_magnitude),
      .scenario_address_o(order_scenario_address), .scenario_i(order_scenario), .read_slot_i(read_slot),
      .read_long_o(order_long), .read_short_o(order_short), .limited_valid_o(orders_limited),
      .limited_slot_o(orders_limited_slot), .done_valid_o(orders_done), .done_slot_o(orders_done_slot)
  );
  pl_row_columns #(.PROFILE(PROFILE), .SCENARIOS(SCENARIOS)) u_columns (
      .clk_i, .rst_ni, .row_valid_i(row_valid), .row_slot_i(row_slot), .row_i(head), .instrument_i(instrument),
      .expiry_i(expiry), .result_valid_i(result_valid), .result_slot_i(result_slot), .result_z_i(result_z),
      .result_negative_i(result_negative), .result_magnitude_i(result_magnitude), .result_coin_i(result_coin),
      .result_domain_i(result_domain), .result_saturated_i(result_saturated), .greeks_limited_i(greeks_limited),
      .greeks_limited_slot_i(greeks_limited_slot), .greeks_done_i(greeks_done), .greeks_done_slot_i(greeks_done_slot),
      .requirements_limited_i(requirements_limited), .requirements_limited_slot_i(requirements_limited_slot),
      .requirements_done_i(requirements_done), .requirements_done_slot_i(requirements_done_slot),
      .orders_limited_i(orders_limited), .orders_limited_slot_i(orders_limited_slot), .orders_done_i(orders_done),
      .orders_done_slot_i(orders_done_slot), .slot_o(read_slot), .greeks_which_o(greeks_which),
      .greeks_value_i(greeks_value), .greeks_quote_i(greeks_quote), .requirements_which_o(requirements_which),
      .requirements_value_i(requirements_value), .gross_i(gross), .notional_i(notional), .order_long_i(order_long),
      .order_short_i(order_short), .write_a_valid_o, .write_a_instrument_o, .write_a_column_o, .write_a_value_o,
      .write_b_valid_o, .write_b_instrument_o, .write_b_column_o, .write_b_value_o, .quote_valid_o, .quote_o,
      .freed_o(freed)
  );

  // verilator lint_off UNUSEDSIGNAL
  wire unused = &{allocated_q[4], level_d, steps[3:1]};
  // verilator lint_on UNUSEDSIGNAL
endmodule
`default_nettype wire

// The close: wide sums of expiries in, verdicts and records per underlying out, in order.
//
// Every entry (group_t) takes max(3, scenario_count / WAYS rounded up) cycles through a pipeline that
// never stalls: close_feeder, close_expiry, close_view (sums, underlyings, account), close_verdict. Its results go to a FIFO of OUTPUT_DEPTH; an entry starts only while
// the FIFO has room for all that are in flight, so a stall of judged_o holds group_ready_o low and
// loses nothing. While room_o is high another account of the sweep may begin: all its records and verdict
// find room without a wait, and so do those of BEGUN entries before it that are still on their way here.
// So what the lane has begun never waits for judged_o, nor does a live entry behind it. Latency about 75 cycles; what waits for a later stage lies in close_keep, and nothing
// moves but for beats and entries.
// Entries of the watched set (live) are judged with the words of the live tick, and yield verdicts only,
// whatever per_underlying_i, to live_judged_o: a FIFO of LIVE_DEPTH of their own, with a check of its
// own. While at most LIVE_DEPTH / 2 live accounts are on their way, from the lane to live_judged_o, a
// live entry never waits for room, and so never holds those behind it.
// From its first asset without a price on, an account has two views (the asset at its last price, or
// worth nothing), and its entries go through twice, taking twice the cycles; the sums part where the C
// model copies one to the other (close_feeder).
// An account of either kind that ends with another status than OK yields that status and slot; records per
// underlying of its earlier entries were already given. The next account starts clean.
// Mirrors end_expiry(), end_underlying() and account_end() of host/model/sweep.c.
`default_nettype none
module close #(
    parameter  int unsigned SCENARIOS    = 40,
    parameter  int unsigned EXPIRIES     = 512,
    parameter  int unsigned UNDERLYINGS  = 128,
    parameter  int unsigned WAYS         = (SCENARIOS + 2) / 3,  // scenarios a cycle
    parameter  int unsigned OUTPUT_DEPTH = 512,
    parameter  int unsigned LIVE_DEPTH   = 128,
    parameter  int unsigned BEGUN        = 36,
    localparam int unsigned SUMS         = pl_card_pkg::SUM_SCENARIO + SCENARIOS
) (
    input  wire                                   clk_i,
    input  wire                                   rst_ni,
    input  wire                                   table_valid_i,
    input  wire  [       pl_card_pkg::LINE_W-1:0] table_record_i,
    input  wire                                   clear_valid_i,
    input  wire  [ pl_card_pkg::INSTRUMENT_W-1:0] clear_index_i,
    input  wire                                   frozen_expiry_valid_i,
    input  wire  pl_card_pkg::frozen_expiry_t     frozen_expiry_i,
    input  wire                                   frozen_underlying_valid_i,
    input  wire  pl_card_pkg::frozen_underlying_t frozen_underlying_i,
    input  wire                                   per_underlying_i,
    input  wire                                   group_valid_i,
    output logic                                  group_ready_o,
    input  wire  pl_card_pkg::group_t             group_i,
    input  wire  [  SUMS*pl_card_pkg::SUM_W-1:0] sums_i,
    output logic                                  room_o,
    output logic                                  judged_valid_o,
    input  wire                                   judged_ready_i,
    output pl_card_pkg::judged_t                  judged_o,
    output logic                                  live_judged_valid_o,
    input  wire                                   live_judged_ready_i,
    output pl_card_pkg::judged_t                  live_judged_o
);
  localparam int unsigned WANTED = (SCENARIOS + WAYS - 1) / WAYS;
  localparam int unsigned BEATS = WANTED < 3 ? 3 : WANTED;
  localparam int unsigned BEAT_W = $clog2(BEATS);
  localparam int unsigned D = $clog2(WAYS + 1);
  localparam int unsigned C = pl_card_pkg::COEFFICIENT_W;
  localparam int unsigned F = pl_card_pkg::FLAGS_W;
  localparam int unsigned W = pl_card_pkg::SUM_W;
  localparam int unsigned SIDES = 5;
  localparam int unsigned GREEKS = 5;

  // Cycles after the feeder's output of a beat, and of an entry's last one.
  localparam int unsigned S = 32'(money_pkg::SCALE_LATENCY);
  localparam int unsigned DAMPEN_AT = S + 5;              // close_expiry: dampening is read
  localparam int unsigned SUM_AT = 2 * S + 8;             // close_view: sums
  localparam int unsigned UNDERLYING_AT = SUM_AT + 4;     // close_underlying
  localparam int unsigned RESULT_AT = UNDERLYING_AT + D + S + 3;
  localparam int unsigned ACCOUNT_AT = RESULT_AT + S + 1;    // close_account
  localparam int unsigned VERDICT_AT = ACCOUNT_AT + 4;    // close_verdict
  localparam int unsigned OUT_AT = VERDICT_AT + S + 5;
  // An entry in flight gives at most a record and a verdict; entries are 3 cycles apart or more.
  localparam int unsigned LIVE_IN_FLIGHT = (OUT_AT + 6) / 3 + 1;  // a live one a verdict only
  localparam int unsigned IN_FLIGHT = 2 * LIVE_IN_FLIGHT;

  if (SCENARIOS < 1 || SCENARIOS > 32'(pl_abi_pkg::PL_SCENARIOS_MAX)) begin : g_scenarios $error("close: SCENARIOS"); end
  if (EXPIRIES < 2 || EXPIRIES > 32'(pl_abi_pkg::PL_EXPIRIES_MAX)) begin : g_expiries $error("close: EXPIRIES"); end
  if (UNDERLYINGS < 2 || UNDERLYINGS > 32'(pl_abi_pkg::PL_UNDERLYINGS_MAX)) begin : g_underlyings
    $error("close: UNDERLYINGS");
  end
  if (WAYS < 1 || WAYS > SCENARIOS) begin : g_ways $error("close: WAYS"); end
  // What may still come when room_o is seen high: of entries in flight, of those on their way here, of the account that begins.
  localparam int unsigned YET = IN_FLIGHT + 2 * BEGUN + UNDERLYINGS + 1;
  localparam int unsigned YET_ALONE = LIVE_IN_FLIGHT + BEGUN + 1;  // verdicts alone
  if (OUTPUT_DEPTH <= IN_FLIGHT + YET) begin : g_depth $error("close: OUTPUT_DEPTH"); end
  if (LIVE_DEPTH < 2 * LIVE_IN_FLIGHT) begin : g_live_depth $error("close: LIVE_DEPTH"); end

  // Beats.
  logic issue, awake, valid_0, last_0, account_first_0, underlying_first_0, two_views_0, last_price_0, fork_0, almost_full, live_almost_full;
  logic [BEAT_W-1:0] beat_0;
  pl_card_pkg::group_t group_0;
  logic [WAYS*W-1:0] scenario_0;
  logic [SIDES*W-1:0] side_0;
  logic [7:0] scenario_count_1;
  close_feeder #(
      .SCENARIOS(SCENARIOS),
      .WAYS(WAYS),
      .BEATS(BEATS)
  ) u_feeder (
      .clk_i,
      .rst_ni,
      .room_i(!almost_full),
      .live_room_i(!live_almost_full),
      .group_valid_i,
      .group_ready_o,
      .group_i,
      .sums_i,
      .scenario_count_i(scenario_count_1),
      .issue_o(issue),
      .valid_o(valid_0),
      .beat_o(beat_0),
      .last_o(last_0),
      .group_o(group_0),
      .account_first_o(account_first_0),
      .underlying_first_o(underlying_first_0),
      .two_views_o(two_views_0),
      .last_price_o(last_price_0),
      .fork_o(fork_0),
      .scenario_o(scenario_0),
      .side_o(side_0)
  );

  // Beats in flight, of entries with sums, and ends of entries: bit n is n cycles after the feeder.
  logic [SUM_AT:0] beat_at;
  logic [OUT_AT:0] entry_at;
  logic [SUM_AT:1] beat_at_q;
  logic [OUT_AT:1] entry_at_q;
  assign beat_at = {beat_at_q, valid_0 && group_0.group};
  assign entry_at = {entry_at_q, valid_0 && last_0};
  lane_awake #(
      .CYCLES(OUT_AT + 2)
  ) u_awake (
      .clk_i,
      .rst_ni,
      .wake_i(issue),
      .awake_o(awake)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      beat_at_q <= '0;
      entry_at_q <= '0;
    end else if (awake) begin
      beat_at_q <= beat_at[SUM_AT-1:0];
      entry_at_q <= entry_at[OUT_AT-1:0];
    end
  end

  // At 1: what the tables say about the beat's entry.
  // verilator lint_off UNUSEDSIGNAL
  pl_card_pkg::group_t group_1_q;
  // verilator lint_on UNUSEDSIGNAL
  logic [BEAT_W-1:0] beat_1_q, beat_p, beat_s;
  logic last_1_q, account_first_1_q, underlying_first_1_q, two_views_1_q, last_price_1_q, fork_1_q;
  logic [3:0] scenario_table_1, offset_group_1, scenario_table_p;
  logic [C-1:0] mm_factor_1, im_factor_1, penalty_1, penalty_perpetual_1, basis_weight_1, long_1, short_1, multiplier_1, credit_2;
  logic perpetual_1, scenarios_1, closes_1, fails_1, join_1, fresh_1, ends_before_1, group_fork_1;
  logic [WAYS-1:0] skew_p_1;
  logic [WAYS*C-1:0] dampening_p_1;
  always_ff @(posedge clk_i) begin
    if (valid_0) begin
      group_1_q <= group_0;
      beat_1_q <= beat_0;
      last_1_q <= last_0;
      account_first_1_q <= account_first_0;
      underlying_first_1_q <= underlying_first_0;
      two_views_1_q <= two_views_0;
      last_price_1_q <= last_price_0;
      fork_1_q <= fork_0;
    end
  end
  close_tables #(
      .SCENARIOS(SCENARIOS),
      .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS),
      .WAYS(WAYS),
      .BEATS(BEATS)
  ) u_tables (
      .clk_i,
      .rst_ni,
      .table_valid_i,
      .table_record_i,
      .clear_valid_i,
      .clear_index_i,
      .frozen_expiry_valid_i,
      .frozen_expiry_i,
      .frozen_underlying_valid_i,
      .frozen_underlying_i,
      .read_i(group_valid_i),
      .live_i(group_i.live),
      .underlying_i(group_i.underlying),
      .expiry_i(group_i.expiry),
      .multiplier_i(group_i.multiplier),
      .scenario_count_o(scenario_count_1),
      .scenario_table_o(scenario_table_1),
      .offset_group_o(offset_group_1),
      .mm_factor_o(mm_factor_1),
      .im_factor_o(im_factor_1),
      .perpetual_o(perpetual_1),
      .scenario_o(scenarios_1),
      .penalty_o(penalty_1),
      .penalty_perpetual_o(penalty_perpetual_1),
      .basis_weight_o(basis_weight_1),
      .long_discount_o(long_1),
      .short_discount_o(short_1),
      .multiplier_o(multiplier_1),
      .credit_o(credit_2),
      .beat_read_i(beat_at[DAMPEN_AT]),
      .beat_table_i(scenario_table_p),
      .beat_i(beat_p),
      .skew_o(skew_p_1),
      .dampening_o(dampening_p_1)
  );
  assign fails_1 = group_1_q.account_last && group_1_q.status != pl_abi_pkg::PL_STATUS_OK;
  assign closes_1 = group_1_q.group && group_1_q.underlying_last && !fails_1;
  close_groups u_groups (
      .clk_i,
      .rst_ni,
      .step_i(entry_at[1]),
      .closes_i(closes_1),
      .account_last_i(group_1_q.account_last),
      .offset_group_i(offset_group_1),
      .join_o(join_1),
      .fresh_o(fresh_1),
      .last_price_i(last_price_1_q),
      .ends_before_o(ends_before_1),
      .fork_o(group_fork_1)
  );
  delay #(
      .WIDTH(4 + BEAT_W),
      .DEPTH(DAMPEN_AT - 1)
  ) u_scenario_at (
      .clk_i,
      .en_i  (awake),
      .data_i({scenario_table_1, beat_1_q}),
      .data_o({scenario_table_p, beat_p})
  );

  // Expiry.
  logic [WAYS*64-1:0] pnl_s;
  logic [SIDES*64-1:0] side_s;
  logic money_over_s, greek_over_s;
  close_expiry #(
      .WAYS (WAYS),
      .BEATS(BEATS)
  ) u_expiry (
      .clk_i,
      .rst_ni,
      .valid_i(beat_at[0]),
      .beat_i(beat_0),
      .scenario_i(scenario_0),
      .side_i(side_0),
      .row_shift_i(group_0.row_shift),
      .portfolio_1_i(group_1_q.mode == pl_abi_pkg::PL_MODE_PORTFOLIO[1:0]),
      .scenarios_1_i(scenarios_1),
      .scenario_count_1_i(scenario_count_1),
      .bracket_mm_1_i(group_1_q.bracket_mm),
      .bracket_im_1_i(group_1_q.bracket_im),
      .penalty_1_i(penalty_1),
      .penalty_perpetual_1_i(penalty_perpetual_1),
      .basis_weight_1_i(basis_weight_1),
      .long_discount_1_i(long_1),
      .short_discount_1_i(short_1),
      .skew_p_1_i(skew_p_1),
      .dampening_p_1_i(dampening_p_1),
      .pnl_o(pnl_s),
      .side_o(side_s),
      .money_overflow_o(money_over_s),
      .greek_overflow_o(greek_over_s)
  );

  // Control that travels with the beats to the sums, and on to the offset groups.
  logic last_s, underlying_first_s, unpriced_s, perpetual_s, last_price_s, fork_s, last_price_s_2;
  logic join_s, fresh_s, group_fork_s, join_s_2, fresh_s_2, group_fork_s_2;
  logic [F-1:0] flags_s, order_flags_s;
  close_keep #(
      .WIDTH(BEAT_W + 9 + 2 * F)
  ) u_sum_at (
      .clk_i,
      .rst_ni,
      .put_i(beat_at[1]),
      .take_i(beat_at[SUM_AT-1]),
      .data_i({
        beat_1_q,
        last_1_q,
        underlying_first_1_q,
        group_1_q.unpriced_asset,
        group_1_q.held && perpetual_1,
        last_price_1_q,
        fork_1_q,
        join_1,
        fresh_1,
        group_fork_1,
        group_1_q.flags,
        group_1_q.order_flags
      }),
      .data_o({beat_s, last_s, underlying_first_s, unpriced_s, perpetual_s, last_price_s, fork_s, join_s, fresh_s, group_fork_s,
        flags_s, order_flags_s})
  );
  delay #(
      .WIDTH(4),
      .DEPTH(2)
  ) u_join_at (
      .clk_i,
      .en_i  (awake),
      .data_i({join_s, fresh_s, last_price_s, group_fork_s}),
      .data_o({join_s_2, fresh_s_2, last_price_s_2, group_fork_s_2})
  );

  // Control of an underlying and its account.
  localparam int unsigned UNDERLYING_W = pl_card_pkg::UNDERLYING_W;
  logic join_u, fresh_u, last_price_u, group_fork_u;
  logic [C-1:0] mm_factor_u, im_factor_u, credit_u;
  logic closes_a, records_a, join_a, ends_before_a, account_first_a, two_views_a, fork_a;
  logic [UNDERLYING_W-1:0] underlying_r, underlying_a;
  logic [31:0] account_r;
  close_keep #(
      .WIDTH(4 + 2 * C)
  ) u_underlying_at (
      .clk_i,
      .rst_ni,
      .put_i (entry_at[1]),
      .data_i({join_1, fresh_1, last_price_1_q, group_fork_1, mm_factor_1, im_factor_1}),
      .take_i(entry_at[UNDERLYING_AT-1]),
      .data_o({join_u, fresh_u, last_price_u, group_fork_u, mm_factor_u, im_factor_u})
  );
  close_keep #(
      .WIDTH(C)
  ) u_credit_at (
      .clk_i,
      .rst_ni,
      .put_i (entry_at[2]),
      .data_i(credit_2),
      .take_i(entry_at[UNDERLYING_AT-1]),
      .data_o(credit_u)
  );
  close_keep #(
      .WIDTH(32 + UNDERLYING_W)
  ) u_record_at (
      .clk_i,
      .rst_ni,
      .put_i (entry_at[1]),
      .data_i({group_1_q.account, group_1_q.underlying}),
      .take_i(entry_at[RESULT_AT-1]),
      .data_o({account_r, underlying_r})
  );
  close_keep #(
      .WIDTH(7 + UNDERLYING_W)
  ) u_account_at (
      .clk_i,
      .rst_ni,
      .put_i (entry_at[1]),
      .data_i({
        closes_1,
        closes_1 && !group_1_q.live && !last_price_1_q,
        group_1_q.underlying,
        join_1,
        ends_before_1,
        account_first_1_q,
        two_views_1_q,
        fork_1_q
      }),
      .take_i(entry_at[ACCOUNT_AT-1]),
      .data_o({closes_a, records_a, underlying_a, join_a, ends_before_a, account_first_a, two_views_a, fork_a})
  );

  // The views.
  localparam int unsigned RESULT_W = (6 + GREEKS) * 64 + 8 + 1 + 2 * F;
  logic [63:0] equity, mm, im, pending_mm, pending_im, worst;
  logic pending, pending_over;
  logic [F-1:0] flags, order_flags;
  logic [RESULT_W-1:0] result_r;
  logic [GREEKS*64-1:0] greeks;
  logic [15:0] worst_underlying;
  logic [7:0] worst_scenario;
  close_view #(
      .WAYS (WAYS),
      .BEATS(BEATS)
  ) u_view (
      .clk_i,
      .rst_ni,
      .valid_i(beat_at[SUM_AT]),
      .beat_i(beat_s),
      .last_i(last_s),
      .first_i(underlying_first_s),
      .skip_i(unpriced_s && !last_price_s),
      .last_price_i(last_price_s),
      .fork_i(fork_s),
      .pnl_i(pnl_s),
      .side_i(side_s),
      .money_overflow_i(money_over_s),
      .greek_overflow_i(greek_over_s),
      .flags_i(flags_s),
      .order_flags_i(order_flags_s),
      .perpetual_i(perpetual_s),
      .join_2_i(join_s_2),
      .fresh_2_i(fresh_s_2),
      .last_price_2_i(last_price_s_2),
      .fork_2_i(group_fork_s_2),
      .join_u_i(join_u),
      .fresh_u_i(fresh_u),
      .last_price_u_i(last_price_u),
      .fork_u_i(group_fork_u),
      .mm_factor_u_i(mm_factor_u),
      .im_factor_u_i(im_factor_u),
      .credit_u_i(credit_u),
      .result_o(result_r),
      .valid_a_i(entry_at[ACCOUNT_AT]),
      .account_first_a_i(account_first_a),
      .closes_a_i(closes_a),
      .join_a_i(join_a),
      .ends_before_a_i(ends_before_a),
      .two_views_a_i(two_views_a),
      .fork_a_i(fork_a),
      .underlying_a_i(underlying_a),
      .equity_o(equity),
      .mm_o(mm),
      .im_o(im),
      .pending_o(pending),
      .pending_mm_o(pending_mm),
      .pending_im_o(pending_im),
      .pending_overflow_o(pending_over),
      .greeks_o(greeks),
      .worst_underlying_o(worst_underlying),
      .worst_scenario_o(worst_scenario),
      .worst_o(worst),
      .flags_o(flags),
      .order_flags_o(order_flags)
  );

  // Verdict.
  logic [31:0] account_v, slot_v;
  logic [63:0] cash_v;
  logic [C-1:0] multiplier_v;
  logic [7:0] status_v;
  logic [1:0] mode_v;
  logic cash_over_v, account_last_v, account_last_out, live_v, two_views_v, last_price_v;
  pl_card_pkg::judged_t verdict_out;
  close_keep #(
      .WIDTH(3 + 32 + 2 + 64 + 1 + C + 8 + 32 + 1)
  ) u_verdict_at (
      .clk_i,
      .rst_ni,
      .put_i(entry_at[1]),
      .take_i(entry_at[VERDICT_AT-1]),
      .data_i({
        group_1_q.live,
        two_views_1_q,
        last_price_1_q,
        group_1_q.account,
        group_1_q.mode,
        group_1_q.cash,
        group_1_q.cash_overflow,
        multiplier_1,
        group_1_q.status,
        group_1_q.slot,
        group_1_q.account_last && !last_price_1_q
      }),
      .data_o({live_v, two_views_v, last_price_v, account_v, mode_v, cash_v, cash_over_v, multiplier_v, status_v, slot_v, account_last_v})
  );
  delay #(.WIDTH(1), .DEPTH(OUT_AT - VERDICT_AT)) u_last_at (
      .clk_i, .en_i(awake), .data_i(account_last_v), .data_o(account_last_out));
  close_verdict u_verdict (
      .clk_i,
      .rst_ni,
      .valid_i(entry_at[VERDICT_AT]),
      .two_views_i(two_views_v),
      .last_price_i(last_price_v),
      .live_i(live_v),
      .account_i(account_v),
      .mode_i(mode_v),
      .cash_i(cash_v),
      .cash_overflow_i(cash_over_v),
      .multiplier_i(multiplier_v),
      .status_i(status_v),
      .slot_i(slot_v),
      .equity_i(equity),
      .mm_i(mm),
      .im_i(im),
      .pending_i(pending),
      .pending_mm_i(pending_mm),
      .pending_im_i(pending_im),
      .pending_overflow_i(pending_over),
      .flags_i(flags),
      .order_flags_i(order_flags),
      .worst_underlying_i(worst_underlying),
      .worst_scenario_i(worst_scenario),
      .worst_i(worst),
      .greeks_i(greeks),
      .judged_o(verdict_out)
  );

  // Record of the view that is reported; it leaves one cycle before its entry's verdict would.
  logic [63:0] worst_r, loss_mm_r, loss_im_r, mm_other_r, im_other_r, value_r;
  logic [GREEKS*64-1:0] greeks_r;
  logic [7:0] index_r;
  // verilator lint_off UNUSEDSIGNAL
  logic [F-1:0] order_flags_r;
  // verilator lint_on UNUSEDSIGNAL
  logic [F-1:0] flags_r;
  logic loss_over_r, record_valid_out;
  pl_card_pkg::underlying_t record;
  logic [pl_card_pkg::UNDERLYING_RECORD_W-1:0] record_out;
  assign {
    worst_r, loss_mm_r, loss_im_r, mm_other_r, im_other_r, value_r, greeks_r, index_r, loss_over_r, flags_r, order_flags_r
  } = result_r;
  close_record u_record (
      .clk_i,
      .en_i(entry_at[RESULT_AT]),
      .account_i(account_r),
      .underlying_i(underlying_r),
      .worst_i(worst_r),
      .index_i(index_r),
      .loss_mm_i(loss_mm_r),
      .loss_im_i(loss_im_r),
      .loss_overflow_i(loss_over_r),
      .mm_other_i(mm_other_r),
      .im_other_i(im_other_r),
      .value_i(value_r),
      .greeks_i(greeks_r),
      .flags_i(flags_r),
      .record_o(record)
  );
  close_keep #(
      .WIDTH(pl_card_pkg::UNDERLYING_RECORD_W),
      .DEPTH(16)
  ) u_record_out (
      .clk_i,
      .rst_ni,
      .put_i (entry_at[RESULT_AT+1]),
      .data_i(record),
      .take_i(entry_at[OUT_AT-2]),
      .data_o(record_out)
  );
  delay #(.WIDTH(1), .DEPTH(OUT_AT - ACCOUNT_AT - 1)) u_record_valid (
      .clk_i, .en_i(awake), .data_i(records_a && per_underlying_i), .data_o(record_valid_out));

  // Output.
  logic verdict_push, record_push, output_ready, live_push, live_output_ready;
  // verilator lint_off UNUSEDSIGNAL
  logic [$clog2(OUTPUT_DEPTH+1)-1:0] level;
  logic [$clog2(LIVE_DEPTH+1)-1:0] live_level;
  // verilator lint_on UNUSEDSIGNAL
  localparam int unsigned BODY_W = pl_card_pkg::VERDICT_W;
  localparam int unsigned LIVE_W = 8 + 32 + BODY_W;  // without live and per_underlying
  logic [LIVE_W:0] pushed, judged;  // without live
  logic [LIVE_W-1:0] verdict_pushed, live_judged;
  assign verdict_push = entry_at[OUT_AT] && account_last_out && !verdict_out.live;
  assign live_push = entry_at[OUT_AT] && account_last_out && verdict_out.live;
  assign record_push = entry_at[OUT_AT-1] && record_valid_out;
  assign verdict_pushed = {verdict_out.status, verdict_out.slot, verdict_out.body};
  assign pushed = record_push ? {1'b1, pl_abi_pkg::PL_STATUS_OK, 32'd0, BODY_W'(record_out)}
                              : {verdict_out.per_underlying, verdict_pushed};
  fifo #(
      .WIDTH(LIVE_W + 1),
      .DEPTH(OUTPUT_DEPTH),
      .READ_STAGES(2),
      .ALMOST_FULL(OUTPUT_DEPTH - IN_FLIGHT)
  ) u_output (
      .clk_i,
      .rst_ni,
      .valid_i(verdict_push || record_push),
      .ready_o(output_ready),
      .data_i(pushed),
      .valid_o(judged_valid_o),
      .ready_i(judged_ready_i),
      .data_o(judged),
      .level_o(level),
      .almost_full_o(almost_full)
  );
  fifo #(
      .WIDTH(LIVE_W),
      .DEPTH(LIVE_DEPTH),
      .READ_STAGES(1),
      .ALMOST_FULL(LIVE_DEPTH - LIVE_IN_FLIGHT)
  ) u_live_output (
      .clk_i,
      .rst_ni,
      .valid_i(live_push),
      .ready_o(live_output_ready),
      .data_i(verdict_pushed),
      .valid_o(live_judged_valid_o),
      .ready_i(live_judged_ready_i),
      .data_o(live_judged),
      .level_o(live_level),
      .almost_full_o(live_almost_full)
  );
  always_ff @(posedge clk_i) room_o <= rst_ni && 32'(level) < OUTPUT_DEPTH - IN_FLIGHT - (per_underlying_i ? YET : YET_ALONE);
  assign judged_o = {1'b0, judged};
  assign live_judged_o = {1'b1, 1'b0, live_judged};

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_one_result: assert (!(verdict_push && record_push));
      a_output_has_room: assert (output_ready || !(verdict_push || record_push));
      a_live_output_has_room: assert (live_output_ready || !live_push);
    end
  end
endmodule
`default_nettype wire

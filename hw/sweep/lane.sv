// A sweep lane: fragments of accounts in, one entry with its wide sums per expiry of each account out:
// pl_sweep_next of host/model/sweep.c up to the close, with host/model/brackets.c.
//
// slots -> decode -> row read, 3 cycles -> account (checks, borders, flags) -> products, orders,
//                                                                              brackets, cash -> group
// A slot is issued only when everything behind it has room, and nothing behind it stalls: entries are
// counted when a slot that may start one is taken (credits), bracket jobs by their FIFO's level.
// Row reads: accepted when row_valid_o and row_ready_i; the answer comes exactly 3 cycles later with
// row_valid_i. Throughput: one slot per cycle, PAD slots included; brackets take a cycle each. Latency
// from the read of an account's last row to its last entry: 17 cycles, brackets apart; from an accepted
// fragment to its first slot 4 cycles, live ones 3.
// With shared multipliers (pl_pricing_pkg::TILE_SHARE 4) a slot leaves every fourth cycle at most, its row is asked for in that cycle only,
// and the entry comes 9 cycles later.
// Accounts of the watched set (live_fragment_*, each with live) have a queue of their own, and go first
// between accounts: see lane_slots. Their row reads come with row_live_o, their entries with live. At
// most LIVE_ACCOUNTS of them are on their way to the close's live output, which must have room for them.
// Group hand-over: group_valid_o with stable group and sums until group_ready_i.
// Errors: a broken slot or an uncorrectable row makes the status of the account's last entry; the entries
// before it may have left already, a group that is open then still leaves with that last entry.
// Rows that come after a reset for reads before it are ignored. row_corrected_i is not for here: the row
// store counts it. A reset keeps the tables.
`default_nettype none
module lane #(
    parameter  int unsigned PROFILE        = 32'(pl_abi_pkg::PL_PROFILE_FULL),
    parameter  int unsigned SCENARIOS      = 40,
    parameter  int unsigned EXPIRIES       = 512,
    parameter  int unsigned CLASSES        = 256,
    parameter  int unsigned BRACKET_TABLES = 64,
    parameter  int unsigned QUEUE          = 1024,
    parameter  int unsigned GROUPS         = 32,  // entries on their way to the close
    parameter  int unsigned LIVE_QUEUE     = 64,
    parameter  int unsigned LIVE_ACCOUNTS  = 64,
    localparam int unsigned ROW_W = 1 + (PROFILE == 1 ? 32'(pl_abi_pkg::PL_ROW_BITS_FULL) : 32'(pl_abi_pkg::PL_ROW_BITS_SMALL)),
    localparam int unsigned ENTRIES = 32'(pl_abi_pkg::PL_ROW_WORD_ORDER_NAKED) + SCENARIOS,
    localparam int unsigned SUMS = pl_card_pkg::SUM_SCENARIO + SCENARIOS
) (
    input  wire                                clk_i,
    input  wire                                rst_ni,
    input  wire                                table_valid_i,
    input  wire  [pl_card_pkg::LINE_W-1:0]     table_record_i,
    input  wire  [pl_card_pkg::INSTRUMENT_W:0] instruments_i,
    input  wire                                fragment_valid_i,
    output logic                               fragment_ready_o,
    input  wire pl_card_pkg::fragment_t        fragment_i,
    output logic                               light_o,
    input  wire                                live_fragment_valid_i,
    output logic                               live_fragment_ready_o,
    input  wire pl_card_pkg::fragment_t        live_fragment_i,
    output logic                               live_light_o,
    input  wire                                live_given_i,  // a live verdict left this lane's close
    input  wire                                close_room_i,  // this lane's close has room for another account of the sweep
    output logic                               row_valid_o,
    input  wire                                row_ready_i,
    output logic [pl_card_pkg::INSTRUMENT_W-1:0] row_instrument_o,
    output logic                               row_live_o,
    input  wire                                row_valid_i,
    input  wire  [pl_card_pkg::ROW_META_W-1:0] row_meta_i,
    input  wire  [ENTRIES*ROW_W-1:0]           row_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire                                row_corrected_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire                                row_uncorrectable_i,
    output logic                               group_valid_o,
    input  wire                                group_ready_i,
    output pl_card_pkg::group_t                group_o,
    output logic [SUMS*pl_card_pkg::SUM_W-1:0] sums_o
);
  localparam int unsigned PRODUCT_W = ROW_W + 32;
  localparam int unsigned ACC_W = ROW_W + 48;
  localparam int unsigned COLUMNS = pl_card_pkg::SUM_ORDER_IM + SCENARIOS;
  localparam int unsigned CLASS_W = $clog2(CLASSES);
  localparam int unsigned SLOT_W = pl_card_pkg::SLOT_W;
  localparam int SHARE = pl_pricing_pkg::TILE_SHARE;

  if (PROFILE != 1 && PROFILE != 2) begin : g_profile $error("lane: PROFILE"); end
  if (SCENARIOS < 1 || SCENARIOS > 32'(pl_abi_pkg::PL_SCENARIOS_MAX)) begin : g_scenarios
    $error("lane: SCENARIOS must lie in 1..PL_SCENARIOS_MAX");
  end
  if (EXPIRIES < 2 || EXPIRIES > 32'(pl_abi_pkg::PL_EXPIRIES_MAX)) begin : g_expiries
    $error("lane: EXPIRIES must lie in 2..PL_EXPIRIES_MAX");
  end
  if (CLASSES < 2 || CLASSES > 32'(pl_abi_pkg::PL_CLASSES_MAX)) begin : g_classes
    $error("lane: CLASSES must lie in 2..PL_CLASSES_MAX");
  end
  if (BRACKET_TABLES < 2 || BRACKET_TABLES > 32'(pl_abi_pkg::PL_BRACKET_TABLES_MAX)) begin : g_tables
    $error("lane: BRACKET_TABLES must lie in 2..PL_BRACKET_TABLES_MAX");
  end
  if (QUEUE <= 64) begin : g_queue $error("lane: QUEUE must be above 64"); end
  if (LIVE_QUEUE < 2) begin : g_live_queue $error("lane: LIVE_QUEUE must be at least 2"); end
  if (GROUPS < 2) begin : g_groups $error("lane: GROUPS must be at least 2"); end
  if (LIVE_ACCOUNTS < 2) begin : g_accounts $error("lane: LIVE_ACCOUNTS must be at least 2"); end

  // The table bus, one cycle later.
  logic table_valid_q;
  logic [511:0] table_record_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) table_valid_q <= 1'b0;
    else table_valid_q <= table_valid_i;
  end
  always_ff @(posedge clk_i) if (table_valid_i) table_record_q <= table_record_i;

  logic slot_valid, slot_ready, slot_last, slot_live;
  logic [SLOT_W-1:0] slot_word;
  logic [31:0] slot_index;
  lane_slots #(
      .QUEUE(QUEUE),
      .LIVE_QUEUE(LIVE_QUEUE),
      .LIVE_ACCOUNTS(LIVE_ACCOUNTS)
  ) u_slots (
      .clk_i,
      .rst_ni,
      .fragment_valid_i,
      .fragment_ready_o,
      .fragment_i,
      .light_o,
      .live_fragment_valid_i,
      .live_fragment_ready_o,
      .live_fragment_i,
      .live_light_o,
      .live_given_i,
      .close_room_i,
      .slot_valid_o(slot_valid),
      .slot_ready_i(slot_ready),
      .slot_o(slot_word),
      .slot_index_o(slot_index),
      .slot_last_o(slot_last),
      .slot_live_o(slot_live)
  );

  // Slots leave for the row in steps, so that their operands come in steps as well.
  // verilator lint_off UNUSEDSIGNAL
  logic [3:0] steps;
  // verilator lint_on UNUSEDSIGNAL
  pace #(
      .SHARE(SHARE)
  ) u_pace (
      .clk_i,
      .rst_ni,
      .steps_o(steps)
  );

  logic room, jobs_room, reserve, popped;
  logic [1:0] unused;
  lane_credits #(
      .ENTRIES(GROUPS)
  ) u_credits (
      .clk_i,
      .rst_ni,
      .reserve_i(reserve),
      .release_i({popped, unused}),
      .room_o(room)
  );

  // With the row.
  logic soon, valid, last, live, broken, header, cash, cash_high, position, requirement, orders;
  logic negative, bought_negative, sold_negative;
  logic [31:0] index, size, bought_size, sold_size, more;
  logic [SLOT_W-9:0] body;
  lane_decode u_decode (
      .clk_i,
      .rst_ni,
      .step_i(steps[0]),
      .instruments_i,
      .slot_valid_i(slot_valid),
      .slot_ready_o(slot_ready),
      .slot_i(slot_word),
      .slot_index_i(slot_index),
      .slot_last_i(slot_last),
      .slot_live_i(slot_live),
      .room_i(room),
      .jobs_room_i(jobs_room),
      .reserve_o(reserve),
      .row_valid_o,
      .row_ready_i,
      .row_instrument_o,
      .row_live_o,
      .soon_o(soon),
      .valid_o(valid),
      .last_o(last),
      .live_o(live),
      .broken_o(broken),
      .header_o(header),
      .cash_o(cash),
      .cash_high_o(cash_high),
      .position_o(position),
      .requirement_o(requirement),
      .orders_o(orders),
      .slot_index_o(index),
      .slot_o(body),
      .negative_o(negative),
      .size_o(size),
      .bought_negative_o(bought_negative),
      .bought_size_o(bought_size),
      .sold_negative_o(sold_negative),
      .sold_size_o(sold_size),
      .more_o(more)
  );

  // One cycle later: what became of the slot.
  logic ends_account, position_event, opens_event, ends_event, orders_event, portfolio, entry_valid;
  logic [pl_card_pkg::GROUP_W-1:0] entry;
  logic [pl_card_pkg::EXPIRY_W-1:0] expiry;
  lane_account u_account (
      .clk_i,
      .rst_ni,
      .valid_i(valid),
      .last_i(last),
      .broken_i(broken),
      .header_i(header),
      .live_i(live),
      .position_i(position),
      .requirement_i(requirement),
      .orders_i(orders),
      .slot_index_i(index),
      .slot_i(body),
      .negative_i(negative),
      .size_i(size),
      .row_uncorrectable_i,
      .row_meta_i,
      .ends_account_o(ends_account),
      .position_o(position_event),
      .opens_o(opens_event),
      .ends_o(ends_event),
      .orders_o(orders_event),
      .portfolio_o(portfolio),
      .entry_valid_o(entry_valid),
      .entry_o(entry),
      .expiry_o(expiry),
      .unused_o(unused)
  );

  logic cash_valid, cash_ready, cash_overflow;
  logic [63:0] cash_money;
  lane_cash #(
      .ACCOUNTS(GROUPS)
  ) u_cash (
      .clk_i,
      .rst_ni,
      .start_i(header),
      .cash_i(cash),
      .cash_high_i(cash_high),
      .ends_i(ends_account),
      .amount_i(body),
      .valid_o(cash_valid),
      .ready_i(cash_ready),
      .cash_o(cash_money),
      .overflow_o(cash_overflow)
  );

  // Long enough for an account's end: it comes 1 cycle after the last slot, and leaves lane_orders
  // 1 + 6 + 4 + 2 cycles later; products that share multipliers take 9 cycles more.
  logic awake;
  lane_awake #(
      .CYCLES(24 + 3 * (32'(SHARE) - 1))
  ) u_awake (
      .clk_i,
      .rst_ni,
      .wake_i(soon),
      .awake_o(awake)
  );

  logic product_position, product_opens, product_ends, product_orders, product_portfolio, sums_valid;
  logic [6*PRODUCT_W-1:0] order_products;
  logic [COLUMNS*ACC_W-1:0] sums;
  lane_products #(
      .PROFILE(PROFILE),
      .SCENARIOS(SCENARIOS)
  ) u_products (
      .clk_i,
      .rst_ni,
      .awake_i(awake),
      .step_i(steps[3]),
      .slot_position_i(position),
      .slot_orders_i(orders),
      .negative_i(negative),
      .size_i(size),
      .bought_negative_i(bought_negative),
      .bought_size_i(bought_size),
      .sold_negative_i(sold_negative),
      .sold_size_i(sold_size),
      .more_i(more),
      .buy_i(body[pl_abi_pkg::PL_SLOT_ORDERS_BUY_MSB:pl_abi_pkg::PL_SLOT_ORDERS_BUY_LSB]),
      .sell_i(body[pl_abi_pkg::PL_SLOT_ORDERS_SELL_MSB:pl_abi_pkg::PL_SLOT_ORDERS_SELL_LSB]),
      .row_i,
      .position_i(position_event),
      .opens_i(opens_event),
      .ends_i(ends_event),
      .orders_i(orders_event),
      .portfolio_i(portfolio),
      .position_o(product_position),
      .opens_o(product_opens),
      .ends_o(product_ends),
      .orders_o(product_orders),
      .portfolio_o(product_portfolio),
      .product_o(order_products),
      .valid_o(sums_valid),
      .sums_o(sums)
  );

  logic order_sums_valid;
  logic [ACC_W-1:0] order_im, order_loss;
  lane_orders #(
      .PRODUCT_W(PRODUCT_W),
      .ACC_W(ACC_W)
  ) u_orders (
      .clk_i,
      .rst_ni,
      .awake_i(awake),
      .position_i(product_position),
      .opens_i(product_opens),
      .ends_i(product_ends),
      .orders_i(product_orders),
      .portfolio_i(product_portfolio),
      .product_i(order_products),
      .valid_o(order_sums_valid),
      .order_im_o(order_im),
      .order_loss_o(order_loss)
  );

  // Bracket jobs: the slot's data, kept for the cycle in which its events come.
  // verilator lint_off UNUSEDSIGNAL
  pl_card_pkg::row_meta_t meta;
  // verilator lint_on UNUSEDSIGNAL
  assign meta = row_meta_i;
  logic first_negative_q, second_negative_q;
  logic [31:0] first_size_q, second_size_q;
  logic [ROW_W-1:0] notional_q;
  logic [7:0] row_shift_q;
  logic [CLASS_W-1:0] class_q;
  always_ff @(posedge clk_i) begin
    if (position || orders) begin
      {first_negative_q, first_size_q} <= position ? {negative, size} : {bought_negative, bought_size};
      {second_negative_q, second_size_q} <= {sold_negative, sold_size};
    end
    if (position) begin
      notional_q <= row_i[(pl_abi_pkg::PL_ROW_WORD_NOTIONAL-1)*ROW_W+:ROW_W];
      row_shift_q <= meta.row_shift;
      class_q <= meta.margin_class[CLASS_W-1:0];
    end
  end

  // A group ends in the mode in which it was open: its first job comes after the end of the one before.
  logic brackets_valid, bracket_overflow, bracket_order_overflow;
  logic [63:0] bracket_mm, bracket_im;
  lane_brackets #(
      .PROFILE(PROFILE),
      .CLASSES(CLASSES),
      .TABLES(BRACKET_TABLES)
  ) u_brackets (
      .clk_i,
      .rst_ni,
      .table_valid_i(table_valid_q),
      .table_record_i(table_record_q),
      .position_i(position_event && !portfolio),
      .ends_i(ends_event && !portfolio),
      .orders_i(orders_event && !portfolio),
      .first_negative_i(first_negative_q),
      .first_size_i(first_size_q),
      .second_negative_i(second_negative_q),
      .second_size_i(second_size_q),
      .notional_i(notional_q),
      .row_shift_i(row_shift_q),
      .class_i(class_q),
      .job_room_o(jobs_room),
      .valid_o(brackets_valid),
      .mm_o(bracket_mm),
      .im_o(bracket_im),
      .overflow_o(bracket_overflow),
      .order_overflow_o(bracket_order_overflow)
  );

  lane_group #(
      .SCENARIOS(SCENARIOS),
      .EXPIRIES(EXPIRIES),
      .ACC_W(ACC_W),
      .GROUPS(GROUPS)
  ) u_group (
      .clk_i,
      .rst_ni,
      .table_valid_i(table_valid_q),
      .table_record_i(table_record_q),
      .opens_i(opens_event),
      .expiry_i(expiry),
      .entry_valid_i(entry_valid),
      .entry_i(entry),
      .sums_valid_i(sums_valid),
      .sums_i(sums),
      .orders_valid_i(order_sums_valid),
      .order_im_i(order_im),
      .order_loss_i(order_loss),
      .brackets_valid_i(brackets_valid),
      .bracket_mm_i(bracket_mm),
      .bracket_im_i(bracket_im),
      .bracket_overflow_i(bracket_overflow),
      .bracket_order_overflow_i(bracket_order_overflow),
      .cash_valid_i(cash_valid),
      .cash_ready_o(cash_ready),
      .cash_i(cash_money),
      .cash_overflow_i(cash_overflow),
      .popped_o(popped),
      .group_valid_o,
      .group_ready_i,
      .group_o,
      .sums_o
  );

  logic [2:0] asked_q;  // row reads on their way
  always_ff @(posedge clk_i) begin
    if (!rst_ni) asked_q <= '0;
    else asked_q <= {asked_q[1:0], row_valid_o && row_ready_i};
    if (rst_ni && $past(rst_ni)) begin
      a_row_in_time: assert (position == asked_q[2] && (row_valid_i || !asked_q[2]));
      a_awake: assert (awake || !(valid || position_event || orders_event || ends_event));
    end
  end
endmodule
`default_nettype wire

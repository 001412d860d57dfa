// The groups of a lane, put together and handed to the close: start_expiry's underlyings, end_expiry and
// end_underlying of host/model/sweep.c, up to the call of the close.
//
// Entries come from lane_account (with opens_i and expiry_i of that cycle), sums from lane_products and
// lane_orders, brackets from lane_brackets, cash from lane_cash, each in the order of the groups and each
// into a FIFO of its own. An entry leaves when all it needs is there: sums if it has a group, brackets
// unless the mode is portfolio, cash if it ends an account.
// Latency 3 cycles from the last of them; throughput 1 entry per cycle. group_valid_o stays with stable
// group and sums until group_ready_i. popped_o: an entry's places are free. The FIFOs hold GROUPS entries
// each: the caller reserves (lane_credits). Errors: none.
`default_nettype none
module lane_group #(
    parameter  int unsigned SCENARIOS = 40,
    parameter  int unsigned EXPIRIES  = 512,
    parameter  int unsigned ACC_W     = 100,
    parameter  int unsigned GROUPS    = 32,
    localparam int unsigned COLUMNS = pl_card_pkg::SUM_ORDER_IM + SCENARIOS,
    localparam int unsigned SUMS = pl_card_pkg::SUM_SCENARIO + SCENARIOS,
    localparam int unsigned SUM_W = pl_card_pkg::SUM_W
) (
    input  wire                      clk_i,
    input  wire                      rst_ni,
    input  wire                      table_valid_i,
    input  wire  [            511:0] table_record_i,
    input  wire                      opens_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [             13:0] expiry_i,  // below EXPIRIES
    // verilator lint_on UNUSEDSIGNAL
    input  wire                      entry_valid_i,
    input  wire  [pl_card_pkg::GROUP_W-1:0] entry_i,
    input  wire                      sums_valid_i,
    input  wire  [COLUMNS*ACC_W-1:0] sums_i,
    input  wire                      orders_valid_i,
    input  wire  [        ACC_W-1:0] order_im_i,
    input  wire  [        ACC_W-1:0] order_loss_i,
    input  wire                      brackets_valid_i,
    input  wire  [             63:0] bracket_mm_i,
    input  wire  [             63:0] bracket_im_i,
    input  wire                      bracket_overflow_i,
    input  wire                      bracket_order_overflow_i,
    input  wire                      cash_valid_i,
    output logic                     cash_ready_o,
    input  wire  [             63:0] cash_i,
    input  wire                      cash_overflow_i,
    output logic                     popped_o,
    output logic                     group_valid_o,
    input  wire                      group_ready_i,
    output pl_card_pkg::group_t      group_o,
    output logic [   SUMS*SUM_W-1:0] sums_o
);
  localparam int unsigned EXPIRY_W = $clog2(EXPIRIES);
  localparam int unsigned UNDERLYING_W = pl_card_pkg::UNDERLYING_W;
  localparam logic [6:0] OVERFLOW = 7'(1 << pl_abi_pkg::PL_FLAG_OVERFLOW_BIT);

  if (EXPIRIES < 2 || EXPIRIES > 32'(pl_abi_pkg::PL_EXPIRIES_MAX)) begin : g_expiries
    $error("lane_group: EXPIRIES must lie in 2..PL_EXPIRIES_MAX");
  end
  if (ACC_W < 2 || ACC_W > SUM_W) begin : g_sum $error("lane_group: ACC_W must lie in 2..128"); end
  if (GROUPS < 2) begin : g_groups $error("lane_group: GROUPS must be at least 2"); end

  // The underlying of an expiry.
  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_expiry_t record;
  // verilator lint_on UNUSEDSIGNAL
  assign record = table_record_i;
  logic [UNDERLYING_W-1:0] underlying_memory[EXPIRIES];
  logic [UNDERLYING_W-1:0] opened_q, underlying_q;
  logic opens_q, entry_valid_q;
  pl_card_pkg::group_t entry_q, entry;
  always_ff @(posedge clk_i) begin
    if (table_valid_i && record.kind == pl_abi_pkg::PL_RECORD_EXPIRY)
      underlying_memory[record.index[EXPIRY_W-1:0]] <= record.underlying[UNDERLYING_W-1:0];
    if (opens_i) opened_q <= underlying_memory[expiry_i[EXPIRY_W-1:0]];
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      opens_q <= 1'b0;
      entry_valid_q <= 1'b0;
    end else begin
      opens_q <= opens_i;
      entry_valid_q <= entry_valid_i;
    end
  end
  always_ff @(posedge clk_i) begin
    if (entry_valid_i) entry_q <= entry_i;
    if (opens_q) underlying_q <= opened_q;
  end
  always_comb begin
    entry = entry_q;
    entry.underlying = underlying_q;
    entry.underlying_last = entry_q.account_last || opened_q != underlying_q;
  end

  // What waits.
  localparam int unsigned SLICE = 8;
  localparam int unsigned SLICES = (COLUMNS + SLICE - 1) / SLICE;
  logic entry_ready, orders_ready, brackets_ready;
  logic waiting, orders_waiting, brackets_waiting;
  // verilator lint_off UNUSEDSIGNAL
  logic [SLICES-1:0] sums_ready, sums_waiting;  // all alike
  // verilator lint_on UNUSEDSIGNAL
  logic [pl_card_pkg::GROUP_W-1:0] next_bits;
  pl_card_pkg::group_t next, joined;
  logic [2*ACC_W-1:0] orders;
  logic [2*64+1:0] brackets;
  logic complete, pop, needs_brackets;

  // verilator lint_off PINCONNECTEMPTY
  fifo #(
      .WIDTH(pl_card_pkg::GROUP_W),
      .DEPTH(GROUPS),
      .READ_STAGES(0)
  ) u_entries (
      .clk_i,
      .rst_ni,
      .valid_i(entry_valid_q),
      .ready_o(entry_ready),
      .data_i(entry),
      .valid_o(waiting),
      .ready_i(pop),
      .data_o(next_bits),
      .level_o(),
      .almost_full_o()
  );
  // The columns' sums in slices, each with its own pointers: no net reaches all of them.
  for (genvar k = 0; k < SLICES; k++) begin : g_slice
    localparam int unsigned FIRST = k * SLICE;
    localparam int unsigned WIDTH = (COLUMNS - FIRST < SLICE ? COLUMNS - FIRST : SLICE) * ACC_W;
    logic [WIDTH-1:0] sums;
    fifo #(
        .WIDTH(WIDTH),
        .DEPTH(GROUPS),
        .READ_STAGES(0)
    ) u_sums (
        .clk_i,
        .rst_ni,
        .valid_i(sums_valid_i),
        .ready_o(sums_ready[k]),
        .data_i(sums_i[FIRST*ACC_W+:WIDTH]),
        .valid_o(sums_waiting[k]),
        .ready_i(pop && next.group),
        .data_o(sums),
        .level_o(),
        .almost_full_o()
    );
    always_ff @(posedge clk_i) begin
      if (pop && next.group) begin
        for (int unsigned m = 0; m < WIDTH / ACC_W; m++) begin
          // the orders' sums lie between
          sums_o[(FIRST + m < pl_card_pkg::SUM_ORDER_IM ? FIRST + m : FIRST + m + 2)*SUM_W+:SUM_W] <=
              SUM_W'(signed'(sums[m*ACC_W+:ACC_W]));
        end
      end
    end
  end
  fifo #(
      .WIDTH(2 * ACC_W),
      .DEPTH(GROUPS),
      .READ_STAGES(0)
  ) u_orders (
      .clk_i,
      .rst_ni,
      .valid_i(orders_valid_i),
      .ready_o(orders_ready),
      .data_i({order_loss_i, order_im_i}),
      .valid_o(orders_waiting),
      .ready_i(pop && next.group),
      .data_o(orders),
      .level_o(),
      .almost_full_o()
  );
  fifo #(
      .WIDTH(2 * 64 + 2),
      .DEPTH(GROUPS),
      .READ_STAGES(0)
  ) u_brackets (
      .clk_i,
      .rst_ni,
      .valid_i(brackets_valid_i),
      .ready_o(brackets_ready),
      .data_i({bracket_overflow_i, bracket_order_overflow_i, bracket_im_i, bracket_mm_i}),
      .valid_o(brackets_waiting),
      .ready_i(pop && needs_brackets),
      .data_o(brackets),
      .level_o(),
      .almost_full_o()
  );
  // verilator lint_on PINCONNECTEMPTY

  assign next = next_bits;
  assign needs_brackets = next.group && next.mode != 2'(pl_abi_pkg::PL_MODE_PORTFOLIO);
  assign complete = waiting && (!next.group || (sums_waiting[0] && orders_waiting)) &&
      (!needs_brackets || brackets_waiting) && (!next.account_last || cash_valid_i);
  assign pop = complete && (!group_valid_o || group_ready_i);
  assign cash_ready_o = pop && next.account_last;
  assign popped_o = pop;

  always_comb begin
    joined = next;
    joined.bracket_mm = needs_brackets ? brackets[63:0] : '0;
    joined.bracket_im = needs_brackets ? brackets[127:64] : '0;
    joined.flags = next.flags | (needs_brackets && brackets[129] ? OVERFLOW : '0);
    joined.order_flags = next.order_flags | (needs_brackets && brackets[128] ? OVERFLOW : '0);
    joined.cash = cash_i;
    joined.cash_overflow = cash_overflow_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) group_valid_o <= 1'b0;
    else group_valid_o <= pop || (group_valid_o && !group_ready_i);
  end
  always_ff @(posedge clk_i) begin
    if (pop) begin
      group_o <= joined;
      if (next.group) begin
        sums_o[pl_card_pkg::SUM_ORDER_IM*SUM_W+:SUM_W] <= SUM_W'(signed'(orders[0+:ACC_W]));
        sums_o[(pl_card_pkg::SUM_ORDER_IM+1)*SUM_W+:SUM_W] <= SUM_W'(signed'(orders[ACC_W+:ACC_W]));
      end
    end
  end

  if (pl_card_pkg::SUM_SCENARIO != pl_card_pkg::SUM_ORDER_IM + 2) begin : g_orders
    $error("lane_group: the orders' sums");
  end

  logic held_q;
  always_ff @(posedge clk_i) begin
    held_q <= group_valid_o && !group_ready_i;
    if (rst_ni && $past(rst_ni)) begin
      a_entry_fits: assert (entry_ready || !entry_valid_q);
      a_sums_fit: assert (sums_ready == '1 || !sums_valid_i);
      a_orders_fit: assert (orders_ready || !orders_valid_i);
      a_brackets_fit: assert (brackets_ready || !brackets_valid_i);
      if (held_q) a_output_held: assert (group_valid_o && group_o == $past(group_o));
    end
  end
endmodule
`default_nettype wire

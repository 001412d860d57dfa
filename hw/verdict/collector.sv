// Verdict room: judged accounts in the order of the stream in, numbered lines of the host's buffer out, the summary last.
//
// Of the account of each order its records per underlying become a line each, filtered or not; its verdict is counted, and
// written as two lines when its state is at or above the filter. Throughput: a record per cycle if it is not written, else a
// line per cycle and what line_ready_i stalls. Latency 2 from a record at hand to its first line. Addresses are consecutive,
// but ring_first_i follows ring_last_i (all ones: a buffer without a wrap). Every record written takes the next number, also
// over sweeps and clear_i; rst_ni begins with 0.
//
// The sweep ends at the first of: an order with `ends` (its status), a judged record with a status, a record that would not
// leave a line for the summary (RING_FULL; its account is not counted), end_i (a level until done_o; RESET, detail 0: lanes and
// closes are being reset; a verdict of which one line was written is finished before). Then the summary is written, and done_o
// is 1 for a cycle after its line was taken; status_o, detail_o (slot index; 0 for OK, RING_FULL and RESET) and lines_o
// (written so far, the summary among them) stay until start_i or clear_i. lines_i = 0 ends it at once: RING_FULL, no line.
// After done_o no record is taken and orders wait; what a failure leaves behind goes by clear_i here and a reset of the rooms
// before.
// DRAIN = 1: after a failure done_o waits until all orders and records up to the order with `ends` were taken and
// dropped, or end_i: then nothing is left behind, and nothing before must be reset.
// Orders wait in a FIFO of ORDERS and a skid register. start_i only after reset, clear_i or done_o; its inputs count in its
// cycle.
// Mirrors the counting of pl_sweep_next and fail in host/model/sweep.c.
`default_nettype none
module collector #(
    parameter  int unsigned LANES = 8,
    parameter  int unsigned PROFILE = 1,
    parameter  int unsigned ORDERS = 4096,
    parameter  int unsigned DRAIN = 0,
    localparam int unsigned JUDGED_W = pl_card_pkg::JUDGED_W
) (
    input  wire                       clk_i,
    input  wire                       rst_ni,
    input  wire                       clear_i,             // as reset, but the numbers go on
    input  wire                       start_i,
    input  wire                       end_i,
    input  wire  [               7:0] filter_i,
    input  wire  [              63:0] tick_i,
    input  wire  [              31:0] model_version_i,
    input  wire  [              31:0] table_version_i,
    input  wire  [              63:0] position_version_i,
    input  wire  [              63:0] address_i,           // of the first line
    input  wire  [              63:0] lines_i,             // room there
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [              63:0] ring_first_i,        // line after ring_last_i
    input  wire  [              63:0] ring_last_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire                       order_valid_i,
    output logic                      order_ready_o,
    input  wire  pl_card_pkg::order_t order_i,
    input  wire  [         LANES-1:0] judged_valid_i,
    output logic [         LANES-1:0] judged_ready_o,
    input  wire  [LANES*JUDGED_W-1:0] judged_i,
    output logic                      line_valid_o,
    input  wire                       line_ready_i,
    output logic [              63:0] line_address_o,
    output logic [             511:0] line_data_o,
    output logic                      done_o,
    output logic [               7:0] status_o,
    output logic [              63:0] detail_o,
    output logic [              63:0] lines_o,
    output logic                      account_o,           // pulses: an account was counted
    output logic                      stall_output_o       // a line waits for line_ready_i
);
  localparam logic [7:0] OK = pl_abi_pkg::PL_STATUS_OK;
  localparam logic [7:0] FULL = pl_abi_pkg::PL_STATUS_RING_FULL;
  localparam int unsigned ORDER_W = pl_card_pkg::ORDER_W;
  // Lines of a sweep: fewer than two per slot, and the summary. More room than this is never used up.
  localparam int unsigned LINES_W = 34;

  typedef enum logic [2:0] {
    IDLE,
    RUN,
    SUMMARY,  // the summary line is to be handed out
    LEAVE,    // it waits for line_ready_i
    DROP      // what comes up to the stream's end
  } state_t;

  if (LANES < 1 || LANES > 8) begin : g_lanes $error("collector: LANES must lie in 1..8"); end
  if (PROFILE != 32'(pl_abi_pkg::PL_PROFILE_FULL) && PROFILE != 32'(pl_abi_pkg::PL_PROFILE_SMALL)) begin : g_profile
    $error("collector: PROFILE must be 1 or 2");
  end
  if (ORDERS < 2) begin : g_orders $error("collector: ORDERS must be at least 2"); end

  if (DRAIN > 1) begin : g_drain $error("collector: DRAIN must be 0 or 1"); end

  state_t state_q;
  logic cleared_n;  // low: reset or clear
  logic [7:0] filter_q;
  logic [63:0] tick_q, position_version_q, slots_q;
  logic [31:0] model_version_q, table_version_q;
  logic [28:0] number_q;  // of the next record
  logic [LINES_W-1:0] left_q;  // lines that may still be written
  logic few_q;  // fewer than 4, as of the cycle before: with 3 left nothing is full, so that is exact
  logic [LINES_W-1:0] written_q;
  logic [57:0] address_q;  // of the next line, in lines
  logic [57:0] first_q, before_last_q;  // of the ring: its first line, the one before its last
  logic at_last_q, single_q;  // address_q is the ring's last line; it has only one
  logic end_q, drop_q;  // end_i; the stream's end is yet to come
  logic second_q;  // the verdict's first line is out

  logic queue_valid, queue_ready, order_valid, order_ready;
  logic [ORDER_W-1:0] queue_bits, order_bits;
  pl_card_pkg::order_t order;
  logic record_valid, record_ready, stops, ends, per_underlying, flagged;
  logic [7:0] record_status;
  logic [31:0] record_slot, account;
  logic [2:0] account_state;
  logic [pl_card_pkg::VERDICT_W-1:0] body;
  logic [511:0] verdict_first, verdict_second, underlying, summary;

  assign cleared_n = rst_ni && !clear_i;
  assign order = order_bits;

  fifo #(
      .WIDTH(ORDER_W),
      .DEPTH(ORDERS),
      .READ_STAGES(1)
  ) u_orders (
      .clk_i,
      .rst_ni(cleared_n),
      .valid_i(order_valid_i),
      .ready_o(order_ready_o),
      .data_i(order_i),
      .valid_o(queue_valid),
      .ready_i(queue_ready),
      .data_o(queue_bits),
      // verilator lint_off PINCONNECTEMPTY
      .level_o(),
      .almost_full_o()
      // verilator lint_on PINCONNECTEMPTY
  );
  skid #(
      .WIDTH(ORDER_W)
  ) u_order (
      .clk_i,
      .rst_ni(cleared_n),
      .valid_i(queue_valid),
      .ready_o(queue_ready),
      .data_i(queue_bits),
      .valid_o(order_valid),
      .ready_i(order_ready),
      .data_o(order_bits)
  );
  verdict_pick #(
      .LANES(LANES)
  ) u_pick (
      .clk_i,
      .rst_ni(cleared_n && (state_q == RUN || state_q == DROP)),
      .enable_i(state_q == RUN || state_q == DROP),
      .filter_i(filter_q),
      .order_valid_i(order_valid),
      .order_ready_o(order_ready),
      .order_i(order),
      .judged_valid_i,
      .judged_ready_o,
      .judged_i,
      .valid_o(record_valid),
      .ready_i(record_ready),
      .stops_o(stops),
      .ends_o(ends),
      .per_underlying_o(per_underlying),
      .flagged_o(flagged),
      .status_o(record_status),
      .slot_o(record_slot),
      .state_o(account_state),
      .account_o(account),
      .body_o(body)
  );
  verdict_lines #(
      .PROFILE(PROFILE)
  ) u_lines (
      .body_i(body),
      .number_i(number_q),
      .tick_i(tick_q),
      .model_version_i(model_version_q),
      .table_version_i(table_version_q),
      .position_version_i(position_version_q),
      .verdict_first_o(verdict_first),
      .verdict_second_o(verdict_second),
      .underlying_o(underlying)
  );

  logic running, full, writes, record_over, line_free, puts, puts_record, counts;

  assign running = state_q == RUN && (!end_q || second_q);  // no record is begun after end_i
  assign line_free = line_ready_i || !line_valid_o;
  assign writes = per_underlying || flagged;
  // A line for the summary stays: one needs two, two need three.
  assign full = writes && !second_q && few_q && (!left_q[1] || (flagged && !left_q[0]));
  assign puts_record = running && record_valid && !stops && writes && !full && line_free;
  assign puts = puts_record || (state_q == SUMMARY && line_free);
  assign record_over = puts_record && (per_underlying || second_q);
  assign counts = running && record_valid && !stops && !per_underlying && (flagged ? record_over : 1'b1);
  // A record that stops the sweep stays until the reset of u_pick.
  // u_pick looks at it only in states RUN and DROP, and lets it be where there is no record. After end_i all of them are dropped.
  assign record_ready = state_q == DROP || (!stops && (!writes || (!full && line_free && (per_underlying || second_q))));

  verdict_counts u_counts (
      .clk_i,
      .clear_i(start_i),
      .count_i(counts),
      .flagged_i(flagged),
      .state_i(account_state),
      .account_i(account),
      .number_i(number_q),
      .status_i(status_o),
      .tick_i(tick_q),
      .slots_i(slots_q),
      .line_o(summary)
  );

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      filter_q <= filter_i;
      tick_q <= tick_i;
      model_version_q <= model_version_i;
      table_version_q <= table_version_i;
      position_version_q <= position_version_i;
      address_q <= address_i[63:6];
      first_q <= ring_first_i[63:6];
      before_last_q <= ring_last_i[63:6] - 58'd1;
      at_last_q <= address_i[63:6] == ring_last_i[63:6];
      single_q <= ring_first_i[63:6] == ring_last_i[63:6];
      left_q <= |lines_i[63:LINES_W] ? '1 : lines_i[LINES_W-1:0];
      written_q <= '0;
    end else if (puts) begin
      address_q <= at_last_q ? first_q : address_q + 58'd1;
      at_last_q <= at_last_q ? single_q : address_q == before_last_q;
      left_q <= left_q - LINES_W'(1);
      written_q <= written_q + LINES_W'(1);
    end
  end
  always_ff @(posedge clk_i) few_q <= left_q[LINES_W-1:2] == '0;
  always_ff @(posedge clk_i) begin
    if (line_free) begin
      line_address_o <= {address_q, 6'd0};
      line_data_o <= state_q == SUMMARY ? summary : per_underlying ? underlying : second_q ? verdict_second : verdict_first;
    end
  end
  assign lines_o = 64'(written_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) number_q <= '0;
    else if (record_over || (puts && state_q == SUMMARY)) number_q <= number_q + 29'd1;
  end

  always_ff @(posedge clk_i) begin
    if (!cleared_n) begin
      state_q <= IDLE;
      second_q <= 1'b0;
      line_valid_o <= 1'b0;
      done_o <= 1'b0;
      status_o <= OK;
      detail_o <= '0;
      slots_q <= '0;
      account_o <= 1'b0;
      stall_output_o <= 1'b0;
      end_q <= 1'b0;
      drop_q <= 1'b0;
    end else begin
      end_q <= end_i;
      if (line_free) line_valid_o <= puts;
      if (puts_record) second_q <= !record_over;
      account_o <= counts;
      stall_output_o <= line_valid_o && !line_ready_i;
      done_o <= 1'b0;
      case (state_q)
        IDLE:
        if (start_i) begin
          status_o <= lines_i == '0 ? FULL : OK;
          detail_o <= '0;
          slots_q <= '0;
          done_o <= lines_i == '0;
          if (lines_i != '0) state_q <= RUN;
        end
        RUN:
        if (!running) begin
          state_q <= SUMMARY;
          status_o <= pl_abi_pkg::PL_STATUS_RESET;
          drop_q <= 1'b0;
        end else if (record_valid && stops) begin
          state_q <= SUMMARY;
          drop_q <= DRAIN == 1 && !ends;
          status_o <= record_status;
          detail_o <= record_status == OK ? '0 : 64'(record_slot);
          slots_q <= record_status == OK ? 64'(record_slot) + 64'd1 : '0;
        end else if (record_valid && full) begin
          state_q <= SUMMARY;
          drop_q <= DRAIN == 1;
          status_o <= FULL;
        end
        SUMMARY: if (line_free) state_q <= LEAVE;
        LEAVE:
        if (line_ready_i) begin
          state_q <= drop_q ? DROP : IDLE;
          done_o <= !drop_q;
        end
        default:
        if ((record_valid && ends) || end_q) begin
          state_q <= IDLE;
          done_o <= 1'b1;
        end
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_start_when_idle: assert (!start_i || state_q == IDLE);
      a_summary_has_room: assert (state_q != SUMMARY || left_q != '0);
      a_address_aligned: assert (!start_i || address_i[5:0] == '0);
      if ($past(cleared_n && line_valid_o && !line_ready_i)) begin
        a_line_held: assert (line_valid_o && line_data_o == $past(line_data_o) && line_address_o == $past(line_address_o));
      end
    end
  end
endmodule
`default_nettype wire

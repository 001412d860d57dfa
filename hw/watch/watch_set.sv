// The watched set: an account stream that stays on the card, twice: one is judged while WATCH loads the other.
//
// WATCH: start_i (pulse) with slots_i, version_i, filter_i; then ceil(slots_i / 8) lines as records are taken, whatever is
// found in them, one per 8 cycles, the first INSTRUMENTS + 2 cycles after start_i (a walk empties the marks). done_o (pulse)
// with status_o and detail_o, which stay until the next start_i:
//   OK              the set is in force: watching_o, accounts_o, version_o and filter_o are its own. slots_i = 0: none is
//   LIMIT           more than 8 * LINES slots: at once, and no line is taken, so that none must be read (detail 0);
//                   a HEADER beyond WATCH_ACCOUNTS_MAX (its slot)
//   MALFORMED_SLOT  an instrument that is not loaded (the slot), no END in slots_i slots (slots_i)
// A set that is refused leaves the one before in force. The change waits for run_busy_i to be low: a level that is high while
// an evaluation reads, and from a commit's first lookup to the end of its evaluation. record_abort_i (pulse) forgets the
// operation, without done_o; it has no effect between operations, nor in the cycle of done_o.
// load_started_i (pulse): no set is in force any more; what is being read is read to its end.
// Lookup: whether the set in force names instrument lookup_i: watched_o, 1 cycle after lookup_valid_i, until the next lookup.
// Run: read_start_i (pulse) -> the lines of the set up to that of END, as a stream, the first 2 cycles later, one per cycle;
// read_busy_o until the last was taken; read_abort_i ends it (watch_lines).
`default_nettype none
module watch_set #(
    parameter  int unsigned INSTRUMENTS = 4096,
    parameter  int unsigned LINES = 32'(pl_abi_pkg::PL_WATCH_SLOTS_MAX * pl_abi_pkg::PL_SLOT_BYTES / pl_abi_pkg::PL_LINE_BYTES),
    localparam int unsigned ACCOUNTS_W = $clog2(32'(pl_abi_pkg::PL_WATCH_ACCOUNTS_MAX) + 1)
) (
    input  wire                                  clk_i,
    input  wire                                  rst_ni,
    // WATCH
    input  wire                                  start_i,
    input  wire  [                         63:0] slots_i,
    input  wire  [                         63:0] version_i,
    input  wire  [                          7:0] filter_i,
    input  wire  [                         24:0] instruments_i,   // loaded
    input  wire                                  record_valid_i,
    output logic                                 record_ready_o,
    input  wire  [                        511:0] record_i,
    input  wire                                  record_abort_i,
    output logic                                 done_o,
    output logic [                          7:0] status_o,
    output logic [                         63:0] detail_o,
    input  wire                                  run_busy_i,
    input  wire                                  load_started_i,
    // the set in force
    output logic                                 watching_o,
    output logic [               ACCOUNTS_W-1:0] accounts_o,
    output logic [                         63:0] version_o,
    output logic [                          7:0] filter_o,
    input  wire                                  lookup_valid_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [pl_card_pkg::INSTRUMENT_W-1:0] lookup_i,        // below INSTRUMENTS
    // verilator lint_on UNUSEDSIGNAL
    output logic                                 watched_o,
    input  wire                                  read_start_i,
    input  wire                                  read_abort_i,
    output logic                                 read_busy_o,
    output logic                                 beat_valid_o,
    input  wire                                  beat_ready_i,
    output logic [                        511:0] beat_o,
    output logic                                 beat_last_o
);
  localparam int unsigned INDEX_W = $clog2(INSTRUMENTS);
  localparam int unsigned ADDRESS_WIDTH = $clog2(LINES);
  localparam int unsigned COUNT_W = ADDRESS_WIDTH + 4;
  localparam int unsigned SLOTS = 8 * LINES;
  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] BEGIN = 3'd1;
  localparam logic [2:0] CLEAR = 3'd2;
  localparam logic [2:0] TAKE = 3'd3;
  localparam logic [2:0] CHANGE = 3'd4;  // it waits for run_busy_i
  localparam logic [2:0] DONE = 3'd5;

  if (INSTRUMENTS < 2 || INSTRUMENTS > 65536 || (INSTRUMENTS & (INSTRUMENTS - 1)) != 0) begin : g_instruments
    $error("watch_set: INSTRUMENTS must be a power of two in 2..65536");
  end
  if (LINES < 2 || (LINES & (LINES - 1)) != 0 || 64'(LINES) * 8 > pl_abi_pkg::PL_WATCH_SLOTS_MAX) begin : g_lines
    $error("watch_set: LINES must be a power of two, at least 2, of at most WATCH_SLOTS_MAX slots");
  end

  logic [2:0] state_q;
  logic bank_q;  // of the set in force
  logic [COUNT_W-1:0] slots_q;
  logic big_q, none_q;
  logic [63:0] new_version_q;
  logic [7:0] new_filter_q;
  logic [ADDRESS_WIDTH:0] left_q;  // lines still to come
  logic [ADDRESS_WIDTH-1:0] line_q, last_line_q, end_line;
  logic scan_ready, take, clearing, over, ok, mark_valid, change;
  logic [7:0] scan_status;
  logic [COUNT_W-1:0] scan_detail;
  logic [ACCOUNTS_W-1:0] new_accounts;
  // verilator lint_off UNUSEDSIGNAL
  logic [pl_card_pkg::INSTRUMENT_W-1:0] mark;  // below INSTRUMENTS
  // verilator lint_on UNUSEDSIGNAL
  logic write_q;  // the line taken last goes to the memory
  logic [511:0] record_q;
  logic [ADDRESS_WIDTH-1:0] write_line_q;

  assign ok = scan_status == pl_abi_pkg::PL_STATUS_OK;
  assign record_ready_o = state_q == TAKE && left_q != '0 && scan_ready;
  assign take = record_valid_i && record_ready_o && !record_abort_i;
  assign change = state_q == CHANGE && !run_busy_i && !record_abort_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || record_abort_i) begin
      state_q <= IDLE;
      write_q <= 1'b0;
    end else begin
      write_q <= take;
      case (state_q)
        IDLE: if (start_i) state_q <= BEGIN;
        BEGIN: state_q <= big_q ? DONE : none_q ? CHANGE : CLEAR;
        CLEAR: if (!clearing) state_q <= TAKE;
        TAKE: if (left_q == '0 && over) state_q <= ok ? CHANGE : DONE;
        CHANGE: if (!run_busy_i) state_q <= DONE;
        default: state_q <= IDLE;
      endcase
    end
  end
  always_ff @(posedge clk_i) begin
    if (state_q == IDLE && start_i) begin
      slots_q <= slots_i[COUNT_W-1:0];
      big_q <= slots_i > 64'(SLOTS);
      none_q <= slots_i == '0;
      new_version_q <= version_i;
      new_filter_q <= filter_i;
    end
    if (state_q == BEGIN) begin
      left_q <= slots_q[COUNT_W-1:3] + (ADDRESS_WIDTH + 1)'(|slots_q[2:0]);
      line_q <= '0;
      status_o <= big_q ? pl_abi_pkg::PL_STATUS_LIMIT : pl_abi_pkg::PL_STATUS_OK;
      detail_o <= '0;
    end else begin
      if (take) begin
        left_q <= left_q - 1'b1;
        line_q <= line_q + 1'b1;
      end
      if (state_q == TAKE) begin
        status_o <= scan_status;
        detail_o <= 64'(scan_detail);
      end
    end
    record_q <= record_i;
    write_line_q <= line_q;
  end
  assign done_o = state_q == DONE;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      watching_o <= 1'b0;
      bank_q <= 1'b0;
    end else begin
      if (load_started_i) watching_o <= 1'b0;
      else if (change) watching_o <= !none_q;
      if (change && !none_q) bank_q <= !bank_q;
    end
    if (change && !none_q) begin
      accounts_o <= new_accounts;
      version_o <= new_version_q;
      filter_o <= new_filter_q;
      last_line_q <= end_line;
    end
  end

  watch_scan #(
      .LINES(LINES)
  ) u_scan (
      .clk_i,
      .rst_ni,
      .clear_i(state_q == CLEAR),
      .slots_i(slots_q),
      .instruments_i,
      .line_valid_i(take),
      .line_ready_o(scan_ready),
      .line_i(record_i),
      .mark_valid_o(mark_valid),
      .mark_instrument_o(mark),
      .over_o(over),
      .status_o(scan_status),
      .detail_o(scan_detail),
      .accounts_o(new_accounts),
      .end_line_o(end_line)
  );

  logic named, watching_q;
  watch_marks #(
      .INSTRUMENTS(INSTRUMENTS)
  ) u_marks (
      .clk_i,
      .rst_ni,
      .abort_i(record_abort_i),
      .clear_i(state_q == BEGIN && !big_q && !none_q),
      .clearing_o(clearing),
      .write_bank_i(!bank_q),
      .mark_valid_i(mark_valid && state_q == TAKE),
      .mark_i(mark[INDEX_W-1:0]),
      .read_bank_i(bank_q),
      .lookup_valid_i,
      .lookup_i(lookup_i[INDEX_W-1:0]),
      .named_o(named)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) watching_q <= 1'b0;
    else if (lookup_valid_i) watching_q <= watching_o;
  end
  assign watched_o = named && watching_q;

  watch_lines #(
      .LINES(LINES)
  ) u_lines (
      .clk_i,
      .rst_ni,
      .write_valid_i(write_q),
      .write_bank_i(!bank_q),
      .write_line_i(write_line_q),
      .write_data_i(record_q),
      .bank_i(bank_q),
      .last_line_i(last_line_q),
      .start_i(read_start_i),
      .abort_i(read_abort_i),
      .busy_o(read_busy_o),
      .beat_valid_o,
      .beat_ready_i,
      .beat_o,
      .beat_last_o
  );

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_start_when_idle: assert (!start_i || state_q == IDLE);
      a_fits_instruments: assert (state_q != TAKE || 32'(instruments_i) <= INSTRUMENTS);
      a_marks_fit: assert (!mark_valid || state_q != TAKE || 32'(mark) < INSTRUMENTS);
      a_no_change_while_read: assert (!change || !read_busy_o);
      a_lookup_in_range: assert (!lookup_valid_i || 32'(lookup_i) < INSTRUMENTS);
    end
  end
endmodule
`default_nettype wire

// watch_set with watch_scan, watch_marks and watch_lines: the set in force changes in one cycle, and then wholly: whether there is
// one, accounts, version, filter, lines and named instruments are all of the same WATCH; never while an evaluation or a commit
// holds the set (run_busy_i), and not at all if the WATCH is refused or aborted. A read gives the lines of the set in force in
// order, each once, the last marked; a WATCH that comes meanwhile writes none of them, and none of the marks. What is counted and
// named is what the slots up to END say, as far as they lie in the set; a refusal has the status and slot of the first error.
//
// 2 instruments, 2 lines. Slots 0 and 4 of a line are a HEADER, a POSITION of an instrument that is loaded or not, END, or CASH; the
// others are no slots at all. Any one line (a bit of it) and any one instrument are watched. WATCH_ACCOUNTS_MAX is not reached.
// Assumed: reads only while run_busy_i and of a set in force, as watch_run has them.
//! read watch/watch_set watch/watch_scan watch/watch_marks watch/watch_lines
//! prove bounded 30
//! also smt 6
//! cover 48
//! mutants 40
`default_nettype none
module watch_swap (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       start_i,
    input wire [4:0] slots_i,
    input wire       version_i,
    input wire       record_i,
    input wire [2:0] first_i,         // what the line's slots 0 and 4 are
    input wire [2:0] second_i,
    input wire       word_i,          // a bit that the scan does not look at
    input wire       abort_i,
    input wire       run_busy_i,
    input wire       load_i,
    input wire       lookup_i,
    input wire       lookup_index_i,
    input wire       read_i,
    input wire       read_abort_i,
    input wire       ready_i
);
  localparam int unsigned LSB = pl_abi_pkg::PL_SLOT_POSITION_INSTRUMENT_LSB;
  logic ready, done, watching, watched, read_busy, valid, last;
  logic [7:0] status, filter;
  logic [63:0] detail, version, first_slot, second_slot;
  logic [10:0] accounts;
  logic [511:0] beat;
  function automatic logic [63:0] slot(input logic [2:0] what);
    slot = '0;
    case (what)
      3'd0: slot[63:56] = pl_abi_pkg::PL_TAG_HEADER;
      3'd1, 3'd2, 3'd3: begin  // instruments 0, 1, and 2, which is not loaded
        slot[63:56] = pl_abi_pkg::PL_TAG_POSITION;
        slot[LSB+:2] = what[1:0] - 2'd1;
      end
      3'd4: slot[63:56] = pl_abi_pkg::PL_TAG_END;
      default: slot[63:56] = pl_abi_pkg::PL_TAG_CASH;
    endcase
  endfunction
  assign first_slot = slot(first_i);
  assign second_slot = slot(second_i);
  watch_set #(
      .INSTRUMENTS(2), .LINES(2)
  ) u_set (
      .clk_i, .rst_ni, .start_i, .slots_i(64'(slots_i)), .version_i(64'(version_i)), .filter_i(8'(!version_i)), .instruments_i(25'd2),
      .record_valid_i(record_i), .record_ready_o(ready), .record_i({192'b0, second_slot, 192'b0, first_slot[63:1], word_i}),
      .record_abort_i(abort_i), .done_o(done), .status_o(status), .detail_o(detail), .run_busy_i, .load_started_i(load_i),
      .watching_o(watching), .accounts_o(accounts), .version_o(version), .filter_o(filter), .lookup_valid_i(lookup_i),
      .lookup_i(pl_card_pkg::INSTRUMENT_W'(lookup_index_i)), .watched_o(watched), .read_start_i(read_i), .read_abort_i,
      .read_busy_o(read_busy), .beat_valid_o(valid), .beat_ready_i(ready_i), .beat_o(beat), .beat_last_o(last)
  );

  (* anyconst *) logic which;       // line
  (* anyconst *) logic instrument;
  logic begun_q = 1'b0;
  // The set that comes, and what its lines say so far.
  logic loading_q, ended_q, failed_q, end_line_q, word_q, version_q, named_q, none, big, good, took;
  logic [4:0] slots_q, fault_q;
  logic [2:0] accounts_q;
  logic [1:0] lines_q;
  logic ended, failed, end_line, named;
  logic [4:0] fault, at;
  logic [2:0] count, what;
  assign took = record_i && ready && !abort_i;
  assign none = slots_q == '0;
  assign big = slots_q > 5'd16;
  assign good = none || (!big && ended_q);
  always_comb begin
    ended = ended_q;
    failed = failed_q;
    end_line = end_line_q;
    named = named_q;
    count = accounts_q;
    fault = fault_q;
    what = first_i;
    at = {lines_q, 3'd0};
    for (int k = 0; k < 2; k++) begin
      if (!ended && !failed && at < slots_q) begin
        if (what == 3'd0) count = count + 1'b1;
        if (what == 3'd1 + 3'(instrument)) named = 1'b1;
        if (what == 3'd3) begin
          failed = 1'b1;
          fault = at;
        end
        if (what == 3'd4) begin
          ended = 1'b1;
          end_line = lines_q[0];
        end
      end
      what = second_i;
      at = {lines_q, 3'd4};
    end
  end
  // The set in force: it changes in the cycle before done_o.
  logic on_q, on, is_version_q, is_version, is_named_q, is_named, is_word_q, is_word, is_end_q, is_end, load_q, change, reading_q, beat_q;
  logic looked_q, answer_q;
  logic [2:0] is_accounts_q, is_accounts;
  logic [1:0] waited_q;
  assign change = done && good;
  assign on = change ? !none && !load_q : on_q;
  assign {is_version, is_accounts, is_named, is_word, is_end} = change && !none ? {version_q, accounts_q, named_q, word_q, end_line_q} :
      {is_version_q, is_accounts_q, is_named_q, is_word_q, is_end_q};
  always_comb begin
    assume (begun_q || !rst_ni);
    if (begun_q && rst_ni) begin
      if (start_i) assume (!loading_q);
      if (read_busy || read_i) assume (run_busy_i);
      if (read_i) assume (!read_busy && !read_abort_i && watching);
    end
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    {is_version_q, is_accounts_q, is_named_q, is_word_q, is_end_q} <= {is_version, is_accounts, is_named, is_word, is_end};
    load_q <= load_i;
    if (start_i) begin
      slots_q <= slots_i;
      version_q <= version_i;
      lines_q <= '0;
      ended_q <= 1'b0;
      failed_q <= 1'b0;
      named_q <= 1'b0;
      accounts_q <= '0;
    end else if (took) begin
      lines_q <= lines_q + 1'b1;
      if (lines_q[0] == which) word_q <= word_i;
      ended_q <= ended;
      failed_q <= failed;
      end_line_q <= end_line;
      named_q <= named;
      accounts_q <= count;
      fault_q <= fault;
    end
    if (lookup_i) answer_q <= on && is_named;
    if (!rst_ni) begin
      loading_q <= 1'b0;
      on_q <= 1'b0;
      reading_q <= 1'b0;
      beat_q <= 1'b0;
      looked_q <= 1'b0;
      waited_q <= '0;
    end else begin
      loading_q <= start_i || (loading_q && !done && !abort_i);
      on_q <= on && !load_i;
      reading_q <= read_i || (reading_q && !read_abort_i && !(valid && ready_i && last));
      if (read_abort_i || (valid && ready_i)) beat_q <= !read_abort_i && !last;
      looked_q <= lookup_i ? lookup_index_i == instrument : looked_q;
      waited_q <= reading_q && !valid ? waited_q + 1'b1 : '0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      a_on: assert (watching == on);
      if (on) a_of_one: assert ({accounts, version, filter} == {8'b0, is_accounts, 63'b0, is_version, 7'b0, !is_version});
      if (done) a_loading: assert (loading_q);
      if (done && good) a_not_while_held: assert ($past(!run_busy_i));
      if (done) a_status: assert (status == (big ? pl_abi_pkg::PL_STATUS_LIMIT : good ? pl_abi_pkg::PL_STATUS_OK : pl_abi_pkg::PL_STATUS_MALFORMED_SLOT));
      if (done) a_detail: assert (detail == 64'(big || good ? 5'd0 : failed_q ? fault_q : slots_q));
      if (done && !big) a_lines_taken: assert (lines_q == 2'((slots_q + 5'd7) >> 3));
      if (took) a_only_its_lines: assert (loading_q && !big && {lines_q, 3'b0} < slots_q);
      if (looked_q) a_watched: assert (watched == answer_q);
      if (valid) a_read_only: assert (reading_q && last == (beat_q == is_end));
      if (valid && beat_q == which) a_line: assert (beat[0] == is_word);
      a_read_goes: assert (waited_q <= 2'd2 && read_busy == reading_q);
      c_second: cover (valid && beat_q && last && is_word && which && is_accounts == 3'd2 && version_q == is_version && $past(on && !is_version, 9));
      c_refused: cover (done && failed_q && on && detail == 64'd12);
      c_meanwhile: cover (valid && !ready_i && took && lines_q == 2'd1);
      c_named: cover (watched && looked_q && instrument && is_accounts == 3'd1 && loading_q && !named_q && lines_q == 2'd1);
      c_waits: cover (done && good && !none && on_q && $past(reading_q, 2));
    end
  end
endmodule
`default_nettype wire

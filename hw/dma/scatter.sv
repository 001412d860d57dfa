// Reads a sweep's scatter list and the pieces of the stream that it names, or the one piece (one_piece_i) that needs no list, and
// hands the lines on as beats.
//
// List lines are asked for 4 at a time into a FIFO of 16 (64 entries), ahead of the stream; an entry is examined per cycle. A
// piece is asked for when the next one with slots was found or the list has ended, so the last piece is known as such. Zero
// slots: skipped.
// Beats: latency 1 from a line of the read engine, one per cycle; last on the list's very last line.
// Stall: beat_valid_o, once high, stays with stable data until beat_ready_i or cancel_i. List lines always have room.
// Errors end the beats with one of that status and last, after the lines of the entries before: an entry's address not aligned to
// a line (BAD_ADDRESS), its slots no multiple of 8 or its reserved word not 0 (BAD_OPERATION), no slots in any entry
// (MALFORMED_SLOT).
// A line that could not be read ends them at once. failed_entry_o: failed_index_o is the list's entry that the failure is about
// (not for lines of the stream nor for a list without slots).
// done_o: the last beat was accepted. failed_o: it had a status. cancel_i (a level) forgets everything.
`default_nettype none
module scatter #(
    parameter logic [1:0] LIST   = 2'd2,  // clients of the read engine
    parameter logic [1:0] STREAM = 2'd3
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          cancel_i,
    input  wire          start_i,          // pulse, when done or cancelled
    input  wire          one_piece_i,
    input  wire  [ 57:0] list_line_i,      // address / 64 of the list or of the piece, stable until done
    input  wire  [ 28:0] entries_i,        // of the list, or lines of the piece; at least 1, stable until done
    output logic         done_o,
    output logic         failed_o,
    output logic         failed_entry_o,
    output logic [ 16:0] failed_index_o,
    // read engine
    output logic         command_valid_o,
    input  wire          command_ready_i,
    output logic [ 57:0] command_line_o,
    output logic [ 28:0] command_lines_o,
    output logic [  1:0] command_client_o,
    input  wire          line_valid_i,     // of client LIST or STREAM
    output logic         line_ready_o,
    input  wire  [511:0] line_i,
    input  wire  [  1:0] line_client_i,
    input  wire          line_last_i,
    input  wire          line_ok_i,        // line_status_i is OK
    input  wire  [  7:0] line_status_i,
    // sweep
    output logic         beat_valid_o,
    input  wire          beat_ready_i,
    output logic [511:0] beat_o,
    output logic         beat_last_o,
    output logic [  7:0] beat_status_o
);
  localparam int unsigned STORED = 16;  // list lines in the FIFO
  localparam int unsigned CHUNK = 4;    // asked for at a time
  localparam int unsigned ENTRY_W = pl_abi_pkg::PL_SCATTER_BITS;
  localparam int unsigned LINE_ENTRIES = 512 / ENTRY_W;
  localparam int unsigned SLOTS_LSB = $clog2(pl_abi_pkg::PL_LINE_BYTES / pl_abi_pkg::PL_SLOT_BYTES);

  if (LINE_ENTRIES != 4) begin : g_entries $error("scatter: PL_SCATTER_BITS"); end
  if (LIST == STREAM) begin : g_clients $error("scatter: LIST"); end

  logic rst_n, running_q, ended_q;  // ended: the last beat was handed on
  assign rst_n = rst_ni && !cancel_i;

  // The list: what to ask for.
  logic [57:0] list_line_q;
  logic [15:0] list_left_q;  // lines
  logic list_more_q;  // there are some
  logic [4:0] list_room_q;
  logic ask_list, ask_take, list_take;
  logic [3:0] chunk;
  assign chunk = list_left_q < 16'(CHUNK) ? list_left_q[3:0] : 4'(CHUNK);
  assign ask_list = running_q && list_more_q && list_room_q >= 5'(CHUNK);
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      list_line_q <= list_line_i;
      list_more_q <= !one_piece_i;
      list_left_q <= 16'((entries_i[16:0] + 17'(LINE_ENTRIES - 1)) >> $clog2(LINE_ENTRIES));
    end else if (ask_take) begin
      list_line_q <= list_line_q + 58'(CHUNK);
      list_left_q <= list_left_q - 16'(chunk);
      list_more_q <= list_left_q > 16'(CHUNK);
    end
    if (!rst_n || start_i) list_room_q <= 5'(STORED);
    else list_room_q <= list_room_q - (ask_take ? 5'(chunk) : '0) + 5'(list_take);
  end

  // List lines that came: of each entry what is needed of it, checked as it comes.
  localparam int unsigned KEPT_W = 3 + 58 + 29;  // not aligned, not well formed, names a piece; address / 64, lines
  logic list_enter, list_valid;
  logic [LINE_ENTRIES*KEPT_W-1:0] line_kept, list;
  pl_abi_pkg::pl_scatter_t came;
  logic came_misaligned, came_malformed;
  always_comb begin
    for (int unsigned e = 0; e < 32'(LINE_ENTRIES); e++) begin
      came = line_i[ENTRY_W*e+:ENTRY_W];
      came_misaligned = came.address[5:0] != '0;
      came_malformed = came.slots[SLOTS_LSB-1:0] != '0 || came.reserved0 != '0;
      line_kept[KEPT_W*e+:KEPT_W] = {
        came_misaligned, came_malformed, !came_misaligned && !came_malformed && came.slots[31:SLOTS_LSB] != '0, came.address[63:6],
        came.slots[31:SLOTS_LSB]
      };
    end
  end
  assign list_enter = line_valid_i && line_client_i == LIST && line_ok_i && running_q;
  // verilator lint_off PINCONNECTEMPTY
  // verilator lint_off PINMISSING
  fifo #(
      .WIDTH(LINE_ENTRIES * KEPT_W), .DEPTH(STORED), .READ_STAGES(0)
  ) u_list (
      .clk_i, .rst_ni(rst_n && running_q), .valid_i(list_enter), .data_i(line_kept),
      .valid_o(list_valid), .ready_i(list_take), .data_o(list), .level_o(), .almost_full_o(), .ready_o()
  );
  // verilator lint_on PINMISSING
  // verilator lint_on PINCONNECTEMPTY

  // An entry per cycle
  logic entry_valid, entry_take, entry_final, entry_room, entry_fetch, fetch_valid, fetch_final, unfetched_q;  // unfetched: entries of the list
  logic [57:0] entry_line, fetched_line;
  logic [28:0] entry_lines, fetched_lines;
  logic [16:0] fetched_q, entry_index, line_index_q;  // entries; line_index: first entry of the next list line that comes
  logic fetched_misaligned, fetched_malformed, fetched_piece;
  logic [7:0] fetched_status, entry_status;
  logic has_slots;  // the entry names a piece: its status is OK
  assign {fetched_misaligned, fetched_malformed, fetched_piece, fetched_line, fetched_lines} = list[KEPT_W*fetched_q[1:0]+:KEPT_W];
  assign fetch_valid = running_q && list_valid && unfetched_q;
  assign entry_fetch = fetch_valid && entry_room;
  assign fetch_final = fetched_q + 1'b1 == entries_i[16:0];
  assign list_take = entry_fetch && fetched_q[1:0] == 2'd3;
  skid #(
      .WIDTH(58 + 29 + 8 + 1 + 17 + 1)
  ) u_entry (
      .clk_i, .rst_ni(rst_n && !start_i),
      .valid_i(fetch_valid), .ready_o(entry_room),
      .data_i({fetched_line, fetched_lines, fetched_status, fetched_piece, fetched_q, fetch_final}),
      .valid_o(entry_valid), .ready_i(entry_take),
      .data_o({entry_line, entry_lines, entry_status, has_slots, entry_index, entry_final})
  );
  always_ff @(posedge clk_i) begin
    if (start_i) unfetched_q <= 1'b1;
    else if (entry_fetch && fetch_final) unfetched_q <= 1'b0;
    if (!rst_n || start_i) begin
      fetched_q <= '0;
      line_index_q <= '0;
    end else begin
      fetched_q <= fetched_q + 17'(entry_fetch);
      if (list_enter) line_index_q <= line_index_q + 17'(LINE_ENTRIES);
    end
  end
  always_comb begin
    fetched_status = pl_abi_pkg::PL_STATUS_OK;
    if (fetched_misaligned) fetched_status = pl_abi_pkg::PL_STATUS_BAD_ADDRESS;
    else if (fetched_malformed) fetched_status = pl_abi_pkg::PL_STATUS_BAD_OPERATION;
  end

  // The piece held back until the next one or the end is known; how the list ended.
  logic held_q, any_q, list_ended_q, held_take, failed_q, list_bad_q;
  logic [57:0] held_line_q;
  logic [28:0] held_lines_q;
  logic [7:0] end_status_q;
  logic [16:0] end_index_q;
  assign entry_take = entry_valid && !list_ended_q && (!has_slots || !held_q || held_take);
  always_ff @(posedge clk_i) begin
    if (!rst_n || start_i) begin
      held_q <= rst_n && one_piece_i;
      any_q <= 1'b0;
      list_ended_q <= rst_n && one_piece_i;
      end_status_q <= pl_abi_pkg::PL_STATUS_OK;
      list_bad_q <= 1'b0;
    end else begin
      held_q <= (entry_take && has_slots) || (held_q && !held_take);
      any_q <= any_q || (entry_take && has_slots);
      if (entry_take && (entry_final || entry_status != pl_abi_pkg::PL_STATUS_OK)) begin
        list_ended_q <= 1'b1;
        list_bad_q <= entry_status != pl_abi_pkg::PL_STATUS_OK;
        if (entry_status != pl_abi_pkg::PL_STATUS_OK) end_status_q <= entry_status;
        else if (!any_q && !has_slots) end_status_q <= pl_abi_pkg::PL_STATUS_MALFORMED_SLOT;
      end
    end
    if (entry_take) end_index_q <= entry_index;
    if (start_i) begin
      held_line_q <= list_line_i;
      held_lines_q <= entries_i;
    end else if (entry_take && has_slots) begin
      held_line_q <= entry_line;
      held_lines_q <= entry_lines;
    end
  end

  // Commands: the list first. A piece may go when what follows it is known.
  logic ask_piece, piece_free;
  assign piece_free = list_ended_q || (entry_valid && has_slots);
  assign ask_piece = running_q && held_q && piece_free && !ended_q;
  assign command_valid_o = ask_list || ask_piece;
  assign command_client_o = ask_list ? LIST : STREAM;
  assign command_line_o = ask_list ? list_line_q : held_line_q;
  assign command_lines_o = ask_list ? 29'(chunk) : held_lines_q;
  assign ask_take = ask_list && command_ready_i;
  assign held_take = ask_piece && !ask_list && command_ready_i;

  // Pieces whose last line has not come: their number ends the beats.
  logic [16:0] pieces_q;
  logic line_bad, stream_line, finish_bad, beat_enter, beat_ready, beat_last, skid_valid;
  logic [7:0] beat_status;
  logic all_asked;
  assign all_asked = list_ended_q && !held_q;
  assign line_bad = line_valid_i && !line_ok_i;
  assign stream_line = line_valid_i && (line_client_i == STREAM || line_bad);
  assign finish_bad = running_q && !ended_q && all_asked && pieces_q == '0 && end_status_q != pl_abi_pkg::PL_STATUS_OK;
  assign line_ready_o = beat_ready || ended_q || (line_client_i != STREAM && line_ok_i);  // without line_valid_i: comes sooner
  assign beat_enter = running_q && !ended_q && (stream_line || finish_bad);
  assign beat_status = stream_line ? line_status_i : end_status_q;
  assign beat_last = finish_bad || line_bad ||
      (line_last_i && all_asked && pieces_q == 17'd1 && end_status_q == pl_abi_pkg::PL_STATUS_OK);
  skid #(
      .WIDTH(521)
  ) u_beat (
      .clk_i, .rst_ni(rst_n),
      .valid_i(beat_enter), .ready_o(beat_ready), .data_i({beat_status, beat_last, line_i}),
      .valid_o(skid_valid), .ready_i(beat_ready_i), .data_o({beat_status_o, beat_last_o, beat_o})
  );
  assign beat_valid_o = skid_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_n) begin
      running_q <= 1'b0;
      ended_q <= 1'b0;
      pieces_q <= '0;
    end else if (start_i) begin
      running_q <= 1'b1;
      ended_q <= 1'b0;
      pieces_q <= '0;
    end else begin
      pieces_q <= pieces_q + 17'(held_take) -
          17'(line_valid_i && line_ready_o && line_client_i == STREAM && line_last_i && pieces_q != '0);
      if (beat_enter && beat_ready && beat_last) begin
        ended_q <= 1'b1;
      end
      if (ended_q && !skid_valid) running_q <= 1'b0;
    end
    if (!rst_ni || start_i) begin
      failed_q <= 1'b0;
      failed_entry_o <= 1'b0;
    end else if (beat_enter && beat_ready && beat_status != pl_abi_pkg::PL_STATUS_OK) begin
      failed_q <= 1'b1;
      failed_entry_o <= stream_line ? line_client_i == LIST : list_bad_q;
      failed_index_o <= stream_line ? line_index_q : end_index_q;
    end
  end
  assign done_o = !running_q;
  assign failed_o = failed_q;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_start_when_done: assert (!start_i || !running_q);
      a_room_bounded: assert (!running_q || list_room_q <= 5'(STORED));
      if ($past(rst_n && beat_valid_o && !beat_ready_i) && rst_n) a_beat_held: assert (beat_valid_o && beat_o == $past(beat_o));
    end
  end
endmodule
`default_nettype wire

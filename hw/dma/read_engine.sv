// Reads host memory: commands of many lines in, the lines out strictly in the order asked for.
//
// Bursts (read_split) take ids round robin, one AR per cycle, one outstanding read per id. Beats of different ids may come in any
// order and mixture: each id has room for its burst in the reorder memory, so m_axi_rready is always high. Lines are handed on as
// they come, the last of a burst once the burst has ended: line_o two registers after the memory, the second of which is a skid
// buffer's, one line per cycle sustained, as long as READS * BURST_LINES lines cover the round trip and a burst. An id is free again
// when its lines were fetched from the memory.
// Stall: line_valid_o, once high, stays with stable data until line_ready_i or cancel_i; ARs wait for room.
// Errors: a line with a bad response has status BUS_ERROR; so have the lines that a burst which ended too soon left out, and the last
// line of one that went on too long.
// Time-out: TIMEOUT cycles without a beat, an address taken or a burst begun while something is awaited: the line that is due
// comes with status TIMEOUT and last, and then nothing more until cancel_i.
// cancel_i (a level, at least one cycle): everything asked for is forgotten, nothing new is begun; an AR on offer stays until
// taken.
// Ids that are out at a cancel or a time-out are quarantined: their beats are swallowed and they are not used again before their
// last beat. quiet_o: no id is out.
`default_nettype none
module read_engine #(
    parameter  int unsigned READS       = 32,
    parameter  int unsigned BURST_LINES = 32,
    parameter  int unsigned TIMEOUT     = 65536,
    localparam int unsigned ID_W        = $clog2(READS)
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    input  wire              cancel_i,
    output logic             quiet_o,
    input  wire              command_valid_i,
    output logic             command_ready_o,
    output logic             command_room_o,    // the same, but for cancel_i: for who is cancelled as well
    input  wire  [     57:0] command_line_i,    // address / 64
    input  wire  [     28:0] command_lines_i,   // at least 1
    input  wire  [      1:0] command_client_i,
    output logic             line_valid_o,
    input  wire              line_ready_i,
    output logic [    511:0] line_o,
    output logic [      1:0] line_client_o,
    output logic             line_last_o,       // of its command
    output logic             line_ok_o,
    output logic [      7:0] line_status_o,     // PL_STATUS_OK if line_ok_o, else BUS_ERROR, TIMEOUT
    output logic             read_line_o,       // pulse: a beat came
    output logic [ ID_W-1:0] m_axi_arid,
    output logic [     63:0] m_axi_araddr,
    output logic [      7:0] m_axi_arlen,
    output logic [      2:0] m_axi_arsize,
    output logic [      1:0] m_axi_arburst,
    output logic             m_axi_arvalid,
    input  wire              m_axi_arready,
    input  wire  [ ID_W-1:0] m_axi_rid,
    input  wire  [    511:0] m_axi_rdata,
    input  wire  [      1:0] m_axi_rresp,
    input  wire              m_axi_rlast,
    input  wire              m_axi_rvalid,
    output logic             m_axi_rready
);
  localparam int unsigned BEAT_W = $clog2(BURST_LINES);
  localparam int unsigned TIMER_W = $clog2(TIMEOUT + 1);
  localparam int unsigned META_W = BEAT_W + 3;

  if (READS < 2 || READS > 256 || (READS & (READS - 1)) != 0) begin : g_reads
    $error("read_engine: READS must be a power of two in 2..256");
  end
  if (BURST_LINES < 2 || BURST_LINES > 64 || (BURST_LINES & (BURST_LINES - 1)) != 0) begin : g_burst
    $error("read_engine: BURST_LINES must be a power of two in 2..64");
  end
  if (TIMEOUT < 2) begin : g_timeout $error("read_engine: TIMEOUT must be at least 2"); end

  // Bursts to begin
  logic burst_valid, burst_last;
  logic [57:0] burst_line;
  logic [BEAT_W-1:0] burst_beats;
  logic [1:0] burst_client;
  logic issue, may_issue, skip, command_ready;  // may_issue: issue, but for cancel_i, which empties u_split
  read_split #(
      .BURST_LINES(BURST_LINES)
  ) u_split (
      .clk_i, .rst_ni(rst_ni && !cancel_i),
      .command_valid_i, .command_ready_o(command_ready), .command_line_i, .command_lines_i,
      .command_client_i,
      .burst_valid_o(burst_valid), .burst_ready_i(may_issue), .burst_line_o(burst_line), .burst_beats_o(burst_beats),
      .burst_client_o(burst_client), .burst_last_o(burst_last)
  );
  assign command_ready_o = command_ready && !cancel_i;
  assign command_room_o = command_ready;

  // Places of the order, one per id: [head, tail) are taken, by a burst or, not used, by an id in quarantine.
  logic [ID_W:0] head_q, tail_q, level_q;
  logic [ID_W-1:0] head, tail;
  logic [READS-1:0] out_q;    // begun, and the last beat has not come
  logic [READS-1:0] dead_q;   // of those: in quarantine
  logic [READS-1:0] used_q;   // the place has a burst
  logic [READS-1:0] done_q;   // all of it is in the memory
  logic [READS-1:0] wrong_q;  // and has not the length asked for
  logic [ID_W:0] out_count_q, live_count_q, pending_q;  // ids out; of those not dead; bursts not handed on
  logic [META_W-1:0] meta[READS];  // lines - 1, client, last
  logic advance, fetch, fetch_last, fail_q, fail_sent_q, fail_line, fire;

  assign head = head_q[ID_W-1:0];
  assign tail = tail_q[ID_W-1:0];

  always_comb begin
    may_issue = 1'b0;
    skip = 1'b0;
    if (burst_valid && !level_q[ID_W] && !fail_q) begin
      skip = out_q[tail] && !cancel_i;
      may_issue = !out_q[tail] && (!m_axi_arvalid || m_axi_arready);
    end
    issue = may_issue && !cancel_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) m_axi_arvalid <= 1'b0;
    else if (issue) m_axi_arvalid <= 1'b1;
    else if (m_axi_arready) m_axi_arvalid <= 1'b0;
  end
  always_ff @(posedge clk_i) begin
    if (issue) begin
      m_axi_arid <= tail;
      m_axi_araddr <= {burst_line, 6'b0};
      m_axi_arlen <= 8'(burst_beats);
      meta[tail] <= {burst_beats, burst_client, burst_last};
    end
  end
  assign m_axi_arsize = 3'd6;
  assign m_axi_arburst = 2'b01;

  // Beats that came
  logic beat_valid_q, beat_bad_q, beat_last_q, beat_known, beat_live, beat_ends, beat_final;
  logic [ID_W-1:0] beat_id_q;
  logic [511:0] beat_q;
  logic [READS*BEAT_W-1:0] beats_q;  // lines of each id so far
  logic [BEAT_W-1:0] beat_index;
  // verilator lint_off UNUSEDSIGNAL
  logic [META_W-1:0] beat_meta;  // its length
  // verilator lint_on UNUSEDSIGNAL
  logic [512:0] memory[READS*BURST_LINES];
  assign m_axi_rready = 1'b1;
  assign read_line_o = beat_valid_q;
  always_ff @(posedge clk_i) begin
    beat_id_q <= m_axi_rid;
    beat_q <= m_axi_rdata;
    beat_bad_q <= m_axi_rresp != '0;
    beat_last_q <= m_axi_rlast;
    if (!rst_ni) beat_valid_q <= 1'b0;
    else beat_valid_q <= m_axi_rvalid;
  end
  assign beat_known = beat_valid_q && out_q[beat_id_q];
  assign beat_live = beat_known && !dead_q[beat_id_q];
  assign beat_ends = beat_known && beat_last_q;
  assign beat_index = beats_q[beat_id_q*BEAT_W+:BEAT_W];
  assign beat_meta = meta[beat_id_q];
  assign beat_final = beat_index == beat_meta[3+:BEAT_W];
  always_ff @(posedge clk_i) begin
    if (beat_live) memory[{beat_id_q, beat_index}] <= {beat_bad_q, beat_q};
    for (int unsigned i = 0; i < READS; i++) begin
      if (issue && tail == ID_W'(i)) beats_q[i*BEAT_W+:BEAT_W] <= '0;
      else if (beat_known && beat_id_q == ID_W'(i)) beats_q[i*BEAT_W+:BEAT_W] <= beat_index + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (beat_live && beat_last_q != beat_final) wrong_q[beat_id_q] <= 1'b1;
    if (issue) wrong_q[tail] <= 1'b0;
    if (beat_live && beat_last_q) done_q[beat_id_q] <= 1'b1;
    if (issue) done_q[tail] <= 1'b0;
    if (issue || skip) used_q[tail] <= issue;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      out_q <= '0;
      dead_q <= '0;
      out_count_q <= '0;
    end else begin
      if (cancel_i || fire) dead_q <= out_q;
      if (issue) begin
        out_q[tail] <= 1'b1;
        dead_q[tail] <= fire;
      end
      if (beat_ends) begin
        out_q[beat_id_q] <= 1'b0;
        dead_q[beat_id_q] <= 1'b0;
      end
      out_count_q <= out_count_q + (ID_W + 1)'(issue) - (ID_W + 1)'(beat_ends);
    end
  end
  assign quiet_o = out_count_q == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || cancel_i) begin
      head_q <= '0;
      tail_q <= '0;
      level_q <= '0;
      pending_q <= '0;
      live_count_q <= '0;
    end else begin
      head_q <= head_q + (ID_W + 1)'(advance);
      tail_q <= tail_q + (ID_W + 1)'(issue || skip);
      level_q <= level_q + (ID_W + 1)'(issue || skip) - (ID_W + 1)'(advance);
      pending_q <= pending_q + (ID_W + 1)'(issue) - (ID_W + 1)'(fetch && fetch_last);
      live_count_q <= fire ? '0 : live_count_q + (ID_W + 1)'(issue) - (ID_W + 1)'(beat_live && beat_last_q);
    end
  end

  // Time-out
  logic [TIMER_W-1:0] timer_q;
  logic waiting, progress;
  assign waiting = live_count_q != '0 || (burst_valid && pending_q == '0);
  assign progress = issue || beat_live || (m_axi_arvalid && m_axi_arready);
  assign fire = timer_q == TIMER_W'(TIMEOUT) && !fail_q && !cancel_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || cancel_i || !waiting || progress || fail_q) timer_q <= '0;
    else if (!fire) timer_q <= timer_q + 1'b1;
    if (!rst_ni || cancel_i) begin
      fail_q <= 1'b0;
      fail_sent_q <= 1'b0;
    end else begin
      if (fire) fail_q <= 1'b1;
      if (fail_line) fail_sent_q <= 1'b1;
    end
  end

  // Lines in order
  logic [META_W-1:0] head_meta;
  logic [BEAT_W-1:0] index_q;
  logic due, came, read_free, read_ready;
  logic read_valid_q, read_last_q, read_fail_q, read_wrong_q;
  logic [1:0] read_client_q;
  logic [512:0] read_q;
  logic [7:0] read_status;
  assign due = level_q != '0;
  assign head_meta = meta[head];
  assign fetch_last = index_q == head_meta[3+:BEAT_W];
  assign read_free = read_ready || !read_valid_q;
  assign came = done_q[head] || index_q != beats_q[head*BEAT_W+:BEAT_W];
  assign fetch = due && used_q[head] && came && read_free && !fail_q;
  assign fail_line = fail_q && !fail_sent_q && read_free && (due ? used_q[head] : burst_valid);
  assign advance = due && (used_q[head] ? fetch && fetch_last : 1'b1);

  always_ff @(posedge clk_i) begin
    if (read_free) begin
      read_q <= memory[{head, index_q}];
      read_client_q <= due ? head_meta[2:1] : burst_client;
      read_last_q <= fail_q || (head_meta[0] && fetch_last);
      read_fail_q <= fail_q;
      read_wrong_q <= wrong_q[head];
    end
    if (!rst_ni || cancel_i) begin
      index_q <= '0;
      read_valid_q <= 1'b0;
    end else begin
      if (fetch) index_q <= fetch_last ? '0 : index_q + 1'b1;
      if (read_free) read_valid_q <= fetch || fail_line;
    end
  end

  assign read_status = read_fail_q ? pl_abi_pkg::PL_STATUS_TIMEOUT :
      read_wrong_q || read_q[512] ? pl_abi_pkg::PL_STATUS_BUS_ERROR : pl_abi_pkg::PL_STATUS_OK;
  // Two skid buffers in step: what is decided by is a register, the line is behind a multiplexer.
  skid #(
      .WIDTH(12)
  ) u_head (
      .clk_i, .rst_ni(rst_ni && !cancel_i),
      .valid_i(read_valid_q), .ready_o(read_ready),
      .data_i({read_status == pl_abi_pkg::PL_STATUS_OK, read_status, read_last_q, read_client_q}),
      .valid_o(line_valid_o), .ready_i(line_ready_i),
      .data_o({line_ok_o, line_status_o, line_last_o, line_client_o})
  );
  // verilator lint_off PINCONNECTEMPTY
  skid #(
      .WIDTH(512), .WIDE(1)
  ) u_line (
      .clk_i, .rst_ni(rst_ni && !cancel_i),
      .valid_i(read_valid_q), .ready_o(), .data_i(read_q[511:0]),
      .valid_o(), .ready_i(line_ready_i), .data_o(line_o)
  );
  // verilator lint_on PINCONNECTEMPTY

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_level: assert (level_q == tail_q - head_q);
      a_places_bounded: assert (level_q <= (ID_W + 1)'(READS));
      a_live_is_out: assert (live_count_q <= out_count_q);
      a_pending_placed: assert (pending_q <= level_q);
      if ($past(m_axi_arvalid && !m_axi_arready)) a_address_held: assert (m_axi_arvalid && m_axi_araddr == $past(m_axi_araddr));
    end
  end
endmodule
`default_nettype wire

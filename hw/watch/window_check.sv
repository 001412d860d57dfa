// Judges the lines of the window, one after the other: record, number of the line, number of the tick; keeps the first
// refusal.
//
// Latency 4 cycles from a taken line (line_valid_i with line_ready_o, which also reserves its place: taken_o) to
// verdict_valid_o; throughput 1 per cycle. With it come line_o, record_o (it is a record, not only a commit), end_o (it ends
// its tick) and accept_o: it goes into the open tick.
// A line that is not whole is BAD_ADDRESS; before a load NOT_LOADED; MALFORMED_RECORD is any other kind than TICK_PRICE,
// TICK_VOL and TICK_COMMIT, a record that record_check refuses, a TICK_COMMIT without a number, a line number that is not the
// next one (modulo 2^32), a tick not above the one before; LIMIT a line for which the open tick has no room (open_full_i).
// Checked in this order.
// The first refusal, or the tables' (tick_refused_i, tick_status_i), is kept in status_o, with error_valid_o in status_o's
// first cycle, and drop_o tells the queue to drop the open tick. From then on lines are taken without room and refused.
// clear_i and forget_i (a load has started) drop the lines in flight and start anew: line 1, any tick, status OK, or after
// forget_i with waiting_i RESET. A line that comes later is judged by the new state. A tick that the tables refuse in
// clear_i's cycle or later is a refusal after the clear.
// line_count_o: a line was taken; refused_count_o: one line or tick was refused (two in one cycle: one of them later).
`default_nettype none
module window_check #(
    parameter int unsigned PROFILE        = 32'(pl_abi_pkg::PL_PROFILE_FULL),
    parameter int unsigned SCENARIOS      = 40,
    parameter int unsigned INSTRUMENTS    = 4096,
    parameter int unsigned EXPIRIES       = 512,
    parameter int unsigned UNDERLYINGS    = 128,
    parameter int unsigned CLASSES        = 256,
    parameter int unsigned BRACKET_TABLES = 64
) (
    input  wire                                     clk_i,
    input  wire                                     rst_ni,
    input  wire                                     clear_i,
    input  wire                                     forget_i,
    input  wire                                     waiting_i,
    input  wire  pl_abi_pkg::pl_model_t             model_i,
    input  wire                                     loaded_i,
    input  wire                                     table_valid_i,
    input  wire  [                           511:0] table_record_i,
    input  wire                                     clear_valid_i,
    input  wire  [pl_card_pkg::INSTRUMENT_W-1:0]    clear_index_i,
    input  wire                                     line_valid_i,
    output logic                                    line_ready_o,
    input  wire                                     line_ok_i,
    input  wire  [                           511:0] line_i,
    input  wire                                     room_i,
    input  wire                                     open_full_i,
    output logic                                    taken_o,
    output logic                                    verdict_valid_o,
    output logic                                    accept_o,
    output logic                                    record_o,
    output logic                                    end_o,
    output logic [                           511:0] line_o,
    output logic                                    drop_o,
    input  wire                                     tick_refused_i,
    input  wire  [                             7:0] tick_status_i,
    output logic [                             7:0] status_o,
    output logic                                    error_valid_o,
    output logic                                    line_count_o,
    output logic                                    refused_count_o
);
  localparam int unsigned OWED_W = 8;

  logic flush, stopped_q, valid_1_q, any_tick_q, ok_4, number_ok_4;
  logic [31:0] expected_q;
  logic [63:0] tick_1_q, last_tick_q;
  logic [4:1] commit_q, record_q;  // which kind the lines are
  logic end_2_q, end_3_q, end_4_q, above_2_q, above_3_q, above_4_q, line_1_q, line_2_q, line_3_q, framed_4_q;
  logic [7:0] record_status, status;
  logic [OWED_W-1:0] owed_q;
  logic refused;
  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_tick_commit_t header;  // line and tick lie in the same place in all three records
  logic [31:0] index_4;
  // verilator lint_on UNUSEDSIGNAL

  assign flush = clear_i || forget_i;
  assign line_ready_o = (room_i || open_full_i || stopped_q) && !flush;
  assign taken_o = line_valid_i && line_ready_o;
  assign header = line_i;

  // A line's number is compared when it is taken, its tick two cycles later: as if all before it had been accepted.
  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush) begin
      expected_q <= 32'd1;
      valid_1_q <= 1'b0;
      any_tick_q <= 1'b0;
    end else begin
      if (taken_o) expected_q <= expected_q + 1'b1;
      valid_1_q <= taken_o;
      if (valid_1_q && tick_1_q != '0) any_tick_q <= 1'b1;
    end
  end
  always_ff @(posedge clk_i) begin
    commit_q <= {commit_q[3:1], line_i[7:0] == pl_abi_pkg::PL_RECORD_TICK_COMMIT};
    record_q <= {record_q[3:1], line_i[7:0] == pl_abi_pkg::PL_RECORD_TICK_PRICE || line_i[7:0] == pl_abi_pkg::PL_RECORD_TICK_VOL};
    tick_1_q <= header.tick;
    if (valid_1_q && tick_1_q != '0) last_tick_q <= tick_1_q;
    end_2_q <= tick_1_q != '0;
    end_3_q <= end_2_q;
    end_4_q <= end_3_q;
    above_2_q <= !any_tick_q || tick_1_q > last_tick_q;
    above_3_q <= above_2_q;
    above_4_q <= above_3_q;
    line_1_q <= line_ok_i && header.line == expected_q;
    line_2_q <= line_1_q;
    line_3_q <= line_2_q;
    framed_4_q <= line_3_q && (!end_3_q || above_3_q);
  end

  record_check #(
      .PROFILE(PROFILE),
      .SCENARIOS(SCENARIOS),
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS),
      .CLASSES(CLASSES),
      .BRACKET_TABLES(BRACKET_TABLES)
  ) u_check (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .flush_i(flush),
      .model_i(model_i),
      .loaded_i(loaded_i),
      .table_valid_i(table_valid_i),
      .table_record_i(table_record_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .valid_i(taken_o),
      .tick_i(1'b1),
      .first_i(1'b0),
      .last_i(line_ok_i),
      .index_i({31'd0, header.line == expected_q}),
      .record_i(line_i),
      .valid_o(verdict_valid_o),
      .last_o(ok_4),
      .index_o(index_4),
      .record_o(line_o),
      .status_o(record_status)
  );

  assign number_ok_4 = index_4[0];
  assign record_o = !commit_q[4];
  assign end_o = end_4_q;

  logic not_loaded, record_ok;
  assign not_loaded = record_status == pl_abi_pkg::PL_STATUS_NOT_LOADED;
  assign record_ok = commit_q[4] ? end_4_q && !not_loaded : record_q[4] && record_status == pl_abi_pkg::PL_STATUS_OK;
  always_comb begin
    if (!ok_4) status = pl_abi_pkg::PL_STATUS_BAD_ADDRESS;
    else if (not_loaded) status = pl_abi_pkg::PL_STATUS_NOT_LOADED;
    else if (!record_ok || !number_ok_4 || (end_4_q && !above_4_q)) status = pl_abi_pkg::PL_STATUS_MALFORMED_RECORD;
    else if (open_full_i) status = pl_abi_pkg::PL_STATUS_LIMIT;
    else status = pl_abi_pkg::PL_STATUS_OK;
  end
  // status is OK, by a shorter way
  assign accept_o = verdict_valid_o && !stopped_q && !flush && !tick_refused_i && framed_4_q && record_ok && !open_full_i;
  assign refused = verdict_valid_o && !flush && !accept_o;
  assign drop_o = tick_refused_i || (refused && !stopped_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      stopped_q <= 1'b0;
      status_o <= pl_abi_pkg::PL_STATUS_OK;
      error_valid_o <= 1'b0;
    end else begin
      error_valid_o <= 1'b0;
      if (tick_refused_i) begin
        if (flush || !stopped_q) begin
          stopped_q <= 1'b1;
          status_o <= tick_status_i;
          error_valid_o <= 1'b1;
        end
      end else if (flush) begin
        stopped_q <= forget_i && waiting_i;
        status_o <= forget_i && waiting_i ? pl_abi_pkg::PL_STATUS_RESET : pl_abi_pkg::PL_STATUS_OK;
        error_valid_o <= forget_i && waiting_i;
      end else if (refused && !stopped_q) begin
        stopped_q <= 1'b1;
        status_o <= status;
        error_valid_o <= 1'b1;
      end
    end
  end

  // A tick that is refused together with a line is counted in the next cycle without one.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      owed_q <= '0;
      line_count_o <= 1'b0;
      refused_count_o <= 1'b0;
    end else begin
      line_count_o <= taken_o;
      refused_count_o <= refused || tick_refused_i || owed_q != '0;
      if (refused && tick_refused_i) owed_q <= owed_q + 1'b1;
      else if (!refused && !tick_refused_i && owed_q != '0) owed_q <= owed_q - 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_status_is_stop: assert (stopped_q == (status_o != pl_abi_pkg::PL_STATUS_OK));
      if (verdict_valid_o) a_accepted_is_ok: assert ((framed_4_q && record_ok && !open_full_i) == (status == pl_abi_pkg::PL_STATUS_OK));
      a_owed_bounded: assert (owed_q != '1);
    end
  end
endmodule
`default_nettype wire

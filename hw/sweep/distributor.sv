// Splits the account stream: lines in, fragments of accounts to the lanes out, and the order in which accounts are to be judged.
//
// Per cycle at most the rest of the open account (to its lane), that account's order, and the start of one new account, to
// another lane that is light and has room, round-robin; backlogged lanes get no new account. Lines with up to one account
// start take one cycle each, further starts and the stream's end one more each. Latency 5 cycles from an accepted line to
// its fragments, once the next line is there too: whether a piece is its account's last shows in the line after it.
// No fragment is empty; PADs go with the account before them. A stalled lane or order holds all lines behind it.
//
// An account's order comes when its end was seen: an account cut off by the list's end or by a line that could not be read
// has none, and what its lane got of it has no last fragment. The stream ends with an order with `ends`: END (OK, its slot),
// a slot outside an account that is no HEADER, or one with a bad mode or multiplier (MALFORMED_SLOT, its slot), the list's
// end without END (MALFORMED_SLOT, number of slots), a line that could not be read (its status, its first slot). Lines
// after it are taken and dropped up to the list's last one; the next line is line 0 of the next stream.
// Every fragment carries live_i: one distributor deals the sweep, another the watched set.
// As the order comes last, a close must hold the records per underlying of a whole account: nobody takes them before.
// Mirrors the boundaries of pl_sweep_next and starts_account in host/model/sweep.c.
`default_nettype none
module distributor #(
    parameter  int unsigned LANES = 8,
    localparam int unsigned FRAGMENT_W = pl_card_pkg::FRAGMENT_W
) (
    input  wire                         clk_i,
    input  wire                         rst_ni,
    input  wire                         live_i,            // constant: every fragment's live
    input  wire                         start_i,           // a sweep begins: its lines follow
    input  wire  [                 8:0] multipliers_i,     // entries of the loaded multiplier table
    input  wire                         beat_valid_i,
    output logic                        beat_ready_o,
    input  wire  [               511:0] beat_i,            // slot k at [64k +: 64]
    input  wire                         beat_last_i,       // last line of the list
    input  wire  [                 7:0] beat_status_i,     // not OK: this line could not be read
    output logic [           LANES-1:0] fragment_valid_o,
    input  wire  [           LANES-1:0] fragment_ready_i,
    output logic [LANES*FRAGMENT_W-1:0] fragment_o,
    input  wire  [           LANES-1:0] light_i,           // the lane has little backlog
    output logic                        order_valid_o,
    input  wire                         order_ready_i,
    output pl_card_pkg::order_t         order_o,
    output logic                        stall_lanes_o,     // pulses: a line waits for lanes or the order
    output logic                        stall_input_o,     // running and no line offered
    output logic                        line_o             // a line was taken
);
  localparam int unsigned LINE_W = pl_card_pkg::LINE_W;
  localparam int unsigned SCAN_W = LINE_W + 1 + 5 * 8;
  localparam int unsigned STEP_W = LINE_W + 32 + 4 + 4 + 3 + 32 + 8 + 6;

  if (LANES < 1 || LANES > 8) begin : g_lanes $error("distributor: LANES must lie in 1..8"); end

  logic [SCAN_W-1:0] scan_line;
  logic [STEP_W-1:0] step_in, step;
  logic scan_valid, scan_ready, line_valid, line_ready, step_in_valid, step_in_ready, step_valid, step_ready;
  logic [511:0] line_slots, cut_slots;
  logic line_last;
  logic [7:0] line_status, pad, boundary, startable, ends;
  logic cut_rest, cut_rest_last, cut_close, cut_start, cut_start_last, cut_ends;
  logic [7:0] cut_status;
  logic [31:0] cut_slot, cut_line;
  logic [2:0] cut_first;
  logic [3:0] cut_middle, cut_beyond;
  logic running_q;

  distributor_scan u_scan (
      .clk_i,
      .rst_ni,
      .multipliers_i,
      .valid_i(beat_valid_i),
      .ready_o(beat_ready_o),
      .slots_i(beat_i),
      .last_i(beat_last_i),
      .status_i(beat_status_i),
      .valid_o(scan_valid),
      .ready_i(scan_ready),
      .slots_o(scan_line[LINE_W-1:0]),
      .last_o(scan_line[LINE_W]),
      .status_o(scan_line[LINE_W+1+:8]),
      .pad_o(scan_line[LINE_W+9+:8]),
      .boundary_o(scan_line[LINE_W+17+:8]),
      .startable_o(scan_line[LINE_W+25+:8]),
      .end_o(scan_line[LINE_W+33+:8])
  );
  skid #(
      .WIDTH(SCAN_W)
  ) u_line (
      .clk_i,
      .rst_ni,
      .valid_i(scan_valid),
      .ready_o(scan_ready),
      .data_i (scan_line),
      .valid_o(line_valid),
      .ready_i(line_ready),
      .data_o ({ends, startable, boundary, pad, line_status, line_last, line_slots})
  );
  distributor_cut u_cut (
      .clk_i,
      .rst_ni,
      .valid_i(line_valid),
      .ready_o(line_ready),
      .slots_i(line_slots),
      .last_i(line_last),
      .status_i(line_status),
      .pad_i(pad),
      .boundary_i(boundary),
      .startable_i(startable),
      .end_i(ends),
      .step_valid_o(step_in_valid),
      .step_ready_i(step_in_ready),
      .step_rest_o(cut_rest),
      .step_rest_last_o(cut_rest_last),
      .step_close_o(cut_close),
      .step_start_o(cut_start),
      .step_start_last_o(cut_start_last),
      .step_ends_o(cut_ends),
      .step_status_o(cut_status),
      .step_slot_o(cut_slot),
      .step_first_o(cut_first),
      .step_middle_o(cut_middle),
      .step_beyond_o(cut_beyond),
      .step_line_o(cut_line),
      .step_slots_o(cut_slots)
  );
  assign step_in = {cut_slots, cut_line, cut_beyond, cut_middle, cut_first, cut_slot, cut_status, cut_ends, cut_start_last,
                    cut_start, cut_close, cut_rest_last, cut_rest};
  skid #(
      .WIDTH(STEP_W)
  ) u_step (
      .clk_i,
      .rst_ni,
      .valid_i(step_in_valid),
      .ready_o(step_in_ready),
      .data_i (step_in),
      .valid_o(step_valid),
      .ready_i(step_ready),
      .data_o (step)
  );
  distributor_hand #(
      .LANES(LANES)
  ) u_hand (
      .clk_i,
      .rst_ni,
      .live_i,
      .step_valid_i(step_valid),
      .step_ready_o(step_ready),
      .step_rest_i(step[0]),
      .step_rest_last_i(step[1]),
      .step_close_i(step[2]),
      .step_start_i(step[3]),
      .step_start_last_i(step[4]),
      .step_ends_i(step[5]),
      .step_status_i(step[13:6]),
      .step_slot_i(step[45:14]),
      .step_first_i(step[48:46]),
      .step_middle_i(step[52:49]),
      .step_beyond_i(step[56:53]),
      .step_line_i(step[88:57]),
      .step_slots_i(step[STEP_W-1:89]),
      .fragment_valid_o,
      .fragment_ready_i,
      .fragment_o,
      .light_i,
      .order_valid_o,
      .order_ready_i,
      .order_o
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      running_q <= 1'b0;
      stall_lanes_o <= 1'b0;
      stall_input_o <= 1'b0;
      line_o <= 1'b0;
    end else begin
      running_q <= start_i || (running_q && !(beat_valid_i && beat_ready_o && beat_last_i));
      stall_lanes_o <= step_valid && !step_ready;
      stall_input_o <= running_q && beat_ready_o && !beat_valid_i;
      line_o <= beat_valid_i && beat_ready_o;
    end
  end
endmodule
`default_nettype wire

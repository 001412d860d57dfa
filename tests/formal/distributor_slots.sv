// distributor: every slot from the first HEADER to END goes to exactly one lane, once, in order, with its line; an account's fragments
// go to one lane, the last one is marked as such, and its order names this lane (looked at when no fragment
// leaves in the same cycle); the stream's end names END's slot.
//
// The fragments, in the order in which they leave, must follow each other without gap or overlap, each beginning where the one
// before it ended. Assumed: a list as the host must make it, HEADER first, END before the list's end; what is broken is for the
// benches. A slot is a HEADER, a POSITION, a PAD or END; a line's data also say its number (modulo 4) and whether the next one begins
// with a boundary. 2 lanes, stalled and light at will; any number of accounts per line.
//! read sweep/distributor sweep/distributor_scan sweep/distributor_cut sweep/distributor_hand prim/skid
//! prove bounded 12
//! also smt 6
//! mutants 18
//! cover 14
`default_nettype none
module distributor_slots (
    input wire        clk_i,
    input wire        rst_ni,
    input wire        beat_valid_i,
    input wire [15:0] class_i,           // of slot k at [2k +: 2]
    input wire        next_i,            // the next line begins with a boundary
    input wire        last_i,
    input wire [ 1:0] fragment_ready_i,
    input wire [ 1:0] light_i,
    input wire        order_ready_i
);
  localparam logic [1:0] POSITION = 2'd0, HEADER = 2'd1, PAD = 2'd2, ENDS = 2'd3;
  localparam int unsigned FRAGMENT_W = pl_card_pkg::FRAGMENT_W;
  logic beat_ready, order_valid, stall_lanes, stall_input, taken;
  logic [511:0] beat;
  logic [1:0] fragment_valid;
  logic [2*FRAGMENT_W-1:0] fragment;
  pl_card_pkg::order_t order;
  logic [1:0] lines_q;  // accepted
  for (genvar k = 0; k < 8; k++) begin : g_slot
    logic [1:0] kind;
    assign kind = class_i[2*k+:2];
    assign beat[64*k+:64] = {kind == HEADER ? pl_abi_pkg::PL_TAG_HEADER : kind == PAD ? pl_abi_pkg::PL_TAG_PAD :
                             kind == ENDS ? pl_abi_pkg::PL_TAG_END : pl_abi_pkg::PL_TAG_POSITION, 56'b0} |
        (kind == HEADER ? 64'(pl_abi_pkg::PL_MODE_PORTFOLIO) << pl_abi_pkg::PL_SLOT_HEADER_MODE_LSB : 64'b0) |
        (k == 7 ? 64'({next_i, lines_q}) : 64'b0);
  end
  distributor #(
      .LANES(2)
  ) u_distributor (
      .clk_i, .rst_ni, .start_i(1'b0), .multipliers_i(9'd1), .beat_valid_i, .beat_ready_o(beat_ready), .beat_i(beat),
      .beat_last_i(last_i), .beat_status_i(pl_abi_pkg::PL_STATUS_OK), .fragment_valid_o(fragment_valid), .fragment_ready_i,
      .fragment_o(fragment), .light_i, .order_valid_o(order_valid), .order_ready_i, .order_o(order), .stall_lanes_o(stall_lanes),
      .stall_input_o(stall_input), .line_o(taken)
  );

  // The stream as the host must make it.
  logic begun_q = 1'b0;
  logic inside_q, ended_q, promised_q, some_q;  // in an account; after END; the last line said boundary; there was a line
  logic inside, ended, good;
  always_comb begin
    inside = inside_q;
    ended = ended_q;
    good = 1'b1;
    for (int k = 0; k < 8; k++) begin
      if (!ended) begin
        if (!inside && class_i[2*k+:2] != HEADER && class_i[2*k+:2] != ENDS) good = 1'b0;
        inside = class_i[2*k+:2] != ENDS;
        ended = class_i[2*k+:2] == ENDS;
      end
    end
    assume (begun_q || !rst_ni);
    if (beat_valid_i) begin
      assume (good && (!last_i || ended));
      assume (!some_q || ended_q || promised_q == class_i[0]);  // HEADER and ENDS are odd
    end
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (!rst_ni) begin
      inside_q <= 1'b0;
      ended_q <= 1'b0;
      some_q <= 1'b0;
      lines_q <= '0;
    end else if (beat_valid_i && beat_ready) begin
      inside_q <= inside && !last_i;
      ended_q <= ended && !last_i;
      some_q <= !last_i;
      promised_q <= next_i;
      lines_q <= last_i ? '0 : lines_q + 1'b1;
    end
  end

  // Fragments as they leave: the rest of the open account before the start of the next one.
  logic [1:0] new_fragment, was_valid_q, was_ready_q;
  logic new_order, order_was_q, open_q, lane_q, lane, start, other_first;
  logic [4:0] at_q, at;  // the next slot: line modulo 4, place
  logic ok;
  function automatic logic odd(input logic [511:0] slots, input logic [3:0] place);
    odd = place[3] ? slots[450] : slots[64*place[2:0]+56] && (slots[64*place[2:0]+56+:8] != pl_abi_pkg::PL_TAG_PAD);
  endfunction
  assign new_fragment = fragment_valid & (~was_valid_q | was_ready_q);
  assign new_order = order_valid && !order_was_q;
  pl_card_pkg::fragment_t fragment_0, fragment_1, first, second;
  assign fragment_0 = fragment[FRAGMENT_W-1:0];
  assign fragment_1 = fragment[2*FRAGMENT_W-1:FRAGMENT_W];
  assign other_first = new_fragment == 2'b11 ? open_q && lane_q : new_fragment[1];
  assign first = other_first ? fragment_1 : fragment_0;
  assign second = other_first ? fragment_0 : fragment_1;
  assign at = at_q + 5'(first.count);
  always_ff @(posedge clk_i) begin
    was_valid_q <= rst_ni ? fragment_valid : '0;
    was_ready_q <= fragment_ready_i;
    order_was_q <= rst_ni && order_valid && !order_ready_i;
    if (!rst_ni) begin
      at_q <= '0;
      open_q <= 1'b0;
    end else begin
      if (new_fragment != '0) begin
        at_q <= new_fragment == 2'b11 ? at + 5'(second.count) : at;
        lane_q <= new_fragment == 2'b11 ? !other_first : other_first;
        open_q <= 1'b1;
      end
      if (new_order && order.ends) begin
        at_q <= '0;
        open_q <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if (new_fragment != '0) begin
        a_goes_on: assert ({first.line[1:0], first.first} == at_q);
        a_its_line: assert (first.slots[449:448] == first.line[1:0]);
        a_in_line: assert (first.count != '0 && 4'(first.first) + first.count <= 4'd8);
        a_last: assert (first.last == odd(first.slots, 4'(first.first) + first.count));
        a_lane: assert (odd(first.slots, 4'(first.first)) || (open_q && other_first == lane_q));
      end
      if (new_fragment == 2'b11) begin
        a_then: assert ({second.line[1:0], second.first} == at && second.slots[449:448] == second.line[1:0]);
        a_then_in_line: assert (second.count != '0 && 4'(second.first) + second.count <= 4'd8);
        a_then_starts: assert (odd(second.slots, 4'(second.first)) &&
                               second.last == odd(second.slots, 4'(second.first) + second.count));
      end
      if (new_order) begin
        a_order_lane: assert (order.ends || (open_q || new_fragment != '0));
        if (!order.ends && open_q && new_fragment == '0) a_order_open: assert (order.lane == 3'(lane_q));
        if (order.ends) a_end: assert (order.status == pl_abi_pkg::PL_STATUS_OK && order.slot[4:0] == at_q);
      end
      c_both: cover (new_fragment == 2'b11 && at_q[4:3] == 2'd1 && first.last && second.count == 4'd1);
      c_end: cover (new_order && order.ends && at_q == 5'd11);
    end
  end
endmodule
`default_nettype wire

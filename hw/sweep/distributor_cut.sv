// Cuts lines at account boundaries: one step per cycle. A step is the rest of the open account up to the next boundary of the
// line, that account's end, and the start of the next one, up to the boundary after it; or how the stream ends.
//
// A line with up to one account start is one step, each further start one more; the stream's end is a step of its own.
// A piece that reaches the line's end is its account's last if the next line begins with a boundary: a line is cut only when
// the next one is here, unless it is the list's last. PADs go with the account before them.
// Mirrors the boundaries of pl_sweep_next in host/model/sweep.c. After the stream's end all lines are dropped, one per
// cycle, up to the list's last; then everything is as after reset. step_*_o do not depend on ready_i; they stay until it.
`default_nettype none
module distributor_cut (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          valid_i,         // the next line, see distributor_scan
    output logic         ready_o,
    input  wire  [511:0] slots_i,
    input  wire          last_i,
    input  wire  [  7:0] status_i,
    input  wire  [  7:0] pad_i,
    input  wire  [  7:0] boundary_i,
    input  wire  [  7:0] startable_i,
    input  wire  [  7:0] end_i,
    output logic         step_valid_o,
    input  wire          step_ready_i,
    output logic         step_rest_o,     // slots first .. middle - 1 belong to the open account
    output logic         step_rest_last_o,
    output logic         step_close_o,    // the open account is complete
    output logic         step_start_o,    // slots middle .. beyond - 1 start an account
    output logic         step_start_last_o,
    output logic         step_ends_o,     // the stream ends, nothing else in this step
    output logic [  7:0] step_status_o,
    output logic [ 31:0] step_slot_o,
    output logic [  2:0] step_first_o,
    output logic [  3:0] step_middle_o,
    output logic [  3:0] step_beyond_o,
    output logic [ 31:0] step_line_o,
    output logic [511:0] step_slots_o
);
  logic valid_q, last_q;
  logic [511:0] slots_q;
  logic [7:0] status_q, pad_q, startable_q, end_q;
  logic [7:0] found_q;  // boundaries not used up yet
  logic [7:0] left_q;  // slots of the line not handed out yet
  logic [2:0] first_q;  // the first of them
  logic [31:0] line_q;
  logic open_q;  // an account is open
  logic over_q;  // the list's last line was used up without an end
  logic ended_q;  // the end was told: lines are dropped

  // Place of the first bit of a mask, 8 if there is none.
  function automatic logic [3:0] first_of(input logic [7:0] mask);
    first_of = 4'd8;
    for (int k = 7; k >= 0; k = k - 1) if (mask[k]) first_of = 4'(k);
  endfunction

  logic [7:0] found_after, before_first, before_second, outside, here;
  logic [2:0] first_outside;
  logic has_boundary, has_second, starts, ends_here, next_is_boundary, known, acts, used_up, line_done;

  always_comb begin  // by gates: carry chains would come late
    for (int k = 0; k < 8; k = k + 1) begin
      here[k] = found_q[k] && (found_q & 8'((1 << k) - 1)) == '0;
      found_after[k] = found_q[k] && (found_q & 8'((1 << k) - 1)) != '0;
    end
    for (int k = 0; k < 8; k = k + 1) begin
      before_first[k] = (found_q & 8'((2 << k) - 1)) == '0;
      before_second[k] = (found_after & 8'((2 << k) - 1)) == '0;
    end
  end
  assign has_boundary = found_q != '0;
  assign has_second = found_after != '0;
  assign outside = left_q & before_first & ~pad_q;
  assign first_outside = 3'(first_of(outside));
  assign starts = (here & startable_q) != '0;
  assign ends_here = (here & end_q) != '0;
  assign next_is_boundary = !last_q && boundary_i[0];
  assign known = valid_q && !ended_q && (valid_i || last_q || status_q != pl_abi_pkg::PL_STATUS_OK);

  assign step_first_o = first_q;
  assign step_middle_o = first_of(found_q);
  assign step_beyond_o = first_of(found_after);
  assign step_line_o = line_q;
  assign step_slots_o = slots_q;

  always_comb begin
    step_rest_o = 1'b0;
    step_rest_last_o = has_boundary || next_is_boundary;
    step_close_o = 1'b0;
    step_start_o = 1'b0;
    step_start_last_o = has_second || next_is_boundary;
    step_ends_o = 1'b0;
    step_status_o = pl_abi_pkg::PL_STATUS_MALFORMED_SLOT;
    step_slot_o = {line_q[28:0], step_middle_o[2:0]};
    if (over_q) begin
      step_ends_o = 1'b1;
      step_slot_o = {line_q[28:0] + 29'd1, 3'd0};
    end else if (status_q != pl_abi_pkg::PL_STATUS_OK) begin
      step_ends_o = 1'b1;
      step_status_o = status_q;
      step_slot_o = {line_q[28:0], 3'd0};
    end else if (open_q) begin
      step_rest_o = (left_q & before_first) != '0;
      step_close_o = has_boundary;
      step_start_o = starts;
    end else if (outside != '0) begin
      step_ends_o = 1'b1;
      step_slot_o = {line_q[28:0], first_outside};
    end else if (starts) begin
      step_start_o = 1'b1;
    end else if (has_boundary) begin
      step_ends_o = 1'b1;
      if (ends_here) step_status_o = pl_abi_pkg::PL_STATUS_OK;
    end
  end

  // What is left after this step: from the second boundary on, or from one that starts no account.
  assign used_up = !(step_start_o ? has_second : has_boundary);
  assign step_valid_o = known && (step_rest_o || step_close_o || step_start_o || step_ends_o);
  assign acts = known && (step_ready_i || !step_valid_o);
  assign line_done = valid_q && (ended_q || (acts && !step_ends_o && used_up && !last_q));
  assign ready_o = line_done || !valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      open_q <= 1'b0;
      over_q <= 1'b0;
      ended_q <= 1'b0;
      line_q <= '0;
    end else begin
      if (ready_o) valid_q <= valid_i;
      if (acts) begin
        over_q <= !step_ends_o && last_q && used_up;
        ended_q <= step_ends_o;
        if (step_start_o || step_close_o) open_q <= step_start_o;
      end
      if (line_done) line_q <= last_q ? '0 : line_q + 32'd1;
      if (line_done && last_q) begin
        ended_q <= 1'b0;
        open_q <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (ready_o) begin
      slots_q <= slots_i;
      last_q <= last_i;
      status_q <= status_i;
      pad_q <= pad_i;
      found_q <= boundary_i;
      startable_q <= startable_i;
      end_q <= end_i;
      left_q <= '1;
      first_q <= '0;
    end else if (acts) begin
      left_q <= left_q & ~(step_start_o ? before_second : before_first);
      if (step_start_o) found_q <= found_after;
      first_q <= step_start_o ? step_beyond_o[2:0] : step_middle_o[2:0];
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_over_only_at_last: assert (!over_q || (valid_q && last_q));
      a_ends_alone: assert (!step_ends_o || !(step_rest_o || step_close_o || step_start_o));
      if ($past(step_valid_o && !step_ready_i)) a_step_held: assert (step_valid_o && step_slots_o == $past(step_slots_o));
    end
  end
endmodule
`default_nettype wire

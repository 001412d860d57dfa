// submission_ring: the entries handed out are those of the ring, one after the other, each once: entry j from line j mod entries, with
// phase 1 in even rounds and 0 in odd ones; none fetched twice, none across the end, none
// before the doorbell's total covers it.
// A doorbell further ahead than the ring has entries ends everything with BAD_OPERATION, a line that cannot be read with its status.
//
// The ring has 1, 2, 4 or 8 entries (any of these, not changed while it runs). Assumed: the read engine gives the lines of each
// command in order, the entry's place as its data. Totals only grow, or (for all but the last clause of the first sentence) are any.
//! read dma/submission_ring prim/fifo
//! prove pdr
//! also smt 10
//! bounded 20 a_all_taken a_fetched a_in_ring a_next_place a_not_beyond a_phase a_place a_some
//! bounded 14 a_output_held
//! cover 30
`default_nettype none
module ring_submissions (
    input wire        clk_i,
    input wire        rst_ni,
    input wire        enable_i,
    input wire        fetch_i,
    input wire        doorbell_valid_i,
    input wire [31:0] doorbell_total_i,
    input wire        command_ready_i,
    input wire        line_valid_i,
    input wire        line_bad_i,
    input wire        entry_take_i
);
  (* anyconst *) logic [2:0] size;
  (* anyconst *) logic lies;  // the host's totals are any
  logic fetching, command_valid, entry_valid, phase, error;
  logic [57:0] command_line;
  logic [3:0] command_lines;
  logic [511:0] entry;
  logic [7:0] error_status;
  logic [12:0] entries;
  logic [3:0] place_q, left_q;  // of the line that comes next; lines that are to come
  assign entries = 13'd1 << size;
  submission_ring u_ring (
      .clk_i, .rst_ni, .enable_i, .base_i('0), .entries_i(entries), .doorbell_valid_i, .doorbell_total_i, .fetch_i,
      .fetching_o(fetching), .command_valid_o(command_valid), .command_ready_i, .command_line_o(command_line),
      .command_lines_o(command_lines), .line_valid_i, .line_i(512'(place_q)),
      .line_status_i(line_bad_i ? pl_abi_pkg::PL_STATUS_BUS_ERROR : pl_abi_pkg::PL_STATUS_OK), .entry_valid_o(entry_valid),
      .entry_take_i, .entry_o(entry), .entry_phase_o(phase), .error_o(error), .error_status_o(error_status)
  );

  logic begun_q = 1'b0;
  logic far_q, bad_q;  // a doorbell was too far ahead; a line was bad
  logic [31:0] total_q, asked_q, taken_q;  // doorbell; entries asked for, handed out
  always_comb begin
    assume (begun_q || !rst_ni);
    assume (size <= 3'd3);
    if (rst_ni && begun_q) begin
      if (doorbell_valid_i && !lies) assume (doorbell_total_i - asked_q >= total_q - asked_q);
      if (line_valid_i) assume (left_q != '0);
      if (entry_take_i) assume (entry_valid);
    end
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (!rst_ni) begin
      total_q <= '0;
      asked_q <= '0;
      taken_q <= '0;
      left_q <= '0;
      bad_q <= 1'b0;
      far_q <= 1'b0;
    end else begin
      if (doorbell_valid_i) total_q <= doorbell_total_i;
      if (total_q - asked_q > 32'(entries)) far_q <= 1'b1;
      if (fetching) begin
        asked_q <= asked_q + 32'(command_lines);
        left_q <= command_lines;
        place_q <= command_line[3:0];
      end else if (line_valid_i) begin
        left_q <= left_q - 1'b1;
        place_q <= place_q + 1'b1;
        bad_q <= bad_q || line_bad_i;
      end
      if (entry_take_i) taken_q <= taken_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if (command_valid) begin
        a_next_place: assert (command_line == 58'(asked_q[3:0] & 4'(entries - 1'b1)));
        a_all_taken: assert (asked_q == taken_q && left_q == '0);
        a_some: assert (command_lines != '0 && command_lines <= 4'd8);
        a_in_ring: assert (command_line + 58'(command_lines) <= 58'(entries));
        if (!lies) a_not_beyond: assert (32'(command_lines) <= total_q - asked_q);
      end
      if (entry_valid) begin
        a_place: assert (entry[3:0] == (taken_q[3:0] & 4'(entries - 1'b1)));
        a_phase: assert (phase == ((taken_q[4:0] & 5'(entries)) == '0));
        a_fetched: assert (taken_q != asked_q && left_q == '0 && !bad_q);
      end
      if ($past(entry_valid && !entry_take_i)) a_entry_held: assert (entry_valid && $stable(entry[3:0]) && $stable(phase));
      if (error) begin
        a_no_more: assert (!command_valid && !entry_valid);
        a_status: assert (error_status == (bad_q ? pl_abi_pkg::PL_STATUS_BUS_ERROR : pl_abi_pkg::PL_STATUS_BAD_OPERATION));
        a_reason: assert (bad_q || far_q);
      end
      if (bad_q) a_error: assert (error);
      c_odd_round: cover (entry_valid && !phase && size == 3'd2 && taken_q == 32'd5);
      c_cut_at_end: cover (command_valid && size == 3'd2 && command_line == 58'd3 && command_lines == 4'd1 && total_q == 32'd6);
      c_far: cover (error && !bad_q && taken_q != '0);
    end
  end
endmodule
`default_nettype wire

// completion_ring: completion j is written to line j mod entries, with phase 1 in even rounds and 0 in odd ones, and never over one that
// the host has not consumed; a ring of 0 entries is always full.
//
// Any size from 0 to 16 entries. Assumed of the sequencer: it looks at full_o (and writes) 3 cycles or more after the last push. Of
// the host: its total only grows, and not beyond what was written; a total ahead of that counts as full, which is proved, too.
//! read dma/completion_ring
//! prove pdr
//! also smt 14
//! cover 40
`default_nettype none
module ring_completions (
    input wire        clk_i,
    input wire        rst_ni,
    input wire        consumed_valid_i,
    input wire [31:0] consumed_total_i,
    input wire        push_i
);
  (* anyconst *) logic [2:0] size;
  (* anyconst *) logic lies;  // the host's totals are any
  logic full, phase;
  logic [57:0] line;
  logic [12:0] entries;
  assign entries = size == 3'd7 ? '0 : 13'd1 << size;
  completion_ring u_ring (
      .clk_i, .rst_ni, .base_i('0), .entries_i(entries), .consumed_valid_i, .consumed_total_i, .push_i, .full_o(full),
      .line_o(line), .phase_o(phase)
  );

  logic begun_q = 1'b0;
  logic [31:0] written_q, consumed_q;
  logic [2:0] since_q;  // cycles since the last push
  always_comb begin
    assume (begun_q || !rst_ni);
    assume (size <= 3'd4 || size == 3'd7);
    if (rst_ni && begun_q) begin
      if (push_i) assume (!full && since_q == 3'd3);
      if (consumed_valid_i && !lies) assume (consumed_total_i - consumed_q <= written_q - consumed_q);
    end
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (!rst_ni) begin
      written_q <= '0;
      consumed_q <= '0;
      since_q <= '0;
    end else begin
      if (consumed_valid_i) consumed_q <= consumed_total_i;
      if (push_i) written_q <= written_q + 1'b1;
      since_q <= push_i ? '0 : since_q + 3'(since_q != 3'd3);
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if (push_i) begin
        if (!lies) a_room: assert ($past(written_q - consumed_q) < 32'(entries));
        a_place: assert (line == 58'(written_q[3:0] & 4'(entries - 1'b1)));
        a_phase: assert (phase == ((written_q[4:0] & 5'(entries)) == '0));
      end
      if (entries == '0) a_none: assert (full);
      a_full: assert (full == ($past(written_q - consumed_q) >= 32'(entries)));
      c_odd_round: cover (push_i && !phase && size == 3'd1 && written_q == 32'd3);
      c_full: cover (full && size == 3'd1 && written_q == 32'd3 && consumed_q == 32'd1 && since_q == 3'd3);
      c_ahead: cover (full && lies && size == 3'd2 && written_q == 32'd1 && since_q == 3'd3);
    end
  end
endmodule
`default_nettype wire

// read_split: the bursts of a command cover exactly its lines, in order, none across a block of BURST_LINES lines (so none across
// 4 KiB), the last one marked; commands keep their order and their client.
//
// Any one command is watched: those ahead of it are counted out by their last bursts, then its own bursts must follow each other
// from its first line to its last. Here the low 3 bits of addresses; all bits, with the carry: split_addresses.
// Commands of 1..8 lines, bursts of at most 4, 2 commands queued.
//! read dma/read_split prim/fifo
//! prove pdr
//! also smt 8
//! cover 14
`default_nettype none
module split_bursts (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       command_valid_i,
    input wire [2:0] line_i,
    input wire [2:0] lines_i,          // less 1
    input wire       client_i,
    input wire       watch_i,
    input wire       burst_ready_i
);
  logic command_ready, burst_valid, burst_last;
  logic [57:0] burst_line;
  logic [1:0] beats, client;
  read_split #(
      .BURST_LINES(4), .COMMANDS(2)
  ) u_split (
      .clk_i, .rst_ni, .command_valid_i, .command_ready_o(command_ready), .command_line_i(58'(line_i)),
      .command_lines_i(29'(lines_i) + 29'd1), .command_client_i({1'b0, client_i}), .burst_valid_o(burst_valid), .burst_ready_i,
      .burst_line_o(burst_line), .burst_beats_o(beats), .burst_client_o(client), .burst_last_o(burst_last)
  );

  logic begun_q = 1'b0;
  logic watching_q, client_q, enter, leave;
  logic [2:0] held_q, ahead_q, line_q, line;  // commands inside; of these before the watched one; its next line
  logic [3:0] left_q;                         // of its lines
  assign line = burst_line[2:0];
  assign enter = command_valid_i && command_ready;
  assign leave = burst_valid && burst_ready_i;
  always_comb assume (begun_q || !rst_ni);
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (!rst_ni) begin
      held_q <= '0;
      watching_q <= 1'b0;
    end else begin
      held_q <= held_q + 3'(enter) - 3'(leave && burst_last);
      if (!watching_q && watch_i && enter) begin
        watching_q <= 1'b1;
        ahead_q <= held_q - 3'(leave && burst_last);
        line_q <= line_i;
        left_q <= 4'(lines_i) + 4'd1;
        client_q <= client_i;
      end else if (watching_q && leave) begin
        if (ahead_q != '0) ahead_q <= ahead_q - 3'(burst_last);
        else begin
          line_q <= line_q + 3'(beats) + 3'd1;
          left_q <= left_q - 4'(beats) - 4'd1;
          watching_q <= !burst_last;
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if (burst_valid) begin
        a_asked_for: assert (held_q != '0);
        a_in_block: assert (3'(line[1:0]) + 3'(beats) <= 3'd3);
        if (watching_q && ahead_q == '0) begin
          a_next: assert (line == line_q && client == {1'b0, client_q});
          a_covers: assert (4'(beats) < left_q);
          a_last: assert (burst_last == (4'(beats) + 4'd1 == left_q));
        end
      end
      if ($past(burst_valid && !burst_ready_i)) begin
        a_held: assert (burst_valid && $stable(line) && $stable(beats) && $stable(client) && $stable(burst_last));
      end
      c_three: cover (burst_valid && watching_q && ahead_q == '0 && burst_last && $past(leave) && beats == '0 && line == 3'd4);
      c_queued: cover (watching_q && ahead_q == 3'd3);
    end
  end
endmodule
`default_nettype wire

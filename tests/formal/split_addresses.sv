// read_split: as split_bursts, with all 58 bits of the line's address, over the end of memory, too, and all 29 of a command's number
// of lines; for as many bursts as fit into the cycles looked at.
//! read dma/read_split prim/fifo
//! prove bounded 14
//! also smt 6
//! mutants 18
//! cover 14
`default_nettype none
module split_addresses (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       command_valid_i,
    input wire [57:0] line_i,
    input wire [28:0] lines_i,
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
      .clk_i, .rst_ni, .command_valid_i, .command_ready_o(command_ready), .command_line_i(line_i),
      .command_lines_i(lines_i), .command_client_i({1'b0, client_i}), .burst_valid_o(burst_valid), .burst_ready_i,
      .burst_line_o(burst_line), .burst_beats_o(beats), .burst_client_o(client), .burst_last_o(burst_last)
  );

  logic begun_q = 1'b0;
  logic watching_q, client_q, enter, leave;
  logic [2:0] held_q, ahead_q;  // commands inside; of these before the watched one
  logic [57:0] line_q, line;     // its next line; the burst's
  logic [28:0] left_q;           // of its lines
  assign line = burst_line;
  assign enter = command_valid_i && command_ready;
  assign leave = burst_valid && burst_ready_i;
  always_comb assume ((begun_q || !rst_ni) && lines_i != '0);
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
        left_q <= lines_i;
        client_q <= client_i;
      end else if (watching_q && leave) begin
        if (ahead_q != '0) ahead_q <= ahead_q - 3'(burst_last);
        else begin
          line_q <= line_q + 58'(beats) + 58'd1;
          left_q <= left_q - 29'(beats) - 29'd1;
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
          a_covers: assert (29'(beats) < left_q);
          a_last: assert (burst_last == (29'(beats) + 29'd1 == left_q));
        end
      end
      if ($past(burst_valid && !burst_ready_i)) begin
        a_held: assert (burst_valid && $stable(line) && $stable(beats) && $stable(client) && $stable(burst_last));
      end
      c_three: cover (burst_valid && watching_q && ahead_q == '0 && burst_last && $past(leave) && beats == '0 && line == '0);
      c_many: cover (burst_valid && watching_q && ahead_q == '0 && left_q == 29'h1000_0000 && line == 58'h1_0000_0000);
    end
  end
endmodule
`default_nettype wire

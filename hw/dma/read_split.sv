// Read commands -> INCR bursts of at most BURST_LINES lines, each inside one aligned block of that size, so never across 4 KiB.
//
// A queue of COMMANDS commands, then two registers. Latency 3 cycles from a command to its first burst; one burst per cycle, also
// from one command to the next. Stall: burst_valid_o, once high, stays with stable data until burst_ready_i or a reset.
// Errors: none; a command has at least one line. An address that runs over 2^64 goes on at 0.
`default_nettype none
module read_split #(
    parameter  int unsigned BURST_LINES = 8,
    parameter  int unsigned COMMANDS    = 4,
    localparam int unsigned BEAT_W      = $clog2(BURST_LINES)
) (
    input  wire               clk_i,
    input  wire               rst_ni,            // also forgets all commands
    input  wire               command_valid_i,
    output logic              command_ready_o,
    input  wire  [      57:0] command_line_i,    // address / 64
    input  wire  [      28:0] command_lines_i,
    input  wire  [       1:0] command_client_i,
    output logic              burst_valid_o,
    input  wire               burst_ready_i,
    output logic [      57:0] burst_line_o,
    output logic [BEAT_W-1:0] burst_beats_o,     // lines - 1
    output logic [       1:0] burst_client_o,
    output logic              burst_last_o       // of its command
);
  localparam int unsigned COMMAND_W = 58 + 29 + 2;

  if (BURST_LINES < 2 || BURST_LINES > 64 || (BURST_LINES & (BURST_LINES - 1)) != 0) begin : g_burst
    $error("read_split: BURST_LINES must be a power of two in 2..64");
  end
  if (COMMANDS < 2) begin : g_commands $error("read_split: COMMANDS must be at least 2"); end

  logic next_valid, next_ready, current_q, step;
  logic final_q;  // what is left fits into this burst
  logic [57:0] next_line, line_q;
  logic [28:0] next_lines, left_q;
  logic [1:0] next_client, client_q;
  logic [BEAT_W:0] room, lines;  // to the end of the block; of this burst
  // verilator lint_off PINCONNECTEMPTY
  fifo #(
      .WIDTH(COMMAND_W), .DEPTH(COMMANDS), .READ_STAGES(0)
  ) u_commands (
      .clk_i, .rst_ni,
      .valid_i(command_valid_i), .ready_o(command_ready_o), .data_i({command_line_i, command_lines_i, command_client_i}),
      .valid_o(next_valid), .ready_i(next_ready), .data_o({next_line, next_lines, next_client}),
      .level_o(), .almost_full_o()
  );
  // verilator lint_on PINCONNECTEMPTY

  assign room = (BEAT_W + 1)'(BURST_LINES) - {1'b0, line_q[BEAT_W-1:0]};
  assign lines = final_q ? left_q[BEAT_W:0] : room;
  assign step = current_q && (burst_ready_i || !burst_valid_o);
  assign next_ready = !current_q || (step && final_q);

  always_ff @(posedge clk_i) begin
    if (next_ready) begin
      line_q <= next_line;
      left_q <= next_lines;
      final_q <= next_lines <= 29'(BURST_LINES) - 29'(next_line[BEAT_W-1:0]);
      client_q <= next_client;
    end else if (step) begin
      line_q <= {line_q[57:BEAT_W] + 1'b1, BEAT_W'(0)};
      left_q <= left_q - 29'(room);
      final_q <= left_q <= 29'(room) + 29'(BURST_LINES);
    end
    if (step) begin
      burst_line_o <= line_q;
      burst_beats_o <= BEAT_W'(lines - 1'b1);
      burst_client_o <= client_q;
      burst_last_o <= final_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      current_q <= 1'b0;
      burst_valid_o <= 1'b0;
    end else begin
      if (next_ready) current_q <= next_valid;
      if (burst_ready_i || !burst_valid_o) burst_valid_o <= current_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni) a_not_empty: assert (!command_valid_i || command_lines_i != '0);
  end
endmodule
`default_nettype wire

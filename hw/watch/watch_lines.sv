// The memory of the watched stream: two banks of LINES lines; one is written while the other is read as a stream.
//
// start_i (pulse): the lines 0 .. last_line_i of bank_i follow in order, the first 2 cycles later, then one per cycle that
// beat_ready_i lets through; beat_last_o marks the last. A stalled line stays as it is. busy_o: from the cycle after start_i
// until the last line was taken. abort_i (pulse) ends a stream at once, also by taking back a line that is offered; never with
// start_i. bank_i and last_line_i stay while busy_o. A line that is read is never written meanwhile: the banks differ.
// Contents survive reset. No errors.
`default_nettype none
module watch_lines #(
    parameter  int unsigned LINES = 2048,
    localparam int unsigned LINE_W = pl_card_pkg::LINE_W,
    localparam int unsigned ADDRESS_WIDTH = $clog2(LINES)
) (
    input  wire                      clk_i,
    input  wire                      rst_ni,
    input  wire                      write_valid_i,
    input  wire                      write_bank_i,
    input  wire  [ADDRESS_WIDTH-1:0] write_line_i,
    input  wire  [       LINE_W-1:0] write_data_i,
    input  wire                      bank_i,
    input  wire  [ADDRESS_WIDTH-1:0] last_line_i,
    input  wire                      start_i,
    input  wire                      abort_i,
    output logic                     busy_o,
    output logic                     beat_valid_o,
    input  wire                      beat_ready_i,
    output logic [       LINE_W-1:0] beat_o,
    output logic                     beat_last_o
);
  if (LINES < 2 || (LINES & (LINES - 1)) != 0) begin : g_lines
    $error("watch_lines: LINES must be a power of two, at least 2");
  end

  (* ram_style = "ultra", no_rw_check *) logic [LINE_W-1:0] memory[2*LINES];
  logic [LINE_W-1:0] read_q;  // the memory's output register
  logic [ADDRESS_WIDTH-1:0] line_q;  // next to be read; 0 between streams
  logic reading_q, read_valid_q, read_last_q, fetch, last, read_ready, beat_free;

  assign beat_free = beat_ready_i || !beat_valid_o;
  assign read_ready = beat_free || !read_valid_q;
  assign fetch = (start_i || reading_q) && read_ready;
  assign last = line_q == last_line_i;
  assign busy_o = reading_q || read_valid_q || beat_valid_o;

  always_ff @(posedge clk_i) if (write_valid_i) memory[{write_bank_i, write_line_i}] <= write_data_i;
  always_ff @(posedge clk_i) begin
    if (fetch) begin
      read_q <= memory[{bank_i, line_q}];
      read_last_q <= last;
    end
    if (beat_free) begin
      beat_o <= read_q;
      beat_last_o <= read_last_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || abort_i) begin
      line_q <= '0;
      reading_q <= 1'b0;
      read_valid_q <= 1'b0;
      beat_valid_o <= 1'b0;
    end else begin
      if (fetch) begin
        line_q <= last ? '0 : line_q + 1'b1;
        reading_q <= !last;
      end
      if (read_ready) read_valid_q <= fetch;
      if (beat_free) beat_valid_o <= read_valid_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_start_when_idle: assert (!start_i || (!busy_o && !abort_i));
      a_banks_differ: assert (!write_valid_i || !busy_o || write_bank_i != bank_i);
      if ($past(beat_valid_o && !beat_ready_i && !abort_i)) begin
        a_beat_held: assert (beat_valid_o && beat_o == $past(beat_o) && beat_last_o == $past(beat_last_o));
      end
    end
  end
endmodule
`default_nettype wire

// What waits for a later stage of a pipeline that never stalls: words in a small memory, in order.
//
// put_i stores data_i; take_i, at least a cycle after its word's put_i, gives the oldest word at data_o
// from the next cycle on, until the next take_i. At most DEPTH words wait. Throughput 1 per cycle.
// Errors: none. Reference: none; it stands for a long delay.
`default_nettype none
module close_keep #(
    parameter  int unsigned WIDTH = 64,
    parameter  int unsigned DEPTH = 32,
    localparam int unsigned A     = $clog2(DEPTH)
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    input  wire              put_i,
    input  wire  [WIDTH-1:0] data_i,
    input  wire              take_i,
    output logic [WIDTH-1:0] data_o
);
  if (DEPTH != 1 << A || DEPTH < 2) begin : g_depth $error("close_keep: DEPTH"); end

  logic [WIDTH-1:0] memory[DEPTH];
  logic [A-1:0] put_q, take_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      put_q <= '0;
      take_q <= '0;
    end else begin
      if (put_i) put_q <= put_q + 1'b1;
      if (take_i) take_q <= take_q + 1'b1;
    end
  end
  always_ff @(posedge clk_i) begin
    if (put_i) memory[put_q] <= data_i;
    if (take_i) data_o <= memory[take_q];
  end
endmodule
`default_nettype wire

// Skid register: cuts a valid/ready stream in both directions.
//
// Latency 1, throughput 1 word per cycle; ready_o and valid_o are registers. Holds up to two words:
// when the consumer stalls, the word in flight goes to the spare place and ready_o falls one cycle
// later. Words are never lost, repeated or reordered. valid_o, once high, stays high with stable
// data until ready_i.
`default_nettype none
module skid #(
    parameter int unsigned WIDTH = 64
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    input  wire              valid_i,
    output logic             ready_o,
    input  wire  [WIDTH-1:0] data_i,
    output logic             valid_o,
    input  wire              ready_i,
    output logic [WIDTH-1:0] data_o
);
  if (WIDTH < 1) begin : g_width $error("skid: WIDTH must be at least 1"); end

  logic valid_q, ready_q;
  logic [WIDTH-1:0] data_q, spare_q;

  assign ready_o = ready_q;  // low: the spare place is taken
  assign valid_o = valid_q;
  assign data_o  = data_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      ready_q <= 1'b1;
    end else if (ready_i || !valid_q) begin
      valid_q <= valid_i || !ready_q;
      ready_q <= 1'b1;
    end else begin
      ready_q <= ready_q && !valid_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (ready_i || !valid_q) data_q <= ready_q ? data_i : spare_q;
    if (ready_q) spare_q <= data_i;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_spare_behind_word: assert (ready_q || valid_q);
      if ($past(valid_o && !ready_i)) a_output_held: assert (valid_o && data_o == $past(data_o));
    end
  end
endmodule
`default_nettype wire

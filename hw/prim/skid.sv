// Skid register: cuts a valid/ready stream in both directions.
//
// Latency 1, throughput 1 word per cycle; ready_o and valid_o are registers. Holds up to two words:
// when the consumer stalls, the word in flight goes to the spare place and ready_o falls one cycle
// later. Words are never lost, repeated or reordered. valid_o, once high, stays high with stable
// data until ready_i.
// WIDE not 0: two places are written in turn, each in every cycle in which it is free and next, and data_o is a multiplexer behind
// them: then no signal of this cycle, such as ready_i, enables the many registers of a wide word.
`default_nettype none
module skid #(
    parameter int unsigned WIDTH = 64,
    parameter int unsigned WIDE  = 0
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

  logic valid_q, ready_q, ready;

  assign ready_o = ready_q;  // low: both places are taken
  assign valid_o = valid_q;
  assign ready   = ready_i || !valid_q || (ready_q && !valid_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      ready_q <= 1'b1;
    end else begin
      if (ready_i || !valid_q) valid_q <= valid_i || !ready_q;
      ready_q <= ready;
    end
  end

  if (WIDE != 0) begin : g_wide
    logic in_q, in, out_q;  // the place that is next to take a word; that of data_o
    logic [1:0] load_q;     // a place takes data_i, whether it is a word or not
    logic [WIDTH-1:0] place_0_q, place_1_q;

    assign in = in_q ^ (valid_i && ready_q);
    assign data_o = out_q ? place_1_q : place_0_q;
    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        in_q <= 1'b0;
        out_q <= 1'b0;
        load_q <= 2'b01;
      end else begin
        in_q <= in;
        out_q <= out_q ^ (valid_q && ready_i);
        load_q <= {ready && in, ready && !in};
      end
    end
    always_ff @(posedge clk_i) begin
      if (load_q[0]) place_0_q <= data_i;
      if (load_q[1]) place_1_q <= data_i;
    end
  end else begin : g_narrow
    logic [WIDTH-1:0] data_q, spare_q;

    assign data_o = data_q;
    always_ff @(posedge clk_i) begin
      if (ready_i || !valid_q) data_q <= ready_q ? data_i : spare_q;
      if (ready_q) spare_q <= data_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_spare_behind_word: assert (ready_q || valid_q);
      if ($past(valid_o && !ready_i)) a_output_held: assert (valid_o && data_o == $past(data_o));
    end
  end
endmodule
`default_nettype wire

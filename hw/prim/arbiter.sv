// Round-robin arbiter of REQUESTERS valid/ready streams onto one.
//
// Latency 0 (combinational from valid_i to valid_o and from ready_i to ready_o), throughput 1 word
// per cycle.
// A choice stands until the word is accepted, and on until a word with last_i is: words of a packet
// are never mixed with others, even when the requester pauses inside it. Tie last_i to ones for
// packets of one word.
// A requester waits for at most one packet of each other requester. Each must hold valid_i and its
// data until ready_o.
`default_nettype none
module arbiter #(
    parameter  int unsigned REQUESTERS  = 4,
    parameter  int unsigned WIDTH       = 64,
    localparam int unsigned INDEX_WIDTH = REQUESTERS > 1 ? $clog2(REQUESTERS) : 1
) (
    input  wire                          clk_i,
    input  wire                          rst_ni,
    input  wire  [       REQUESTERS-1:0] valid_i,
    output logic [       REQUESTERS-1:0] ready_o,
    input  wire  [       REQUESTERS-1:0] last_i,
    input  wire  [REQUESTERS*WIDTH-1:0] data_i,   // requester r at [r*WIDTH +: WIDTH]
    output logic                         valid_o,
    input  wire                          ready_i,
    output logic                         last_o,
    output logic [            WIDTH-1:0] data_o,
    output logic [      INDEX_WIDTH-1:0] index_o   // who is granted
);
  if (REQUESTERS < 1) begin : g_requesters $error("arbiter: REQUESTERS must be at least 1"); end
  if (WIDTH < 1) begin : g_width $error("arbiter: WIDTH must be at least 1"); end

  logic [REQUESTERS-1:0] after_q;  // requesters behind the one served last: they come first
  logic [REQUESTERS-1:0] grant_q, grant, first, picked;
  logic locked_q;

  assign first = |(valid_i & after_q) ? valid_i & after_q : valid_i;
  assign picked = first & (~first + 1'b1);
  assign grant = locked_q ? grant_q : picked;
  assign valid_o = |(valid_i & grant);
  assign last_o = |(last_i & grant);
  assign ready_o = ready_i ? grant : '0;

  always_comb begin
    data_o = '0;
    index_o = '0;
    for (int unsigned r = 0; r < REQUESTERS; r++) begin
      data_o = data_o | (grant[r] ? data_i[r*WIDTH+:WIDTH] : '0);
      index_o = index_o | (grant[r] ? INDEX_WIDTH'(r) : '0);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      locked_q <= 1'b0;
      after_q  <= '0;
    end else if (valid_o) begin
      locked_q <= !(ready_i && last_o);
      after_q  <= ~(grant | (grant - 1'b1));
    end
  end

  always_ff @(posedge clk_i) if (!locked_q) grant_q <= picked;

  logic [REQUESTERS-1:0] waiting_q;  // valid and not accepted in the previous cycle
  always_ff @(posedge clk_i) waiting_q <= rst_ni ? valid_i & ~ready_o : '0;
  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_grant_one: assert ((grant & (grant - 1'b1)) == '0);
      a_request_held: assert ((waiting_q & ~valid_i) == '0);
      if ($past(valid_o && !ready_i)) begin
        a_output_held: assert (valid_o && data_o == $past(data_o) && index_o == $past(index_o));
      end
    end
  end
endmodule
`default_nettype wire

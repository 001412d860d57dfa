// The least of 0 and WAYS + 1 words per beat over an entry's beats, and where it stands: the search
// of pl_close_underlying() and end_offset_group() of host/model.
//
// first_i starts an entry. index_o: WAYS * beat + word, the lowest among equals, or PL_WORST_NONE when
// no word is below 0. Latency $clog2(WAYS + 1) + 1 cycles after a beat for all beats up to it, held
// until the next. Throughput one beat per cycle, never stalls; nothing moves but for beats.
`default_nettype none
module close_worst #(
    parameter  int unsigned WAYS   = 11,
    parameter  int unsigned BEATS  = 4,
    localparam int unsigned BEAT_W = $clog2(BEATS),
    localparam int unsigned WORDS  = WAYS + 1
) (
    input  wire                 clk_i,
    input  wire                 rst_ni,
    input  wire                 valid_i,
    input  wire                 first_i,
    input  wire  [  BEAT_W-1:0] beat_i,
    input  wire  [WORDS*64-1:0] words_i,
    output logic signed [63:0]  worst_o,
    output logic [         7:0] index_o
);
  localparam int unsigned LEVELS = $clog2(WORDS);
  localparam logic [7:0] NONE = 8'd255;  // PL_WORST_NONE of host/model/sums.h

  // A binary tree in place: node n is the worse of nodes 2n and 2n + 1, the root is node 1. The nodes from
  // LEAVES on are the words; those that do not exist are 0, which is no loss.
  localparam int unsigned LEAVES = 1 << LEVELS;
  (* mem2reg *) logic [63:0] node_q[LEAVES];
  (* mem2reg *) logic [7:0] index_q[LEAVES];
  logic [LEVELS-1:0] valid_q;
  logic [BEAT_W-1:0] beat;
  logic first, moves;
  assign moves = valid_i || valid_q != '0;
  delay #(.WIDTH(BEAT_W + 1), .DEPTH(LEVELS)) u_control (
      .clk_i, .en_i(moves), .data_i({beat_i, first_i}), .data_o({beat, first}));
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= LEVELS'({valid_q, valid_i});
  end

  // The registers of one pipeline, last stage first: what a stage reads has not been written yet. The root
  // goes against the beats before; the start is 0.
  // verilator lint_off BLKSEQ
  always_ff @(posedge clk_i) begin : search
    logic [63:0] left, right;
    logic [7:0] at;
    if (valid_q[LEVELS-1]) begin
      at = 8'(32'(beat) * WAYS) + index_q[1];
      if (first) begin
        worst_o <= node_q[1][63] ? node_q[1] : '0;
        index_o <= node_q[1][63] ? at : NONE;
      end else if ($signed(node_q[1]) < worst_o) begin
        worst_o <= node_q[1];
        index_o <= at;
      end
    end
    if (moves) begin
      for (int unsigned n = 1; n < LEAVES / 2; n++) begin
        if ($signed(node_q[2*n+1]) < $signed(node_q[2*n])) begin
          node_q[n] = node_q[2*n+1];
          index_q[n] = index_q[2*n+1];
        end else begin
          node_q[n] = node_q[2*n];
          index_q[n] = index_q[2*n];
        end
      end
      for (int unsigned w = 0; w < LEAVES; w = w + 2) begin
        left = w < WORDS ? words_i[(w<WORDS?w : 0)*64+:64] : '0;
        right = w + 1 < WORDS ? words_i[(w+1<WORDS?w+1 : 0)*64+:64] : '0;
        node_q[(LEAVES+w)/2] = $signed(right) < $signed(left) ? right : left;
        index_q[(LEAVES+w)/2] = $signed(right) < $signed(left) ? 8'(w + 1) : 8'(w);
      end
    end
  end
  // verilator lint_on BLKSEQ
endmodule
`default_nettype wire

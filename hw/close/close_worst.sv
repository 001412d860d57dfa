// The least of 0 and WAYS + 1 words per beat over an entry's beats, and where it stands: the search
// of pl_close_underlying() and end_offset_group() of host/model.
//
// first_i starts an entry. index_o: WAYS * beat + word, the lowest among equals, or PL_WORST_NONE when
// no word is below 0. Latency $clog2(WAYS + 1) + 1 cycles after a beat for all beats up to it, held
// until the next. Throughput one beat per cycle, never stalls.
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

  function automatic int unsigned count(input int unsigned level);
    count = (WORDS + (1 << level) - 1) >> level;
  endfunction
  function automatic int unsigned place(input int unsigned level);
    place = 0;
    for (int unsigned i = 0; i < level; i++) place = place + count(i);
  endfunction

  // A binary tree: level 0 are the words, node n of level l is the worse of nodes 2n, 2n + 1 below.
  wire [(place(LEVELS)+1)*64-1:0] node;
  wire [(place(LEVELS)+1)*8-1:0] index;
  assign node[WORDS*64-1:0] = words_i;
  for (genvar w = 0; w < WORDS; w++) begin : g_word
    assign index[w*8+:8] = 8'(w);
  end
  for (genvar l = 1; l <= LEVELS; l++) begin : g_level
    for (genvar n = 0; n < count(l); n++) begin : g_node
      localparam int unsigned LEFT = place(l - 1) + 2 * n;
      logic [63:0] node_q;
      logic [7:0] index_q;
      if (2 * n + 1 < count(l - 1)) begin : g_two
        logic right;
        assign right = $signed(node[(LEFT+1)*64+:64]) < $signed(node[LEFT*64+:64]);
        always_ff @(posedge clk_i) begin
          node_q <= right ? node[(LEFT+1)*64+:64] : node[LEFT*64+:64];
          index_q <= right ? index[(LEFT+1)*8+:8] : index[LEFT*8+:8];
        end
      end else begin : g_one
        always_ff @(posedge clk_i) begin
          node_q <= node[LEFT*64+:64];
          index_q <= index[LEFT*8+:8];
        end
      end
      assign node[(place(l)+n)*64+:64] = node_q;
      assign index[(place(l)+n)*8+:8] = index_q;
    end
  end

  logic [LEVELS-1:0] valid_q;
  logic [63:0] root;
  logic [7:0] root_index, at;
  logic [BEAT_W-1:0] beat;
  logic first;
  assign root = node[place(LEVELS)*64+:64];
  assign root_index = index[place(LEVELS)*8+:8];
  delay #(.WIDTH(BEAT_W + 1), .DEPTH(LEVELS)) u_control (.clk_i, .en_i(1'b1), .data_i({beat_i, first_i}), .data_o({beat, first}));
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= LEVELS'({valid_q, valid_i});
  end

  // Against the beats before; the start is 0.
  assign at = 8'(32'(beat) * WAYS) + root_index;
  always_ff @(posedge clk_i) begin
    if (valid_q[LEVELS-1]) begin
      if (first) begin
        worst_o <= root[63] ? root : '0;
        index_o <= root[63] ? at : NONE;
      end else if ($signed(root) < worst_o) begin
        worst_o <= root;
        index_o <= at;
      end
    end
  end
endmodule
`default_nettype wire

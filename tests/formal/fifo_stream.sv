// fifo, with each of its three kinds of memory: no word is lost, repeated or reordered; what is offered stays until it is taken;
// level, ready and almost full are right; never more than DEPTH words; a word is offered at most 1 + READ_STAGES cycles later.
//
// As skid_stream: words are counted modulo 4, word `watched` is remembered. DEPTH 3 has pointers that wrap before their width.
//! read prim/fifo
//! prove pdr
//! also smt 8
//! cover 14
`default_nettype none
module fifo_stream (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       valid_i,
    input wire       ready_i,
    input wire [1:0] data_i
);
  (* anyconst *) logic [1:0] watched;
  logic begun_q = 1'b0;
  always_comb assume (begun_q || !rst_ni);
  always_ff @(posedge clk_i) begun_q <= 1'b1;

  for (genvar s = 0; s < 3; s++) begin : g_stages
    logic ready, valid, almost_full;
    logic [1:0] data, level;
    fifo #(
        .WIDTH(2), .DEPTH(3), .READ_STAGES(s), .ALMOST_FULL(2)
    ) u_fifo (
        .clk_i, .rst_ni, .valid_i, .ready_o(ready), .data_i, .valid_o(valid), .ready_i, .data_o(data), .level_o(level),
        .almost_full_o(almost_full)
    );

    logic [1:0] in_q, out_q, held;
    logic [1:0] word_q, waited_q;  // waited: cycles with words and none offered
    assign held = in_q - out_q;
    always_ff @(posedge clk_i) begin
      waited_q <= rst_ni && held != '0 && !valid ? waited_q + 1'b1 : '0;
      if (!rst_ni) begin
        in_q <= '0;
        out_q <= '0;
      end else begin
        if (valid_i && ready) in_q <= in_q + 1'b1;
        if (valid && ready_i) out_q <= out_q + 1'b1;
        if (valid_i && ready && in_q == watched) word_q <= data_i;
      end
    end

    always_ff @(posedge clk_i) begin
      if (rst_ni && begun_q && $past(rst_ni)) begin
        assert (level == held);
        assert (ready == (held != 2'd3));
        assert (almost_full == (held >= 2'd2));
        assert (!valid || held != '0);
        assert (32'(waited_q) <= s);
        if (valid && out_q == watched) assert (data == word_q);
        cover (held == 2'd3 && in_q == 2'd2 && out_q == watched && word_q == 2'd2);
        cover (held == '0 && in_q == 2'd1 && watched == 2'd0 && word_q == 2'd1);
      end
    end
  end
endmodule
`default_nettype wire

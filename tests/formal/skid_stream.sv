// skid: no word is lost, repeated or reordered; what is offered stays until it is taken; two words fit.
//
// Words are counted modulo 4, more than there are at a time; word `watched` (any) is remembered as it goes in, and must be the
// one with this number that comes out. A word is data of any value: 2 bits stand for all widths, as data is only moved.
//! read prim/skid
//! peek spare u_skid.spare_q
//! prove pdr
//! also induction 2
//! cover 10
`default_nettype none
module skid_stream (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       valid_i,
    input wire       ready_i,
    input wire [1:0] data_i
);
  logic ready, valid;
  logic [1:0] data;
  skid #(
      .WIDTH(2)
  ) u_skid (
      .clk_i, .rst_ni, .valid_i, .ready_o(ready), .data_i, .valid_o(valid), .ready_i, .data_o(data)
  );

  (* anyconst *) logic [1:0] watched;
  logic begun_q = 1'b0;
  logic [1:0] in_q, out_q, held;
  logic [1:0] word_q, spare;
  assign held = in_q - out_q;
  always_comb assume (begun_q || !rst_ni);
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
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
      a_two_words: assert (held <= 2'd2);
      a_all_offered: assert (valid == (held != '0));
      a_room: assert (ready == (held < 2'd2));
      if (valid && out_q == watched) a_word: assert (data == word_q);
      if (held == 2'd2 && in_q - 1'b1 == watched) l_behind: assert (spare == word_q);
      c_full: cover (held == 2'd2 && in_q == 2'd1);
      c_emptied: cover (held == '0 && in_q == 2'd0 && watched == 2'd3 && word_q == 2'd1);
    end
  end
endmodule
`default_nettype wire

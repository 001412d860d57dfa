// skid: no word is lost, repeated or reordered; what is offered stays until it is taken; two words fit.
//
// Words are counted modulo 4, more than there are at a time; word `watched` (any) is remembered as it goes in, and must be the
// one with this number that comes out. A word is data of any value: 2 bits stand for all widths, as data is only moved.
//! read prim/skid
//! peek spare u_skid.g_narrow.spare_q
//! peek in u_wide.g_wide.in_q
//! peek out u_wide.g_wide.out_q
//! peek load u_wide.g_wide.load_q
//! peek place_0 u_wide.g_wide.place_0_q
//! peek place_1 u_wide.g_wide.place_1_q
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
  logic ready, valid, wide_ready, wide_valid;
  logic [1:0] data, wide_data;
  skid #(
      .WIDTH(2)
  ) u_skid (
      .clk_i, .rst_ni, .valid_i, .ready_o(ready), .data_i, .valid_o(valid), .ready_i, .data_o(data)
  );
  skid #(
      .WIDTH(2), .WIDE(1)
  ) u_wide (
      .clk_i, .rst_ni, .valid_i, .ready_o(wide_ready), .data_i, .valid_o(wide_valid), .ready_i, .data_o(wide_data)
  );

  (* anyconst *) logic [1:0] watched;
  logic begun_q = 1'b0;
  logic [1:0] in_q, out_q, held;
  logic [1:0] word_q, spare, load, place_0, place_1;
  logic in, out;
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
      a_wide: assert (wide_valid == valid && wide_ready == ready && (!valid || wide_data == data));
      l_places: assert (out == (in ^ (held == 2'd1)) && load == {ready && in, ready && !in});
      if (held == 2'd2) l_wide_behind: assert ((out ? place_0 : place_1) == spare);
      c_full: cover (held == 2'd2 && in_q == 2'd1);
      c_emptied: cover (held == '0 && in_q == 2'd0 && watched == 2'd3 && word_q == 2'd1);
    end
  end
endmodule
`default_nettype wire

// The record per underlying: record_underlying() of host/dev/model.c.
//
// Inputs are close_underlying's outputs in view 1: it equals view 0 until an asset without a price is
// met, and is the last view from then on. Latency 1 enabled cycle, throughput 1 per cycle. What does
// not fit marks the record only.
`default_nettype none
module close_record #(
    localparam int unsigned F      = pl_card_pkg::FLAGS_W,
    localparam int unsigned GREEKS = 5
) (
    input  wire                     clk_i,
    input  wire                     en_i,
    input  wire  [            31:0] account_i,
    input  wire  [             9:0] underlying_i,
    input  wire  [            63:0] worst_i,
    input  wire  [             7:0] index_i,
    input  wire  [            63:0] loss_mm_i,
    input  wire  [            63:0] loss_im_i,
    input  wire                     loss_overflow_i,
    input  wire  [            63:0] mm_other_i,
    input  wire  [            63:0] im_other_i,
    input  wire  [            63:0] value_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [   GREEKS*64-1:0] greeks_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [           F-1:0] flags_i,
    output pl_card_pkg::underlying_t record_o
);
  localparam logic [F-1:0] OVERFLOW = F'(1) << pl_abi_pkg::PL_FLAG_OVERFLOW_BIT;
  localparam int unsigned DELTA = 0;
  localparam int unsigned VEGA = 2;

  logic [63:0] mm, im, value_q, worst_q, delta_q, vega_q;
  logic mm_over, im_over;
  logic [F-1:0] flags_q, flags;
  logic [31:0] account_q;
  logic [9:0] underlying_q;
  logic [7:0] index_q;
  money_add #(
      .COUNT(2)
  ) u_requirements (
      .clk_i,
      .en_i,
      .a_i({loss_mm_i, loss_im_i}),
      .b_i({mm_other_i, im_other_i}),
      .sum_o({mm, im}),
      .overflow_o({mm_over, im_over})
  );
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      account_q <= account_i;
      underlying_q <= underlying_i;
      index_q <= index_i;
      flags_q <= flags_i | (loss_overflow_i ? OVERFLOW : '0);
      value_q <= value_i;
      worst_q <= worst_i;
      delta_q <= greeks_i[DELTA*64+:64];
      vega_q <= greeks_i[VEGA*64+:64];
    end
  end
  assign flags = flags_q | (mm_over || im_over ? OVERFLOW : '0);
  assign record_o = {
    account_q,
    16'(underlying_q),
    index_q,
    16'(flags),
    value_q,
    worst_q,
    mm,
    im,
    delta_q,
    vega_q
  };
endmodule
`default_nettype wire

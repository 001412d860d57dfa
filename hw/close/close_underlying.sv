// Closes an underlying in one view: pl_close_underlying() of host/model/close_underlying.c, and the
// products of its loss with both factors that pl_close_account_add() adds.
//
// Inputs without a number come with valid_i and stay for 3 cycles (close_sums); worst_i and index_i,
// from close_worst, are right $clog2(WAYS + 1) - 1 cycles after valid_i.
// Outputs without a number: D + 10 cycles after valid_i, D = $clog2(WAYS + 1); worst_d_o: D cycles.
// Throughput one underlying in 3 cycles, never stalls. flags_o is pl_underlying_result's;
// loss_overflow_o: minus worst_loss or one of its products did not fit.
`default_nettype none
module close_underlying #(
    parameter  int unsigned WAYS   = 11,
    localparam int unsigned D      = $clog2(WAYS + 1),
    localparam int unsigned C      = pl_card_pkg::COEFFICIENT_W,
    localparam int unsigned F      = pl_card_pkg::FLAGS_W,
    localparam int unsigned GREEKS = 5
) (
    input  wire                  clk_i,
    input  wire                  rst_ni,
    input  wire                  valid_i,
    input  wire  [         63:0] value_i,
    input  wire  [GREEKS*64-1:0] greeks_i,
    input  wire  [         63:0] mm_i,
    input  wire  [         63:0] im_i,
    input  wire  [         63:0] fee_i,
    input  wire  [         63:0] oracle_i,
    input  wire  [         63:0] order_loss_i,
    input  wire  [         63:0] order_im_i,
    input  wire  [         63:0] basis_i,
    input  wire  [        F-1:0] flags_i,
    input  wire  [        F-1:0] order_flags_i,
    input  wire  [        C-1:0] mm_factor_i,
    input  wire  [        C-1:0] im_factor_i,
    input  wire  [         63:0] worst_i,
    input  wire  [          7:0] index_i,

    output logic [         63:0] worst_d_o,
    output logic [         63:0] worst_o,
    output logic [          7:0] index_o,
    output logic [         63:0] loss_mm_o,
    output logic [         63:0] loss_im_o,
    output logic                 loss_overflow_o,
    output logic [         63:0] mm_other_o,
    output logic [         63:0] im_other_o,
    output logic [         63:0] value_o,
    output logic [GREEKS*64-1:0] greeks_o,
    output logic [        F-1:0] flags_o,
    output logic [        F-1:0] order_flags_o
);
  localparam logic [7:0] BASIS = 8'd254;  // PL_WORST_BASIS of host/model/sums.h
  localparam int unsigned OVERFLOW = 32'(pl_abi_pkg::PL_FLAG_OVERFLOW_BIT);

  // Worst: the basis contingency after the scenarios, then its negation.
  logic [63:0] basis, loss_q, loss_2_q, loss_3_q;
  logic [7:0] index_q;
  logic loss_over_q;
  delay #(.WIDTH(64), .DEPTH(D - 1)) u_basis (.clk_i, .en_i(1'b1), .data_i(basis_i), .data_o(basis));
  always_ff @(posedge clk_i) begin
    worst_d_o <= $signed(basis) < $signed(worst_i) ? basis : worst_i;
    index_q <= $signed(basis) < $signed(worst_i) ? BASIS : index_i;
    loss_over_q <= worst_d_o == {1'b1, 63'b0};
    loss_q <= worst_d_o == {1'b1, 63'b0} ? {1'b0, {63{1'b1}}} : -worst_d_o;
    loss_2_q <= loss_q;
    loss_3_q <= loss_2_q;
  end
  delay #(.WIDTH(72), .DEPTH(10)) u_worst (.clk_i, .en_i(1'b1), .data_i({index_q, worst_d_o}), .data_o({index_o, worst_o}));

  // Requirements besides it, in the order of the additions.
  logic [63:0] mm_1, im_1, im_2, im_8, im_9, oracle_1_q, order_im_9;
  logic mm_over_1, im_over_1, im_over_2, im_over_9, im_over_10;
  money_add u_mm_1 (.clk_i, .en_i(1'b1), .a_i(mm_i), .b_i(fee_i), .sum_o(mm_1), .overflow_o(mm_over_1));
  money_add u_im_1 (.clk_i, .en_i(1'b1), .a_i(im_i), .b_i(fee_i), .sum_o(im_1), .overflow_o(im_over_1));
  always_ff @(posedge clk_i) oracle_1_q <= oracle_i;
  money_add u_im_2 (.clk_i, .en_i(1'b1), .a_i(im_1), .b_i(oracle_1_q), .sum_o(im_2), .overflow_o(im_over_2));
  delay #(.WIDTH(64), .DEPTH(D + 9)) u_mm_other (.clk_i, .en_i(1'b1), .data_i(mm_1), .data_o(mm_other_o));
  delay #(.WIDTH(64), .DEPTH(D + 6)) u_im_8 (.clk_i, .en_i(1'b1), .data_i(im_2), .data_o(im_8));
  delay #(.WIDTH(64), .DEPTH(D + 9)) u_order_im (.clk_i, .en_i(1'b1), .data_i(order_im_i), .data_o(order_im_9));

  // Three products in three consecutive cycles, from D + 1 on: order_loss, then the loss with both
  // factors.
  logic [D+1:0] valid_q;
  logic [63:0] order_loss_1, operand, product;
  logic [C-1:0] im_factor_1, im_factor_2_q, im_factor_3_q, mm_factor_2, coefficient;
  logic product_over;
  // verilator lint_off UNUSEDSIGNAL
  logic product_valid;
  // verilator lint_on UNUSEDSIGNAL
  delay #(.WIDTH(64 + C), .DEPTH(D + 1)) u_order_loss (
      .clk_i, .en_i(1'b1), .data_i({order_loss_i, im_factor_i}), .data_o({order_loss_1, im_factor_1}));
  delay #(.WIDTH(C), .DEPTH(D + 2)) u_mm_factor (.clk_i, .en_i(1'b1), .data_i(mm_factor_i), .data_o(mm_factor_2));
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[D:0], valid_i};
  end
  always_ff @(posedge clk_i) {im_factor_2_q, im_factor_3_q} <= {im_factor_1, im_factor_2_q};
  always_comb begin
    operand = loss_3_q;
    coefficient = im_factor_3_q;
    if (valid_q[D]) begin
      operand = order_loss_1;
      coefficient = im_factor_1;
    end else if (valid_q[D+1]) begin
      operand = loss_2_q;
      coefficient = mm_factor_2;
    end
  end
  money_scale u_product (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(1'b1),
      .money_i(operand),
      .coefficient_i(coefficient),
      .up_i(1'b1),
      .valid_o(product_valid),
      .money_o(product),
      .overflow_o(product_over)
  );
  money_add u_im_9 (.clk_i, .en_i(1'b1), .a_i(im_8), .b_i(product), .sum_o(im_9), .overflow_o(im_over_9));
  money_add u_im_10 (.clk_i, .en_i(1'b1), .a_i(im_9), .b_i(order_im_9), .sum_o(im_other_o), .overflow_o(im_over_10));
  always_ff @(posedge clk_i) loss_mm_o <= product;
  assign loss_im_o = product;

  // Flags join on the way.
  logic over_2_q, over_8, over_9_q, over_10_q, loss_over_9, loss_over_10_q;
  logic [F-1:0] flags;
  delay #(.WIDTH(1), .DEPTH(D + 6)) u_over (.clk_i, .en_i(1'b1), .data_i(over_2_q || im_over_2), .data_o(over_8));
  delay #(.WIDTH(1), .DEPTH(8)) u_loss_over (.clk_i, .en_i(1'b1), .data_i(loss_over_q), .data_o(loss_over_9));
  always_ff @(posedge clk_i) begin
    over_2_q <= mm_over_1 || im_over_1;
    over_9_q <= over_8 || product_over;
    over_10_q <= over_9_q || im_over_9;
    loss_over_10_q <= loss_over_9 || product_over;
  end
  assign loss_overflow_o = loss_over_10_q || product_over;
  always_comb begin
    flags_o = flags;
    flags_o[OVERFLOW] = flags[OVERFLOW] || over_10_q || im_over_10;
  end

  delay #(
      .WIDTH((GREEKS + 1) * 64 + 2 * F),
      .DEPTH(D + 10)
  ) u_carry (
      .clk_i,
      .en_i  (1'b1),
      .data_i({value_i, greeks_i, flags_i, order_flags_i}),
      .data_o({value_o, greeks_o, flags, order_flags_o})
  );
endmodule
`default_nettype wire

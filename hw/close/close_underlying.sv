// Closes an underlying in one view: pl_close_underlying() of host/model/close_underlying.c, and the
// products of its loss with both factors that pl_close_account_add() adds.
//
// Inputs without a number come with valid_i and stay for 3 cycles (close_sums); worst_i and index_i,
// from close_worst, are right $clog2(WAYS + 1) - 1 cycles after valid_i.
// Outputs without a number: D + S + 3 cycles after valid_i, in that cycle only, D = $clog2(WAYS + 1), S =
// money_pkg::SCALE_LATENCY; worst_d_o: D cycles.
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

  localparam int unsigned S = 32'(money_pkg::SCALE_LATENCY);
  localparam int unsigned T = D + S;  // a cycle before order_loss comes out of the multiplier

  // Bit n: an underlying n cycles ago.
  logic [T:1] at_q;
  logic [T:0] at;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) at_q <= '0;
    else at_q <= at[T-1:0];
  end
  assign at = {at_q, valid_i};

  // Worst: the basis contingency after the scenarios, then its negation.
  logic [63:0] basis, loss_q;
  logic [7:0] index_q;
  logic loss_over_t;
  wire loss_over = worst_d_o == {1'b1, 63'b0};
  delay #(.WIDTH(64), .DEPTH(D - 1)) u_basis (.clk_i, .en_i(at[D-1:0] != '0), .data_i(basis_i), .data_o(basis));
  always_ff @(posedge clk_i) begin
    if (at[D-1]) begin
      worst_d_o <= $signed(basis) < $signed(worst_i) ? basis : worst_i;
      index_q <= $signed(basis) < $signed(worst_i) ? BASIS : index_i;
    end
    if (at[D]) loss_q <= loss_over ? {1'b0, {63{1'b1}}} : -worst_d_o;
  end
  close_keep #(
      .WIDTH(73),
      .DEPTH(8)
  ) u_worst (
      .clk_i,
      .rst_ni,
      .put_i (at[D]),
      .data_i({loss_over, index_q, worst_d_o}),
      .take_i(at[T]),
      .data_o({loss_over_t, index_o, worst_o})
  );

  // Requirements besides it, in the order of the additions; kept, with what only passes, until T.
  logic [63:0] mm_1, im_1, im_2, im_t, im_9, order_im_t;
  logic mm_over_1, im_over_1, im_over_2, im_over_9, im_over_10, over_t;
  logic [F-1:0] flags;
  money_add #(
      .COUNT(2)
  ) u_1 (
      .clk_i,
      .en_i(at[0]),
      .a_i({mm_i, im_i}),
      .b_i({fee_i, fee_i}),
      .sum_o({mm_1, im_1}),
      .overflow_o({mm_over_1, im_over_1})
  );
  money_add u_im_2 (.clk_i, .en_i(at[1]), .a_i(im_1), .b_i(oracle_i), .sum_o(im_2), .overflow_o(im_over_2));
  close_keep #(
      .WIDTH((GREEKS + 4) * 64 + 2 * F + 1),
      .DEPTH(8)
  ) u_carry (
      .clk_i,
      .rst_ni,
      .put_i (at[2]),
      .data_i({
        mm_1, im_2, order_im_i, value_i, greeks_i, flags_i, order_flags_i, mm_over_1 || im_over_1 || im_over_2
      }),
      .take_i(at[T]),
      .data_o({mm_other_o, im_t, order_im_t, value_o, greeks_o, flags, order_flags_o, over_t})
  );

  // Three products in three consecutive cycles, from D + 1 on: order_loss, then the loss with both
  // factors.
  logic [63:0] order_loss_1, operand, product;
  logic [C-1:0] im_factor_1, mm_factor_1, coefficient;
  logic [3:1] enters_q, leaves_q;
  logic product_over, product_valid;
  close_keep #(
      .WIDTH(64 + 2 * C),
      .DEPTH(8)
  ) u_factors (
      .clk_i,
      .rst_ni,
      .put_i (at[0]),
      .data_i({order_loss_i, im_factor_i, mm_factor_i}),
      .take_i(at[D]),
      .data_o({order_loss_1, im_factor_1, mm_factor_1})
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enters_q <= '0;
      leaves_q <= '0;
    end else begin
      enters_q <= {enters_q[2:1], at[D]};
      leaves_q <= {leaves_q[2:1], at[T]};
    end
  end
  always_comb begin
    operand = loss_q;
    coefficient = im_factor_1;
    if (enters_q[1]) operand = order_loss_1;
    if (enters_q[2]) coefficient = mm_factor_1;
  end
  money_scale u_product (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(enters_q != '0),
      .money_i(operand),
      .coefficient_i(coefficient),
      .up_i(1'b1),
      .valid_o(product_valid),
      .money_o(product),
      .overflow_o(product_over)
  );
  money_add u_im_9 (.clk_i, .en_i(leaves_q[1]), .a_i(im_t), .b_i(product), .sum_o(im_9), .overflow_o(im_over_9));
  money_add u_im_10 (
      .clk_i, .en_i(leaves_q[2]), .a_i(im_9), .b_i(order_im_t), .sum_o(im_other_o), .overflow_o(im_over_10));

  // Flags join on the way.
  logic over_9_q, over_10_q, loss_over_10_q;
  always_ff @(posedge clk_i) begin
    if (leaves_q[1]) over_9_q <= over_t || product_over;
    if (leaves_q[2]) begin
      loss_mm_o <= product;
      over_10_q <= over_9_q || im_over_9;
      loss_over_10_q <= loss_over_t || product_over;
    end
  end
  assign loss_im_o = product;
  assign loss_overflow_o = loss_over_10_q || product_over;
  always_comb begin
    flags_o = flags;
    flags_o[OVERFLOW] = flags[OVERFLOW] || over_10_q || im_over_10;
  end
  // The three leave at T + 1 to T + 3; the outputs are right in the last of these.
  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) a_products: assert (product_valid == (leaves_q != '0));
  end
endmodule
`default_nettype wire

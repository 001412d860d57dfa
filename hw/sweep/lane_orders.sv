// What resting orders add, summed over a group: order_im and order_loss of add_orders of
// host/model/sweep.c.
//
// product_i and the events are those of lane_products: a position's product is its initial requirement
// (held), orders' are bought, sold, fee, naked, long, short.
//   order_im   += fee + (portfolio: max(held, bought, sold) - held + naked)
//   order_loss += max(long, short)
// Latency: 4 cycles, then 2 from ends_i to the sums. Throughput 1 per cycle; no stall: awake_i must be
// high from products to sums. Errors: none: the sums fit.
`default_nettype none
module lane_orders #(
    parameter  int unsigned PRODUCT_W = 84,
    parameter  int unsigned ACC_W     = 100,
    localparam int unsigned PRODUCTS  = 6
) (
    input  wire                           clk_i,
    input  wire                           rst_ni,
    input  wire                           awake_i,
    input  wire                           position_i,
    input  wire                           opens_i,
    input  wire                           ends_i,
    input  wire                           orders_i,
    input  wire                           portfolio_i,
    input  wire  [PRODUCTS*PRODUCT_W-1:0] product_i,
    output logic                          valid_o,
    output logic [             ACC_W-1:0] order_im_o,
    output logic [             ACC_W-1:0] order_loss_o
);
  localparam int unsigned ADDEND_W = PRODUCT_W + 3;

  if (PRODUCT_W < 2) begin : g_product $error("lane_orders: PRODUCT_W must be at least 2"); end
  if (ACC_W <= ADDEND_W) begin : g_sum $error("lane_orders: ACC_W is too small"); end

  logic signed [PRODUCT_W-1:0] bought, sold, fee, naked, long_loss, short_loss;
  assign {short_loss, long_loss, naked, fee, sold, bought} = product_i;

  // Compare, choose, subtract, add.
  logic signed [PRODUCT_W-1:0] held_q, held_1_q, bought_1_q, sold_1_q, long_1_q, short_1_q;
  logic signed [PRODUCT_W-1:0] held_2_q, worst_2_q, loss_2_q, loss_3_q;
  logic signed [PRODUCT_W:0] column_1_q, column_2_q, column_3_q, excess_3_q;
  logic signed [ADDEND_W-1:0] order_im_q;
  logic signed [PRODUCT_W-1:0] order_loss_q;
  logic bought_worse_q, bought_more_q, sold_more_q, long_worse_q;
  logic portfolio_1_q, portfolio_2_q;

  localparam int unsigned STAGES = 4;
  logic [STAGES*4-1:0] event_q;
  logic position, opens, ends, orders;
  assign {position, opens, ends, orders} = event_q[STAGES*4-1-:4];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) event_q <= '0;
    else if (awake_i) event_q <= (STAGES * 4)'({event_q, position_i, opens_i, ends_i, orders_i});
  end
  always_ff @(posedge clk_i) begin
    if (awake_i) begin
      if (position_i) held_q <= bought;
      if (orders_i) begin
        bought_worse_q <= bought > sold;
        bought_more_q <= bought > held_q;
        sold_more_q <= sold > held_q;
        long_worse_q <= long_loss > short_loss;
        column_1_q <= (PRODUCT_W + 1)'(fee) + (portfolio_i ? (PRODUCT_W + 1)'(naked) : '0);
        portfolio_1_q <= portfolio_i;
        held_1_q <= held_q;
        bought_1_q <= bought;
        sold_1_q <= sold;
        long_1_q <= long_loss;
        short_1_q <= short_loss;
      end
      if (event_q[0]) begin
        if (!bought_more_q && !sold_more_q) worst_2_q <= held_1_q;
        else worst_2_q <= bought_worse_q ? bought_1_q : sold_1_q;
        loss_2_q <= long_worse_q ? long_1_q : short_1_q;
        held_2_q <= held_1_q;
        column_2_q <= column_1_q;
        portfolio_2_q <= portfolio_1_q;
      end
      if (event_q[4]) begin
        excess_3_q <= portfolio_2_q ? (PRODUCT_W + 1)'(worst_2_q) - (PRODUCT_W + 1)'(held_2_q) : '0;
        column_3_q <= column_2_q;
        loss_3_q <= loss_2_q;
      end
      order_im_q <= event_q[8] ? ADDEND_W'(excess_3_q) + ADDEND_W'(column_3_q) : '0;
      order_loss_q <= event_q[8] ? loss_3_q : '0;
    end
  end

  logic im_valid;
  // verilator lint_off UNUSEDSIGNAL
  logic loss_valid;  // the same
  // verilator lint_on UNUSEDSIGNAL
  // A position adds 0: it starts the group.
  accumulator #(
      .PRODUCT_WIDTH(ADDEND_W),
      .SUM_WIDTH(ACC_W),
      .CHUNK(ACC_W / 2),
      .LIMITED(0)
  ) u_order_im (
      .clk_i,
      .rst_ni,
      .en_i(awake_i),
      .valid_i(position || orders),
      .first_i(opens),
      .end_i(ends),
      .product_i(order_im_q),
      .negative_i(1'b0),
      .valid_o(im_valid),
      .sum_o(order_im_o),
      // verilator lint_off PINCONNECTEMPTY
      .overflow_o()
      // verilator lint_on PINCONNECTEMPTY
  );
  accumulator #(
      .PRODUCT_WIDTH(PRODUCT_W),
      .SUM_WIDTH(ACC_W),
      .CHUNK(ACC_W / 2),
      .LIMITED(0)
  ) u_order_loss (
      .clk_i,
      .rst_ni,
      .en_i(awake_i),
      .valid_i(position || orders),
      .first_i(opens),
      .end_i(ends),
      .product_i(order_loss_q),
      .negative_i(1'b0),
      .valid_o(loss_valid),
      .sum_o(order_loss_o),
      // verilator lint_off PINCONNECTEMPTY
      .overflow_o()
      // verilator lint_on PINCONNECTEMPTY
  );
  assign valid_o = im_valid && awake_i;
endmodule
`default_nettype wire

// Cash of an account: the CASH and CASH_HIGH slots of take_slot, and the limit of account_end, of
// host/model/sweep.c.
//
// start_i: a header. ends_i: the account before this cycle's slot ends. Its sum, exact, then limited to
// money, waits in a FIFO of ACCOUNTS until ready_i; the caller sees to it that it never overflows.
// Latency 8 cycles from ends_i to valid_o; throughput 1 slot per cycle, no stall.
// Errors: overflow_o: it did not fit, cash_o is the limit on its side.
`default_nettype none
module lane_cash #(
    parameter int unsigned ACCOUNTS = 32
) (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire         start_i,
    input  wire         cash_i,
    input  wire         cash_high_i,
    input  wire         ends_i,
    input  wire  [55:0] amount_i,
    output logic        valid_o,
    input  wire         ready_i,
    output logic [63:0] cash_o,
    output logic        overflow_o
);
  localparam int unsigned AMOUNT_W = 56;
  localparam int unsigned HIGH = 32;  // CASH_HIGH counts 2^HIGH units
  localparam int unsigned PRODUCT_W = AMOUNT_W + HIGH;
  localparam int unsigned SUM_W = PRODUCT_W + $clog2(32'(pl_abi_pkg::PL_ACCOUNT_SLOTS_MAX)) + 1;

  if (ACCOUNTS < 2) begin : g_accounts $error("lane_cash: ACCOUNTS must be at least 2"); end

  logic [PRODUCT_W-1:0] amount;
  logic signed [SUM_W-1:0] sum;
  logic signed [63:0] money;
  logic sum_valid, money_valid, money_overflow, push_ready;
  assign amount = cash_high_i ? {amount_i, HIGH'(0)}
      : cash_i ? {{HIGH{amount_i[AMOUNT_W-1]}}, amount_i} : '0;

  accumulator #(
      .PRODUCT_WIDTH(PRODUCT_W),
      .SUM_WIDTH(SUM_W),
      .CHUNK(32)
  ) u_sum (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(start_i || cash_i || cash_high_i),
      .first_i(start_i),
      .end_i(ends_i),
      .product_i(amount),
      .negative_i(1'b0),
      .valid_o(sum_valid),
      .sum_o(sum),
      // verilator lint_off PINCONNECTEMPTY
      .overflow_o()
      // verilator lint_on PINCONNECTEMPTY
  );
  money_limit #(
      .VALUE_WIDTH(SUM_W)
  ) u_limit (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(sum_valid),
      .value_i(sum),
      .increment_i(1'b0),
      .valid_o(money_valid),
      .money_o(money),
      .overflow_o(money_overflow)
  );
  fifo #(
      .WIDTH(65),
      .DEPTH(ACCOUNTS),
      .READ_STAGES(1)
  ) u_accounts (
      .clk_i,
      .rst_ni,
      .valid_i(money_valid),
      .ready_o(push_ready),
      .data_i({money, money_overflow}),
      .valid_o,
      .ready_i,
      .data_o({cash_o, overflow_o}),
      // verilator lint_off PINCONNECTEMPTY
      .level_o(),
      .almost_full_o()
      // verilator lint_on PINCONNECTEMPTY
  );

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) a_account_fits: assert (push_ready || !money_valid);
  end
endmodule
`default_nettype wire

// Judges one view of an account: judge() of host/model/verdict.c, and the end of an offset group that
// is still open (pl_close_account_end()).
//
// Inputs come with valid_i; outputs 11 cycles later. Throughput one account in 3 cycles, never
// stalls. flags_o is what the verdict shows: with those of orders.
`default_nettype none
module close_judge #(
    localparam int unsigned C = pl_card_pkg::COEFFICIENT_W,
    localparam int unsigned F = pl_card_pkg::FLAGS_W
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          valid_i,
    input  wire  [ 63:0] equity_i,
    input  wire  [ 63:0] mm_i,
    input  wire  [ 63:0] im_i,
    input  wire          pending_i,
    input  wire  [ 63:0] pending_mm_i,
    input  wire  [ 63:0] pending_im_i,
    input  wire          pending_overflow_i,
    input  wire  [ 63:0] cash_i,
    input  wire          cash_overflow_i,
    input  wire  [C-1:0] multiplier_i,
    input  wire  [F-1:0] flags_i,
    input  wire  [F-1:0] order_flags_i,
    output logic [ 63:0] equity_o,
    output logic [ 63:0] maintenance_excess_o,
    output logic [ 63:0] initial_excess_o,
    output logic [  7:0] state_o,
    output logic [F-1:0] flags_o
);
  localparam logic [F-1:0] OVERFLOW = F'(1) << pl_abi_pkg::PL_FLAG_OVERFLOW_BIT;
  localparam logic [F-1:0] GREEK = F'(1) << pl_abi_pkg::PL_FLAG_GREEKS_BIT;

  // At 1: the account's sums.
  logic [63:0] mm_1, im_1, im_2_q, equity_1, equity_8, equity_9_q;
  logic mm_over_1, im_over_1, equity_over_1, valid_1_q, given_over_1_q;
  logic [C-1:0] multiplier_1_q, multiplier_2_q;
  money_add u_mm (.clk_i, .en_i(1'b1), .a_i(mm_i), .b_i(pending_i ? pending_mm_i : '0), .sum_o(mm_1), .overflow_o(mm_over_1));
  money_add u_im (.clk_i, .en_i(1'b1), .a_i(im_i), .b_i(pending_i ? pending_im_i : '0), .sum_o(im_1), .overflow_o(im_over_1));
  money_add u_equity (.clk_i, .en_i(1'b1), .a_i(equity_i), .b_i(cash_i), .sum_o(equity_1), .overflow_o(equity_over_1));
  always_ff @(posedge clk_i) begin
    valid_1_q <= rst_ni && valid_i;
    given_over_1_q <= cash_overflow_i || (pending_i && pending_overflow_i);
    multiplier_1_q <= multiplier_i;
    multiplier_2_q <= multiplier_1_q;
    im_2_q <= im_1;
  end

  // At 1 and 2: requirements times the multiplier, out at 8 and 9.
  logic [63:0] required;
  logic required_over, maintenance_over_9, initial_over_10;
  // verilator lint_off UNUSEDSIGNAL
  logic required_valid;
  // verilator lint_on UNUSEDSIGNAL
  money_scale u_required (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(1'b1),
      .money_i(valid_1_q ? mm_1 : im_2_q),
      .coefficient_i(valid_1_q ? multiplier_1_q : multiplier_2_q),
      .up_i(1'b1),
      .valid_o(required_valid),
      .money_o(required),
      .overflow_o(required_over)
  );
  logic [63:0] maintenance_9, maintenance_10_q, initial_10, equity_10_q;
  delay #(.WIDTH(64), .DEPTH(7)) u_equity_8 (.clk_i, .en_i(1'b1), .data_i(equity_1), .data_o(equity_8));
  money_add #(
      .SUBTRACT(1)
  ) u_maintenance (
      .clk_i,
      .en_i(1'b1),
      .a_i(equity_8),
      .b_i(required),
      .sum_o(maintenance_9),
      .overflow_o(maintenance_over_9)
  );
  money_add #(
      .SUBTRACT(1)
  ) u_initial (
      .clk_i,
      .en_i(1'b1),
      .a_i(equity_9_q),
      .b_i(required),
      .sum_o(initial_10),
      .overflow_o(initial_over_10)
  );

  // At 10: state and flags.
  logic [F-1:0] flags_1_q, flags_8, flags_9_q, flags_10_q, flags_10, order_flags_10;
  logic doubt, order_doubt;
  logic [7:0] state;
  delay #(
      .WIDTH(F),
      .DEPTH(7)
  ) u_flags (
      .clk_i,
      .en_i  (1'b1),
      .data_i(flags_1_q | (given_over_1_q || mm_over_1 || im_over_1 || equity_over_1 ? OVERFLOW : '0)),
      .data_o(flags_8)
  );
  delay #(.WIDTH(F), .DEPTH(10)) u_order_flags (.clk_i, .en_i(1'b1), .data_i(order_flags_i), .data_o(order_flags_10));
  assign flags_10 = flags_10_q | (initial_over_10 ? OVERFLOW : '0);
  assign doubt = (flags_10 & ~GREEK) != '0;
  assign order_doubt = (order_flags_10 & ~GREEK) != '0;
  always_comb begin
    if (equity_10_q[63]) state = pl_abi_pkg::PL_STATE_BANKRUPT;
    else if (maintenance_10_q[63]) state = pl_abi_pkg::PL_STATE_LIQUIDATE;
    else if (initial_10[63]) state = pl_abi_pkg::PL_STATE_MARGIN_CALL;
    else state = pl_abi_pkg::PL_STATE_HEALTHY;
    if (doubt || (order_doubt && state < pl_abi_pkg::PL_STATE_LIQUIDATE)) state = pl_abi_pkg::PL_STATE_INDETERMINATE;
  end
  always_ff @(posedge clk_i) begin
    flags_1_q <= flags_i;
    flags_9_q <= flags_8 | (required_over ? OVERFLOW : '0);
    flags_10_q <= flags_9_q | (required_over || maintenance_over_9 ? OVERFLOW : '0);
    equity_9_q <= equity_8;
    equity_10_q <= equity_9_q;
    maintenance_10_q <= maintenance_9;
    equity_o <= equity_10_q;
    maintenance_excess_o <= maintenance_10_q;
    initial_excess_o <= initial_10;
    state_o <= state;
    flags_o <= flags_10 | order_flags_10;
  end
endmodule
`default_nettype wire

// Judges one view of an account: judge() of host/model/verdict.c, and the end of an offset group that
// is still open (pl_close_account_end()).
//
// Inputs come with valid_i; outputs money_pkg::SCALE_LATENCY + 4 cycles later. Throughput one account in 3 cycles, never
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

  localparam int unsigned S = 32'(money_pkg::SCALE_LATENCY);

  // Bit n: an account n cycles ago.
  logic [S+3:1] at_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) at_q <= '0;
    else at_q <= {at_q[S+2:1], valid_i};
  end

  // At 1: the account's sums, which stand for 3 cycles.
  logic [63:0] mm_1, im_1, equity_1, equity_s;
  logic mm_over_1, im_over_1, equity_over_1, given_over_1_q;
  logic [C-1:0] multiplier_1_q;
  logic [F-1:0] flags_1_q, order_flags_1_q;
  money_add #(
      .COUNT(3)
  ) u_sums (
      .clk_i,
      .en_i(valid_i),
      .a_i({mm_i, im_i, equity_i}),
      .b_i({pending_i ? {pending_mm_i, pending_im_i} : 128'd0, cash_i}),
      .sum_o({mm_1, im_1, equity_1}),
      .overflow_o({mm_over_1, im_over_1, equity_over_1})
  );
  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      given_over_1_q <= cash_overflow_i || (pending_i && pending_overflow_i);
      multiplier_1_q <= multiplier_i;
      flags_1_q <= flags_i;
      order_flags_1_q <= order_flags_i;
    end
  end

  // At 1 and 2: requirements times the multiplier, out at S + 1 and S + 2; then the excesses.
  logic [63:0] required, excess, maintenance_q;
  logic [F-1:0] flags_s, order_flags_s;
  logic required_over, excess_over, over_2_q, over_3_q;
  // verilator lint_off UNUSEDSIGNAL
  logic required_valid;
  // verilator lint_on UNUSEDSIGNAL
  money_scale u_required (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(at_q[1] || at_q[2]),
      .money_i(at_q[1] ? mm_1 : im_1),
      .coefficient_i(multiplier_1_q),
      .up_i(1'b1),
      .valid_o(required_valid),
      .money_o(required),
      .overflow_o(required_over)
  );
  close_keep #(
      .WIDTH(64 + 2 * F),
      .DEPTH(8)
  ) u_sums_s (
      .clk_i,
      .rst_ni,
      .put_i (at_q[1]),
      .data_i({equity_1, flags_1_q | (given_over_1_q || mm_over_1 || im_over_1 || equity_over_1 ? OVERFLOW : '0), order_flags_1_q}),
      .take_i(at_q[S]),
      .data_o({equity_s, flags_s, order_flags_s})
  );
  money_add #(
      .SUBTRACT(1)
  ) u_excess (
      .clk_i,
      .en_i(at_q[S+1] || at_q[S+2]),
      .a_i(equity_s),
      .b_i(required),
      .sum_o(excess),
      .overflow_o(excess_over)
  );
  always_ff @(posedge clk_i) begin
    if (at_q[S+1]) over_2_q <= required_over;
    if (at_q[S+2]) begin
      over_3_q <= over_2_q || required_over || excess_over;
      maintenance_q <= excess;
    end
  end

  // At S + 3: state and flags.
  logic [F-1:0] flags;
  logic doubt, order_doubt;
  logic [7:0] state;
  assign flags = flags_s | (over_3_q || excess_over ? OVERFLOW : '0);
  assign doubt = (flags & ~GREEK) != '0;
  assign order_doubt = (order_flags_s & ~GREEK) != '0;
  always_comb begin
    if (equity_s[63]) state = pl_abi_pkg::PL_STATE_BANKRUPT;
    else if (maintenance_q[63]) state = pl_abi_pkg::PL_STATE_LIQUIDATE;
    else if (excess[63]) state = pl_abi_pkg::PL_STATE_MARGIN_CALL;
    else state = pl_abi_pkg::PL_STATE_HEALTHY;
    if (doubt || (order_doubt && state < pl_abi_pkg::PL_STATE_LIQUIDATE)) state = pl_abi_pkg::PL_STATE_INDETERMINATE;
  end
  always_ff @(posedge clk_i) begin
    if (at_q[S+3]) begin
      equity_o <= equity_s;
      maintenance_excess_o <= maintenance_q;
      initial_excess_o <= excess;
      state_o <= state;
      flags_o <= flags | order_flags_s;
    end
  end
endmodule
`default_nettype wire

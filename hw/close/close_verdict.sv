// The verdict of an account from its two views: pl_verdict_decide() of host/model/verdict.c.
//
// The views' inputs go to close_judge, one after the other; of an account with two (two_views_i: an asset
// without a price was met) that at last prices comes first (last_price_i), only its state and flags
// count, and what leaves then is no verdict. Latency money_pkg::SCALE_LATENCY + 5 cycles, throughput one account in 3 cycles, never stalls. An
// account whose status_i is not OK yields that status and slot, and a body of zeros. live_i goes with it.
`default_nettype none
module close_verdict #(
    localparam int unsigned C      = pl_card_pkg::COEFFICIENT_W,
    localparam int unsigned F      = pl_card_pkg::FLAGS_W,
    localparam int unsigned GREEKS = 5
) (
    input  wire                  clk_i,
    input  wire                  rst_ni,
    input  wire                  valid_i,
    input  wire                  two_views_i,
    input  wire                  last_price_i,
    input  wire                  live_i,
    input  wire  [         31:0] account_i,
    input  wire  [          1:0] mode_i,
    input  wire  [         63:0] cash_i,
    input  wire                  cash_overflow_i,
    input  wire  [        C-1:0] multiplier_i,
    input  wire  [          7:0] status_i,
    input  wire  [         31:0] slot_i,
    input  wire  [         63:0] equity_i,
    input  wire  [         63:0] mm_i,
    input  wire  [         63:0] im_i,
    input  wire                  pending_i,
    input  wire  [         63:0] pending_mm_i,
    input  wire  [         63:0] pending_im_i,
    input  wire                  pending_overflow_i,
    input  wire  [        F-1:0] flags_i,
    input  wire  [        F-1:0] order_flags_i,
    input  wire  [         15:0] worst_underlying_i,
    input  wire  [          7:0] worst_scenario_i,
    input  wire  [         63:0] worst_i,
    input  wire  [GREEKS*64-1:0] greeks_i,
    output pl_card_pkg::judged_t judged_o
);
  localparam logic [F-1:0] UNPRICED = F'(1) << pl_abi_pkg::PL_FLAG_UNPRICED_BIT;
  localparam logic [F-1:0] IGNORED_ASSET = F'(1) << pl_abi_pkg::PL_FLAG_IGNORED_ASSET_BIT;
  localparam int unsigned S = 32'(money_pkg::SCALE_LATENCY);
  localparam int unsigned CARRY_W = 2 + 32 + 2 + 8 + 32 + 1 + 16 + 8 + 64 + GREEKS * 64;

  logic [63:0] equity, maintenance, initial_excess;
  logic [7:0] state;
  logic [F-1:0] flags;
  close_judge u_judge (
      .clk_i,
      .rst_ni,
      .valid_i,
      .equity_i,
      .mm_i,
      .im_i,
      .pending_i,
      .pending_mm_i,
      .pending_im_i,
      .pending_overflow_i,
      .cash_i,
      .cash_overflow_i,
      .multiplier_i,
      .flags_i,
      .order_flags_i,
      .equity_o(equity),
      .maintenance_excess_o(maintenance),
      .initial_excess_o(initial_excess),
      .state_o(state),
      .flags_o(flags)
  );

  logic two_views, last_price, live;
  logic [31:0] account, slot;
  logic [1:0] mode;
  logic [7:0] status, worst_scenario, decided, last_price_state_q;
  logic [15:0] worst_underlying;
  logic [63:0] worst;
  logic [GREEKS*64-1:0] greeks;
  logic [F-1:0] decided_flags, last_price_flags_q;
  logic [S+4:1] at_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) at_q <= '0;
    else at_q <= {at_q[S+3:1], valid_i};
  end
  close_keep #(
      .WIDTH(CARRY_W),
      .DEPTH(8)
  ) u_carry (
      .clk_i,
      .rst_ni,
      .put_i (valid_i),
      .data_i({live_i, account_i, mode_i, status_i, slot_i, two_views_i, last_price_i, worst_underlying_i, worst_scenario_i, worst_i, greeks_i}),
      .take_i(at_q[S+3]),
      .data_o({live, account, mode, status, slot, two_views, last_price, worst_underlying, worst_scenario, worst, greeks})
  );

  always_comb begin
    decided = state;
    decided_flags = flags;
    if (two_views) begin
      if (last_price_state_q == state && state != pl_abi_pkg::PL_STATE_INDETERMINATE) begin
        decided_flags = flags | IGNORED_ASSET;
      end else begin
        decided = pl_abi_pkg::PL_STATE_INDETERMINATE;
        decided_flags = flags | last_price_flags_q | UNPRICED;
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (at_q[S+4] && last_price) begin
      last_price_state_q <= state;
      last_price_flags_q <= flags;
    end
  end

  pl_card_pkg::verdict_t verdict;
  assign verdict = {
    account,
    decided,
    8'(mode),
    16'(decided_flags),
    worst_underlying,
    worst_scenario,
    equity,
    maintenance,
    initial_excess,
    worst,
    greeks[0*64+:64],
    greeks[1*64+:64],
    greeks[2*64+:64],
    greeks[3*64+:64],
    greeks[4*64+:64]
  };
  always_ff @(posedge clk_i) begin
    if (at_q[S+4]) judged_o <= {live, 1'b0, status, slot, status == pl_abi_pkg::PL_STATUS_OK ? verdict : '0};
  end
endmodule
`default_nettype wire

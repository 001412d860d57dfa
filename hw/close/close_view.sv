// The views of the close, one after the other, from the beats of expiries to the account: close_sums,
// close_worst, close_underlying, close_offset and close_account, aligned with each other.
//
// The letter in a name is when it comes: none with the beats of close_expiry; 2 two cycles later; u 4
// cycles after an entry's last beat; r (outputs) D + S + 3 cycles after u, D = $clog2(WAYS + 1), S =
// money_pkg::SCALE_LATENCY; a S + 1 cycles after r. The account's sums stand at the outputs 4 cycles after valid_a_i, and only then.
// valid_i: beats of entries with sums; valid_a_i: every entry. Throughput one beat per cycle, entries
// of at least 3; never stalls. Mirrors the loops over views of host/model/sweep.c.
`default_nettype none
module close_view #(
    parameter  int unsigned WAYS     = 11,
    parameter  int unsigned BEATS    = 4,
    localparam int unsigned BEAT_W   = $clog2(BEATS),
    localparam int unsigned C        = pl_card_pkg::COEFFICIENT_W,
    localparam int unsigned F        = pl_card_pkg::FLAGS_W,
    localparam int unsigned SIDES    = 5,
    localparam int unsigned GREEKS   = 5,
    localparam int unsigned RESULT_W = (6 + GREEKS) * 64 + 8 + 1 + 2 * F
) (
    input  wire                  clk_i,
    input  wire                  rst_ni,
    input  wire                  valid_i,
    input  wire  [   BEAT_W-1:0] beat_i,
    input  wire                  last_i,
    input  wire                  first_i,            // of its underlying
    input  wire                  skip_i,             // counts for nothing
    input  wire                  last_price_i,       // the view at last prices
    input  wire                  fork_i,             // which starts from the other's sums
    input  wire  [  WAYS*64-1:0] pnl_i,
    input  wire  [ SIDES*64-1:0] side_i,
    input  wire                  money_overflow_i,
    input  wire                  greek_overflow_i,
    input  wire  [        F-1:0] flags_i,
    input  wire  [        F-1:0] order_flags_i,
    input  wire                  perpetual_i,
    input  wire                  join_2_i,
    input  wire                  fresh_2_i,
    input  wire                  last_price_2_i,
    input  wire                  fork_2_i,           // of the offset group
    input  wire                  join_u_i,
    input  wire                  fresh_u_i,
    input  wire                  last_price_u_i,
    input  wire                  fork_u_i,
    input  wire  [        C-1:0] mm_factor_u_i,
    input  wire  [        C-1:0] im_factor_u_i,
    input  wire  [        C-1:0] credit_u_i,
    // worst, loss_mm, loss_im, mm_other, im_other, value, greeks, index, loss_overflow, flags, order_flags
    output logic [ RESULT_W-1:0] result_o,           // at r
    input  wire                  valid_a_i,
    input  wire                  account_first_a_i,
    input  wire                  closes_a_i,
    input  wire                  join_a_i,
    input  wire                  ends_before_a_i,
    input  wire                  two_views_a_i,
    input  wire                  fork_a_i,
    input  wire  [          9:0] underlying_a_i,
    output logic [         63:0] equity_o,
    output logic [         63:0] mm_o,
    output logic [         63:0] im_o,
    output logic                 pending_o,
    output logic [         63:0] pending_mm_o,
    output logic [         63:0] pending_im_o,
    output logic                 pending_overflow_o,
    output logic [GREEKS*64-1:0] greeks_o,
    output logic [         15:0] worst_underlying_o,
    output logic [          7:0] worst_scenario_o,
    output logic [         63:0] worst_o,
    output logic [        F-1:0] flags_o,
    output logic [        F-1:0] order_flags_o
);
  logic [1:0] valid_2_q;
  logic [BEAT_W-1:0] beat_1_q, beat_2_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_2_q <= '0;
    else valid_2_q <= {valid_2_q[0], valid_i};
  end
  always_ff @(posedge clk_i) if (valid_i || valid_2_q[0]) {beat_1_q, beat_2_q} <= {beat_i, beat_1_q};

  logic [WAYS*64-1:0] pnl;
  logic [63:0] basis_beat, worst_found, worst_d;
  logic [7:0] index_found;
  logic valid_u;
  logic [63:0] value_u, mm_u, im_u, fee_u, oracle_u, order_loss_u, order_im_u, basis_u;
  logic [GREEKS*64-1:0] greeks_u;
  logic [F-1:0] flags_u, order_flags_u;
  close_sums #(
      .WAYS (WAYS),
      .BEATS(BEATS)
  ) u_sums (
      .clk_i,
      .rst_ni,
      .valid_i,
      .beat_i,
      .last_i,
      .first_i,
      .skip_i,
      .last_price_i,
      .fork_i,
      .pnl_i,
      .side_i,
      .money_overflow_i,
      .greek_overflow_i,
      .flags_i,
      .order_flags_i,
      .perpetual_i,
      .pnl_o(pnl),
      .basis_beat_o(basis_beat),
      .valid_o(valid_u),
      .value_o(value_u),
      .greeks_o(greeks_u),
      .mm_o(mm_u),
      .im_o(im_u),
      .fee_o(fee_u),
      .oracle_o(oracle_u),
      .order_loss_o(order_loss_u),
      .order_im_o(order_im_u),
      .basis_o(basis_u),
      .flags_o(flags_u),
      .order_flags_o(order_flags_u)
  );
  close_worst #(
      .WAYS (WAYS),
      .BEATS(BEATS)
  ) u_worst (
      .clk_i,
      .rst_ni,
      .valid_i(valid_2_q[1]),
      .first_i(beat_2_q == '0),
      .beat_i (beat_2_q),
      .words_i({64'b0, pnl}),
      .worst_o(worst_found),
      .index_o(index_found)
  );

  logic [63:0] worst_r, loss_mm_r, loss_im_r, mm_other_r, im_other_r, value_r;
  logic [GREEKS*64-1:0] greeks_r;
  logic [7:0] index_r;
  logic loss_over_r;
  logic [F-1:0] flags_r, order_flags_r;
  close_underlying #(
      .WAYS(WAYS)
  ) u_underlying (
      .clk_i,
      .rst_ni,
      .valid_i(valid_u),
      .value_i(value_u),
      .greeks_i(greeks_u),
      .mm_i(mm_u),
      .im_i(im_u),
      .fee_i(fee_u),
      .oracle_i(oracle_u),
      .order_loss_i(order_loss_u),
      .order_im_i(order_im_u),
      .basis_i(basis_u),
      .flags_i(flags_u),
      .order_flags_i(order_flags_u),
      .mm_factor_i(mm_factor_u_i),
      .im_factor_i(im_factor_u_i),
      .worst_i(worst_found),
      .index_i(index_found),
      .worst_d_o(worst_d),
      .worst_o(worst_r),
      .index_o(index_r),
      .loss_mm_o(loss_mm_r),
      .loss_im_o(loss_im_r),
      .loss_overflow_o(loss_over_r),
      .mm_other_o(mm_other_r),
      .im_other_o(im_other_r),
      .value_o(value_r),
      .greeks_o(greeks_r),
      .flags_o(flags_r),
      .order_flags_o(order_flags_r)
  );

  logic [63:0] group_mm_a, group_im_a;
  logic join_over_a, end_over_a;
  close_offset #(
      .WAYS (WAYS),
      .BEATS(BEATS)
  ) u_offset (
      .clk_i,
      .rst_ni,
      .valid_i(valid_2_q[1]),
      .beat_i(beat_2_q),
      .join_i(join_2_i),
      .fresh_i(fresh_2_i),
      .last_price_i(last_price_2_i),
      .fork_i(fork_2_i),
      .pnl_i(pnl),
      .basis_i(basis_beat),
      .group_join_i(valid_u && join_u_i),
      .group_fresh_i(fresh_u_i),
      .group_last_price_i(last_price_u_i),
      .group_fork_i(fork_u_i),
      .mm_factor_i(mm_factor_u_i),
      .im_factor_i(im_factor_u_i),
      .credit_i(credit_u_i),
      .worst_d_i(worst_d),
      .mm_o(group_mm_a),
      .im_o(group_im_a),
      .join_overflow_o(join_over_a),
      .end_overflow_o(end_over_a)
  );

  logic [63:0] worst_a, loss_mm_a, loss_im_a, mm_other_a, im_other_a, value_a;
  logic [GREEKS*64-1:0] greeks_a;
  logic [7:0] index_a;
  logic loss_over_a;
  logic [F-1:0] flags_a, order_flags_a;
  assign result_o = {
    worst_r, loss_mm_r, loss_im_r, mm_other_r, im_other_r, value_r, greeks_r, index_r, loss_over_r, flags_r, order_flags_r
  };
  localparam int unsigned S = 32'(money_pkg::SCALE_LATENCY);
  localparam int unsigned RESULT = $clog2(WAYS + 1) + S + 3;  // r, counted from u
  logic [RESULT+S:1] result_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) result_q <= '0;
    else result_q <= {result_q[RESULT+S-1:1], valid_u};
  end
  close_keep #(
      .WIDTH(RESULT_W),
      .DEPTH(8)
  ) u_result_at (
      .clk_i,
      .rst_ni,
      .put_i (result_q[RESULT]),
      .data_i(result_o),
      .take_i(result_q[RESULT+S]),
      .data_o({
        worst_a, loss_mm_a, loss_im_a, mm_other_a, im_other_a, value_a, greeks_a, index_a, loss_over_a, flags_a, order_flags_a
      })
  );
  close_account u_account (
      .clk_i,
      .rst_ni,
      .valid_i(valid_a_i),
      .first_i(account_first_a_i),
      .closes_i(closes_a_i),
      .joins_i(join_a_i),
      .ends_before_i(ends_before_a_i),
      .two_views_i(two_views_a_i),
      .fork_i(fork_a_i),
      .underlying_i(underlying_a_i),
      .worst_i(worst_a),
      .index_i(index_a),
      .loss_mm_i(loss_mm_a),
      .loss_im_i(loss_im_a),
      .loss_overflow_i(loss_over_a),
      .mm_other_i(mm_other_a),
      .im_other_i(im_other_a),
      .value_i(value_a),
      .greeks_i(greeks_a),
      .flags_i(flags_a),
      .order_flags_i(order_flags_a),
      .group_mm_i(group_mm_a),
      .group_im_i(group_im_a),
      .group_join_overflow_i(join_over_a),
      .group_end_overflow_i(end_over_a),
      .equity_o,
      .mm_o,
      .im_o,
      .pending_o,
      .pending_mm_o,
      .pending_im_o,
      .pending_overflow_o,
      .greeks_o,
      .worst_underlying_o,
      .worst_scenario_o,
      .worst_o,
      .flags_o,
      .order_flags_o
  );
endmodule
`default_nettype wire

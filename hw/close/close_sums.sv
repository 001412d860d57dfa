// Adds the beats of an underlying's expiries, view by view: pl_sums_add() of
// host/model/close_expiry.c.
//
// Beats are those of close_expiry, of entries with sums only; first_i: the underlying's first entry.
// skip_i: the entry counts for nothing in this view, neither values nor flags. last_price_i, fork_i: as
// in close_accumulator.
// After 2 cycles pnl_o and basis_beat_o (at beat 2, else 0) are the sums so far. valid_o, 4 cycles after
// an entry's last beat: the side sums and flags of the underlying so far, which stay for at least 3
// cycles. Throughput one beat per cycle, never stalls; nothing moves but for beats. Overflow: PL_FLAG_OVERFLOW, of a Greek
// PL_FLAG_GREEKS only.
`default_nettype none
module close_sums #(
    parameter  int unsigned WAYS    = 11,
    parameter  int unsigned BEATS   = 4,
    localparam int unsigned BEAT_W  = $clog2(BEATS),
    localparam int unsigned F       = pl_card_pkg::FLAGS_W,
    localparam int unsigned SIDES   = 5,
    localparam int unsigned GREEKS  = 5
) (
    input  wire                 clk_i,
    input  wire                 rst_ni,
    input  wire                 valid_i,
    input  wire  [  BEAT_W-1:0] beat_i,
    input  wire                 last_i,
    input  wire                 first_i,
    input  wire                 skip_i,
    input  wire                 last_price_i,
    input  wire                 fork_i,
    input  wire  [ WAYS*64-1:0] pnl_i,
    input  wire  [SIDES*64-1:0] side_i,
    input  wire                 money_overflow_i,
    input  wire                 greek_overflow_i,
    input  wire  [       F-1:0] flags_i,           // of the entry
    input  wire  [       F-1:0] order_flags_i,
    input  wire                 perpetual_i,

    output logic [ WAYS*64-1:0] pnl_o,
    output logic [        63:0] basis_beat_o,

    output logic                valid_o,
    output logic [        63:0] value_o,
    output logic [GREEKS*64-1:0] greeks_o,          // delta, gamma, vega, theta, rho
    output logic [        63:0] mm_o,
    output logic [        63:0] im_o,
    output logic [        63:0] fee_o,
    output logic [        63:0] oracle_o,          // that of a perpetual where one is held
    output logic [        63:0] order_loss_o,
    output logic [        63:0] order_im_o,
    output logic [        63:0] basis_o,
    output logic [       F-1:0] flags_o,
    output logic [       F-1:0] order_flags_o
);
  localparam logic [F-1:0] OVERFLOW = F'(1) << pl_abi_pkg::PL_FLAG_OVERFLOW_BIT;
  localparam logic [F-1:0] GREEK = F'(1) << pl_abi_pkg::PL_FLAG_GREEKS_BIT;

  logic [WAYS-1:0] pnl_over;
  logic [SIDES-1:0] side_over;
  logic [SIDES*64-1:0] side;
  close_accumulator #(
      .BEATS(BEATS),
      .COUNT(SIDES + WAYS)
  ) u_sum (
      .clk_i,
      .rst_ni,
      .valid_i,
      .beat_i,
      .first_i,
      .last_price_i,
      .fork_i,
      .value_i(skip_i ? '0 : {side_i, pnl_i}),
      .sum_o({side, pnl_o}),
      .overflow_o({side_over, pnl_over})
  );

  // At 1 and 2: control, and what the entry brings at its beat 0.
  logic [BEAT_W-1:0] beat_1_q, beat_2_q;
  logic [1:0] first_q, perpetual_q, fork_q;
  logic [2:0] valid_q, last_q, last_price_q;
  logic [F-1:0] flags_1_q, flags_2_q, order_flags_1_q, order_flags_2_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[1:0], valid_i};
  end
  always_ff @(posedge clk_i) begin
    if (valid_i || valid_q != '0) begin
      {beat_1_q, beat_2_q} <= {beat_i, beat_1_q};
      last_q <= {last_q[1:0], last_i};
      first_q <= {first_q[0], first_i};
      last_price_q <= {last_price_q[1:0], last_price_i};
      fork_q <= {fork_q[0], fork_i};
      perpetual_q <= {perpetual_q[0], perpetual_i && !skip_i};
      flags_1_q <= skip_i ? '0 : (beat_i == '0 ? flags_i : '0) | (money_overflow_i ? OVERFLOW : '0) |
          (greek_overflow_i ? GREEK : '0);
      order_flags_1_q <= skip_i ? '0 : order_flags_i;
      flags_2_q <= flags_1_q;
      order_flags_2_q <= order_flags_1_q;
    end
  end
  assign basis_beat_o = beat_2_q == BEAT_W'(2) ? side[3*64+:64] : '0;

  // At 3: the beat's flags join those of the underlying; side sums are kept by beat.
  logic [SIDES*64-1:0] zero_q, one_q;
  logic [4*64-1:0] two_q;
  logic money_over, greek_over, start_3_q, from_3_q, perpetual_3_q, perpetual_all;
  logic [F-1:0] flags_3_q, order_flags_3_q, flags_all, order_flags_all;
  logic [2*F:0] all_q[2];  // flags, order_flags and perpetual of each view
  always_comb begin
    case (32'(beat_2_q))
      32'd0: begin
        money_over = side_over[0];
        greek_over = |side_over[4:1];
      end
      32'd1: begin
        money_over = |side_over[4:1];
        greek_over = side_over[0];
      end
      32'd2: begin
        money_over = |side_over;
        greek_over = 1'b0;
      end
      default: begin
        money_over = 1'b0;
        greek_over = 1'b0;
      end
    endcase
  end
  assign {flags_all, order_flags_all, perpetual_all} =
      (start_3_q ? '0 : all_q[from_3_q]) | {flags_3_q, order_flags_3_q, perpetual_3_q};
  always_ff @(posedge clk_i) begin
    if (valid_q[1] && beat_2_q == '0) zero_q <= side;
    if (valid_q[1] && beat_2_q == BEAT_W'(1)) one_q <= side;
    if (valid_q[1] && beat_2_q == BEAT_W'(2)) two_q <= side[4*64-1:0];
    if (valid_q[1]) begin
      flags_3_q <= flags_2_q | (money_over || |pnl_over ? OVERFLOW : '0) | (greek_over ? GREEK : '0);
      order_flags_3_q <= order_flags_2_q;
      perpetual_3_q <= perpetual_q[1];
      start_3_q <= first_q[1] && beat_2_q == '0;
      from_3_q <= last_price_q[1] && !(fork_q[1] && beat_2_q == '0);
    end
    if (valid_q[2]) all_q[last_price_q[2]] <= {flags_all, order_flags_all, perpetual_all};
  end

  // At 4: everything at once.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_o <= 1'b0;
    else valid_o <= valid_q[2] && last_q[2];
  end
  always_ff @(posedge clk_i) begin
    if (valid_q[2] && last_q[2]) begin
      value_o <= zero_q[0+:64];
      greeks_o <= {one_q[0+:64], zero_q[64+:256]};
      {im_o, mm_o, order_im_o, fee_o} <= one_q[64+:256];
      order_loss_o <= two_q[0+:64];
      oracle_o <= perpetual_all ? two_q[2*64+:64] : two_q[64+:64];
      basis_o <= two_q[3*64+:64];
      flags_o <= flags_all;
      order_flags_o <= order_flags_all;
    end
  end
endmodule
`default_nettype wire

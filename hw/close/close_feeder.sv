// Cuts each entry from the sweep into beats for the pipeline of the close.
//
// An entry takes max(3, scenario_count / WAYS rounded up) cycles, one beat each; group_ready_o comes
// with its last beat. Beat b carries the sums of scenarios WAYS * b and on, and in the first three
// beats five side sums each: value, delta, gamma, vega, theta | rho, fee, order_im, mm, im |
// order_loss, gross, basis_up, basis_down. Gamma leaves in row units (times 2^PL_GAMMA_SHIFT).
// An entry without sums (group = 0) takes 3 beats as well, its sums mean nothing.
// From the first asset without a price on, an account has two views (two_views_o), and each of its
// entries goes through the close twice: first for the view that takes such assets at their last price
// (last_price_o; fork_o: the first time, when both views are still one), then for the one in which
// they are worth nothing, which is what is reported.
// Latency 1; nothing moves but for beats. Stall: an entry starts only while room_i, a live one while
// live_room_i; the beats of one entry follow each other in consecutive cycles. scenario_count_i
// answers to group_i two cycles after its first beat.
// Choice: a last expiry of an underlying always carries underlying_last (an account's end without
// sums closes no underlying).
// Mirrors the loop around end_expiry() in host/model/sweep.c.
`default_nettype none
module close_feeder #(
    parameter  int unsigned SCENARIOS = 40,
    parameter  int unsigned WAYS      = 11,
    parameter  int unsigned BEATS     = 4,
    localparam int unsigned BEAT_W    = $clog2(BEATS),
    localparam int unsigned W         = pl_card_pkg::SUM_W,
    localparam int unsigned SUMS      = pl_card_pkg::SUM_SCENARIO + SCENARIOS,
    localparam int unsigned SIDES     = 5
) (
    input  wire                       clk_i,
    input  wire                       rst_ni,
    input  wire                       room_i,
    input  wire                       live_room_i,
    input  wire                       group_valid_i,
    output logic                      group_ready_o,
    input  wire  pl_card_pkg::group_t group_i,
    input  wire  [       SUMS*W-1:0] sums_i,
    input  wire  [              7:0] scenario_count_i,

    output logic                      issue_o,             // valid_o follows
    output logic                      valid_o,
    output logic [        BEAT_W-1:0] beat_o,
    output logic                      last_o,              // last beat of the entry, or of its first pass
    output pl_card_pkg::group_t       group_o,
    output logic                      account_first_o,     // first entry of its account
    output logic                      underlying_first_o,  // first sums of their underlying
    output logic                      two_views_o,
    output logic                      last_price_o,
    output logic                      fork_o,
    output logic [        WAYS*W-1:0] scenario_o,
    output logic [       SIDES*W-1:0] side_o
);
  localparam int unsigned GAMMA_SHIFT = 32'(pl_abi_pkg::PL_GAMMA_SHIFT);

  logic [BEAT_W-1:0] beat_q;
  logic issue, enough, last, account_open_q, underlying_open_q, parts, two_views, two_views_q, last_price, last_price_given_q;
  wire [BEATS*WAYS*W-1:0] scenarios = (BEATS * WAYS * W)'(sums_i[SUMS*W-1:pl_card_pkg::SUM_SCENARIO*W]);

  always_comb begin
    enough = 1'b0;
    for (int unsigned b = 0; b < BEATS; b++) begin
      if (beat_q == BEAT_W'(b)) enough = !group_i.group || b == BEATS - 1 || 32'(scenario_count_i) <= (b + 1) * WAYS;
    end
  end
  assign issue = group_valid_i && (beat_q != '0 || (group_i.live ? live_room_i : room_i));
  assign issue_o = issue;
  assign last = beat_q >= BEAT_W'(2) && enough;
  assign parts = group_i.group && group_i.unpriced_asset;
  assign two_views = two_views_q || parts;
  assign last_price = two_views && !last_price_given_q;
  assign group_ready_o = issue && last && !last_price;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_o <= 1'b0;
      beat_q <= '0;
      account_open_q <= 1'b0;
      underlying_open_q <= 1'b0;
      two_views_q <= 1'b0;
      last_price_given_q <= 1'b0;
    end else begin
      valid_o <= issue;
      if (issue) beat_q <= last ? '0 : beat_q + 1'b1;
      if (issue && last) last_price_given_q <= last_price;
      if (group_ready_o) begin
        two_views_q <= !group_i.account_last && two_views;
        account_open_q <= !group_i.account_last;
        underlying_open_q <= !group_i.account_last && (group_i.group ? !group_i.underlying_last : underlying_open_q);
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (issue) begin
      beat_o <= beat_q;
      last_o <= last;
      group_o <= group_i;
      account_first_o <= !account_open_q;
      underlying_first_o <= !underlying_open_q;
      two_views_o <= two_views;
      last_price_o <= last_price;
      fork_o <= last_price && !two_views_q;
      for (int unsigned b = 0; b < BEATS; b++) begin
        if (beat_q == BEAT_W'(b)) scenario_o <= scenarios[b*WAYS*W+:WAYS*W];
      end
      case (32'(beat_q))
        32'd0:
        side_o <= {
          sums_i[pl_card_pkg::SUM_THETA*W+:W],
          sums_i[pl_card_pkg::SUM_VEGA*W+:W],
          sums_i[pl_card_pkg::SUM_GAMMA*W+:W] << GAMMA_SHIFT,
          sums_i[pl_card_pkg::SUM_DELTA*W+:W],
          sums_i[pl_card_pkg::SUM_VALUE*W+:W]
        };
        32'd1:
        side_o <= {
          sums_i[pl_card_pkg::SUM_IM*W+:W],
          sums_i[pl_card_pkg::SUM_MM*W+:W],
          sums_i[pl_card_pkg::SUM_ORDER_IM*W+:W],
          sums_i[pl_card_pkg::SUM_FEE*W+:W],
          sums_i[pl_card_pkg::SUM_RHO*W+:W]
        };
        32'd2:
        side_o <= {
          W'(0),
          sums_i[pl_card_pkg::SUM_BASIS_DOWN*W+:W],
          sums_i[pl_card_pkg::SUM_BASIS_UP*W+:W],
          sums_i[pl_card_pkg::SUM_GROSS*W+:W],
          sums_i[pl_card_pkg::SUM_ORDER_LOSS*W+:W]
        };
        default: side_o <= '0;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      if (beat_q != '0) a_entry_stays: assert (group_valid_i);
    end
  end
endmodule
`default_nettype wire

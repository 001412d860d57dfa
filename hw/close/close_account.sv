// Adds closed underlyings to their account, view by view: pl_close_account_add() of
// host/model/close_account.c.
//
// One entry per valid_i, at least 3 cycles apart; never stalls. closes_i: the entry ends an
// underlying. The account's sums stand at the outputs in the 4th cycle after valid_i, and only then.
// A plain underlying's loss is added at once. That of an offset group comes with each underlying that
// joins it (joins_i), replaces the one before, and is added when the next underlying of the account
// is not of the group (ends_before_i); at the account's end it is still pending, for the verdict.
// Sums are limited one by one, in the order of the C function.
// Of an account with two views (two_views_i) entries come twice, the views by turns: the outputs are
// those of the entry's view, the other's wait beside them. fork_i: both were one so far.
`default_nettype none
module close_account #(
    localparam int unsigned F      = pl_card_pkg::FLAGS_W,
    localparam int unsigned GREEKS = 5
) (
    input  wire                  clk_i,
    input  wire                  rst_ni,
    input  wire                  valid_i,
    input  wire                  first_i,           // of its account
    input  wire                  closes_i,
    input  wire                  joins_i,
    input  wire                  ends_before_i,
    input  wire                  two_views_i,
    input  wire                  fork_i,
    input  wire  [          9:0] underlying_i,
    input  wire  [         63:0] worst_i,
    input  wire  [          7:0] index_i,
    input  wire  [         63:0] loss_mm_i,
    input  wire  [         63:0] loss_im_i,
    input  wire                  loss_overflow_i,
    input  wire  [         63:0] mm_other_i,
    input  wire  [         63:0] im_other_i,
    input  wire  [         63:0] value_i,
    input  wire  [GREEKS*64-1:0] greeks_i,
    input  wire  [        F-1:0] flags_i,
    input  wire  [        F-1:0] order_flags_i,
    input  wire  [         63:0] group_mm_i,
    input  wire  [         63:0] group_im_i,
    input  wire                  group_join_overflow_i,
    input  wire                  group_end_overflow_i,

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
  localparam logic [F-1:0] OVERFLOW = F'(1) << pl_abi_pkg::PL_FLAG_OVERFLOW_BIT;
  localparam logic [F-1:0] GREEK = F'(1) << pl_abi_pkg::PL_FLAG_GREEKS_BIT;
  localparam logic [7:0] NONE = 8'd255;  // PL_WORST_NONE of host/model/sums.h

  // The entry, kept for its three steps: phase_q[0..2], and phase_q[3] when its sums stand.
  logic [3:0] phase_q;
  logic first_q, closes_q, joins_q, ends_before_q, two_views_q, turn_q, loss_over_q, join_over_q, end_over_q;
  logic [9:0] underlying_q;
  logic [7:0] index_q;
  logic [63:0] worst_q, loss_mm_q, loss_im_q, mm_other_q, im_other_q, value_q, group_mm_q, group_im_q;
  logic [GREEKS*64-1:0] greeks_q;
  logic [F-1:0] entry_flags_q, entry_order_flags_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) phase_q <= '0;
    else phase_q <= {phase_q[2:0], valid_i};
  end
  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      first_q <= first_i;
      closes_q <= closes_i;
      joins_q <= joins_i;
      ends_before_q <= ends_before_i;
      two_views_q <= two_views_i;
      turn_q <= two_views_i && !fork_i;
      underlying_q <= underlying_i;
      worst_q <= worst_i;
      index_q <= index_i;
      loss_mm_q <= loss_mm_i;
      loss_im_q <= loss_im_i;
      loss_over_q <= loss_overflow_i;
      mm_other_q <= mm_other_i;
      im_other_q <= im_other_i;
      value_q <= value_i;
      greeks_q <= greeks_i;
      entry_flags_q <= flags_i;
      entry_order_flags_q <= order_flags_i;
      group_mm_q <= group_mm_i;
      group_im_q <= group_im_i;
      join_over_q <= group_join_overflow_i;
      end_over_q <= group_end_overflow_i;
    end
  end

  // What the entry adds to: the view at the outputs, or, at its turn, the other.
  localparam int unsigned STATE_W = 6 * 64 + GREEKS * 64 + 16 + 8 + 2 + 2 * F;
  logic [STATE_W-1:0] other_q;
  logic [63:0] equity, mm, im, pending_mm, pending_im, worst;
  logic [GREEKS*64-1:0] greeks;
  logic pending, pending_over;
  logic [15:0] worst_underlying;
  logic [7:0] worst_scenario;
  logic [F-1:0] flags, order_flags, flags_q, order_flags_q;
  wire [STATE_W-1:0] state = {
    equity_o, mm_o, im_o, pending_mm_o, pending_im_o, worst_o, greeks_o, worst_underlying_o, worst_scenario_o, pending_o,
    pending_overflow_o, flags_o, order_flags_o
  };
  assign {
    equity, mm, im, pending_mm, pending_im, worst, greeks, worst_underlying, worst_scenario, pending, pending_over, flags, order_flags
  } = phase_q[0] && turn_q ? other_q : state;
  always_ff @(posedge clk_i) if (phase_q[0] && two_views_q) other_q <= state;

  // Requirements: a group that ended before, the loss, the rest.
  logic [63:0] mm_add, im_add;
  logic clear, mm_over, im_over;
  always_comb begin
    mm_add = '0;
    im_add = '0;
    if (phase_q[0] && ends_before_q) begin
      mm_add = pending_mm;
      im_add = pending_im;
    end
    if (phase_q[1] && closes_q && !joins_q) begin
      mm_add = loss_mm_q;
      im_add = loss_im_q;
    end
    if (phase_q[2] && closes_q) begin
      mm_add = mm_other_q;
      im_add = im_other_q;
    end
  end
  assign clear = phase_q[0] && first_q;
  money_add #(
      .COUNT(2)
  ) u_requirements (
      .clk_i,
      .en_i(|phase_q[2:0]),
      .a_i(clear ? '0 : {mm, im}),
      .b_i({mm_add, im_add}),
      .sum_o({mm_o, im_o}),
      .overflow_o({mm_over, im_over})
  );

  // Equity and Greeks.
  logic equity_over;
  logic [GREEKS-1:0] greek_over;
  money_add #(
      .COUNT(GREEKS + 1)
  ) u_values (
      .clk_i,
      .en_i(phase_q[0]),
      .a_i(first_q ? '0 : {equity, greeks}),
      .b_i(closes_q ? {value_q, greeks_q} : '0),
      .sum_o({equity_o, greeks_o}),
      .overflow_o({equity_over, greek_over})
  );

  // The worst underlying and the group that is open.
  logic worse;
  assign worse = closes_q && (first_q ? worst_q[63] : $signed(worst_q) < $signed(worst));
  always_ff @(posedge clk_i) begin
    if (phase_q[0]) begin
      if (worse) begin
        worst_o <= worst_q;
        worst_underlying_o <= 16'(underlying_q);
        worst_scenario_o <= index_q;
      end else if (first_q) begin
        worst_o <= '0;
        worst_underlying_o <= '1;
        worst_scenario_o <= NONE;
      end else begin
        worst_o <= worst;
        worst_underlying_o <= worst_underlying;
        worst_scenario_o <= worst_scenario;
      end
      pending_o <= pending;
      pending_mm_o <= pending_mm;
      pending_im_o <= pending_im;
      pending_overflow_o <= pending_over;
    end
    if (phase_q[1] && (closes_q || first_q)) begin
      pending_o <= closes_q && joins_q;
      pending_mm_o <= group_mm_q;
      pending_im_o <= group_im_q;
      pending_overflow_o <= end_over_q;
    end
  end

  // An overflow is known one cycle after its addition.
  always_comb begin
    flags_o = flags_q;
    if (|phase_q[3:1] && (mm_over || im_over)) flags_o = flags_o | OVERFLOW;
    if (phase_q[1] && equity_over) flags_o = flags_o | OVERFLOW;
    if (phase_q[1] && |greek_over) flags_o = flags_o | GREEK;
  end
  assign order_flags_o = order_flags_q;
  always_ff @(posedge clk_i) begin
    if (|phase_q) flags_q <= flags_o;
    if (phase_q[0]) begin
      flags_q <= (first_q ? '0 : flags) | (closes_q ? entry_flags_q : '0) |
          ((closes_q && (joins_q ? join_over_q : loss_over_q)) || (ends_before_q && pending_over) ? OVERFLOW : '0);
      order_flags_q <= (first_q ? '0 : order_flags) | (closes_q ? entry_order_flags_q : '0);
    end
  end
endmodule
`default_nettype wire

// The account in flight, from the row on: last checks of a slot, the borders between expiries, the flags:
// account_start, start_expiry, note_flags and the flags of add_position and add_orders of
// host/model/sweep.c.
//
// Slots come with their row, at most one per cycle, and never stall. Outputs are registers, 1 cycle later.
// A group (an expiry of the account) ends before the position that starts the next one, both in one
// cycle, or in the cycle after the account's last slot; entry_valid_o comes then, with the group's fields.
// For an account without a group it comes once, with entry group = 0.
// Errors: the first broken slot, or the first row with an uncorrectable word, decides the account's
// status; everything after it is ignored. A slot with both is uncorrectable: its row says nothing.
// unused_o: reservations (lane_decode.reserve_o) whose entry does not come.
`default_nettype none
module lane_account (
    input  wire        clk_i,
    input  wire        rst_ni,
    input  wire        valid_i,
    input  wire        last_i,
    input  wire        broken_i,
    input  wire        header_i,
    input  wire        live_i,  // with header_i: of the account
    input  wire        position_i,
    input  wire        requirement_i,
    input  wire        orders_i,
    input  wire [31:0] slot_index_i,
    input  wire [55:0] slot_i,
    input  wire        negative_i,
    input  wire [31:0] size_i,
    input  wire        row_uncorrectable_i,
    input  wire [pl_card_pkg::ROW_META_W-1:0] row_meta_i,

    output logic ends_account_o,  // before this cycle's slot: not registered
    output logic position_o,
    output logic opens_o,      // with position_o: it starts a group
    output logic ends_o,       // before position_o: a group ends
    output logic orders_o,
    output logic portfolio_o,  // of position_o, orders_o or ends_o
    output logic entry_valid_o,
    output logic [pl_card_pkg::GROUP_W-1:0] entry_o,  // without underlying, brackets and cash
    output logic [pl_card_pkg::EXPIRY_W-1:0] expiry_o,  // of the open group
    output logic [1:0] unused_o
);
  localparam logic [6:0] UNPRICED = 7'(1 << pl_abi_pkg::PL_FLAG_UNPRICED_BIT | 1 << pl_abi_pkg::PL_FLAG_STALE_BIT);

  // verilator lint_off UNUSEDSIGNAL
  pl_card_pkg::row_meta_t meta;
  // verilator lint_on UNUSEDSIGNAL
  assign meta = row_meta_i;

  // The account.
  logic [31:0] account_q, failed_slot_q;
  logic [15:0] multiplier_q;
  logic [7:0] status_q;
  logic [1:0] mode_q;
  logic live_q;
  logic grouped_q;  // a group has been opened
  // The open group.
  logic open_q, held_q, unpriced_asset_q;
  logic [6:0] flags_q, order_flags_q, last_flags_q;  // last: of the position before
  logic [7:0] row_shift_q;
  logic [13:0] expiry_q;
  logic end_q;  // the account's last slot was in the cycle before

  logic alive, wrong_kind, fails, takes_position, takes_orders, opens, ends, counts, ignorable;
  logic [6:0] new_flags;
  logic [7:0] status;
  assign alive = status_q == pl_abi_pkg::PL_STATUS_OK;
  assign wrong_kind = requirement_i != (meta.kind == 3'(pl_abi_pkg::PL_ROW_KIND_REQUIREMENT));
  assign fails = alive && (broken_i || (position_i && (row_uncorrectable_i || wrong_kind)));
  assign status = position_i && row_uncorrectable_i ? pl_abi_pkg::PL_STATUS_UNCORRECTABLE
                                                    : pl_abi_pkg::PL_STATUS_MALFORMED_SLOT;
  assign takes_position = position_i && alive && !fails;
  assign takes_orders = orders_i && alive;
  assign opens = takes_position && (!open_q || expiry_q != meta.expiry);
  assign ends = open_q && (opens || end_q);
  assign counts = size_i != '0;
  assign ignorable = meta.is_asset && !negative_i;
  assign new_flags = counts ? meta.flags & ~(ignorable ? UNPRICED : 7'd0) : 7'd0;
  assign ends_account_o = end_q;
  assign expiry_o = expiry_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      end_q <= 1'b0;
      open_q <= 1'b0;
      status_q <= pl_abi_pkg::PL_STATUS_OK;
    end else begin
      end_q <= valid_i && last_i;
      open_q <= takes_position || (open_q && !end_q);
      if (header_i) status_q <= pl_abi_pkg::PL_STATUS_OK;
      else if (fails) status_q <= status;
    end
  end
  always_ff @(posedge clk_i) begin
    if (header_i) begin
      account_q <= slot_i[pl_abi_pkg::PL_SLOT_HEADER_ACCOUNT_MSB:pl_abi_pkg::PL_SLOT_HEADER_ACCOUNT_LSB];
      multiplier_q <= slot_i[pl_abi_pkg::PL_SLOT_HEADER_MULTIPLIER_MSB:pl_abi_pkg::PL_SLOT_HEADER_MULTIPLIER_LSB];
      mode_q <= slot_i[pl_abi_pkg::PL_SLOT_HEADER_MODE_LSB+:2];
      live_q <= live_i;
      grouped_q <= 1'b0;
    end
    if (fails) failed_slot_q <= slot_index_i;
    if (takes_position) begin
      grouped_q <= 1'b1;
      expiry_q <= meta.expiry;
      row_shift_q <= meta.row_shift;
      last_flags_q <= meta.flags;
      held_q <= counts || (held_q && !opens);
      unpriced_asset_q <= (counts && ignorable && (meta.flags & UNPRICED) != '0) || (unpriced_asset_q && !opens);
      flags_q <= new_flags | (opens ? 7'd0 : flags_q);
      if (opens) order_flags_q <= '0;
    end
    if (takes_orders) begin
      held_q <= held_q || slot_i != '0;
      order_flags_q <= order_flags_q | last_flags_q;
    end
  end

  // What leaves.
  pl_card_pkg::group_t entry;
  always_comb begin
    entry = '0;
    entry.group = open_q;
    entry.account_last = end_q;
    entry.mode = mode_q;
    entry.live = live_q;
    entry.held = held_q;
    entry.unpriced_asset = unpriced_asset_q;
    entry.flags = flags_q;
    entry.order_flags = order_flags_q;
    entry.expiry = expiry_q;
    entry.row_shift = row_shift_q;
    entry.account = account_q;
    entry.multiplier = multiplier_q;
    entry.status = status_q;
    entry.slot = failed_slot_q;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      position_o <= 1'b0;
      opens_o <= 1'b0;
      ends_o <= 1'b0;
      orders_o <= 1'b0;
      entry_valid_o <= 1'b0;
      unused_o <= '0;
    end else begin
      position_o <= takes_position;
      opens_o <= opens;
      ends_o <= ends;
      orders_o <= takes_orders;
      entry_valid_o <= ends || end_q;
      unused_o <= {position_i && !opens, end_q && grouped_q};
    end
  end
  always_ff @(posedge clk_i) begin
    if (position_i || orders_i || ends) portfolio_o <= mode_q == 2'(pl_abi_pkg::PL_MODE_PORTFOLIO);
    if (ends || end_q) entry_o <= entry;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_header_first: assert (!end_q || !(position_i || orders_i || broken_i));
    end
  end
endmodule
`default_nettype wire

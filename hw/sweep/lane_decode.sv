// Checks of a slot that need no row, the row's read, and the way to the cycle in which the row comes:
// the front of take_slot and take_position of host/model/sweep.c, and the sizes of add_orders.
//
// A slot enters the issue register only while room_i and jobs_room_i are high; from there it leaves in
// the next cycle with step_i, or, if it needs a row, when row_ready_i accepts the read, which is asked for in such cycles only. What
// follows never stalls:
// the outputs *_o come exactly 3 cycles after it left, together with the row.
// slot_live_i, of all slots of an account, goes with the row's read and comes out as live_o.
// Throughput 1 slot per step. reserve_o: a slot was taken that may start an entry (a header, a position).
// Errors: the first slot of an account that breaks the contract comes as broken_o; those after it, up to
// the account's end, as nothing but last_o. Its header starts an account, wherever it comes.
`default_nettype none
module lane_decode (
    input  wire                            clk_i,
    input  wire                            rst_ni,
    input  wire                            step_i,
    input  wire  [                    24:0] instruments_i,
    input  wire                            slot_valid_i,
    output logic                           slot_ready_o,
    input  wire  [pl_card_pkg::SLOT_W-1:0] slot_i,
    input  wire  [                   31:0] slot_index_i,
    input  wire                            slot_last_i,
    input  wire                            slot_live_i,
    input  wire                            room_i,
    input  wire                            jobs_room_i,
    output logic                           reserve_o,
    output logic                           row_valid_o,
    input  wire                            row_ready_i,
    output logic [                   23:0] row_instrument_o,
    output logic                           row_live_o,

    output logic        soon_o,  // a slot comes in the next cycle
    output logic        valid_o,
    output logic        last_o,
    output logic        live_o,
    output logic        broken_o,
    output logic        header_o,
    output logic        cash_o,
    output logic        cash_high_o,
    output logic        position_o,   // POSITION or REQUIREMENT
    output logic        requirement_o,
    output logic        orders_o,
    output logic [31:0] slot_index_o,
    output logic [pl_card_pkg::SLOT_W-9:0] slot_o,  // without its tag
    output logic        negative_o,   // lots, of the position before for orders
    output logic [31:0] size_o,
    output logic        bought_negative_o,  // lots + buy
    output logic [31:0] bought_size_o,
    output logic        sold_negative_o,  // lots - sell
    output logic [31:0] sold_size_o,
    output logic [31:0] more_o  // max(|lots|, |lots + buy|, |lots - sell|) - |lots|
);
  localparam int unsigned COUNT_W = $clog2(32'(pl_abi_pkg::PL_ACCOUNT_SLOTS_MAX) + 1);
  localparam int unsigned BODY_W = pl_card_pkg::SLOT_W - 8;
  localparam int unsigned INFO_W = 8 + 1 + 32 + BODY_W;  // kind, live, index, slot

  // What the slot is.
  logic [7:0] tag;
  logic [23:0] instrument;
  logic header, cash, cash_high, position, requirement, orders, pad, counted;
  logic signed [32:0] lots, base, bought, sold;
  assign tag = slot_i[pl_card_pkg::SLOT_W-1-:8];
  assign header = tag == pl_abi_pkg::PL_TAG_HEADER;
  assign cash = tag == pl_abi_pkg::PL_TAG_CASH;
  assign cash_high = tag == pl_abi_pkg::PL_TAG_CASH_HIGH;
  assign requirement = tag == pl_abi_pkg::PL_TAG_REQUIREMENT;
  assign position = tag == pl_abi_pkg::PL_TAG_POSITION || requirement;
  assign orders = tag == pl_abi_pkg::PL_TAG_ORDERS;
  assign pad = tag == pl_abi_pkg::PL_TAG_PAD;
  assign counted = !pad;
  assign instrument =
      slot_i[pl_abi_pkg::PL_SLOT_POSITION_INSTRUMENT_MSB:pl_abi_pkg::PL_SLOT_POSITION_INSTRUMENT_LSB];
  assign lots = 33'(signed'(
      slot_i[pl_abi_pkg::PL_SLOT_POSITION_LOTS_MSB:pl_abi_pkg::PL_SLOT_POSITION_LOTS_LSB]));

  // The account before the row.
  logic ignore_q, after_position_q, instrument_met_q;
  logic [COUNT_W-1:0] count_q;  // slots of the account so far
  logic [23:0] instrument_q;
  logic signed [32:0] lots_q;
  logic breaks, kept, load, leave;

  always_comb begin
    breaks = 1'b0;
    if (!header && !pad) begin
      breaks = count_q == COUNT_W'(pl_abi_pkg::PL_ACCOUNT_SLOTS_MAX) || !(cash || cash_high || position || orders);
      if (position)
        breaks = breaks || {1'b0, instrument} >= instruments_i ||
            (instrument_met_q && instrument <= instrument_q) || (requirement && lots[32]);
      if (orders) breaks = breaks || !after_position_q;
    end
  end
  assign kept = counted && (header || !ignore_q);
  assign load = slot_valid_i && slot_ready_o;
  assign reserve_o = load && kept && !breaks && (header || position);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) ignore_q <= 1'b1;
    else if (load && kept) ignore_q <= breaks;
  end
  always_ff @(posedge clk_i) begin
    if (load && kept) begin
      count_q <= header ? COUNT_W'(1) : count_q + 1'b1;
      after_position_q <= position && !requirement;
      instrument_met_q <= !header && (position || instrument_met_q);
      if (position) begin
        instrument_q <= instrument;
        lots_q <= lots;
      end
    end
  end

  // Issue register, then three stages.
  logic valid_q, row_q;
  logic [2:0] stage_q;
  logic [INFO_W-1:0] info_q, info_1_q, info_2_q, info_3_q;
  logic signed [32:0] base_q, bought_q, sold_q;
  logic negative_1_q, bought_negative_1_q, sold_negative_1_q;
  logic [31:0] size_1_q, bought_1_q, sold_1_q;
  logic negative_2_q, bought_negative_2_q, sold_negative_2_q;
  logic [31:0] size_2_q, bought_2_q, sold_2_q;
  logic signed [32:0] more_bought_q, more_sold_q;  // |lots + buy| - |lots| and |lots - sell| - |lots|

  assign row_valid_o = valid_q && row_q && step_i;
  assign leave = valid_q && step_i && (!row_q || row_ready_i);
  assign slot_ready_o = (!valid_q || leave) && room_i && jobs_room_i;
  assign base = position ? lots : lots_q;
  assign bought = base + 33'(slot_i[pl_abi_pkg::PL_SLOT_ORDERS_BUY_MSB:pl_abi_pkg::PL_SLOT_ORDERS_BUY_LSB]);
  assign sold = base - 33'(slot_i[pl_abi_pkg::PL_SLOT_ORDERS_SELL_MSB:pl_abi_pkg::PL_SLOT_ORDERS_SELL_LSB]);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      stage_q <= '0;
    end else begin
      valid_q <= load || (valid_q && !leave);
      stage_q <= {stage_q[1:0], leave};
    end
  end
  always_ff @(posedge clk_i) begin
    if (load) begin
      row_q <= kept && !breaks && position;
      row_instrument_o <= instrument;
      row_live_o <= slot_live_i;
      info_q <= {slot_last_i, kept && breaks,
                 {header, cash, cash_high, position, requirement, orders} & {6{kept && !breaks}},
                 slot_live_i, slot_index_i, slot_i[BODY_W-1:0]};
      base_q <= base;
      bought_q <= bought;
      sold_q <= sold;
    end
    if (leave) begin
      info_1_q <= info_q;
      negative_1_q <= base_q[32];
      bought_negative_1_q <= bought_q[32];
      sold_negative_1_q <= sold_q[32];
      size_1_q <= base_q[32] ? 32'(-base_q) : base_q[31:0];
      bought_1_q <= bought_q[32] ? 32'(-bought_q) : bought_q[31:0];
      sold_1_q <= sold_q[32] ? 32'(-sold_q) : sold_q[31:0];
    end
    if (stage_q[0]) begin
      info_2_q <= info_1_q;
      {negative_2_q, size_2_q} <= {negative_1_q, size_1_q};
      {bought_negative_2_q, bought_2_q} <= {bought_negative_1_q, bought_1_q};
      {sold_negative_2_q, sold_2_q} <= {sold_negative_1_q, sold_1_q};
      more_bought_q <= signed'({1'b0, bought_1_q}) - signed'({1'b0, size_1_q});
      more_sold_q <= signed'({1'b0, sold_1_q}) - signed'({1'b0, size_1_q});
    end
    if (stage_q[1]) begin
      info_3_q <= info_2_q;
      {negative_o, size_o} <= {negative_2_q, size_2_q};
      {bought_negative_o, bought_size_o} <= {bought_negative_2_q, bought_2_q};
      {sold_negative_o, sold_size_o} <= {sold_negative_2_q, sold_2_q};
      if (more_bought_q[32] && more_sold_q[32]) more_o <= '0;
      else more_o <= more_bought_q > more_sold_q ? more_bought_q[31:0] : more_sold_q[31:0];
    end
  end

  logic [7:0] kind;
  assign soon_o = stage_q[1];
  assign valid_o = stage_q[2];
  assign kind = info_3_q[INFO_W-1-:8] & {8{stage_q[2]}};
  assign {last_o, broken_o, header_o, cash_o, cash_high_o, position_o, requirement_o, orders_o} = kind;
  assign live_o = info_3_q[BODY_W+32];
  assign slot_index_o = info_3_q[BODY_W+:32];
  assign slot_o = info_3_q[BODY_W-1:0];

  logic row_held_q;
  always_ff @(posedge clk_i) begin
    row_held_q <= row_valid_o && !row_ready_i;
    if (rst_ni && $past(rst_ni)) begin
      if (row_held_q) begin
        a_row_read_held: assert ((row_valid_o || !step_i) && row_instrument_o == $past(row_instrument_o) && row_live_o == $past(row_live_o));
      end
    end
  end
endmodule
`default_nettype wire

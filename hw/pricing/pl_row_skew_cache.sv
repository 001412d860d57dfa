// The skew multipliers of each option as they last came from its live words: they change with its forward and its expiry's
// slopes and caps only, so a row of which the vol alone has ticked need not wait for ln(K/F).
//
// instrument_i is held as for pl_row_tables, expiry_i comes of it one cycle later; hit_o and the multipliers are there 3 cycles
// after instrument_i. An entry is good while no TICK_PRICE or TICK_SHIFT of the expiry has come since: each gives the expiry a
// new stamp. INSTRUMENT records empty the entry. Frozen rows neither read nor write. A row that misses empties its entry (with
// row_valid_i) and fills it with skew_valid_i, which does not come in that cycle. No stall, no errors, no ECC as in the other
// tables: every row computes its multipliers anew, used or not.
// Reference: pl_row_vol_multiplier() in host/model/row.c.
`default_nettype none

module pl_row_skew_cache #(
    parameter int unsigned INSTRUMENTS = 4096,
    parameter int unsigned EXPIRIES    = 512
) (
    input  wire         clk_i,
    input  wire         rst_ni,
    // verilator lint_off UNUSEDSIGNAL
    input  wire         table_valid_i,
    input  wire [511:0] table_record_i,
    input  wire [ 23:0] instrument_i,
    input  wire [ 13:0] expiry_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire         frozen_i,
    output logic        hit_o,
    output logic [57:0] linear_o,
    output logic [51:0] abs_o,
    input  wire         row_valid_i,
    input  wire  [ 3:0] row_slot_i,
    input  wire         skew_valid_i,
    input  wire  [ 3:0] skew_slot_i,
    input  wire  [57:0] skew_linear_i,
    input  wire  [51:0] skew_abs_i
);
  localparam int SLOTS = pl_pricing_pkg::SLOTS;
  localparam int STAMP_W = 33;  // fills 144 bits; a tick is far from 2^33 records
  localparam int unsigned INSTRUMENT_W = INSTRUMENTS < 2 ? 1 : $clog2(INSTRUMENTS);
  localparam int unsigned EXPIRY_W = EXPIRIES < 2 ? 1 : $clog2(EXPIRIES);

  if (INSTRUMENTS < 2) begin : g_instruments $error("pl_row_skew_cache: INSTRUMENTS"); end
  if (EXPIRIES < 2) begin : g_expiries $error("pl_row_skew_cache: EXPIRIES"); end

  // Stamps, from the table bus.
  logic stamp_write_q, empty_q;
  logic [EXPIRY_W-1:0] stamp_index_q;
  logic [INSTRUMENT_W-1:0] empty_index_q;
  logic [STAMP_W-1:0] next_q, stamp_q;
  logic [STAMP_W-1:0] stamps[EXPIRIES];
  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_tick_price_t tick;  // TICK_SHIFT has kind and index at the same place
  pl_abi_pkg::pl_instrument_t instrument;
  // verilator lint_on UNUSEDSIGNAL
  assign tick = table_record_i;
  assign instrument = table_record_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      stamp_write_q <= 1'b0;
      empty_q <= 1'b0;
      next_q <= '0;
    end else begin
      stamp_write_q <= table_valid_i && (tick.kind == pl_abi_pkg::PL_RECORD_TICK_PRICE ||
                                         tick.kind == pl_abi_pkg::PL_RECORD_TICK_SHIFT);
      empty_q <= table_valid_i && instrument.kind == pl_abi_pkg::PL_RECORD_INSTRUMENT;
      next_q <= next_q + STAMP_W'(stamp_write_q);
    end
  end
  always_ff @(posedge clk_i) begin
    stamp_index_q <= EXPIRY_W'(tick.index);
    empty_index_q <= INSTRUMENT_W'(instrument.index);
    stamp_q <= stamps[EXPIRY_W'(expiry_i)];
  end
  always_ff @(posedge clk_i) if (stamp_write_q) stamps[stamp_index_q] <= next_q;

  // Entries: filled, stamp, multipliers.
  localparam int ENTRY_W = 1 + STAMP_W + 58 + 52;
  (* ram_style = INSTRUMENTS >= 4096 ? "ultra" : "auto" *) logic [ENTRY_W-1:0] entries[INSTRUMENTS];
  logic [ENTRY_W-1:0] read_q, entry_q;
  logic [INSTRUMENT_W+STAMP_W:0] rows[SLOTS];  // live, stamp, instrument
  logic live;
  logic [STAMP_W-1:0] row_stamp;
  logic [INSTRUMENT_W-1:0] row_instrument;
  assign {live, row_stamp, row_instrument} = rows[skew_slot_i];
  logic hit_q;
  wire miss = row_valid_i && !hit_q && !frozen_i;
  wire fill = skew_valid_i && live;
  wire write = empty_q || miss || fill;
  wire [INSTRUMENT_W-1:0] write_index = empty_q ? empty_index_q : miss ? INSTRUMENT_W'(instrument_i) : row_instrument;
  wire [ENTRY_W-1:0] write_entry = empty_q || miss ? '0 : {1'b1, row_stamp, skew_linear_i, skew_abs_i};
  always_ff @(posedge clk_i) if (row_valid_i) rows[row_slot_i] <= {!frozen_i, stamp_q, INSTRUMENT_W'(instrument_i)};
  always_ff @(posedge clk_i) begin
    read_q <= entries[INSTRUMENT_W'(instrument_i)];
    entry_q <= read_q;
    hit_q <= entry_q[ENTRY_W-1] && entry_q[ENTRY_W-2-:STAMP_W] == stamp_q && !frozen_i;
  end
  always_ff @(posedge clk_i) if (write) entries[write_index] <= write_entry;
  assign hit_o = hit_q;
  assign {linear_o, abs_o} = entry_q[57+52:0];
  always_ff @(posedge clk_i) begin
    if (rst_ni) a_apart: assert (!(row_valid_i && skew_valid_i));
  end
endmodule
`default_nettype wire

// What the row engine keeps of the load and tick records, and everything that one row is computed from.
//
// Writes: the table bus of docs/card.md, one record per cycle, in the memory 2 cycles later. Scenarios are kept by
// pl_row_scenarios. A clear walk empties the tick words, live and frozen: an entry of 0 is one that never came.
// Reads: instrument_i and frozen_i are held; every output is that instrument's from the READ_CYCLES'th cycle on.
// No writes, clears or freezes while a read is under way. No errors: the loader has checked every record.
// Reference: struct pl_tables in host/model/tables.h.
`default_nettype none

module pl_row_tables #(
    parameter int unsigned INSTRUMENTS = 4096,
    parameter int unsigned EXPIRIES    = 512,
    parameter int unsigned UNDERLYINGS = 128,
    parameter int unsigned CLASSES     = 256
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          table_valid_i,
    input  wire  [511:0] table_record_i,
    input  wire          clear_valid_i,
    input  wire  [ 23:0] clear_index_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire          freeze_expiry_valid_i,
    input  wire  [ 13:0] freeze_expiry_index_i,
    input  wire          freeze_vol_valid_i,
    input  wire  [ 23:0] freeze_vol_index_i,
    input  wire  [ 23:0] instrument_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire          frozen_i,
    output pl_pricing_pkg::pl_row_instrument_t instrument_o,
    output pl_pricing_pkg::pl_row_vol_t        vol_o,
    output pl_pricing_pkg::pl_row_expiry_t     expiry_o,
    output pl_pricing_pkg::pl_row_price_t      price_o,
    output pl_pricing_pkg::pl_row_time_t       time_o,
    output pl_pricing_pkg::pl_row_shift_t      shift_o,
    output pl_pricing_pkg::pl_row_class_t      class_o,
    output pl_pricing_pkg::pl_row_underlying_t underlying_o
);
  localparam int unsigned INSTRUMENT_W = $clog2(INSTRUMENTS);
  localparam int unsigned EXPIRY_W = $clog2(EXPIRIES);
  localparam int unsigned UNDERLYING_W = $clog2(UNDERLYINGS);
  localparam int unsigned CLASS_W = $clog2(CLASSES);

  if (INSTRUMENTS < 2) begin : g_instruments $error("pl_row_tables: INSTRUMENTS"); end
  if (EXPIRIES < 2) begin : g_expiries $error("pl_row_tables: EXPIRIES"); end
  if (UNDERLYINGS < 2) begin : g_underlyings $error("pl_row_tables: UNDERLYINGS"); end
  if (CLASSES < 2) begin : g_classes $error("pl_row_tables: CLASSES"); end

  // The bus, registered.
  logic table_q, clear_expiry_q, clear_instrument_q, freeze_expiry_q, freeze_vol_q;
  logic [511:0] record_q;
  logic [EXPIRY_W-1:0] clear_expiry_index_q, freeze_expiry_index_q;
  logic [INSTRUMENT_W-1:0] clear_instrument_index_q, freeze_vol_index_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      table_q <= 1'b0;
      clear_expiry_q <= 1'b0;
      clear_instrument_q <= 1'b0;
      freeze_expiry_q <= 1'b0;
      freeze_vol_q <= 1'b0;
    end else begin
      table_q <= table_valid_i;
      clear_expiry_q <= clear_valid_i && 32'(clear_index_i) < EXPIRIES;
      clear_instrument_q <= clear_valid_i && 32'(clear_index_i) < INSTRUMENTS;
      freeze_expiry_q <= freeze_expiry_valid_i;
      freeze_vol_q <= freeze_vol_valid_i;
    end
  end
  always_ff @(posedge clk_i) begin
    record_q <= table_record_i;
    clear_expiry_index_q <= EXPIRY_W'(clear_index_i);
    clear_instrument_index_q <= INSTRUMENT_W'(clear_index_i);
    freeze_expiry_index_q <= EXPIRY_W'(freeze_expiry_index_i);
    freeze_vol_index_q <= INSTRUMENT_W'(freeze_vol_index_i);
  end

  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_instrument_t r_instrument;
  pl_abi_pkg::pl_expiry_t r_expiry;
  pl_abi_pkg::pl_underlying_t r_underlying;
  pl_abi_pkg::pl_class_t r_class;
  pl_abi_pkg::pl_tick_price_t r_price;
  pl_abi_pkg::pl_tick_time_t r_time;
  pl_abi_pkg::pl_tick_shift_t r_shift;
  pl_abi_pkg::pl_tick_vol_t r_vol;
  // verilator lint_on UNUSEDSIGNAL
  assign r_instrument = record_q;
  assign r_expiry = record_q;
  assign r_underlying = record_q;
  assign r_class = record_q;
  assign r_price = record_q;
  assign r_time = record_q;
  assign r_shift = record_q;
  assign r_vol = record_q;
  wire [7:0] record = record_q[7:0];

  // Tables that a load fills entirely.
  localparam int INSTRUMENT_D = pl_pricing_pkg::ROW_INSTRUMENT_BITS;
  localparam int EXPIRY_D = pl_pricing_pkg::ROW_EXPIRY_BITS;
  localparam int UNDERLYING_D = pl_pricing_pkg::ROW_UNDERLYING_BITS;
  localparam int CLASS_D = pl_pricing_pkg::ROW_CLASS_BITS;
  logic [INSTRUMENT_D-1:0] instruments[INSTRUMENTS];
  logic [EXPIRY_D-1:0] expiries[EXPIRIES];
  logic [UNDERLYING_D-1:0] underlyings[UNDERLYINGS];
  logic [CLASS_D-1:0] classes[CLASSES];
  always_ff @(posedge clk_i) begin
    if (table_q && record == pl_abi_pkg::PL_RECORD_INSTRUMENT)
      instruments[INSTRUMENT_W'(r_instrument.index)] <= {
        r_instrument.unit, r_instrument.strike[50:0], r_instrument.margin_class[11:0], r_instrument.expiry[13:0],
        r_instrument.is_asset[0], r_instrument.is_call[0], r_instrument.row[2:0]
      };
  end
  always_ff @(posedge clk_i) begin
    if (table_q && record == pl_abi_pkg::PL_RECORD_EXPIRY)
      expiries[EXPIRY_W'(r_expiry.index)] <= {r_expiry.row_shift, r_expiry.scenario[0], r_expiry.underlying[9:0]};
  end
  always_ff @(posedge clk_i) begin
    if (table_q && record == pl_abi_pkg::PL_RECORD_UNDERLYING)
      underlyings[UNDERLYING_W'(r_underlying.index)] <= {
        r_underlying.naked_im[46:0], r_underlying.vol_floor[56:0], r_underlying.basis_down[46:0],
        r_underlying.basis_up[46:0], r_underlying.scenario_table[3:0], r_underlying.scenario_count[5:0]
      };
  end
  always_ff @(posedge clk_i) begin
    if (table_q && record == pl_abi_pkg::PL_RECORD_CLASS)
      classes[CLASS_W'(r_class.index)] <= {
        r_class.fee[46:0], r_class.im_short[46:0], r_class.im_long[46:0], r_class.mm_short[46:0], r_class.mm_long[46:0]
      };
  end

  // The chain of reads: instrument, then its expiry and class, then the underlying.
  logic [INSTRUMENT_D-1:0] instrument_q;
  logic [EXPIRY_D-1:0] expiry_q;
  logic [UNDERLYING_D-1:0] underlying_q;
  logic [CLASS_D-1:0] class_q;
  wire [EXPIRY_W-1:0] expiry_index = EXPIRY_W'(instrument_o.expiry);
  always_ff @(posedge clk_i) begin
    instrument_q <= instruments[INSTRUMENT_W'(instrument_i)];
    expiry_q <= expiries[expiry_index];
    class_q <= classes[CLASS_W'(instrument_o.margin_class)];
    underlying_q <= underlyings[UNDERLYING_W'(expiry_o.underlying)];
  end
  assign instrument_o = instrument_q;
  assign expiry_o = expiry_q;
  assign class_o = class_q;
  assign underlying_o = underlying_q;

  // Tick words.
  localparam int PRICE_D = pl_pricing_pkg::ROW_PRICE_BITS;
  localparam int TIME_D = pl_pricing_pkg::ROW_TIME_BITS;
  localparam int SHIFT_D = pl_pricing_pkg::ROW_SHIFT_BITS;
  localparam int VOL_D = pl_pricing_pkg::ROW_VOL_BITS;
  wire [PRICE_D-1:0] price_w = {
    r_price.rate, r_price.discount, r_price.index_price[50:0], r_price.forward[50:0], r_price.flags[1:0]
  };
  wire [TIME_D-1:0] time_w = {
    r_time.short_discount[46:0], r_time.long_discount[46:0], r_time.basis_weight[46:0], r_time.moving[40:0],
    r_time.years, r_time.half_inv_sqrt_t, r_time.sqrt_t, 1'b1
  };
  wire [SHIFT_D-1:0] shift_w = {
    r_shift.abs_slope[53:0], r_shift.abs_cap[47:0], r_shift.linear_slope[53:0], r_shift.linear_cap[47:0],
    r_shift.vol_down[40:0], r_shift.vol_up[51:0], 1'b1
  };
  wire [VOL_D-1:0] vol_w = {r_vol.vol[47:0], r_vol.flags[1:0], 1'b1};
  wire [EXPIRY_W-1:0] tick_index = clear_expiry_q ? clear_expiry_index_q : EXPIRY_W'(r_price.index);
  wire [INSTRUMENT_W-1:0] vol_index =
      clear_instrument_q ? clear_instrument_index_q : INSTRUMENT_W'(r_vol.index);
  wire write_price = clear_expiry_q || (table_q && record == pl_abi_pkg::PL_RECORD_TICK_PRICE);
  wire write_time = clear_expiry_q || (table_q && record == pl_abi_pkg::PL_RECORD_TICK_TIME);
  wire write_shift = clear_expiry_q || (table_q && record == pl_abi_pkg::PL_RECORD_TICK_SHIFT);
  wire write_vol = clear_instrument_q || (table_q && record == pl_abi_pkg::PL_RECORD_TICK_VOL);

  wire [PRICE_D-1:0] price_r;
  wire [TIME_D-1:0] time_r;
  wire [SHIFT_D-1:0] shift_r;
  wire [VOL_D-1:0] vol_r;
  assign price_o = price_r;
  assign time_o = time_r;
  assign shift_o = shift_r;
  assign vol_o = vol_r;
  pl_row_frozen_table #(.WIDTH(PRICE_D), .DEPTH(EXPIRIES)) u_price (
      .clk_i, .rst_ni, .write_valid_i(write_price), .zero_i(clear_expiry_q), .write_index_i(tick_index),
      .write_data_i(price_w), .freeze_valid_i(freeze_expiry_q), .freeze_index_i(freeze_expiry_index_q),
      .read_index_i(expiry_index), .read_frozen_i(frozen_i), .data_o(price_r)
  );
  pl_row_frozen_table #(.WIDTH(TIME_D), .DEPTH(EXPIRIES)) u_time (
      .clk_i, .rst_ni, .write_valid_i(write_time), .zero_i(clear_expiry_q), .write_index_i(tick_index),
      .write_data_i(time_w), .freeze_valid_i(freeze_expiry_q), .freeze_index_i(freeze_expiry_index_q),
      .read_index_i(expiry_index), .read_frozen_i(frozen_i), .data_o(time_r)
  );
  pl_row_frozen_table #(.WIDTH(SHIFT_D), .DEPTH(EXPIRIES)) u_shift (
      .clk_i, .rst_ni, .write_valid_i(write_shift), .zero_i(clear_expiry_q), .write_index_i(tick_index),
      .write_data_i(shift_w), .freeze_valid_i(freeze_expiry_q), .freeze_index_i(freeze_expiry_index_q),
      .read_index_i(expiry_index), .read_frozen_i(frozen_i), .data_o(shift_r)
  );
  pl_row_frozen_table #(.WIDTH(VOL_D), .DEPTH(INSTRUMENTS)) u_vol (
      .clk_i, .rst_ni, .write_valid_i(write_vol), .zero_i(clear_instrument_q), .write_index_i(vol_index),
      .write_data_i(vol_w), .freeze_valid_i(freeze_vol_q), .freeze_index_i(freeze_vol_index_q),
      .read_index_i(INSTRUMENT_W'(instrument_i)), .read_frozen_i(frozen_i), .data_o(vol_r)
  );
endmodule
`default_nettype wire

// Checks one record after the other: status_o is what pl_tables_load or pl_tables_tick returns for it (and for a load's first
// record model_load's checks of MODEL).
//
// Latency 4 cycles, throughput 1 per cycle, no stall. flush_i forgets what is in flight. A record's index and its place in the
// operation (first_i, last_i, tick_i) travel with it. model_i and loaded_i must hold still while records are in flight.
// Which instruments are options is kept here, from the INSTRUMENT records of the table bus.
// A SCENARIO whose count the contract allows but this card does not: LIMIT.
`default_nettype none
module record_check #(
    parameter int unsigned PROFILE        = 32'(pl_abi_pkg::PL_PROFILE_FULL),
    parameter int unsigned SCENARIOS      = 40,
    parameter int unsigned INSTRUMENTS    = 4096,
    parameter int unsigned EXPIRIES       = 512,
    parameter int unsigned UNDERLYINGS    = 128,
    parameter int unsigned CLASSES        = 256,
    parameter int unsigned BRACKET_TABLES = 64
) (
    input  wire                                     clk_i,
    input  wire                                     rst_ni,
    input  wire                                     flush_i,
    input  wire  pl_abi_pkg::pl_model_t             model_i,
    input  wire                                     loaded_i,
    input  wire                                     table_valid_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [                           511:0] table_record_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire                                     clear_valid_i,
    input  wire  [pl_card_pkg::INSTRUMENT_W-1:0]    clear_index_i,
    input  wire                                     valid_i,
    input  wire                                     tick_i,
    input  wire                                     first_i,
    input  wire                                     last_i,
    input  wire  [                            31:0] index_i,
    input  wire  [                           511:0] record_i,
    output logic                                    valid_o,
    output logic                                    last_o,
    output logic [                            31:0] index_o,
    output logic [                           511:0] record_o,
    output logic [                             7:0] status_o
);
  localparam int unsigned STAGES = 4;
  localparam int unsigned AW = $clog2(INSTRUMENTS);
  localparam int unsigned PLACE_W = 35;  // tick, first, last, index

  logic [STAGES-1:0] valid_q;
  logic [511:0] record_1_q, record_2_q, record_3_q;
  logic [PLACE_W-1:0] place_1_q, place_2_q, place_3_q;
  logic [7:1] rate, signed_range, unit, multiplier, slope, price, vol, vol_floor, zero, one;
  logic model_ok, limit, option;
  logic [9:2] load_ok;
  logic [20:16] tick_ok;
  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_instrument_t instrument;
  pl_abi_pkg::pl_tick_vol_t tick_vol;
  // verilator lint_on UNUSEDSIGNAL
  logic [7:0] kind, status;
  logic tick, first;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) valid_q <= '0;
    else valid_q <= {valid_q[STAGES-2:0], valid_i};
  end

  always_ff @(posedge clk_i) begin
    record_1_q <= record_i;
    record_2_q <= record_1_q;
    record_3_q <= record_2_q;
    record_o <= record_3_q;
    place_1_q <= {tick_i, first_i, last_i, index_i};
    place_2_q <= place_1_q;
    place_3_q <= place_2_q;
    last_o <= place_3_q[32];
    index_o <= place_3_q[31:0];
  end

  record_ranges #(
      .PROFILE(PROFILE)
  ) u_ranges (
      .clk_i(clk_i),
      .record_i(record_1_q),
      .rate_o(rate),
      .signed_o(signed_range),
      .unit_o(unit),
      .multiplier_o(multiplier),
      .slope_o(slope),
      .price_o(price),
      .vol_o(vol),
      .floor_o(vol_floor),
      .zero_o(zero),
      .one_o(one)
  );
  check_model #(
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS),
      .CLASSES(CLASSES),
      .BRACKET_TABLES(BRACKET_TABLES)
  ) u_model (
      .clk_i(clk_i),
      .record_i(record_2_q),
      .ok_o(model_ok)
  );
  check_load #(
      .PROFILE(PROFILE),
      .SCENARIOS(SCENARIOS)
  ) u_load (
      .clk_i(clk_i),
      .record_i(record_2_q),
      .model_i(model_i),
      .rate_i(rate),
      .unit_i(unit),
      .price_i(price),
      .floor_i(vol_floor),
      .zero_i(zero),
      .one_i(one),
      .ok_o(load_ok),
      .limit_o(limit)
  );
  check_tick u_tick (
      .clk_i(clk_i),
      .record_i(record_2_q),
      .model_i(model_i),
      .rate_i(rate),
      .signed_i(signed_range),
      .unit_i(unit),
      .multiplier_i(multiplier),
      .slope_i(slope),
      .price_i(price),
      .vol_i(vol),
      .ok_o(tick_ok)
  );

  assign instrument = table_record_i;
  assign tick_vol = record_2_q;
  table_memory #(
      .WIDTH(1),
      .DEPTH(INSTRUMENTS)
  ) u_option (
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(table_valid_i && instrument.kind == pl_abi_pkg::PL_RECORD_INSTRUMENT),
      .write_address_i(instrument.index[AW-1:0]),
      .write_data_i(instrument.row == pl_abi_pkg::PL_ROW_KIND_OPTION),
      .read_valid_i(valid_q[1]),
      .read_address_i(tick_vol.index[AW-1:0]),
      .read_data_o(option)
  );

  assign kind = record_3_q[7:0];
  assign tick = place_3_q[34];
  assign first = place_3_q[33];
  always_comb begin
    status = pl_abi_pkg::PL_STATUS_MALFORMED_RECORD;
    if (tick) begin
      if (!loaded_i) status = pl_abi_pkg::PL_STATUS_NOT_LOADED;
      else begin
        case (kind)
          pl_abi_pkg::PL_RECORD_TICK_PRICE, pl_abi_pkg::PL_RECORD_TICK_TIME, pl_abi_pkg::PL_RECORD_TICK_SHIFT,
          pl_abi_pkg::PL_RECORD_TICK_UNDERLYING: if (tick_ok[kind[4:0]]) status = pl_abi_pkg::PL_STATUS_OK;
          pl_abi_pkg::PL_RECORD_TICK_VOL: if (tick_ok[kind[4:0]] && option) status = pl_abi_pkg::PL_STATUS_OK;
          default: ;
        endcase
      end
    end else if (first) begin
      if (kind == pl_abi_pkg::PL_RECORD_MODEL) status = model_ok ? pl_abi_pkg::PL_STATUS_OK : pl_abi_pkg::PL_STATUS_LIMIT;
    end else begin
      case (kind)
        pl_abi_pkg::PL_RECORD_SCENARIO:
        if (load_ok[kind[3:0]]) status = limit ? pl_abi_pkg::PL_STATUS_LIMIT : pl_abi_pkg::PL_STATUS_OK;
        pl_abi_pkg::PL_RECORD_UNDERLYING, pl_abi_pkg::PL_RECORD_EXPIRY, pl_abi_pkg::PL_RECORD_INSTRUMENT,
        pl_abi_pkg::PL_RECORD_CLASS, pl_abi_pkg::PL_RECORD_BRACKET, pl_abi_pkg::PL_RECORD_MULTIPLIER,
        pl_abi_pkg::PL_RECORD_OFFSET_GROUP: if (load_ok[kind[3:0]]) status = pl_abi_pkg::PL_STATUS_OK;
        default: ;
      endcase
    end
  end
  always_ff @(posedge clk_i) status_o <= status;
  assign valid_o = valid_q[STAGES-1];
endmodule
`default_nettype wire

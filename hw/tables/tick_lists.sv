// What tick records changed: expiries and vols (by instrument) since the last commit and since the last flip, each a change_pair,
// and underlyings since the last flip, a change_list.
//
// Marks come from the table bus, at most one every second cycle, and are in the lists 2 cycles later. The read ports are those of
// commit and commit_flip, flip_i says whose. restart_i empties the lists of the one that flip_i names, restart_all_i all of them;
// the clear walk of a load takes all marks away.
// first_expiry_valid_o: the first expiry since the last commit is on the table bus; first_vol_o: the first vol since then, from the
// cycle after it was on the bus. A commit starts with them, without reading a list. No stall, no errors.
`default_nettype none
module tick_lists #(
    parameter  int unsigned INSTRUMENTS = 4096,
    parameter  int unsigned EXPIRIES    = 512,
    parameter  int unsigned UNDERLYINGS = 128,
    localparam int unsigned IW = $clog2(INSTRUMENTS),
    localparam int unsigned EW = $clog2(EXPIRIES),
    localparam int unsigned UW = $clog2(UNDERLYINGS)
) (
    input  wire                                  clk_i,
    input  wire                                  rst_ni,
    input  wire                                  flip_i,
    input  wire                                  restart_i,
    input  wire                                  restart_all_i,
    input  wire                                  table_valid_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [                        511:0] table_record_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire                                  clear_valid_i,
    input  wire  [pl_card_pkg::INSTRUMENT_W-1:0] clear_index_i,
    output logic                                 first_expiry_valid_o,
    output logic [                       EW-1:0] first_expiry_o,
    output logic [                       IW-1:0] first_vol_o,
    input  wire                                  expiry_read_valid_i,
    input  wire  [                       EW-1:0] expiry_position_i,
    output logic [                       EW-1:0] expiry_index_o,
    output logic [                         EW:0] expiry_length_o,
    input  wire                                  expiry_dirty_valid_i,
    input  wire  [                       EW-1:0] expiry_dirty_index_i,
    output logic                                 expiry_dirty_o,
    input  wire                                  expiry_clean_valid_i,
    input  wire  [                       EW-1:0] expiry_clean_index_i,
    input  wire                                  vol_read_valid_i,
    input  wire  [                       IW-1:0] vol_position_i,
    output logic [                       IW-1:0] vol_index_o,
    output logic [                         IW:0] vol_length_o,
    input  wire                                  vol_clean_valid_i,
    input  wire  [                       IW-1:0] vol_clean_index_i,
    input  wire                                  underlying_read_valid_i,
    input  wire  [                       UW-1:0] underlying_position_i,
    output logic [                       UW-1:0] underlying_index_o,
    output logic [                         UW:0] underlying_length_o,
    input  wire                                  underlying_clean_valid_i,
    input  wire  [                       UW-1:0] underlying_clean_index_i
);
  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_tick_price_t expiry_tick;  // TICK_TIME and TICK_SHIFT have their index in the same place
  pl_abi_pkg::pl_tick_vol_t vol_tick;
  pl_abi_pkg::pl_tick_underlying_t underlying_tick;
  logic vol_dirty, underlying_dirty;
  // verilator lint_on UNUSEDSIGNAL
  logic [7:0] kind;
  logic expiry_mark, vol_mark, underlying_mark, no_expiry, no_vol;
  assign expiry_tick = table_record_i;
  assign vol_tick = table_record_i;
  assign underlying_tick = table_record_i;
  assign kind = table_record_i[7:0];
  assign expiry_mark = table_valid_i && (kind == pl_abi_pkg::PL_RECORD_TICK_PRICE ||
      kind == pl_abi_pkg::PL_RECORD_TICK_TIME || kind == pl_abi_pkg::PL_RECORD_TICK_SHIFT);
  assign vol_mark = table_valid_i && kind == pl_abi_pkg::PL_RECORD_TICK_VOL;
  assign underlying_mark = table_valid_i && kind == pl_abi_pkg::PL_RECORD_TICK_UNDERLYING;

  assign first_expiry_valid_o = expiry_mark && no_expiry;
  assign first_expiry_o = expiry_tick.index[EW-1:0];
  always_ff @(posedge clk_i) if (vol_mark && no_vol) first_vol_o <= vol_tick.index[IW-1:0];

  change_pair #(
      .DEPTH(EXPIRIES)
  ) u_expiries (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .flip_i(flip_i),
      .restart_i(restart_i),
      .restart_both_i(restart_all_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .mark_valid_i(expiry_mark),
      .mark_index_i(expiry_tick.index[EW-1:0]),
      .read_valid_i(expiry_read_valid_i),
      .read_position_i(expiry_position_i),
      .read_index_o(expiry_index_o),
      .dirty_valid_i(expiry_dirty_valid_i),
      .dirty_index_i(expiry_dirty_index_i),
      .dirty_o(expiry_dirty_o),
      .clean_valid_i(expiry_clean_valid_i),
      .clean_index_i(expiry_clean_index_i),
      .length_o(expiry_length_o),
      .none_o(no_expiry)
  );
  change_pair #(
      .DEPTH(INSTRUMENTS)
  ) u_vols (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .flip_i(flip_i),
      .restart_i(restart_i),
      .restart_both_i(restart_all_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .mark_valid_i(vol_mark),
      .mark_index_i(vol_tick.index[IW-1:0]),
      .read_valid_i(vol_read_valid_i),
      .read_position_i(vol_position_i),
      .read_index_o(vol_index_o),
      .dirty_valid_i(1'b0),
      .dirty_index_i('0),
      .dirty_o(vol_dirty),
      .clean_valid_i(vol_clean_valid_i),
      .clean_index_i(vol_clean_index_i),
      .length_o(vol_length_o),
      .none_o(no_vol)
  );
  change_list #(
      .DEPTH(UNDERLYINGS)
  ) u_underlyings (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .restart_i(restart_all_i || (restart_i && flip_i)),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .mark_valid_i(underlying_mark),
      .mark_index_i(underlying_tick.index[UW-1:0]),
      .read_valid_i(underlying_read_valid_i),
      .read_position_i(underlying_position_i),
      .read_index_o(underlying_index_o),
      .dirty_valid_i(1'b0),
      .dirty_index_i('0),
      .dirty_o(underlying_dirty),
      .clean_valid_i(underlying_clean_valid_i),
      .clean_index_i(underlying_clean_index_i),
      .length_o(underlying_length_o)
  );
endmodule
`default_nettype wire

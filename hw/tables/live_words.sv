// The live words that only the close reads, and their broadcast when a commit freezes them.
//
// Written from the table bus: penalty and penalty_perpetual (TICK_PRICE), basis_weight and the discounts (TICK_TIME) of each
// expiry, im_loss_factor of each underlying (UNDERLYING, then TICK_UNDERLYING). The clear walk makes all of them 0.
// freeze_expiry_* and freeze_underlying_* yield the broadcasts frozen_* 1 cycle later, one per cycle, no stall.
// Mirrors live[], frozen[], live_im_factor[] and frozen_im_factor[] of struct pl_tables; the frozen copies are the closes'.
`default_nettype none
module live_words #(
    parameter  int unsigned EXPIRIES    = 512,
    parameter  int unsigned UNDERLYINGS = 128,
    localparam int unsigned CW = pl_card_pkg::COEFFICIENT_W
) (
    input  wire                                    clk_i,
    input  wire                                    rst_ni,
    input  wire                                    table_valid_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [                          511:0] table_record_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire                                    clear_valid_i,
    input  wire  [  pl_card_pkg::INSTRUMENT_W-1:0] clear_index_i,
    input  wire                                    freeze_expiry_valid_i,
    input  wire  [      pl_card_pkg::EXPIRY_W-1:0] freeze_expiry_index_i,
    input  wire                                    freeze_underlying_valid_i,
    input  wire  [  pl_card_pkg::UNDERLYING_W-1:0] freeze_underlying_index_i,
    output logic                                   frozen_expiry_valid_o,
    output pl_card_pkg::frozen_expiry_t            frozen_expiry_o,
    output logic                                   frozen_underlying_valid_o,
    output pl_card_pkg::frozen_underlying_t        frozen_underlying_o
);
  localparam int unsigned EW = $clog2(EXPIRIES);
  localparam int unsigned UW = $clog2(UNDERLYINGS);

  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_tick_price_t price;
  pl_abi_pkg::pl_tick_time_t time_tick;
  pl_abi_pkg::pl_underlying_t underlying;
  pl_abi_pkg::pl_tick_underlying_t underlying_tick;
  // verilator lint_on UNUSEDSIGNAL
  logic [7:0] kind;
  logic from_load;
  logic [2*CW-1:0] price_words;
  logic [3*CW-1:0] time_words;
  logic [CW-1:0] factor;
  logic [pl_card_pkg::EXPIRY_W-1:0] expiry_q;
  logic [pl_card_pkg::UNDERLYING_W-1:0] underlying_q;
  assign price = table_record_i;
  assign time_tick = table_record_i;
  assign underlying = table_record_i;
  assign underlying_tick = table_record_i;
  assign kind = table_record_i[7:0];
  assign from_load = kind == pl_abi_pkg::PL_RECORD_UNDERLYING;

  table_memory #(
      .WIDTH(2 * CW),
      .DEPTH(EXPIRIES)
  ) u_price (
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(table_valid_i && kind == pl_abi_pkg::PL_RECORD_TICK_PRICE),
      .write_address_i(price.index[EW-1:0]),
      .write_data_i({price.penalty[CW-1:0], price.penalty_perpetual[CW-1:0]}),
      .read_valid_i(freeze_expiry_valid_i),
      .read_address_i(freeze_expiry_index_i[EW-1:0]),
      .read_data_o(price_words)
  );
  table_memory #(
      .WIDTH(3 * CW),
      .DEPTH(EXPIRIES)
  ) u_time (
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(table_valid_i && kind == pl_abi_pkg::PL_RECORD_TICK_TIME),
      .write_address_i(time_tick.index[EW-1:0]),
      .write_data_i({time_tick.basis_weight[CW-1:0], time_tick.long_discount[CW-1:0], time_tick.short_discount[CW-1:0]}),
      .read_valid_i(freeze_expiry_valid_i),
      .read_address_i(freeze_expiry_index_i[EW-1:0]),
      .read_data_o(time_words)
  );
  table_memory #(
      .WIDTH(CW),
      .DEPTH(UNDERLYINGS)
  ) u_factor (
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(table_valid_i && (from_load || kind == pl_abi_pkg::PL_RECORD_TICK_UNDERLYING)),
      .write_address_i(from_load ? underlying.index[UW-1:0] : underlying_tick.index[UW-1:0]),
      .write_data_i(from_load ? underlying.im_loss_factor[CW-1:0] : underlying_tick.im_loss_factor[CW-1:0]),
      .read_valid_i(freeze_underlying_valid_i),
      .read_address_i(freeze_underlying_index_i[UW-1:0]),
      .read_data_o(factor)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      frozen_expiry_valid_o <= 1'b0;
      frozen_underlying_valid_o <= 1'b0;
    end else begin
      frozen_expiry_valid_o <= freeze_expiry_valid_i;
      frozen_underlying_valid_o <= freeze_underlying_valid_i;
    end
  end
  always_ff @(posedge clk_i) begin
    expiry_q <= freeze_expiry_index_i;
    underlying_q <= freeze_underlying_index_i;
  end
  assign frozen_expiry_o = {expiry_q, price_words, time_words};
  assign frozen_underlying_o = {underlying_q, factor};
endmodule
`default_nettype wire

// The fields of a tick record, read as each kind: ok_o[k] is about kind k, PL_RECORD_TICK_PRICE..PL_RECORD_TICK_UNDERLYING.
//
// Inputs are a record and the ranges of its words (record_ranges); latency 1 cycle, throughput 1 per cycle, no stall, no reset:
// data only. Mirrors tick_price() .. tick_underlying() of tables.c; that TICK_VOL is about an option is record_check's.
`default_nettype none
module check_tick (
    input  wire                         clk_i,
    input  wire  [                511:0] record_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  pl_abi_pkg::pl_model_t model_i,       // the counts of the load
    input  wire  [                  7:1] rate_i,
    input  wire  [                  7:1] signed_i,
    input  wire  [                  7:1] unit_i,
    input  wire  [                  7:1] multiplier_i,
    input  wire  [                  7:1] slope_i,
    input  wire  [                  7:1] price_i,
    input  wire  [                  7:1] vol_i,
    // verilator lint_on UNUSEDSIGNAL
    output logic [                20:16] ok_o
);
  localparam logic [7:0] FLAGS = (8'd1 << pl_abi_pkg::PL_FLAG_UNPRICED_BIT) | (8'd1 << pl_abi_pkg::PL_FLAG_STALE_BIT);

  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_tick_price_t p;
  pl_abi_pkg::pl_tick_time_t t;
  pl_abi_pkg::pl_tick_shift_t s;
  pl_abi_pkg::pl_tick_vol_t v;
  pl_abi_pkg::pl_tick_underlying_t u;
  // verilator lint_on UNUSEDSIGNAL
  assign p = record_i;
  assign t = record_i;
  assign s = record_i;
  assign v = record_i;
  assign u = record_i;

  always_ff @(posedge clk_i) begin
    ok_o[pl_abi_pkg::PL_RECORD_TICK_PRICE] <= 32'(p.index) < model_i.expiries && (p.flags & ~FLAGS) == '0 &&
        price_i[1] && price_i[2] && rate_i[5] && rate_i[6];
    ok_o[pl_abi_pkg::PL_RECORD_TICK_TIME] <= 32'(t.index) < model_i.expiries && unit_i[4] && &rate_i[7:5];
    ok_o[pl_abi_pkg::PL_RECORD_TICK_SHIFT] <= 32'(s.index) < model_i.expiries && multiplier_i[1] && unit_i[2] &&
        signed_i[3] && slope_i[4] && signed_i[5] && slope_i[6];
    ok_o[pl_abi_pkg::PL_RECORD_TICK_VOL] <= v.index < model_i.instruments && (v.flags & ~FLAGS) == '0 && vol_i[2];
    ok_o[pl_abi_pkg::PL_RECORD_TICK_UNDERLYING] <= 32'(u.index) < model_i.underlyings && rate_i[1];
  end
endmodule
`default_nettype wire

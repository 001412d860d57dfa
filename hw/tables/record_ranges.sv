// The ranges that the 64-bit words 1..7 of a record lie in: bit w is about word w.
//
// Latency 1 cycle (record_i in, registered bits out), throughput 1 per cycle, no stall, no reset: data only.
// All 64 bits are compared, as in C: coefficient(), rate(), signed_coefficient(), slope() and the shifts of tables.c.
`default_nettype none
module record_ranges #(
    parameter int unsigned PROFILE = 32'(pl_abi_pkg::PL_PROFILE_FULL)
) (
    input  wire          clk_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [511:0] record_i,  // word 0 is not a number
    // verilator lint_on UNUSEDSIGNAL
    output logic [7:1]   rate_o,        // 0 .. COEFFICIENT_MAX
    output logic [7:1]   signed_o,      // -COEFFICIENT_MAX .. COEFFICIENT_MAX
    output logic [7:1]   unit_o,        // 0 .. 1
    output logic [7:1]   multiplier_o,  // 0 .. VOL_MULTIPLIER_MAX
    output logic [7:1]   slope_o,       // -VOL_MULTIPLIER_MAX .. VOL_MULTIPLIER_MAX
    output logic [7:1]   price_o,       // a price of this profile
    output logic [7:1]   vol_o,         // a volatility
    output logic [7:1]   floor_o,       // a volatility times a vol multiplier of 1
    output logic [7:1]   zero_o,
    output logic [7:1]   one_o          // COEFFICIENT_ONE
);
  localparam int unsigned PRICE_BITS =
      32'(PROFILE == 32'(pl_abi_pkg::PL_PROFILE_SMALL) ? pl_abi_pkg::PL_PRICE_BITS_SMALL : pl_abi_pkg::PL_PRICE_BITS_FULL);
  localparam logic signed [63:0] ONE = 64'sd1 << pl_abi_pkg::PL_COEFFICIENT_BITS;
  localparam logic signed [63:0] RATE_MAX = ONE * 64'(pl_abi_pkg::PL_COEFFICIENT_MAX);
  localparam logic signed [63:0] MULTIPLIER_MAX = ONE * 64'(pl_abi_pkg::PL_VOL_MULTIPLIER_MAX);
  localparam logic signed [63:0] RATE_MIN = -RATE_MAX;
  localparam logic signed [63:0] MULTIPLIER_MIN = -MULTIPLIER_MAX;
  localparam logic [63:0] VOL_END = 64'(pl_abi_pkg::PL_VOL_MAX) << pl_abi_pkg::PL_VOL_BITS;
  localparam logic [63:0] FLOOR_END = 64'(pl_abi_pkg::PL_VOL_MULTIPLIER_MAX) << pl_abi_pkg::PL_VOL_BITS;

  if (PROFILE != 32'(pl_abi_pkg::PL_PROFILE_FULL) && PROFILE != 32'(pl_abi_pkg::PL_PROFILE_SMALL)) begin : g_profile
    $error("record_ranges: PROFILE");
  end

  for (genvar w = 1; w < 8; w++) begin : g_word
    logic signed [63:0] value;
    logic [63:0] bits;
    logic negative;
    assign bits = record_i[64*w+:64];
    assign value = bits;
    assign negative = bits[63];
    always_ff @(posedge clk_i) begin
      rate_o[w] <= !negative && value <= RATE_MAX;
      signed_o[w] <= value >= RATE_MIN && value <= RATE_MAX;
      unit_o[w] <= !negative && value <= ONE;
      multiplier_o[w] <= !negative && value <= MULTIPLIER_MAX;
      slope_o[w] <= value >= MULTIPLIER_MIN && value <= MULTIPLIER_MAX;
      price_o[w] <= bits[63:PRICE_BITS] == '0;
      vol_o[w] <= bits < VOL_END;
      floor_o[w] <= bits < FLOOR_END;
      zero_o[w] <= bits == '0;
      one_o[w] <= value == ONE;
    end
  end
endmodule
`default_nettype wire

// The terms meet in fixed point, where the only rounding to price units happens, half-up; saturated
// at 2^51 - 1 (full) or 2^35 - 1 (small).
//
// Latency: pl_pricing_pkg::VALUE = 5 cycles: range, shift, sum, rounding, limit.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: step_value() and to_fixed() in host/model/pricing.c.
`default_nettype none

module pl_step_value #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int E_W = pl_pricing_pkg::E_W,
    parameter int MAG_W = E_W + W
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [MAG_W-1:0] otm_i,
    input  wire  [MAG_W-1:0] parity_i,    // 0 out of the money
    output logic [     63:0] value_o,
    output logic             saturated_o
);
  localparam int VALUE_BITS = PROFILE == pl_pricing_pkg::FULL ? 51 : 35;
  localparam int FRACTION = pl_pricing_pkg::FRACTION_BITS;
  localparam int FIXED_W = VALUE_BITS + FRACTION;
  localparam int UP = FIXED_W - W;  // m at the top of the fixed-point word has e = VALUE_BITS

  wire [E_W-1:0] otm_down = E_W'(VALUE_BITS) - otm_i[W+:E_W];
  wire [E_W-1:0] parity_down = E_W'(VALUE_BITS) - parity_i[W+:E_W];
  logic otm_keep_q, parity_keep_q, wide_q, wide_qq, wide_qqq, wide_qqqq;
  logic [5:0] otm_down_q, parity_down_q;
  logic [W-1:0] otm_q, parity_q;
  logic [FIXED_W-1:0] otm_fixed_q, parity_fixed_q;
  logic [FIXED_W:0] sum_q;
  logic [VALUE_BITS+1:0] rounded_q;
  wire saturated = wide_qqqq || |rounded_q[VALUE_BITS+1:VALUE_BITS];
  wire [VALUE_BITS-1:0] limited = saturated ? '1 : rounded_q[VALUE_BITS-1:0];
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      otm_keep_q <= otm_down[E_W-1:6] == '0;
      parity_keep_q <= parity_down[E_W-1:6] == '0;
      otm_down_q <= otm_down[5:0];
      parity_down_q <= parity_down[5:0];
      otm_q <= otm_i[W-1:0];
      parity_q <= parity_i[W-1:0];
      wide_q <= otm_down[E_W-1] || parity_down[E_W-1];

      otm_fixed_q <= otm_keep_q ? {otm_q, UP'(0)} >> otm_down_q : '0;
      parity_fixed_q <= parity_keep_q ? {parity_q, UP'(0)} >> parity_down_q : '0;
      wide_qq <= wide_q;

      sum_q <= {1'b0, otm_fixed_q} + {1'b0, parity_fixed_q};
      wide_qqq <= wide_qq;

      rounded_q <= {1'b0, sum_q[FIXED_W:FRACTION]} + (VALUE_BITS + 2)'(sum_q[FRACTION-1]);
      wide_qqqq <= wide_qqq;

      saturated_o <= saturated;
      value_o <= 64'(limited);
    end
  end

  // verilator lint_off UNUSEDSIGNAL
  wire unused = &sum_q[FRACTION-2:0];
  // verilator lint_on UNUSEDSIGNAL
  if (pl_pricing_pkg::VALUE != 5) $error("pl_step_value: latency");

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_value: profile");
endmodule

`default_nettype wire

// The two skew multipliers of an option's row, from its |ln(K/F)|: 1 + y, at least 0, y = k * slope, capped on k's side.
//
// A logarithm enters with log_valid_i, at most every 21 cycles; the multipliers leave with skew_valid_o, 14 to 20 cycles later,
// never while row_valid_i. k below 0 is not capped from above, so that the linear multiplier may exceed 52 bits.
// The words of a row are taken with row_valid_i. Shares pl_row_multiplier. No stall, no errors.
// Reference: the end of log_moneyness_q48() in host/model/pricing.c, skew_multiplier() in host/model/row.c.
`default_nettype none

module pl_row_skew #(
    parameter  int PROFILE = pl_pricing_pkg::FULL,
    localparam int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W : pl_tables_pkg::SMALL_W,
    localparam int LOG_W = pl_pricing_pkg::E_W + W
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    input  wire              step_i,
    input  wire              row_valid_i,
    input  wire  [      3:0] row_slot_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire pl_pricing_pkg::pl_row_shift_t shift_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire              log_valid_i,
    input  wire  [      3:0] log_slot_i,
    input  wire  [LOG_W-1:0] log_moneyness_i,
    input  wire              log_high_i,
    output logic             multiply_valid_o,
    input  wire              multiply_ready_i,
    output logic [     53:0] multiply_x_o,
    output logic [     53:0] multiply_y_o,
    input  wire              product_valid_i,
    input  wire  [    107:0] product_i,
    output logic             skew_valid_o,
    output logic [      3:0] skew_slot_o,
    output logic [     57:0] skew_linear_o,
    output logic [     51:0] skew_abs_o
);
  localparam int SLOTS = pl_pricing_pkg::SLOTS;
  localparam int RATE_BITS = 32'(pl_abi_pkg::PL_RATE_BITS);
  localparam logic [64:0] ONE = 65'd1 << pl_abi_pkg::PL_COEFFICIENT_BITS;

  logic [203:0] memory[SLOTS];
  logic [203:0] words_q;
  always_ff @(posedge clk_i) begin
    if (row_valid_i)
      memory[row_slot_i] <= {shift_i.linear_slope, shift_i.linear_cap, shift_i.abs_slope, shift_i.abs_cap};
  end
  wire [53:0] linear_slope = words_q[203-:54];
  wire [47:0] linear_cap = words_q[149-:48];
  wire [53:0] abs_slope = words_q[101-:54];
  wire [47:0] abs_cap = words_q[47:0];

  // |k| in Q.48: the mantissa shifted right, with half a unit, or left.
  logic busy_q;
  logic [1:0] step_q;
  logic [3:0] slot_q;
  logic [W-1:0] m_q;
  logic [12:0] right_q;
  logic high_q;
  logic [54:0] kept_q;
  logic [53:0] k_q;
  logic below_q;  // k < 0
  wire [11:0] e = log_moneyness_i[W+:12];
  wire [54:0] left = 55'({m_q, 1'b0}) << (5'd0 - right_q[4:0]);
  wire [54:0] right = 55'({m_q, 1'b0}) >> right_q[5:0];

  // Requests: linear, then absolute.
  logic ask_q, ask_abs_q;
  wire [53:0] slope = ask_abs_q ? abs_slope : linear_slope;
  assign multiply_valid_o = ask_q;
  assign multiply_x_o = k_q;
  assign multiply_y_o = slope[53] ? 54'd0 - slope : slope;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      step_q <= '0;
      ask_q <= 1'b0;
      ask_abs_q <= 1'b0;
    end else if (step_i) begin
      if (log_valid_i) begin
        a_free: assert (!busy_q);
        busy_q <= 1'b1;
        step_q <= '0;
      end else if (skew_valid_o) busy_q <= 1'b0;
      if (busy_q && step_q != 2'd3) step_q <= step_q + 2'd1;
      if (busy_q && step_q == 2'd1) {ask_q, ask_abs_q} <= 2'b10;
      else if (ask_q && multiply_ready_i) {ask_q, ask_abs_q} <= ask_abs_q ? 2'b00 : 2'b11;
    end
  end
  always_ff @(posedge clk_i) begin
    if (log_valid_i) begin
      words_q <= memory[log_slot_i];
      slot_q <= log_slot_i;
      m_q <= log_moneyness_i[W-1:0];
      high_q <= log_high_i;
      right_q <= 13'(W - RATE_BITS) - {e[11], e};
    end
    if (step_i) kept_q <= right_q[12] ? left : right_q > 13'd63 ? '0 : right;
    if (step_i && step_q == 2'd1) begin
      k_q <= kept_q[54:1] + 54'(kept_q[0]);
      below_q <= high_q && kept_q != '0;
    end
  end

  // Products: floored, capped, 1 added.
  logic abs_q, product_q, capped_valid_q, done_q, abs_qq, abs_qqq;
  logic signed [64:0] y_q, capped_q;
  wire negative = (abs_q ? 1'b0 : below_q) ^ (abs_q ? abs_slope[53] : linear_slope[53]);
  wire [64:0] whole = 65'(product_i[107:RATE_BITS]);
  wire part = product_i[RATE_BITS-1:0] != '0;
  wire signed [64:0] cap = abs_qq ? 65'($signed(abs_cap)) : 65'($signed(linear_cap));
  wire signed [64:0] minus_cap = -cap;
  wire up_side = abs_qq || !below_q;
  wire [64:0] one = capped_q + $signed(ONE);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      abs_q <= 1'b0;
      product_q <= 1'b0;
      capped_valid_q <= 1'b0;
      done_q <= 1'b0;
    end else if (step_i) begin
      if (product_valid_i) abs_q <= !abs_q;
      product_q <= product_valid_i;
      capped_valid_q <= product_q;
      done_q <= (capped_valid_q && abs_qqq) || (done_q && row_valid_i);
    end
  end
  always_ff @(posedge clk_i) begin
    if (step_i) begin
      y_q <= negative ? ~whole + 65'(!part) : whole;
      abs_qq <= abs_q;
      capped_q <= up_side ? (y_q < cap ? y_q : cap) : (y_q > minus_cap ? y_q : minus_cap);
      abs_qqq <= abs_qq;
      if (capped_valid_q && abs_qqq) skew_abs_o <= one[64] ? '0 : one[51:0];
      if (capped_valid_q && !abs_qqq) skew_linear_o <= one[64] ? '0 : one[57:0];
    end
  end
  assign skew_valid_o = done_q && !row_valid_i && step_i;
  assign skew_slot_o = slot_q;

  // verilator lint_off UNUSEDSIGNAL
  wire unused = &one[63:58];
  // verilator lint_on UNUSEDSIGNAL
  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL) $error("pl_row_skew: PROFILE");
endmodule
`default_nettype wire

// Beats of wide sums of an expiry as money: pl_close_expiry() of host/model/close_expiry.c.
//
// Latency 21 cycles, throughput one beat per cycle, never stalls. Inputs without a number come with
// the beat; the number in the name of another is the cycle after it. Beats are those of
// close_feeder; an entry's beats are consecutive and at least 3.
// Out per beat: WAYS scenario P&Ls (0 where there is none) and five side values: value, delta,
// gamma, vega, theta | rho, fee, order_im, mm, im | order_loss, oracle, oracle_perpetual, basis.
// money_overflow_o and greek_overflow_o: some value of the beat did not fit, limited on its side.
// In modes other than portfolio mm and im are those of the brackets; scenarios, order_loss, oracle
// and basis are 0, and nothing of them overflows.
`default_nettype none
module close_expiry #(
    parameter  int unsigned WAYS   = 11,
    parameter  int unsigned BEATS  = 4,
    localparam int unsigned BEAT_W = $clog2(BEATS),
    localparam int unsigned C      = pl_card_pkg::COEFFICIENT_W,
    localparam int unsigned W      = pl_card_pkg::SUM_W,
    localparam int unsigned SIDES  = 5
) (
    input  wire                clk_i,
    input  wire                rst_ni,
    input  wire                valid_i,
    input  wire  [ BEAT_W-1:0] beat_i,
    input  wire  [ WAYS*W-1:0] scenario_i,
    input  wire  [SIDES*W-1:0] side_i,
    input  wire  signed [7:0]  row_shift_i,
    input  wire                portfolio_1_i,
    input  wire                scenarios_1_i,         // the expiry has scenarios
    input  wire  [        7:0] scenario_count_1_i,
    input  wire  [       63:0] bracket_mm_1_i,
    input  wire  [       63:0] bracket_im_1_i,
    input  wire  [      C-1:0] penalty_1_i,
    input  wire  [      C-1:0] penalty_perpetual_1_i,
    input  wire  [      C-1:0] basis_weight_1_i,
    input  wire  [      C-1:0] long_discount_1_i,
    input  wire  [      C-1:0] short_discount_1_i,
    input  wire  [   WAYS-1:0] skew_12_i,
    input  wire  [ WAYS*C-1:0] dampening_12_i,
    output logic [WAYS*64-1:0] pnl_o,
    output logic [SIDES*64-1:0] side_o,
    output logic               money_overflow_o,
    output logic               greek_overflow_o
);
  // Delayed control: the number is the cycle after the beat's.
  logic [BEAT_W-1:0] beat_4, beat_21;
  logic portfolio_4, scenarios_4;
  logic [63:0] bracket_mm_4, bracket_im_4;
  logic [C-1:0] long_4, short_4, weight_6, penalty_7, penalty_perpetual_8;
  delay #(.WIDTH(BEAT_W), .DEPTH(4)) u_beat_4 (.clk_i, .en_i(1'b1), .data_i(beat_i), .data_o(beat_4));
  delay #(.WIDTH(BEAT_W), .DEPTH(17)) u_beat_21 (.clk_i, .en_i(1'b1), .data_i(beat_4), .data_o(beat_21));
  delay #(
      .WIDTH(2 + 128 + 2 * C),
      .DEPTH(3)
  ) u_control_4 (
      .clk_i,
      .en_i  (1'b1),
      .data_i({portfolio_1_i, scenarios_1_i, bracket_mm_1_i, bracket_im_1_i, long_discount_1_i, short_discount_1_i}),
      .data_o({portfolio_4, scenarios_4, bracket_mm_4, bracket_im_4, long_4, short_4})
  );
  delay #(.WIDTH(C), .DEPTH(5)) u_weight (.clk_i, .en_i(1'b1), .data_i(basis_weight_1_i), .data_o(weight_6));
  delay #(.WIDTH(C), .DEPTH(6)) u_penalty (.clk_i, .en_i(1'b1), .data_i(penalty_1_i), .data_o(penalty_7));
  delay #(
      .WIDTH(C),
      .DEPTH(7)
  ) u_penalty_perpetual (
      .clk_i,
      .en_i  (1'b1),
      .data_i(penalty_perpetual_1_i),
      .data_o(penalty_perpetual_8)
  );

  // Side sums as money, at 4.
  logic [SIDES*64-1:0] money_4;
  logic [SIDES-1:0] over_4, up;
  // verilator lint_off UNUSEDSIGNAL
  logic [SIDES-1:0] side_valid;
  // verilator lint_on UNUSEDSIGNAL
  always_comb begin
    case (32'(beat_i))
      32'd1: up = 5'b11110;  // all but rho
      32'd2: up = 5'b00011;  // order_loss and gross
      default: up = '0;
    endcase
  end
  for (genvar s = 0; s < SIDES; s++) begin : g_side
    narrow #(
        .SUM_WIDTH(W)
    ) u_narrow (
        .clk_i,
        .rst_ni,
        .en_i(1'b1),
        .valid_i,
        .sum_i(side_i[s*W+:W]),
        .shift_i(row_shift_i),
        .up_i(up[s]),
        .valid_o(side_valid[s]),
        .money_o(money_4[s*64+:64]),
        .overflow_o(over_4[s])
    );
  end

  // The value: beat 0, kept for the beats after it.
  logic [63:0] value_q, value_4, base_11;
  assign value_4 = beat_4 == '0 ? money_4[63:0] : value_q;
  always_ff @(posedge clk_i) value_q <= value_4;
  delay #(.WIDTH(64), .DEPTH(7)) u_base (.clk_i, .en_i(1'b1), .data_i(value_4), .data_o(base_11));

  // What leaves as it is; the rest of beat 2 joins at 21.
  logic [SIDES*64-1:0] plain_4, plain_21;
  logic money_over_4, greek_over_4, money_over_21, greek_over_21;
  always_comb begin
    plain_4 = money_4;
    money_over_4 = 1'b0;
    greek_over_4 = 1'b0;
    case (32'(beat_4))
      32'd0: begin
        money_over_4 = over_4[0];
        greek_over_4 = |over_4[4:1];
      end
      32'd1: begin
        greek_over_4 = over_4[0];
        money_over_4 = |over_4[2:1] || (portfolio_4 && |over_4[4:3]);
        if (!portfolio_4) plain_4[3*64+:128] = {bracket_im_4, bracket_mm_4};
      end
      32'd2: begin
        money_over_4 = portfolio_4 && (|over_4[1:0] || (scenarios_4 && |over_4[3:2]));
        plain_4 = portfolio_4 ? (SIDES * 64)'(money_4[63:0]) : '0;
      end
      default: plain_4 = '0;
    endcase
  end
  delay #(
      .WIDTH(SIDES * 64 + 2),
      .DEPTH(17)
  ) u_plain (
      .clk_i,
      .en_i  (1'b1),
      .data_i({plain_4, money_over_4, greek_over_4}),
      .data_o({plain_21, money_over_21, greek_over_21})
  );

  // Basis and oracle terms of beat 2 share one multiplier in three consecutive cycles: basis enters
  // at 7, oracle at 8, oracle_perpetual at 9.
  logic [63:0] worse_q, value_5_q, basis_6, basis_7_q, gross_7, gross_8_q, gross_9_q;
  logic basis_over_6, two_6, two_7_q, two_8_q, two_9_q;
  logic [C-1:0] weight_7_q, penalty_8_q, penalty_9_q;
  delay #(.WIDTH(64), .DEPTH(3)) u_gross (.clk_i, .en_i(1'b1), .data_i(money_4[127:64]), .data_o(gross_7));
  delay #(.WIDTH(1), .DEPTH(2)) u_two (.clk_i, .en_i(1'b1), .data_i(beat_4 == BEAT_W'(2)), .data_o(two_6));
  money_add #(
      .SUBTRACT(1)
  ) u_basis (
      .clk_i,
      .en_i(1'b1),
      .a_i(worse_q),
      .b_i(value_5_q),
      .sum_o(basis_6),
      .overflow_o(basis_over_6)
  );
  always_ff @(posedge clk_i) begin
    worse_q <= $signed(money_4[2*64+:64]) < $signed(money_4[3*64+:64]) ? money_4[2*64+:64] : money_4[3*64+:64];
    value_5_q <= value_4;
    basis_7_q <= basis_6[63] ? basis_6 : '0;
    gross_8_q <= gross_7;
    gross_9_q <= gross_8_q;
    weight_7_q <= weight_6;
    penalty_8_q <= penalty_7;
    penalty_9_q <= penalty_perpetual_8;
    {two_7_q, two_8_q, two_9_q} <= {two_6, two_7_q, two_8_q};
  end

  logic [63:0] operand, term;
  logic [C-1:0] coefficient;
  logic term_over;
  // verilator lint_off UNUSEDSIGNAL
  logic term_valid;
  // verilator lint_on UNUSEDSIGNAL
  always_comb begin
    operand = gross_9_q;
    coefficient = penalty_9_q;
    if (two_7_q) begin
      operand = basis_7_q;
      coefficient = weight_7_q;
    end else if (two_8_q) begin
      operand = gross_8_q;
      coefficient = penalty_8_q;
    end
  end
  money_scale u_term (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(two_7_q || two_8_q || two_9_q),
      .money_i(operand),
      .coefficient_i(coefficient),
      .up_i(!two_7_q),
      .valid_o(term_valid),
      .money_o(term),
      .overflow_o(term_over)
  );

  // Terms come out at 14, 15 and 16.
  logic [63:0] basis_21, oracle_21, oracle_perpetual_21;
  logic basis_over_14, basis_over_21, oracle_over_21, oracle_perpetual_over_21, portfolio_21, scenarios_21;
  delay #(.WIDTH(1), .DEPTH(8)) u_basis_over (.clk_i, .en_i(1'b1), .data_i(basis_over_6), .data_o(basis_over_14));
  delay #(
      .WIDTH(65),
      .DEPTH(7)
  ) u_basis_21 (
      .clk_i,
      .en_i  (1'b1),
      .data_i({basis_over_14 || term_over, term}),
      .data_o({basis_over_21, basis_21})
  );
  delay #(.WIDTH(65), .DEPTH(6)) u_oracle (.clk_i, .en_i(1'b1), .data_i({term_over, term}), .data_o({oracle_over_21, oracle_21}));
  delay #(
      .WIDTH(65),
      .DEPTH(5)
  ) u_oracle_perpetual (
      .clk_i,
      .en_i  (1'b1),
      .data_i({term_over, term}),
      .data_o({oracle_perpetual_over_21, oracle_perpetual_21})
  );
  delay #(
      .WIDTH(2),
      .DEPTH(17)
  ) u_kind_21 (
      .clk_i,
      .en_i  (1'b1),
      .data_i({portfolio_4, portfolio_4 && scenarios_4}),
      .data_o({portfolio_21, scenarios_21})
  );

  // Scenarios.
  logic [WAYS-1:0] exists_2_q, exists_20, pnl_over_20, pnl_over_21_q;
  logic [WAYS*64-1:0] pnl_20;
  logic [WAYS*C-1:0] dampening_13_q;
  logic [BEAT_W-1:0] beat_1_q;
  always_ff @(posedge clk_i) begin
    beat_1_q <= beat_i;
    dampening_13_q <= dampening_12_i;
    for (int unsigned w = 0; w < WAYS; w++) begin
      exists_2_q[w] <= portfolio_1_i && scenarios_1_i && 32'(beat_1_q) * WAYS + w < 32'(scenario_count_1_i);
      pnl_o[w*64+:64] <= exists_20[w] ? pnl_20[w*64+:64] : '0;
    end
    pnl_over_21_q <= exists_20 & pnl_over_20;
  end
  delay #(.WIDTH(WAYS), .DEPTH(18)) u_exists (.clk_i, .en_i(1'b1), .data_i(exists_2_q), .data_o(exists_20));
  for (genvar w = 0; w < WAYS; w++) begin : g_way
    close_scenario u_scenario (
        .clk_i,
        .rst_ni,
        .valid_i,
        .sum_i(scenario_i[w*W+:W]),
        .shift_i(row_shift_i),
        .long_discount_4_i(long_4),
        .short_discount_4_i(short_4),
        .base_11_i(base_11),
        .skew_12_i(skew_12_i[w]),
        .dampening_13_i(dampening_13_q[w*C+:C]),
        .pnl_o(pnl_20[w*64+:64]),
        .overflow_o(pnl_over_20[w])
    );
  end

  always_comb begin
    side_o = plain_21;
    money_overflow_o = money_over_21 || |pnl_over_21_q;
    greek_overflow_o = greek_over_21;
    if (beat_21 == BEAT_W'(2)) begin
      if (portfolio_21) side_o[64+:128] = {oracle_perpetual_21, oracle_21};
      if (scenarios_21) side_o[3*64+:64] = basis_21;
      money_overflow_o = money_overflow_o || (portfolio_21 && (oracle_over_21 || oracle_perpetual_over_21)) ||
                         (scenarios_21 && basis_over_21);
    end
  end
endmodule
`default_nettype wire

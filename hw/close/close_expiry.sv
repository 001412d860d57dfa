// Beats of wide sums of an expiry as money: pl_close_expiry() of host/model/close_expiry.c.
//
// Latency E = 2 * S + 8 cycles, S = money_pkg::SCALE_LATENCY; throughput one beat per cycle, never
// stalls, and nothing moves but for beats. Inputs without a number come with the beat; the number in
// the name of another is the cycle after it, p is S + 5. Beats are those of close_feeder; an entry's
// beats are consecutive and at least 3.
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
    input  wire  [   WAYS-1:0] skew_p_1_i,
    input  wire  [ WAYS*C-1:0] dampening_p_1_i,
    output logic [WAYS*64-1:0] pnl_o,
    output logic [SIDES*64-1:0] side_o,
    output logic               money_overflow_o,
    output logic               greek_overflow_o
);
  localparam int unsigned S = 32'(money_pkg::SCALE_LATENCY);
  localparam int unsigned P = S + 5;
  localparam int unsigned E = 2 * S + 8;
  localparam logic [BEAT_W-1:0] TWO = BEAT_W'(2);

  // Bit n: a beat, and which, n cycles ago.
  logic [E-1:1] at_q;
  logic [E*BEAT_W-1:BEAT_W] beat_q;
  logic [BEAT_W-1:0] beat_1, beat_4, beat_late;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) at_q <= '0;
    else at_q <= {at_q[E-2:1], valid_i};
  end
  always_ff @(posedge clk_i) if (valid_i || at_q != '0) beat_q <= {beat_q[(E-1)*BEAT_W-1:BEAT_W], beat_i};
  assign beat_1 = beat_q[BEAT_W+:BEAT_W];
  assign beat_4 = beat_q[4*BEAT_W+:BEAT_W];
  assign beat_late = beat_q[(E-1)*BEAT_W+:BEAT_W];

  // Control at 4.
  logic portfolio_4, scenarios_4;
  logic [63:0] bracket_mm_4, bracket_im_4;
  logic [C-1:0] long_4, short_4, weight_4, penalty_4, penalty_perpetual_4;
  close_keep #(
      .WIDTH(2 + 128 + 5 * C),
      .DEPTH(4)
  ) u_control_4 (
      .clk_i,
      .rst_ni,
      .put_i (at_q[1]),
      .data_i({
        portfolio_1_i,
        scenarios_1_i,
        bracket_mm_1_i,
        bracket_im_1_i,
        long_discount_1_i,
        short_discount_1_i,
        basis_weight_1_i,
        penalty_1_i,
        penalty_perpetual_1_i
      }),
      .take_i(at_q[3]),
      .data_o({
        portfolio_4, scenarios_4, bracket_mm_4, bracket_im_4, long_4, short_4, weight_4, penalty_4, penalty_perpetual_4
      })
  );

  // Side sums as money, at 4.
  logic [SIDES*64-1:0] money_4;
  logic [SIDES-1:0] over_4, up;
  // verilator lint_off UNUSEDSIGNAL
  logic side_valid;
  // verilator lint_on UNUSEDSIGNAL
  always_comb begin
    case (32'(beat_i))
      32'd1: up = 5'b11110;  // all but rho
      32'd2: up = 5'b00011;  // order_loss and gross
      default: up = '0;
    endcase
  end
  narrow #(
      .SUM_WIDTH(W),
      .COUNT(SIDES)
  ) u_side (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i,
      .sum_i(side_i),
      .shift_i(row_shift_i),
      .up_i(up),
      .valid_o(side_valid),
      .money_o(money_4),
      .overflow_o(over_4)
  );

  // The value: beat 0, kept for the beats after it, and for the scenarios.
  logic [63:0] value_q, base_p;
  always_ff @(posedge clk_i) if (at_q[4] && beat_4 == '0) value_q <= money_4[63:0];
  close_keep #(
      .WIDTH(64),
      .DEPTH(8)
  ) u_base (
      .clk_i,
      .rst_ni,
      .put_i (at_q[4] && beat_4 == '0),
      .data_i(money_4[63:0]),
      .take_i(at_q[P-1] && beat_q[(P-1)*BEAT_W+:BEAT_W] == '0),
      .data_o(base_p)
  );

  // What leaves as it is, at 5; the rest of beat 2 joins at the end.
  logic [SIDES*64-1:0] plain_5_q, plain;
  logic money_over_5_q, greek_over_5_q, money_over, greek_over, portfolio_5_q, scenarios_5_q, portfolio, scenarios;
  always_ff @(posedge clk_i) begin
    if (at_q[4]) begin
      portfolio_5_q <= portfolio_4;
      scenarios_5_q <= portfolio_4 && scenarios_4;
      plain_5_q <= money_4;
      money_over_5_q <= 1'b0;
      greek_over_5_q <= 1'b0;
      case (32'(beat_4))
        32'd0: begin
          money_over_5_q <= over_4[0];
          greek_over_5_q <= |over_4[4:1];
        end
        32'd1: begin
          greek_over_5_q <= over_4[0];
          money_over_5_q <= |over_4[2:1] || (portfolio_4 && |over_4[4:3]);
          if (!portfolio_4) plain_5_q[3*64+:128] <= {bracket_im_4, bracket_mm_4};
        end
        32'd2: begin
          money_over_5_q <= portfolio_4 && (|over_4[1:0] || (scenarios_4 && |over_4[3:2]));
          plain_5_q <= portfolio_4 ? (SIDES * 64)'(money_4[63:0]) : '0;
        end
        default: plain_5_q <= '0;
      endcase
    end
  end
  close_keep #(
      .WIDTH(SIDES * 64 + 4)
  ) u_plain (
      .clk_i,
      .rst_ni,
      .put_i (at_q[5]),
      .data_i({plain_5_q, money_over_5_q, greek_over_5_q, portfolio_5_q, scenarios_5_q}),
      .take_i(at_q[E-2]),
      .data_o({plain, money_over, greek_over, portfolio, scenarios})
  );

  // Oracle and basis terms of beat 2 share one multiplier in three consecutive cycles: oracle enters at 5,
  // oracle_perpetual at 6, basis at 7. What they need stands from 5 to 7.
  logic [63:0] gross_q, worse_q, basis_6, basis_7_q, operand, term, oracle_q, oracle_perpetual_q;
  logic [C-1:0] weight_q, penalty_q, penalty_perpetual_q, coefficient;
  logic [3:1] two_q;  // bit n: at n + 4
  logic basis_over_6, term_over, term_valid, oracle_over_q, oracle_perpetual_over_q;
  logic [1:0] term_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) two_q <= '0;
    else two_q <= {two_q[2:1], at_q[4] && beat_4 == TWO};
  end
  always_ff @(posedge clk_i) begin
    if (at_q[4] && beat_4 == TWO) begin
      gross_q <= money_4[127:64];
      weight_q <= weight_4;
      penalty_q <= penalty_4;
      penalty_perpetual_q <= penalty_perpetual_4;
      worse_q <= $signed(money_4[2*64+:64]) < $signed(money_4[3*64+:64]) ? money_4[2*64+:64] : money_4[3*64+:64];
    end
    if (two_q[2]) basis_7_q <= basis_6[63] ? basis_6 : '0;
  end
  money_add #(
      .SUBTRACT(1)
  ) u_basis (
      .clk_i,
      .en_i(two_q[1]),
      .a_i(worse_q),
      .b_i(value_q),
      .sum_o(basis_6),
      .overflow_o(basis_over_6)
  );
  always_comb begin
    operand = gross_q;
    coefficient = penalty_q;
    if (two_q[2]) begin
      coefficient = penalty_perpetual_q;
    end else if (two_q[3]) begin
      operand = basis_7_q;
      coefficient = weight_q;
    end
  end
  money_scale u_term (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(two_q != '0),
      .money_i(operand),
      .coefficient_i(coefficient),
      .up_i(!two_q[3]),
      .valid_o(term_valid),
      .money_o(term),
      .overflow_o(term_over)
  );

  // The three come out one after the other, at 5 + S and on.
  logic [63:0] basis, oracle, oracle_perpetual;
  logic basis_over_in, basis_over, oracle_over, oracle_perpetual_over;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) term_q <= '0;
    else if (term_valid) term_q <= term_q == 2'd2 ? '0 : term_q + 1'b1;
  end
  always_ff @(posedge clk_i) begin
    if (term_valid && term_q == 2'd0) {oracle_over_q, oracle_q} <= {term_over, term};
    if (term_valid && term_q == 2'd1) {oracle_perpetual_over_q, oracle_perpetual_q} <= {term_over, term};
  end
  close_keep #(
      .WIDTH(1),
      .DEPTH(8)
  ) u_basis_over (
      .clk_i,
      .rst_ni,
      .put_i (two_q[2]),
      .data_i(basis_over_6),
      .take_i(term_valid && term_q == 2'd1),
      .data_o(basis_over_in)
  );
  close_keep #(
      .WIDTH(3 * 65),
      .DEPTH(8)
  ) u_terms (
      .clk_i,
      .rst_ni,
      .put_i (term_valid && term_q == 2'd2),
      .data_i({basis_over_in || term_over, term, oracle_over_q, oracle_q, oracle_perpetual_over_q, oracle_perpetual_q}),
      .take_i(at_q[E-2] && beat_q[(E-2)*BEAT_W+:BEAT_W] == TWO),
      .data_o({basis_over, basis, oracle_over, oracle, oracle_perpetual_over, oracle_perpetual})
  );

  // Scenarios.
  logic [WAYS-1:0] exists_2_q, exists, pnl_over;
  logic [WAYS*64-1:0] pnl;
  always_ff @(posedge clk_i) begin
    if (at_q[1]) begin
      for (int unsigned w = 0; w < WAYS; w++) begin
        exists_2_q[w] <= portfolio_1_i && scenarios_1_i && 32'(beat_1) * WAYS + w < 32'(scenario_count_1_i);
      end
    end
  end
  close_keep #(.WIDTH(WAYS)) u_exists (
      .clk_i, .rst_ni, .put_i(at_q[2]), .data_i(exists_2_q), .take_i(at_q[E-2]), .data_o(exists));
  close_scenario #(
      .WAYS(WAYS)
  ) u_scenario (
      .clk_i,
      .rst_ni,
      .valid_i,
      .sum_i(scenario_i),
      .shift_i(row_shift_i),
      .long_discount_4_i(long_4),
      .short_discount_4_i(short_4),
      .base_p_i(base_p),
      .skew_p_1_i,
      .dampening_p_1_i,
      .pnl_o(pnl),
      .overflow_o(pnl_over)
  );

  // The end.
  always_ff @(posedge clk_i) begin
    if (at_q[E-1]) begin
      for (int unsigned w = 0; w < WAYS; w++) pnl_o[w*64+:64] <= exists[w] ? pnl[w*64+:64] : '0;
      side_o <= plain;
      if (beat_late == TWO) begin
        if (portfolio) side_o[64+:128] <= {oracle_perpetual, oracle};
        if (scenarios) side_o[3*64+:64] <= basis;
      end
      money_overflow_o <= money_over || (exists & pnl_over) != '0 ||
          (beat_late == TWO && ((portfolio && (oracle_over || oracle_perpetual_over)) || (scenarios && basis_over)));
      greek_overflow_o <= greek_over;
    end
  end
endmodule
`default_nettype wire

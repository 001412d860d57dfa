// The offset group that is open, view by view: join_offset_group() of host/model/close_account.c for
// every underlying that joins, and what end_offset_group() would add if the group ended right then.
//
// Beats are the sums of close_sums (two cycles after its beats); join_i: the entry's underlying joins
// a group, fresh_i: as its first; last_price_i, fork_i: as in close_accumulator. group_* inputs come with close_underlying's, worst_d_i its D cycles
// later. Outputs S + 1 cycles after close_underlying's (D + 2 * S + 4 after group_join_i, D = $clog2(WAYS + 1), S =
// money_pkg::SCALE_LATENCY), in that cycle only.
// join_overflow_o: a sum of the group did not fit; end_overflow_o: a product of its end.
// Throughput one underlying in 3 cycles, never stalls.
`default_nettype none
module close_offset #(
    parameter  int unsigned WAYS   = 11,
    parameter  int unsigned BEATS  = 4,
    localparam int unsigned BEAT_W = $clog2(BEATS),
    localparam int unsigned D      = $clog2(WAYS + 1),
    localparam int unsigned C      = pl_card_pkg::COEFFICIENT_W
) (
    input  wire                clk_i,
    input  wire                rst_ni,
    input  wire                valid_i,
    input  wire  [ BEAT_W-1:0] beat_i,
    input  wire                join_i,
    input  wire                fresh_i,
    input  wire                last_price_i,
    input  wire                fork_i,
    input  wire  [WAYS*64-1:0] pnl_i,
    input  wire  [       63:0] basis_i,       // 0 but at beat 2
    input  wire                group_join_i,
    input  wire                group_fresh_i,
    input  wire                group_last_price_i,
    input  wire                group_fork_i,
    input  wire  [      C-1:0] mm_factor_i,
    input  wire  [      C-1:0] im_factor_i,
    input  wire  [      C-1:0] credit_i,
    input  wire  [       63:0] worst_d_i,
    output logic [       63:0] mm_o,
    output logic [       63:0] im_o,
    output logic               join_overflow_o,
    output logic               end_overflow_o
);
  // Joint sums, and the worst of them.
  logic [(WAYS+1)*64-1:0] joint;
  logic [WAYS:0] over;
  logic [63:0] worst;
  // verilator lint_off UNUSEDSIGNAL
  logic [7:0] index;
  // verilator lint_on UNUSEDSIGNAL
  logic [BEAT_W-1:0] beat_1_q, beat_2_q;
  logic [1:0] valid_q;
  logic over_q;
  close_accumulator #(
      .BEATS(BEATS),
      .COUNT(WAYS + 1)
  ) u_sum (
      .clk_i,
      .rst_ni,
      .valid_i(valid_i && join_i),
      .beat_i,
      .first_i(fresh_i),
      .last_price_i,
      .fork_i,
      .value_i({basis_i, pnl_i}),
      .sum_o(joint),
      .overflow_o(over)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[0], valid_i && join_i};
  end
  always_ff @(posedge clk_i) begin
    if (valid_i || valid_q != '0) {beat_1_q, beat_2_q} <= {beat_i, beat_1_q};
    if (valid_q[1]) over_q <= |over || (over_q && beat_2_q != '0);
  end
  close_worst #(
      .WAYS (WAYS),
      .BEATS(BEATS)
  ) u_worst (
      .clk_i,
      .rst_ni,
      .valid_i(valid_q[1]),
      .first_i(beat_2_q == '0),
      .beat_i (beat_2_q),
      .words_i(joint),
      .worst_o(worst),
      .index_o(index)
  );

  // Bit n: an underlying that joins, n cycles ago.
  localparam int unsigned S = 32'(money_pkg::SCALE_LATENCY);
  localparam int unsigned CREDIT = D + 2 + S;       // the credit is there
  localparam int unsigned END = D + 4 + 2 * S;      // both products are
  logic [END-1:1] at_q;
  logic [END-1:0] at;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) at_q <= '0;
    else at_q <= at[END-2:0];
  end
  assign at = {at_q, group_join_i};

  // At D: the sum of the underlyings' own losses.
  logic fresh_d, last_price_d, fork_d, last_price_q, separate_over, separate_over_c, over_c, join_over, credit_over_c;
  logic [63:0] separate_of_q[2];  // of each view
  logic [63:0] separate, saved, saved_q, separate_c, credited, loss_q;
  logic [C-1:0] credit_2, mm_factor_c, im_factor_c, im_max_q;
  delay #(
      .WIDTH(3),
      .DEPTH(D)
  ) u_fresh (
      .clk_i,
      .en_i  (at[D-1:0] != '0),
      .data_i({group_fresh_i, group_last_price_i, group_fork_i}),
      .data_o({fresh_d, last_price_d, fork_d})
  );
  money_add #(
      .SUBTRACT(1)
  ) u_separate (
      .clk_i,
      .en_i(at[D]),
      .a_i(fresh_d ? '0 : separate_of_q[last_price_d&&!fork_d]),
      .b_i(worst_d_i),
      .sum_o(separate),
      .overflow_o(separate_over)
  );

  // At D + 1: a loss of at least 0 and a joint one of at most 0 cannot overflow.
  assign saved = separate + worst;
  always_ff @(posedge clk_i) begin
    if (at[0] && (group_fresh_i || $signed(im_factor_i) > $signed(im_max_q))) im_max_q <= im_factor_i;
    if (at[D]) last_price_q <= last_price_d;
    if (at[D+1]) begin
      separate_of_q[last_price_q] <= separate;
      saved_q <= saved[63] ? '0 : saved;
    end
  end
  close_keep #(
      .WIDTH(C),
      .DEPTH(8)
  ) u_credit_2 (
      .clk_i,
      .rst_ni,
      .put_i (at[0]),
      .data_i(credit_i),
      .take_i(at[D+1]),
      .data_o(credit_2)
  );
  close_keep #(
      .WIDTH(65),
      .DEPTH(8)
  ) u_separate_c (
      .clk_i,
      .rst_ni,
      .put_i (at[D+1]),
      .data_i({separate, separate_over}),
      .take_i(at[CREDIT-1]),
      .data_o({separate_c, separate_over_c})
  );
  // over_q is whole one cycle after group_join_i.
  close_keep #(
      .WIDTH(2 * C + 1),
      .DEPTH(16)
  ) u_factors (
      .clk_i,
      .rst_ni,
      .put_i (at[1]),
      .data_i({mm_factor_i, im_max_q, over_q}),
      .take_i(at[CREDIT]),
      .data_o({mm_factor_c, im_factor_c, over_c})
  );
  logic credit_over, product_over;
  logic [63:0] product;
  // verilator lint_off UNUSEDSIGNAL
  logic credit_valid, product_valid;
  // verilator lint_on UNUSEDSIGNAL
  money_scale u_credit (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(at[D+2]),
      .money_i(saved_q),
      .coefficient_i(credit_2),
      .up_i(1'b0),
      .valid_o(credit_valid),
      .money_o(credited),
      .overflow_o(credit_over)
  );

  // At CREDIT + 1 and + 2: the group's loss with both factors, the larger of the initial ones.
  always_ff @(posedge clk_i) if (at[CREDIT]) loss_q <= separate_c - credited;
  money_scale u_product (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(at[CREDIT+1] || at[CREDIT+2]),
      .money_i(loss_q),
      .coefficient_i(at[CREDIT+1] ? mm_factor_c : im_factor_c),
      .up_i(1'b1),
      .valid_o(product_valid),
      .money_o(product),
      .overflow_o(product_over)
  );
  logic end_over_q;
  close_keep #(
      .WIDTH(2),
      .DEPTH(8)
  ) u_over (
      .clk_i,
      .rst_ni,
      .put_i (at[CREDIT+1]),
      .data_i({over_c || separate_over_c, credit_over}),
      .take_i(at[END-2]),
      .data_o({join_over, credit_over_c})
  );
  always_ff @(posedge clk_i) begin
    if (at[END-1]) begin
      mm_o <= product;
      end_over_q <= product_over || credit_over_c;
    end
  end
  assign im_o = product;
  assign end_overflow_o = end_over_q || product_over;
  assign join_overflow_o = join_over;
endmodule
`default_nettype wire

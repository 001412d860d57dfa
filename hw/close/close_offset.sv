// The offset group that is open, in one view: join_offset_group() of host/model/close_account.c for
// every underlying that joins, and what end_offset_group() would add if the group ended right then.
//
// Beats are the sums of close_sums (two cycles after its beats); join_i: the entry's underlying joins
// a group, fresh_i: as its first. group_* inputs come with close_underlying's, worst_d_i its D cycles
// later. Outputs 8 cycles after close_underlying's (D + 18 after group_join_i, D = $clog2(WAYS + 1)).
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
    input  wire  [WAYS*64-1:0] pnl_i,
    input  wire  [       63:0] basis_i,       // 0 but at beat 2
    input  wire                group_join_i,
    input  wire                group_fresh_i,
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
  for (genvar w = 0; w <= WAYS; w++) begin : g_word
    logic [63:0] word;
    if (w < WAYS) begin : g_pnl
      assign word = pnl_i[w*64+:64];
    end else begin : g_basis
      assign word = basis_i;
    end
    close_accumulator #(
        .BEATS(BEATS)
    ) u_sum (
        .clk_i,
        .valid_i(valid_i && join_i),
        .beat_i,
        .first_i(fresh_i),
        .value_i(word),
        .sum_o(joint[w*64+:64]),
        .overflow_o(over[w])
    );
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[0], valid_i && join_i};
  end
  always_ff @(posedge clk_i) begin
    {beat_1_q, beat_2_q} <= {beat_i, beat_1_q};
    over_q <= |over || (over_q && beat_2_q != '0);
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

  // At D: the sum of the underlyings' own losses.
  logic [D-1:0] join_q;
  logic fresh_d, separate_over, over_1;
  logic [63:0] separate, saved, saved_q, separate_9, credited, loss_q, loss_2_q;
  logic [C-1:0] credit_2;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) join_q <= '0;
    else join_q <= D'({join_q, group_join_i});
  end
  delay #(.WIDTH(1), .DEPTH(D)) u_fresh (.clk_i, .en_i(1'b1), .data_i(group_fresh_i), .data_o(fresh_d));
  money_add #(
      .SUBTRACT(1)
  ) u_separate (
      .clk_i,
      .en_i(join_q[D-1]),
      .a_i(fresh_d ? '0 : separate),
      .b_i(worst_d_i),
      .sum_o(separate),
      .overflow_o(separate_over)
  );

  // At D + 1: a loss of at least 0 and a joint one of at most 0 cannot overflow.
  assign saved = separate + worst;
  always_ff @(posedge clk_i) saved_q <= saved[63] ? '0 : saved;
  delay #(.WIDTH(C), .DEPTH(D + 2)) u_credit_2 (.clk_i, .en_i(1'b1), .data_i(credit_i), .data_o(credit_2));
  delay #(.WIDTH(64), .DEPTH(8)) u_separate_9 (.clk_i, .en_i(1'b1), .data_i(separate), .data_o(separate_9));
  logic credit_over, product_over, slot;
  logic [63:0] product;
  logic [C-1:0] mm_10, im_11, im_max_q;
  // verilator lint_off UNUSEDSIGNAL
  logic credit_valid, product_valid;
  // verilator lint_on UNUSEDSIGNAL
  money_scale u_credit (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(1'b1),
      .money_i(saved_q),
      .coefficient_i(credit_2),
      .up_i(1'b0),
      .valid_o(credit_valid),
      .money_o(credited),
      .overflow_o(credit_over)
  );

  // At D + 10 and D + 11: the group's loss with both factors, the larger of the initial ones.
  always_ff @(posedge clk_i) begin
    if (group_join_i && (group_fresh_i || $signed(im_factor_i) > $signed(im_max_q))) im_max_q <= im_factor_i;
    loss_q <= separate_9 - credited;
    loss_2_q <= loss_q;
  end
  delay #(.WIDTH(C), .DEPTH(D + 10)) u_mm (.clk_i, .en_i(1'b1), .data_i(mm_factor_i), .data_o(mm_10));
  delay #(.WIDTH(C), .DEPTH(D + 10)) u_im (.clk_i, .en_i(1'b1), .data_i(im_max_q), .data_o(im_11));
  delay #(.WIDTH(1), .DEPTH(10)) u_slot (.clk_i, .en_i(1'b1), .data_i(join_q[D-1]), .data_o(slot));
  money_scale u_product (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(1'b1),
      .money_i(slot ? loss_q : loss_2_q),
      .coefficient_i(slot ? mm_10 : im_11),
      .up_i(1'b1),
      .valid_o(product_valid),
      .money_o(product),
      .overflow_o(product_over)
  );
  logic credit_over_17, end_over_q;
  delay #(.WIDTH(1), .DEPTH(8)) u_credit_over (.clk_i, .en_i(1'b1), .data_i(credit_over), .data_o(credit_over_17));
  always_ff @(posedge clk_i) begin
    mm_o <= product;
    end_over_q <= product_over || credit_over_17;
  end
  assign im_o = product;
  assign end_overflow_o = end_over_q || product_over;

  // over_q is whole one cycle after group_join_i.
  delay #(.WIDTH(1), .DEPTH(D)) u_over_1 (.clk_i, .en_i(1'b1), .data_i(over_q), .data_o(over_1));
  delay #(.WIDTH(1), .DEPTH(17)) u_over (.clk_i, .en_i(1'b1), .data_i(over_1 || separate_over), .data_o(join_overflow_o));
endmodule
`default_nettype wire

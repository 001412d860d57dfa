// Bracketed requirements summed over a group, for the modes other than portfolio:
// pl_brackets_evaluate of host/model/brackets.c, and its callers in add_position and add_orders of
// host/model/sweep.c.
//
// Inputs are jobs (lane_bracket_jobs), which never stall: the caller heeds job_room_o, eight jobs ahead.
// valid_o, a pulse, gives the sums of the group that ended, in order.
// Each evaluation takes one cycle per bracket of its table, one if it is 0: notional * rate, rounded up, in
// both requirements at once, less cum, the largest so far; then the limited sums, in order.
// Errors: what does not fit is limited; overflow_o, of positions and of the sums; order_overflow_o, of the
// evaluations for orders.
`default_nettype none
module lane_brackets #(
    parameter  int unsigned PROFILE = 1,
    parameter  int unsigned CLASSES = 256,
    parameter  int unsigned TABLES  = 64,
    localparam int unsigned ROW_W = 1 + (PROFILE == 1 ? 32'(pl_abi_pkg::PL_ROW_BITS_FULL) : 32'(pl_abi_pkg::PL_ROW_BITS_SMALL)),
    localparam int unsigned CLASS_W = $clog2(CLASSES),
    localparam int unsigned TABLE_W = $clog2(TABLES)
) (
    input  wire                clk_i,
    input  wire                rst_ni,
    input  wire                table_valid_i,
    input  wire  [      511:0] table_record_i,
    input  wire                position_i,
    input  wire                ends_i,
    input  wire                orders_i,
    input  wire                first_negative_i,
    input  wire  [       31:0] first_size_i,
    input  wire                second_negative_i,
    input  wire  [       31:0] second_size_i,
    input  wire  [  ROW_W-1:0] notional_i,
    input  wire  [        7:0] row_shift_i,
    input  wire  [CLASS_W-1:0] class_i,
    output logic               job_room_o,
    output logic               valid_o,
    output logic [       63:0] mm_o,
    output logic [       63:0] im_o,
    output logic               overflow_o,
    output logic               order_overflow_o
);
  localparam int unsigned COEFFICIENT_W = pl_card_pkg::COEFFICIENT_W;
  localparam int unsigned INDEX_W = $clog2(32'(pl_abi_pkg::PL_BRACKETS_MAX));
  localparam int unsigned COUNT_W = INDEX_W + 1;
  localparam int unsigned BRACKET_W = 2 * (64 + COEFFICIENT_W);
  localparam int unsigned SCALE = 32'(money_pkg::SCALE_LATENCY);

  localparam int unsigned KIND_W = 3;
  localparam logic [KIND_W-1:0] KIND_END = 3'd0, KIND_POSITION = 3'd1, KIND_HELD = 3'd2, KIND_BOUGHT = 3'd3,
      KIND_SOLD = 3'd4;

  logic token_valid, token_done, token_none, token_overflow, class_short;
  logic [KIND_W-1:0] token_kind;
  logic [CLASS_W-1:0] class_index;
  logic [TABLE_W-1:0] class_table, token_table;
  logic [COUNT_W-1:0] class_count, token_count;
  logic [63:0] token_money;
  lane_bracket_jobs #(
      .PROFILE(PROFILE),
      .CLASS_W(CLASS_W),
      .TABLE_W(TABLE_W)
  ) u_jobs (
      .clk_i,
      .rst_ni,
      .position_i,
      .ends_i,
      .orders_i,
      .first_negative_i,
      .first_size_i,
      .second_negative_i,
      .second_size_i,
      .notional_i,
      .row_shift_i,
      .class_i,
      .job_room_o,
      .class_o(class_index),
      .short_o(class_short),
      .table_i(class_table),
      .count_i(class_count),
      .token_valid_o(token_valid),
      .token_ready_i(token_done),
      .kind_o(token_kind),
      .none_o(token_none),
      .table_o(token_table),
      .count_o(token_count),
      .money_o(token_money),
      .overflow_o(token_overflow)
  );

  logic awake, go, last;
  logic [INDEX_W-1:0] index_q;
  logic [BRACKET_W-1:0] bracket;
  lane_bracket_tables #(
      .CLASSES(CLASSES),
      .TABLES(TABLES)
  ) u_tables (
      .clk_i,
      .table_valid_i,
      .table_record_i,
      .class_i(class_index),
      .short_i(class_short),
      .table_o(class_table),
      .count_o(class_count),
      .read_i(go),
      .table_i(token_table),
      .index_i(index_q),
      .bracket_o(bracket)
  );
  lane_awake #(
      .CYCLES(SCALE + 8)
  ) u_awake (
      .clk_i,
      .rst_ni,
      .wake_i(token_valid),
      .awake_o(awake)
  );

  // One bracket per cycle.
  assign go = token_valid && awake;
  assign last = token_none || token_kind == KIND_END || COUNT_W'(index_q) + COUNT_W'(1) == token_count;
  assign token_done = go && last;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) index_q <= '0;
    else if (go) index_q <= last ? '0 : index_q + 1'b1;
  end

  // What travels beside the scaling: {none, first, last, kind, notional overflow}.
  localparam int unsigned SIDE_W = 4 + KIND_W;
  logic [SIDE_W-1:0] side_q, side_late;
  logic [63:0] money_q;
  logic [SCALE:0] valid_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (awake) valid_q <= {valid_q[SCALE-1:0], go};
  end
  always_ff @(posedge clk_i) begin
    if (go) begin
      money_q <= token_money;
      side_q <= {token_none, index_q == '0, last, token_kind, token_overflow};
    end
  end
  delay #(
      .WIDTH(SIDE_W),
      .DEPTH(SCALE)
  ) u_side (
      .clk_i,
      .en_i(awake),
      .data_i(side_q),
      .data_o(side_late)
  );

  // Maintenance and initial: scale, subtract, keep the largest. A difference below 0 counts as 0.
  logic difference_valid_q, value_valid_q;
  logic [SIDE_W-1:0] difference_side_q, value_side_q;
  logic [2*64-1:0] best;
  logic [1:0] value_overflow;
  for (genvar r = 0; r < 2; r++) begin : g_requirement
    logic signed [63:0] scaled, cum;
    logic signed [64:0] difference_q;
    logic [62:0] value_q, best_q;
    logic scale_overflow, scale_overflow_q, overflow_q;
    // verilator lint_off UNUSEDSIGNAL
    logic scale_valid;
    // verilator lint_on UNUSEDSIGNAL
    money_scale #(
        .COEFFICIENT_WIDTH(COEFFICIENT_W)
    ) u_scale (
        .clk_i,
        .rst_ni,
        .en_i(awake),
        .valid_i(valid_q[0]),
        .money_i(money_q),
        .coefficient_i(bracket[r*(64+COEFFICIENT_W)+:COEFFICIENT_W]),
        .up_i(1'b1),
        .valid_o(scale_valid),
        .money_o(scaled),
        .overflow_o(scale_overflow)
    );
    delay #(
        .WIDTH(64),
        .DEPTH(SCALE)
    ) u_cum (
        .clk_i,
        .en_i(awake),
        .data_i(bracket[r*(64+COEFFICIENT_W)+COEFFICIENT_W+:64]),
        .data_o(cum)
    );
    always_ff @(posedge clk_i) begin
      if (awake) begin
        difference_q <= 65'(scaled) - 65'(cum);
        scale_overflow_q <= scale_overflow;
        value_q <= difference_q[64] || difference_side_q[SIDE_W-1] ? '0
            : difference_q[63] ? '1 : difference_q[62:0];
        overflow_q <= scale_overflow_q || difference_q[64] != difference_q[63];
        if (value_valid_q && (value_side_q[SIDE_W-2] || value_q > best_q)) best_q <= value_q;
      end
    end
    assign best[r*64+:64] = {1'b0, best_q};
    assign value_overflow[r] = overflow_q;
  end

  logic bracket_overflow_q, result_valid_q;
  logic [KIND_W-1:0] result_kind_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      difference_valid_q <= 1'b0;
      value_valid_q <= 1'b0;
      result_valid_q <= 1'b0;
    end else if (awake) begin
      difference_valid_q <= valid_q[SCALE];
      value_valid_q <= difference_valid_q;
      result_valid_q <= value_valid_q && value_side_q[SIDE_W-3];
    end
  end
  always_ff @(posedge clk_i) begin
    if (awake) begin
      difference_side_q <= side_late;
      value_side_q <= difference_side_q;
      if (value_valid_q) begin
        result_kind_q <= value_side_q[1+:KIND_W];
        bracket_overflow_q <= !value_side_q[SIDE_W-1] &&
            (value_side_q[0] || value_overflow != '0 || (bracket_overflow_q && !value_side_q[SIDE_W-2]));
      end
    end
  end

  // Results in order: the worse side of orders, then what a result adds, then the sums.
  logic [63:0] mm, im, held_q, most_q, mm_1_q, im_1_q, mm_2_q, im_2_q;
  logic valid_1_q, valid_2_q, overflow_1_q, overflow_2_q;
  logic [KIND_W-1:0] kind_1_q, kind_2_q;
  assign {im, mm} = best;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_1_q <= 1'b0;
      valid_2_q <= 1'b0;
    end else if (awake) begin
      valid_1_q <= result_valid_q;
      valid_2_q <= valid_1_q;
    end
  end
  always_ff @(posedge clk_i) begin
    if (awake) begin
      if (result_valid_q) begin
        if (result_kind_q == KIND_HELD) held_q <= im;
        if (result_kind_q == KIND_HELD || im > most_q) most_q <= im;
        kind_1_q <= result_kind_q;
        overflow_1_q <= bracket_overflow_q;
        mm_1_q <= mm;
        im_1_q <= im;
      end
      if (valid_1_q) begin
        kind_2_q <= kind_1_q;
        overflow_2_q <= overflow_1_q;
        mm_2_q <= kind_1_q == KIND_POSITION ? mm_1_q : '0;
        im_2_q <= kind_1_q == KIND_POSITION ? im_1_q : kind_1_q == KIND_SOLD ? most_q - held_q : '0;
      end
    end
  end

  logic [62:0] mm_sum_q, im_sum_q;  // never negative
  logic [63:0] mm_sum, im_sum;
  logic overflow_q, order_overflow_q, for_orders;
  assign mm_sum = {1'b0, mm_sum_q} + mm_2_q;
  assign im_sum = {1'b0, im_sum_q} + im_2_q;
  assign for_orders = kind_2_q == KIND_HELD || kind_2_q == KIND_BOUGHT || kind_2_q == KIND_SOLD;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_o <= 1'b0;
      mm_sum_q <= '0;
      im_sum_q <= '0;
      overflow_q <= 1'b0;
      order_overflow_q <= 1'b0;
    end else begin
      valid_o <= valid_2_q && kind_2_q == KIND_END && awake;
      if (valid_2_q && awake) begin
        if (kind_2_q == KIND_END) begin
          mm_sum_q <= '0;
          im_sum_q <= '0;
          overflow_q <= 1'b0;
          order_overflow_q <= 1'b0;
        end else begin
          mm_sum_q <= mm_sum[63] ? '1 : mm_sum[62:0];
          im_sum_q <= im_sum[63] ? '1 : im_sum[62:0];
          overflow_q <= overflow_q || mm_sum[63] || im_sum[63] || (overflow_2_q && !for_orders);
          order_overflow_q <= order_overflow_q || (overflow_2_q && for_orders);
        end
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (valid_2_q && awake) begin
      mm_o <= {1'b0, mm_sum_q};
      im_o <= {1'b0, im_sum_q};
      overflow_o <= overflow_q;
      order_overflow_o <= order_overflow_q;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_nothing_sleeps: assert (awake || (valid_q == '0 && !difference_valid_q && !value_valid_q &&
          !result_valid_q && !valid_1_q && !valid_2_q));
    end
  end
endmodule
`default_nettype wire

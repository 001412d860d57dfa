// Requirements to evaluate, one after the other, with their notional money: the front of
// pl_brackets_evaluate, and the order in which add_position and add_orders of host/model/sweep.c call it.
//
// A job is what became of a slot: the end of the group before it, a position, or orders on the position
// before. It yields tokens in this order: the end, the position; or held, bought, sold.
// job_room_o is a register: eight more jobs fit.
// Tokens: kind (lane_brackets.sv), the notional's money and whether it overflowed, table and its count;
// none_o: no table or no lots, the result is 0. Latency from token to token_valid_o is fixed; tokens wait
// in a FIFO until token_ready_i. Throughput 1 token per cycle. Errors: none.
`default_nettype none
module lane_bracket_jobs #(
    parameter  int unsigned PROFILE = 1,
    parameter  int unsigned CLASS_W = 8,
    parameter  int unsigned TABLE_W = 6,
    localparam int unsigned ROW_W = 1 + (PROFILE == 1 ? 32'(pl_abi_pkg::PL_ROW_BITS_FULL) : 32'(pl_abi_pkg::PL_ROW_BITS_SMALL)),
    localparam int unsigned COUNT_W = $clog2(32'(pl_abi_pkg::PL_BRACKETS_MAX)) + 1,
    localparam int unsigned KIND_W = 3
) (
    input  wire                clk_i,
    input  wire                rst_ni,
    input  wire                position_i,
    input  wire                ends_i,
    input  wire                orders_i,
    input  wire                first_negative_i,   // lots, or lots + buy
    input  wire  [       31:0] first_size_i,
    input  wire                second_negative_i,  // lots - sell
    input  wire  [       31:0] second_size_i,
    input  wire  [  ROW_W-1:0] notional_i,         // of position_i: its row's
    input  wire  [        7:0] row_shift_i,
    input  wire  [CLASS_W-1:0] class_i,
    output logic               job_room_o,

    output logic [CLASS_W-1:0] class_o,  // of lane_bracket_tables, which answers 2 cycles later
    output logic               short_o,
    input  wire  [TABLE_W-1:0] table_i,
    input  wire  [COUNT_W-1:0] count_i,

    output logic               token_valid_o,
    input  wire                token_ready_i,
    output logic [ KIND_W-1:0] kind_o,
    output logic               none_o,
    output logic [TABLE_W-1:0] table_o,
    output logic [COUNT_W-1:0] count_o,
    output logic [       63:0] money_o,
    output logic               overflow_o
);
  localparam int unsigned MAGNITUDE_W = ROW_W - 1;
  localparam int unsigned PRODUCT_W = ROW_W + 32;
  localparam int WIDE = pl_pricing_pkg::tile_wide(PROFILE);
  localparam int MUL = mul_tiled_pkg::latency(32, MAGNITUDE_W, WIDE, pl_pricing_pkg::TILE_NARROW);
  localparam int unsigned NARROW = 4;
  localparam int unsigned LATENCY = 32'(MUL) + 1 + NARROW;  // token register to the FIFO of tokens
  localparam int unsigned LOOKUP = 2;
  localparam int unsigned JOBS = 32;
  localparam int unsigned TOKENS = 32;
  localparam int unsigned JOB_W = 3 + 2 * 33 + ROW_W + 8 + CLASS_W;

  if (PROFILE != 1 && PROFILE != 2) begin : g_profile $error("lane_bracket_jobs: PROFILE"); end
  if (CLASS_W < 1) begin : g_class $error("lane_bracket_jobs: CLASS_W must be at least 1"); end
  if (TABLE_W < 1) begin : g_table $error("lane_bracket_jobs: TABLE_W must be at least 1"); end

  // Jobs.
  logic job_valid, job_done, jobs_full, push_ready;
  logic job_position, job_ends, job_orders, first_negative, second_negative;
  logic [31:0] first_size, second_size;
  logic [ROW_W-1:0] notional, notional_q;
  logic [7:0] row_shift, row_shift_q;
  logic [CLASS_W-1:0] job_class, class_q;
  logic [$clog2(JOBS+1)-1:0] job_level;
  fifo #(
      .WIDTH(JOB_W),
      .DEPTH(JOBS),
      .READ_STAGES(0),
      .ALMOST_FULL(JOBS - 8)
  ) u_jobs (
      .clk_i,
      .rst_ni,
      .valid_i(position_i || ends_i || orders_i),
      .ready_o(push_ready),
      .data_i({position_i, ends_i, orders_i, first_negative_i, first_size_i, second_negative_i,
               second_size_i, notional_i, row_shift_i, class_i}),
      .valid_o(job_valid),
      .ready_i(job_done),
      .data_o({job_position, job_ends, job_orders, first_negative, first_size, second_negative,
               second_size, notional, row_shift, job_class}),
      .level_o(job_level),
      .almost_full_o(jobs_full)
  );
  assign job_room_o = !jobs_full;

  logic awake;
  lane_awake #(
      .CYCLES(LATENCY + 4)
  ) u_awake (
      .clk_i,
      .rst_ni,
      .wake_i(job_valid),
      .awake_o(awake)
  );

  // One token per cycle.
  logic [1:0] step_q;  // 0: the end, 1: position or held, 2: bought, 3: sold
  logic [1:0] step;
  logic go, tokens_full, lots_negative_q;
  logic [31:0] lots_size_q;
  assign step = step_q == 2'd0 && !job_ends ? 2'd1 : step_q;
  assign go = job_valid && awake && !tokens_full;
  always_comb begin
    case (step)
      2'd0: job_done = go && !job_position;
      2'd1: job_done = go && !job_orders;
      2'd2: job_done = 1'b0;
      default: job_done = go;
    endcase
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) step_q <= '0;
    else if (go) step_q <= job_done ? 2'd0 : step + 1'b1;
  end

  logic token_q, none_q, negative_q;
  logic [KIND_W-1:0] kind_q;
  logic [31:0] size_q;
  logic [ROW_W-1:0] column_q;
  logic [7:0] shift_q;
  logic negative, is_position;
  logic [31:0] size;
  assign is_position = step == 2'd1 && job_position;
  always_comb begin
    case (step)
      2'd2: {negative, size} = {first_negative, first_size};
      2'd3: {negative, size} = {second_negative, second_size};
      default: begin
        {negative, size} = job_position ? {first_negative, first_size} : {lots_negative_q, lots_size_q};
      end
    endcase
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) token_q <= 1'b0;
    else token_q <= go;
  end
  always_ff @(posedge clk_i) begin
    if (go) begin
      kind_q <= step == 2'd0 ? 3'd0 : is_position ? 3'd1 : 3'd1 + KIND_W'(step);
      none_q <= size == '0;
      negative_q <= negative;
      size_q <= size;
      column_q <= is_position ? notional : notional_q;
      shift_q <= is_position ? row_shift : row_shift_q;
      class_q <= is_position ? job_class : class_q;
      if (is_position) begin
        {lots_negative_q, lots_size_q} <= {first_negative, first_size};
        notional_q <= notional;
        row_shift_q <= row_shift;
      end
    end
  end
  assign class_o = class_q;
  assign short_o = negative_q;

  // Notional money.
  logic [PRODUCT_W-2:0] magnitude;
  logic signed [PRODUCT_W-1:0] product_q;
  logic minus, evaluates, money_overflow;
  logic [7:0] shift_late;
  logic signed [63:0] money;
  // verilator lint_off UNUSEDSIGNAL
  logic narrow_valid;  // the token's own comes with it
  // verilator lint_on UNUSEDSIGNAL
  mul_tiled #(
      .X_W(32),
      .Y_W(MAGNITUDE_W),
      .SHIFT(0),
      .WIDE(WIDE),
      .NARROW(pl_pricing_pkg::TILE_NARROW)
  ) u_multiply (
      .clk_i,
      .en_i(awake),
      .x_i(size_q),
      .y_i(column_q[MAGNITUDE_W-1:0]),
      .p_o(magnitude)
  );
  delay #(
      .WIDTH(1),
      .DEPTH(MUL)
  ) u_minus (
      .clk_i,
      .en_i(awake),
      .data_i(column_q[ROW_W-1]),
      .data_o(minus)
  );
  delay #(
      .WIDTH(8),
      .DEPTH(MUL + 1)
  ) u_shift (
      .clk_i,
      .en_i(awake),
      .data_i(shift_q),
      .data_o(shift_late)
  );
  always_ff @(posedge clk_i) begin
    if (awake) product_q <= minus ? -signed'({1'b0, magnitude}) : signed'({1'b0, magnitude});
  end
  // Tokens at the narrowing's input and at its output.
  logic [LATENCY-1:0] valid_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (awake) valid_q <= {valid_q[LATENCY-2:0], token_q};
  end
  narrow #(
      .SUM_WIDTH(PRODUCT_W)
  ) u_money (
      .clk_i,
      .rst_ni,
      .en_i(awake),
      .valid_i(valid_q[MUL] && evaluates),
      .sum_i(product_q),
      .shift_i(shift_late),
      .up_i(1'b1),
      .valid_o(narrow_valid),
      .money_o(money),
      .overflow_o(money_overflow)
  );
  delay #(
      .WIDTH(1),
      .DEPTH(MUL + 1)
  ) u_evaluates (
      .clk_i,
      .en_i(awake),
      .data_i(kind_q != '0),
      .data_o(evaluates)
  );

  logic [KIND_W-1:0] kind_late;
  logic none_late;
  logic [TABLE_W-1:0] table_late;
  logic [COUNT_W-1:0] count_late;
  delay #(
      .WIDTH(KIND_W + 1),
      .DEPTH(LATENCY)
  ) u_kind (
      .clk_i,
      .en_i(awake),
      .data_i({kind_q, none_q}),
      .data_o({kind_late, none_late})
  );
  delay #(
      .WIDTH(TABLE_W + COUNT_W),
      .DEPTH(LATENCY - LOOKUP)
  ) u_table (
      .clk_i,
      .en_i(awake),
      .data_i({table_i, count_i}),
      .data_o({table_late, count_late})
  );

  // Tokens that wait for the brackets.
  logic token_push_ready;
  logic [$clog2(TOKENS+1)-1:0] token_level;
  fifo #(
      .WIDTH(KIND_W + 1 + TABLE_W + COUNT_W + 64 + 1),
      .DEPTH(TOKENS),
      .READ_STAGES(0),
      .ALMOST_FULL(TOKENS - LATENCY - 4)
  ) u_tokens (
      .clk_i,
      .rst_ni,
      .valid_i(valid_q[LATENCY-1] && awake),
      .ready_o(token_push_ready),
      .data_i({kind_late, none_late || table_late == '0, table_late, count_late, money, money_overflow}),
      .valid_o(token_valid_o),
      .ready_i(token_ready_i),
      .data_o({kind_o, none_o, table_o, count_o, money_o, overflow_o}),
      .level_o(token_level),
      .almost_full_o(tokens_full)
  );

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_job_fits: assert (push_ready || !(position_i || ends_i || orders_i));
      a_token_fits: assert (token_push_ready || !valid_q[LATENCY-1]);
      a_levels: assert (32'(job_level) <= JOBS && 32'(token_level) <= TOKENS);
      a_nothing_sleeps: assert (awake || (valid_q == '0 && !token_q));
    end
  end
endmodule
`default_nettype wire

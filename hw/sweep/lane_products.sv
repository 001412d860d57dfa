// Lots times columns of the row, signed, and their sums over a group: the products of add_position and
// add_orders of host/model/sweep.c.
//
// One multiplier per column. In a cycle with orders no row is read, so seven of them compute the
// products of resting orders instead, with columns kept from the position before; lane_orders takes
// those from product_o.
// size_i .. row_i come in one cycle, position_i .. portfolio_i (what became of them) in the next; ends_i
// may come alone. MUL + 1 cycles after position_i come product_o and the events; the sums ACC_W / CHUNK
// rounded up + MUL cycles after ends_i.
// The multipliers are shared as pl_pricing_pkg::TILE_SHARE says: operands come in cycles with step_i.
// Throughput 1 per step, no stall: awake_i must be high from operands to sums. Errors: none: the sums fit.
// Sum m of sums_o: SUM_VALUE .. SUM_BASIS_DOWN, then one per scenario.
`default_nettype none
module lane_products #(
    parameter  int unsigned PROFILE   = 1,
    parameter  int unsigned SCENARIOS = 40,
    localparam int unsigned ROW_W = 1 + (PROFILE == 1 ? 32'(pl_abi_pkg::PL_ROW_BITS_FULL) : 32'(pl_abi_pkg::PL_ROW_BITS_SMALL)),
    localparam int unsigned ENTRIES = 32'(pl_abi_pkg::PL_ROW_WORD_ORDER_NAKED) + SCENARIOS,
    localparam int unsigned PRODUCT_W = ROW_W + 32,  // signed
    localparam int unsigned ACC_W = ROW_W + 48,
    localparam int unsigned COLUMNS = pl_card_pkg::SUM_ORDER_IM + SCENARIOS,
    localparam int unsigned ORDER_PRODUCTS = 6
) (
    input  wire                          clk_i,
    input  wire                          rst_ni,
    input  wire                          awake_i,
    input  wire                          step_i,
    input  wire                          slot_position_i,  // operands of a position, of orders
    input  wire                          slot_orders_i,
    input  wire                          negative_i,
    input  wire  [                 31:0] size_i,
    input  wire                          bought_negative_i,
    input  wire  [                 31:0] bought_size_i,
    input  wire                          sold_negative_i,
    input  wire  [                 31:0] sold_size_i,
    input  wire  [                 31:0] more_i,
    input  wire  [                 27:0] buy_i,
    input  wire  [                 27:0] sell_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [    ENTRIES*ROW_W-1:0] row_i,  // NOTIONAL is not for here
    // verilator lint_on UNUSEDSIGNAL
    input  wire                          position_i,
    input  wire                          opens_i,
    input  wire                          ends_i,
    input  wire                          orders_i,
    input  wire                          portfolio_i,

    output logic                         position_o,
    output logic                         opens_o,
    output logic                         ends_o,
    output logic                         orders_o,
    output logic                         portfolio_o,
    // of a position: its initial column's; of orders: bought, sold, fee, naked, long, short from bit 0 on
    output logic [ORDER_PRODUCTS*PRODUCT_W-1:0] product_o,
    output logic                         valid_o,
    output logic [    COLUMNS*ACC_W-1:0] sums_o
);
  localparam int unsigned MAGNITUDE_W = ROW_W - 1;
  localparam int WIDE = pl_pricing_pkg::tile_wide(PROFILE);
  localparam int SHARE = pl_pricing_pkg::TILE_SHARE;
  localparam int STEPS = mul_tiled_pkg::latency(32, MAGNITUDE_W, WIDE, pl_pricing_pkg::TILE_NARROW);
  localparam int MUL = (STEPS - 1) * SHARE + 1;

  if (PROFILE != 1 && PROFILE != 2) begin : g_profile $error("lane_products: PROFILE"); end
  if (SCENARIOS < 1 || SCENARIOS > 32'(pl_abi_pkg::PL_SCENARIOS_MAX)) begin : g_scenarios
    $error("lane_products: SCENARIOS must lie in 1..PL_SCENARIOS_MAX");
  end

  // The row's entry of sum m when the position is long.
  function automatic int unsigned entry_of(input int unsigned m);
    case (m)
      pl_card_pkg::SUM_VALUE: entry_of = pl_abi_pkg::PL_ROW_WORD_BASE - 1;
      pl_card_pkg::SUM_DELTA: entry_of = pl_abi_pkg::PL_ROW_WORD_DELTA - 1;
      pl_card_pkg::SUM_GAMMA: entry_of = pl_abi_pkg::PL_ROW_WORD_GAMMA - 1;
      pl_card_pkg::SUM_VEGA: entry_of = pl_abi_pkg::PL_ROW_WORD_VEGA - 1;
      pl_card_pkg::SUM_THETA: entry_of = pl_abi_pkg::PL_ROW_WORD_THETA - 1;
      pl_card_pkg::SUM_RHO: entry_of = pl_abi_pkg::PL_ROW_WORD_RHO - 1;
      pl_card_pkg::SUM_FEE: entry_of = pl_abi_pkg::PL_ROW_WORD_FEE - 1;
      pl_card_pkg::SUM_MM: entry_of = pl_abi_pkg::PL_ROW_WORD_MM_LONG - 1;
      pl_card_pkg::SUM_IM: entry_of = pl_abi_pkg::PL_ROW_WORD_IM_LONG - 1;
      pl_card_pkg::SUM_GROSS: entry_of = pl_abi_pkg::PL_ROW_WORD_GROSS - 1;
      pl_card_pkg::SUM_BASIS_UP: entry_of = pl_abi_pkg::PL_ROW_WORD_BASIS_UP - 1;
      pl_card_pkg::SUM_BASIS_DOWN: entry_of = pl_abi_pkg::PL_ROW_WORD_BASIS_DOWN - 1;
      default: entry_of = 32'(pl_abi_pkg::PL_ROW_WORD_ORDER_NAKED) + m - pl_card_pkg::SUM_ORDER_IM;
    endcase
  endfunction
  function automatic bit unsigned_size(input int unsigned m);
    unsigned_size = m == pl_card_pkg::SUM_FEE || m == pl_card_pkg::SUM_MM || m == pl_card_pkg::SUM_IM ||
        m == pl_card_pkg::SUM_GROSS;
  endfunction
  // Sums whose multiplier works for orders.
  localparam int unsigned BOUGHT = pl_card_pkg::SUM_IM;
  localparam int unsigned SOLD = pl_card_pkg::SUM_MM;
  localparam int unsigned FEE = pl_card_pkg::SUM_FEE;
  localparam int unsigned GROSS = pl_card_pkg::SUM_GROSS;
  localparam int unsigned NAKED = pl_card_pkg::SUM_BASIS_UP;
  localparam int unsigned LONG = pl_card_pkg::SUM_BASIS_DOWN;
  localparam int unsigned SHORT = pl_card_pkg::SUM_VALUE;
  localparam int unsigned KEPT = 12;  // multipliers with a second set of operands

  // What orders need of the position before.
  logic [ROW_W-1:0] im_long_q, im_short_q, fee_q, gross_q, order_long_q, order_short_q, order_naked_q;
  always_ff @(posedge clk_i) begin
    if (slot_position_i) begin
      im_long_q <= row_i[(pl_abi_pkg::PL_ROW_WORD_IM_LONG-1)*ROW_W+:ROW_W];
      im_short_q <= row_i[(pl_abi_pkg::PL_ROW_WORD_IM_SHORT-1)*ROW_W+:ROW_W];
      fee_q <= row_i[(pl_abi_pkg::PL_ROW_WORD_FEE-1)*ROW_W+:ROW_W];
      gross_q <= row_i[(pl_abi_pkg::PL_ROW_WORD_GROSS-1)*ROW_W+:ROW_W];
      order_long_q <= row_i[(pl_abi_pkg::PL_ROW_WORD_ORDER_LONG-1)*ROW_W+:ROW_W];
      order_short_q <= row_i[(pl_abi_pkg::PL_ROW_WORD_ORDER_SHORT-1)*ROW_W+:ROW_W];
      order_naked_q <= row_i[(pl_abi_pkg::PL_ROW_WORD_ORDER_NAKED-1)*ROW_W+:ROW_W];
    end
  end

  logic [KEPT*32-1:0] second_size;
  logic [KEPT*ROW_W-1:0] second_column;
  always_comb begin
    second_size = '0;
    second_column = '0;
    second_size[BOUGHT*32+:32] = bought_size_i;
    second_column[BOUGHT*ROW_W+:ROW_W] = bought_negative_i ? im_short_q : im_long_q;
    second_size[SOLD*32+:32] = sold_size_i;
    second_column[SOLD*ROW_W+:ROW_W] = sold_negative_i ? im_short_q : im_long_q;
    second_size[FEE*32+:32] = more_i;
    second_column[FEE*ROW_W+:ROW_W] = fee_q;
    second_size[GROSS*32+:32] = more_i;
    second_column[GROSS*ROW_W+:ROW_W] = gross_q;
    second_size[NAKED*32+:32] = 32'(sell_i);
    second_column[NAKED*ROW_W+:ROW_W] = order_naked_q;
    second_size[LONG*32+:32] = 32'(buy_i);
    second_column[LONG*ROW_W+:ROW_W] = order_long_q;
    second_size[SHORT*32+:32] = 32'(sell_i);
    second_column[SHORT*ROW_W+:ROW_W] = order_short_q;
  end

  // Events, next to the signed products.
  logic [MUL*5-1:0] event_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) event_q <= '0;
    else if (awake_i) begin
      event_q <= (MUL * 5)'({event_q, position_i, opens_i, ends_i, orders_i, portfolio_i});
    end
  end
  assign {position_o, opens_o, ends_o, orders_o, portfolio_o} = event_q[MUL*5-1-:5];
  // verilator lint_off UNUSEDSIGNAL
  logic position_sum, opens_sum, ends_sum, orders_sum, portfolio_sum;  // a cycle before, with the magnitudes
  // verilator lint_on UNUSEDSIGNAL
  assign {position_sum, opens_sum, ends_sum, orders_sum, portfolio_sum} = event_q[(MUL-1)*5-1-:5];

  // The operands, which the multipliers register, and the products' signs. Without a slot they do not matter.
  // Column m of the row, of a long and of a short position, by the entry.
  logic [COLUMNS*32-1:0] sizes;
  logic [COLUMNS*MAGNITUDE_W-1:0] magnitudes;
  logic [COLUMNS-1:0] negative, negative_late;
  logic [ROW_W-1:0] column;
  always_comb begin
    sizes = 'x;
    magnitudes = 'x;
    negative = 'x;
    column = 'x;
    if (slot_position_i || slot_orders_i) begin
      for (int unsigned m = 0; m < COLUMNS; m++) begin
        column = row_i[entry_of(m)*ROW_W+:ROW_W];
        if ((m == pl_card_pkg::SUM_MM || m == pl_card_pkg::SUM_IM) && negative_i) column = row_i[(entry_of(m)+1)*ROW_W+:ROW_W];
        sizes[m*32+:32] = size_i;
        if (m < KEPT && slot_orders_i) begin
          column = second_column[(m%KEPT)*ROW_W+:ROW_W];
          sizes[m*32+:32] = second_size[(m%KEPT)*32+:32];
        end
        magnitudes[m*MAGNITUDE_W+:MAGNITUDE_W] = column[MAGNITUDE_W-1:0];
        negative[m] = column[ROW_W-1] ^ (!unsigned_size(m) && !slot_orders_i && negative_i);
      end
    end
  end

  logic [COLUMNS*(PRODUCT_W-1)-1:0] product_magnitudes;
  mul_tiled #(
      .COUNT(COLUMNS),
      .X_W(32),
      .Y_W(MAGNITUDE_W),
      .SHIFT(0),
      .WIDE(WIDE),
      .NARROW(pl_pricing_pkg::TILE_NARROW),
      .SHARE(SHARE)
  ) u_multiply (
      .clk_i,
      .en_i(awake_i && step_i),
      .x_i(sizes),
      .y_i(magnitudes),
      .p_o(product_magnitudes)
  );
  delay #(
      .WIDTH(COLUMNS),
      .DEPTH(STEPS)
  ) u_negative (
      .clk_i,
      .en_i(awake_i && step_i),
      .data_i(negative),
      .data_o(negative_late)
  );

  // Signed, for orders.
  function automatic int unsigned order_sum(input int unsigned k);
    case (k)
      0: order_sum = BOUGHT;
      1: order_sum = SOLD;
      2: order_sum = FEE;
      3: order_sum = NAKED;
      4: order_sum = LONG;
      default: order_sum = SHORT;
    endcase
  endfunction
  always_ff @(posedge clk_i) begin : orders
    logic [PRODUCT_W-1:0] product;
    if (awake_i) begin
      for (int unsigned k = 0; k < ORDER_PRODUCTS; k++) begin
        product = {1'b0, product_magnitudes[order_sum(k)*(PRODUCT_W-1)+:PRODUCT_W-1]};
        product_o[k*PRODUCT_W+:PRODUCT_W] <=
            (product ^ {PRODUCT_W{negative_late[order_sum(k)]}}) + PRODUCT_W'(negative_late[order_sum(k)]);
      end
    end
  end

  logic [COLUMNS*PRODUCT_W-1:0] products;
  logic [COLUMNS-1:0] adds;
  logic sums_valid;
  always_comb begin
    for (int unsigned m = 0; m < COLUMNS; m++) begin
      products[m*PRODUCT_W+:PRODUCT_W] = {1'b0, product_magnitudes[m*(PRODUCT_W-1)+:PRODUCT_W-1]};
    end
    adds = {COLUMNS{position_sum}};
    adds[GROSS] = position_sum || orders_sum;
  end
  accumulator #(
      .COUNT(COLUMNS),
      .PRODUCT_WIDTH(PRODUCT_W),
      .SUM_WIDTH(ACC_W),
      .CHUNK(ACC_W / 2),
      .LIMITED(0)
  ) u_sum (
      .clk_i,
      .rst_ni,
      .en_i(awake_i),
      .valid_i(adds),
      .first_i(opens_sum),
      .end_i(ends_sum),
      .product_i(products),
      .negative_i(negative_late),
      .valid_o(sums_valid),
      .sum_o(sums_o),
      // verilator lint_off PINCONNECTEMPTY
      .overflow_o()
      // verilator lint_on PINCONNECTEMPTY
  );
  assign valid_o = sums_valid && awake_i;
endmodule
`default_nettype wire

// The requirement columns of a row: gross, notional, five rates of them, and the naked requirement.
//
// Starts with the row's gross value (early_valid_i with early_gross_i), at most every 10 cycles; a linear row's base comes before
// it. done_valid_o follows about 20 cycles later. One money_scale, six products in turn. Columns are read by {slot, which}: the
// rates as 0..4 (mm_long, mm_short, im_long, im_short, fee), order_naked 5; gross and notional apart.
// limited_valid_o: a column of limited_slot_o is the limit (price times unit itself included). No stall, no errors.
// Reference: fill_requirements() and the end of fill_orders() in host/model/row.c.
`default_nettype none

module pl_row_requirements #(
    parameter  int PROFILE = pl_pricing_pkg::FULL,
    localparam int BITS = pl_pricing_pkg::row_bits(PROFILE)
) (
    input  wire             clk_i,
    input  wire             rst_ni,
    input  wire             step_i,
    input  wire             row_valid_i,
    input  wire [      3:0] row_slot_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire pl_pricing_pkg::pl_row_head_t       row_i,
    input  wire pl_pricing_pkg::pl_row_class_t      class_i,
    input  wire pl_pricing_pkg::pl_row_underlying_t underlying_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire             early_valid_i,
    input  wire             early_gross_i,
    input  wire [      3:0] early_slot_i,
    input  wire [ BITS-1:0] early_magnitude_i,
    input  wire             early_saturated_i,
    input  wire [      3:0] read_slot_i,
    input  wire [      2:0] read_which_i,
    output logic [BITS-1:0] read_value_o,
    output logic [BITS-1:0] read_gross_o,
    output logic [BITS-1:0] read_notional_o,
    output logic            limited_valid_o,
    output logic [     3:0] limited_slot_o,
    output logic            done_valid_o,
    output logic [     3:0] done_slot_o
);
  localparam int SLOTS = pl_pricing_pkg::SLOTS;
  localparam int RATE = 47;
  localparam logic [2:0] FEE = 3'd4, NAKED = 3'd5;
  localparam int MONEY = money_pkg::SCALE_LATENCY;

  logic [6*RATE:0] words[SLOTS];  // whether linear, then the rates in the order of the columns
  wire [RATE-1:0] naked = row_i.option ? underlying_i.naked_im : '0;
  always_ff @(posedge clk_i) begin
    if (row_valid_i)
      words[row_slot_i] <= {
        row_i.linear, naked, class_i.fee, class_i.im_short, class_i.im_long, class_i.mm_short, class_i.mm_long
      };
  end

  wire start = early_valid_i && early_gross_i;
  logic busy_q;
  logic [2:0] which_q;
  logic [3:0] slot_q;
  logic [6*RATE:0] words_q;
  logic [BITS-1:0] base_q, gross_q;
  logic saturated_q;
  wire linear = words_q[6*RATE];
  wire [BITS-1:0] notional = linear ? base_q : gross_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
    end else if (step_i) begin
      if (start) busy_q <= 1'b1;
      else if (which_q == NAKED) busy_q <= 1'b0;
      a_free: assert (!start || !busy_q);
    end
  end
  logic [BITS-1:0] early_base_q;
  always_ff @(posedge clk_i) begin
    if (early_valid_i && !early_gross_i) early_base_q <= early_magnitude_i;
    if (step_i) which_q <= start ? '0 : which_q + 3'(busy_q && which_q != NAKED);
    if (start) begin
      slot_q <= early_slot_i;
      base_q <= early_base_q;
      gross_q <= early_magnitude_i;
      saturated_q <= early_saturated_i;
      words_q <= words[early_slot_i];
    end else if (step_i && busy_q) begin
      words_q[6*RATE-1:0] <= (6 * RATE)'(words_q[6*RATE-1:RATE]);
    end
  end

  wire signed [63:0] money;
  wire scaled;
  wire valid = scaled && step_i;
  wire [3:0] slot;
  wire [2:0] which;
  // verilator lint_off UNUSEDSIGNAL
  wire overflow;  // then the money is a limit as well
  // verilator lint_on UNUSEDSIGNAL
  money_scale #(
      .SHARE(pl_pricing_pkg::TILE_SHARE)
  ) u_rate (
      .clk_i, .rst_ni, .en_i(step_i), .valid_i(busy_q), .money_i({(64 - BITS)'(0), which_q == FEE ? notional : gross_q}),
      .coefficient_i(48'(words_q[RATE-1:0])), .up_i(1'b1), .valid_o(scaled), .money_o(money), .overflow_o(overflow)
  );
  delay #(.WIDTH(7), .DEPTH(MONEY)) u_column (
      .clk_i, .en_i(step_i), .data_i({slot_q, which_q}), .data_o({slot, which})
  );
  wire limited = money[63:BITS] != '0;
  logic [BITS-1:0] columns[SLOTS*8];
  logic [2*BITS-1:0] values[SLOTS];
  always_ff @(posedge clk_i) if (valid) columns[{slot, which}] <= limited ? {BITS{1'b1}} : money[BITS-1:0];
  always_ff @(posedge clk_i) if (busy_q && which_q == '0) values[slot_q] <= {notional, gross_q};
  assign read_value_o = columns[{read_slot_i, read_which_i}];
  assign {read_notional_o, read_gross_o} = values[read_slot_i];
  assign limited_valid_o = valid && (limited || saturated_q);
  assign limited_slot_o = slot;
  assign done_valid_o = valid && which == NAKED;
  assign done_slot_o = slot;

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL) $error("pl_row_requirements: PROFILE");
endmodule
`default_nettype wire

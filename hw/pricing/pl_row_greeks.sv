// The Greek columns of an option's row and the Greeks of its quote, from its base evaluation.
//
// Enters with base_valid_i, at most every 18 cycles; done_valid_o follows about 32 cycles later. Seven products in turn by
// pl_row_multiplier: gamma F, delta F, vega/100, theta/365, rho/100, then gamma F F and gamma F F/100.
// Columns are read by {slot, which}: delta, gamma, vega, theta, rho as 0..4, sign above the magnitude. limited_valid_o: a column
// of limited_slot_o is the limit. The forward is taken with row_valid_i, as a real. Stall: en_i = 0 holds it. No errors.
// Reference: fill_option() and greek_entry() in host/model/row.c.
`default_nettype none

module pl_row_greeks #(
    parameter  int PROFILE = pl_pricing_pkg::FULL,
    localparam int BITS = pl_pricing_pkg::row_bits(PROFILE)
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          en_i,
    input  wire          row_valid_i,
    input  wire  [  3:0] row_slot_i,
    input  wire  [ 64:0] forward_i,        // pl_pricing_pkg::pl_ureal_t
    input  wire          base_valid_i,
    input  wire  [  3:0] base_slot_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire pl_pricing_pkg::pl_price_out_t base_i,
    input  wire  [107:0] product_i,
    // verilator lint_on UNUSEDSIGNAL
    output logic         multiply_valid_o,
    output logic [ 51:0] multiply_x_o,
    output logic [ 51:0] multiply_y_o,
    input  wire          product_valid_i,
    input  wire  [  3:0] read_slot_i,
    input  wire  [  2:0] read_which_i,
    output logic [ 63:0] read_value_o,     // sign and magnitude
    output logic [383:0] read_quote_o,     // delta, gamma, vega, theta, theta_decay, rho from the low end
    output logic         limited_valid_o,
    output logic [  3:0] limited_slot_o,
    output logic         done_valid_o,
    output logic [  3:0] done_slot_o
);
  localparam int SLOTS = pl_pricing_pkg::SLOTS;
  localparam int MUL = pl_pricing_pkg::ROW_MUL;
  localparam logic [64:0] HUNDREDTH = {-13'sd6, 52'd2882303761517117};  // 1/100 and 1/365, half-up
  localparam logic [64:0] DAY = {-13'sd8, 52'd3158689053717389};
  localparam logic [4:0] STEP = 5'(MUL + 1);  // from one product of gamma to the next
  localparam logic [4:0] LAST = 5'(2 * (MUL + 1));
  localparam logic [2:0] TO_DELTA = 3'd0, TO_GAMMA = 3'd1, TO_VEGA = 3'd2, TO_THETA = 3'd3, TO_RHO = 3'd4, ONWARDS = 3'd7;

  logic [64:0] forwards[SLOTS];
  always_ff @(posedge clk_i) if (row_valid_i) forwards[row_slot_i] <= forward_i;

  // The quote's words.
  localparam int QUOTE = 6;
  wire [QUOTE*65-1:0] greeks = {base_i.rho, base_i.theta_decay, base_i.theta, base_i.vega, base_i.gamma, base_i.delta};
  wire [QUOTE*64-1:0] quote;
  logic [QUOTE*64-1:0] quotes[SLOTS];
  for (genvar g = 0; g < QUOTE; g++) begin : g_quote
    pl_real_binary64 u_bits (.x_i(greeks[65*g+:65]), .bits_o(quote[64*g+:64]));
  end
  always_ff @(posedge clk_i) if (base_valid_i) quotes[base_slot_i] <= quote;
  assign read_quote_o = quotes[read_slot_i];

  // The sequence.
  logic busy_q;
  logic [4:0] step_q;
  logic [3:0] slot_q;
  logic [64:0] forward_q, delta_q, gamma_q, vega_q, theta_q, rho_q;
  // verilator lint_off UNUSEDSIGNAL
  logic [64:0] x;  // sign, exponent of 12 bits, mantissa; the exponent apart
  // verilator lint_on UNUSEDSIGNAL
  logic [64:0] y;  // exponent of 13 bits, mantissa
  logic [12:0] x_e, gamma_e_q;
  logic [2:0] to;
  logic [12:0] product_e;
  logic [51:0] product_m, gamma_m_q;
  logic ask;
  always_comb begin
    x = gamma_q;
    x_e = {gamma_q[63], gamma_q[63:52]};
    y = forward_q;
    to = ONWARDS;
    ask = busy_q;
    case (step_q)
      5'd0: to = ONWARDS;
      5'd1: begin x = delta_q; x_e = {delta_q[63], delta_q[63:52]}; to = TO_DELTA; end
      5'd2: begin x = vega_q; x_e = {vega_q[63], vega_q[63:52]}; y = HUNDREDTH; to = TO_VEGA; end
      5'd3: begin x = theta_q; x_e = {theta_q[63], theta_q[63:52]}; y = DAY; to = TO_THETA; end
      5'd4: begin x = rho_q; x_e = {rho_q[63], rho_q[63:52]}; y = HUNDREDTH; to = TO_RHO; end
      STEP: begin x[51:0] = gamma_m_q; x_e = gamma_e_q; end
      LAST: begin x[51:0] = gamma_m_q; x_e = gamma_e_q; y = HUNDREDTH; to = TO_GAMMA; end
      default: ask = 1'b0;
    endcase
  end
  assign multiply_valid_o = ask;
  assign multiply_x_o = x[51:0];
  assign multiply_y_o = y[51:0];
  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= 1'b0;
    else if (en_i) begin
      if (base_valid_i) busy_q <= 1'b1;
      else if (step_q == LAST) busy_q <= 1'b0;
      a_free: assert (!base_valid_i || !busy_q);
    end
  end
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      step_q <= base_valid_i ? '0 : step_q + 5'(busy_q);
      if (base_valid_i) begin
        slot_q <= base_slot_i;
        forward_q <= forwards[base_slot_i];
        delta_q <= base_i.delta;
        gamma_q <= base_i.gamma;
        vega_q <= base_i.vega;
        theta_q <= base_i.theta;
        rho_q <= base_i.rho;
      end
      if (product_valid_i && to_late == ONWARDS) begin
        gamma_m_q <= product_m;
        gamma_e_q <= product_e;
      end
    end
  end

  // What each product is of, and the column.
  wire [12:0] e_late;
  wire [2:0] to_late;
  wire [3:0] slot_late;
  wire negative_late;
  wire [12:0] e_early = x_e + y[64:52] - (to == TO_GAMMA ? 13'(pl_abi_pkg::PL_GAMMA_SHIFT) : 13'd0);
  delay #(.WIDTH(21), .DEPTH(MUL)) u_late (
      .clk_i, .en_i, .data_i({e_early, to, slot_q, x[64]}), .data_o({e_late, to_late, slot_late, negative_late})
  );
  pl_real_product u_product (.product_i(product_i[103:0]), .e_i(e_late), .m_o(product_m), .e_o(product_e));
  wire negative, limited;
  wire [BITS-1:0] magnitude;
  logic [3:0] valid_q;
  wire [2:0] which;
  wire [3:0] slot;
  pl_real_to_entry #(.BITS(BITS)) u_entry (
      .clk_i, .en_i, .negative_i(negative_late), .m_i(product_m), .e_i(product_e),
      .negative_o(negative), .magnitude_o(magnitude), .limited_o(limited)
  );
  delay #(.WIDTH(7), .DEPTH(4)) u_column (.clk_i, .en_i, .data_i({to_late, slot_late}), .data_o({which, slot}));
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (en_i) valid_q <= {valid_q[2:0], product_valid_i && to_late != ONWARDS};
  end
  wire write = valid_q[3] && en_i;
  logic [BITS:0] columns[SLOTS*8];
  always_ff @(posedge clk_i) if (write) columns[{slot, which}] <= {negative, magnitude};
  wire [BITS:0] column = columns[{read_slot_i, read_which_i}];
  assign read_value_o = {column[BITS], 63'(column[BITS-1:0])};
  assign limited_valid_o = write && limited;
  assign limited_slot_o = slot;
  assign done_valid_o = write && which == TO_GAMMA;
  assign done_slot_o = slot;

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL) $error("pl_row_greeks: PROFILE");
endmodule
`default_nettype wire

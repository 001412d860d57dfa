// A beat's scenario sums as P&L, WAYS side by side: narrow_down and scenario_pnl() of
// host/model/close_expiry.c.
//
// Latency 2 * S + 7 cycles, S = money_pkg::SCALE_LATENCY; throughput 1 per cycle, never stalls, and
// nothing moves but for beats. Inputs other than the sums and their shift come when they are needed:
// the number in a name is the cycle after the sums', p is S + 5. overflow_o: some step of this P&L did
// not fit.
`default_nettype none
module close_scenario #(
    parameter  int unsigned WAYS = 11,
    localparam int unsigned C    = pl_card_pkg::COEFFICIENT_W,
    localparam int unsigned W    = pl_card_pkg::SUM_W
) (
    input  wire                clk_i,
    input  wire                rst_ni,
    input  wire                valid_i,
    input  wire  [ WAYS*W-1:0] sum_i,
    input  wire  signed [ 7:0] shift_i,
    input  wire  [      C-1:0] long_discount_4_i,
    input  wire  [      C-1:0] short_discount_4_i,
    input  wire  [       63:0] base_p_i,
    input  wire  [   WAYS-1:0] skew_p_1_i,        // a cycle after base_p_i
    input  wire  [ WAYS*C-1:0] dampening_p_1_i,
    output logic [WAYS*64-1:0] pnl_o,
    output logic [   WAYS-1:0] overflow_o
);
  localparam int unsigned S = 32'(money_pkg::SCALE_LATENCY);

  logic [WAYS*64-1:0] value, value_5_q, discounted, change, skewed_q;
  logic [WAYS*C-1:0] discount_5_q, dampening_q;
  logic [WAYS-1:0] value_over, discount_over, change_over, dampen_over, over_p, over_p_1_q, over;
  logic value_valid, valid_5_q, discount_valid, valid_p_1_q, valid_p_2_q;
  // verilator lint_off UNUSEDSIGNAL
  logic dampen_valid;
  // verilator lint_on UNUSEDSIGNAL
  logic [2*S+6:1] at_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) at_q <= '0;
    else at_q <= {at_q[2*S+5:1], valid_i};
  end
  assign valid_5_q = at_q[5];
  assign valid_p_1_q = at_q[S+6];
  assign valid_p_2_q = at_q[S+7];

  narrow #(
      .SUM_WIDTH(W),
      .COUNT(WAYS)
  ) u_narrow (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i,
      .sum_i,
      .shift_i,
      .up_i('0),
      .valid_o(value_valid),
      .money_o(value),
      .overflow_o(value_over)
  );
  always_ff @(posedge clk_i) begin
    if (value_valid) begin
      value_5_q <= value;
      for (int unsigned w = 0; w < WAYS; w++) begin
        discount_5_q[w*C+:C] <= value[w*64+63] ? short_discount_4_i : long_discount_4_i;
      end
    end
  end
  money_scale #(
      .COUNT(WAYS)
  ) u_discount (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(valid_5_q),
      .money_i(value_5_q),
      .coefficient_i(discount_5_q),
      .up_i('0),
      .valid_o(discount_valid),
      .money_o(discounted),
      .overflow_o(discount_over)
  );
  money_add #(
      .SUBTRACT(1),
      .COUNT(WAYS)
  ) u_change (
      .clk_i,
      .en_i(discount_valid),
      .a_i(discounted),
      .b_i({WAYS{base_p_i}}),
      .sum_o(change),
      .overflow_o(change_over)
  );
  always_ff @(posedge clk_i) begin : skew
    logic negate;
    if (valid_p_1_q) begin
      for (int unsigned w = 0; w < WAYS; w++) begin
        negate = skew_p_1_i[w] && !change[w*64+63];
        skewed_q[w*64+:64] <= (change[w*64+:64] ^ {64{negate}}) + 64'(negate);
      end
      dampening_q <= dampening_p_1_i;
    end
  end
  money_scale #(
      .COUNT(WAYS)
  ) u_dampen (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(valid_p_2_q),
      .money_i(skewed_q),
      .coefficient_i(dampening_q),
      .up_i('0),
      .valid_o(dampen_valid),
      .money_o(pnl_o),
      .overflow_o(dampen_over)
  );

  // Overflows of the steps before, kept for the last.
  close_keep #(.WIDTH(WAYS)) u_over_p (
      .clk_i, .rst_ni, .put_i(value_valid), .data_i(value_over), .take_i(at_q[S+4]), .data_o(over_p));
  always_ff @(posedge clk_i) if (discount_valid) over_p_1_q <= over_p | discount_over;
  close_keep #(.WIDTH(WAYS)) u_over (
      .clk_i, .rst_ni, .put_i(valid_p_1_q), .data_i(over_p_1_q | change_over), .take_i(at_q[2*S+6]), .data_o(over));
  assign overflow_o = over | dampen_over;
endmodule
`default_nettype wire

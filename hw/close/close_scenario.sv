// One scenario sum per cycle as P&L: narrow_down and scenario_pnl() of host/model/close_expiry.c.
//
// Latency 20 cycles, throughput 1 per cycle, never stalls. Inputs other than the sum and its shift
// come when they are needed: the number in a name is the cycle after the sum's. overflow_o: some
// step of this P&L did not fit.
`default_nettype none
module close_scenario #(
    localparam int unsigned C = pl_card_pkg::COEFFICIENT_W,
    localparam int unsigned W = pl_card_pkg::SUM_W
) (
    input  wire                clk_i,
    input  wire                rst_ni,
    input  wire                valid_i,
    input  wire  signed [W-1:0] sum_i,
    input  wire  signed [  7:0] shift_i,
    input  wire  signed [C-1:0] long_discount_4_i,
    input  wire  signed [C-1:0] short_discount_4_i,
    input  wire  signed [ 63:0] base_11_i,
    input  wire                 skew_12_i,
    input  wire  signed [C-1:0] dampening_13_i,
    output logic signed [ 63:0] pnl_o,
    output logic                overflow_o
);
  logic [63:0] value, discounted, change, skewed_q;
  logic value_over, discount_over, change_over, dampen_over, over_11, over_20;
  // verilator lint_off UNUSEDSIGNAL
  logic value_valid, discount_valid, dampen_valid;
  // verilator lint_on UNUSEDSIGNAL

  narrow #(
      .SUM_WIDTH(W)
  ) u_narrow (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i,
      .sum_i,
      .shift_i,
      .up_i(1'b0),
      .valid_o(value_valid),
      .money_o(value),
      .overflow_o(value_over)
  );
  money_scale u_discount (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(value_valid),
      .money_i(value),
      .coefficient_i(value[63] ? short_discount_4_i : long_discount_4_i),
      .up_i(1'b0),
      .valid_o(discount_valid),
      .money_o(discounted),
      .overflow_o(discount_over)
  );
  money_add #(
      .SUBTRACT(1)
  ) u_change (
      .clk_i,
      .en_i(1'b1),
      .a_i(discounted),
      .b_i(base_11_i),
      .sum_o(change),
      .overflow_o(change_over)
  );
  always_ff @(posedge clk_i) skewed_q <= skew_12_i && !change[63] ? -change : change;
  money_scale u_dampen (
      .clk_i,
      .rst_ni,
      .en_i(1'b1),
      .valid_i(discount_valid),
      .money_i(skewed_q),
      .coefficient_i(dampening_13_i),
      .up_i(1'b0),
      .valid_o(dampen_valid),
      .money_o(pnl_o),
      .overflow_o(dampen_over)
  );

  logic over_12_q;
  delay #(.WIDTH(1), .DEPTH(7)) u_over_11 (.clk_i, .en_i(1'b1), .data_i(value_over), .data_o(over_11));
  always_ff @(posedge clk_i) over_12_q <= over_11 || discount_over;
  delay #(.WIDTH(1), .DEPTH(8)) u_over_20 (.clk_i, .en_i(1'b1), .data_i(over_12_q || change_over), .data_o(over_20));
  assign overflow_o = over_20 || dampen_over;
endmodule
`default_nettype wire

// A wide sum of row units as signed 64-bit money: pl_money_limit(pl_shift_down(sum, shift)), or
// pl_shift_up when up_i, of host/model/money.h.
//
// money = sum / 2^shift, floored (values, P&L) or ceiled (up_i: requirements); a negative shift
// multiplies. shift_i lies in [-PL_ROW_SHIFT_MAX, PL_ROW_SHIFT_MAX]. Every sum is legal: the
// reference's limit of 2^80 before a multiplication cannot be seen after the limit to 64 bits.
// overflow_o: the result did not fit, money_o is the limit on its side.
// Latency 4 enabled cycles, throughput 1 per cycle. en_i low freezes the pipeline.
`default_nettype none
module narrow #(
    parameter int unsigned SUM_WIDTH = 128
) (
    input  wire                        clk_i,
    input  wire                        rst_ni,
    input  wire                        en_i,
    input  wire                        valid_i,
    input  wire  signed [SUM_WIDTH-1:0] sum_i,
    input  wire  signed [          7:0] shift_i,
    input  wire                        up_i,
    output logic                       valid_o,
    output logic signed [        63:0] money_o,
    output logic                       overflow_o
);
  localparam int unsigned SHIFT_MAX = 32'(pl_abi_pkg::PL_ROW_SHIFT_MAX);
  localparam int unsigned WIDTH = SUM_WIDTH + SHIFT_MAX;
  localparam int unsigned COARSE = 2 * SHIFT_MAX / 16;  // shifts by 16 * 0..COARSE, then by 0..15

  if (SUM_WIDTH < 66) begin : g_width $error("narrow: SUM_WIDTH must be at least 66"); end
  if (SHIFT_MAX > 63 || 2 * SHIFT_MAX % 16 != 0) begin : g_shift
    $error("narrow: PL_ROW_SHIFT_MAX");
  end

  // The sum is first multiplied by 2^SHIFT_MAX, so that every shift goes right, by 0..2*SHIFT_MAX.
  logic signed [WIDTH-1:0] scaled, coarse, coarse_q, fine_q;
  logic [7:0] amount;
  logic [3:0] amount_q;
  logic [1:0] valid_q;
  logic coarse_lost, fine_lost, increment_q, lost_q, up_q;

  assign scaled = {sum_i, SHIFT_MAX'(0)};
  assign amount = unsigned'(shift_i) + 8'(SHIFT_MAX);

  always_comb begin
    coarse = scaled;
    coarse_lost = 1'b0;
    for (int unsigned c = 1; c <= COARSE; c++) begin
      if (amount[7:4] == 4'(c)) coarse = scaled >>> (16 * c);
      if (amount[7:4] >= 4'(c)) coarse_lost = coarse_lost || scaled[16*(c-1)+:16] != '0;
    end
  end
  assign fine_lost = (coarse_q[14:0] & ~(15'h7fff << amount_q)) != '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (en_i) valid_q <= {valid_q[0], valid_i};
  end
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      coarse_q <= coarse;
      lost_q <= coarse_lost;
      amount_q <= amount[3:0];
      up_q <= up_i;
      fine_q <= coarse_q >>> amount_q;
      increment_q <= up_q && (lost_q || fine_lost);
    end
  end

  money_limit #(
      .VALUE_WIDTH(WIDTH)
  ) u_limit (
      .clk_i,
      .rst_ni,
      .en_i,
      .valid_i(valid_q[1]),
      .value_i(fine_q),
      .increment_i(increment_q),
      .valid_o,
      .money_o,
      .overflow_o
  );

  always_ff @(posedge clk_i) begin
    if (rst_ni && valid_i) a_shift_in_domain: assert (amount <= 8'(2 * SHIFT_MAX));
  end
endmodule
`default_nettype wire

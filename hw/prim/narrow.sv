// Wide sums of row units, COUNT side by side, as signed 64-bit money: pl_money_limit(pl_shift_down(sum,
// shift)), or pl_shift_up where up_i, of host/model/money.h.
//
// money = sum / 2^shift, floored (values, P&L) or ceiled (up_i: requirements); a negative shift
// multiplies. shift_i, one for all, lies in [-PL_ROW_SHIFT_MAX, PL_ROW_SHIFT_MAX]. Every sum is legal:
// the reference's limit of 2^80 before a multiplication cannot be seen after the limit to 64 bits.
// overflow_o: the result did not fit, money_o is the limit on its side.
// Latency 4 enabled cycles, throughput 1 per cycle. en_i low freezes the pipeline; without valid_i
// nothing moves but valid_o.
`default_nettype none
module narrow #(
    parameter int unsigned SUM_WIDTH = 128,
    parameter int unsigned COUNT     = 1
) (
    input  wire                        clk_i,
    input  wire                        rst_ni,
    input  wire                        en_i,
    input  wire                        valid_i,
    input  wire  [COUNT*SUM_WIDTH-1:0] sum_i,
    input  wire  signed [         7:0] shift_i,
    input  wire  [          COUNT-1:0] up_i,
    output logic                       valid_o,
    output logic [       COUNT*64-1:0] money_o,
    output logic [          COUNT-1:0] overflow_o
);
  localparam int unsigned SHIFT_MAX = 32'(pl_abi_pkg::PL_ROW_SHIFT_MAX);
  localparam int unsigned H_W = SUM_WIDTH - 64;

  if (SUM_WIDTH < 66 || SUM_WIDTH > 128) begin : g_width $error("narrow: SUM_WIDTH must lie in 66..128"); end
  if (COUNT < 1) begin : g_count $error("narrow: COUNT"); end
  if (SHIFT_MAX != 40) begin : g_shift $error("narrow: PL_ROW_SHIFT_MAX"); end

  // The sum times 2^SHIFT_MAX goes right by amount: first by 16 * amount[7:4], of which the bits above the
  // lowest 16 are upper_q, those lower_q, and beyond_q whether more than 80 matter; then by amount[3:0].
  wire [7:0] amount = shift_i + 8'(SHIFT_MAX);
  logic [3:0] valid_q, amount_q;
  logic [COUNT*64-1:0] upper_q, whole_q, rounded_q;
  logic [COUNT*16-1:0] lower_q;
  logic [COUNT-1:0] beyond_q, lost_q, up_q, minus_q, wide_1_q, minus_1_q, counts_q, wide_2_q, minus_2_q, counted_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (en_i) valid_q <= {valid_q[2:0], valid_i};
  end
  assign valid_o = valid_q[3];

  always_ff @(posedge clk_i) begin : coarse
    logic [63:0] h, l, same;
    if (en_i && valid_i) begin
      amount_q <= amount[3:0];
      up_q <= up_i;
      for (int unsigned i = 0; i < COUNT; i++) begin
        l = sum_i[i*SUM_WIDTH+:64];
        h = {{(64 - H_W) {sum_i[(i+1)*SUM_WIDTH-1]}}, sum_i[i*SUM_WIDTH+64+:H_W]};
        same = {64{h[63]}};
        minus_q[i] <= h[63];
        case (amount[7:4])
          4'd0: begin
            upper_q[i*64+:64] <= {l[39:0], 24'd0};
            lower_q[i*16+:16] <= '0;
            lost_q[i] <= 1'b0;
            beyond_q[i] <= h != same || l[63:40] != same[63:40];
          end
          4'd1: begin
            upper_q[i*64+:64] <= {l[55:0], 8'd0};
            lower_q[i*16+:16] <= '0;
            lost_q[i] <= 1'b0;
            beyond_q[i] <= h != same || l[63:56] != same[63:56];
          end
          4'd2: begin
            upper_q[i*64+:64] <= {h[7:0], l[63:8]};
            lower_q[i*16+:16] <= {l[7:0], 8'd0};
            lost_q[i] <= 1'b0;
            beyond_q[i] <= h[63:8] != same[63:8];
          end
          4'd3: begin
            upper_q[i*64+:64] <= {h[23:0], l[63:24]};
            lower_q[i*16+:16] <= l[23:8];
            lost_q[i] <= l[7:0] != '0;
            beyond_q[i] <= h[63:24] != same[63:24];
          end
          4'd4: begin
            upper_q[i*64+:64] <= {h[39:0], l[63:40]};
            lower_q[i*16+:16] <= l[39:24];
            lost_q[i] <= l[23:0] != '0;
            beyond_q[i] <= h[63:40] != same[63:40];
          end
          default: begin
            upper_q[i*64+:64] <= {h[55:0], l[63:56]};
            lower_q[i*16+:16] <= l[55:40];
            lost_q[i] <= l[39:0] != '0;
            beyond_q[i] <= h[63:56] != same[63:56];
          end
        endcase
      end
    end
  end

  always_ff @(posedge clk_i) begin : fine
    logic [63:0] upper;
    logic [15:0] lower;
    if (en_i && valid_q[0]) begin
      for (int unsigned i = 0; i < COUNT; i++) begin
        upper = upper_q[i*64+:64];
        lower = lower_q[i*16+:16];
        whole_q[i*64+:64] <= (upper << (5'd16 - 5'(amount_q))) | (64'(lower) >> amount_q);
        wide_1_q[i] <= beyond_q[i] || ((upper ^ {64{minus_q[i]}}) >> (6'd48 + 6'(amount_q))) != '0;
        counts_q[i] <= up_q[i] && (lost_q[i] || (lower[14:0] & ~(15'h7fff << amount_q)) != '0);
      end
      minus_1_q <= minus_q;
    end
  end

  // wide: more than the sign lies above bit 63. A carry out of the rounding changes the sign.
  always_ff @(posedge clk_i) begin : limit
    logic [63:0] rounded;
    logic fits;
    if (en_i && valid_q[1]) begin
      for (int unsigned i = 0; i < COUNT; i++) rounded_q[i*64+:64] <= whole_q[i*64+:64] + 64'(counts_q[i]);
      wide_2_q <= wide_1_q;
      minus_2_q <= minus_1_q;
      counted_q <= counts_q;
    end
    if (en_i && valid_q[2]) begin
      for (int unsigned i = 0; i < COUNT; i++) begin
        rounded = rounded_q[i*64+:64];
        fits = !wide_2_q[i] && rounded[63] == (minus_2_q[i] ^ (counted_q[i] && rounded == '0));
        money_o[i*64+:64] <= fits ? rounded : {minus_2_q[i], {63{!minus_2_q[i]}}};
        overflow_o[i] <= !fits;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && valid_i) a_shift_in_domain: assert (amount <= 8'(2 * SHIFT_MAX));
  end
endmodule
`default_nettype wire

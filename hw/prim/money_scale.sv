// money * coefficient / 2^PL_COEFFICIENT_BITS, floored (P&L) or ceiled (up_i: requirements),
// limited to 64 bits:
// pl_money_scale_down and pl_money_scale_up of host/model/money.h, for coefficients that fit
// COEFFICIENT_WIDTH.
//
// The default holds [-PL_COEFFICIENT_MAX, PL_COEFFICIENT_MAX], both ends included.
// Latency MULTIPLY_STAGES + 3 enabled cycles, throughput 1 per cycle. overflow_o: the result did
// not fit, money_o is the limit on its side. en_i low freezes the pipeline.
`default_nettype none
module money_scale #(
    parameter int unsigned COEFFICIENT_WIDTH =
        32'(pl_abi_pkg::PL_COEFFICIENT_BITS) + $clog2(32'(pl_abi_pkg::PL_COEFFICIENT_MAX)) + 2,
    parameter int unsigned MULTIPLY_STAGES   = 4
) (
    input  wire                                clk_i,
    input  wire                                rst_ni,
    input  wire                                en_i,
    input  wire                                valid_i,
    input  wire  signed [                 63:0] money_i,
    input  wire  signed [COEFFICIENT_WIDTH-1:0] coefficient_i,
    input  wire                                up_i,
    output logic                               valid_o,
    output logic signed [                 63:0] money_o,
    output logic                               overflow_o
);
  localparam int unsigned FRACTION = 32'(pl_abi_pkg::PL_COEFFICIENT_BITS);
  localparam int unsigned PRODUCT = 64 + COEFFICIENT_WIDTH;
  localparam int unsigned STAGES = MULTIPLY_STAGES + 1;

  if (COEFFICIENT_WIDTH < FRACTION + 2) begin : g_coefficient
    $error("money_scale: COEFFICIENT_WIDTH is too small");
  end
  if (MULTIPLY_STAGES < 1) begin : g_stages
    $error("money_scale: MULTIPLY_STAGES must be at least 1");
  end

  logic signed [63:0] money_q;
  logic signed [COEFFICIENT_WIDTH-1:0] coefficient_q;
  logic signed [PRODUCT-1:0] product;
  logic [MULTIPLY_STAGES*PRODUCT-1:0] line_q;
  logic [STAGES-1:0] valid_q, up_q;
  logic increment;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (en_i) valid_q <= {valid_q[STAGES-2:0], valid_i};
  end

  // The registers behind the product are for retiming into it; mul_tiled replaces the operator
  // where timing asks for it.
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      money_q <= money_i;
      coefficient_q <= coefficient_i;
      up_q <= {up_q[STAGES-2:0], up_i};
      line_q <= (MULTIPLY_STAGES * PRODUCT)'({line_q, PRODUCT'(money_q) * PRODUCT'(coefficient_q)});
    end
  end
  assign product = line_q[MULTIPLY_STAGES*PRODUCT-1-:PRODUCT];
  assign increment = up_q[STAGES-1] && product[FRACTION-1:0] != '0;

  money_limit #(
      .VALUE_WIDTH(PRODUCT - FRACTION)
  ) u_limit (
      .clk_i,
      .rst_ni,
      .en_i,
      .valid_i(valid_q[STAGES-1]),
      .value_i(product[PRODUCT-1:FRACTION]),
      .increment_i(increment),
      .valid_o,
      .money_o,
      .overflow_o
  );

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni) && $past(!en_i)) begin
      a_held: assert (valid_o == $past(valid_o) && money_o == $past(money_o));
    end
  end
endmodule
`default_nettype wire

// money * coefficient / 2^PL_COEFFICIENT_BITS of COUNT pairs side by side, each floored (P&L) or
// ceiled (its up_i: requirements) and limited to 64 bits: pl_money_scale_down and pl_money_scale_up
// of host/model/money.h, for coefficients that fit COEFFICIENT_WIDTH.
//
// The default holds [-PL_COEFFICIENT_MAX, PL_COEFFICIENT_MAX], both ends included. Magnitudes are
// multiplied by mul_tiled in four parts, 34 or 30 bits of the money by 26 or 22 of the coefficient (8 tiles
// of 26 x 17 in all; four multipliers with SHARE 4, which is mul_tiled's: en_i is then high at most every fourth cycle); a fraction counts up where the sign asks for it. Where a word may be negated, what is
// exclusive or goes in front of its adder, whose carry does the rest: one LUT per bit.
// Latency money_pkg::SCALE_LATENCY enabled cycles, throughput 1 per cycle. overflow_o: the result did
// not fit, money_o is the limit on its side. en_i low freezes the pipeline; without valid_i nothing
// moves but valid_o.
`default_nettype none
module money_scale #(
    parameter int unsigned COEFFICIENT_WIDTH =
        32'(pl_abi_pkg::PL_COEFFICIENT_BITS) + $clog2(32'(pl_abi_pkg::PL_COEFFICIENT_MAX)) + 2,
    parameter int unsigned COUNT = 1,
    parameter int SHARE = 1
) (
    input  wire                                clk_i,
    input  wire                                rst_ni,
    input  wire                                en_i,
    input  wire                                valid_i,
    input  wire  [               COUNT*64-1:0] money_i,
    input  wire  [COUNT*COEFFICIENT_WIDTH-1:0] coefficient_i,
    input  wire  [                  COUNT-1:0] up_i,
    output logic                               valid_o,
    output logic [               COUNT*64-1:0] money_o,
    output logic [                  COUNT-1:0] overflow_o
);
  localparam int unsigned FRACTION = 32'(pl_abi_pkg::PL_COEFFICIENT_BITS);
  localparam int unsigned C = COEFFICIENT_WIDTH;
  localparam int unsigned X = 34;  // low part of the money
  localparam int unsigned Y = 26;  // low part of the coefficient, also where the parts' sum is cut
  localparam int unsigned P = X + Y;
  localparam int unsigned MULTIPLY = 32'(mul_tiled_pkg::latency(X, Y, 26, 17));
  localparam int unsigned STAGES = 1 + MULTIPLY + 4;

  if (C < FRACTION + 2 || C > 48) begin : g_coefficient $error("money_scale: COEFFICIENT_WIDTH must lie in 42..48"); end
  if (COUNT < 1) begin : g_count $error("money_scale: COUNT"); end
  if (FRACTION != 40) begin : g_fraction $error("money_scale: PL_COEFFICIENT_BITS"); end
  if (STAGES != 32'(money_pkg::SCALE_LATENCY)) begin : g_latency $error("money_scale: SCALE_LATENCY"); end

  logic [STAGES-1:0] valid_q;  // bit n: n + 1 cycles after valid_i
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (en_i) valid_q <= {valid_q[STAGES-2:0], valid_i};
  end
  assign valid_o = valid_q[STAGES-1];

  // Magnitudes in parts: low * low, high * low, low * high, high * high; and whether a fraction counts up.
  logic [COUNT*4*X-1:0] x_q;
  logic [COUNT*4*Y-1:0] y_q;
  logic [COUNT*4*P-1:0] part;
  logic [COUNT-1:0] negative, negative_q, up, up_q;
  always_ff @(posedge clk_i) begin : magnitude
    logic [63:0] m;
    logic [C-1:0] c;
    if (en_i && valid_i) begin
      for (int unsigned i = 0; i < COUNT; i++) begin
        m = money_i[i*64+:64];
        c = coefficient_i[i*C+:C];
        negative_q[i] <= m[63] ^ c[C-1];
        up_q[i] <= m[63] ^ c[C-1] ^ up_i[i];
        m = (m ^ {64{m[63]}}) + 64'(m[63]);
        c = (c ^ {C{c[C-1]}}) + C'(c[C-1]);
        x_q[(4*i+0)*X+:X] <= m[X-1:0];
        x_q[(4*i+1)*X+:X] <= X'(m[63:X]);
        x_q[(4*i+2)*X+:X] <= m[X-1:0];
        x_q[(4*i+3)*X+:X] <= X'(m[63:X]);
        y_q[(4*i+0)*Y+:Y] <= c[Y-1:0];
        y_q[(4*i+1)*Y+:Y] <= c[Y-1:0];
        y_q[(4*i+2)*Y+:Y] <= Y'(c[C-1:Y]);
        y_q[(4*i+3)*Y+:Y] <= Y'(c[C-1:Y]);
      end
    end
  end
  mul_tiled #(
      .COUNT(4 * COUNT),
      .X_W(X),
      .Y_W(Y),
      .SHIFT(0),
      .SHARE(SHARE)
  ) u_part (
      .clk_i,
      .en_i(en_i && valid_q[MULTIPLY-1:0] != '0),
      .x_i(x_q),
      .y_i(y_q),
      .p_o(part)
  );
  delay #(.WIDTH(2 * COUNT), .DEPTH(MULTIPLY + 2)) u_signs (
      .clk_i, .en_i(en_i && valid_q[MULTIPLY+1:0] != '0), .data_i({negative_q, up_q}), .data_o({negative, up}));

  // The middle parts, then their sum with the outer ones, which do not overlap: {top, cut} * 2^Y and a rest.
  // A money of 2^63 and a coefficient of 2^47 do not carry out of 64 bits in the middle.
  localparam int unsigned CUT = FRACTION - Y;
  logic [COUNT*64-1:0] middle_q, outer_q, cut_q;
  logic [COUNT*21-1:0] top_q, above_q;
  logic [COUNT-1:0] rest_1_q, rest_2_q;
  always_ff @(posedge clk_i) begin : total
    logic [63:0] outer, middle, cut;
    if (en_i && valid_q[MULTIPLY]) begin
      for (int unsigned i = 0; i < COUNT; i++) begin
        middle_q[i*64+:64] <= (64'(part[(4*i+1)*P+:P]) << (X - Y)) + 64'(part[(4*i+2)*P+:P]);
        outer_q[i*64+:64] <= {part[(4*i+3)*P+:64-X], part[(4*i+0)*P+Y+:X]};
        above_q[i*21+:21] <= part[(4*i+3)*P+64-X+:21];
        rest_1_q[i] <= part[(4*i+0)*P+:Y] != '0;
      end
    end
    if (en_i && valid_q[MULTIPLY+1]) begin
      for (int unsigned i = 0; i < COUNT; i++) begin
        outer = outer_q[i*64+:64];
        middle = middle_q[i*64+:64];
        cut = outer + middle;
        cut_q[i*64+:64] <= cut;
        top_q[i*21+:21] <= above_q[i*21+:21] + 21'(outer[63] && middle[63] || ((outer[63] || middle[63]) && !cut[63]));
      end
      rest_2_q <= rest_1_q;
    end
  end

  // Rounded, as minus (whole + 1) is the complement of whole; then limited.
  logic [COUNT-1:0] minus_q, high_q, large_q;
  logic [COUNT*64-1:0] rounded_q;
  always_ff @(posedge clk_i) begin : round
    logic [63:0] cut, whole;
    logic [20:0] top;
    logic counts;
    if (en_i && valid_q[MULTIPLY+2]) begin
      for (int unsigned i = 0; i < COUNT; i++) begin
        cut = cut_q[i*64+:64];
        top = top_q[i*21+:21];
        counts = up[i] && (rest_2_q[i] || cut[CUT-1:0] != '0);
        whole = {top[CUT-1:0], cut[63:CUT]};
        rounded_q[i*64+:64] <= (whole ^ {64{negative[i]}}) + 64'(counts != negative[i]);
        large_q[i] <= whole[63];
        high_q[i] <= top[20:CUT] != '0;
      end
      minus_q <= negative;
    end
  end
  // A magnitude of 2^63 and more fits only if it is minus 2^63; one below may have been rounded up to 2^63.
  always_ff @(posedge clk_i) begin : limit
    logic [63:0] rounded;
    logic beyond;
    if (en_i && valid_q[MULTIPLY+3]) begin
      for (int unsigned i = 0; i < COUNT; i++) begin
        rounded = rounded_q[i*64+:64];
        beyond = high_q[i] || (minus_q[i] ? large_q[i] && !rounded[63] : large_q[i] || rounded[63]);
        money_o[i*64+:64] <= beyond ? {minus_q[i], {63{!minus_q[i]}}} : rounded;
        overflow_o[i] <= beyond;
      end
    end
  end
endmodule
`default_nettype wire

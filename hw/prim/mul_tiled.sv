// floor(x * y / 2^SHIFT), unsigned, cut by hand into multiplier tiles of WIDE x NARROW bits:
// 26 x 17 for the unsigned part of a DSP48E2 (27 x 18 signed), 17 x 17 for 18 x 18 multipliers.
//
// Latency: mul_tiled_pkg::latency(X_W, Y_W, WIDE, NARROW) cycles: operand, multiplier and product
// register of each tile, then a registered binary adder tree. Throughput 1 per cycle.
// Stall: en_i = 0 holds everything. No reset: data only. Errors: none; every operand is valid.
// Reference: pl_mul() in host/model/arith.h.
`default_nettype none

module mul_tiled #(
    parameter int X_W = 51,
    parameter int Y_W = 52,
    parameter int SHIFT = 51,
    parameter int WIDE = 26,
    parameter int NARROW = 17
) (
    input  wire                        clk_i,
    input  wire                        en_i,
    input  wire  [            X_W-1:0] x_i,
    input  wire  [            Y_W-1:0] y_i,
    output logic [X_W+Y_W-SHIFT-1:0] p_o
);
  localparam int TX = mul_tiled_pkg::tile_x(X_W, Y_W, WIDE, NARROW);
  localparam int TY = WIDE + NARROW - TX;
  localparam int NX = mul_tiled_pkg::pieces(X_W, TX);
  localparam int NY = mul_tiled_pkg::pieces(Y_W, TY);
  localparam int TP = TX + TY;  // bits of a tile's product
  localparam int D = NX + NY - 1;
  localparam int LEVELS = $clog2(D);
  localparam int FULL_W = NX * TX + NY * TY;

  if (X_W < 1 || Y_W < 1 || SHIFT < 0 || SHIFT >= X_W + Y_W) $error("mul_tiled: widths");
  if (NARROW < 2 || WIDE < NARROW || D > 16) $error("mul_tiled: tiles");

  wire [NX*TX-1:0] x_pad = (NX * TX)'(x_i);
  wire [NY*TY-1:0] y_pad = (NY * TY)'(y_i);
  logic [NX*NY*TP-1:0] product;

  for (genvar i = 0; i < NX; i++) begin : g_x
    for (genvar j = 0; j < NY; j++) begin : g_y
      logic [TX-1:0] x_q;
      logic [TY-1:0] y_q;
      logic [TP-1:0] m_q, p_q;
      always_ff @(posedge clk_i) begin
        if (en_i) begin
          x_q <= x_pad[i*TX+:TX];
          y_q <= y_pad[j*TY+:TY];
          m_q <= TP'(x_q) * TP'(y_q);
          p_q <= m_q;
        end
      end
      assign product[(i*NY+j)*TP+:TP] = p_q;
    end
  end

  // Diagonal d holds the tiles with i - j = d - (NY-1), end to end from its first tile's offset.
  wire [D*FULL_W-1:0] addend;
  for (genvar d = 0; d < D; d++) begin : g_diagonal
    localparam int I0 = d < NY ? 0 : d - (NY - 1);
    localparam int J0 = d < NY ? NY - 1 - d : 0;
    localparam int COUNT = NX - I0 < NY - J0 ? NX - I0 : NY - J0;
    localparam int OFFSET = I0 * TX + J0 * TY;
    logic [COUNT*TP-1:0] tiles;
    for (genvar k = 0; k < COUNT; k++) begin : g_tile
      assign tiles[k*TP+:TP] = product[((I0+k)*NY+J0+k)*TP+:TP];
    end
    assign addend[d*FULL_W+:FULL_W] = FULL_W'(tiles) << OFFSET;
  end

  // verilator lint_off UNUSEDSIGNAL
  wire [FULL_W-1:0] sum;  // the bits below SHIFT only carry, those above X_W + Y_W are 0
  // verilator lint_on UNUSEDSIGNAL
  mul_tiled_sum #(
      .TERMS(D),
      .WIDTH(FULL_W)
  ) u_sum (
      .clk_i,
      .en_i,
      .terms_i(addend),
      .sum_o  (sum)
  );
  assign p_o = sum[X_W+Y_W-1:SHIFT];

  if (mul_tiled_pkg::latency(X_W, Y_W, WIDE, NARROW) != 3 + LEVELS) $error("mul_tiled: latency");
endmodule

`default_nettype wire

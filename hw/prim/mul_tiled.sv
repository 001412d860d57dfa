// floor(x * y / 2^SHIFT), unsigned, of COUNT pairs side by side: pair c at [c*X_W +: X_W] and so on. Cut by
// hand into multiplier tiles of WIDE x NARROW bits: 26 x 17 for the unsigned part of a DSP48E2 (27 x 18
// signed), 17 x 17 for 18 x 18 multipliers.
//
// SHARE 4 instead of 1: en_i is high at most every fourth cycle, and up to four tiles of 18 x 18 bits share a multiplier (mul_shared).
// Same latency, whatever the tiles; a product of one tile of WIDE x NARROW shares nothing.
// Latency: mul_tiled_pkg::latency(X_W, Y_W, WIDE, NARROW) cycles: operand and product register of
// each tile (none in the middle of the multiplier: not timed on UltraScale+), then a registered binary adder tree. Throughput 1 per cycle.
// Stall: en_i = 0 holds everything. No reset: data only. Errors: none; every operand is valid.
// Reference: pl_mul() in host/model/arith.h.
`default_nettype none

module mul_tiled #(
    parameter  int COUNT = 1,
    parameter  int X_W = 51,
    parameter  int Y_W = 52,
    parameter  int SHIFT = 51,
    parameter  int WIDE = 26,
    parameter  int NARROW = 17,
    parameter  int SHARE = 1,
    localparam int P_W = X_W + Y_W - SHIFT
) (
    input  wire                  clk_i,
    input  wire                  en_i,
    input  wire  [COUNT*X_W-1:0] x_i,
    input  wire  [COUNT*Y_W-1:0] y_i,
    output logic [COUNT*P_W-1:0] p_o
);
  localparam int TX = mul_tiled_pkg::tile_x(X_W, Y_W, WIDE, NARROW);
  localparam int TY = WIDE + NARROW - TX;
  localparam int NX = mul_tiled_pkg::pieces(X_W, TX);
  localparam int NY = mul_tiled_pkg::pieces(Y_W, TY);
  localparam int TP = TX + TY;  // bits of a tile's product
  localparam int D = NX + NY - 1;
  localparam int LEVELS = $clog2(D);
  localparam int LEAVES = 1 << LEVELS;
  localparam int FULL_W = NX * TX + NY * TY;

  if (COUNT < 1 || X_W < 1 || Y_W < 1 || SHIFT < 0 || SHIFT >= X_W + Y_W) $error("mul_tiled: widths");
  if (NARROW < 2 || WIDE < NARROW || D > 16) $error("mul_tiled: tiles");
  if (mul_tiled_pkg::latency(X_W, Y_W, WIDE, NARROW) != 2 + LEVELS) $error("mul_tiled: latency");

  if (SHARE != 1 && SHARE != 4) begin : g_share $error("mul_tiled: SHARE must be 1 or 4"); end

  if (SHARE == 4 && LEVELS > 0) begin : g_shared
    for (genvar c = 0; c < COUNT; c++) begin : g_pair
      mul_shared #(.X_W(X_W), .Y_W(Y_W), .SHIFT(SHIFT), .LATENCY(2 + LEVELS)) u_pair (
          .clk_i, .en_i, .x_i(x_i[c*X_W+:X_W]), .y_i(y_i[c*Y_W+:Y_W]), .p_o(p_o[c*P_W+:P_W])
      );
    end
  end else begin : g_tiled
    // Of pair c: piece i of x at [i*COUNT + c], its tile with piece j of y at [(i*NY + j)*COUNT + c], node n
    // of the tree at [n*COUNT + c]. The root, node 1, is p_o itself; below node n are 2n and 2n + 1. The leaves
    // LEAVES + d are no registers but the diagonals: d holds the tiles with i - j = d - (NY-1), which do not
    // overlap.
    (* mem2reg *) logic [TX-1:0] x_q[NX*COUNT];
    (* mem2reg *) logic [TY-1:0] y_q[NY*COUNT];
    (* mem2reg *) logic [TP-1:0] p_q[NX*NY*COUNT];
    (* mem2reg *) logic [FULL_W-1:0] node_q[LEAVES*COUNT];

    // The registers of one pipeline, last stage first: what a stage reads has not been written yet.
    // verilator lint_off BLKSEQ
    // verilator lint_off UNUSEDSIGNAL
    logic [FULL_W-1:0] left, right;  // of a pair: the bits below SHIFT only carry, those above are 0
    // verilator lint_on UNUSEDSIGNAL
    logic [NX*TX-1:0] x;
    logic [NY*TY-1:0] y;
    always_ff @(posedge clk_i) begin
      if (en_i) begin
        for (int n = 1; n < LEAVES; n++) begin
          for (int c = 0; c < COUNT; c++) begin
            if (2 * n < LEAVES) begin
              left = node_q[2*n*COUNT+c];
              right = node_q[(2*n+1)*COUNT+c];
            end else begin
              left = '0;
              right = '0;
              for (int i = 0; i < NX; i++) begin
                for (int j = 0; j < NY; j++) begin
                  if (i - j + NY - 1 == 2 * n - LEAVES) left[i*TX+j*TY+:TP] = p_q[(i*NY+j)*COUNT+c];
                  if (i - j + NY - 1 == 2 * n - LEAVES + 1) right[i*TX+j*TY+:TP] = p_q[(i*NY+j)*COUNT+c];
                end
              end
            end
            left = left + right;
            if (n == 1) p_o[c*P_W+:P_W] <= left[X_W+Y_W-1:SHIFT];
            else node_q[n*COUNT+c] = left;
          end
        end
        for (int i = 0; i < NX; i++) begin
          for (int j = 0; j < NY; j++) begin
            for (int c = 0; c < COUNT; c++) begin
              p_q[(i*NY+j)*COUNT+c] = TP'(x_q[i*COUNT+c]) * TP'(y_q[j*COUNT+c]);
              if (LEVELS == 0) p_o[c*P_W+:P_W] <= P_W'(FULL_W'(p_q[c]) >> SHIFT);  // in place of p_q
            end
          end
        end
        for (int c = 0; c < COUNT; c++) begin
          x = (NX * TX)'(x_i[c*X_W+:X_W]);
          y = (NY * TY)'(y_i[c*Y_W+:Y_W]);
          for (int i = 0; i < NX; i++) x_q[i*COUNT+c] = x[i*TX+:TX];
          for (int j = 0; j < NY; j++) y_q[j*COUNT+c] = y[j*TY+:TY];
        end
      end
    end
    // verilator lint_on BLKSEQ
  end
endmodule

`default_nettype wire

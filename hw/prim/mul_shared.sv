// floor(x * y / 2^SHIFT) as by mul_tiled, in a pipeline that steps at most every fourth cycle: up to four tiles of TILE x TILE bits share
// an unsigned multiplier, which takes them one after the other in the four cycles after the step that takes the operands.
//
// The operand of more tiles is u, the other one v. Up to 2 x 2 tiles have one multiplier; else each tile of v has one, and its product
// with u is a row. Tiles come in order of their weight, so that an accumulator as wide as two tiles is enough: it moves down by a tile
// where the weight grows, and the bits that leave it are final. Then the rows are added, two by two, a step each.
// Latency: LATENCY steps (en_i high), at least 3, as if all tiles had a multiplier. Throughput one per step; en_i at most every fourth
// cycle, which is asserted. Stall: en_i = 0 holds everything from the fourth cycle on. No reset: data only. Errors: none.
// Reference: pl_mul() in host/model/arith.h.
`default_nettype none

module mul_shared #(
    parameter  int X_W = 34,
    parameter  int Y_W = 34,
    parameter  int SHIFT = 34,
    parameter  int TILE = 18,
    parameter  int LATENCY = 4,
    localparam int P_W = X_W + Y_W - SHIFT
) (
    input  wire            clk_i,
    input  wire            en_i,
    input  wire  [X_W-1:0] x_i,
    input  wire  [Y_W-1:0] y_i,
    output logic [P_W-1:0] p_o
);
  localparam bit SWAP = mul_tiled_pkg::pieces(X_W, TILE) < mul_tiled_pkg::pieces(Y_W, TILE);
  localparam int NU = mul_tiled_pkg::pieces(SWAP ? Y_W : X_W, TILE);
  localparam int NV = mul_tiled_pkg::pieces(SWAP ? X_W : Y_W, TILE);
  localparam int ROWS = NU * NV <= 4 ? 1 : NV;
  localparam int TILES = NU * NV / ROWS;  // of a row
  localparam int MOVES = ROWS == 1 ? NU + NV - 2 : NU - 1;  // of a row's accumulator
  localparam int ACC_W = 2 * TILE + 1;
  localparam int LOW_W = MOVES * TILE;
  localparam int FULL_W = (NU + NV) * TILE + 1;
  localparam int LEVELS = LATENCY - 2;

  if (X_W < 1 || Y_W < 1 || SHIFT < 0 || SHIFT >= X_W + Y_W) begin : g_widths $error("mul_shared: widths"); end
  if (NU > 4 || MOVES < 1) begin : g_tiles $error("mul_shared: TILE"); end
  if (LEVELS < 1 || ROWS > 1 << LEVELS) begin : g_latency $error("mul_shared: LATENCY"); end

  // Tile k is tile k % NU of u with tile k / NU of v, or with the row's.
  function automatic logic [3:0] tiles_of(input int u, input int v);
    tiles_of = '0;
    for (int k = 0; k < 4; k++) tiles_of[k] = k < TILES && (u < 0 || k % NU == u) && (v < 0 || k / NU == v);
  endfunction

  // The cycles of a step, from 0 on; in the last one everything waits for the next step. In cycle k tile k is chosen; it is multiplied,
  // registered once more and, in cycle k + 3, added: the sum is there in the last cycle of the step after.
  logic [1:0] cycle_q = 2'd3;
  wire runs = en_i || cycle_q != 2'd3;
  always_ff @(posedge clk_i) begin
    if (runs) cycle_q <= cycle_q + 2'd1;
    a_pace: assert (!en_i || cycle_q == 2'd3);
  end
  wire [3:0] chosen = 4'd1 << cycle_q;
  wire [3:0] added = 4'd1 << 2'(cycle_q + 2'd1) & tiles_of(-1, -1);
  wire first = added[0];
  wire stays = ROWS == 1 && NV > 1 && added[2];  // the second tile of equal weight

  logic [NU*TILE-1:0] u_q;
  logic [NV*TILE-1:0] v_q;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      u_q <= SWAP ? (NU * TILE)'(y_i) : (NU * TILE)'(x_i);
      v_q <= SWAP ? (NV * TILE)'(x_i) : (NV * TILE)'(y_i);
    end
  end
  logic [TILE-1:0] u, u_tile_q;
  always_comb begin
    u = u_q[TILE-1:0];
    for (int i = 1; i < NU; i++) if ((chosen & tiles_of(i, -1)) != '0) u = u_q[i*TILE+:TILE];
  end
  always_ff @(posedge clk_i) if (runs) u_tile_q <= u;

  wire [ROWS*FULL_W-1:0] rows;
  for (genvar r = 0; r < ROWS; r++) begin : g_row
    logic [TILE-1:0] v, v_tile_q;
    logic [2*TILE-1:0] tile_q, late_q;
    logic [ACC_W-1:0] moved, sum_q;
    logic [LOW_W-1:0] low_q;
    always_comb begin
      v = v_q[r*TILE+:TILE];
      if (ROWS == 1)
        for (int j = 1; j < NV; j++) if ((chosen & tiles_of(-1, j)) != '0) v = v_q[j*TILE+:TILE];
      moved = first ? '0 : stays ? sum_q : sum_q >> TILE;
    end
    always_ff @(posedge clk_i) begin
      if (runs) begin
        v_tile_q <= v;
        tile_q <= (2 * TILE)'(u_tile_q) * (2 * TILE)'(v_tile_q);
        late_q <= tile_q;
        if (added != '0) sum_q <= moved + ACC_W'(late_q);
        if (added != '0 && !first && !stays) low_q <= LOW_W'({sum_q[TILE-1:0], low_q} >> TILE);
      end
    end
    assign rows[r*FULL_W+:FULL_W] = FULL_W'({sum_q, low_q}) << (r * TILE);
  end

  // Level n of the sum has a word for every 2^n rows, its word m at [n*ROWS + m]; the last one is p_o.
  (* mem2reg *) logic [FULL_W-1:0] node_q[(LEVELS+1)*ROWS];
  // verilator lint_off BLKSEQ
  // verilator lint_off UNUSEDSIGNAL
  logic [FULL_W-1:0] left, right;  // the bits below SHIFT only carry, those above the product are 0
  // verilator lint_on UNUSEDSIGNAL
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      for (int n = LEVELS; n > 0; n--) begin
        for (int m = 0; m << n < ROWS; m++) begin
          left = n == 1 ? rows[2*m*FULL_W+:FULL_W] : node_q[(n-1)*ROWS+2*m];
          right = '0;
          if ((2 * m + 1) << (n - 1) < ROWS) right = n == 1 ? rows[(2*m+1)*FULL_W+:FULL_W] : node_q[(n-1)*ROWS+2*m+1];
          left = left + right;
          if (n == LEVELS) p_o <= left[X_W+Y_W-1:SHIFT];
          else node_q[n*ROWS+m] = left;
        end
      end
    end
  end
  // verilator lint_on BLKSEQ
endmodule

`default_nettype wire

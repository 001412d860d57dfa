// The forward under a shock: F (1 + moving (shock - 1)), each product rounded half-up.
//
// moving_i 0 .. 1 and shock_i 0 .. 64 in Q.40, as load and tick records are checked to be. W is the
// profile's, or one bit more, which is multiplied apart.
// Latency: pl_pricing_pkg::shocked_forward(PROFILE) = 14 (full) or 15 (small) cycles. Throughput 1
// per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none here; the result
// may exceed W bits, which pl_pricing reports as out of domain.
// Reference: pl_row_shocked_forward() in host/model/row.c.
`default_nettype none

module pl_row_shocked_forward #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W
) (
    input  wire          clk_i,
    input  wire          en_i,
    input  wire  [W-1:0] forward_i,
    input  wire  [ 40:0] moving_i,
    input  wire  [ 46:0] shock_i,
    output logic [ 63:0] forward_o
);
  localparam int Q = 40;
  localparam int WIDE = pl_pricing_pkg::tile_wide(PROFILE);
  localparam int NARROW = pl_pricing_pkg::TILE_NARROW;
  localparam int LM = mul_tiled_pkg::latency(41, 46, WIDE, NARROW);
  localparam int M_W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W : pl_tables_pkg::SMALL_W;
  localparam int LF = mul_tiled_pkg::latency(M_W, 47, WIDE, NARROW);

  // |shock - 1|, times moving
  wire [47:0] up = {1'b0, shock_i} - (48'd1 << Q);
  wire [46:0] down = (47'd1 << Q) - shock_i;
  logic [45:0] distance_q;
  logic [40:0] moving_q;
  logic negative_q;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      distance_q <= up[47] ? down[45:0] : up[45:0];
      negative_q <= up[47];
      moving_q <= moving_i;
    end
  end
  wire [86:0] move;
  wire negative;
  mul_tiled #(.X_W(41), .Y_W(46), .SHIFT(0), .WIDE(WIDE), .NARROW(NARROW), .SHARE(pl_pricing_pkg::TILE_SHARE)) u_move (
      .clk_i, .en_i, .x_i(moving_q), .y_i(distance_q), .p_o(move)
  );
  delay #(.WIDTH(1), .DEPTH(LM)) u_sign (.clk_i, .en_i, .data_i(negative_q), .data_o(negative));

  // Half-up in two's complement: of a negative product, the magnitude rounds half-down.
  wire [86:0] half = negative ? (87'd1 << (Q - 1)) - 87'd1 : 87'd1 << (Q - 1);
  wire [86:0] rounded = move + half;
  logic [46:0] rounded_q, factor_q;
  logic negative_qq;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      rounded_q <= rounded[86:Q];
      negative_qq <= negative;
      factor_q <= negative_qq ? (47'd1 << Q) - rounded_q : (47'd1 << Q) + rounded_q;
    end
  end

  wire [W-1:0] forward;
  wire [M_W+46:0] product;
  logic [W+47:0] rest_q;  // half a unit, and the product of the bits above M_W
  delay #(.WIDTH(W), .DEPTH(1 + LM + 2)) u_forward (
      .clk_i, .en_i, .data_i(forward_i), .data_o(forward)
  );
  mul_tiled #(.X_W(M_W), .Y_W(47), .SHIFT(0), .WIDE(WIDE), .NARROW(NARROW), .SHARE(pl_pricing_pkg::TILE_SHARE)) u_product (
      .clk_i, .en_i, .x_i(forward[M_W-1:0]), .y_i(factor_q), .p_o(product)
  );
  localparam logic [W+47:0] HALF = (W + 48)'(1) << (Q - 1);
  if (W == M_W) begin : g_rest
    assign rest_q = HALF;
  end else begin : g_rest
    wire [46:0] factor;
    wire above;
    delay #(.WIDTH(48), .DEPTH(LF - 1)) u_above (
        .clk_i, .en_i, .data_i({factor_q, forward[M_W]}), .data_o({factor, above})
    );
    always_ff @(posedge clk_i) begin
      if (en_i) rest_q <= ((above ? (W + 48)'(factor) : '0) << M_W) + HALF;
    end
  end
  wire [W+47:0] shocked = (W + 48)'(product) + rest_q;
  wire [W+47-Q:0] shocked_whole = shocked[W+47:Q];
  always_ff @(posedge clk_i) begin
    if (en_i) forward_o <= 64'(shocked_whole);
  end

  // verilator lint_off UNUSEDSIGNAL
  wire unused = &{up[46], down[46], rounded[Q-1:0], shocked[Q-1:0]};
  // verilator lint_on UNUSEDSIGNAL
  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_row_shocked_forward: profile");
  if (W < M_W || W > M_W + 1) $error("pl_row_shocked_forward: W");
  if (pl_pricing_pkg::shocked_forward(PROFILE) != 1 + LM + 2 + LF + 1)
    $error("pl_row_shocked_forward: latency");
endmodule

`default_nettype wire

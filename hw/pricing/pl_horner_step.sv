// One Horner step: c + floor(acc * t / 2^T_W).
//
// Latency: mul_tiled_pkg::latency(ACC_W, T_W, WIDE, NARROW) + 1. Throughput 1 per cycle.
// Stall: en_i = 0 holds everything. No reset: data only. Errors: none; the tables keep sums below
// 2^OUT_W, which is asserted. Reference: pl_rom_horner() in host/model/roms.h.
`default_nettype none

module pl_horner_step #(
    parameter int ACC_W = 19,
    parameter int T_W = 17,
    parameter int C_W = 27,
    parameter int OUT_W = 28,
    parameter int WIDE = 26,
    parameter int NARROW = 17
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [ACC_W-1:0] acc_i,
    input  wire  [  T_W-1:0] t_i,
    input  wire  [  C_W-1:0] c_i,
    output logic [OUT_W-1:0] acc_o
);
  localparam int MUL = mul_tiled_pkg::latency(ACC_W, T_W, WIDE, NARROW);

  if (OUT_W < ACC_W || OUT_W < C_W) $error("pl_horner_step: widths");

  wire [ACC_W-1:0] product;
  mul_tiled #(
      .X_W(ACC_W),
      .Y_W(T_W),
      .SHIFT(T_W),
      .WIDE(WIDE),
      .NARROW(NARROW),
      .SHARE(pl_pricing_pkg::TILE_SHARE)
  ) u_mul (
      .clk_i,
      .en_i,
      .x_i(acc_i),
      .y_i(t_i),
      .p_o(product)
  );

  wire [C_W-1:0] c;
  delay #(
      .WIDTH(C_W),
      .DEPTH(MUL)
  ) u_c (
      .clk_i,
      .en_i,
      .data_i(c_i),
      .data_o(c)
  );

  wire [OUT_W:0] sum = (OUT_W + 1)'(c) + (OUT_W + 1)'(product);
  always_ff @(posedge clk_i) begin
    if (en_i) acc_o <= sum[OUT_W-1:0];
  end

  // Power-up data are undefined: what was read from the ROM arrives within 64 enabled cycles.
`ifndef SYNTHESIS
  logic [6:0] filled_q = '0;
  always_ff @(posedge clk_i) begin
    if (en_i && !filled_q[6]) filled_q <= filled_q + 7'd1;
    if (filled_q[6]) assert (!sum[OUT_W]);
  end
`endif
endmodule

`default_nettype wire

// 2^-y for y in Q10.W: a mag.
//
// Latency: pl_pricing_pkg::rom(PROFILE) cycles. Throughput 1 per cycle. Stall: en_i = 0 holds
// everything. No reset: data only. Errors: none. Reference: pl_rom_exp2_neg() in host/model/roms.h.
`default_nettype none

module pl_rom_exp2_neg #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int FB = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_FB
                                                       : pl_tables_pkg::SMALL_FB,
    parameter int MAG_W = W + pl_pricing_pkg::E_W
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [    W+9:0] y_i,
    output logic [MAG_W-1:0] power_o
);
  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_rom_exp2_neg: profile");

  localparam int E_W = pl_pricing_pkg::E_W;
  localparam int INDEX_BITS = pl_tables_pkg::EXP2_INDEX_BITS;
  localparam int T_W = W - INDEX_BITS;
  localparam int LATENCY = pl_pricing_pkg::rom(PROFILE);

  wire [INDEX_BITS-1:0] row = y_i[T_W+:INDEX_BITS];
  wire [T_W-1:0] t = ~y_i[T_W-1:0];
  wire [FB:0] acc;
  if (PROFILE == pl_pricing_pkg::FULL) begin : g_full
    pl_rom_horner #(
        .DEGREE(pl_tables_pkg::FULL_DEGREE),
        .ROW_W(INDEX_BITS),
        .WORD_W(pl_tables_pkg::FULL_EXP2_WORD_W),
        .CONTENTS(pl_tables_pkg::FULL_EXP2_ROM),
        .C0_W(pl_tables_pkg::FULL_EXP2_C0_W),
        .C1_W(pl_tables_pkg::FULL_EXP2_C1_W),
        .C2_W(pl_tables_pkg::FULL_EXP2_C2_W),
        .C3_W(pl_tables_pkg::FULL_EXP2_C3_W),
        .C4_W(pl_tables_pkg::FULL_EXP2_C4_W),
        .T_W(T_W),
        .T1_BITS(pl_tables_pkg::FULL_T1_BITS),
        .T2_BITS(pl_tables_pkg::FULL_T2_BITS),
        .T3_BITS(pl_tables_pkg::FULL_T3_BITS),
        .OUT_W(FB + 1),
        .WIDE(pl_pricing_pkg::tile_wide(PROFILE)),
        .NARROW(pl_pricing_pkg::TILE_NARROW),
        .LATENCY(LATENCY)
    ) u_horner (
        .clk_i,
        .en_i,
        .row_i(row),
        .t_i  (t),
        .acc_o(acc)
    );
  end else begin : g_small
    pl_rom_horner #(
        .DEGREE(pl_tables_pkg::SMALL_DEGREE),
        .ROW_W(INDEX_BITS),
        .WORD_W(pl_tables_pkg::SMALL_EXP2_WORD_W),
        .CONTENTS(pl_tables_pkg::SMALL_EXP2_ROM),
        .C0_W(pl_tables_pkg::SMALL_EXP2_C0_W),
        .C1_W(pl_tables_pkg::SMALL_EXP2_C1_W),
        .C2_W(pl_tables_pkg::SMALL_EXP2_C2_W),
        .T_W(T_W),
        .T1_BITS(pl_tables_pkg::SMALL_T1_BITS),
        .OUT_W(FB + 1),
        .WIDE(pl_pricing_pkg::tile_wide(PROFILE)),
        .NARROW(pl_pricing_pkg::TILE_NARROW),
        .LATENCY(LATENCY)
    ) u_horner (
        .clk_i,
        .en_i,
        .row_i(row),
        .t_i  (t),
        .acc_o(acc)
    );
  end

  wire [9:0] whole;
  delay #(
      .WIDTH(10),
      .DEPTH(LATENCY)
  ) u_whole (
      .clk_i,
      .en_i,
      .data_i(y_i[W+:10]),
      .data_o(whole)
  );
  assign power_o = {E_W'(0) - E_W'(whole), W'(acc) << (W - 1 - FB)};
endmodule

`default_nettype wire

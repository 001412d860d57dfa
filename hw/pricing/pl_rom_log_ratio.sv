// ln(1+z)/z for |z| < 2^-4, x = 1/2 + 8 z in Q0.W: Q1.FB.
//
// Latency: pl_pricing_pkg::rom(PROFILE) cycles. Throughput 1 per cycle. Stall: en_i = 0 holds
// everything. No reset: data only. Errors: none. Reference: pl_rom_log_ratio() in
// host/model/roms.h.
`default_nettype none

module pl_rom_log_ratio #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int FB = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_FB
                                                       : pl_tables_pkg::SMALL_FB
) (
    input  wire          clk_i,
    input  wire          en_i,
    input  wire  [W-1:0] x_i,
    output logic [ FB:0] ratio_o
);
  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_rom_log_ratio: profile");

  localparam int INDEX_BITS = pl_tables_pkg::NEAR_INDEX_BITS;
  localparam int T_W = W - INDEX_BITS;
  localparam int LATENCY = pl_pricing_pkg::rom(PROFILE);

  wire [INDEX_BITS-1:0] row = x_i[T_W+:INDEX_BITS];
  wire [T_W-1:0] t = ~x_i[T_W-1:0];
  wire [FB:0] acc;
  if (PROFILE == pl_pricing_pkg::FULL) begin : g_full
    pl_rom_horner #(
        .DEGREE(pl_tables_pkg::FULL_DEGREE),
        .ROW_W(INDEX_BITS),
        .WORD_W(pl_tables_pkg::FULL_NEAR_WORD_W),
        .CONTENTS(pl_tables_pkg::FULL_NEAR_ROM),
        .C0_W(pl_tables_pkg::FULL_NEAR_C0_W),
        .C1_W(pl_tables_pkg::FULL_NEAR_C1_W),
        .C2_W(pl_tables_pkg::FULL_NEAR_C2_W),
        .C3_W(pl_tables_pkg::FULL_NEAR_C3_W),
        .C4_W(pl_tables_pkg::FULL_NEAR_C4_W),
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
        .WORD_W(pl_tables_pkg::SMALL_NEAR_WORD_W),
        .CONTENTS(pl_tables_pkg::SMALL_NEAR_ROM),
        .C0_W(pl_tables_pkg::SMALL_NEAR_C0_W),
        .C1_W(pl_tables_pkg::SMALL_NEAR_C1_W),
        .C2_W(pl_tables_pkg::SMALL_NEAR_C2_W),
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
  assign ratio_o = acc;
endmodule

`default_nettype wire

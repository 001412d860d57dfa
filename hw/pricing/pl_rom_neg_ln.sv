// -ln(m * 2^-W) for m in [2^(W-1), 2^W): Q0.FB.
//
// m_i is a mantissa without its leading one.
// Latency: pl_pricing_pkg::rom(PROFILE) cycles. Throughput 1 per cycle. Stall: en_i = 0 holds
// everything. No reset: data only. Errors: none. Reference: pl_rom_neg_ln() in host/model/roms.h.
`default_nettype none

module pl_rom_neg_ln #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int FB = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_FB
                                                       : pl_tables_pkg::SMALL_FB
) (
    input  wire           clk_i,
    input  wire           en_i,
    input  wire  [ W-2:0] m_i,
    output logic [FB-1:0] neg_ln_o
);
  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_rom_neg_ln: profile");

  localparam int INDEX_BITS = pl_tables_pkg::LN_INDEX_BITS;
  localparam int T_W = W - 1 - INDEX_BITS;
  localparam int LATENCY = pl_pricing_pkg::rom(PROFILE);

  wire [INDEX_BITS-1:0] row = m_i[T_W+:INDEX_BITS];
  wire [T_W-1:0] t = ~m_i[T_W-1:0];
  wire [FB-1:0] acc;
  if (PROFILE == pl_pricing_pkg::FULL) begin : g_full
    pl_rom_horner #(
        .DEGREE(pl_tables_pkg::FULL_DEGREE),
        .ROW_W(INDEX_BITS),
        .WORD_W(pl_tables_pkg::FULL_LN_WORD_W),
        .CONTENTS(pl_tables_pkg::FULL_LN_ROM),
        .C0_W(pl_tables_pkg::FULL_LN_C0_W),
        .C1_W(pl_tables_pkg::FULL_LN_C1_W),
        .C2_W(pl_tables_pkg::FULL_LN_C2_W),
        .C3_W(pl_tables_pkg::FULL_LN_C3_W),
        .C4_W(pl_tables_pkg::FULL_LN_C4_W),
        .T_W(T_W),
        .T1_BITS(pl_tables_pkg::FULL_T1_BITS),
        .T2_BITS(pl_tables_pkg::FULL_T2_BITS),
        .T3_BITS(pl_tables_pkg::FULL_T3_BITS),
        .OUT_W(FB),
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
        .WORD_W(pl_tables_pkg::SMALL_LN_WORD_W),
        .CONTENTS(pl_tables_pkg::SMALL_LN_ROM),
        .C0_W(pl_tables_pkg::SMALL_LN_C0_W),
        .C1_W(pl_tables_pkg::SMALL_LN_C1_W),
        .C2_W(pl_tables_pkg::SMALL_LN_C2_W),
        .T_W(T_W),
        .T1_BITS(pl_tables_pkg::SMALL_T1_BITS),
        .OUT_W(FB),
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
  assign neg_ln_o = acc;
endmodule

`default_nettype wire

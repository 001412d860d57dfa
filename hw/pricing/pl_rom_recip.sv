// 1/x for a mag x other than 0 (for 0 it gives 1/(1/2), exponent 1, as the model does).
//
// x_i and recip_o are mags.
// Latency: pl_pricing_pkg::rom(PROFILE) cycles. Throughput 1 per cycle. Stall: en_i = 0 holds
// everything. No reset: data only. Errors: none. Reference: pl_rom_recip() in host/model/roms.h.
`default_nettype none

module pl_rom_recip #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int FB = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_FB
                                                       : pl_tables_pkg::SMALL_FB,
    parameter int MAG_W = W + pl_pricing_pkg::E_W
) (
    input  wire              clk_i,
    input  wire              en_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [MAG_W-1:0] x_i,     // the leading one carries nothing
    // verilator lint_on UNUSEDSIGNAL
    output logic [MAG_W-1:0] recip_o
);
  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_rom_recip: profile");

  localparam int E_W = pl_pricing_pkg::E_W;
  localparam int INDEX_BITS = pl_tables_pkg::RECIP_INDEX_BITS;
  localparam int T_W = W - 1 - INDEX_BITS;
  localparam int LATENCY = pl_pricing_pkg::rom(PROFILE);

  wire [INDEX_BITS-1:0] row = x_i[T_W+:INDEX_BITS];
  wire [T_W-1:0] t = ~x_i[T_W-1:0];
  wire [FB:0] acc;
  if (PROFILE == pl_pricing_pkg::FULL) begin : g_full
    pl_rom_horner #(
        .DEGREE(pl_tables_pkg::FULL_DEGREE),
        .ROW_W(INDEX_BITS),
        .WORD_W(pl_tables_pkg::FULL_RECIP_WORD_W),
        .CONTENTS(pl_tables_pkg::FULL_RECIP_ROM),
        .C0_W(pl_tables_pkg::FULL_RECIP_C0_W),
        .C1_W(pl_tables_pkg::FULL_RECIP_C1_W),
        .C2_W(pl_tables_pkg::FULL_RECIP_C2_W),
        .C3_W(pl_tables_pkg::FULL_RECIP_C3_W),
        .C4_W(pl_tables_pkg::FULL_RECIP_C4_W),
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
        .WORD_W(pl_tables_pkg::SMALL_RECIP_WORD_W),
        .CONTENTS(pl_tables_pkg::SMALL_RECIP_ROM),
        .C0_W(pl_tables_pkg::SMALL_RECIP_C0_W),
        .C1_W(pl_tables_pkg::SMALL_RECIP_C1_W),
        .C2_W(pl_tables_pkg::SMALL_RECIP_C2_W),
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

  wire [E_W-1:0] e = E_W'(1) - x_i[W+:E_W];
  delay #(
      .WIDTH(E_W),
      .DEPTH(LATENCY)
  ) u_e (
      .clk_i,
      .en_i,
      .data_i(e),
      .data_o(recip_o[W+:E_W])
  );
  assign recip_o[W-1:0] = W'(acc) << (W - 1 - FB);
endmodule

`default_nettype wire

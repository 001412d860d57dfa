// Mills' ratio N(-z)/n(z), z in Q6.XB below 63 (XB = W - 5): Q1.FB, at most 1.2534.
//
// The row is by octave of z + 1: 7, 7, 7, 6, 5 and 5 index bits.
// Latency: pl_pricing_pkg::rom_mills(PROFILE) cycles. Throughput 1 per cycle. Stall: en_i = 0 holds
// everything. No reset: data only. Errors: none. Reference: pl_rom_mills() in host/model/roms.h.
`default_nettype none

module pl_rom_mills #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int FB = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_FB
                                                       : pl_tables_pkg::SMALL_FB
) (
    input  wire         clk_i,
    input  wire         en_i,
    input  wire  [ W:0] z_i,
    output logic [FB:0] mills_o
);
  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_rom_mills: profile");

  localparam int XB = W - pl_pricing_pkg::Z_INTEGER_BITS;
  localparam int ROW_W = 9;
  localparam int LATENCY = pl_pricing_pkg::rom_mills(PROFILE) - 2;

  // Segment and distance in octave K, whose segments have LOW bits; t is left-justified in XB bits.
  logic [W:0] z1_q;
  logic [ROW_W-1:0] row, row_d;
  logic [XB-1:0] t, t_d;
  always_comb begin
    if (z1_q[XB+5]) begin
      row_d = ROW_W'(pl_tables_pkg::MILLS5_FIRST_ROW) + ROW_W'(z1_q[XB+4-:5]);
      t_d   = ~z1_q[XB-1:0];
    end else if (z1_q[XB+4]) begin
      row_d = ROW_W'(pl_tables_pkg::MILLS4_FIRST_ROW) + ROW_W'(z1_q[XB+3-:5]);
      t_d   = {~z1_q[XB-2:0], 1'b0};
    end else if (z1_q[XB+3]) begin
      row_d = ROW_W'(pl_tables_pkg::MILLS3_FIRST_ROW) + ROW_W'(z1_q[XB+2-:6]);
      t_d   = {~z1_q[XB-4:0], 3'b0};
    end else if (z1_q[XB+2]) begin
      row_d = ROW_W'(pl_tables_pkg::MILLS2_FIRST_ROW) + ROW_W'(z1_q[XB+1-:7]);
      t_d   = {~z1_q[XB-6:0], 5'b0};
    end else if (z1_q[XB+1]) begin
      row_d = ROW_W'(pl_tables_pkg::MILLS1_FIRST_ROW) + ROW_W'(z1_q[XB-:7]);
      t_d   = {~z1_q[XB-7:0], 6'b0};
    end else begin
      row_d = ROW_W'(pl_tables_pkg::MILLS0_FIRST_ROW) + ROW_W'(z1_q[XB-1-:7]);
      t_d   = {~z1_q[XB-8:0], 7'b0};
    end
  end
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      z1_q <= z_i + ((W + 1)'(1) << XB);
      row  <= row_d;
      t    <= t_d;
    end
  end

  wire [FB:0] acc;
  if (PROFILE == pl_pricing_pkg::FULL) begin : g_full
    pl_rom_horner #(
        .DEGREE(pl_tables_pkg::FULL_DEGREE),
        .ROW_W(ROW_W),
        .WORD_W(pl_tables_pkg::FULL_MILLS_WORD_W),
        .CONTENTS(pl_tables_pkg::FULL_MILLS_ROM),
        .C0_W(pl_tables_pkg::FULL_MILLS_C0_W),
        .C1_W(pl_tables_pkg::FULL_MILLS_C1_W),
        .C2_W(pl_tables_pkg::FULL_MILLS_C2_W),
        .C3_W(pl_tables_pkg::FULL_MILLS_C3_W),
        .C4_W(pl_tables_pkg::FULL_MILLS_C4_W),
        .T_W(XB),
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
        .ROW_W(ROW_W),
        .WORD_W(pl_tables_pkg::SMALL_MILLS_WORD_W),
        .CONTENTS(pl_tables_pkg::SMALL_MILLS_ROM),
        .C0_W(pl_tables_pkg::SMALL_MILLS_C0_W),
        .C1_W(pl_tables_pkg::SMALL_MILLS_C1_W),
        .C2_W(pl_tables_pkg::SMALL_MILLS_C2_W),
        .T_W(XB),
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
  assign mills_o = acc;

  if (pl_tables_pkg::MILLS0_INDEX_BITS != 7 || pl_tables_pkg::MILLS1_INDEX_BITS != 7 ||
      pl_tables_pkg::MILLS2_INDEX_BITS != 7 || pl_tables_pkg::MILLS3_INDEX_BITS != 6 ||
      pl_tables_pkg::MILLS4_INDEX_BITS != 5 || pl_tables_pkg::MILLS5_INDEX_BITS != 5)
    $error("pl_rom_mills: index bits");
endmodule

`default_nettype wire

// A polynomial read from a ROM row: c[0] + t (c[1] + t (c[2] + ..)), each product floored.
//
// row_i and t_i (Q0.T_W, the distance from the segment's right edge) give acc_o, FB fraction bits.
// CONTENTS as in pl_tables_pkg: a word is {c[DEGREE], .., c[1], c[0]}. T1_BITS.. are the leading
// bits of t that the inner steps use. DEGREE is 2 or 4.
// Latency: LATENCY cycles (checked). Throughput 1 per cycle. Stall: en_i = 0 holds everything.
// No reset: data only. Errors: none. Reference: pl_rom_horner() in host/model/roms.h.
`default_nettype none

module pl_rom_horner #(
    parameter int DEGREE = 2,
    parameter int ROW_W = 5,
    parameter int WORD_W = 66,
    parameter logic [(1<<ROW_W)*WORD_W-1:0] CONTENTS = '0,
    parameter int C0_W = 31,
    parameter int C1_W = 22,
    parameter int C2_W = 13,
    parameter int C3_W = 1,  // C3_W, C4_W, T2_BITS and T3_BITS: degree 4 only
    parameter int C4_W = 1,
    parameter int T_W = 29,
    parameter int T1_BITS = 17,
    parameter int T2_BITS = 17,
    parameter int T3_BITS = 17,
    parameter int OUT_W = 31,
    parameter int WIDE = 17,
    parameter int NARROW = 17,
    parameter int LATENCY = 9
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [ROW_W-1:0] row_i,
    input  wire  [  T_W-1:0] t_i,
    output logic [OUT_W-1:0] acc_o
);
  // Widths of the inner results: t is below 1, so a sum has at most one bit more than its terms.
  localparam int A3_W = (C3_W > C4_W ? C3_W : C4_W) + 1;
  localparam int A2_W = DEGREE == 4 ? (C2_W > A3_W ? C2_W : A3_W) + 1 : C2_W;
  localparam int A1_W = (C1_W > A2_W ? C1_W : A2_W) + 1;
  localparam int REST_W = T_W + C1_W + C0_W;  // what the last two steps need
  localparam int L3 = mul_tiled_pkg::latency(C4_W, T3_BITS, WIDE, NARROW) + 1;
  localparam int L2 = mul_tiled_pkg::latency(A3_W, T2_BITS, WIDE, NARROW) + 1;
  localparam int L1 = mul_tiled_pkg::latency(A2_W, T1_BITS, WIDE, NARROW) + 1;
  localparam int L0 = mul_tiled_pkg::latency(A1_W, T_W, WIDE, NARROW) + 1;

  if (DEGREE != 2 && DEGREE != 4) $error("pl_rom_horner: degree");
  if (WORD_W != C0_W + C1_W + C2_W + (DEGREE == 4 ? C3_W + C4_W : 0)) $error("pl_rom_horner: word");
  if (T1_BITS > T_W || T2_BITS > T_W || T3_BITS > T_W) $error("pl_rom_horner: t");
  if (LATENCY != 1 + (DEGREE == 4 ? L3 + L2 : 0) + L1 + L0) $error("pl_rom_horner: latency");

  wire [WORD_W-1:0] word;
  rom #(
      .ADDR_W  (ROW_W),
      .WORD_W  (WORD_W),
      .CONTENTS(CONTENTS)
  ) u_rom (
      .clk_i,
      .en_i,
      .addr_i(row_i),
      .data_o(word)
  );
  logic [T_W-1:0] t_q;
  always_ff @(posedge clk_i) begin
    if (en_i) t_q <= t_i;
  end

  wire [  A2_W-1:0] a2;
  wire [REST_W-1:0] rest2;  // {t, c1, c0} beside a2
  if (DEGREE == 4) begin : g_inner
    wire [A3_W-1:0] a3;
    wire [T_W-1:0] t3;
    wire [C2_W-1:0] c2;
    wire [C1_W+C0_W-1:0] c10;
    pl_horner_step #(
        .ACC_W(C4_W),
        .T_W(T3_BITS),
        .C_W(C3_W),
        .OUT_W(A3_W),
        .WIDE(WIDE),
        .NARROW(NARROW)
    ) u_step3 (
        .clk_i,
        .en_i,
        .acc_i(word[C0_W+C1_W+C2_W+C3_W+:C4_W]),
        .t_i  (t_q[T_W-1-:T3_BITS]),
        .c_i  (word[C0_W+C1_W+C2_W+:C3_W]),
        .acc_o(a3)
    );
    delay #(
        .WIDTH(REST_W + C2_W),
        .DEPTH(L3)
    ) u_rest3 (
        .clk_i,
        .en_i,
        .data_i({t_q, word[C0_W+C1_W+C2_W-1:0]}),
        .data_o({t3, c2, c10})
    );
    pl_horner_step #(
        .ACC_W(A3_W),
        .T_W(T2_BITS),
        .C_W(C2_W),
        .OUT_W(A2_W),
        .WIDE(WIDE),
        .NARROW(NARROW)
    ) u_step2 (
        .clk_i,
        .en_i,
        .acc_i(a3),
        .t_i  (t3[T_W-1-:T2_BITS]),
        .c_i  (c2),
        .acc_o(a2)
    );
    delay #(
        .WIDTH(REST_W),
        .DEPTH(L2)
    ) u_rest2 (
        .clk_i,
        .en_i,
        .data_i({t3, c10}),
        .data_o(rest2)
    );
  end else begin : g_short
    assign a2 = word[C0_W+C1_W+:C2_W];
    assign rest2 = {t_q, word[C0_W+C1_W-1:0]};
  end

  wire [A1_W-1:0] a1;
  pl_horner_step #(
      .ACC_W(A2_W),
      .T_W(T1_BITS),
      .C_W(C1_W),
      .OUT_W(A1_W),
      .WIDE(WIDE),
      .NARROW(NARROW)
  ) u_step1 (
      .clk_i,
      .en_i,
      .acc_i(a2),
      .t_i  (rest2[REST_W-1-:T1_BITS]),
      .c_i  (rest2[C0_W+:C1_W]),
      .acc_o(a1)
  );
  wire [T_W-1:0] t1;
  wire [C0_W-1:0] c0;
  delay #(
      .WIDTH(T_W + C0_W),
      .DEPTH(L1)
  ) u_rest1 (
      .clk_i,
      .en_i,
      .data_i({rest2[C0_W+C1_W+:T_W], rest2[C0_W-1:0]}),
      .data_o({t1, c0})
  );
  pl_horner_step #(
      .ACC_W(A1_W),
      .T_W(T_W),
      .C_W(C0_W),
      .OUT_W(OUT_W),
      .WIDE(WIDE),
      .NARROW(NARROW)
  ) u_step0 (
      .clk_i,
      .en_i,
      .acc_i(a1),
      .t_i  (t1),
      .c_i  (c0),
      .acc_o
  );
endmodule

`default_nettype wire

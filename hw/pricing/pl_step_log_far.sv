// |ln(K/F)| from the quotient q: (octaves) ln 2 + ln m, m in [1/2, 1). Q6.FB.
//
// Latency: pl_pricing_pkg::rom(PROFILE) + 2 cycles after q_i = K * (1/F).
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: the second half of step_log_far() in host/model/pricing.c.
`default_nettype none

module pl_step_log_far #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int FB = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_FB
                                                       : pl_tables_pkg::SMALL_FB,
    parameter int E_W = pl_pricing_pkg::E_W,
    parameter int MAG_W = E_W + W
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [MAG_W-1:0] q_i,    // |e| below 64
    output logic [   FB+5:0] far_o
);
  localparam int ROM = pl_pricing_pkg::rom(PROFILE);
  localparam int F_W = FB + 7;  // two's complement
  localparam logic [63:0] LN2 = PROFILE == pl_pricing_pkg::FULL ? 64'(pl_tables_pkg::FULL_LN2)
                                                                : 64'(pl_tables_pkg::SMALL_LN2);

  // octaves * ln 2 for every octave, octaves in two's complement
  function automatic logic [128*F_W-1:0] octave_table();
    logic [F_W-1:0] product;
    product = '0;
    for (int i = 0; i < 64; i++) begin
      octave_table[i*F_W+:F_W] = product;
      product = product + F_W'(LN2);
    end
    for (int i = 64; i < 128; i++) begin
      octave_table[i*F_W+:F_W] = ~product + F_W'(1);
      product = product - F_W'(LN2);
    end
  endfunction

  wire [FB-1:0] neg_ln;
  pl_rom_neg_ln #(.PROFILE(PROFILE)) u_ln (.clk_i, .en_i, .m_i(q_i[W-2:0]), .neg_ln_o(neg_ln));
  wire [6:0] octaves;
  wire [F_W-1:0] whole;
  delay #(.WIDTH(7), .DEPTH(ROM - 1)) u_octaves_delay (
      .clk_i, .en_i, .data_i(q_i[W+:7]), .data_o(octaves)
  );
  rom #(.ADDR_W(7), .WORD_W(F_W), .CONTENTS(octave_table())) u_octaves (
      .clk_i, .en_i, .addr_i(octaves), .data_o(whole)
  );

  logic [F_W-1:0] ln_q;
  wire [F_W-1:0] magnitude = ln_q[F_W-1] ? ~ln_q + F_W'(1) : ln_q;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      ln_q  <= whole - F_W'(neg_ln);
      far_o <= magnitude[FB+5:0];
    end
  end

  // verilator lint_off UNUSEDSIGNAL
  wire unused = &{q_i[MAG_W-1:W+7], q_i[W-1], magnitude[F_W-1]};  // constant by the ranges above
  // verilator lint_on UNUSEDSIGNAL

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_log_far: profile");
endmodule

`default_nettype wire

// 48 multipliers of pseudo-random widths, for the bench only.
//
// Instance i: mul_tiled of widths 1 .. 64 on the low bits of x_i and y_i; p_o[128*i +: 128] is its
// result.
// Latency: that of each mul_tiled. Stall: en_i = 0 holds everything.
`default_nettype none

module multipliers #(
    parameter int SEED = 1,
    parameter int WIDE = 26,
    parameter int NARROW = 17,
    parameter int SHARE = 1
) (
    input  wire               clk_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire               rst_ni,  // for the bench's sake
    input  wire               en_i,
    input  wire  [      63:0] x_i,     // the widths drawn may need fewer bits
    input  wire  [      63:0] y_i,
    // verilator lint_on UNUSEDSIGNAL
    output logic [48*128-1:0] p_o
);
  // Lehmer's generator; the bench has the same one.
  function automatic int draw(input int index, input int modulus);
    longint state;
    state = 64'(SEED) * 64'd1000 + 64'(index) + 64'd1;
    for (int i = 0; i < 8; i++) state = state * 64'd48271 % 64'd2147483647;
    draw = int'(state % 64'(modulus));
  endfunction

  for (genvar i = 0; i < 48; i++) begin : g_mul
    localparam int X_W = 1 + draw(3 * i, 64);
    localparam int Y_W = 1 + draw(3 * i + 1, 64);
    localparam int SHIFT = draw(3 * i + 2, X_W + Y_W);
    wire [X_W+Y_W-SHIFT-1:0] p;
    mul_tiled #(
        .X_W(X_W),
        .Y_W(Y_W),
        .SHIFT(SHIFT),
        .WIDE(WIDE),
        .NARROW(NARROW),
        .SHARE(SHARE)
    ) u_mul (
        .clk_i,
        .en_i,
        .x_i(x_i[X_W-1:0]),
        .y_i(y_i[Y_W-1:0]),
        .p_o(p)
    );
    assign p_o[128*i+:128] = 128'(p);
  end
endmodule

`default_nettype wire

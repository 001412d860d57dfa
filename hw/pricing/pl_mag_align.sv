// Two mags on the grid of the larger: big as it is, the smaller shifted down and truncated.
//
// Latency: 2 cycles: order, shift. Throughput 1 per cycle. Stall: en_i = 0 holds everything.
// No reset: data only. Errors: none.
// Reference: the first half of pl_mag_add() and pl_mag_sub() in host/model/arith.h.
`default_nettype none

module pl_mag_align #(
    parameter int W = 51,
    parameter int E_W = pl_pricing_pkg::E_W
) (
    input  wire              clk_i,
    input  wire              en_i,
    input  wire  [E_W+W-1:0] x_i,
    input  wire  [E_W+W-1:0] y_i,
    output logic [E_W+W-1:0] big_o,
    output logic [    W-1:0] down_o,
    output logic             swap_o   // y is the larger one, by exponent
);
  wire [E_W:0] x_e = {x_i[W+E_W-1], x_i[W+:E_W]};
  wire [E_W:0] y_e = {y_i[W+E_W-1], y_i[W+:E_W]};
  wire [E_W:0] x_less_y = x_e - y_e;
  wire [E_W:0] y_less_x = y_e - x_e;
  wire x_zero = !x_i[W-1];
  wire y_zero = !y_i[W-1];
  wire swap = x_zero || (!y_zero && x_less_y[E_W]);

  logic swap_q;
  logic [E_W:0] count_q;  // of no meaning where the smaller one is 0
  logic [E_W+W-1:0] big_q;
  logic [W-1:0] small_q;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      swap_q <= swap;
      big_q <= swap ? y_i : x_i;
      small_q <= swap ? x_i[W-1:0] : y_i[W-1:0];
      count_q <= swap ? y_less_x : x_less_y;
      swap_o <= swap_q;
      big_o <= big_q;
      down_o <= |count_q[E_W:6] ? '0 : small_q >> count_q[5:0];
    end
  end
endmodule

`default_nettype wire

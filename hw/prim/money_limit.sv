// A wide value plus a rounding increment, limited to signed 64-bit money: pl_money_limit of
// host/model/money.h.
//
// Latency 2 enabled cycles, throughput 1 per cycle. overflow_o: value_i + increment_i did not fit,
// money_o is the limit on its side. en_i low freezes the pipeline.
`default_nettype none
module money_limit #(
    parameter int unsigned VALUE_WIDTH = 128
) (
    input  wire                          clk_i,
    input  wire                          rst_ni,
    input  wire                          en_i,
    input  wire                          valid_i,
    input  wire  signed [VALUE_WIDTH-1:0] value_i,
    input  wire                          increment_i,
    output logic                         valid_o,
    output logic signed [          63:0] money_o,
    output logic                         overflow_o
);
  if (VALUE_WIDTH < 66) begin : g_width $error("money_limit: VALUE_WIDTH must be at least 66"); end

  // Only a value of 65 bits can come to fit by the increment, or cease to: those are added, the
  // rest is compared. The sum may wrap, but not to one that fits.
  logic [1:0] valid_q;
  logic [64:0] rounded_q;
  logic outside_q, negative_q, fits;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (en_i) valid_q <= {valid_q[0], valid_i};
  end

  assign fits = !outside_q && rounded_q[64] == rounded_q[63];
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      rounded_q <= value_i[64:0] + 65'(increment_i);
      outside_q <= value_i[VALUE_WIDTH-1:64] != '0 && value_i[VALUE_WIDTH-1:64] != '1;
      negative_q <= value_i[VALUE_WIDTH-1];
      overflow_o <= !fits;
      money_o <= fits ? rounded_q[63:0] : {negative_q, {63{!negative_q}}};
    end
  end
  assign valid_o = valid_q[1];

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      if (valid_o && overflow_o) a_limit: assert (money_o[62:0] == {63{!money_o[63]}});
      if ($past(!en_i)) a_held: assert (valid_o == $past(valid_o) && money_o == $past(money_o));
    end
  end
endmodule
`default_nettype wire

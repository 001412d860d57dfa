// Check bits of a word: single error correcting, double error detecting, see ecc_pkg.
// Combinational.
`default_nettype none
module ecc_encode #(
    parameter  int unsigned DATA_WIDTH  = 64,
    localparam int unsigned CHECK_WIDTH = ecc_pkg::check_width(DATA_WIDTH)
) (
    input  wire  [ DATA_WIDTH-1:0] data_i,
    output logic [CHECK_WIDTH-1:0] check_o
);
  if (DATA_WIDTH < 1 || DATA_WIDTH > ecc_pkg::DATA_WIDTH_MAX) begin : g_width
    $error("ecc_encode: DATA_WIDTH must lie in 1..128");
  end

  for (genvar j = 0; j < CHECK_WIDTH; j++) begin : g_check
    localparam logic [127:0] MASK = ecc_pkg::mask(j, CHECK_WIDTH);
    assign check_o[j] = ^(data_i & MASK[DATA_WIDTH-1:0]);
  end
endmodule
`default_nettype wire

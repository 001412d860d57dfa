// Bench top: encoder, errors, decoder.
`default_nettype none
module ecc #(
    parameter  int unsigned DATA_WIDTH  = 64,
    localparam int unsigned CHECK_WIDTH = ecc_pkg::check_width(DATA_WIDTH)
) (
    input  wire                    clk_i,  // the shared bench drives a clock and a reset
    input  wire                    rst_ni,
    input  wire  [ DATA_WIDTH-1:0] data_i,
    input  wire  [ DATA_WIDTH-1:0] flip_data_i,
    input  wire  [CHECK_WIDTH-1:0] flip_check_i,
    output logic [ DATA_WIDTH-1:0] data_o,
    output logic                   corrected_o,
    output logic                   uncorrectable_o,
    output logic                   clocked_o,
    output logic [            7:0] check_width_o
);
  logic [CHECK_WIDTH-1:0] check;
  assign clocked_o = clk_i && rst_ni;
  assign check_width_o = 8'(CHECK_WIDTH);

  ecc_encode #(
      .DATA_WIDTH(DATA_WIDTH)
  ) u_encode (
      .data_i,
      .check_o(check)
  );
  ecc_decode #(
      .DATA_WIDTH(DATA_WIDTH)
  ) u_decode (
      .data_i(data_i ^ flip_data_i),
      .check_i(check ^ flip_check_i),
      .data_o,
      .corrected_o,
      .uncorrectable_o
  );
endmodule
`default_nettype wire

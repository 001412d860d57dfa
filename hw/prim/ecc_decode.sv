// Corrects one wrong bit of a word and its check bits, detects two, see ecc_pkg. Combinational.
//
// corrected_o: one bit was wrong (a check bit counts), data_o is right. uncorrectable_o: data_o is
// not to be used; every double error, and those of more bits that do not look like a single one.
// Never both.
`default_nettype none
module ecc_decode #(
    parameter  int unsigned DATA_WIDTH  = 64,
    localparam int unsigned CHECK_WIDTH = ecc_pkg::check_width(DATA_WIDTH)
) (
    input  wire  [ DATA_WIDTH-1:0] data_i,
    input  wire  [CHECK_WIDTH-1:0] check_i,
    output logic [ DATA_WIDTH-1:0] data_o,
    output logic                   corrected_o,
    output logic                   uncorrectable_o
);
  if (DATA_WIDTH < 1 || DATA_WIDTH > ecc_pkg::DATA_WIDTH_MAX) begin : g_width
    $error("ecc_decode: DATA_WIDTH must lie in 1..128");
  end

  logic [CHECK_WIDTH-1:0] expected, syndrome;
  logic [DATA_WIDTH-1:0] wrong;
  logic [CHECK_WIDTH*DATA_WIDTH-1:0] masks;

  ecc_encode #(
      .DATA_WIDTH(DATA_WIDTH)
  ) u_encode (
      .data_i,
      .check_o(expected)
  );
  assign syndrome = expected ^ check_i;

  for (genvar j = 0; j < CHECK_WIDTH; j++) begin : g_mask
    localparam logic [127:0] MASK = ecc_pkg::mask(j, CHECK_WIDTH);
    assign masks[j*DATA_WIDTH+:DATA_WIDTH] = MASK[DATA_WIDTH-1:0];
  end
  // The bit whose column of the matrix is the syndrome: for every bit at once, those that no check bit excludes.
  always_comb begin
    wrong = '0;
    if (syndrome != '0) begin
      wrong = '1;
      for (int unsigned j = 0; j < CHECK_WIDTH; j++) begin
        wrong = wrong & (masks[j*DATA_WIDTH+:DATA_WIDTH] ^ {DATA_WIDTH{!syndrome[j]}});
      end
    end
  end

  assign data_o = data_i ^ wrong;
  logic check_wrong;
  always_comb begin
    check_wrong = 1'b0;
    for (int unsigned j = 0; j < CHECK_WIDTH; j++) check_wrong = check_wrong || syndrome == CHECK_WIDTH'(1) << j;
  end
  assign corrected_o = |wrong || check_wrong;
  assign uncorrectable_o = syndrome != '0 && !corrected_o;

  always_comb begin
    a_one_bit: assert ((wrong & (wrong - 1'b1)) == '0);
    a_odd: assert (!corrected_o || ^syndrome);
  end
endmodule
`default_nettype wire

// SECDED code of the card's memories: an odd-weight-column code (Hsiao, IBM J. Res. Dev. 14, 1970),
// data width 1..128.
//
// Check bit j is the parity of the data bits in mask(j, ..). Each data bit's column of the
// parity-check matrix has odd weight of at least 3, the check bits' have weight 1: a single error
// yields an odd syndrome that names its bit, a double error an even one that is not zero. Columns
// of low weight come first: fewer inputs to each parity.
`default_nettype none
package ecc_pkg;
  localparam int unsigned DATA_WIDTH_MAX = 128;

  // Check bits for a data width: the least c with enough odd words of c bits that are not single
  // bits.
  function automatic int unsigned check_width(input int unsigned data_width);
    int unsigned c;
    c = 4;
    while ((1 << (c - 1)) - c < data_width) c = c + 1;
    check_width = c;
  endfunction

  // Data bits in check bit j of c: bit i is bit j of the i-th odd-weight word of c bits, ordered by
  // weight, then value. The next word of a weight: HAKMEM, item 175.
  function automatic logic [127:0] mask(input int unsigned j, input int unsigned c);
    int unsigned weight, word, low, high;
    mask = '0;
    weight = 3;
    word = 7;
    for (int unsigned i = 0; i < 128; i = i + 1) begin
      mask[i] = ((word >> j) & 1) != 0;
      low = word & (~word + 1);
      high = word + low;
      word = high | (((word ^ high) >> 2) / low);
      if (word >= (1 << c)) begin
        weight = weight + 2;
        word = (1 << weight) - 1;
      end
    end
  endfunction
endpackage
`default_nettype wire

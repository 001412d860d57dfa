// How mul_tiled cuts its operands: tile widths and latency, for the modules that wait for it.
// Contract: constant functions only.
`default_nettype none

package mul_tiled_pkg;
  function automatic int pieces(input int width, input int tile);
    pieces = (width + tile - 1) / tile;
  endfunction

  // Width of x's tiles; y gets the other one. Ties give x the narrow side.
  function automatic int tile_x(input int x_w, input int y_w, input int wide, input int narrow);
    if (pieces(x_w, wide) * pieces(y_w, narrow) < pieces(x_w, narrow) * pieces(y_w, wide))
      tile_x = wide;
    else tile_x = narrow;
  endfunction

  // Tiles on one diagonal do not overlap, so a diagonal is one addend.
  function automatic int diagonals(input int x_w, input int y_w, input int wide, input int narrow);
    int tx;
    tx = tile_x(x_w, y_w, wide, narrow);
    diagonals = pieces(x_w, tx) + pieces(y_w, wide + narrow - tx) - 1;
  endfunction

  // Operand and product registers, then one register per level of the adder tree.
  function automatic int latency(input int x_w, input int y_w, input int wide, input int narrow);
    latency = 2 + $clog2(diagonals(x_w, y_w, wide, narrow));
  endfunction
endpackage

`default_nettype wire

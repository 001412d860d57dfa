// Which instruments a watched set names: one bit per instrument, two banks, one written while the other is looked up.
//
// Walk: clear_i (pulse) empties bank write_bank_i, one instrument per cycle; clearing_o is high from the next cycle until it is
// empty, and marks come only then. lookup_valid_i: named_o is the bit of lookup_i in read_bank_i in the next cycle, and stays
// until the next lookup. abort_i ends a walk. Indices lie below INSTRUMENTS. No stall, no errors; contents survive reset.
`default_nettype none
module watch_marks #(
    parameter  int unsigned INSTRUMENTS = 4096,
    localparam int unsigned INDEX_W = $clog2(INSTRUMENTS)
) (
    input  wire                clk_i,
    input  wire                rst_ni,
    input  wire                abort_i,
    input  wire                clear_i,
    output logic               clearing_o,
    input  wire                write_bank_i,
    input  wire                mark_valid_i,
    input  wire  [INDEX_W-1:0] mark_i,
    input  wire                read_bank_i,
    input  wire                lookup_valid_i,
    input  wire  [INDEX_W-1:0] lookup_i,
    output logic               named_o
);
  if (INSTRUMENTS < 2 || (INSTRUMENTS & (INSTRUMENTS - 1)) != 0) begin : g_instruments
    $error("watch_marks: INSTRUMENTS must be a power of two, at least 2");
  end

  (* no_rw_check *) logic memory[2*INSTRUMENTS];
  logic [INDEX_W-1:0] walk_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || abort_i) clearing_o <= 1'b0;
    else clearing_o <= clear_i || (clearing_o && walk_q != '1);
    walk_q <= clearing_o ? walk_q + 1'b1 : '0;
  end
  always_ff @(posedge clk_i) begin
    if (clearing_o || mark_valid_i) memory[{write_bank_i, clearing_o ? walk_q : mark_i}] <= !clearing_o;
  end
  always_ff @(posedge clk_i) if (lookup_valid_i) named_o <= memory[{read_bank_i, lookup_i}];

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) a_mark_or_walk: assert (!(mark_valid_i && clearing_o));
  end
endmodule
`default_nettype wire

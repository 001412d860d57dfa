// One table of tick words, each entry twice: live while records arrive, frozen for what is read between commits.
//
// A read yields the entry at read_index_i one cycle later, of the frozen words if read_frozen_i, and holds while both do.
// A freeze copies one live entry to its frozen one, in 2 cycles, one per cycle; reads have no meaning while freezes enter, and
// nothing is written in the cycle after one enters.
// A clear (zero_i with write_valid_i) writes 0 to the live entry and takes the frozen one's mark away, which then reads as 0: one
// memory with one write port holds both. No stall, no errors; indices beyond the table are the caller's mistake.
// Reference: live, frozen and the vols of struct pl_tables in host/model/tables.h.
`default_nettype none

module pl_row_frozen_table #(
    parameter  int unsigned WIDTH   = 64,
    parameter  int unsigned DEPTH   = 512,
    localparam int unsigned INDEX_W = $clog2(DEPTH)
) (
    input  wire                clk_i,
    input  wire                rst_ni,
    input  wire                write_valid_i,
    input  wire                zero_i,
    input  wire  [INDEX_W-1:0] write_index_i,
    input  wire  [  WIDTH-1:0] write_data_i,
    input  wire                freeze_valid_i,
    input  wire  [INDEX_W-1:0] freeze_index_i,
    input  wire  [INDEX_W-1:0] read_index_i,
    input  wire                read_frozen_i,
    output logic [  WIDTH-1:0] data_o
);
  (* no_rw_check *) logic [WIDTH-1:0] memory[2*DEPTH];  // {frozen, index}
  (* no_rw_check *) logic marks[DEPTH];  // of frozen entries that were copied since they were cleared
  logic [WIDTH-1:0] word_q;
  logic [INDEX_W-1:0] freeze_index_q, write_index;
  logic freeze_q, frozen_q, mark_q;

  if (DEPTH < 2) begin : g_depth $error("pl_row_frozen_table: DEPTH"); end

  assign write_index = freeze_q ? freeze_index_q : write_index_i;
  assign data_o = mark_q || !frozen_q ? word_q : '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) freeze_q <= 1'b0;
    else freeze_q <= freeze_valid_i;
  end
  always_ff @(posedge clk_i) begin
    freeze_index_q <= freeze_index_i;
    word_q <= memory[freeze_valid_i ? {1'b0, freeze_index_i} : {read_frozen_i, read_index_i}];
    mark_q <= marks[read_index_i];
    frozen_q <= read_frozen_i;
  end
  always_ff @(posedge clk_i) begin
    if (freeze_q || write_valid_i) memory[{freeze_q, write_index}] <= freeze_q ? word_q : zero_i ? '0 : write_data_i;
  end
  always_ff @(posedge clk_i) if (freeze_q || (write_valid_i && zero_i)) marks[write_index] <= freeze_q;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) a_freeze_alone: assert (!(freeze_q && write_valid_i));
  end
endmodule
`default_nettype wire

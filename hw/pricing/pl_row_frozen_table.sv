// One table of tick words, each entry twice: live while records arrive, frozen for what is read between commits.
//
// A read yields the entry at read_index_i one cycle later, of the frozen words if read_frozen_i, and holds while both do.
// A freeze copies one live entry to its frozen one, in 2 cycles, one per cycle; reads have no meaning while freezes enter.
// A clear (zero_i with write_valid_i) writes 0 to both. No stall, no errors; indices beyond the table are the caller's mistake.
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
  logic [WIDTH-1:0] live[DEPTH];
  logic [WIDTH-1:0] frozen[DEPTH];
  logic [WIDTH-1:0] live_q, frozen_q, frozen_data;
  logic [INDEX_W-1:0] live_index, freeze_index_q, frozen_index;
  logic freeze_q, select_q, frozen_write;

  if (DEPTH < 2) begin : g_depth $error("pl_row_frozen_table: DEPTH"); end

  assign live_index = freeze_valid_i ? freeze_index_i : read_index_i;
  assign frozen_write = freeze_q || (write_valid_i && zero_i);
  assign frozen_index = freeze_q ? freeze_index_q : write_index_i;
  assign frozen_data = freeze_q ? live_q : '0;
  assign data_o = select_q ? frozen_q : live_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) freeze_q <= 1'b0;
    else freeze_q <= freeze_valid_i;
  end
  always_ff @(posedge clk_i) begin
    freeze_index_q <= freeze_index_i;
    select_q <= read_frozen_i;
    live_q <= live[live_index];
    frozen_q <= frozen[read_index_i];
  end
  always_ff @(posedge clk_i) if (write_valid_i) live[write_index_i] <= zero_i ? '0 : write_data_i;
  always_ff @(posedge clk_i) if (frozen_write) frozen[frozen_index] <= frozen_data;
endmodule
`default_nettype wire

// Two change_lists of one table, with the same marks: which entries changed since the last commit, and which since the last flip
// (a flip takes the changes of several commits if sweeps run between them).
//
// flip_i chooses the list that reads, dirty looks, cleaning and restart_i are about, and whose length stands at length_o; it holds
// still from a read to its answer. none_o: nothing changed since the last commit. restart_both_i empties both lists; their marks
// are taken away by the clear walk. Latencies and throughput: change_list. No stall, no errors.
`default_nettype none
module change_pair #(
    parameter  int unsigned DEPTH = 512,
    localparam int unsigned AW = $clog2(DEPTH)
) (
    input  wire                                  clk_i,
    input  wire                                  rst_ni,
    input  wire                                  flip_i,
    input  wire                                  restart_i,
    input  wire                                  restart_both_i,
    input  wire                                  clear_valid_i,
    input  wire  [pl_card_pkg::INSTRUMENT_W-1:0] clear_index_i,
    input  wire                                  mark_valid_i,
    input  wire  [                       AW-1:0] mark_index_i,
    input  wire                                  read_valid_i,
    input  wire  [                       AW-1:0] read_position_i,
    output logic [                       AW-1:0] read_index_o,
    input  wire                                  dirty_valid_i,
    input  wire  [                       AW-1:0] dirty_index_i,
    output logic                                 dirty_o,
    input  wire                                  clean_valid_i,
    input  wire  [                       AW-1:0] clean_index_i,
    output logic [                         AW:0] length_o,
    output logic                                 none_o
);
  logic [AW-1:0] commit_index, flip_index;
  logic [AW:0] commit_length, flip_length;
  logic commit_dirty, flip_dirty;

  change_list #(
      .DEPTH(DEPTH)
  ) u_commit (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .restart_i(restart_both_i || (restart_i && !flip_i)),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .mark_valid_i(mark_valid_i),
      .mark_index_i(mark_index_i),
      .read_valid_i(read_valid_i && !flip_i),
      .read_position_i(read_position_i),
      .read_index_o(commit_index),
      .dirty_valid_i(dirty_valid_i && !flip_i),
      .dirty_index_i(dirty_index_i),
      .dirty_o(commit_dirty),
      .clean_valid_i(clean_valid_i && !flip_i),
      .clean_index_i(clean_index_i),
      .length_o(commit_length)
  );
  change_list #(
      .DEPTH(DEPTH)
  ) u_flip (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .restart_i(restart_both_i || (restart_i && flip_i)),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .mark_valid_i(mark_valid_i),
      .mark_index_i(mark_index_i),
      .read_valid_i(read_valid_i && flip_i),
      .read_position_i(read_position_i),
      .read_index_o(flip_index),
      .dirty_valid_i(dirty_valid_i && flip_i),
      .dirty_index_i(dirty_index_i),
      .dirty_o(flip_dirty),
      .clean_valid_i(clean_valid_i && flip_i),
      .clean_index_i(clean_index_i),
      .length_o(flip_length)
  );
  assign read_index_o = flip_i ? flip_index : commit_index;
  assign dirty_o = flip_i ? flip_dirty : commit_dirty;
  assign length_o = flip_i ? flip_length : commit_length;
  assign none_o = commit_length == '0;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_commit_within_flip: assert (commit_length <= flip_length);
    end
  end
endmodule
`default_nettype wire

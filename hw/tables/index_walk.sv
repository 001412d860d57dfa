// Names entries of a table, one per cycle: all of 0..count-1, or those of a change_list.
//
// start_i takes all_i and the number of entries, or of the list's; the first entry comes 2 cycles later. busy_o from the cycle
// after start_i to the last entry's. No stall. Reference: the loop over expiry_changed in pl_tables_commit.
`default_nettype none
module index_walk #(
    parameter int unsigned WIDTH = 9
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    input  wire              start_i,
    input  wire              all_i,
    input  wire  [WIDTH:0]   count_i,
    output logic             list_valid_o,
    output logic [WIDTH-1:0] list_position_o,
    input  wire  [WIDTH-1:0] list_index_i,     // 1 cycle after list_valid_o
    output logic             valid_o,
    output logic [WIDTH-1:0] index_o,
    output logic             busy_o
);
  logic [WIDTH:0] left_q;
  logic [WIDTH-1:0] position_q, before_q;
  logic all_q, valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      left_q <= '0;
      valid_q <= 1'b0;
    end else begin
      if (start_i) left_q <= count_i;
      else if (left_q != '0) left_q <= left_q - 1'b1;
      valid_q <= left_q != '0;
    end
  end
  always_ff @(posedge clk_i) begin
    if (start_i) all_q <= all_i;
    position_q <= start_i ? '0 : position_q + 1'b1;
    before_q <= position_q;
  end
  assign list_valid_o = left_q != '0 && !all_q;
  assign list_position_o = position_q;
  assign valid_o = valid_q;
  assign index_o = all_q ? before_q : list_index_i;
  assign busy_o = left_q != '0 || valid_q;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_start_when_idle: assert (!start_i || !busy_o);
    end
  end
endmodule
`default_nettype wire

// Follows which offset group is open, entry by entry: close_account.c compares a->offset.group with
// the group of each underlying that closes.
//
// Outputs are about the entry whose last beat is at the inputs (combinational); step_i at that beat
// moves on. Errors: none; an account that ends for another status than OK leaves no group open.
`default_nettype none
module close_groups (
    input  wire        clk_i,
    input  wire        rst_ni,
    input  wire        step_i,
    input  wire        closes_i,        // the entry ends its underlying
    input  wire        account_last_i,
    input  wire  [3:0] offset_group_i,  // of its underlying; 0: none
    output logic       join_o,          // the underlying joins a group
    output logic       fresh_o,         // and is its first
    output logic       ends_before_o    // an open group ends before the underlying is added
);
  logic [3:0] open_q;

  assign join_o = closes_i && offset_group_i != '0;
  assign fresh_o = open_q != offset_group_i;
  assign ends_before_o = closes_i && open_q != '0 && open_q != offset_group_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) open_q <= '0;
    else if (step_i && account_last_i) open_q <= '0;
    else if (step_i && closes_i) open_q <= offset_group_i;
  end
endmodule
`default_nettype wire

// Follows which offset group is open, entry by entry: close_account.c compares a->offset.group with
// the group of each underlying that closes.
//
// Outputs are about the entry whose last beat is at the inputs (combinational); step_i at that beat
// moves on. Of an account with two views every entry comes twice, first with last_price_i; fork_o: what
// the group holds is still the same in both views. Errors: none; an account that ends for another status than OK leaves no group open.
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
    input  wire        last_price_i,
    output logic       ends_before_o,   // an open group ends before the underlying is added
    output logic       fork_o
);
  logic [3:0] open_q;
  logic parted_q;

  assign join_o = closes_i && offset_group_i != '0;
  assign fresh_o = open_q != offset_group_i;
  assign ends_before_o = closes_i && open_q != '0 && open_q != offset_group_i;
  assign fork_o = last_price_i && !parted_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) open_q <= '0;
    else if (step_i && !last_price_i && account_last_i) open_q <= '0;
    else if (step_i && !last_price_i && closes_i) open_q <= offset_group_i;
    if (!rst_ni) parted_q <= 1'b0;
    else if (step_i && last_price_i) parted_q <= parted_q || join_o;
    else if (step_i && account_last_i) parted_q <= 1'b0;
  end
endmodule
`default_nettype wire

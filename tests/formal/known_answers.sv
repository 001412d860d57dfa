// Known answers: what the tools must find true and false, so that a proof of the others means something. No module is read.
//
// Each false assertion is false in the cycle that its name says, cycle 0 being the reset: so names belong to the right assertions,
// the runs begin where a reset leads to, with everything else unknown, and assumptions cut off what breaks them, nothing else.
// A clocked assertion is judged in the cycle after its own: an assumption that no input of that cycle can meet would hide it. A reset
// meets every assumption about states here, as in all harnesses.
//! prove known
`default_nettype none
module known_answers (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       a_i,
    input wire       b_i,
    input wire [1:0] place_i
);
  logic begun_q = 1'b0;
  logic [3:0] count_q;                  // cycles since the reset
  logic free_q, apart_q, also_q, kept_q = 1'b1, chain_q, was_q;
  logic [1:0] loose;                    // driven by nothing
  (* anyconst *) logic [1:0] any;
  (* mem2reg *) logic [1:0] memory[4];
  logic [1:0] written_q;
  logic wrote_q;
  logic [2:0] guarded_q;
  known_inside u_inside (
      .clk_i, .rst_ni
  );
  always_comb begin
    assume (begun_q || !rst_ni);
    assume (!a_i || b_i);
    if (begun_q && rst_ni) assume (guarded_q != 3'd5);  // cuts off the runs without a second reset
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    count_q <= !rst_ni ? '0 : count_q + 4'(count_q != '1);
    guarded_q <= !rst_ni ? '0 : guarded_q + 1'b1;
    free_q <= free_q;
    apart_q <= a_i;                     // equal, and the initial state is said to know no more than that they are unknown
    also_q <= a_i;
    kept_q <= rst_ni ? kept_q : 1'b1;
    chain_q <= kept_q && !(rst_ni && a_i);
    was_q <= a_i;
    written_q <= place_i;
    wrote_q <= rst_ni && begun_q;
    if (rst_ni) memory[any] <= place_i;
    if (begun_q && was_q) assume (b_i); // b also in the cycle after a
  end
  always_ff @(posedge clk_i) begin
    if (begun_q && rst_ni) begin
      false_3_count: assert (count_q != 4'd2);
      true_count_small: assert (count_q <= 4'd5);
      false_1_free_low: assert (free_q);
      true_kept: assert (kept_q);
      false_1_free_high: assert (!free_q);
      true_assumed: assert (!a_i || b_i);
      false_1_not_assumed: assert (!b_i || a_i);
      true_assumed_after: assert (!$past(a_i) || b_i || !$past(begun_q));
      false_2_twice: assert (!(a_i && $past(a_i && rst_ni)));
      true_chain_after_a: assert (chain_q || $past(a_i));
      false_2_chain: assert (chain_q);
      false_5_before_end: assert (guarded_q != 3'd4);
      true_cut_off: assert (guarded_q != 3'd5);
      true_cut_off_later: assert (guarded_q != 3'd6);
      false_1_memory: assert (memory[place_i] != 2'd2);
      true_written: assert (!wrote_q || !$past(rst_ni) || memory[any] == written_q);
      false_1_loose: assert (loose != 2'd2);
      true_any: assert ($stable(any) || count_q == '0);
      false_1_any: assert (any != 2'd3);
      false_4_late: assert (!(count_q == 4'd3 && any == 2'd1 && $past(a_i, 2) && !a_i));
      false_1_apart: assert (apart_q == also_q || count_q != '0);
      true_together: assert (apart_q == also_q || count_q == '0);
    end
  end
endmodule

module known_inside (
    input wire clk_i,
    input wire rst_ni
);
  logic [2:0] inside_q;
  always_ff @(posedge clk_i) begin
    inside_q <= rst_ni ? inside_q + 1'b1 : '0;
    if (rst_ni) begin
      false_4_inside: assert (inside_q != 3'd3);
      true_inside: assert (inside_q != 3'd7);
    end
  end
endmodule
`default_nettype wire

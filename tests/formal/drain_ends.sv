// bus_drain: a soft reset ends after SETTLE cycles at the soonest and TIMEOUT cycles at the latest; clean means that the bus was
// quiet then, needs FLR that it was not; both hold until the next soft reset.
//! read dma/bus_drain
//! prove pdr
//! also smt 14
//! cover 20
`default_nettype none
module drain_ends (
    input wire clk_i,
    input wire rst_ni,
    input wire soft_reset_i,
    input wire quiet_i
);
  logic reset_done, clean, needs_flr;
  bus_drain #(
      .TIMEOUT(7), .SETTLE(3)
  ) u_drain (
      .clk_i, .rst_ni, .soft_reset_i, .quiet_i, .reset_done_o(reset_done), .clean_o(clean), .needs_flr_o(needs_flr)
  );

  logic begun_q = 1'b0;
  logic active_q, quiet_q, done_q;
  logic [3:0] cycles_q;  // of this soft reset so far
  always_comb begin
    assume (begun_q || !rst_ni);
    // a level until the cycle after reset_done_o
    if (rst_ni && begun_q) assume (done_q ? !soft_reset_i : soft_reset_i || !active_q);
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    active_q <= rst_ni && soft_reset_i;
    quiet_q <= quiet_i;
    done_q <= rst_ni && reset_done;
    cycles_q <= rst_ni && soft_reset_i ? cycles_q + 4'(cycles_q != '1) : '0;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if (reset_done) begin
        a_settled: assert (active_q && cycles_q >= 4'd3);
        a_clean: assert (clean == quiet_q && needs_flr == !quiet_q);
      end else if (active_q) begin
        a_unknown: assert (!soft_reset_i || (!clean && !needs_flr));
      end else begin
        a_holds: assert ($stable(clean) && $stable(needs_flr));
      end
      a_in_time: assert (cycles_q <= 4'd9);
      c_clean: cover (reset_done && clean && cycles_q > 4'd5);
      c_flr: cover (!active_q && needs_flr);
    end
  end
endmodule
`default_nettype wire

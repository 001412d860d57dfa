// arbiter: at most one requester is granted, one that asks (or is inside its packet), and its word is what leaves; packets are
// not mixed; while a requester waits, each other one ends at most one packet, so that it waits for at most REQUESTERS - 1.
//
// Assumed: a requester holds its word until it is taken, and packets end after any number of words. 4 requesters.
//! read prim/arbiter
//! peek locked u_arbiter.locked_q
//! peek granted u_arbiter.grant_q
//! peek after u_arbiter.after_q
//! prove pdr
//! also induction 2
//! cover 16
`default_nettype none
module arbiter_grants (
    input wire       clk_i,
    input wire       rst_ni,
    input wire [3:0] valid_i,
    input wire [3:0] last_i,
    input wire [7:0] data_i,
    input wire       ready_i
);
  logic [3:0] ready;
  logic [1:0] data, index;
  logic valid, last;
  arbiter #(
      .REQUESTERS(4), .WIDTH(2)
  ) u_arbiter (
      .clk_i, .rst_ni, .valid_i, .ready_o(ready), .last_i, .data_i, .valid_o(valid), .ready_i, .last_o(last), .data_o(data),
      .index_o(index)
  );

  logic begun_q = 1'b0;
  logic [3:0] waiting_q, last_q, one;
  logic [7:0] data_q;
  assign one = 4'b1 << index;
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    waiting_q <= rst_ni ? valid_i & ~ready : '0;
    last_q <= last_i;
    data_q <= data_i;
  end
  always_comb begin
    assume (begun_q || !rst_ni);
    if (begun_q && rst_ni) begin
      for (int r = 0; r < 4; r++) begin
        if (waiting_q[r]) assume (valid_i[r] && last_i[r] == last_q[r] && data_i[2*r+:2] == data_q[2*r+:2]);
      end
    end
  end

  // Packets that others ended while this one waited: of requester `other` and of all.
  (* anyconst *) logic [1:0] watched, other;
  logic waits, inside_q;
  logic [1:0] inside_index_q, ended_q;
  logic [2:0] all_ended_q;
  assign waits = valid_i[watched] && !ready[watched];
  always_ff @(posedge clk_i) begin
    if (!rst_ni) inside_q <= 1'b0;
    else if (valid && ready_i) inside_q <= !last;
    if (valid && ready_i) inside_index_q <= index;
    ended_q <= !rst_ni || !waits ? '0 : ended_q + 2'(valid && ready_i && last && index == other && ended_q != '1);
    all_ended_q <= !rst_ni || !waits ? '0 : all_ended_q + 3'(valid && ready_i && last && all_ended_q != '1);
  end

  // What makes this inductive: places in the round, counted from the requester behind the one served last.
  logic locked, grants_watched;
  logic [3:0] granted, after;
  logic [1:0] served, watched_place, other_place;
  assign served = after[0] ? 2'd0 : after[1] ? 2'd0 : after[2] ? 2'd1 : after[3] ? 2'd2 : 2'd3;
  assign watched_place = watched - served - 2'd1;
  assign other_place = other - served - 2'd1;
  assign grants_watched = locked && granted[watched];
  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      l_after: assert (after == 4'b1110 || after == 4'b1100 || after == 4'b1000 || after == '0);
      if (locked) l_locked: assert (granted == 4'b1 << served && (inside_q || (granted & waiting_q) != '0));
      if (inside_q) l_inside: assert (locked && granted == 4'b1 << inside_index_q);
      if (!waiting_q[watched]) l_none_yet: assert (ended_q == '0 && all_ended_q == '0);
      if (ended_q != '0) begin
        l_behind: assert (watched != other && !(locked && granted[other]) && (grants_watched || watched_place < other_place));
      end
      if (waiting_q[watched] && !grants_watched) begin
        l_round: assert (4'(all_ended_q) + 4'(watched_place) + 4'(locked) <= 4'd3);
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      a_one_ready: assert ((ready & (ready - 1'b1)) == '0 && (ready_i || ready == '0));
      if (valid) begin
        a_requester: assert (valid_i[index] && data == data_i[2*index+:2] && last == last_i[index]);
        a_taken: assert (ready == (ready_i ? one : '0));
        if (inside_q) a_not_mixed: assert (index == inside_index_q);
      end
      a_never_idle: assert (valid || valid_i == '0 || inside_q);
      a_fair_each: assert (ended_q <= 2'd1);
      a_fair_all: assert (all_ended_q <= 3'd3);
      c_longest_wait: cover (all_ended_q == 3'd3 && ended_q == 2'd1);
      c_pause: cover (inside_q && !valid && valid_i != '0);
    end
  end
endmodule
`default_nettype wire

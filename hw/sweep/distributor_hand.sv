// Hands the steps of distributor_cut to the lanes and to the verdict room.
//
// The parts of a step leave together when they can, else each as soon as it can: the rest of the open account to its lane,
// that account's order, the start of the next account (never before the other two) to another lane, or to the same one in a
// later cycle. The start goes to a lane that is light and has room, round-robin; while there is none it waits.
// Every fragment carries live_i.
// Latency 1 (a register per lane); throughput 1 step per cycle; fragments and orders stay with stable data until ready.
`default_nettype none
module distributor_hand #(
    parameter  int unsigned LANES = 8,
    localparam int unsigned FRAGMENT_W = pl_card_pkg::FRAGMENT_W
) (
    input  wire                         clk_i,
    input  wire                         rst_ni,
    input  wire                         live_i,            // constant
    input  wire                         step_valid_i,
    output logic                        step_ready_o,
    input  wire                         step_rest_i,
    input  wire                         step_rest_last_i,
    input  wire                         step_close_i,
    input  wire                         step_start_i,
    input  wire                         step_start_last_i,
    input  wire                         step_ends_i,
    input  wire  [                 7:0] step_status_i,
    input  wire  [                31:0] step_slot_i,
    input  wire  [                 2:0] step_first_i,
    input  wire  [                 3:0] step_middle_i,
    input  wire  [                 3:0] step_beyond_i,
    input  wire  [                31:0] step_line_i,
    input  wire  [               511:0] step_slots_i,
    output logic [           LANES-1:0] fragment_valid_o,
    input  wire  [           LANES-1:0] fragment_ready_i,
    output logic [LANES*FRAGMENT_W-1:0] fragment_o,
    input  wire  [           LANES-1:0] light_i,
    output logic                        order_valid_o,
    input  wire                         order_ready_i,
    output pl_card_pkg::order_t         order_o
);
  localparam int unsigned LANE_W = 3;

  if (LANES < 1 || LANES > 8) begin : g_lanes $error("distributor_hand: LANES must lie in 1..8"); end

  logic [LANES-1:0] open_q;  // the open account's lane, one bit
  logic [LANE_W-1:0] open_index_q;
  logic [LANES-1:0] after_q;  // lanes behind the one chosen last: they come first
  logic rest_gone_q, order_gone_q, start_gone_q;  // parts of this step that left before
  logic [LANES-1:0] free, light, first, picked, to_rest, to_start;
  logic [LANE_W-1:0] picked_index;
  logic [FRAGMENT_W-1:0] rest, start;  // fragment_t
  logic [3:0] rest_count, start_count;
  logic rest_goes, order_goes, start_goes, rest_over, order_over, start_over;

  assign rest = {live_i, step_rest_last_i, rest_count, step_first_i, step_line_i, step_slots_i};
  assign start = {live_i, step_start_last_i, start_count, step_middle_i[2:0], step_line_i, step_slots_i};
  assign rest_count = step_middle_i - {1'b0, step_first_i};
  assign start_count = step_beyond_i - step_middle_i;

  assign free = ~fragment_valid_o | fragment_ready_i;
  assign rest_goes = step_valid_i && step_rest_i && !rest_gone_q && (free & open_q) != '0;
  assign rest_over = !step_rest_i || rest_gone_q || rest_goes;
  assign order_goes = step_valid_i && (step_close_i || step_ends_i) && !order_gone_q && (order_ready_i || !order_valid_o);
  assign order_over = !(step_close_i || step_ends_i) || order_gone_q || order_goes;

  assign light = free & light_i & ~(rest_goes ? open_q : '0);
  assign first = (light & after_q) != '0 ? light & after_q : light;
  assign picked = first & (~first + 1'b1);
  assign start_goes = step_valid_i && step_start_i && !start_gone_q && rest_over && order_over && light != '0;
  assign start_over = !step_start_i || start_gone_q || start_goes;
  assign step_ready_o = rest_over && order_over && start_over;
  assign to_rest = rest_goes ? open_q : '0;
  assign to_start = start_goes ? picked : '0;

  always_comb begin
    picked_index = '0;
    for (int unsigned l = 0; l < LANES; l++) picked_index = picked_index | (picked[l] ? LANE_W'(l) : '0);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      fragment_valid_o <= '0;
      order_valid_o <= 1'b0;
      open_q <= '0;
      open_index_q <= '0;
      after_q <= '0;
      rest_gone_q <= 1'b0;
      order_gone_q <= 1'b0;
      start_gone_q <= 1'b0;
    end else begin
      fragment_valid_o <= (fragment_valid_o & ~fragment_ready_i) | to_rest | to_start;
      order_valid_o <= order_goes || (order_valid_o && !order_ready_i);
      rest_gone_q <= !step_ready_o && (rest_gone_q || rest_goes);
      order_gone_q <= !step_ready_o && (order_gone_q || order_goes);
      start_gone_q <= !step_ready_o && (start_gone_q || start_goes);
      if (start_goes) begin
        open_q <= picked;
        open_index_q <= picked_index;
        after_q <= ~(picked | (picked - 1'b1));
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (order_goes) begin
      order_o.ends <= step_ends_i;
      order_o.status <= step_ends_i ? step_status_i : pl_abi_pkg::PL_STATUS_OK;
      order_o.lane <= step_ends_i ? '0 : open_index_q;
      order_o.slot <= step_ends_i ? step_slot_i : '0;
    end
  end

  for (genvar l = 0; l < LANES; l++) begin : g_lane
    always_ff @(posedge clk_i) begin
      if (to_rest[l] || to_start[l]) fragment_o[l*FRAGMENT_W+:FRAGMENT_W] <= to_rest[l] ? rest : start;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_rest_has_lane: assert (!(step_valid_i && step_rest_i) || open_q != '0);
      a_one_each: assert ((to_rest & to_start) == '0);
    end
  end
endmodule
`default_nettype wire

// Takes judged records from the lanes in the order of the stream: one per cycle, through one register.
//
// The first order names the lane; its records are taken up to the account's verdict, which ends the order. An order with
// `ends` passes alone. A record's state is compared with the filter on the way. Latency 1; throughput 1 record per cycle.
// valid_o stays with stable data until ready_i; enable_i = 0 takes nothing. stops_o: nothing after
// this record counts.
`default_nettype none
module verdict_pick #(
    parameter  int unsigned LANES = 8,
    localparam int unsigned JUDGED_W = pl_card_pkg::JUDGED_W
) (
    input  wire                       clk_i,
    input  wire                       rst_ni,
    input  wire                       enable_i,
    input  wire  [               7:0] filter_i,
    input  wire                       order_valid_i,
    output logic                      order_ready_o,
    input  wire  pl_card_pkg::order_t order_i,
    input  wire  [         LANES-1:0] judged_valid_i,
    output logic [         LANES-1:0] judged_ready_o,
    input  wire  [LANES*JUDGED_W-1:0] judged_i,
    output logic                      valid_o,
    input  wire                       ready_i,
    output logic                      stops_o,           // the stream's end, with the order's status and slot, or a status
    output logic                      ends_o,            // it is the stream's end
    output logic                      per_underlying_o,
    output logic                      flagged_o,         // a verdict at or above the filter
    output logic [               7:0] status_o,
    output logic [              31:0] slot_o,
    output logic [               2:0] state_o,
    output logic [              31:0] account_o,
    output logic [pl_card_pkg::VERDICT_W-1:0] body_o
);
  if (LANES < 1 || LANES > 8) begin : g_lanes $error("verdict_pick: LANES must lie in 1..8"); end

  // verilator lint_off UNUSEDSIGNAL
  pl_card_pkg::judged_t judged;
  pl_card_pkg::verdict_t verdict, held;  // some fields are looked at on the way
  // verilator lint_on UNUSEDSIGNAL
  logic [JUDGED_W-1:0] picked;
  logic [LANES-1:0] lane;
  logic room, offered, comes, leaves;

  always_comb begin
    picked = '0;
    for (int unsigned l = 0; l < LANES; l++) begin
      lane[l] = order_i.lane == 3'(l);
      picked = picked | (lane[l] ? judged_i[l*JUDGED_W+:JUDGED_W] : '0);
    end
  end
  assign judged = picked;
  assign verdict = judged.body;
  assign held = body_o;
  assign state_o = held.state[2:0];
  assign account_o = held.account;

  assign room = enable_i && (ready_i || !valid_o);
  assign judged_ready_o = room && order_valid_i && !order_i.ends ? lane : '0;
  // ready_i comes late: what it lets through is found beside it.
  assign offered = (lane & judged_valid_i) != '0;
  assign comes = enable_i && order_valid_i && (order_i.ends || offered);
  assign leaves = order_valid_i && (order_i.ends || (offered && !judged.per_underlying));
  assign order_ready_o = room && leaves;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_o <= 1'b0;
    else if (ready_i || !valid_o) valid_o <= comes;
  end

  always_ff @(posedge clk_i) begin
    if (room) begin
      stops_o <= order_i.ends || judged.status != pl_abi_pkg::PL_STATUS_OK;
      ends_o <= order_i.ends;
      per_underlying_o <= judged.per_underlying;
      flagged_o <= !judged.per_underlying && verdict.state >= filter_i;
      status_o <= order_i.ends ? order_i.status : judged.status;
      slot_o <= order_i.ends ? order_i.slot : judged.slot;
      body_o <= judged.body;
    end
  end
endmodule
`default_nettype wire

// The fragments that wait in a lane, and their slots one by one: the loop over slots of pl_sweep_next.
//
// Latency 4 cycles from an accepted fragment to its first slot when empty; throughput 1 slot per cycle,
// without a gap between fragments. slot_last_o: the account's last. slot_index_o: in the stream.
// Stall: fragment_ready_o is low while QUEUE fragments wait; slot_valid_o stays with stable slot until
// slot_ready_i. light_o is a register: fewer than 64 fragments wait. Errors: none.
`default_nettype none
module lane_slots #(
    parameter int unsigned QUEUE = 1024
) (
    input  wire                           clk_i,
    input  wire                           rst_ni,
    input  wire                           fragment_valid_i,
    output logic                          fragment_ready_o,
    input  wire pl_card_pkg::fragment_t   fragment_i,
    output logic                          light_o,
    output logic                          slot_valid_o,
    input  wire                           slot_ready_i,
    output logic [pl_card_pkg::SLOT_W-1:0] slot_o,
    output logic [31:0]                   slot_index_o,
    output logic                          slot_last_o
);
  localparam int unsigned SLOT_W = pl_card_pkg::SLOT_W;
  localparam int unsigned LIGHT = 64;
  localparam int unsigned LEVEL_W = $clog2(QUEUE + 1);

  if (QUEUE < 2) begin : g_queue $error("lane_slots: QUEUE must be at least 2"); end

  logic [pl_card_pkg::FRAGMENT_W-1:0] word;
  // verilator lint_off UNUSEDSIGNAL
  pl_card_pkg::fragment_t fragment;  // a line's index has 29 bits: its slots' have 32
  // verilator lint_on UNUSEDSIGNAL
  logic [LEVEL_W-1:0] level;
  logic valid, ready, final_slot;
  logic [2:0] taken_q, place;

  fifo #(
      .WIDTH(pl_card_pkg::FRAGMENT_W),
      .DEPTH(QUEUE),
      .READ_STAGES(2)
  ) u_queue (
      .clk_i,
      .rst_ni,
      .valid_i(fragment_valid_i),
      .ready_o(fragment_ready_o),
      .data_i(fragment_i),
      .valid_o(valid),
      .ready_i(ready && final_slot),
      .data_o(word),
      .level_o(level),
      // verilator lint_off PINCONNECTEMPTY
      .almost_full_o()
      // verilator lint_on PINCONNECTEMPTY
  );

  assign fragment = word;
  assign place = fragment.first + taken_q;
  assign final_slot = 4'(taken_q) + 4'd1 == fragment.count;

  skid #(
      .WIDTH(1 + 32 + SLOT_W)
  ) u_slot (
      .clk_i,
      .rst_ni,
      .valid_i(valid),
      .ready_o(ready),
      .data_i({fragment.last && final_slot, fragment.line[28:0], place,
               fragment.slots[32'(place)*SLOT_W+:SLOT_W]}),
      .valid_o(slot_valid_o),
      .ready_i(slot_ready_i),
      .data_o({slot_last_o, slot_index_o, slot_o})
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      taken_q <= '0;
      light_o <= 1'b1;
    end else begin
      if (valid && ready) taken_q <= final_slot ? '0 : taken_q + 1'b1;
      light_o <= 32'(level) < LIGHT;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && valid) begin
      a_count: assert (fragment.count != '0 && 4'(fragment.first) + fragment.count <= 4'd8);
    end
  end
endmodule
`default_nettype wire

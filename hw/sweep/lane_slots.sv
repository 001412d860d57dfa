// The fragments that wait in a lane, and their slots one by one: the loop over slots of pl_sweep_next.
//
// Two queues: of the sweep, and of the watched set (live). Between accounts a live fragment goes first;
// an account that has begun is finished first, whichever queue it came from. A live account begins only
// while fewer than LIVE_ACCOUNTS have begun whose verdict has not left the close (live_given_i): so a
// verdict of the watched set that waits never stops the sweep, and no lane waits for another one in a
// circle. An account of the sweep begins only when all of it is here, or LIGHT fragments, and while
// close_room_i is high: so that what has begun waits neither for the host's memory (a larger account may)
// nor for a verdict of the sweep to leave, and a live account waits for the slots of one account at most.
// Latency 4 cycles from an account's last fragment to its first slot when empty, live ones 3 from an
// accepted fragment; throughput 1 slot per cycle, without a gap between fragments. slot_last_o: the
// account's last. slot_live_o: from the live queue. slot_index_o: in the stream.
// Stall: fragment_ready_o is low while QUEUE fragments wait; slot_valid_o stays with stable slot until
// slot_ready_i. light_o is a register: fewer than 64 fragments wait; live_light_o: fewer than half of
// LIVE_QUEUE. Errors: none; an account that is cut off is ended by a reset only.
`default_nettype none
module lane_slots #(
    parameter int unsigned QUEUE         = 1024,
    parameter int unsigned LIVE_QUEUE    = 64,
    parameter int unsigned LIVE_ACCOUNTS = 64
) (
    input  wire                           clk_i,
    input  wire                           rst_ni,
    input  wire                           fragment_valid_i,
    output logic                          fragment_ready_o,
    input  wire pl_card_pkg::fragment_t   fragment_i,
    output logic                          light_o,
    input  wire                           live_fragment_valid_i,
    output logic                          live_fragment_ready_o,
    input  wire pl_card_pkg::fragment_t   live_fragment_i,
    output logic                          live_light_o,
    input  wire                           live_given_i,  // a live verdict left the close
    input  wire                           close_room_i,  // for what another account of the sweep yields
    output logic                          slot_valid_o,
    input  wire                           slot_ready_i,
    output logic [pl_card_pkg::SLOT_W-1:0] slot_o,
    output logic [31:0]                   slot_index_o,
    output logic                          slot_last_o,
    output logic                          slot_live_o
);
  localparam int unsigned SLOT_W = pl_card_pkg::SLOT_W;
  localparam int unsigned LIGHT = 64;
  localparam int unsigned LEVEL_W = $clog2(QUEUE + 1);
  localparam int unsigned LIVE_LEVEL_W = $clog2(LIVE_QUEUE + 1);

  if (QUEUE <= LIGHT) begin : g_queue $error("lane_slots: QUEUE must be above 64"); end
  if (LIVE_QUEUE < 2) begin : g_live_queue $error("lane_slots: LIVE_QUEUE must be at least 2"); end
  if (LIVE_ACCOUNTS < 2) begin : g_accounts $error("lane_slots: LIVE_ACCOUNTS must be at least 2"); end

  logic [pl_card_pkg::FRAGMENT_W-1:0] word, live_word;
  // verilator lint_off UNUSEDSIGNAL
  pl_card_pkg::fragment_t fragment, live_fragment, entering;  // a line's index has 29 bits: its slots' have 32
  // verilator lint_on UNUSEDSIGNAL
  logic [LEVEL_W-1:0] level;
  logic [LIVE_LEVEL_W-1:0] live_level;
  logic waiting, live_waiting, live_room, fragment_last;
  logic open_q, live_q;  // an account has begun: of which queue
  logic [LEVEL_W-1:0] whole_q, whole_d;  // last fragments that wait
  logic begin_q;  // an account of the sweep may begin
  logic live, valid, ready, final_slot, live_final_slot, ends_fragment, ends_account;
  logic [2:0] taken_q, place, live_place;  // taken: of the fragment that is being read

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
      .valid_o(waiting),
      .ready_i(ready && !live && (open_q || begin_q) && final_slot),
      .data_o(word),
      .level_o(level),
      // verilator lint_off PINCONNECTEMPTY
      .almost_full_o()
      // verilator lint_on PINCONNECTEMPTY
  );
  fifo #(
      .WIDTH(pl_card_pkg::FRAGMENT_W),
      .DEPTH(LIVE_QUEUE),
      .READ_STAGES(1)
  ) u_live_queue (
      .clk_i,
      .rst_ni,
      .valid_i(live_fragment_valid_i),
      .ready_o(live_fragment_ready_o),
      .data_i(live_fragment_i),
      .valid_o(live_waiting),
      .ready_i(ready && live && live_final_slot),
      .data_o(live_word),
      .level_o(live_level),
      // verilator lint_off PINCONNECTEMPTY
      .almost_full_o()
      // verilator lint_on PINCONNECTEMPTY
  );
  lane_credits #(
      .ENTRIES(LIVE_ACCOUNTS)
  ) u_live_accounts (
      .clk_i,
      .rst_ni,
      .reserve_i(ready && live && live_waiting && !open_q),
      .release_i({2'b0, live_given_i}),
      .room_o(live_room)
  );

  assign fragment = word;
  assign entering = fragment_i;
  assign fragment_last = entering.last;
  assign place = fragment.first + taken_q;
  assign final_slot = 4'(taken_q) + 4'd1 == fragment.count;
  assign live_fragment = live_word;
  assign live_place = live_fragment.first + taken_q;
  assign live_final_slot = 4'(taken_q) + 4'd1 == live_fragment.count;

  assign live = open_q ? live_q : live_waiting && live_room;
  assign valid = live ? live_waiting : waiting && (open_q || begin_q);
  assign ends_fragment = live ? live_final_slot : final_slot;
  assign ends_account = ends_fragment && (live ? live_fragment.last : fragment.last);

  assign whole_d = whole_q + LEVEL_W'(fragment_valid_i && fragment_ready_o && fragment_last)
      - LEVEL_W'(valid && ready && !live && ends_account);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      whole_q <= '0;
      begin_q <= 1'b0;
    end else begin
      whole_q <= whole_d;
      begin_q <= (whole_d != '0 || !light_o) && close_room_i;
    end
  end

  skid #(
      .WIDTH(2 + 32 + SLOT_W)
  ) u_slot (
      .clk_i,
      .rst_ni,
      .valid_i(valid),
      .ready_o(ready),
      .data_i({live, ends_account,
               live ? {live_fragment.line[28:0], live_place, live_fragment.slots[32'(live_place)*SLOT_W+:SLOT_W]}
                    : {fragment.line[28:0], place, fragment.slots[32'(place)*SLOT_W+:SLOT_W]}}),
      .valid_o(slot_valid_o),
      .ready_i(slot_ready_i),
      .data_o({slot_live_o, slot_last_o, slot_index_o, slot_o})
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      taken_q <= '0;
      open_q <= 1'b0;
      light_o <= 1'b1;
      live_light_o <= 1'b1;
    end else begin
      if (valid && ready) begin
        taken_q <= ends_fragment ? '0 : taken_q + 1'b1;
        open_q <= !ends_account;
      end
      light_o <= 32'(level) < LIGHT;
      live_light_o <= 32'(live_level) < LIVE_QUEUE / 2;
    end
  end
  always_ff @(posedge clk_i) if (valid && ready) live_q <= live;

  always_ff @(posedge clk_i) begin
    if (rst_ni && waiting) begin
      a_count: assert (fragment.count != '0 && 4'(fragment.first) + fragment.count <= 4'd8);
      a_sweep: assert (!fragment.live);
    end
    if (rst_ni && live_waiting) begin
      a_live_count: assert (live_fragment.count != '0 && 4'(live_fragment.first) + live_fragment.count <= 4'd8);
      a_live: assert (live_fragment.live);
    end
  end
endmodule
`default_nettype wire

// Room for entries that may still come: reserved before an entry's fate is known, given back when it
// turns out not to come, or has left.
//
// room_o is a register: fewer than ENTRIES are reserved, those of this cycle included; at most one is
// reserved per cycle, and only while room_o is high. Latency 1. Reference: none; it keeps a pipeline
// that never stalls from overflowing the FIFO behind it.
`default_nettype none
module lane_credits #(
    parameter int unsigned ENTRIES = 32
) (
    input  wire        clk_i,
    input  wire        rst_ni,
    input  wire        reserve_i,
    input  wire  [2:0] release_i,  // each bit gives one back
    output logic       room_o
);
  localparam int unsigned W = $clog2(ENTRIES + 1);

  if (ENTRIES < 2) begin : g_entries $error("lane_credits: ENTRIES must be at least 2"); end

  logic [W-1:0] reserved_q, reserved_d;
  assign reserved_d = reserved_q + W'(reserve_i) - (W'(release_i[0]) + W'(release_i[1]) + W'(release_i[2]));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      reserved_q <= '0;
      room_o <= 1'b1;
    end else begin
      reserved_q <= reserved_d;
      room_o <= reserved_d < W'(ENTRIES);
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_reserved_with_room: assert (!reserve_i || room_o);
      a_bounded: assert (reserved_q <= W'(ENTRIES));
      a_released_once: assert (32'(reserved_q) >= $countones(release_i));
    end
  end
endmodule
`default_nettype wire

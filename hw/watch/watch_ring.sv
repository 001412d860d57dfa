// The card's side of the watch ring: where the next line goes, and whether there is room.
//
// restart_i (pulse; entries_i and base_i are then the new ones): nothing was written and nothing read. start_i (pulse): lines
// come from now on, lines_i of them so far, until done_i (pulse), with which lines_i is their number: the head moves behind
// them. If restart_i comes in between, they belong to the ring before and do not count.
// consumed_valid_i (every third cycle at most): the host has read consumed_total_i lines since the restart, modulo 2^32. One
// that goes back, or beyond the lines written, those of lines_i among them, is ignored: error_o (pulse), 2 cycles later.
// settled_o: the outputs are those of everything that happened, a total of the host up to 2 cycles ago left out; else they
// follow within 6 cycles. room_o: need_i lines fit.
// entries_i = 0: there is no ring, and never room. No stall.
`default_nettype none
module watch_ring #(
    localparam int unsigned ENTRIES_W = $clog2(32'(pl_abi_pkg::PL_RING_ENTRIES_MAX) + 1),
    localparam int unsigned LINES_W = $clog2(2 * 32'(pl_abi_pkg::PL_WATCH_ACCOUNTS_MAX) + 2)
) (
    input  wire                  clk_i,
    input  wire                  rst_ni,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [         63:0] base_i,            // aligned to a line
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [ENTRIES_W-1:0] entries_i,         // a power of two, or 0
    input  wire                  restart_i,
    input  wire                  consumed_valid_i,
    input  wire  [         31:0] consumed_total_i,
    output logic                 error_o,
    input  wire  [  LINES_W-1:0] need_i,
    input  wire                  start_i,
    input  wire                  done_i,
    input  wire  [  LINES_W-1:0] lines_i,
    output logic                 settled_o,
    output logic                 room_o,
    output logic [         63:0] address_o,         // of the next line
    output logic [         63:0] first_o,           // of the ring's first and last line
    output logic [         63:0] last_o
);
  localparam int unsigned SETTLE = 4;  // from a total that was accepted to room_o

  logic counting_q;  // lines_i are of this ring
  logic [31:0] done_total_q;  // lines written up to the last done_i
  logic [31:0] written_q;  // lines written, those of lines_i among them
  logic [31:0] consumed_q, total_q, advance_q;
  logic consumed_valid_q, accept;
  logic [ENTRIES_W-1:0] used_q, free_q, top_q, head_q;
  logic [31:0] unread_q;
  logic [LINES_W-1:0] need_q;
  logic [57:0] address_q, first_q, last_q;
  logic [2:0] settle_q;

  assign accept = consumed_valid_q && advance_q <= unread_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || restart_i) begin
      counting_q <= 1'b0;
      done_total_q <= '0;
      written_q <= '0;
      consumed_q <= '0;
      unread_q <= '0;
      head_q <= '0;
      consumed_valid_q <= 1'b0;
      error_o <= 1'b0;
    end else begin
      counting_q <= start_i || (counting_q && !done_i);
      if (counting_q && done_i) begin
        done_total_q <= done_total_q + 32'(lines_i);
        head_q <= (head_q + ENTRIES_W'(lines_i)) & top_q;
      end
      written_q <= done_total_q + (counting_q ? 32'(lines_i) : '0);
      unread_q <= written_q - consumed_q;
      consumed_valid_q <= consumed_valid_i;
      if (accept) consumed_q <= total_q;
      error_o <= consumed_valid_q && !accept;
    end
    if (!rst_ni || restart_i || done_i || accept) settle_q <= 3'(SETTLE);
    else if (settle_q != '0) settle_q <= settle_q - 1'b1;
  end
  always_ff @(posedge clk_i) begin
    total_q <= consumed_total_i;
    advance_q <= consumed_total_i - consumed_q;
    used_q <= ENTRIES_W'(unread_q);
    free_q <= entries_i - used_q;
    need_q <= need_i;
    room_o <= free_q >= ENTRIES_W'(need_i);
    top_q <= entries_i - 1'b1;
    address_q <= base_i[63:6] + 58'(head_q);
    first_q <= base_i[63:6];
    last_q <= base_i[63:6] + 58'(top_q);
  end
  assign settled_o = settle_q == '0 && !restart_i && need_q == need_i;
  assign address_o = {address_q, 6'b0};
  assign first_o = {first_q, 6'b0};
  assign last_o = {last_q, 6'b0};

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_in_ring: assert (!settled_o || entries_i == '0 || head_q < entries_i);
      a_never_overwritten: assert (!settled_o || counting_q || unread_q <= 32'(entries_i));
      a_consumed_apart: assert (!(consumed_valid_i && consumed_valid_q));
    end
  end
endmodule
`default_nettype wire

// Card's side of the completion ring: where the next completion goes, with which phase, and whether there is room.
//
// consumed_total_i counts the entries that the host has read, modulo 2^32; full_o follows it and push_i 2 cycles later. A total
// that is ahead of what was written counts as full. Latency else 0; no errors.
`default_nettype none
module completion_ring #(
    localparam int unsigned ENTRIES_W = $clog2(32'(pl_abi_pkg::PL_RING_ENTRIES_MAX) + 1)
) (
    input  wire                  clk_i,
    input  wire                  rst_ni,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [         63:0] base_i,            // aligned to a line
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [ENTRIES_W-1:0] entries_i,         // a power of two, or 0: always full
    input  wire                  consumed_valid_i,
    input  wire  [         31:0] consumed_total_i,
    input  wire                  push_i,            // pulse: a completion was written
    output logic                 full_o,
    output logic [         57:0] line_o,            // address / 64
    output logic                 phase_o            // 1 in the first round, then alternating
);
  logic [31:0] written_q, consumed_q;
  logic [ENTRIES_W-1:0] index_q;
  logic last;

  assign last = index_q + 1'b1 == entries_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      written_q <= '0;
      consumed_q <= '0;
      index_q <= '0;
      phase_o <= 1'b1;
      full_o <= 1'b1;
    end else begin
      if (consumed_valid_i) consumed_q <= consumed_total_i;
      if (push_i) begin
        written_q <= written_q + 1'b1;
        index_q <= last ? '0 : index_q + 1'b1;
        phase_o <= last ? !phase_o : phase_o;
      end
      full_o <= written_q - consumed_q >= 32'(entries_i);
    end
    line_o <= base_i[63:6] + 58'(index_q);
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && entries_i != '0) a_in_ring: assert (index_q < entries_i);
  end
endmodule
`default_nettype wire

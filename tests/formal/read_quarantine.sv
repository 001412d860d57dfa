// read_engine with cancels and time-outs at any time: what an id brings after the cancel that it was out at never becomes a line; an id
// in quarantine is not used before its last beat; quiet means that no id is out, and comes when the last one ended; after a
// time-out one line of status TIMEOUT, the last, and nothing more until the cancel. And axi_read_rules.
//
// The memory's line says in which round (between cancels, counted modulo 4) its address was offered first; every line handed on with
// status OK must be of this round. 2 ids, bursts of 2, time-out after 6 cycles, cancels as often and long as they like.
//! read dma/read_engine dma/read_split prim/fifo axi_read_rules prim/skid
//! prove pdr
//! also smt 8
//! bounded 16 a_this_round a_one_failure
//! mutants 18
//! cover 20
`default_nettype none
module read_quarantine (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       cancel_i,
    input wire       command_valid_i,
    input wire       line_i,
    input wire [1:0] lines_i,          // less 1
    input wire       line_ready_i,
    input wire       arready_i,
    input wire       rid_i,
    input wire       rlast_i,
    input wire       rvalid_i
);
  logic quiet, command_ready, command_room, line_valid, line_last, line_ok, read_line, arvalid, rready;
  logic [511:0] line;
  logic [1:0] client, arburst, out;
  logic [7:0] status, arlen;
  logic [0:0] arid;
  logic [63:0] araddr;
  logic [2:0] arsize;
  logic [57:0] address;
  logic [1:0] round_q;
  logic [3:0] rounds_q;  // round of the read that each id has out
  read_engine #(
      .READS(2), .BURST_LINES(2), .TIMEOUT(6)
  ) u_engine (
      .clk_i, .rst_ni, .cancel_i, .quiet_o(quiet), .command_valid_i, .command_ready_o(command_ready),
      .command_room_o(command_room), .command_line_i(58'(line_i)), .command_lines_i(29'(lines_i) + 29'd1),
      .command_client_i(2'b0), .line_valid_o(line_valid), .line_ready_i, .line_o(line), .line_client_o(client),
      .line_last_o(line_last), .line_ok_o(line_ok), .line_status_o(status), .read_line_o(read_line),
      .m_axi_arid(arid), .m_axi_araddr(araddr), .m_axi_arlen(arlen), .m_axi_arsize(arsize), .m_axi_arburst(arburst),
      .m_axi_arvalid(arvalid), .m_axi_arready(arready_i), .m_axi_rid(rid_i), .m_axi_rdata({510'b0, rounds_q[2*rid_i+:2]}),
      .m_axi_rresp(2'b00), .m_axi_rlast(rlast_i), .m_axi_rvalid(rvalid_i), .m_axi_rready(rready)
  );
  axi_read_rules #(
      .READS(2), .BURST_LINES(2)
  ) u_rules (
      .clk_i, .rst_ni, .last_right_i(1'b1), .arid, .araddr, .arlen, .arsize, .arburst, .arvalid, .arready(arready_i),
      .rid(rid_i), .rlast(rlast_i), .rvalid(rvalid_i), .rready, .address_o(address), .out_o(out)
  );

  logic begun_q = 1'b0;
  logic offered_q, failed_q;  // the address on offer was there before; the line of a time-out was taken in this round
  logic [1:0] offer_round_q, still_q;
  always_comb assume (begun_q || !rst_ni);
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    offered_q <= rst_ni && arvalid && !arready_i;
    if (!offered_q) offer_round_q <= round_q;
    if (arvalid && arready_i) rounds_q[2*arid+:2] <= offered_q ? offer_round_q : round_q;
    if (!rst_ni) round_q <= '0;
    else if (cancel_i) round_q <= round_q + 1'b1;
    failed_q <= rst_ni && !cancel_i && (failed_q || (line_valid && line_ready_i && status == pl_abi_pkg::PL_STATUS_TIMEOUT));
    still_q <= rst_ni && out == '0 && !arvalid && !command_valid_i && cancel_i ? still_q + 2'(still_q != 2'd3) : '0;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if (line_valid && line_ok) a_this_round: assert (line[1:0] == round_q);
      if (line_valid) a_status: assert (status == pl_abi_pkg::PL_STATUS_OK || status == pl_abi_pkg::PL_STATUS_TIMEOUT);
      if (failed_q) a_one_failure: assert (!line_valid);
      if (line_valid && status == pl_abi_pkg::PL_STATUS_TIMEOUT) a_last: assert (line_last && !line_ok);
      if ($past(cancel_i)) a_nothing_new: assert (!line_valid && (!arvalid || $past(arvalid && !arready_i)));
      if (cancel_i) a_no_command: assert (!command_ready);
      if (quiet) a_quiet: assert (out == '0 && !arvalid);
      if (still_q >= 2'd2) a_soon_quiet: assert (quiet);
      if ($past(line_valid && !line_ready_i && !cancel_i)) a_held: assert (line_valid && $stable({line[1:0], line_last, status}));
      c_reused: cover (line_valid && line_ok && round_q == 2'd1 && $past(rvalid_i && rlast_i && rounds_q[2*rid_i+:2] == 2'd0, 5));
      c_timed_out: cover (failed_q && out != '0);
      c_offer_over_cancel: cover (arvalid && offered_q && offer_round_q != round_q);
    end
  end
endmodule
`default_nettype wire

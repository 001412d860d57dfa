// read_engine: the lines of a command come from the addresses asked for, in order, none lost, repeated or of another command; the last
// one is marked; a line has status OK unless its response was bad. No id has two reads out. And the rules of axi_read_rules.
//
// Any one command is watched, as in split_bursts. The memory's line at an address is the address itself, and one symbolic address
// answers with an error; it answers in any order. 2 ids, bursts of 2, commands of 1..4 lines: bursts of both lengths, with
// both alignments, ids reused out of order. No cancel here (read_quarantine), no time-out (TIMEOUT beyond the depth).
//! read dma/read_engine dma/read_split prim/fifo axi_read_rules prim/skid
//! prove pdr
//! also smt 8
//! bounded 16 a_asked_for a_error a_last a_next
//! mutants 18
//! cover 18
`default_nettype none
module read_lines (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       command_valid_i,
    input wire [2:0] line_i,
    input wire [1:0] lines_i,          // less 1
    input wire       client_i,
    input wire       watch_i,
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
  (* anyconst *) logic [2:0] broken;  // the address that cannot be read
  read_engine #(
      .READS(2), .BURST_LINES(2), .TIMEOUT(1 << 20)
  ) u_engine (
      .clk_i, .rst_ni, .cancel_i(1'b0), .quiet_o(quiet), .command_valid_i, .command_ready_o(command_ready),
      .command_room_o(command_room), .command_line_i(58'(line_i)), .command_lines_i(29'(lines_i) + 29'd1),
      .command_client_i({1'b0, client_i}), .line_valid_o(line_valid), .line_ready_i, .line_o(line), .line_client_o(client),
      .line_last_o(line_last), .line_ok_o(line_ok), .line_status_o(status), .read_line_o(read_line),
      .m_axi_arid(arid), .m_axi_araddr(araddr), .m_axi_arlen(arlen), .m_axi_arsize(arsize), .m_axi_arburst(arburst),
      .m_axi_arvalid(arvalid), .m_axi_arready(arready_i), .m_axi_rid(rid_i), .m_axi_rdata({509'b0, address[2:0]}),
      .m_axi_rresp(address[2:0] == broken ? 2'b10 : 2'b00), .m_axi_rlast(rlast_i), .m_axi_rvalid(rvalid_i), .m_axi_rready(rready)
  );
  axi_read_rules #(
      .READS(2), .BURST_LINES(2)
  ) u_rules (
      .clk_i, .rst_ni, .last_right_i(1'b1), .arid, .araddr, .arlen, .arsize, .arburst, .arvalid, .arready(arready_i),
      .rid(rid_i), .rlast(rlast_i), .rvalid(rvalid_i), .rready, .address_o(address), .out_o(out)
  );

  logic begun_q = 1'b0;
  logic watching_q, client_q, enter, leave;
  logic [3:0] held_q, ahead_q;  // commands inside; of these before the watched one
  logic [2:0] next_q, left_q;   // its next line, lines left
  assign enter = command_valid_i && command_ready;
  assign leave = line_valid && line_ready_i;
  always_comb assume (begun_q || !rst_ni);
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (!rst_ni) begin
      held_q <= '0;
      watching_q <= 1'b0;
    end else begin
      held_q <= held_q + 4'(enter) - 4'(leave && line_last);
      if (!watching_q && watch_i && enter) begin
        watching_q <= 1'b1;
        ahead_q <= held_q - 4'(leave && line_last);
        next_q <= line_i;
        left_q <= 3'(lines_i) + 3'd1;
        client_q <= client_i;
      end else if (watching_q && leave) begin
        if (ahead_q != '0) ahead_q <= ahead_q - 4'(line_last);
        else begin
          next_q <= next_q + 1'b1;
          left_q <= left_q - 1'b1;
          watching_q <= !line_last;
        end
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      a_room: assert (command_room == command_ready);
      a_beats_taken: assert (rready);
      if (quiet) a_quiet: assert (out == '0 && !arvalid);
      if (line_valid) begin
        a_asked_for: assert (held_q != '0);
        a_status: assert (line_ok == (status == pl_abi_pkg::PL_STATUS_OK));
        if (watching_q && ahead_q == '0) begin
          a_next: assert (line[2:0] == next_q && client == {1'b0, client_q});
          a_last: assert (line_last == (left_q == 3'd1));
          a_error: assert (status == (next_q == broken ? pl_abi_pkg::PL_STATUS_BUS_ERROR : pl_abi_pkg::PL_STATUS_OK));
        end
      end
      if ($past(line_valid && !line_ready_i)) begin
        a_held: assert (line_valid && $stable(line[2:0]) && $stable(line_last) && $stable(status) && $stable(client));
      end
      c_three_bursts: cover (leave && watching_q && ahead_q == '0 && line_last && next_q == 3'd4 && !line_ok && $past(leave));
      c_out_of_order: cover (out == 2'b11 && rvalid_i && rid_i && $past(rvalid_i && rid_i && !rlast_i) && line_valid);
    end
  end
endmodule
`default_nettype wire

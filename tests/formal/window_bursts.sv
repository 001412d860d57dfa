// tick_window: the beats of write bursts become lines, each once, in order, unchanged, and whole (line_ok) just when size, kind and
// alignment of the burst, strobes and WLAST say so; a burst's response is OKAY just when all its lines were whole; an address is
// refused only while BURSTS bursts wait, a beat only while two do. And axi_window_rules.
//
// Any one burst is watched, and the words 0, 4, 8 .. or others of every fourth. BURSTS 2, ids of 1 bit, writes of 1 or 2 beats, reads of
// any length, a data word of 2 bits, two of the strobes.
//! read watch/tick_window prim/fifo prim/skid axi_window_rules
//! prove pdr
//! also smt 5
//! bounded 12 a_response a_b_after_data
//! cover 20
`default_nettype none
module window_bursts (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       pick_i,
    input wire [0:0] awid,
    input wire [0:0] awlen,
    input wire [2:0] awsize,
    input wire [1:0] awburst,
    input wire       awlow,     // of its address: not a line's
    input wire       awvalid,
    input wire [1:0] wdata,
    input wire [1:0] wstrb,     // the first and the last byte's
    input wire       wlast,
    input wire       wvalid,
    input wire       bready,
    input wire [0:0] arid,
    input wire [7:0] arlen,
    input wire       arvalid,
    input wire       rready,
    input wire       line_ready_i
);
  logic awready, wready, bvalid, arready, rvalid, rlast, line_valid, line_ok, picked, open, answered;
  logic [0:0] bid, rid;
  logic [1:0] bresp, rresp;
  logic [511:0] rdata, line;
  tick_window #(
      .ID_W(1), .BURSTS(2)
  ) u_slave (
      .clk_i, .rst_ni, .w_axi_awid(awid), .w_axi_awaddr({11'b0, awlow}), .w_axi_awlen(8'(awlen)), .w_axi_awsize(awsize),
      .w_axi_awburst(awburst), .w_axi_awvalid(awvalid), .w_axi_awready(awready), .w_axi_wdata(512'(wdata)),
      .w_axi_wstrb({wstrb[1], {62{1'b1}}, wstrb[0]}), .w_axi_wlast(wlast), .w_axi_wvalid(wvalid), .w_axi_wready(wready),
      .w_axi_bid(bid), .w_axi_bresp(bresp), .w_axi_bvalid(bvalid), .w_axi_bready(bready), .w_axi_arid(arid), .w_axi_araddr('0),
      .w_axi_arlen(arlen), .w_axi_arsize(3'd6), .w_axi_arburst(2'b01), .w_axi_arvalid(arvalid), .w_axi_arready(arready),
      .w_axi_rid(rid), .w_axi_rdata(rdata), .w_axi_rresp(rresp), .w_axi_rlast(rlast), .w_axi_rvalid(rvalid),
      .w_axi_rready(rready), .line_valid_o(line_valid), .line_ready_i, .line_ok_o(line_ok), .line_o(line)
  );
  axi_window_rules #(
      .ID_W(1), .OUTSTANDING(4)
  ) u_rules (
      .clk_i, .rst_ni, .pick_i, .awid, .awlen(8'(awlen)), .aw({awlow, awsize, awburst}), .awvalid, .awready,
      .w({wdata, wstrb, wlast}), .wvalid, .wready, .bid, .bresp, .bvalid, .bready, .arid, .arlen, .arvalid, .arready, .rid, .rresp,
      .rlast, .rvalid, .rready, .picked_o(picked), .open_o(open), .answered_o(answered)
  );

  (* anyconst *) logic [1:0] watched;  // word
  logic begun_q = 1'b0;
  logic [1:0] in_q, out_q;  // words that came; lines that were taken
  logic [4:0] word_q;
  logic burst_ok_q, chosen_q, all_ok_q;
  logic [2:0] before_q;  // lines of bursts before the watched one to be taken
  logic [1:0] left_q;  // lines of the watched one
  logic taken, mine, final_line;
  assign taken = line_valid && line_ready_i;
  assign mine = chosen_q && before_q == '0 && left_q != '0;
  assign final_line = left_q == 2'd1;
  always_comb assume (begun_q || !rst_ni);
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (wvalid && wready && in_q == watched) word_q <= {wdata, wstrb, wlast};
    if (picked) burst_ok_q <= awsize == 3'd6 && awburst == 2'b01 && !awlow;
    if (!rst_ni) begin
      in_q <= '0;
      out_q <= '0;
      before_q <= '0;
      left_q <= '0;
      chosen_q <= 1'b0;
      all_ok_q <= 1'b1;
    end else begin
      in_q <= in_q + 2'(wvalid && wready);
      out_q <= out_q + 2'(taken);
      chosen_q <= chosen_q || picked;
      before_q <= before_q + (awvalid && awready && !picked && !chosen_q ? 3'(awlen) + 3'd1 : 3'd0) - 3'(taken && before_q != '0);
      if (picked) left_q <= 2'(awlen) + 2'd1;
      else if (taken && mine) left_q <= left_q - 1'b1;
      if (taken && mine) all_ok_q <= all_ok_q && line_ok;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if (line_valid) a_line_came: assert (in_q != out_q);
      a_two_wait: assert (wready == (2'(in_q - out_q) < 2'd2));
      if (line_valid && out_q == watched) a_line: assert (line[1:0] == word_q[4:3]);
      if (line_valid && !chosen_q) a_line_has_burst: assert (before_q != '0);
      if (line_valid && mine && out_q == watched) begin
        a_whole: assert (line_ok == (burst_ok_q && (&word_q[2:1]) && word_q[0] == final_line));
      end
      if (answered) a_response: assert (left_q == '0 && bresp == {!all_ok_q, 1'b0});
      if (in_q != out_q && mine && !bvalid) a_offered: assert (line_valid);
      c_answers_wait: cover (answered && !bready && all_ok_q && bid == 1'b1 && !awready && !wready);
      c_bad_last: cover (answered && bready && !all_ok_q && burst_ok_q && &word_q[2:1] && word_q[0] && $past(before_q != '0, 4));
      c_data_first: cover (picked && in_q == 2'd2 && out_q == 2'd0 && awlen == 1'b1 && bvalid);
      c_read: cover (rvalid && rlast && rready && arlen == 8'd2 && $past(rvalid && !rlast, 2) && open);
    end
  end
endmodule
`default_nettype wire

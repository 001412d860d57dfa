// write_engine: lines go to host memory in order, address and data of the same line together, none lost or repeated, unless lines are
// dropped (stop_i, a time-out): then what was begun is finished, an address is never without its data, and the rest is dropped whole.
// Never more than WRITES unanswered; idle means that everything was answered; a bad response is reported. And axi_write_rules.
//
// Each line's data is its address; the n-th address and the n-th data on the bus must be of one line (n modulo 8, any one watched),
// and while nothing was dropped, of the n-th line that came. 3 unanswered at most, time-outs after 6 cycles.
//! read dma/write_engine prim/fifo axi_write_rules
//! prove pdr
//! also smt 6
//! bounded 12 a_idle a_pair a_pair_back a_nth a_output_held a_data_held
//! mutants 18
//! cover 18
`default_nettype none
module write_lines (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       stop_i,
    input wire       clear_i,
    input wire       line_valid_i,
    input wire [3:0] line_i,
    input wire       awready_i,
    input wire       wready_i,
    input wire       bvalid_i,
    input wire       bad_i
);
  logic idle, timed_out, line_ready, write_line, awvalid, wlast, wvalid, bready;
  logic [7:0] status, awlen;
  logic [0:0] awid;
  logic [63:0] awaddr, wstrb;
  logic [2:0] awsize;
  logic [1:0] awburst;
  logic [511:0] wdata;
  logic [3:0] addresses, data;
  write_engine #(
      .WRITES(3), .TIMEOUT(6)
  ) u_engine (
      .clk_i, .rst_ni, .stop_i, .clear_i, .idle_o(idle), .status_o(status), .timed_out_o(timed_out), .line_valid_i,
      .line_ready_o(line_ready), .line_line_i(58'(line_i)), .line_data_i(512'(line_i)), .write_line_o(write_line),
      .m_axi_awid(awid), .m_axi_awaddr(awaddr), .m_axi_awlen(awlen), .m_axi_awsize(awsize), .m_axi_awburst(awburst),
      .m_axi_awvalid(awvalid), .m_axi_awready(awready_i), .m_axi_wdata(wdata), .m_axi_wstrb(wstrb), .m_axi_wlast(wlast),
      .m_axi_wvalid(wvalid), .m_axi_wready(wready_i), .m_axi_bid(1'b0), .m_axi_bresp(bad_i ? 2'b10 : 2'b00),
      .m_axi_bvalid(bvalid_i), .m_axi_bready(bready)
  );
  axi_write_rules #(
      .WRITES(3)
  ) u_rules (
      .clk_i, .rst_ni, .awaddr, .awlen, .awsize, .awburst, .awvalid, .awready(awready_i), .wdata(wdata[3:0]), .wstrb, .wlast, .wvalid,
      .wready(wready_i), .bvalid(bvalid_i), .bready, .addresses_o(addresses), .data_o(data)
  );

  (* anyconst *) logic [2:0] watched;
  logic begun_q = 1'b0;
  logic dropped_q, had_line_q, had_address_q, had_data_q;
  logic [2:0] line_n_q, address_n_q, data_n_q;  // lines that came; addresses and data that were offered
  logic [3:0] line_q, address_q, data_q;
  logic drops;
  assign drops = stop_i || timed_out;
  always_comb begin
    assume (begun_q || !rst_ni);
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (!rst_ni) begin
      line_n_q <= '0;
      address_n_q <= '0;
      data_n_q <= '0;
      dropped_q <= 1'b0;
      had_line_q <= 1'b0;
      had_address_q <= 1'b0;
      had_data_q <= 1'b0;
    end else begin
      dropped_q <= dropped_q || drops;
      line_n_q <= line_n_q + 3'(line_valid_i && line_ready);
      address_n_q <= address_n_q + 3'(awvalid && awready_i);
      data_n_q <= data_n_q + 3'(wvalid && wready_i);
      if (line_valid_i && line_ready && line_n_q == watched) begin
        line_q <= line_i;
        had_line_q <= 1'b1;
      end
      if (awvalid && awready_i && address_n_q == watched) begin
        address_q <= awaddr[9:6];
        had_address_q <= 1'b1;
      end
      if (wvalid && wready_i && data_n_q == watched) begin
        data_q <= wdata[3:0];
        had_data_q <= 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      // data does not go before its address was offered
      if (wvalid) a_data_after_address: assert (data < addresses + 4'(awvalid));
      if (wvalid && data_n_q == watched) begin
        a_pair: assert (address_n_q == watched ? awvalid && wdata[3:0] == awaddr[9:6] : had_address_q && wdata[3:0] == address_q);
      end
      if (awvalid && address_n_q == watched && had_data_q && data_n_q == address_n_q + 3'd1) a_pair_back: assert (awaddr[9:6] == data_q);
      if (awvalid && address_n_q == watched && !dropped_q) a_nth: assert (had_line_q && awaddr[9:6] == line_q);
      if (idle) a_idle: assert (addresses == '0 && data == '0 && !awvalid && !wvalid && (dropped_q || line_n_q == address_n_q));
      if ($past(!clear_i && bvalid_i && bad_i)) a_bad: assert (status != pl_abi_pkg::PL_STATUS_OK);
      if ($past(drops, 1) && $past(rst_ni && drops, 2) && $past(!awvalid)) a_nothing_begins: assert (!awvalid);
      c_full: cover (addresses == 4'd3 && line_valid_i && !line_ready);
      c_pair: cover (wvalid && data_n_q == 3'd3 && watched == 3'd3 && address_q == 4'd9 && had_address_q && !dropped_q);
      c_dropped: cover (dropped_q && !drops && addresses != '0 && wvalid && line_n_q == 3'd6);
      c_timed_out: cover (timed_out && addresses == 4'd1 && data == '0);
    end
  end
endmodule
`default_nettype wire

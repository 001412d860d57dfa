// Writes whole lines to host memory, in order, with one id: an AW and a single W beat per line, full strobes.
//
// W does not wait for AW to be taken, but a line's W is never offered before its AW, so that what is owed after stop_i is W beats
// only. Latency 2 cycles from a line to its AW, 3 to its W; one line per cycle, up to WRITES unanswered. Stall: as AXI demands.
// idle_o: every line accepted was answered (or dropped, below).
// status_o: PL_STATUS_OK, or the first failure since clear_i: BUS_ERROR (a bad response; writing goes on) or TIMEOUT (TIMEOUT
// cycles with lines unanswered and no AW, W or response moving: from then to clear_i lines are accepted and dropped, also those
// not begun; idle_o rises when the late responses came).
// mark_i[m] asks whether what was accepted before that cycle is answered: reached_o[m], from the next cycle on, until the next one.
// stop_i (a level): the same dropping, without a status: nothing begins, what was begun is finished.
`default_nettype none
module write_engine #(
    parameter int unsigned WRITES  = 64,
    parameter int unsigned TIMEOUT = 65536
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          stop_i,
    input  wire          clear_i,
    output logic         idle_o,
    output logic [  7:0] status_o,
    output logic         timed_out_o,   // lines are dropped
    input  wire  [  1:0] mark_i,
    output logic [  1:0] reached_o,
    input  wire          line_valid_i,
    output logic         line_ready_o,
    input  wire  [ 57:0] line_line_i,   // address / 64
    input  wire  [511:0] line_data_i,
    output logic         write_line_o,  // pulse: a W beat was taken
    output logic [  0:0] m_axi_awid,
    output logic [ 63:0] m_axi_awaddr,
    output logic [  7:0] m_axi_awlen,
    output logic [  2:0] m_axi_awsize,
    output logic [  1:0] m_axi_awburst,
    output logic         m_axi_awvalid,
    input  wire          m_axi_awready,
    output logic [511:0] m_axi_wdata,
    output logic [ 63:0] m_axi_wstrb,
    output logic         m_axi_wlast,
    output logic         m_axi_wvalid,
    input  wire          m_axi_wready,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [  0:0] m_axi_bid,     // there is one
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [  1:0] m_axi_bresp,
    input  wire          m_axi_bvalid,
    output logic         m_axi_bready
);
  localparam int unsigned COUNT_W = $clog2(WRITES + 1);
  localparam int unsigned TIMER_W = $clog2(TIMEOUT + 1);

  if (WRITES < 2 || WRITES > 1024) begin : g_writes $error("write_engine: WRITES must lie in 2..1024"); end
  if (TIMEOUT < 2) begin : g_timeout $error("write_engine: TIMEOUT must be at least 2"); end

  logic data_valid;
  logic drop, timed_out_q, draining_q, enter, address_ready, data_ready;
  logic address_valid, address_take, data_take;
  logic [57:0] address;
  logic [511:0] data;
  // Dropping goes on until no data of dropped lines is left: it waits behind the W beats that are owed.
  assign drop = stop_i || timed_out_q || draining_q;
  always_ff @(posedge clk_i) draining_q <= rst_ni && drop && data_valid;
  assign enter = line_valid_i && address_ready && data_ready && !drop;
  assign line_ready_o = drop || (address_ready && data_ready);
  // verilator lint_off PINCONNECTEMPTY
  fifo #(
      .WIDTH(58), .DEPTH(4), .READ_STAGES(0)
  ) u_addresses (
      .clk_i, .rst_ni, .valid_i(enter), .ready_o(address_ready), .data_i(line_line_i),
      .valid_o(address_valid), .ready_i(address_take), .data_o(address), .level_o(), .almost_full_o()
  );
  fifo #(
      .WIDTH(512), .DEPTH(4), .READ_STAGES(0)
  ) u_data (
      .clk_i, .rst_ni, .valid_i(enter), .ready_o(data_ready), .data_i(line_data_i),
      .valid_o(data_valid), .ready_i(data_take), .data_o(data), .level_o(), .almost_full_o()
  );
  // verilator lint_on PINCONNECTEMPTY

  // Lines begun: unanswered, and those of them whose W beat is not yet on offer.
  logic [COUNT_W-1:0] unanswered_q, owed_q;
  logic room_q, begin_line, offer_data, answer, answered;
  assign begin_line = address_valid && !drop && room_q && (!m_axi_awvalid || m_axi_awready);
  assign address_take = begin_line || drop;
  assign offer_data = data_valid && owed_q != '0 && (!m_axi_wvalid || m_axi_wready);
  assign data_take = offer_data || (drop && owed_q == '0);
  assign answer = m_axi_bvalid && unanswered_q != '0;
  assign answered = unanswered_q == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      m_axi_awvalid <= 1'b0;
      m_axi_wvalid <= 1'b0;
      unanswered_q <= '0;
      owed_q <= '0;
      room_q <= 1'b1;
    end else begin
      if (begin_line) m_axi_awvalid <= 1'b1;
      else if (m_axi_awready) m_axi_awvalid <= 1'b0;
      if (offer_data) m_axi_wvalid <= 1'b1;
      else if (m_axi_wready) m_axi_wvalid <= 1'b0;
      owed_q <= owed_q + COUNT_W'(begin_line) - COUNT_W'(offer_data);
      unanswered_q <= unanswered_q + COUNT_W'(begin_line) - COUNT_W'(answer);
      room_q <= unanswered_q + COUNT_W'(begin_line) - COUNT_W'(answer) != COUNT_W'(WRITES);
    end
  end
  always_ff @(posedge clk_i) begin
    if (!m_axi_awvalid || m_axi_awready) m_axi_awaddr <= {address, 6'b0};
    if (!m_axi_wvalid || m_axi_wready) m_axi_wdata <= data;
  end
  assign m_axi_awid = '0;
  assign m_axi_awlen = '0;
  assign m_axi_awsize = 3'd6;
  assign m_axi_awburst = 2'b01;
  assign m_axi_wstrb = '1;
  assign m_axi_wlast = 1'b1;
  assign m_axi_bready = 1'b1;
  assign write_line_o = m_axi_wvalid && m_axi_wready;

  // Lines accepted and not answered, those not yet begun among them, and how many of them each mark still waits for.
  logic [COUNT_W:0] open_q;
  logic [2*(COUNT_W+1)-1:0] left_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || idle_o) open_q <= (COUNT_W + 1)'(rst_ni && enter);
    else open_q <= open_q + (COUNT_W + 1)'(enter) - (COUNT_W + 1)'(answer);
    for (int m = 0; m < 2; m++) begin
      if (!rst_ni || idle_o) left_q[m*(COUNT_W+1)+:COUNT_W+1] <= '0;
      else if (mark_i[m]) left_q[m*(COUNT_W+1)+:COUNT_W+1] <= open_q - (COUNT_W + 1)'(answer);
      else if (answer && !reached_o[m]) left_q[m*(COUNT_W+1)+:COUNT_W+1] <= left_q[m*(COUNT_W+1)+:COUNT_W+1] - 1'b1;
    end
  end
  assign reached_o = {left_q[2*(COUNT_W+1)-1:COUNT_W+1] == '0, left_q[COUNT_W:0] == '0};
  assign idle_o = !address_valid && !data_valid && answered && !m_axi_awvalid && !m_axi_wvalid;

  logic [TIMER_W-1:0] timer_q;
  logic [7:0] status_q;
  logic fire;
  assign fire = timer_q == TIMER_W'(TIMEOUT) && !timed_out_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || clear_i) begin
      timer_q <= '0;
      status_q <= pl_abi_pkg::PL_STATUS_OK;
      timed_out_q <= 1'b0;
    end else begin
      if (idle_o || (m_axi_awvalid && m_axi_awready) || write_line_o || answer || timed_out_q) timer_q <= '0;
      else if (!fire) timer_q <= timer_q + 1'b1;
      timed_out_q <= timed_out_q || fire;
      if (status_q == pl_abi_pkg::PL_STATUS_OK) begin
        if (answer && m_axi_bresp != '0) status_q <= pl_abi_pkg::PL_STATUS_BUS_ERROR;
        else if (fire) status_q <= pl_abi_pkg::PL_STATUS_TIMEOUT;
      end
    end
  end
  assign status_o = status_q;
  assign timed_out_o = timed_out_q;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_unanswered_bounded: assert (unanswered_q <= COUNT_W'(WRITES));
      if ($past(m_axi_awvalid && !m_axi_awready)) a_address_held: assert (m_axi_awvalid && m_axi_awaddr == $past(m_axi_awaddr));
      if ($past(m_axi_wvalid && !m_axi_wready)) a_data_held: assert (m_axi_wvalid && m_axi_wdata == $past(m_axi_wdata));
    end
  end
endmodule
`default_nettype wire

// The window for ticks: an AXI4 slave that takes lines with TICK_PRICE, TICK_VOL and TICK_COMMIT, and gives complete ticks to
// the tables.
//
// tick_window -> window_check -> tick_queue (with tick_store); docs/card.md "Window and watched set", and the headers there.
// Latency from the W beat of a tick of one line to window_valid_o: 9 cycles if its AW is there, nothing waits and no tick is
// on its way out; a line per cycle, an item per cycle. Stall: window_ready_i low never stops the window, except for what
// leaves the store.
// window_*: items of a tick follow each other, its records in order, then window_commit_o with window_tick_o. Valid, once
// high, stays with stable data until ready; only load_started_i takes back what is offered, while the tables take nothing. A
// record's line, tick and reserved fields mean nothing there.
// clear_i (WINDOW_CLEAR): what waits is dropped, but a tick that has left the queue for window_* is finished; the status is
// OK, the next line has number 1, its tick any number but 0. Lines that are taken later are counted from there: the host lets
// COUNTER_WINDOW_LINES come to rest before it clears. load_started_i: the same, and the status is RESET if anything waited.
// window_refused_i: the tables refused the last commit; status as for a line. status_o and error_valid_o: window_check.
`default_nettype none
module window #(
    parameter int unsigned PROFILE        = 32'(pl_abi_pkg::PL_PROFILE_FULL),
    parameter int unsigned SCENARIOS      = 40,
    parameter int unsigned INSTRUMENTS    = 4096,
    parameter int unsigned EXPIRIES       = 512,
    parameter int unsigned UNDERLYINGS    = 128,
    parameter int unsigned CLASSES        = 256,
    parameter int unsigned BRACKET_TABLES = 64,
    parameter int unsigned ID_W           = 4
) (
    input  wire                                     clk_i,
    input  wire                                     rst_ni,
    input  wire                                     bus_rst_ni,     // of the AXI side alone: while rst_ni is low lines are dropped
    input  wire  [                        ID_W-1:0] w_axi_awid,
    input  wire  [                            11:0] w_axi_awaddr,
    input  wire  [                             7:0] w_axi_awlen,
    input  wire  [                             2:0] w_axi_awsize,
    input  wire  [                             1:0] w_axi_awburst,
    input  wire                                     w_axi_awvalid,
    output logic                                    w_axi_awready,
    input  wire  [                           511:0] w_axi_wdata,
    input  wire  [                            63:0] w_axi_wstrb,
    input  wire                                     w_axi_wlast,
    input  wire                                     w_axi_wvalid,
    output logic                                    w_axi_wready,
    output logic [                        ID_W-1:0] w_axi_bid,
    output logic [                             1:0] w_axi_bresp,
    output logic                                    w_axi_bvalid,
    input  wire                                     w_axi_bready,
    input  wire  [                        ID_W-1:0] w_axi_arid,
    input  wire  [                            11:0] w_axi_araddr,
    input  wire  [                             7:0] w_axi_arlen,
    input  wire  [                             2:0] w_axi_arsize,
    input  wire  [                             1:0] w_axi_arburst,
    input  wire                                     w_axi_arvalid,
    output logic                                    w_axi_arready,
    output logic [                        ID_W-1:0] w_axi_rid,
    output logic [                           511:0] w_axi_rdata,
    output logic [                             1:0] w_axi_rresp,
    output logic                                    w_axi_rlast,
    output logic                                    w_axi_rvalid,
    input  wire                                     w_axi_rready,
    input  wire                                     clear_i,
    output logic [                             7:0] status_o,
    output logic                                    error_valid_o,
    output logic                                    line_o,
    output logic                                    refused_o,
    output logic                                    conflated_o,
    output logic                                    merged_o,
    input  wire  pl_abi_pkg::pl_model_t             model_i,
    input  wire                                     loaded_i,
    input  wire                                     load_started_i,
    input  wire                                     table_valid_i,
    input  wire  [                           511:0] table_record_i,
    input  wire                                     clear_valid_i,
    input  wire  [pl_card_pkg::INSTRUMENT_W-1:0]    clear_index_i,
    output logic                                    window_valid_o,
    input  wire                                     window_ready_i,
    output logic [                           511:0] window_record_o,
    output logic                                    window_commit_o,
    output logic [                            63:0] window_tick_o,
    output logic                                    waiting_o,
    input  wire                                     window_refused_i,
    input  wire  [                             7:0] window_refused_status_i
);
  if (PROFILE != 32'(pl_abi_pkg::PL_PROFILE_FULL) && PROFILE != 32'(pl_abi_pkg::PL_PROFILE_SMALL)) begin : g_profile
    $error("window: PROFILE");
  end
  if (INSTRUMENTS < 2 || INSTRUMENTS != 2 ** $clog2(INSTRUMENTS)) begin : g_instruments
    $error("window: INSTRUMENTS must be a power of two");
  end
  if (EXPIRIES < 2 || EXPIRIES > 32'(pl_abi_pkg::PL_EXPIRIES_MAX) || EXPIRIES != 2 ** $clog2(EXPIRIES)) begin : g_expiries
    $error("window: EXPIRIES must be a power of two in the contract's limits");
  end
  if (ID_W < 1) begin : g_id $error("window: ID_W must be at least 1"); end

  logic line_valid, line_ready, line_ok, room, open_full, taken, put_valid, put_accept, put_record, put_end, drop, holding;
  logic [511:0] line, put_line;

  tick_window #(
      .ID_W(ID_W)
  ) u_slave (
      .clk_i(clk_i),
      .rst_ni(bus_rst_ni),
      .w_axi_awid(w_axi_awid),
      .w_axi_awaddr(w_axi_awaddr),
      .w_axi_awlen(w_axi_awlen),
      .w_axi_awsize(w_axi_awsize),
      .w_axi_awburst(w_axi_awburst),
      .w_axi_awvalid(w_axi_awvalid),
      .w_axi_awready(w_axi_awready),
      .w_axi_wdata(w_axi_wdata),
      .w_axi_wstrb(w_axi_wstrb),
      .w_axi_wlast(w_axi_wlast),
      .w_axi_wvalid(w_axi_wvalid),
      .w_axi_wready(w_axi_wready),
      .w_axi_bid(w_axi_bid),
      .w_axi_bresp(w_axi_bresp),
      .w_axi_bvalid(w_axi_bvalid),
      .w_axi_bready(w_axi_bready),
      .w_axi_arid(w_axi_arid),
      .w_axi_araddr(w_axi_araddr),
      .w_axi_arsize(w_axi_arsize),
      .w_axi_arburst(w_axi_arburst),
      .w_axi_arlen(w_axi_arlen),
      .w_axi_arvalid(w_axi_arvalid),
      .w_axi_arready(w_axi_arready),
      .w_axi_rid(w_axi_rid),
      .w_axi_rdata(w_axi_rdata),
      .w_axi_rresp(w_axi_rresp),
      .w_axi_rlast(w_axi_rlast),
      .w_axi_rvalid(w_axi_rvalid),
      .w_axi_rready(w_axi_rready),
      .line_valid_o(line_valid),
      .line_ready_i(line_ready || !rst_ni),
      .line_ok_o(line_ok),
      .line_o(line)
  );

  window_check #(
      .PROFILE(PROFILE),
      .SCENARIOS(SCENARIOS),
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS),
      .CLASSES(CLASSES),
      .BRACKET_TABLES(BRACKET_TABLES)
  ) u_check (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .clear_i(clear_i),
      .forget_i(load_started_i),
      .waiting_i(holding),
      .model_i(model_i),
      .loaded_i(loaded_i),
      .table_valid_i(table_valid_i),
      .table_record_i(table_record_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .line_valid_i(line_valid),
      .line_ready_o(line_ready),
      .line_ok_i(line_ok),
      .line_i(line),
      .room_i(room),
      .open_full_i(open_full),
      .taken_o(taken),
      .verdict_valid_o(put_valid),
      .accept_o(put_accept),
      .record_o(put_record),
      .end_o(put_end),
      .line_o(put_line),
      .drop_o(drop),
      .tick_refused_i(window_refused_i),
      .tick_status_i(window_refused_status_i),
      .status_o(status_o),
      .error_valid_o(error_valid_o),
      .line_count_o(line_o),
      .refused_count_o(refused_o)
  );

  tick_queue #(
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES)
  ) u_queue (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .clear_i(clear_i),
      .forget_i(load_started_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .room_o(room),
      .open_full_o(open_full),
      .taken_i(taken),
      .put_valid_i(put_valid),
      .put_accept_i(put_accept),
      .put_record_i(put_record),
      .put_end_i(put_end),
      .put_line_i(put_line),
      .drop_i(drop),
      .window_valid_o(window_valid_o),
      .window_ready_i(window_ready_i),
      .window_record_o(window_record_o),
      .window_commit_o(window_commit_o),
      .window_tick_o(window_tick_o),
      .waiting_o(waiting_o),
      .holding_o(holding),
      .conflated_o(conflated_o),
      .merged_o(merged_o)
  );
endmodule
`default_nettype wire

// The window's AXI4 slave: write bursts -> lines, in the order of the address channel; reads are answered with SLVERR.
//
// Latency 1 cycle from an accepted W beat to line_valid_o, if its AW came before or with it; throughput 1 line per cycle.
// Every beat of a burst is a line; line_ok_o is high when it is whole: 64 bytes per beat, INCR, an aligned address, all
// strobes, and WLAST exactly where AWLEN says (AWLEN alone ends a burst). Where in the window a line was written does not
// matter.
// One response per burst, when its last line was taken: OKAY if all its lines were whole, else SLVERR.
// Stall: BURSTS bursts wait for their data or their response, two beats for line_ready_i; then AWREADY, WREADY fall. A beat
// before its AW waits. Reads, one after the other: as many beats of zeros with SLVERR as ARLEN says.
`default_nettype none
module tick_window #(
    parameter int unsigned ID_W   = 4,
    parameter int unsigned BURSTS = 8
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    input  wire  [ ID_W-1:0] w_axi_awid,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [     11:0] w_axi_awaddr,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [      7:0] w_axi_awlen,
    input  wire  [      2:0] w_axi_awsize,
    input  wire  [      1:0] w_axi_awburst,
    input  wire              w_axi_awvalid,
    output logic             w_axi_awready,
    input  wire  [    511:0] w_axi_wdata,
    input  wire  [     63:0] w_axi_wstrb,
    input  wire              w_axi_wlast,
    input  wire              w_axi_wvalid,
    output logic             w_axi_wready,
    output logic [ ID_W-1:0] w_axi_bid,
    output logic [      1:0] w_axi_bresp,
    output logic             w_axi_bvalid,
    input  wire              w_axi_bready,
    input  wire  [ ID_W-1:0] w_axi_arid,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [     11:0] w_axi_araddr,
    input  wire  [      2:0] w_axi_arsize,
    input  wire  [      1:0] w_axi_arburst,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [      7:0] w_axi_arlen,
    input  wire              w_axi_arvalid,
    output logic             w_axi_arready,
    output logic [ ID_W-1:0] w_axi_rid,
    output logic [    511:0] w_axi_rdata,
    output logic [      1:0] w_axi_rresp,
    output logic             w_axi_rlast,
    output logic             w_axi_rvalid,
    input  wire              w_axi_rready,
    output logic             line_valid_o,
    input  wire              line_ready_i,
    output logic             line_ok_o,
    output logic [    511:0] line_o
);
  localparam logic [1:0] OKAY = 2'b00;
  localparam logic [1:0] SLVERR = 2'b10;
  localparam logic [1:0] INCR = 2'b01;
  localparam int unsigned BYTES_W = $clog2(64'(pl_abi_pkg::PL_LINE_BYTES));

  if (ID_W < 1) begin : g_id $error("tick_window: ID_W must be at least 1"); end
  if (BURSTS < 2) begin : g_bursts $error("tick_window: BURSTS must be at least 2"); end

  // Bursts whose data did not all come yet, and responses that were not taken yet.
  logic burst_valid, burst_ok, beat_valid, beat_full, beat_last, response_ready, response_bad;
  logic [ID_W-1:0] burst_id;
  logic [7:0] burst_len, beat_q;
  logic take, last, bad_q;

  // verilator lint_off PINCONNECTEMPTY
  fifo #(
      .WIDTH(ID_W + 9),
      .DEPTH(BURSTS),
      .READ_STAGES(0)
  ) u_bursts (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .valid_i(w_axi_awvalid),
      .ready_o(w_axi_awready),
      .data_i({w_axi_awid, w_axi_awlen,
               32'(w_axi_awsize) == BYTES_W && w_axi_awburst == INCR && w_axi_awaddr[BYTES_W-1:0] == '0}),
      .valid_o(burst_valid),
      .ready_i(take && last),
      .data_o({burst_id, burst_len, burst_ok}),
      .level_o(),
      .almost_full_o()
  );
  skid #(
      .WIDTH(514),
      .WIDE(1)
  ) u_beats (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .valid_i(w_axi_wvalid),
      .ready_o(w_axi_wready),
      .data_i({w_axi_wdata, &w_axi_wstrb, w_axi_wlast}),
      .valid_o(beat_valid),
      .ready_i(take),
      .data_o({line_o, beat_full, beat_last})
  );
  fifo #(
      .WIDTH(ID_W + 1),
      .DEPTH(BURSTS),
      .READ_STAGES(0)
  ) u_responses (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .valid_i(take && last),
      .ready_o(response_ready),
      .data_i({burst_id, bad_q || !line_ok_o}),
      .valid_o(w_axi_bvalid),
      .ready_i(w_axi_bready),
      .data_o({w_axi_bid, response_bad}),
      .level_o(),
      .almost_full_o()
  );
  // verilator lint_on PINCONNECTEMPTY

  assign last = beat_q == burst_len;
  assign line_valid_o = beat_valid && burst_valid && response_ready;
  assign line_ok_o = burst_ok && beat_full && beat_last == last;
  assign take = line_valid_o && line_ready_i;
  assign w_axi_bresp = response_bad ? SLVERR : OKAY;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      beat_q <= '0;
      bad_q <= 1'b0;
    end else if (take) begin
      beat_q <= last ? '0 : beat_q + 1'b1;
      bad_q <= !last && (bad_q || !line_ok_o);
    end
  end

  // Reads.
  logic [7:0] left_q;
  assign w_axi_arready = !w_axi_rvalid;
  assign w_axi_rdata = '0;
  assign w_axi_rresp = SLVERR;
  assign w_axi_rlast = left_q == '0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) w_axi_rvalid <= 1'b0;
    else if (!w_axi_rvalid) w_axi_rvalid <= w_axi_arvalid;
    else if (w_axi_rready) w_axi_rvalid <= !w_axi_rlast;
  end
  always_ff @(posedge clk_i) begin
    if (!w_axi_rvalid) begin
      w_axi_rid <= w_axi_arid;
      left_q <= w_axi_arlen;
    end else if (w_axi_rready) begin
      left_q <= left_q - 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      if ($past(line_valid_o && !line_ready_i)) begin
        a_line_held: assert (line_valid_o && line_o == $past(line_o) && line_ok_o == $past(line_ok_o));
      end
    end
  end
endmodule
`default_nettype wire

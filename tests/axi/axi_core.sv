// The card for cocotb: a top without ports, whose variables are pl_core's ports, and rules for every channel.
//
// A port of a top that is public through Verilator is there twice, and writes to the inner one are lost: hence variables.
`default_nettype none
module axi_core #(
    parameter  int unsigned LANES          = 2,
    parameter  int unsigned PROFILE        = 2,
    parameter  int unsigned SCENARIOS      = 16,
    parameter  int unsigned INSTRUMENTS    = 256,
    parameter  int unsigned EXPIRIES       = 128,
    parameter  int unsigned UNDERLYINGS    = 16,
    parameter  int unsigned CLASSES        = 64,
    parameter  int unsigned BRACKET_TABLES = 16,
    parameter  int unsigned WATCH_SLOTS    = 4096,
    parameter  int unsigned READS          = 16,
    parameter  int unsigned BURST_LINES    = 4,
    parameter  int unsigned TIMEOUT        = 2048,
    parameter  int unsigned BUILD          = 1,
    localparam int unsigned ID_W           = $clog2(READS)
);
  // verilator lint_off UNDRIVEN
  logic clk_i  /*verilator public_flat_rw*/;
  logic rst_ni  /*verilator public_flat_rw*/;
  logic [1:0] inject_i  /*verilator public_flat_rw*/;
  logic [2:0] irq_o  /*verilator public_flat_rd*/;
  // registers
  logic [11:0] s_axi_awaddr  /*verilator public_flat_rw*/;
  logic s_axi_awvalid  /*verilator public_flat_rw*/;
  logic s_axi_awready  /*verilator public_flat_rd*/;
  logic [31:0] s_axi_wdata  /*verilator public_flat_rw*/;
  logic [3:0] s_axi_wstrb  /*verilator public_flat_rw*/;
  logic s_axi_wvalid  /*verilator public_flat_rw*/;
  logic s_axi_wready  /*verilator public_flat_rd*/;
  logic [1:0] s_axi_bresp  /*verilator public_flat_rd*/;
  logic s_axi_bvalid  /*verilator public_flat_rd*/;
  logic s_axi_bready  /*verilator public_flat_rw*/;
  logic [11:0] s_axi_araddr  /*verilator public_flat_rw*/;
  logic s_axi_arvalid  /*verilator public_flat_rw*/;
  logic s_axi_arready  /*verilator public_flat_rd*/;
  logic [31:0] s_axi_rdata  /*verilator public_flat_rd*/;
  logic [1:0] s_axi_rresp  /*verilator public_flat_rd*/;
  logic s_axi_rvalid  /*verilator public_flat_rd*/;
  logic s_axi_rready  /*verilator public_flat_rw*/;
  // window for ticks
  logic [3:0] w_axi_awid  /*verilator public_flat_rw*/;
  logic [11:0] w_axi_awaddr  /*verilator public_flat_rw*/;
  logic [7:0] w_axi_awlen  /*verilator public_flat_rw*/;
  logic [2:0] w_axi_awsize  /*verilator public_flat_rw*/;
  logic [1:0] w_axi_awburst  /*verilator public_flat_rw*/;
  logic w_axi_awvalid  /*verilator public_flat_rw*/;
  logic w_axi_awready  /*verilator public_flat_rd*/;
  logic [511:0] w_axi_wdata  /*verilator public_flat_rw*/;
  logic [63:0] w_axi_wstrb  /*verilator public_flat_rw*/;
  logic w_axi_wlast  /*verilator public_flat_rw*/;
  logic w_axi_wvalid  /*verilator public_flat_rw*/;
  logic w_axi_wready  /*verilator public_flat_rd*/;
  logic [3:0] w_axi_bid  /*verilator public_flat_rd*/;
  logic [1:0] w_axi_bresp  /*verilator public_flat_rd*/;
  logic w_axi_bvalid  /*verilator public_flat_rd*/;
  logic w_axi_bready  /*verilator public_flat_rw*/;
  logic [3:0] w_axi_arid  /*verilator public_flat_rw*/;
  logic [11:0] w_axi_araddr  /*verilator public_flat_rw*/;
  logic [7:0] w_axi_arlen  /*verilator public_flat_rw*/;
  logic [2:0] w_axi_arsize  /*verilator public_flat_rw*/;
  logic [1:0] w_axi_arburst  /*verilator public_flat_rw*/;
  logic w_axi_arvalid  /*verilator public_flat_rw*/;
  logic w_axi_arready  /*verilator public_flat_rd*/;
  logic [3:0] w_axi_rid  /*verilator public_flat_rd*/;
  logic [511:0] w_axi_rdata  /*verilator public_flat_rd*/;
  logic [1:0] w_axi_rresp  /*verilator public_flat_rd*/;
  logic w_axi_rlast  /*verilator public_flat_rd*/;
  logic w_axi_rvalid  /*verilator public_flat_rd*/;
  logic w_axi_rready  /*verilator public_flat_rw*/;
  // host memory
  logic [ID_W-1:0] m_axi_arid  /*verilator public_flat_rd*/;
  logic [63:0] m_axi_araddr  /*verilator public_flat_rd*/;
  logic [7:0] m_axi_arlen  /*verilator public_flat_rd*/;
  logic [2:0] m_axi_arsize  /*verilator public_flat_rd*/;
  logic [1:0] m_axi_arburst  /*verilator public_flat_rd*/;
  logic m_axi_arvalid  /*verilator public_flat_rd*/;
  logic m_axi_arready  /*verilator public_flat_rw*/;
  logic [ID_W-1:0] m_axi_rid  /*verilator public_flat_rw*/;
  logic [511:0] m_axi_rdata  /*verilator public_flat_rw*/;
  logic [1:0] m_axi_rresp  /*verilator public_flat_rw*/;
  logic m_axi_rlast  /*verilator public_flat_rw*/;
  logic m_axi_rvalid  /*verilator public_flat_rw*/;
  logic m_axi_rready  /*verilator public_flat_rd*/;
  logic [0:0] m_axi_awid  /*verilator public_flat_rd*/;
  logic [63:0] m_axi_awaddr  /*verilator public_flat_rd*/;
  logic [7:0] m_axi_awlen  /*verilator public_flat_rd*/;
  logic [2:0] m_axi_awsize  /*verilator public_flat_rd*/;
  logic [1:0] m_axi_awburst  /*verilator public_flat_rd*/;
  logic m_axi_awvalid  /*verilator public_flat_rd*/;
  logic m_axi_awready  /*verilator public_flat_rw*/;
  logic [511:0] m_axi_wdata  /*verilator public_flat_rd*/;
  logic [63:0] m_axi_wstrb  /*verilator public_flat_rd*/;
  logic m_axi_wlast  /*verilator public_flat_rd*/;
  logic m_axi_wvalid  /*verilator public_flat_rd*/;
  logic m_axi_wready  /*verilator public_flat_rw*/;
  logic [0:0] m_axi_bid  /*verilator public_flat_rw*/;
  logic [1:0] m_axi_bresp  /*verilator public_flat_rw*/;
  logic m_axi_bvalid  /*verilator public_flat_rw*/;
  logic m_axi_bready  /*verilator public_flat_rd*/;
  // verilator lint_on UNDRIVEN

  pl_core #(
      .LANES(LANES), .PROFILE(PROFILE), .SCENARIOS(SCENARIOS), .INSTRUMENTS(INSTRUMENTS), .EXPIRIES(EXPIRIES), .UNDERLYINGS(UNDERLYINGS),
      .CLASSES(CLASSES), .BRACKET_TABLES(BRACKET_TABLES), .WATCH_SLOTS(WATCH_SLOTS), .READS(READS), .BURST_LINES(BURST_LINES), .TIMEOUT(TIMEOUT), .BUILD(BUILD)
  ) u_core (.*);

  // What the card drives, and what the models drive.
  axi_rules #(.NAME("m_axi_ar"), .WIDTH(ID_W + 77)) u_ar (
      .clk_i, .rst_ni, .valid_i(m_axi_arvalid), .ready_i(m_axi_arready),
      .payload_i({m_axi_arid, m_axi_araddr, m_axi_arlen, m_axi_arsize, m_axi_arburst}));
  axi_rules #(.NAME("m_axi_aw"), .WIDTH(78)) u_aw (
      .clk_i, .rst_ni, .valid_i(m_axi_awvalid), .ready_i(m_axi_awready),
      .payload_i({m_axi_awid, m_axi_awaddr, m_axi_awlen, m_axi_awsize, m_axi_awburst}));
  axi_rules #(.NAME("m_axi_w"), .WIDTH(577)) u_w (
      .clk_i, .rst_ni, .valid_i(m_axi_wvalid), .ready_i(m_axi_wready), .payload_i({m_axi_wdata, m_axi_wstrb, m_axi_wlast}));
  axi_rules #(.NAME("m_axi_r"), .WIDTH(ID_W + 515)) u_r (
      .clk_i, .rst_ni, .valid_i(m_axi_rvalid), .ready_i(m_axi_rready), .payload_i({m_axi_rid, m_axi_rdata, m_axi_rresp, m_axi_rlast}));
  axi_rules #(.NAME("m_axi_b"), .WIDTH(3)) u_b (
      .clk_i, .rst_ni, .valid_i(m_axi_bvalid), .ready_i(m_axi_bready), .payload_i({m_axi_bid, m_axi_bresp}));
  axi_rules #(.NAME("s_axi_b"), .WIDTH(2)) u_lite_b (
      .clk_i, .rst_ni, .valid_i(s_axi_bvalid), .ready_i(s_axi_bready), .payload_i(s_axi_bresp));
  axi_rules #(.NAME("s_axi_r"), .WIDTH(34)) u_lite_r (
      .clk_i, .rst_ni, .valid_i(s_axi_rvalid), .ready_i(s_axi_rready), .payload_i({s_axi_rdata, s_axi_rresp}));
  axi_rules #(.NAME("w_axi_b"), .WIDTH(6)) u_window_b (
      .clk_i, .rst_ni, .valid_i(w_axi_bvalid), .ready_i(w_axi_bready), .payload_i({w_axi_bid, w_axi_bresp}));
  axi_rules #(.NAME("w_axi_r"), .WIDTH(519)) u_window_r (
      .clk_i, .rst_ni, .valid_i(w_axi_rvalid), .ready_i(w_axi_rready), .payload_i({w_axi_rid, w_axi_rdata, w_axi_rresp, w_axi_rlast}));
  axi_rules #(.NAME("w_axi_aw"), .WIDTH(29)) u_window_aw (
      .clk_i, .rst_ni, .valid_i(w_axi_awvalid), .ready_i(w_axi_awready),
      .payload_i({w_axi_awid, w_axi_awaddr, w_axi_awlen, w_axi_awsize, w_axi_awburst}));
  axi_rules #(.NAME("w_axi_w"), .WIDTH(577)) u_window_w (
      .clk_i, .rst_ni, .valid_i(w_axi_wvalid), .ready_i(w_axi_wready), .payload_i({w_axi_wdata, w_axi_wstrb, w_axi_wlast}));
endmodule
`default_nettype wire

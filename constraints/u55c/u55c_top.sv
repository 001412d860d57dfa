// AMD Alveo U55C: the card behind AMD's PCIe bridge (PG194), Gen3 x16, 512 bits; everything in the bridge's clock, 250 MHz.
//
// BAR 0: registers (AXI address 0). BAR 2: window for ticks (AXI address 1 MiB). usr_irq_req: IRQ_PENDING's three bits, MSI-X.
// READS is 16 because the bridge's slave has ids of 4 bits; 16 reads of 32 lines are half of what the core has room for elsewhere.
`default_nettype none
module u55c_top #(
    parameter int unsigned LANES = 8,
    parameter int unsigned BUILD = 1
) (
    input  wire         pcie_refclk_p,
    input  wire         pcie_refclk_n,
    input  wire         pcie_perst_n,
    input  wire  [15:0] pci_exp_rxp,
    input  wire  [15:0] pci_exp_rxn,
    output wire  [15:0] pci_exp_txp,
    output wire  [15:0] pci_exp_txn,
    output wire         hbm_cattrip  // low: the board cuts the power otherwise
);
  localparam int unsigned READS = 16;
  localparam int unsigned BURST_LINES = 32;
  localparam int unsigned ID_W = 4;

  assign hbm_cattrip = 1'b0;

  logic refclk, refclk_div2, perst_n, clk, bridge_rst_n, rst_n, unused_link_up;
  IBUFDS_GTE4 u_refclk (.O(refclk), .ODIV2(refclk_div2), .CEB(1'b0), .I(pcie_refclk_p), .IB(pcie_refclk_n));
  IBUF u_perst (.O(perst_n), .I(pcie_perst_n));
  reset_sync u_reset (.clk_i(clk), .rst_ni(bridge_rst_n), .rst_no(rst_n));

  logic [2:0] irq, irq_req, irq_ack;
  irq_message #(.LINES(3), .HOLD(1'b1)) u_irq (.clk_i(clk), .rst_ni(rst_n), .irq_i(irq), .req_o(irq_req), .ack_i(irq_ack));

  // of the bridge's master
  logic [ID_W-1:0] b_awid, b_bid, b_arid, b_rid;
  logic [63:0] b_awaddr, b_araddr, b_wstrb;
  logic [7:0] b_awlen, b_arlen;
  logic [2:0] b_awsize;
  logic [1:0] b_awburst, b_bresp, b_rresp;
  logic [511:0] b_wdata, b_rdata;
  logic b_awvalid, b_awready, b_wlast, b_wvalid, b_wready, b_bvalid, b_bready;
  logic b_arvalid, b_arready, b_rlast, b_rvalid, b_rready;
  // of the card's registers
  logic [11:0] s_awaddr, s_araddr;
  logic [31:0] s_wdata, s_rdata;
  logic [3:0] s_wstrb;
  logic [1:0] s_bresp, s_rresp;
  logic s_awvalid, s_awready, s_wvalid, s_wready, s_bvalid, s_bready, s_arvalid, s_arready, s_rvalid, s_rready;
  // of its window
  logic [11:0] w_awaddr;
  logic [7:0] w_awlen;
  logic [2:0] w_awsize;
  logic [1:0] w_awburst, w_bresp, unused_w_rresp;
  logic [511:0] w_wdata, unused_w_rdata;
  logic [63:0] w_wstrb;
  logic w_awvalid, w_awready, w_wlast, w_wvalid, w_wready, w_bvalid, w_bready;
  logic unused_w_arready, unused_w_rlast, unused_w_rvalid;
  logic [ID_W-1:0] unused_w_bid, unused_w_rid;
  // of its master
  logic [ID_W-1:0] m_arid, m_rid;
  logic [63:0] m_araddr, m_awaddr, m_wstrb;
  logic [7:0] m_arlen, m_awlen;
  logic [2:0] m_arsize, m_awsize;
  logic [1:0] m_arburst, m_awburst, m_rresp, m_bresp;
  logic [511:0] m_rdata, m_wdata;
  logic [0:0] m_awid;
  logic [2:0] unused_bid;
  logic [0:0] m_bid;
  logic m_arvalid, m_arready, m_rlast, m_rvalid, m_rready, m_awvalid, m_awready, m_wlast, m_wvalid, m_wready, m_bvalid, m_bready;

  pcie_bridge u_bridge (
      .sys_clk(refclk_div2), .sys_clk_gt(refclk), .sys_rst_n(perst_n), .user_lnk_up(unused_link_up),
      .pci_exp_txp, .pci_exp_txn, .pci_exp_rxp, .pci_exp_rxn,
      .axi_aclk(clk), .axi_aresetn(bridge_rst_n), .usr_irq_req(irq_req), .usr_irq_ack(irq_ack),
      .m_axib_awid(b_awid), .m_axib_awaddr(b_awaddr), .m_axib_awlen(b_awlen), .m_axib_awsize(b_awsize),
      .m_axib_awburst(b_awburst), .m_axib_awvalid(b_awvalid), .m_axib_awready(b_awready),
      .m_axib_wdata(b_wdata), .m_axib_wstrb(b_wstrb), .m_axib_wlast(b_wlast), .m_axib_wvalid(b_wvalid), .m_axib_wready(b_wready),
      .m_axib_bid(b_bid), .m_axib_bresp(b_bresp), .m_axib_bvalid(b_bvalid), .m_axib_bready(b_bready),
      .m_axib_arid(b_arid), .m_axib_araddr(b_araddr), .m_axib_arlen(b_arlen), .m_axib_arvalid(b_arvalid),
      .m_axib_arready(b_arready), .m_axib_rid(b_rid), .m_axib_rdata(b_rdata), .m_axib_rresp(b_rresp), .m_axib_rlast(b_rlast),
      .m_axib_rvalid(b_rvalid), .m_axib_rready(b_rready),
      .s_axib_awid({3'd0, m_awid}), .s_axib_awaddr(m_awaddr), .s_axib_awregion(4'd0), .s_axib_awlen(m_awlen),
      .s_axib_awsize(m_awsize), .s_axib_awburst(m_awburst), .s_axib_awvalid(m_awvalid), .s_axib_awready(m_awready),
      .s_axib_wdata(m_wdata), .s_axib_wstrb(m_wstrb), .s_axib_wlast(m_wlast), .s_axib_wvalid(m_wvalid), .s_axib_wready(m_wready),
      .s_axib_bid({unused_bid, m_bid}), .s_axib_bresp(m_bresp), .s_axib_bvalid(m_bvalid), .s_axib_bready(m_bready),
      .s_axib_arid(m_arid), .s_axib_araddr(m_araddr), .s_axib_arregion(4'd0), .s_axib_arlen(m_arlen), .s_axib_arsize(m_arsize),
      .s_axib_arburst(m_arburst), .s_axib_arvalid(m_arvalid), .s_axib_arready(m_arready),
      .s_axib_rid(m_rid), .s_axib_rdata(m_rdata), .s_axib_rresp(m_rresp), .s_axib_rlast(m_rlast), .s_axib_rvalid(m_rvalid),
      .s_axib_rready(m_rready)
  );

  bar_split #(.ID_W(ID_W), .ADDR_W(64), .SELECT(20)) u_split (
      .clk_i(clk), .rst_ni(rst_n),
      .b_axi_awid(b_awid), .b_axi_awaddr(b_awaddr), .b_axi_awlen(b_awlen), .b_axi_awsize(b_awsize), .b_axi_awburst(b_awburst),
      .b_axi_awvalid(b_awvalid), .b_axi_awready(b_awready), .b_axi_wdata(b_wdata), .b_axi_wstrb(b_wstrb), .b_axi_wlast(b_wlast),
      .b_axi_wvalid(b_wvalid), .b_axi_wready(b_wready), .b_axi_bid(b_bid), .b_axi_bresp(b_bresp), .b_axi_bvalid(b_bvalid),
      .b_axi_bready(b_bready), .b_axi_arid(b_arid), .b_axi_araddr(b_araddr), .b_axi_arlen(b_arlen), .b_axi_arvalid(b_arvalid),
      .b_axi_arready(b_arready), .b_axi_rid(b_rid), .b_axi_rdata(b_rdata), .b_axi_rresp(b_rresp), .b_axi_rlast(b_rlast),
      .b_axi_rvalid(b_rvalid), .b_axi_rready(b_rready),
      .s_axi_awaddr(s_awaddr), .s_axi_awvalid(s_awvalid), .s_axi_awready(s_awready), .s_axi_wdata(s_wdata), .s_axi_wstrb(s_wstrb),
      .s_axi_wvalid(s_wvalid), .s_axi_wready(s_wready), .s_axi_bresp(s_bresp), .s_axi_bvalid(s_bvalid), .s_axi_bready(s_bready),
      .s_axi_araddr(s_araddr), .s_axi_arvalid(s_arvalid), .s_axi_arready(s_arready), .s_axi_rdata(s_rdata),
      .s_axi_rresp(s_rresp), .s_axi_rvalid(s_rvalid), .s_axi_rready(s_rready),
      .w_axi_awaddr(w_awaddr), .w_axi_awlen(w_awlen), .w_axi_awsize(w_awsize), .w_axi_awburst(w_awburst),
      .w_axi_awvalid(w_awvalid), .w_axi_awready(w_awready), .w_axi_wdata(w_wdata), .w_axi_wstrb(w_wstrb), .w_axi_wlast(w_wlast),
      .w_axi_wvalid(w_wvalid), .w_axi_wready(w_wready), .w_axi_bresp(w_bresp), .w_axi_bvalid(w_bvalid), .w_axi_bready(w_bready)
  );

  pl_core #(
      .LANES(LANES), .PROFILE(1), .READS(READS), .BURST_LINES(BURST_LINES), .BUILD(BUILD), .WINDOW_ID_W(ID_W)
  ) u_core (
      .clk_i(clk), .rst_ni(rst_n), .inject_i(2'b00),
      .s_axi_awaddr(s_awaddr), .s_axi_awvalid(s_awvalid), .s_axi_awready(s_awready), .s_axi_wdata(s_wdata), .s_axi_wstrb(s_wstrb),
      .s_axi_wvalid(s_wvalid), .s_axi_wready(s_wready), .s_axi_bresp(s_bresp), .s_axi_bvalid(s_bvalid), .s_axi_bready(s_bready),
      .s_axi_araddr(s_araddr), .s_axi_arvalid(s_arvalid), .s_axi_arready(s_arready), .s_axi_rdata(s_rdata),
      .s_axi_rresp(s_rresp), .s_axi_rvalid(s_rvalid), .s_axi_rready(s_rready),
      .w_axi_awid(4'd0), .w_axi_awaddr(w_awaddr), .w_axi_awlen(w_awlen), .w_axi_awsize(w_awsize), .w_axi_awburst(w_awburst),
      .w_axi_awvalid(w_awvalid), .w_axi_awready(w_awready), .w_axi_wdata(w_wdata), .w_axi_wstrb(w_wstrb), .w_axi_wlast(w_wlast),
      .w_axi_wvalid(w_wvalid), .w_axi_wready(w_wready), .w_axi_bid(unused_w_bid), .w_axi_bresp(w_bresp), .w_axi_bvalid(w_bvalid),
      .w_axi_bready(w_bready), .w_axi_arid(4'd0), .w_axi_araddr(12'd0), .w_axi_arlen(8'd0), .w_axi_arsize(3'd0),
      .w_axi_arburst(2'd0), .w_axi_arvalid(1'b0), .w_axi_arready(unused_w_arready), .w_axi_rid(unused_w_rid),
      .w_axi_rdata(unused_w_rdata), .w_axi_rresp(unused_w_rresp), .w_axi_rlast(unused_w_rlast), .w_axi_rvalid(unused_w_rvalid),
      .w_axi_rready(1'b1),
      .m_axi_arid(m_arid), .m_axi_araddr(m_araddr), .m_axi_arlen(m_arlen), .m_axi_arsize(m_arsize), .m_axi_arburst(m_arburst),
      .m_axi_arvalid(m_arvalid), .m_axi_arready(m_arready), .m_axi_rid(m_rid), .m_axi_rdata(m_rdata), .m_axi_rresp(m_rresp),
      .m_axi_rlast(m_rlast), .m_axi_rvalid(m_rvalid), .m_axi_rready(m_rready), .m_axi_awid(m_awid), .m_axi_awaddr(m_awaddr),
      .m_axi_awlen(m_awlen), .m_axi_awsize(m_awsize), .m_axi_awburst(m_awburst), .m_axi_awvalid(m_awvalid),
      .m_axi_awready(m_awready), .m_axi_wdata(m_wdata), .m_axi_wstrb(m_wstrb), .m_axi_wlast(m_wlast), .m_axi_wvalid(m_wvalid),
      .m_axi_wready(m_wready), .m_axi_bid(m_bid), .m_axi_bresp(m_bresp), .m_axi_bvalid(m_bvalid), .m_axi_bready(m_bready),
      .irq_o(irq)
  );
endmodule
`default_nettype wire

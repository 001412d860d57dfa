// Lattice ECP5-5G Versa (LFE5UM5G-45F): the card, profile small, behind LitePCIe's AXI ports; everything in a clock of 50 MHz.
//
// LitePCIe's mmap range: registers in its first 4 KiB, window for ticks (32-bit stores, window_words) in the next.
// LitePCIe's AXI4 slave takes one read and one write at a time, 128 bits, 32-bit addresses: host_port; so READS is the least, 2.
// msi_irqs: IRQ_PENDING's three bits, a pulse each.
`default_nettype none
module ecp5_top #(
    parameter int unsigned BUILD = 1
) (
    input  wire clk100,
    input  wire rst_n,
    input  wire pcie_perst_n,
    input  wire pcie_clk_p,
    input  wire pcie_clk_n,
    input  wire pcie_rx_p,
    input  wire pcie_rx_n,
    output wire pcie_tx_p,
    output wire pcie_tx_n,
    output wire led_n         // lit: out of reset
);
  localparam int unsigned READS = 2;
  localparam int unsigned BURST_LINES = 8;

  logic clk, locked, core_rst_n;
  // 100 MHz / 2, VCO at 600 MHz
  EHXPLLL #(
      .CLKI_DIV(2), .CLKFB_DIV(1), .CLKOP_DIV(12), .CLKOP_CPHASE(5), .CLKOP_FPHASE(0), .CLKOP_ENABLE("ENABLED"),
      .FEEDBK_PATH("CLKOP")
  ) u_pll (
      .CLKI(clk100), .CLKFB(clk), .RST(1'b0), .STDBY(1'b0), .PHASESEL0(1'b0), .PHASESEL1(1'b0), .PHASEDIR(1'b0),
      .PHASESTEP(1'b0), .PHASELOADREG(1'b0), .PLLWAKESYNC(1'b0), .ENCLKOP(1'b1), .CLKOP(clk), .LOCK(locked)
  );
  reset_sync u_reset (.clk_i(clk), .rst_ni(locked && rst_n && pcie_perst_n), .rst_no(core_rst_n));
  assign led_n = !core_rst_n;

  logic [2:0] irq, irq_req;
  irq_message #(.LINES(3), .RESEND(65536), .HOLD(1'b0)) u_irq (
      .clk_i(clk), .rst_ni(core_rst_n), .irq_i(irq), .req_o(irq_req), .ack_i(3'b111)
  );

  // LitePCIe's AXI4-Lite master
  logic [31:0] l_awaddr, l_wdata, l_araddr, l_rdata;
  logic [3:0] l_wstrb;
  logic [1:0] l_bresp, l_rresp;
  logic l_awvalid, l_awready, l_wvalid, l_wready, l_bvalid, l_bready, l_arvalid, l_arready, l_rvalid, l_rready;
  // LitePCIe's AXI4 slave
  logic [31:0] h_araddr, h_awaddr;
  logic [7:0] h_arlen;
  logic [127:0] h_rdata, h_wdata;
  logic [1:0] h_rresp, h_bresp;
  logic h_arvalid, h_arready, h_rvalid, h_rready, unused_h_rlast;
  logic h_awvalid, h_awready, h_wlast, h_wvalid, h_wready, h_bvalid, h_bready;
  // the card
  logic [11:0] s_awaddr, s_araddr, w_awaddr;
  logic [31:0] s_wdata, s_rdata;
  logic [3:0] s_wstrb;
  logic [1:0] s_bresp, s_rresp, w_bresp, unused_w_rresp;
  logic s_awvalid, s_awready, s_wvalid, s_wready, s_bvalid, s_bready, s_arvalid, s_arready, s_rvalid, s_rready;
  logic [511:0] w_wdata, unused_w_rdata;
  logic [63:0] w_wstrb;
  logic w_awvalid, w_awready, w_wvalid, w_wready, w_bvalid, w_bready;
  logic unused_w_arready, unused_w_rlast, unused_w_rvalid;
  logic [0:0] unused_w_bid, unused_w_rid;
  logic [0:0] m_arid, m_rid, unused_m_awid;
  logic [63:0] m_araddr, m_awaddr, unused_m_wstrb;
  logic [7:0] m_arlen, unused_m_awlen;
  logic [2:0] unused_m_arsize, unused_m_awsize;
  logic [1:0] unused_m_arburst, unused_m_awburst, m_rresp, m_bresp;
  logic [511:0] m_rdata, m_wdata;
  logic unused_m_wlast;
  logic m_arvalid, m_arready, m_rlast, m_rvalid, m_rready, m_awvalid, m_awready, m_wvalid, m_wready, m_bvalid, m_bready;

  litepcie_core u_litepcie (
      .clk(clk), .rst(!core_rst_n), .pcie_rst_n(pcie_perst_n), .pcie_clk_p, .pcie_clk_n, .pcie_rx_p, .pcie_rx_n,
      .pcie_tx_p, .pcie_tx_n, .msi_irqs(irq_req),
      .mmap_axi_lite_awvalid(l_awvalid), .mmap_axi_lite_awready(l_awready), .mmap_axi_lite_awaddr(l_awaddr),
      .mmap_axi_lite_wvalid(l_wvalid), .mmap_axi_lite_wready(l_wready), .mmap_axi_lite_wdata(l_wdata),
      .mmap_axi_lite_wstrb(l_wstrb), .mmap_axi_lite_bvalid(l_bvalid), .mmap_axi_lite_bready(l_bready),
      .mmap_axi_lite_bresp(l_bresp), .mmap_axi_lite_arvalid(l_arvalid), .mmap_axi_lite_arready(l_arready),
      .mmap_axi_lite_araddr(l_araddr), .mmap_axi_lite_rvalid(l_rvalid), .mmap_axi_lite_rready(l_rready),
      .mmap_axi_lite_rdata(l_rdata), .mmap_axi_lite_rresp(l_rresp),
      .mmap_slave_axi_awvalid(h_awvalid), .mmap_slave_axi_awready(h_awready), .mmap_slave_axi_awaddr(h_awaddr),
      .mmap_slave_axi_awburst(2'b01), .mmap_slave_axi_awlen(8'd3), .mmap_slave_axi_awsize(3'd4), .mmap_slave_axi_awlock(1'b0),
      .mmap_slave_axi_awprot(3'd0), .mmap_slave_axi_awcache(4'd0), .mmap_slave_axi_awqos(4'd0), .mmap_slave_axi_awregion(4'd0),
      .mmap_slave_axi_awid(1'b0), .mmap_slave_axi_wvalid(h_wvalid), .mmap_slave_axi_wready(h_wready),
      .mmap_slave_axi_wlast(h_wlast), .mmap_slave_axi_wdata(h_wdata), .mmap_slave_axi_wstrb(16'hFFFF),
      .mmap_slave_axi_bvalid(h_bvalid), .mmap_slave_axi_bready(h_bready), .mmap_slave_axi_bresp(h_bresp),
      .mmap_slave_axi_arvalid(h_arvalid), .mmap_slave_axi_arready(h_arready), .mmap_slave_axi_araddr(h_araddr),
      .mmap_slave_axi_arburst(2'b01), .mmap_slave_axi_arlen(h_arlen), .mmap_slave_axi_arsize(3'd4),
      .mmap_slave_axi_arlock(1'b0), .mmap_slave_axi_arprot(3'd0), .mmap_slave_axi_arcache(4'd0), .mmap_slave_axi_arqos(4'd0),
      .mmap_slave_axi_arregion(4'd0), .mmap_slave_axi_arid(1'b0), .mmap_slave_axi_rvalid(h_rvalid),
      .mmap_slave_axi_rready(h_rready), .mmap_slave_axi_rlast(unused_h_rlast), .mmap_slave_axi_rresp(h_rresp),
      .mmap_slave_axi_rdata(h_rdata)
  );

  window_words u_words (
      .clk_i(clk), .rst_ni(core_rst_n),
      .l_axi_awaddr(l_awaddr), .l_axi_awvalid(l_awvalid), .l_axi_awready(l_awready), .l_axi_wdata(l_wdata), .l_axi_wstrb(l_wstrb),
      .l_axi_wvalid(l_wvalid), .l_axi_wready(l_wready), .l_axi_bresp(l_bresp), .l_axi_bvalid(l_bvalid), .l_axi_bready(l_bready),
      .l_axi_araddr(l_araddr), .l_axi_arvalid(l_arvalid), .l_axi_arready(l_arready), .l_axi_rdata(l_rdata),
      .l_axi_rresp(l_rresp), .l_axi_rvalid(l_rvalid), .l_axi_rready(l_rready),
      .s_axi_awaddr(s_awaddr), .s_axi_awvalid(s_awvalid), .s_axi_awready(s_awready), .s_axi_wdata(s_wdata), .s_axi_wstrb(s_wstrb),
      .s_axi_wvalid(s_wvalid), .s_axi_wready(s_wready), .s_axi_bresp(s_bresp), .s_axi_bvalid(s_bvalid), .s_axi_bready(s_bready),
      .s_axi_araddr(s_araddr), .s_axi_arvalid(s_arvalid), .s_axi_arready(s_arready), .s_axi_rdata(s_rdata),
      .s_axi_rresp(s_rresp), .s_axi_rvalid(s_rvalid), .s_axi_rready(s_rready),
      .w_axi_awaddr(w_awaddr), .w_axi_awvalid(w_awvalid), .w_axi_awready(w_awready), .w_axi_wdata(w_wdata),
      .w_axi_wstrb(w_wstrb), .w_axi_wvalid(w_wvalid), .w_axi_wready(w_wready), .w_axi_bresp(w_bresp), .w_axi_bvalid(w_bvalid),
      .w_axi_bready(w_bready)
  );

  host_port #(.ID_W(1)) u_host (
      .clk_i(clk), .rst_ni(core_rst_n),
      .m_axi_arid(m_arid), .m_axi_araddr(m_araddr), .m_axi_arlen(m_arlen), .m_axi_arvalid(m_arvalid), .m_axi_arready(m_arready),
      .m_axi_rid(m_rid), .m_axi_rdata(m_rdata), .m_axi_rresp(m_rresp), .m_axi_rlast(m_rlast), .m_axi_rvalid(m_rvalid),
      .m_axi_rready(m_rready), .m_axi_awaddr(m_awaddr), .m_axi_awvalid(m_awvalid), .m_axi_awready(m_awready),
      .m_axi_wdata(m_wdata), .m_axi_wvalid(m_wvalid), .m_axi_wready(m_wready), .m_axi_bresp(m_bresp), .m_axi_bvalid(m_bvalid),
      .m_axi_bready(m_bready),
      .h_axi_araddr(h_araddr), .h_axi_arlen(h_arlen), .h_axi_arvalid(h_arvalid), .h_axi_arready(h_arready), .h_axi_rdata(h_rdata),
      .h_axi_rresp(h_rresp), .h_axi_rvalid(h_rvalid), .h_axi_rready(h_rready), .h_axi_awaddr(h_awaddr),
      .h_axi_awvalid(h_awvalid), .h_axi_awready(h_awready), .h_axi_wdata(h_wdata), .h_axi_wlast(h_wlast), .h_axi_wvalid(h_wvalid),
      .h_axi_wready(h_wready), .h_axi_bresp(h_bresp), .h_axi_bvalid(h_bvalid), .h_axi_bready(h_bready)
  );

  pl_core #(
      .LANES(1), .PROFILE(2), .EXPIRIES(64), .UNDERLYINGS(32), .CLASSES(64), .BRACKET_TABLES(16),
      .WATCH_SLOTS(2048), .WAYS(1), .QUEUE(128), .GROUPS(16), .READS(READS), .BURST_LINES(BURST_LINES), .BUILD(BUILD), .WINDOW_ID_W(1)
  ) u_core (
      .clk_i(clk), .rst_ni(core_rst_n), .inject_i(2'b00),
      .s_axi_awaddr(s_awaddr), .s_axi_awvalid(s_awvalid), .s_axi_awready(s_awready), .s_axi_wdata(s_wdata), .s_axi_wstrb(s_wstrb),
      .s_axi_wvalid(s_wvalid), .s_axi_wready(s_wready), .s_axi_bresp(s_bresp), .s_axi_bvalid(s_bvalid), .s_axi_bready(s_bready),
      .s_axi_araddr(s_araddr), .s_axi_arvalid(s_arvalid), .s_axi_arready(s_arready), .s_axi_rdata(s_rdata),
      .s_axi_rresp(s_rresp), .s_axi_rvalid(s_rvalid), .s_axi_rready(s_rready),
      .w_axi_awid(1'b0), .w_axi_awaddr(w_awaddr), .w_axi_awlen(8'd0), .w_axi_awsize(3'd6), .w_axi_awburst(2'b01),
      .w_axi_awvalid(w_awvalid), .w_axi_awready(w_awready), .w_axi_wdata(w_wdata), .w_axi_wstrb(w_wstrb), .w_axi_wlast(1'b1),
      .w_axi_wvalid(w_wvalid), .w_axi_wready(w_wready), .w_axi_bid(unused_w_bid), .w_axi_bresp(w_bresp), .w_axi_bvalid(w_bvalid),
      .w_axi_bready(w_bready), .w_axi_arid(1'b0), .w_axi_araddr(12'd0), .w_axi_arlen(8'd0), .w_axi_arsize(3'd0),
      .w_axi_arburst(2'd0), .w_axi_arvalid(1'b0), .w_axi_arready(unused_w_arready), .w_axi_rid(unused_w_rid),
      .w_axi_rdata(unused_w_rdata), .w_axi_rresp(unused_w_rresp), .w_axi_rlast(unused_w_rlast), .w_axi_rvalid(unused_w_rvalid),
      .w_axi_rready(1'b1),
      .m_axi_arid(m_arid), .m_axi_araddr(m_araddr), .m_axi_arlen(m_arlen), .m_axi_arsize(unused_m_arsize),
      .m_axi_arburst(unused_m_arburst), .m_axi_arvalid(m_arvalid), .m_axi_arready(m_arready), .m_axi_rid(m_rid),
      .m_axi_rdata(m_rdata), .m_axi_rresp(m_rresp), .m_axi_rlast(m_rlast), .m_axi_rvalid(m_rvalid), .m_axi_rready(m_rready),
      .m_axi_awid(unused_m_awid), .m_axi_awaddr(m_awaddr), .m_axi_awlen(unused_m_awlen), .m_axi_awsize(unused_m_awsize),
      .m_axi_awburst(unused_m_awburst), .m_axi_awvalid(m_awvalid), .m_axi_awready(m_awready), .m_axi_wdata(m_wdata),
      .m_axi_wstrb(unused_m_wstrb), .m_axi_wlast(unused_m_wlast), .m_axi_wvalid(m_wvalid), .m_axi_wready(m_wready),
      .m_axi_bid(1'b0), .m_axi_bresp(m_bresp), .m_axi_bvalid(m_bvalid), .m_axi_bready(m_bready),
      .irq_o(irq)
  );
endmodule
`default_nettype wire

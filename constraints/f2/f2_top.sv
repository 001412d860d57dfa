// AWS F2: the card as custom logic behind the small shell (aws-fpga, branch f2); everything in clk_main_a0, 250 MHz.
//
// AppPF BAR 0 (OCL, AXI4-Lite): registers, in its first 4 KiB; elsewhere SLVERR. AppPF BAR 4 (PCIS): window for ticks, every 4 KiB
// of it the same. PCIM: host memory. cl_sh_apppf_irq_req[2:0]: IRQ_PENDING's bits. vLED[2:0]: those bits, vLED[3]: out of reset.
// READS is 32: the shell takes no more reads at a time. DDR, HBM, SDA, virtual JTAG and card-to-card links are not used.
// No `default_nettype none here: the shell's header declares ports without a net type.
module f2_top #(
    parameter int unsigned LANES = 8,
    parameter int unsigned BUILD = 1
) (
`include "cl_ports.vh"
);
`include "cl_id_defines.vh"
  localparam int unsigned READS = 32;
  localparam int unsigned BURST_LINES = 8;
  localparam int unsigned ID_W = 5;

  logic rst_n;
  reset_sync u_reset (.clk_i(clk_main_a0), .rst_ni(rst_main_n), .rst_no(rst_n));

  logic [2:0] irq, irq_req;
  irq_message #(.LINES(3), .HOLD(1'b0)) u_irq (
      .clk_i(clk_main_a0), .rst_ni(rst_n), .irq_i(irq), .req_o(irq_req), .ack_i(sh_cl_apppf_irq_ack[2:0])
  );
  assign cl_sh_apppf_irq_req = {13'd0, irq_req};

  logic [15:0] vled_q;
  always_ff @(posedge clk_main_a0) vled_q <= {12'd0, rst_n, irq};

  localparam logic [11:0] NO_REGISTER = 12'hFFC;
  logic [11:0] write_register, read_register;
  assign write_register = ocl_cl_awaddr[31:12] != '0 ? NO_REGISTER : {ocl_cl_awaddr[11:2], 2'b00};
  assign read_register = ocl_cl_araddr[31:12] != '0 ? NO_REGISTER : {ocl_cl_araddr[11:2], 2'b00};

  logic [ID_W-1:0] arid;
  logic [0:0] awid;
  assign cl_sh_pcim_arid = {11'd0, arid};
  assign cl_sh_pcim_awid = {15'd0, awid};

  pl_core #(
      .LANES(LANES), .PROFILE(1), .READS(READS), .BURST_LINES(BURST_LINES), .BUILD(BUILD), .WINDOW_ID_W(16)
  ) u_core (
      .clk_i(clk_main_a0), .rst_ni(rst_n), .inject_i(2'b00),
      .s_axi_awaddr(write_register), .s_axi_awvalid(ocl_cl_awvalid), .s_axi_awready(cl_ocl_awready),
      .s_axi_wdata(ocl_cl_wdata), .s_axi_wstrb(ocl_cl_wstrb), .s_axi_wvalid(ocl_cl_wvalid), .s_axi_wready(cl_ocl_wready),
      .s_axi_bresp(cl_ocl_bresp), .s_axi_bvalid(cl_ocl_bvalid), .s_axi_bready(ocl_cl_bready),
      .s_axi_araddr(read_register), .s_axi_arvalid(ocl_cl_arvalid), .s_axi_arready(cl_ocl_arready),
      .s_axi_rdata(cl_ocl_rdata), .s_axi_rresp(cl_ocl_rresp), .s_axi_rvalid(cl_ocl_rvalid), .s_axi_rready(ocl_cl_rready),
      .w_axi_awid(sh_cl_dma_pcis_awid), .w_axi_awaddr(sh_cl_dma_pcis_awaddr[11:0]), .w_axi_awlen(sh_cl_dma_pcis_awlen),
      .w_axi_awsize(sh_cl_dma_pcis_awsize), .w_axi_awburst(2'b01), .w_axi_awvalid(sh_cl_dma_pcis_awvalid),
      .w_axi_awready(cl_sh_dma_pcis_awready), .w_axi_wdata(sh_cl_dma_pcis_wdata), .w_axi_wstrb(sh_cl_dma_pcis_wstrb),
      .w_axi_wlast(sh_cl_dma_pcis_wlast), .w_axi_wvalid(sh_cl_dma_pcis_wvalid), .w_axi_wready(cl_sh_dma_pcis_wready),
      .w_axi_bid(cl_sh_dma_pcis_bid), .w_axi_bresp(cl_sh_dma_pcis_bresp), .w_axi_bvalid(cl_sh_dma_pcis_bvalid),
      .w_axi_bready(sh_cl_dma_pcis_bready), .w_axi_arid(sh_cl_dma_pcis_arid), .w_axi_araddr(sh_cl_dma_pcis_araddr[11:0]),
      .w_axi_arlen(sh_cl_dma_pcis_arlen), .w_axi_arsize(sh_cl_dma_pcis_arsize), .w_axi_arburst(2'b01),
      .w_axi_arvalid(sh_cl_dma_pcis_arvalid), .w_axi_arready(cl_sh_dma_pcis_arready), .w_axi_rid(cl_sh_dma_pcis_rid),
      .w_axi_rdata(cl_sh_dma_pcis_rdata), .w_axi_rresp(cl_sh_dma_pcis_rresp), .w_axi_rlast(cl_sh_dma_pcis_rlast),
      .w_axi_rvalid(cl_sh_dma_pcis_rvalid), .w_axi_rready(sh_cl_dma_pcis_rready),
      .m_axi_arid(arid), .m_axi_araddr(cl_sh_pcim_araddr), .m_axi_arlen(cl_sh_pcim_arlen), .m_axi_arsize(cl_sh_pcim_arsize),
      .m_axi_arburst(cl_sh_pcim_arburst), .m_axi_arvalid(cl_sh_pcim_arvalid), .m_axi_arready(sh_cl_pcim_arready),
      .m_axi_rid(sh_cl_pcim_rid[ID_W-1:0]), .m_axi_rdata(sh_cl_pcim_rdata), .m_axi_rresp(sh_cl_pcim_rresp),
      .m_axi_rlast(sh_cl_pcim_rlast), .m_axi_rvalid(sh_cl_pcim_rvalid), .m_axi_rready(cl_sh_pcim_rready),
      .m_axi_awid(awid), .m_axi_awaddr(cl_sh_pcim_awaddr), .m_axi_awlen(cl_sh_pcim_awlen), .m_axi_awsize(cl_sh_pcim_awsize),
      .m_axi_awburst(cl_sh_pcim_awburst), .m_axi_awvalid(cl_sh_pcim_awvalid), .m_axi_awready(sh_cl_pcim_awready),
      .m_axi_wdata(cl_sh_pcim_wdata), .m_axi_wstrb(cl_sh_pcim_wstrb), .m_axi_wlast(cl_sh_pcim_wlast),
      .m_axi_wvalid(cl_sh_pcim_wvalid), .m_axi_wready(sh_cl_pcim_wready),
      .m_axi_bid(sh_cl_pcim_bid[0:0]), .m_axi_bresp(sh_cl_pcim_bresp), .m_axi_bvalid(sh_cl_pcim_bvalid),
      .m_axi_bready(cl_sh_pcim_bready),
      .irq_o(irq)
  );

  // Not supported by the shell, or without a meaning for the card
  assign cl_sh_pcim_awcache = '0;
  assign cl_sh_pcim_awlock = 1'b0;
  assign cl_sh_pcim_awprot = '0;
  assign cl_sh_pcim_awqos = '0;
  assign cl_sh_pcim_awuser = '0;
  assign cl_sh_pcim_wid = '0;
  assign cl_sh_pcim_wuser = '0;
  assign cl_sh_pcim_arcache = '0;
  assign cl_sh_pcim_arlock = 1'b0;
  assign cl_sh_pcim_arprot = '0;
  assign cl_sh_pcim_arqos = '0;
  assign cl_sh_pcim_aruser = '0;
  assign cl_sh_dma_pcis_ruser = '0;
  assign cl_sh_dma_wr_full = 1'b0;
  assign cl_sh_dma_rd_full = 1'b0;
  assign cl_sh_flr_done = 1'b1;  // as in AWS's template: a function-level reset is not acted on
  assign cl_sh_status0 = '0;
  assign cl_sh_status1 = '0;
  assign cl_sh_status2 = '0;
  assign cl_sh_id0 = `CL_SH_ID0;
  assign cl_sh_id1 = `CL_SH_ID1;
  assign cl_sh_status_vled = vled_q;
  assign cl_sda_awready = 1'b0;
  assign cl_sda_wready = 1'b0;
  assign cl_sda_bresp = '0;
  assign cl_sda_bvalid = 1'b0;
  assign cl_sda_arready = 1'b0;
  assign cl_sda_rdata = '0;
  assign cl_sda_rresp = '0;
  assign cl_sda_rvalid = 1'b0;
  assign tdo = 1'b0;
  assign hbm_apb_paddr_1 = '0;
  assign hbm_apb_pprot_1 = '0;
  assign hbm_apb_psel_1 = 1'b0;
  assign hbm_apb_penable_1 = 1'b0;
  assign hbm_apb_pwrite_1 = 1'b0;
  assign hbm_apb_pwdata_1 = '0;
  assign hbm_apb_pstrb_1 = '0;
  assign hbm_apb_pready_1 = 1'b0;
  assign hbm_apb_prdata_1 = '0;
  assign hbm_apb_pslverr_1 = 1'b0;
  assign hbm_apb_paddr_0 = '0;
  assign hbm_apb_pprot_0 = '0;
  assign hbm_apb_psel_0 = 1'b0;
  assign hbm_apb_penable_0 = 1'b0;
  assign hbm_apb_pwrite_0 = 1'b0;
  assign hbm_apb_pwdata_0 = '0;
  assign hbm_apb_pstrb_0 = '0;
  assign hbm_apb_pready_0 = 1'b0;
  assign hbm_apb_prdata_0 = '0;
  assign hbm_apb_pslverr_0 = 1'b0;
  assign PCIE_EP_TXP = '0;
  assign PCIE_EP_TXN = '0;
  assign PCIE_RP_PERSTN = 1'b0;
  assign PCIE_RP_TXP = '0;
  assign PCIE_RP_TXN = '0;

  // The shell demands this block even without a DDR controller: it ends the DIMM's pins.
  assign cl_sh_ddr_stat_ack = 1'b1;
  assign cl_sh_ddr_stat_rdata = '0;
  assign cl_sh_ddr_stat_int = '0;
  sh_ddr #(
      .DDR_PRESENT(0)
  ) SH_DDR (
      .clk(clk_main_a0), .rst_n(rst_n), .stat_clk(clk_main_a0), .stat_rst_n(rst_n),
      .CLK_DIMM_DP(CLK_DIMM_DP), .CLK_DIMM_DN(CLK_DIMM_DN), .M_ACT_N(M_ACT_N), .M_MA(M_MA), .M_BA(M_BA), .M_BG(M_BG),
      .M_CKE(M_CKE), .M_ODT(M_ODT), .M_CS_N(M_CS_N), .M_CLK_DN(M_CLK_DN), .M_CLK_DP(M_CLK_DP), .M_PAR(M_PAR), .M_DQ(M_DQ),
      .M_ECC(M_ECC), .M_DQS_DP(M_DQS_DP), .M_DQS_DN(M_DQS_DN), .cl_RST_DIMM_N(RST_DIMM_N)
  );
endmodule

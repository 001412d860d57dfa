// AXI4-Lite slave of 32-bit registers: turns the five channels into one-cycle write and read
// strobes.
//
// AW and W are taken in any order, each into its own register; the write strobe comes the cycle
// after the later of the two, the response the cycle after that. A read strobe comes the cycle
// after AR, the data the cycle after that. One write and one read may be outstanding, independent
// of each other: a channel's ready is low from its handshake to the end of the response.
// Throughput: one write and one read per 3 cycles. All outputs are registers or a gate behind one;
// no path from input to output on the bus. The register file answers in the cycle of the strobe,
// with error for SLVERR.
// Protection bits are ignored and therefore not ports. Stall: responses wait for bready and rready.
`default_nettype none
module axi_lite #(
    parameter int unsigned ADDRESS_WIDTH = 12
) (
    input  wire                      clk_i,
    input  wire                      rst_ni,
    input  wire  [ADDRESS_WIDTH-1:0] s_axi_awaddr,
    input  wire                      s_axi_awvalid,
    output logic                     s_axi_awready,
    input  wire  [             31:0] s_axi_wdata,
    input  wire  [              3:0] s_axi_wstrb,
    input  wire                      s_axi_wvalid,
    output logic                     s_axi_wready,
    output logic [              1:0] s_axi_bresp,
    output logic                     s_axi_bvalid,
    input  wire                      s_axi_bready,
    input  wire  [ADDRESS_WIDTH-1:0] s_axi_araddr,
    input  wire                      s_axi_arvalid,
    output logic                     s_axi_arready,
    output logic [             31:0] s_axi_rdata,
    output logic [              1:0] s_axi_rresp,
    output logic                     s_axi_rvalid,
    input  wire                      s_axi_rready,
    output logic                     write_o,          // strobe
    output logic [ADDRESS_WIDTH-1:0] write_address_o,
    output logic [             31:0] write_data_o,
    output logic [              3:0] write_strobe_o,   // bytes to write
    input  wire                      write_error_i,
    output logic                     read_o,           // strobe
    output logic [ADDRESS_WIDTH-1:0] read_address_o,
    input  wire  [             31:0] read_data_i,
    input  wire                      read_error_i
);
  localparam logic [1:0] OKAY = 2'b00, SLVERR = 2'b10;  // AMBA AXI, IHI 0022, table A3-4

  if (ADDRESS_WIDTH < 3) begin : g_address $error("axi_lite: ADDRESS_WIDTH must be at least 3"); end

  logic aw_valid_q, w_valid_q, b_valid_q, b_error_q;
  logic ar_valid_q, r_valid_q, r_error_q;

  assign s_axi_awready = !(aw_valid_q || b_valid_q);
  assign s_axi_wready = !(w_valid_q || b_valid_q);
  assign s_axi_bvalid = b_valid_q;
  assign s_axi_bresp = b_error_q ? SLVERR : OKAY;
  assign s_axi_arready = !(ar_valid_q || r_valid_q);
  assign s_axi_rvalid = r_valid_q;
  assign s_axi_rresp = r_error_q ? SLVERR : OKAY;
  assign write_o = aw_valid_q && w_valid_q;
  assign read_o = ar_valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      aw_valid_q <= 1'b0;
      w_valid_q <= 1'b0;
      b_valid_q <= 1'b0;
      ar_valid_q <= 1'b0;
      r_valid_q <= 1'b0;
    end else begin
      if (write_o) aw_valid_q <= 1'b0;
      else if (s_axi_awvalid && s_axi_awready) aw_valid_q <= 1'b1;
      if (write_o) w_valid_q <= 1'b0;
      else if (s_axi_wvalid && s_axi_wready) w_valid_q <= 1'b1;
      if (write_o) b_valid_q <= 1'b1;
      else if (s_axi_bready) b_valid_q <= 1'b0;

      ar_valid_q <= s_axi_arvalid && s_axi_arready;
      if (read_o) r_valid_q <= 1'b1;
      else if (s_axi_rready) r_valid_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (s_axi_awready) write_address_o <= s_axi_awaddr;
    if (s_axi_wready) begin
      write_data_o <= s_axi_wdata;
      write_strobe_o <= s_axi_wstrb;
    end
    if (write_o) b_error_q <= write_error_i;
    if (s_axi_arready) read_address_o <= s_axi_araddr;
    if (read_o) begin
      s_axi_rdata <= read_data_i;
      r_error_q <= read_error_i;
    end
  end

  // A valid, once high, stays with its payload until ready: ours, and the master's.
  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      if ($past(s_axi_bvalid && !s_axi_bready)) begin
        a_b_held: assert (s_axi_bvalid && $stable(s_axi_bresp));
      end
      if ($past(s_axi_rvalid && !s_axi_rready)) begin
        a_r_held: assert (s_axi_rvalid && $stable(s_axi_rresp) && $stable(s_axi_rdata));
      end
      if ($past(s_axi_awvalid && !s_axi_awready)) begin
        a_aw_held: assert (s_axi_awvalid && $stable(s_axi_awaddr));
      end
      if ($past(s_axi_wvalid && !s_axi_wready)) begin
        a_w_held: assert (s_axi_wvalid && $stable(s_axi_wdata) && $stable(s_axi_wstrb));
      end
      if ($past(s_axi_arvalid && !s_axi_arready)) begin
        a_ar_held: assert (s_axi_arvalid && $stable(s_axi_araddr));
      end
      a_one_write: assert (!(write_o && b_valid_q));
      a_one_read: assert (!(read_o && r_valid_q));
    end
  end
endmodule
`default_nettype wire

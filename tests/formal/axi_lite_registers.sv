// axi_lite: every write and every read that the bus brings becomes one strobe with its address and data, and one response with what
// the registers answered in the strobe's cycle; a response comes at most 2 cycles after the channels were taken. And axi_lite_rules.
//! read csr/axi_lite axi_lite_rules
//! prove pdr
//! also smt 8
//! cover 14
`default_nettype none
module axi_lite_registers (
    input wire        clk_i,
    input wire        rst_ni,
    input wire [11:0] awaddr,
    input wire        awvalid,
    input wire [31:0] wdata,
    input wire [ 3:0] wstrb,
    input wire        wvalid,
    input wire        bready,
    input wire [11:0] araddr,
    input wire        arvalid,
    input wire        rready,
    input wire        write_error_i,
    input wire        read_error_i,
    input wire [31:0] read_data_i
);
  logic awready, wready, bvalid, arready, rvalid, write, read;
  logic [1:0] bresp, rresp;
  logic [31:0] rdata, write_data;
  logic [11:0] write_address, read_address;
  logic [3:0] write_strobe;
  axi_lite u_slave (
      .clk_i, .rst_ni, .s_axi_awaddr(awaddr), .s_axi_awvalid(awvalid), .s_axi_awready(awready), .s_axi_wdata(wdata),
      .s_axi_wstrb(wstrb), .s_axi_wvalid(wvalid), .s_axi_wready(wready), .s_axi_bresp(bresp), .s_axi_bvalid(bvalid),
      .s_axi_bready(bready), .s_axi_araddr(araddr), .s_axi_arvalid(arvalid), .s_axi_arready(arready), .s_axi_rdata(rdata),
      .s_axi_rresp(rresp), .s_axi_rvalid(rvalid), .s_axi_rready(rready), .write_o(write), .write_address_o(write_address),
      .write_data_o(write_data), .write_strobe_o(write_strobe), .write_error_i, .read_o(read), .read_address_o(read_address),
      .read_data_i, .read_error_i
  );
  axi_lite_rules u_rules (
      .clk_i, .rst_ni, .awaddr, .awvalid, .awready, .wdata, .wstrb, .wvalid, .wready, .bresp, .bvalid, .bready, .araddr, .arvalid,
      .arready, .rdata, .rresp, .rvalid, .rready
  );

  logic begun_q = 1'b0;
  logic address_q, data_q, written_q, reading_q, read_q;  // taken; strobe given; the same of reads
  logic error_q, read_error_q;
  logic [11:0] write_to_q, read_from_q;
  logic [35:0] word_q;
  logic [31:0] answer_q;
  logic [1:0] waited_q;
  always_comb assume (begun_q || !rst_ni);
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (awvalid && awready) write_to_q <= awaddr;
    if (wvalid && wready) word_q <= {wstrb, wdata};
    if (arvalid && arready) read_from_q <= araddr;
    if (write) error_q <= write_error_i;
    if (read) {read_error_q, answer_q} <= {read_error_i, read_data_i};
    waited_q <= rst_ni && ((address_q && data_q && !bvalid) || (reading_q && !rvalid)) ? waited_q + 1'b1 : '0;
    if (!rst_ni) begin
      address_q <= 1'b0;
      data_q <= 1'b0;
      written_q <= 1'b0;
      reading_q <= 1'b0;
      read_q <= 1'b0;
    end else begin
      address_q <= (awvalid && awready) || (address_q && !(bvalid && bready));
      data_q <= (wvalid && wready) || (data_q && !(bvalid && bready));
      written_q <= write || (written_q && !(bvalid && bready));
      reading_q <= (arvalid && arready) || (reading_q && !(rvalid && rready));
      read_q <= read || (read_q && !(rvalid && rready));
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if (write) a_write: assert (address_q && data_q && !written_q && write_address == write_to_q &&
                                  {write_strobe, write_data} == word_q);
      if (bvalid) a_written: assert (written_q && bresp == {error_q, 1'b0});
      if (read) a_read: assert (reading_q && !read_q && read_address == read_from_q);
      if (rvalid) a_answer: assert (read_q && rresp == {read_error_q, 1'b0} && rdata == answer_q);
      a_soon: assert (waited_q <= 2'd2);
      c_data_first: cover (bvalid && bready && $past(awvalid && awready, 2) && $past(data_q, 2) && error_q);
      c_both: cover (bvalid && rvalid && read_error_q && rdata == 32'h5);
    end
  end
endmodule
`default_nettype wire

// Rules of an AXI4-Lite slave, asserted; a master that keeps its own, assumed.
`default_nettype none
module axi_lite_rules (
    input wire        clk_i,
    input wire        rst_ni,
    input wire [11:0] awaddr,
    input wire        awvalid,
    input wire        awready,
    input wire [31:0] wdata,
    input wire [ 3:0] wstrb,
    input wire        wvalid,
    input wire        wready,
    input wire [ 1:0] bresp,
    input wire        bvalid,
    input wire        bready,
    input wire [11:0] araddr,
    input wire        arvalid,
    input wire        arready,
    input wire [31:0] rdata,
    input wire [ 1:0] rresp,
    input wire        rvalid,
    input wire        rready
);
  logic begun_q = 1'b0;
  logic aw_held_q, w_held_q, ar_held_q;
  logic [11:0] awaddr_q, araddr_q;
  logic [35:0] w_q;
  logic [1:0] addresses_q, data_q, reads_q;  // taken and not answered
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    aw_held_q <= rst_ni && awvalid && !awready;
    w_held_q <= rst_ni && wvalid && !wready;
    ar_held_q <= rst_ni && arvalid && !arready;
    awaddr_q <= awaddr;
    araddr_q <= araddr;
    w_q <= {wstrb, wdata};
    if (!rst_ni) begin
      addresses_q <= '0;
      data_q <= '0;
      reads_q <= '0;
    end else begin
      addresses_q <= addresses_q + 2'(awvalid && awready) - 2'(bvalid && bready);
      data_q <= data_q + 2'(wvalid && wready) - 2'(bvalid && bready);
      reads_q <= reads_q + 2'(arvalid && arready) - 2'(rvalid && rready);
    end
  end
  always_comb begin
    if (rst_ni && begun_q) begin
      if (aw_held_q) assume (awvalid && awaddr == awaddr_q);
      if (w_held_q) assume (wvalid && {wstrb, wdata} == w_q);
      if (ar_held_q) assume (arvalid && araddr == araddr_q);
    end
  end

  always_ff @(posedge clk_i) begin
    if (begun_q && $past(!rst_ni)) a_after_reset: assert (!bvalid && !rvalid);
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if ($past(bvalid && !bready)) a_b_held: assert (bvalid && $stable(bresp));
      if ($past(rvalid && !rready)) a_r_held: assert (rvalid && $stable({rresp, rdata}));
      if (bvalid) a_b_after_both: assert (addresses_q == 2'd1 && data_q == 2'd1);
      if (rvalid) a_r_after_address: assert (reads_q == 2'd1);
      a_b_code: assert (bresp == 2'b00 || bresp == 2'b10);
      a_r_code: assert (rresp == 2'b00 || rresp == 2'b10);
    end
  end
endmodule
`default_nettype wire

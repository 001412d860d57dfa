// Rules of an AXI4 write master with one id, asserted; a memory that keeps the rules of a slave, assumed: it takes addresses and data in
// any order, and answers a burst when both came, as late as it likes, each once.
//
// Bursts of one beat. For the harness: owed_o, the addresses taken and not answered; beats_o, those of them whose data has not been
// taken, negative: data taken before its address.
`default_nettype none
module axi_write_rules #(
    parameter int unsigned WRITES = 4
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    input  wire  [     63:0] awaddr,
    input  wire  [      7:0] awlen,
    input  wire  [      2:0] awsize,
    input  wire  [      1:0] awburst,
    input  wire              awvalid,
    input  wire              awready,
    input  wire  [      3:0] wdata,
    input  wire  [     63:0] wstrb,
    input  wire              wlast,
    input  wire              wvalid,
    input  wire              wready,
    input  wire              bvalid,
    input  wire              bready,
    output logic [      3:0] addresses_o,  // taken and not answered
    output logic [      3:0] data_o        // the same of data
);
  logic begun_q = 1'b0;
  always_comb if (rst_ni && begun_q && bvalid) assume (addresses_o != '0 && data_o != '0);
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (!rst_ni) begin
      addresses_o <= '0;
      data_o <= '0;
    end else begin
      addresses_o <= addresses_o + 4'(awvalid && awready) - 4'(bvalid && bready);
      data_o <= data_o + 4'(wvalid && wready) - 4'(bvalid && bready);
    end
  end

  always_ff @(posedge clk_i) begin
    if (begun_q && $past(!rst_ni)) a_after_reset: assert (!awvalid && !wvalid);
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if ($past(awvalid && !awready)) a_aw_held: assert (awvalid && $stable({awaddr[9:0], awlen, awsize, awburst}));
      if ($past(wvalid && !wready)) a_w_held: assert (wvalid && $stable({wdata, wstrb, wlast}));
      if ($past(bvalid && !bready)) assume (bvalid);
      if (awvalid) begin
        a_incr_of_lines: assert (awburst == 2'b01 && awsize == 3'd6 && awaddr[5:0] == '0);
        a_inside_4k: assert (14'(awaddr[11:6]) + 14'(awlen) < 14'd64);
        a_one_beat: assert (awlen == '0);
      end
      if (wvalid) a_last: assert (wlast && wstrb == '1);
      a_bounded: assert (32'(addresses_o) + 32'(awvalid) <= WRITES);
    end
  end
endmodule
`default_nettype wire

// Rules of an AXI4 read master with one outstanding read per id, asserted; a memory that keeps the rules of a slave, assumed:
// it answers ids in any order, bursts interleaved beat by beat, as late as it likes.
//
// For the harness: address_o, the line that the beat on offer belongs to; out_o, the ids with a read outstanding.
// Whether rlast is right is assumed only with last_right_i: a memory that breaks it is one the module must survive.
`default_nettype none
module axi_read_rules #(
    parameter  int unsigned READS       = 2,
    parameter  int unsigned BURST_LINES = 2,
    localparam int unsigned ID_W        = $clog2(READS),
    localparam int unsigned BEAT_W      = $clog2(BURST_LINES)
) (
    input  wire             clk_i,
    input  wire             rst_ni,
    input  wire             last_right_i,
    input  wire [ ID_W-1:0] arid,
    input  wire [     63:0] araddr,
    input  wire [      7:0] arlen,
    input  wire [      2:0] arsize,
    input  wire [      1:0] arburst,
    input  wire             arvalid,
    input  wire             arready,
    input  wire [ ID_W-1:0] rid,
    input  wire             rlast,
    input  wire             rvalid,
    input  wire             rready,
    output logic [    57:0] address_o,
    output logic [READS-1:0] out_o
);
  logic begun_q = 1'b0;
  logic [READS*58-1:0] line_q;
  logic [READS*BEAT_W-1:0] left_q;  // beats after the next one
  logic final_beat, taken, came;
  assign address_o = line_q[rid*58+:58];
  assign final_beat = left_q[rid*BEAT_W+:BEAT_W] == '0;
  assign taken = arvalid && arready;
  assign came = rvalid && rready;

  always_comb begin
    if (rst_ni && begun_q) begin
      if (rvalid) assume (out_o[rid]);
      if (rvalid && last_right_i) assume (rlast == final_beat);
    end
  end

  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (!rst_ni) out_o <= '0;
    else begin
      if (came && rlast) out_o[rid] <= 1'b0;
      if (taken) out_o[arid] <= 1'b1;
    end
    if (came) begin
      line_q[rid*58+:58] <= address_o + 1'b1;
      left_q[rid*BEAT_W+:BEAT_W] <= left_q[rid*BEAT_W+:BEAT_W] - 1'b1;
    end
    if (taken) begin
      line_q[arid*58+:58] <= araddr[63:6];
      left_q[arid*BEAT_W+:BEAT_W] <= arlen[BEAT_W-1:0];
    end
  end

  always_ff @(posedge clk_i) begin
    if (begun_q && $past(!rst_ni)) a_ar_after_reset: assert (!arvalid);
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if ($past(arvalid && !arready)) begin
        a_ar_held: assert (arvalid && $stable({arid, araddr[8:0], arlen, arsize, arburst}));
      end
      if ($past(rvalid && !rready)) assume (rvalid && $stable(rid) && $stable(rlast));
      if (arvalid) begin
        a_incr_of_lines: assert (arburst == 2'b01 && arsize == 3'd6 && araddr[5:0] == '0);
        a_length: assert (32'(arlen) < BURST_LINES);
        a_inside_4k: assert (14'(araddr[11:6]) + 14'(arlen) < 14'd64);
        a_one_per_id: assert (!out_o[arid]);
      end
    end
  end
endmodule
`default_nettype wire

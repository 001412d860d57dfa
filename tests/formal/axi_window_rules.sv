// Rules of an AXI4 slave with ids, asserted; a master that keeps the rules of a master, assumed: it offers addresses and data in any
// order, as early as it likes, and is as late as it likes with its readies. WLAST is not assumed to be right.
//
// Every write burst is answered exactly once, in the order of the addresses, with its id, and not before all its data was taken; a
// read of n beats gets exactly n, the last marked, with its id. pick_i chooses one write burst, any one, when its address is taken.
// For the harness: picked_o, in that cycle; open_o, since then until its response was taken; answered_o, its response is on offer.
`default_nettype none
module axi_window_rules #(
    parameter int unsigned ID_W        = 2,
    parameter int unsigned OUTSTANDING = 4  // write bursts, at most 6
) (
    input  wire            clk_i,
    input  wire            rst_ni,
    input  wire            pick_i,
    input  wire [ID_W-1:0] awid,
    input  wire [     7:0] awlen,
    input  wire [     5:0] aw,       // the rest of the channel
    input  wire            awvalid,
    input  wire            awready,
    input  wire [     4:0] w,        // the channel
    input  wire            wvalid,
    input  wire            wready,
    input  wire [ID_W-1:0] bid,
    input  wire [     1:0] bresp,
    input  wire            bvalid,
    input  wire            bready,
    input  wire [ID_W-1:0] arid,
    input  wire [     7:0] arlen,
    input  wire            arvalid,
    input  wire            arready,
    input  wire [ID_W-1:0] rid,
    input  wire [     1:0] rresp,
    input  wire            rlast,
    input  wire            rvalid,
    input  wire            rready,
    output logic           picked_o,
    output logic           open_o,
    output logic           answered_o
);
  logic begun_q = 1'b0;
  logic aw_held_q, w_held_q, ar_held_q, chosen_q, reading_q, address, answer;
  logic [ID_W+13:0] aw_q;
  logic [4:0] w_q;
  logic [ID_W+7:0] ar_q;
  logic [2:0] outstanding_q, ahead_q;  // ahead: answers before the chosen burst's
  logic signed [4:0] owed_q;  // beats, up to the chosen burst's last, that were not taken; negative: taken before their address
  logic [ID_W-1:0] id_q, read_id_q;
  logic [7:0] left_q;
  assign address = awvalid && awready;
  assign answer = bvalid && bready;
  assign picked_o = address && pick_i && !chosen_q;
  assign answered_o = bvalid && open_o && ahead_q == '0;

  always_comb begin
    if (rst_ni && begun_q) begin
      if (aw_held_q) assume (awvalid && {awid, awlen, aw} == aw_q);
      if (w_held_q) assume (wvalid && w == w_q);
      if (ar_held_q) assume (arvalid && {arid, arlen} == ar_q);
    end
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    aw_held_q <= rst_ni && awvalid && !awready;
    w_held_q <= rst_ni && wvalid && !wready;
    ar_held_q <= rst_ni && arvalid && !arready;
    aw_q <= {awid, awlen, aw};
    w_q <= w;
    ar_q <= {arid, arlen};
    if (picked_o) id_q <= awid;
    if (arvalid && arready) read_id_q <= arid;
    if (!rst_ni) begin
      chosen_q <= 1'b0;
      open_o <= 1'b0;
      reading_q <= 1'b0;
      outstanding_q <= '0;
      owed_q <= '0;
    end else begin
      chosen_q <= chosen_q || picked_o;
      open_o <= picked_o || (open_o && !(answered_o && bready));
      outstanding_q <= outstanding_q + 3'(address) - 3'(answer);
      if (!chosen_q || open_o) owed_q <= owed_q + (address && !chosen_q ? 5'(awlen[1:0]) + 5'sd1 : 5'sd0) - 5'(wvalid && wready);
      reading_q <= (arvalid && arready) || (reading_q && !(rvalid && rready && left_q == '0));
    end
    if (!open_o) ahead_q <= outstanding_q - 3'(answer);
    else ahead_q <= ahead_q - 3'(answer);
    if (arvalid && arready) left_q <= arlen;
    else if (rvalid && rready) left_q <= left_q - 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (begun_q && $past(!rst_ni)) a_after_reset: assert (!bvalid && !rvalid);
    if (rst_ni && begun_q && $past(rst_ni)) begin
      if ($past(bvalid && !bready)) a_b_held: assert (bvalid && $stable({bid, bresp}));
      if ($past(rvalid && !rready)) a_r_held: assert (rvalid && $stable({rid, rresp, rlast}));
      if (bvalid) a_b_owed: assert (outstanding_q != '0);
      a_outstanding: assert (32'(outstanding_q) <= OUTSTANDING);
      if (answered_o) a_b_id: assert (bid == id_q);
      if (answered_o) a_b_after_data: assert (owed_q <= 0);
      if (bvalid) a_b_code: assert (bresp == 2'b00 || bresp == 2'b10);
      if (rvalid) a_r_owed: assert (reading_q && rid == read_id_q && rlast == (left_q == '0));
      if (rvalid) a_r_code: assert (rresp == 2'b00 || rresp == 2'b10);
      if (reading_q) a_r_comes: assert (rvalid);
      a_one_read: assert (!(reading_q && arready));
    end
  end
endmodule
`default_nettype wire

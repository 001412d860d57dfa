// The bridge's AXI4 master (all BARs) -> the card's registers (AXI4-Lite) and its window for ticks (AXI4).
//
// Bit SELECT of the address: 0 registers, 1 window. One write and one read at a time; the next is taken when its response was.
// Registers: one 32-bit word per access, at bits 5:2 of the address. A write of more than one beat, or with strobes outside of
// its word, has no effect: SLVERR. An address above the first 4 KiB is passed on as 0xFFC, which is no register: SLVERR. A read
// yields its word in all 16 places of the bus; of more than one beat: SLVERR.
// Window: bursts pass through; a line takes about 5 cycles. Reads of it: SLVERR, zeros.
// Stall: as AXI demands, nothing is lost.
`default_nettype none
module bar_split #(
    parameter int unsigned ID_W   = 4,
    parameter int unsigned ADDR_W = 64,
    parameter int unsigned SELECT = 20
) (
    input  wire               clk_i,
    input  wire               rst_ni,
    // bridge
    input  wire  [  ID_W-1:0] b_axi_awid,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [ADDR_W-1:0] b_axi_awaddr,
    input  wire  [ADDR_W-1:0] b_axi_araddr,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [       7:0] b_axi_awlen,
    input  wire  [       2:0] b_axi_awsize,
    input  wire  [       1:0] b_axi_awburst,
    input  wire               b_axi_awvalid,
    output logic              b_axi_awready,
    input  wire  [     511:0] b_axi_wdata,
    input  wire  [      63:0] b_axi_wstrb,
    input  wire               b_axi_wlast,
    input  wire               b_axi_wvalid,
    output logic              b_axi_wready,
    output logic [  ID_W-1:0] b_axi_bid,
    output logic [       1:0] b_axi_bresp,
    output logic              b_axi_bvalid,
    input  wire               b_axi_bready,
    input  wire  [  ID_W-1:0] b_axi_arid,
    input  wire  [       7:0] b_axi_arlen,
    input  wire               b_axi_arvalid,
    output logic              b_axi_arready,
    output logic [  ID_W-1:0] b_axi_rid,
    output logic [     511:0] b_axi_rdata,
    output logic [       1:0] b_axi_rresp,
    output logic              b_axi_rlast,
    output logic              b_axi_rvalid,
    input  wire               b_axi_rready,
    // registers
    output logic [      11:0] s_axi_awaddr,
    output logic              s_axi_awvalid,
    input  wire               s_axi_awready,
    output logic [      31:0] s_axi_wdata,
    output logic [       3:0] s_axi_wstrb,
    output logic              s_axi_wvalid,
    input  wire               s_axi_wready,
    input  wire  [       1:0] s_axi_bresp,
    input  wire               s_axi_bvalid,
    output logic              s_axi_bready,
    output logic [      11:0] s_axi_araddr,
    output logic              s_axi_arvalid,
    input  wire               s_axi_arready,
    input  wire  [      31:0] s_axi_rdata,
    input  wire  [       1:0] s_axi_rresp,
    input  wire               s_axi_rvalid,
    output logic              s_axi_rready,
    // window: writes, one at a time, without an id
    output logic [      11:0] w_axi_awaddr,
    output logic [       7:0] w_axi_awlen,
    output logic [       2:0] w_axi_awsize,
    output logic [       1:0] w_axi_awburst,
    output logic              w_axi_awvalid,
    input  wire               w_axi_awready,
    output logic [     511:0] w_axi_wdata,
    output logic [      63:0] w_axi_wstrb,
    output logic              w_axi_wlast,
    output logic              w_axi_wvalid,
    input  wire               w_axi_wready,
    input  wire  [       1:0] w_axi_bresp,
    input  wire               w_axi_bvalid,
    output logic              w_axi_bready
);
  localparam logic [1:0] SLVERR = 2'b10;
  localparam logic [11:0] NO_REGISTER = 12'hFFC;

  if (SELECT < 12 || SELECT >= ADDR_W) begin : g_select $error("bar_split: SELECT"); end

  // Writes
  localparam logic [2:0] W_IDLE = 3'd0, W_WINDOW = 3'd1, W_BEATS = 3'd2, W_REGISTER = 3'd3, W_RESPONSE = 3'd4;
  logic [2:0] write_q;
  logic [ID_W-1:0] write_id_q;
  logic [11:0] write_address_q;
  logic [7:0] write_length_q;
  logic [2:0] write_size_q;
  logic [1:0] write_burst_q, write_response_q;
  logic write_outside_q, address_done_q, data_done_q, first_q, broken_q;
  logic [31:0] word_q;
  logic [3:0] strobes_q;
  logic [63:0] own_strobes;
  logic [3:0] write_place;
  assign write_place = write_address_q[5:2];
  assign own_strobes = 64'hF << {write_place, 2'b00};

  always_ff @(posedge clk_i) begin
    case (write_q)
      W_IDLE: begin
        write_id_q <= b_axi_awid;
        write_address_q <= b_axi_awaddr[11:0];
        write_length_q <= b_axi_awlen;
        write_size_q <= b_axi_awsize;
        write_burst_q <= b_axi_awburst;
        write_outside_q <= (b_axi_awaddr[SELECT-1:0] >> 12) != '0;
        address_done_q <= 1'b0;
        data_done_q <= 1'b0;
        first_q <= 1'b1;
        broken_q <= b_axi_awlen != '0;
        if (b_axi_awvalid) write_q <= b_axi_awaddr[SELECT] ? W_WINDOW : W_BEATS;
      end
      W_WINDOW: begin
        if (w_axi_awready) address_done_q <= 1'b1;
        if (b_axi_wvalid && b_axi_wready && b_axi_wlast) data_done_q <= 1'b1;
        if (b_axi_bvalid && b_axi_bready) write_q <= W_IDLE;
      end
      W_BEATS: if (b_axi_wvalid) begin
        if (first_q) begin
          word_q <= b_axi_wdata[{write_place, 5'd0}+:32];
          strobes_q <= b_axi_wstrb[{write_place, 2'd0}+:4];
          if ((b_axi_wstrb & ~own_strobes) != '0) broken_q <= 1'b1;
        end
        first_q <= 1'b0;
        if (b_axi_wlast) begin
          write_response_q <= SLVERR;
          write_q <= broken_q || (first_q && (b_axi_wstrb & ~own_strobes) != '0) ? W_RESPONSE : W_REGISTER;
        end
      end
      W_REGISTER: begin
        if (s_axi_awready) address_done_q <= 1'b1;
        if (s_axi_wready) data_done_q <= 1'b1;
        if (s_axi_bvalid) begin
          write_response_q <= s_axi_bresp;
          write_q <= W_RESPONSE;
        end
      end
      default: if (b_axi_bready) write_q <= W_IDLE;
    endcase
    if (!rst_ni) write_q <= W_IDLE;
  end
  assign b_axi_awready = write_q == W_IDLE;
  assign b_axi_wready = write_q == W_BEATS || (write_q == W_WINDOW && !data_done_q && w_axi_wready);
  assign b_axi_bid = write_id_q;
  assign b_axi_bresp = write_q == W_WINDOW ? w_axi_bresp : write_response_q;
  assign b_axi_bvalid = write_q == W_RESPONSE || (write_q == W_WINDOW && w_axi_bvalid);
  assign w_axi_awaddr = write_address_q;
  assign w_axi_awlen = write_length_q;
  assign w_axi_awsize = write_size_q;
  assign w_axi_awburst = write_burst_q;
  assign w_axi_awvalid = write_q == W_WINDOW && !address_done_q;
  assign w_axi_wdata = b_axi_wdata;
  assign w_axi_wstrb = b_axi_wstrb;
  assign w_axi_wlast = b_axi_wlast;
  assign w_axi_wvalid = write_q == W_WINDOW && !data_done_q && b_axi_wvalid;
  assign w_axi_bready = write_q == W_WINDOW && b_axi_bready;
  assign s_axi_awaddr = write_outside_q ? NO_REGISTER : {write_address_q[11:2], 2'b00};
  assign s_axi_awvalid = write_q == W_REGISTER && !address_done_q;
  assign s_axi_wdata = word_q;
  assign s_axi_wstrb = strobes_q;
  assign s_axi_wvalid = write_q == W_REGISTER && !data_done_q;
  assign s_axi_bready = write_q == W_REGISTER;

  // Reads
  localparam logic [1:0] R_IDLE = 2'd0, R_REGISTER = 2'd1, R_BEATS = 2'd2;
  logic [1:0] read_q, read_response_q;
  logic [ID_W-1:0] read_id_q;
  logic [11:0] read_address_q;
  logic [7:0] read_left_q;
  logic asked_q;
  logic [31:0] read_word_q;
  always_ff @(posedge clk_i) begin
    case (read_q)
      R_IDLE: begin
        read_id_q <= b_axi_arid;
        read_address_q <= (b_axi_araddr[SELECT-1:0] >> 12) != '0 ? NO_REGISTER : {b_axi_araddr[11:2], 2'b00};
        read_left_q <= b_axi_arlen;
        read_response_q <= SLVERR;
        read_word_q <= '0;
        asked_q <= 1'b0;
        if (b_axi_arvalid) read_q <= b_axi_araddr[SELECT] || b_axi_arlen != '0 ? R_BEATS : R_REGISTER;
      end
      R_REGISTER: begin
        if (s_axi_arready) asked_q <= 1'b1;
        if (s_axi_rvalid) begin
          read_word_q <= s_axi_rdata;
          read_response_q <= s_axi_rresp;
          read_q <= R_BEATS;
        end
      end
      default: if (b_axi_rready) begin
        read_left_q <= read_left_q - 1'b1;
        if (b_axi_rlast) read_q <= R_IDLE;
      end
    endcase
    if (!rst_ni) read_q <= R_IDLE;
  end
  assign b_axi_arready = read_q == R_IDLE;
  assign b_axi_rid = read_id_q;
  assign b_axi_rdata = {16{read_word_q}};
  assign b_axi_rresp = read_response_q;
  assign b_axi_rlast = read_left_q == '0;
  assign b_axi_rvalid = read_q == R_BEATS;
  assign s_axi_araddr = read_address_q;
  assign s_axi_arvalid = read_q == R_REGISTER && !asked_q;
  assign s_axi_rready = read_q == R_REGISTER;
endmodule
`default_nettype wire

// LitePCIe's AXI4-Lite master of 32 bits -> the card's registers (bit 12 of the address 0) and its window (bit 12: 1).
//
// One write and one read at a time. Window: words fill a line; the word at offset 60 of a line sends it as one AXI4 burst of one
// beat and has its response. A line with a word missing goes with incomplete strobes, which the window refuses (BAD_ADDRESS).
// Reads of the window: SLVERR. Stall: as AXI demands.
`default_nettype none
module window_words (
    input  wire          clk_i,
    input  wire          rst_ni,
    // LitePCIe
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [ 31:0] l_axi_awaddr,
    input  wire  [ 31:0] l_axi_araddr,
    // verilator lint_on UNUSEDSIGNAL
    input  wire          l_axi_awvalid,
    output logic         l_axi_awready,
    input  wire  [ 31:0] l_axi_wdata,
    input  wire  [  3:0] l_axi_wstrb,
    input  wire          l_axi_wvalid,
    output logic         l_axi_wready,
    output logic [  1:0] l_axi_bresp,
    output logic         l_axi_bvalid,
    input  wire          l_axi_bready,
    input  wire          l_axi_arvalid,
    output logic         l_axi_arready,
    output logic [ 31:0] l_axi_rdata,
    output logic [  1:0] l_axi_rresp,
    output logic         l_axi_rvalid,
    input  wire          l_axi_rready,
    // registers
    output logic [ 11:0] s_axi_awaddr,
    output logic         s_axi_awvalid,
    input  wire          s_axi_awready,
    output logic [ 31:0] s_axi_wdata,
    output logic [  3:0] s_axi_wstrb,
    output logic         s_axi_wvalid,
    input  wire          s_axi_wready,
    input  wire  [  1:0] s_axi_bresp,
    input  wire          s_axi_bvalid,
    output logic         s_axi_bready,
    output logic [ 11:0] s_axi_araddr,
    output logic         s_axi_arvalid,
    input  wire          s_axi_arready,
    input  wire  [ 31:0] s_axi_rdata,
    input  wire  [  1:0] s_axi_rresp,
    input  wire          s_axi_rvalid,
    output logic         s_axi_rready,
    // window
    output logic [ 11:0] w_axi_awaddr,
    output logic         w_axi_awvalid,
    input  wire          w_axi_awready,
    output logic [511:0] w_axi_wdata,
    output logic [ 63:0] w_axi_wstrb,
    output logic         w_axi_wvalid,
    input  wire          w_axi_wready,
    input  wire  [  1:0] w_axi_bresp,
    input  wire          w_axi_bvalid,
    output logic         w_axi_bready
);
  localparam logic [1:0] OKAY = 2'b00, SLVERR = 2'b10;

  // Writes
  localparam logic [1:0] W_IDLE = 2'd0, W_REGISTER = 2'd1, W_LINE = 2'd2, W_RESPONSE = 2'd3;
  logic [1:0] write_q, write_response_q;
  logic [11:0] write_address_q;
  logic [31:0] word_q;
  logic [3:0] strobes_q;
  logic address_done_q, data_done_q, both;
  logic [511:0] line_q;
  logic [63:0] line_strobes_q;
  assign both = l_axi_awvalid && l_axi_wvalid;
  always_ff @(posedge clk_i) begin
    case (write_q)
      W_IDLE: begin
        write_address_q <= {l_axi_awaddr[11:2], 2'b00};
        word_q <= l_axi_wdata;
        strobes_q <= l_axi_wstrb;
        address_done_q <= 1'b0;
        data_done_q <= 1'b0;
        write_response_q <= OKAY;
        if (both && !l_axi_awaddr[12]) begin
          write_q <= W_REGISTER;
        end else if (both) begin
          line_q[{l_axi_awaddr[5:2], 5'd0}+:32] <= l_axi_wdata;
          line_strobes_q[{l_axi_awaddr[5:2], 2'd0}+:4] <= l_axi_wstrb;
          write_q <= l_axi_awaddr[5:2] == 4'd15 ? W_LINE : W_RESPONSE;
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
      W_LINE: begin
        if (w_axi_awready) address_done_q <= 1'b1;
        if (w_axi_wready) data_done_q <= 1'b1;
        if (w_axi_bvalid) begin
          write_response_q <= w_axi_bresp;
          line_strobes_q <= '0;
          write_q <= W_RESPONSE;
        end
      end
      default: if (l_axi_bready) write_q <= W_IDLE;
    endcase
    if (!rst_ni) begin
      write_q <= W_IDLE;
      line_strobes_q <= '0;
    end
  end
  assign l_axi_awready = write_q == W_IDLE && both;
  assign l_axi_wready = write_q == W_IDLE && both;
  assign l_axi_bresp = write_response_q;
  assign l_axi_bvalid = write_q == W_RESPONSE;
  assign s_axi_awaddr = write_address_q;
  assign s_axi_awvalid = write_q == W_REGISTER && !address_done_q;
  assign s_axi_wdata = word_q;
  assign s_axi_wstrb = strobes_q;
  assign s_axi_wvalid = write_q == W_REGISTER && !data_done_q;
  assign s_axi_bready = write_q == W_REGISTER;
  assign w_axi_awaddr = {write_address_q[11:6], 6'd0};
  assign w_axi_awvalid = write_q == W_LINE && !address_done_q;
  assign w_axi_wdata = line_q;
  assign w_axi_wstrb = line_strobes_q;
  assign w_axi_wvalid = write_q == W_LINE && !data_done_q;
  assign w_axi_bready = write_q == W_LINE;

  // Reads
  localparam logic [1:0] R_IDLE = 2'd0, R_REGISTER = 2'd1, R_RESPONSE = 2'd2;
  logic [1:0] read_q, read_response_q;
  logic [11:0] read_address_q;
  logic [31:0] read_word_q;
  logic asked_q;
  always_ff @(posedge clk_i) begin
    case (read_q)
      R_IDLE: begin
        read_address_q <= {l_axi_araddr[11:2], 2'b00};
        read_response_q <= SLVERR;
        read_word_q <= '0;
        asked_q <= 1'b0;
        if (l_axi_arvalid) read_q <= l_axi_araddr[12] ? R_RESPONSE : R_REGISTER;
      end
      R_REGISTER: begin
        if (s_axi_arready) asked_q <= 1'b1;
        if (s_axi_rvalid) begin
          read_word_q <= s_axi_rdata;
          read_response_q <= s_axi_rresp;
          read_q <= R_RESPONSE;
        end
      end
      default: if (l_axi_rready) read_q <= R_IDLE;
    endcase
    if (!rst_ni) read_q <= R_IDLE;
  end
  assign l_axi_arready = read_q == R_IDLE;
  assign l_axi_rdata = read_word_q;
  assign l_axi_rresp = read_response_q;
  assign l_axi_rvalid = read_q == R_RESPONSE;
  assign s_axi_araddr = read_address_q;
  assign s_axi_arvalid = read_q == R_REGISTER && !asked_q;
  assign s_axi_rready = read_q == R_REGISTER;
endmodule
`default_nettype wire

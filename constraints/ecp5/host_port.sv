// The card's AXI4 master of 512 bits -> LitePCIe's AXI4 slave of 128 bits and 32 address bits.
//
// One read and one write at a time, which is what that slave does with them: ids stay here. A line is four beats, lowest first.
// An address above 4 GiB is not passed on: DECERR. The card writes single lines with full strobes (docs/card.md, Bus): AWLEN and
// WSTRB are not looked at; that slave looks at no strobes either.
// Latency 2 cycles; a line of four beats in four cycles when read, about eight when written. Stall: as AXI demands.
`default_nettype none
module host_port #(
    parameter int unsigned ID_W = 1
) (
    input  wire              clk_i,
    input  wire              rst_ni,
    // card
    input  wire  [ ID_W-1:0] m_axi_arid,
    input  wire  [     63:0] m_axi_araddr,
    input  wire  [      7:0] m_axi_arlen,
    input  wire              m_axi_arvalid,
    output logic             m_axi_arready,
    output logic [ ID_W-1:0] m_axi_rid,
    output logic [    511:0] m_axi_rdata,
    output logic [      1:0] m_axi_rresp,
    output logic             m_axi_rlast,
    output logic             m_axi_rvalid,
    input  wire              m_axi_rready,
    input  wire  [     63:0] m_axi_awaddr,
    input  wire              m_axi_awvalid,
    output logic             m_axi_awready,
    input  wire  [    511:0] m_axi_wdata,
    input  wire              m_axi_wvalid,
    output logic             m_axi_wready,
    output logic [      1:0] m_axi_bresp,
    output logic             m_axi_bvalid,
    input  wire              m_axi_bready,
    // LitePCIe
    output logic [     31:0] h_axi_araddr,
    output logic [      7:0] h_axi_arlen,
    output logic             h_axi_arvalid,
    input  wire              h_axi_arready,
    input  wire  [    127:0] h_axi_rdata,
    input  wire  [      1:0] h_axi_rresp,
    input  wire              h_axi_rvalid,
    output logic             h_axi_rready,
    output logic [     31:0] h_axi_awaddr,
    output logic             h_axi_awvalid,
    input  wire              h_axi_awready,
    output logic [    127:0] h_axi_wdata,
    output logic             h_axi_wlast,
    output logic             h_axi_wvalid,
    input  wire              h_axi_wready,
    input  wire  [      1:0] h_axi_bresp,
    input  wire              h_axi_bvalid,
    output logic             h_axi_bready
);
  localparam logic [1:0] DECERR = 2'b11;

  // Reads
  localparam logic [1:0] R_IDLE = 2'd0, R_ASK = 2'd1, R_DATA = 2'd2, R_REFUSE = 2'd3;
  logic [1:0] read_q;
  logic [31:0] read_address_q;
  logic [ID_W-1:0] read_id_q;
  logic [7:0] read_left_q;  // lines - 1
  logic [5:0] read_length_q;
  logic [1:0] read_beat_q, read_response_q, response_q, beat_response;
  logic [383:0] read_beats_q;
  logic [511:0] line_q;
  logic line_valid_q, line_last_q, line_free;
  assign line_free = !line_valid_q || m_axi_rready;
  assign beat_response = read_response_q | h_axi_rresp;
  always_ff @(posedge clk_i) begin
    if (m_axi_rready) line_valid_q <= 1'b0;
    case (read_q)
      // not while the last line of the burst before is on offer: its id stays
      R_IDLE: if (m_axi_arvalid && m_axi_arready) begin
        read_address_q <= m_axi_araddr[31:0];
        read_id_q <= m_axi_arid;
        read_left_q <= m_axi_arlen;
        read_length_q <= m_axi_arlen[5:0];
        read_beat_q <= '0;
        read_response_q <= '0;
        read_q <= m_axi_araddr[63:32] != '0 || m_axi_arlen > 8'd63 ? R_REFUSE : R_ASK;
      end
      R_ASK: if (h_axi_arready) read_q <= R_DATA;
      R_DATA: if (h_axi_rvalid && h_axi_rready) begin
        read_beat_q <= read_beat_q + 1'b1;
        read_response_q <= read_beat_q == 2'd3 ? 2'b00 : beat_response;
        read_beats_q <= {h_axi_rdata, read_beats_q[383:128]};
        if (read_beat_q == 2'd3) begin
          line_q <= {h_axi_rdata, read_beats_q};
          response_q <= beat_response;
          line_valid_q <= 1'b1;
          line_last_q <= read_left_q == '0;
          read_left_q <= read_left_q - 1'b1;
          if (read_left_q == '0) read_q <= R_IDLE;
        end
      end
      default: if (line_free) begin
        line_q <= '0;
        response_q <= DECERR;
        line_valid_q <= 1'b1;
        line_last_q <= read_left_q == '0;
        read_left_q <= read_left_q - 1'b1;
        if (read_left_q == '0) read_q <= R_IDLE;
      end
    endcase
    if (!rst_ni) begin
      read_q <= R_IDLE;
      line_valid_q <= 1'b0;
    end
  end
  assign m_axi_arready = read_q == R_IDLE && !line_valid_q;
  assign m_axi_rid = read_id_q;
  assign m_axi_rdata = line_q;
  assign m_axi_rresp = response_q;
  assign m_axi_rlast = line_last_q;
  assign m_axi_rvalid = line_valid_q;
  assign h_axi_araddr = read_address_q;
  assign h_axi_arlen = {read_length_q, 2'b11};
  assign h_axi_arvalid = read_q == R_ASK;
  assign h_axi_rready = read_q == R_DATA && (read_beat_q != 2'd3 || line_free);

  // Writes
  localparam logic [2:0] W_IDLE = 3'd0, W_TAKE = 3'd1, W_ASK = 3'd2, W_DATA = 3'd3, W_ANSWER = 3'd4, W_RESPONSE = 3'd5;
  logic [2:0] write_q;
  logic [31:0] write_address_q;
  logic write_refused_q;
  logic [511:0] write_line_q;
  logic [1:0] write_beat_q, write_response_q;
  always_ff @(posedge clk_i) begin
    case (write_q)
      W_IDLE: begin
        write_address_q <= m_axi_awaddr[31:0];
        write_refused_q <= m_axi_awaddr[63:32] != '0;
        write_response_q <= DECERR;
        if (m_axi_awvalid) write_q <= W_TAKE;
      end
      W_TAKE: begin
        write_line_q <= m_axi_wdata;
        write_beat_q <= '0;
        if (m_axi_wvalid) write_q <= write_refused_q ? W_RESPONSE : W_ASK;
      end
      W_ASK: if (h_axi_awready) write_q <= W_DATA;
      W_DATA: if (h_axi_wready) begin
        write_line_q <= {128'd0, write_line_q[511:128]};
        write_beat_q <= write_beat_q + 1'b1;
        if (write_beat_q == 2'd3) write_q <= W_ANSWER;
      end
      W_ANSWER: begin
        write_response_q <= h_axi_bresp;
        if (h_axi_bvalid) write_q <= W_RESPONSE;
      end
      default: if (m_axi_bready) write_q <= W_IDLE;
    endcase
    if (!rst_ni) write_q <= W_IDLE;
  end
  assign m_axi_awready = write_q == W_IDLE;
  assign m_axi_wready = write_q == W_TAKE;
  assign m_axi_bresp = write_response_q;
  assign m_axi_bvalid = write_q == W_RESPONSE;
  assign h_axi_awaddr = write_address_q;
  assign h_axi_awvalid = write_q == W_ASK;
  assign h_axi_wdata = write_line_q[127:0];
  assign h_axi_wlast = write_beat_q == 2'd3;
  assign h_axi_wvalid = write_q == W_DATA;
  assign h_axi_bready = write_q == W_ANSWER;
endmodule
`default_nettype wire

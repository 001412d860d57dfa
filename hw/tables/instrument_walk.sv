// Names the instruments that a commit reprices: all, or those of each changed expiry, then those with a changed vol whose expiry
// did not change. Each comes once.
//
// start_i takes all_i and the counts. instrument_o is valid/ready; one per cycle (4 more cycles per expiry; a vol that is left
// out costs a cycle). busy_o from the cycle after start_i until the last one was taken. Reads of lists, ranges and expiries
// answer after 1 cycle and hold their answer until the next read. Mirrors the choice of rows in pl_tables_commit.
`default_nettype none
module instrument_walk #(
    parameter  int unsigned INSTRUMENTS = 4096,
    parameter  int unsigned EXPIRIES    = 512,
    localparam int unsigned IW = $clog2(INSTRUMENTS),
    localparam int unsigned EW = $clog2(EXPIRIES),
    localparam int unsigned INDEX_W = pl_card_pkg::INSTRUMENT_W
) (
    input  wire                               clk_i,
    input  wire                               rst_ni,
    input  wire                               start_i,
    input  wire                               all_i,
    input  wire  [                      IW:0] instruments_i,
    input  wire  [                      EW:0] expiry_length_i,
    input  wire  [                      IW:0] vol_length_i,
    output logic                              expiry_read_valid_o,
    output logic [                    EW-1:0] expiry_position_o,
    input  wire  [                    EW-1:0] expiry_index_i,
    output logic                              range_valid_o,
    output logic [                    EW-1:0] range_expiry_o,
    input  wire                               range_any_i,
    input  wire  [               INDEX_W-1:0] range_first_i,
    input  wire  [               INDEX_W-1:0] range_last_i,
    output logic                              vol_read_valid_o,
    output logic [                    IW-1:0] vol_position_o,
    input  wire  [                    IW-1:0] vol_index_i,
    output logic                              lookup_valid_o,      // the expiry of an instrument
    output logic [               INDEX_W-1:0] lookup_o,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [pl_card_pkg::EXPIRY_W-1:0]  lookup_expiry_i,
    // verilator lint_on UNUSEDSIGNAL
    output logic                              dirty_valid_o,       // whether that expiry changed
    output logic [                    EW-1:0] dirty_expiry_o,
    input  wire                               dirty_i,
    output logic                              valid_o,
    input  wire                               ready_i,
    output logic [               INDEX_W-1:0] instrument_o,
    output logic                              busy_o
);
  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] RUN = 3'd1;     // instruments next_q .. end_q
  localparam logic [2:0] LIST = 3'd2;    // read an expiry of the list
  localparam logic [2:0] RANGE = 3'd3;   // read its instruments
  localparam logic [2:0] HOLD = 3'd4;
  localparam logic [2:0] VOLS = 3'd5;

  logic [2:0] state_q;
  logic all_q, step, list_done, vols_done;
  logic [EW:0] expiry_q;                 // position in the list
  logic [IW:0] vol_q;
  logic [INDEX_W-1:0] next_q, end_q;
  logic [2:0] vol_valid_q;               // stages: list read, expiry read, dirty bit read
  logic [IW-1:0] vol_2_q, vol_3_q;
  logic vol_fetch, vol_here, vol_en;

  assign step = valid_o && ready_i;
  assign list_done = expiry_q == expiry_length_i;
  assign vols_done = vol_q == vol_length_i && vol_valid_q == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_q <= IDLE;
    else begin
      case (state_q)
        IDLE: if (start_i) state_q <= all_i ? RUN : LIST;
        RUN: if (step && next_q == end_q) state_q <= all_q ? IDLE : LIST;
        LIST: state_q <= list_done ? VOLS : RANGE;
        RANGE: state_q <= HOLD;
        HOLD: state_q <= range_any_i ? RUN : LIST;
        default: if (vols_done) state_q <= IDLE;
      endcase
    end
  end
  always_ff @(posedge clk_i) begin
    case (state_q)
      IDLE: begin
        all_q <= all_i;
        expiry_q <= '0;
        next_q <= '0;
        end_q <= INDEX_W'(instruments_i) - 1'b1;
      end
      RUN: if (step) next_q <= next_q + 1'b1;
      RANGE: expiry_q <= expiry_q + 1'b1;
      HOLD: begin
        next_q <= range_first_i;
        end_q <= range_last_i;
      end
      default: ;
    endcase
  end
  assign expiry_read_valid_o = state_q == LIST && !list_done;
  assign expiry_position_o = expiry_q[EW-1:0];
  assign range_valid_o = state_q == RANGE;
  assign range_expiry_o = expiry_index_i;

  // The vols: three reads, one after the other, which stand still together.
  assign vol_here = vol_valid_q[2] && !dirty_i;
  assign vol_en = !vol_here || ready_i;
  assign vol_fetch = state_q == VOLS && vol_q != vol_length_i;
  assign vol_read_valid_o = vol_fetch && vol_en;
  assign vol_position_o = vol_q[IW-1:0];
  assign lookup_valid_o = vol_valid_q[0] && vol_en;
  assign lookup_o = INDEX_W'(vol_index_i);
  assign dirty_valid_o = vol_valid_q[1] && vol_en;
  assign dirty_expiry_o = lookup_expiry_i[EW-1:0];
  always_ff @(posedge clk_i) begin
    if (!rst_ni) vol_valid_q <= '0;
    else if (vol_en) vol_valid_q <= {vol_valid_q[1:0], vol_fetch};
  end
  always_ff @(posedge clk_i) begin
    if (state_q != VOLS) vol_q <= '0;
    else if (vol_fetch && vol_en) vol_q <= vol_q + 1'b1;
    if (vol_en) begin
      vol_2_q <= vol_index_i;
      vol_3_q <= vol_2_q;
    end
  end

  assign valid_o = state_q == RUN || vol_here;
  assign instrument_o = state_q == RUN ? next_q : INDEX_W'(vol_3_q);
  assign busy_o = state_q != IDLE;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_start_when_idle: assert (!start_i || !busy_o);
      a_in_range: assert (!valid_o || 32'(instrument_o) < 32'(instruments_i));
      if ($past(valid_o && !ready_i)) a_held: assert (valid_o && instrument_o == $past(instrument_o));
    end
  end
endmodule
`default_nettype wire

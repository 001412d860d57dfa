// Names the instruments that a commit reprices or a flip copies: all, or those of each changed expiry, then those with a changed
// vol whose expiry did not change. Each comes once. filter_i: only those that are watched (wanted_i = 1), or only the others.
//
// start_i takes all_i and first_i; the lists stand from the next cycle on to the end, filter_i and wanted_i from the cycle after
// that. With first_i the range of the list's first expiry stands at range_*_i (read when its record came) and first_vol_i is the
// first vol: the first instrument then comes 2 cycles after start_i, as with all_i; else 4 or 5. instrument_o is valid/ready, one
// per cycle (2 more cycles per expiry); one that is left out costs a cycle. busy_o from the cycle after start_i until the last one
// was taken. Reads of lists, ranges, expiries and watched marks answer after 1 cycle and hold their answer until the next read.
// Stall: all stages stand still. No errors. Mirrors the choice of rows in pl_tables_commit.
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
    input  wire                               first_i,
    input  wire                               filter_i,
    input  wire                               wanted_i,
    input  wire  [                      IW:0] instruments_i,
    input  wire  [                      EW:0] expiry_length_i,
    input  wire  [                      IW:0] vol_length_i,
    input  wire  [                    IW-1:0] first_vol_i,
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
    output logic                              watched_valid_o,     // whether an instrument is watched
    output logic [               INDEX_W-1:0] watched_o,
    input  wire                               watched_i,
    output logic                              valid_o,
    input  wire                               ready_i,
    output logic [               INDEX_W-1:0] instrument_o,
    output logic                              busy_o
);
  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] FIRST = 3'd1;   // the first expiry or vol, which needs no list
  localparam logic [2:0] LIST = 3'd2;    // read an expiry of the list
  localparam logic [2:0] RANGE = 3'd3;   // read its instruments
  localparam logic [2:0] HOLD = 3'd4;    // the first of them
  localparam logic [2:0] RUN = 3'd5;     // instruments next_q .. end_q
  localparam logic [2:0] VOLS = 3'd6;

  logic [2:0] state_q;
  logic all_q, no_expiry, list_done, vols_done;
  logic [EW:0] expiry_q;                 // position in the list
  logic [IW:0] vol_q;
  logic [INDEX_W-1:0] next_q, end_q;
  logic first_range, first_vol, in_range, vol_fetch;
  logic [1:0] vol_valid_q;               // stages: list read, expiry read
  logic [IW-1:0] vol_2_q;
  // The next instrument, and the last stage: its marks are read.
  logic candidate_valid, en, keep;
  logic [INDEX_W-1:0] candidate, named_q;
  logic named_valid_q, named_vol_q;

  assign no_expiry = expiry_length_i == '0;
  assign list_done = expiry_q == expiry_length_i;
  assign vols_done = vol_q == vol_length_i && vol_valid_q == '0;
  assign first_range = state_q == FIRST && !no_expiry;
  assign first_vol = state_q == FIRST && no_expiry && vol_length_i != '0;
  assign in_range = first_range || state_q == HOLD;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_q <= IDLE;
    else begin
      case (state_q)
        IDLE: if (start_i) state_q <= all_i ? RUN : first_i ? FIRST : LIST;
        LIST: state_q <= list_done ? VOLS : RANGE;
        RANGE: state_q <= HOLD;
        FIRST, HOLD:
        if (in_range) begin
          if (!range_any_i) state_q <= LIST;
          else if (en) state_q <= range_first_i == range_last_i ? LIST : RUN;
        end else state_q <= VOLS;
        RUN: if (en && next_q == end_q) state_q <= all_q ? IDLE : LIST;
        default: if (vols_done) state_q <= IDLE;
      endcase
    end
  end
  always_ff @(posedge clk_i) begin
    case (state_q)
      IDLE: begin
        all_q <= all_i;
        expiry_q <= '0;
        vol_q <= '0;
        next_q <= '0;
        end_q <= INDEX_W'(instruments_i) - 1'b1;
      end
      RANGE: expiry_q <= expiry_q + 1'b1;
      FIRST, HOLD: begin
        if (first_range) expiry_q <= (EW + 1)'(1);
        if (first_vol) vol_q <= (IW + 1)'(1);
        next_q <= range_first_i + 1'b1;
        end_q <= range_last_i;
      end
      RUN: if (en) next_q <= next_q + 1'b1;
      default: if (vol_fetch && en) vol_q <= vol_q + 1'b1;
    endcase
  end
  assign expiry_read_valid_o = state_q == LIST && !list_done;
  assign expiry_position_o = expiry_q[EW-1:0];
  assign range_valid_o = state_q == RANGE;
  assign range_expiry_o = expiry_index_i;

  // The vols: reads of the list, then of the expiry, then of the marks.
  assign vol_fetch = state_q == VOLS && vol_q != vol_length_i;
  assign vol_read_valid_o = vol_fetch && en;
  assign vol_position_o = vol_q[IW-1:0];
  assign lookup_valid_o = vol_valid_q[0] && en;
  assign lookup_o = INDEX_W'(vol_index_i);
  assign dirty_valid_o = vol_valid_q[1] && en;
  assign dirty_expiry_o = lookup_expiry_i[EW-1:0];
  always_ff @(posedge clk_i) begin
    if (!rst_ni) vol_valid_q <= '0;
    else if (en) vol_valid_q <= {vol_valid_q[0], vol_fetch};
  end
  always_ff @(posedge clk_i) if (en) vol_2_q <= vol_index_i;

  assign candidate_valid = (in_range && range_any_i) || first_vol || state_q == RUN || vol_valid_q[1];
  assign candidate = in_range ? range_first_i : first_vol ? INDEX_W'(first_vol_i) : state_q == RUN ? next_q : INDEX_W'(vol_2_q);
  assign watched_valid_o = candidate_valid && en;
  assign watched_o = candidate;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) named_valid_q <= 1'b0;
    else if (en) named_valid_q <= candidate_valid;
  end
  always_ff @(posedge clk_i) begin
    if (en) begin
      named_q <= candidate;
      named_vol_q <= vol_valid_q[1];
    end
  end
  assign keep = !(named_vol_q && dirty_i) && (!filter_i || watched_i == wanted_i);
  assign en = !named_valid_q || !keep || ready_i;

  assign valid_o = named_valid_q && keep;
  assign instrument_o = named_q;
  assign busy_o = state_q != IDLE || named_valid_q;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_start_when_idle: assert (!start_i || !busy_o);
      a_in_range: assert (!valid_o || 32'(instrument_o) < 32'(instruments_i));
      a_one_source: assert (!vol_valid_q[1] || state_q == VOLS);
      if ($past(valid_o && !ready_i)) a_held: assert (valid_o && instrument_o == $past(instrument_o));
    end
  end
endmodule
`default_nettype wire

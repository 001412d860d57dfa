// Makes the live tick the frozen one, between sweeps: Flip, Freeze, Copy, Clean, in this order.
//
// add_i: a flip is waiting from the next cycle on. It begins as soon as allowed_i is high (no tick in part, no commit at work), no
// sweep runs and watch_busy_i is low: bank_o, committed_o and tick_o change in one cycle. Freeze: expiries, vols and underlyings
// (index_walk), each one per cycle. Copy: a walk over the instruments changed since the last flip, one per cycle at most. Then the
// marks and lists are emptied, 8 cycles at least after the last copy: busy_o falls.
// The load's first flip: everything; later: what the lists since the last flip name.
// sweep_grant_o: a sweep runs while sweep_request_i && sweep_grant_o, and no flip begins meanwhile. While a flip waits no other
// sweep is let in, so that the frozen tick does not grow old; but for stuck_i: the flip must wait for the next commit.
// load_started_i: a new load, which has no tick. No errors. Mirrors pl_tables_commit.
`default_nettype none
module commit_flip (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire         add_i,            // pulse
    input  wire         allowed_i,
    input  wire         stuck_i,
    input  wire  [63:0] live_tick_i,
    input  wire         load_started_i,
    input  wire         watch_busy_i,
    input  wire         sweep_request_i,
    input  wire         commit_busy_i,   // rows are being priced: a sweep that begins now would see the tick before
    output logic        sweep_grant_o,
    output logic        sweep_running_o,
    output logic        waiting_o,
    output logic        busy_o,
    output logic        committed_o,
    output logic [63:0] tick_o,
    output logic        bank_o,
    output logic        all_o,            // the load's first flip
    output logic        freeze_start_o,   // pulse: expiries, vols and underlyings to freeze
    output logic        walk_start_o,     // pulse: the instruments to copy
    output logic        clean_start_o,    // pulse: expiries whose marks go
    output logic        cleaning_o,
    input  wire         walk_busy_i,
    input  wire         index_busy_i,     // freezing or cleaning
    output logic        restart_o         // empty the lists since the last flip
);
  localparam logic [1:0] IDLE = 2'd0;
  localparam logic [1:0] FREEZE = 2'd1;
  localparam logic [1:0] COPY = 2'd2;
  localparam logic [1:0] CLEAN = 2'd3;
  localparam logic [2:0] WAIT_LAST = 3'd7;  // 8 cycles

  logic [1:0] state_q;
  logic entered_q;  // the step's walk has begun
  logic [2:0] wait_q;
  logic start, left;

  assign sweep_running_o = sweep_request_i && sweep_grant_o;
  assign start = state_q == IDLE && waiting_o && allowed_i && !watch_busy_i && !sweep_running_o;
  always_comb begin
    case (state_q)
      FREEZE: left = entered_q && !index_busy_i;
      COPY: left = entered_q && !walk_busy_i;
      CLEAN: left = entered_q && !index_busy_i && wait_q == WAIT_LAST;
      default: left = 1'b0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= IDLE;
      entered_q <= 1'b0;
    end else begin
      entered_q <= state_q != IDLE && !left;
      case (state_q)
        IDLE: if (start) state_q <= FREEZE;
        FREEZE: if (left) state_q <= COPY;
        COPY: if (left) state_q <= CLEAN;
        default: if (left) state_q <= IDLE;
      endcase
    end
  end
  always_ff @(posedge clk_i) wait_q <= state_q != CLEAN ? '0 : wait_q != WAIT_LAST ? wait_q + 1'b1 : wait_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      waiting_o <= 1'b0;
      sweep_grant_o <= 1'b0;
    end else begin
      waiting_o <= (waiting_o || add_i) && !start && !load_started_i;
      sweep_grant_o <= sweep_running_o || (state_q == IDLE && !start && !commit_busy_i && (!(waiting_o || add_i) || stuck_i));
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      committed_o <= 1'b0;
      tick_o <= '0;
      bank_o <= 1'b0;
    end else if (load_started_i) begin
      committed_o <= 1'b0;
      tick_o <= '0;
    end else if (start) begin
      committed_o <= 1'b1;
      tick_o <= live_tick_i;
      bank_o <= !bank_o;
    end
  end
  always_ff @(posedge clk_i) if (start) all_o <= !committed_o;

  // A step's start is given in its first cycle.
  assign freeze_start_o = state_q == FREEZE && !entered_q;
  assign walk_start_o = state_q == COPY && !entered_q;
  assign clean_start_o = state_q == CLEAN && !entered_q;
  assign cleaning_o = state_q == CLEAN;
  assign restart_o = state_q == CLEAN && wait_q == WAIT_LAST;  // the cleaning walk has taken the length long before
  assign busy_o = state_q != IDLE;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_bank_with_tick: assert ($past(start && !load_started_i) == (bank_o != $past(bank_o)));
      a_no_sweep_in_flip: assert (!(busy_o && sweep_running_o));
      a_no_load_meanwhile: assert (!load_started_i || state_q == IDLE);
      a_no_add_meanwhile: assert (!add_i || state_q == IDLE);
    end
  end
endmodule
`default_nettype wire

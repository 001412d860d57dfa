// Makes the live tick the frozen one: the five steps of a commit, in this order.
//
// Price: a job for each instrument of instrument_walk; then 8 cycles, then until engine_idle_i. Wait while sweep_busy_i. Flip:
// bank_o, committed_o and tick_o change in one cycle. Freeze: expiries, vols and underlyings (index_walk), each one per cycle.
// Copy: the walk of the price step again, one per cycle at most. Then the lists are emptied and, 8 cycles after the last copy,
// commit_done_o (pulse). First commit of a load: everything; later: what the lists name.
// NOT_LOADED unless loaded_i; MALFORMED_RECORD unless the tick exceeds the last one (unsigned): 3 cycles, and nothing else.
// load_started_i: a new load, which has no tick. Mirrors pl_tables_commit. A commit ends only by itself or by reset.
`default_nettype none
module commit (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire         commit_start_i,
    input  wire  [63:0] commit_tick_i,
    output logic        commit_done_o,
    output logic [ 7:0] commit_status_o,
    input  wire         load_started_i,
    input  wire         loaded_i,
    output logic        committed_o,
    output logic [63:0] tick_o,
    output logic        bank_o,
    input  wire         engine_idle_i,
    input  wire         sweep_busy_i,
    output logic        all_o,           // the load's first commit
    output logic        walk_start_o,    // pulse: the instruments to reprice
    input  wire         walk_busy_i,
    output logic        pricing_o,       // what the walk names is a job
    output logic        copying_o,       // what the walk names is to be copied
    output logic        freeze_start_o,  // pulse: expiries, vols and underlyings to freeze
    input  wire         freeze_busy_i,
    output logic        clean_start_o,   // pulse: expiries whose marks go
    output logic        cleaning_o,
    input  wire         clean_busy_i,
    output logic        restart_o        // pulse: empty the lists
);
  localparam logic [3:0] IDLE = 4'd0;
  localparam logic [3:0] CHECK = 4'd1;
  localparam logic [3:0] DECIDE = 4'd2;
  localparam logic [3:0] PRICE = 4'd3;
  localparam logic [3:0] ENGINE = 4'd4;
  localparam logic [3:0] SWEEP = 4'd5;
  localparam logic [3:0] FREEZE = 4'd6;
  localparam logic [3:0] COPY = 4'd7;
  localparam logic [3:0] CLEAN = 4'd8;
  localparam logic [3:0] SETTLE = 4'd9;
  localparam logic [3:0] DONE = 4'd10;
  localparam logic [2:0] WAIT_LAST = 3'd7;  // 8 cycles

  logic [3:0] state_q;
  logic entered_q, later_q;  // entered_q: the walk's start was given
  logic [63:0] next_q;
  logic [2:0] wait_q;
  logic flip, left;

  assign flip = state_q == SWEEP && !sweep_busy_i;
  always_comb begin  // the walk of this state has ended
    case (state_q)
      PRICE, COPY: left = entered_q && !walk_start_o && !walk_busy_i;
      FREEZE: left = entered_q && !freeze_start_o && !freeze_busy_i;
      CLEAN: left = entered_q && !clean_start_o && !clean_busy_i;
      default: left = 1'b0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_q <= IDLE;
    else begin
      case (state_q)
        IDLE: if (commit_start_i) state_q <= CHECK;
        CHECK: state_q <= DECIDE;
        DECIDE: state_q <= loaded_i && later_q ? PRICE : DONE;
        PRICE: if (left) state_q <= ENGINE;
        ENGINE: if (wait_q == WAIT_LAST && engine_idle_i) state_q <= SWEEP;
        SWEEP: if (!sweep_busy_i) state_q <= FREEZE;
        FREEZE: if (left) state_q <= COPY;
        COPY: if (left) state_q <= CLEAN;
        CLEAN: if (left) state_q <= SETTLE;
        SETTLE: if (wait_q == WAIT_LAST) state_q <= DONE;
        default: state_q <= IDLE;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      walk_start_o <= 1'b0;
      freeze_start_o <= 1'b0;
      clean_start_o <= 1'b0;
      entered_q <= 1'b0;
    end else begin
      walk_start_o <= (state_q == PRICE || state_q == COPY) && !entered_q;
      freeze_start_o <= state_q == FREEZE && !entered_q;
      clean_start_o <= state_q == CLEAN && !entered_q;
      entered_q <= !left && (state_q == PRICE || state_q == FREEZE || state_q == COPY || state_q == CLEAN);
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == IDLE) next_q <= commit_tick_i;
    if (state_q == CHECK) begin
      later_q <= !committed_o || next_q > tick_o;
      all_o <= !committed_o;
    end
    if (state_q == DECIDE) begin
      commit_status_o <= !loaded_i ? pl_abi_pkg::PL_STATUS_NOT_LOADED :
          later_q ? pl_abi_pkg::PL_STATUS_OK : pl_abi_pkg::PL_STATUS_MALFORMED_RECORD;
    end
    if (state_q != ENGINE && state_q != SETTLE) wait_q <= '0;
    else if (wait_q != WAIT_LAST) wait_q <= wait_q + 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      committed_o <= 1'b0;
      tick_o <= '0;
      bank_o <= 1'b0;
    end else if (load_started_i) begin
      committed_o <= 1'b0;
      tick_o <= '0;
    end else if (flip) begin
      committed_o <= 1'b1;
      tick_o <= next_q;
      bank_o <= !bank_o;
    end
  end

  assign pricing_o = state_q == PRICE;
  assign copying_o = state_q == COPY;
  assign cleaning_o = state_q == CLEAN;
  assign restart_o = state_q == CLEAN && left;
  assign commit_done_o = state_q == DONE;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_no_start_while_busy: assert (!commit_start_i || state_q == IDLE);
      a_no_load_meanwhile: assert (!load_started_i || state_q == IDLE);
      a_flip_changes_tick: assert ($past(flip) || bank_o == $past(bank_o));
    end
  end
endmodule
`default_nettype wire

// Commits the live tick: prices what changed since the last commit, the watched instruments first, has the watched set judged, and
// asks for the flip (commit_flip).
//
// Price: a job for each instrument of instrument_walk, then until engine_idle_i. If watching_i is high at the start, only watched
// instruments come in this pass; then live_ready_o, and a second pass over the others. Then wait until watch_busy_i is low, then
// flip_add_o. A commit of the ring (commit_start_i) ends with commit_done_o (pulse) when the flip is done; one of the window
// (window_start_i) with window_done_o (pulse) then too, or at once if a sweep runs: the flip is then taken later.
// First commit of a load: everything; later: what the lists since the last commit name. The lists are emptied while the engine
// works on the last pass.
// live_tick_o: the last committed tick, from live_ready_o on, or from the end of the only pass.
// engine_idle_i must be low from the second cycle after a job was taken until its row's last write is a cycle old: so there is no
// wait but for it. watch_busy_i: from the cycle after live_ready_o to the end of the evaluation. watched_hold_o: while a commit
// asks which instruments are watched, and until live_ready_o: the set must not change.
// Latency: 1 cycle from a start to the walk's, which has the first job 2 cycles later; 1 from engine_idle_i to live_ready_o.
// NOT_LOADED unless loaded_i; MALFORMED_RECORD unless the tick exceeds the last one (unsigned): 2 cycles, and nothing else
// (window: refused_o, a pulse with refused_status_o, in the cycle of window_done_o).
// load_started_i: a new load, which has no tick. Mirrors pl_tables_commit. A commit ends only by itself or by reset.
`default_nettype none
module commit (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire         commit_start_i,
    input  wire  [63:0] commit_tick_i,
    output logic        commit_done_o,
    output logic [ 7:0] commit_status_o,
    input  wire         window_start_i,
    input  wire  [63:0] window_tick_i,
    output logic        window_done_o,
    output logic        refused_o,
    output logic [ 7:0] refused_status_o,
    input  wire         load_started_i,
    input  wire         loaded_i,
    output logic        accepted_o,       // pulse: what the lists since the last commit name is being committed
    output logic        idle_o,
    output logic        ended_o,          // level: at the end, all is priced and judged
    output logic [63:0] live_tick_o,
    output logic        live_ready_o,     // pulse
    input  wire         watching_i,
    output logic        watched_hold_o,
    input  wire         watch_busy_i,
    input  wire         engine_idle_i,
    output logic        all_o,            // the load's first commit
    output logic        filter_o,         // the walk is about the watched instruments, or about the others
    output logic        wanted_o,
    output logic        walk_start_o,     // pulse: the instruments to price
    output logic        walk_first_o,     // with it: the first pass
    input  wire         walk_busy_i,
    output logic        pricing_o,        // what the walk names is a job
    output logic        clean_start_o,    // pulse: expiries and vols whose marks go
    input  wire         clean_busy_i,
    output logic        restart_o,        // pulse: empty the lists since the last commit
    output logic        flip_add_o,       // pulse: the live tick is to become the frozen one
    input  wire         flip_waiting_i,   // that has not yet begun
    input  wire         flip_busy_i,
    input  wire         sweep_running_i
);
  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] DECIDE = 3'd1;
  localparam logic [2:0] PRICE = 3'd2;   // the walk names instruments
  localparam logic [2:0] ENGINE = 3'd3;  // the last of them is being priced
  localparam logic [2:0] LIVE = 3'd4;    // the watched set is being judged
  localparam logic [2:0] FLIP = 3'd5;
  localparam logic [2:0] DONE = 3'd6;

  logic [2:0] state_q;
  logic window_q, later_q, live_q;       // live_q: a tick of this load was committed
  logic filter_q, second_q, clean_q;
  logic [63:0] next_q;
  logic ok, priced, pass_done, last_pass, cleaned, live_done;
  logic [7:0] status;

  assign ok = loaded_i && later_q;
  assign status = !loaded_i ? pl_abi_pkg::PL_STATUS_NOT_LOADED :
      later_q ? pl_abi_pkg::PL_STATUS_OK : pl_abi_pkg::PL_STATUS_MALFORMED_RECORD;
  assign last_pass = !filter_q || second_q;
  assign priced = state_q == PRICE && !walk_busy_i;
  assign cleaned = !clean_start_o && !clean_busy_i;
  assign pass_done = state_q == ENGINE && engine_idle_i && (!last_pass || (clean_q && cleaned));
  assign live_done = state_q == LIVE && !watch_busy_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_q <= IDLE;
    else begin
      case (state_q)
        IDLE: if (commit_start_i || window_start_i) state_q <= DECIDE;
        DECIDE: state_q <= ok ? PRICE : DONE;
        PRICE: if (priced) state_q <= ENGINE;
        ENGINE: if (pass_done) state_q <= last_pass ? LIVE : PRICE;
        LIVE: if (live_done) state_q <= FLIP;
        FLIP: if (!flip_busy_i && (!flip_waiting_i || (window_q && sweep_running_i))) state_q <= DONE;
        default: state_q <= IDLE;
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    if (state_q == IDLE) begin
      window_q <= window_start_i;
      next_q <= window_start_i ? window_tick_i : commit_tick_i;
      later_q <= !live_q || (window_start_i ? window_tick_i : commit_tick_i) > live_tick_o;
      all_o <= !live_q;
    end
    if (state_q == DECIDE) begin
      commit_status_o <= status;
      filter_q <= watching_i;
      second_q <= 1'b0;
    end else if (pass_done) second_q <= 1'b1;
  end

  // The marks go during the last pass's wait for the engine.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      clean_start_o <= 1'b0;
      clean_q <= 1'b0;
      live_ready_o <= 1'b0;
      restart_o <= 1'b0;
    end else begin
      clean_start_o <= priced && last_pass;
      clean_q <= state_q == ENGINE && !pass_done;
      live_ready_o <= pass_done && !last_pass;
      restart_o <= pass_done && last_pass;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || load_started_i) begin
      live_q <= 1'b0;
      live_tick_o <= '0;
    end else if (pass_done && !second_q) begin
      live_q <= 1'b1;
      live_tick_o <= next_q;
    end
  end

  assign walk_start_o = (state_q == DECIDE && ok) || (pass_done && !last_pass);
  assign walk_first_o = state_q == DECIDE;
  assign filter_o = filter_q;
  assign wanted_o = !second_q;
  assign pricing_o = state_q == PRICE;
  assign accepted_o = state_q == DECIDE && ok;
  assign idle_o = state_q == IDLE;
  assign ended_o = state_q == FLIP;
  assign flip_add_o = live_done;
  assign watched_hold_o = state_q == DECIDE || state_q == PRICE || state_q == ENGINE;
  assign commit_done_o = state_q == DONE && !window_q;
  assign window_done_o = state_q == DONE && window_q;
  assign refused_o = window_done_o && commit_status_o != pl_abi_pkg::PL_STATUS_OK;
  assign refused_status_o = commit_status_o;

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_no_start_while_busy: assert (!(commit_start_i || window_start_i) || state_q == IDLE);
      a_one_start: assert (!(commit_start_i && window_start_i));
      a_no_load_meanwhile: assert (!load_started_i || state_q == IDLE);
      a_judged_before_next: assert (!(accepted_o && watch_busy_i));
    end
  end
endmodule
`default_nettype wire

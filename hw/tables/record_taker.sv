// Runs one LOAD or TICK: takes its records, checks them (record_check), puts the accepted ones on the table bus, walks the clear
// index after MODEL and asks table_finish for the end of a load.
//
// A record is taken every second cycle at most; it is on the table bus 5 cycles later. All record_count_i records are taken,
// those after the first broken one are discarded. record_done_o is a pulse with status and detail: the index of the broken
// record, or what finish found, or 0. A LOAD of no records is MALFORMED_RECORD, a TICK of none OK, as in model_load() and
// model_tick().
// Clear walk: clear_index_o = 0 .. CLEAR_LENGTH - 1, one per cycle, right after MODEL's record.
// window_valid_i: a checked record of the window, only while no operation runs and a load is complete (else ignored): on the table
// bus in the next cycle.
// record_abort_i: the operation is forgotten at once, without record_done_o; records of a TICK on the bus by then have effect.
// Mirrors model_load() of host/dev/model.c and the loops over pl_tables_load and pl_tables_tick.
// model_o holds the counts of the load; loaded_o is struct pl_tables' complete.
`default_nettype none
module record_taker #(
    parameter int unsigned PROFILE        = 32'(pl_abi_pkg::PL_PROFILE_FULL),
    parameter int unsigned SCENARIOS      = 40,
    parameter int unsigned INSTRUMENTS    = 4096,
    parameter int unsigned EXPIRIES       = 512,
    parameter int unsigned UNDERLYINGS    = 128,
    parameter int unsigned CLASSES        = 256,
    parameter int unsigned BRACKET_TABLES = 64,
    parameter int unsigned CLEAR_LENGTH   = 4096
) (
    input  wire                                  clk_i,
    input  wire                                  rst_ni,
    input  wire                                  record_start_i,
    input  wire                                  record_tick_i,
    input  wire  [                         31:0] record_count_i,
    input  wire                                  record_valid_i,
    output logic                                 record_ready_o,
    input  wire  [                        511:0] record_i,
    input  wire                                  record_abort_i,
    input  wire                                  window_valid_i,
    input  wire  [                        511:0] window_record_i,
    output logic                                 record_done_o,
    output logic [                          7:0] record_status_o,
    output logic [                         63:0] record_detail_o,
    output logic                                 finish_start_o,   // pulse
    input  wire                                  finish_done_i,    // pulse
    input  wire  [                          7:0] finish_status_i,
    input  wire  [                         63:0] finish_detail_i,
    output pl_abi_pkg::pl_model_t                model_o,
    output logic                                 load_started_o,   // pulse: MODEL was accepted
    output logic                                 loaded_o,
    output logic                                 table_valid_o,
    output logic [                        511:0] table_record_o,
    output logic                                 clear_valid_o,
    output logic [pl_card_pkg::INSTRUMENT_W-1:0] clear_index_o
);
  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] TAKE = 3'd1;
  localparam logic [2:0] FIRST = 3'd2;   // MODEL is being checked
  localparam logic [2:0] CLEAR = 3'd3;
  localparam logic [2:0] DRAIN = 3'd4;   // the last record is being checked and written
  localparam logic [2:0] FINISH = 3'd5;
  localparam logic [2:0] DONE = 3'd6;
  localparam int unsigned SETTLE = 7;    // cycles from the last record on the bus until everybody has written it
  localparam int unsigned CW = pl_card_pkg::INSTRUMENT_W;

  logic [2:0] state_q;
  logic tick_q, failed_q, pause_q, settling_q, take, start, take_last;
  logic [31:0] left_q, index_q;
  logic [2:0] settle_q;
  logic checked_valid, checked_last, accept, refuse;
  logic [31:0] checked_index;
  logic [511:0] checked_record;
  logic [7:0] checked_status;
  logic [CW-1:0] clear_q;

  assign start = state_q == IDLE && record_start_i && !record_abort_i;
  assign record_ready_o = state_q == TAKE && !pause_q;
  assign take = record_valid_i && record_ready_o && !record_abort_i;
  assign take_last = left_q == 32'd1;
  assign accept = checked_valid && !failed_q && !record_abort_i && checked_status == pl_abi_pkg::PL_STATUS_OK;
  assign refuse = checked_valid && !failed_q && checked_status != pl_abi_pkg::PL_STATUS_OK;

  record_check #(
      .PROFILE(PROFILE),
      .SCENARIOS(SCENARIOS),
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS),
      .CLASSES(CLASSES),
      .BRACKET_TABLES(BRACKET_TABLES)
  ) u_check (
      .clk_i(clk_i),
      .rst_ni(rst_ni),
      .flush_i(record_abort_i),
      .model_i(model_o),
      .loaded_i(loaded_o),
      .table_valid_i(table_valid_o),
      .table_record_i(table_record_o),
      .clear_valid_i(clear_valid_o),
      .clear_index_i(clear_index_o),
      .valid_i(take),
      .tick_i(tick_q),
      .first_i(index_q == '0),
      .last_i(take_last),
      .index_i(index_q),
      .record_i(record_i),
      .valid_o(checked_valid),
      .last_o(checked_last),
      .index_o(checked_index),
      .record_o(checked_record),
      .status_o(checked_status)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni || record_abort_i) begin
      state_q <= IDLE;
      pause_q <= 1'b0;
      settling_q <= 1'b0;
    end else begin
      pause_q <= take;
      case (state_q)
        IDLE: begin
          settling_q <= 1'b0;
          if (record_start_i) state_q <= record_count_i == '0 ? DONE : TAKE;
        end
        TAKE: if (take) state_q <= !tick_q && index_q == '0 ? FIRST : take_last ? DRAIN : TAKE;
        FIRST: if (checked_valid) state_q <= accept ? CLEAR : checked_last ? DONE : TAKE;
        CLEAR: if (clear_q == CW'(CLEAR_LENGTH - 1)) state_q <= left_q == '0 ? FINISH : TAKE;
        DRAIN: begin
          if (checked_valid && checked_last) settling_q <= 1'b1;
          if (settling_q && settle_q == '0) state_q <= tick_q || failed_q ? DONE : FINISH;
        end
        FINISH: if (finish_done_i) state_q <= DONE;
        default: state_q <= IDLE;
      endcase
    end
  end
  always_ff @(posedge clk_i) settle_q <= settling_q ? settle_q - 1'b1 : 3'(SETTLE);

  always_ff @(posedge clk_i) begin
    if (start) begin
      tick_q <= record_tick_i;
      left_q <= record_count_i;
      index_q <= '0;
      failed_q <= 1'b0;
      record_status_o <= record_count_i == '0 && !record_tick_i ? pl_abi_pkg::PL_STATUS_MALFORMED_RECORD :
          pl_abi_pkg::PL_STATUS_OK;
      record_detail_o <= '0;
    end else begin
      if (take) begin
        left_q <= left_q - 1'b1;
        index_q <= index_q + 1'b1;
      end
      if (refuse) begin
        failed_q <= 1'b1;
        record_status_o <= checked_status;
        record_detail_o <= 64'(checked_index);
      end
      if (state_q == FINISH && finish_done_i) begin
        record_status_o <= finish_status_i;
        record_detail_o <= finish_detail_i;
      end
    end
  end
  assign record_done_o = state_q == DONE;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      model_o <= '0;
      loaded_o <= 1'b0;
      load_started_o <= 1'b0;
      table_valid_o <= 1'b0;
      clear_valid_o <= 1'b0;
      finish_start_o <= 1'b0;
    end else begin
      load_started_o <= accept && state_q == FIRST;
      if (accept && state_q == FIRST) begin
        model_o <= checked_record;
        loaded_o <= 1'b0;
      end else if (state_q == FINISH && finish_done_i && !record_abort_i) begin
        loaded_o <= finish_status_i == pl_abi_pkg::PL_STATUS_OK;
      end
      table_valid_o <= accept || (window_valid_i && loaded_o);
      clear_valid_o <= state_q == CLEAR && !record_abort_i;
      finish_start_o <= !record_abort_i && ((state_q == DRAIN && settling_q && settle_q == '0 && !tick_q && !failed_q) ||
          (state_q == CLEAR && clear_q == CW'(CLEAR_LENGTH - 1) && left_q == '0));
    end
  end
  always_ff @(posedge clk_i) begin
    table_record_o <= state_q == IDLE ? window_record_i : checked_record;
    clear_q <= state_q == CLEAR ? clear_q + 1'b1 : '0;
    clear_index_o <= clear_q;
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_no_start_while_busy: assert (!record_start_i || state_q == IDLE);
      a_bus_or_clear: assert (!(table_valid_o && clear_valid_o));
      a_window_while_idle: assert (!window_valid_i || (state_q == IDLE && !record_start_i && !accept));
      a_loaded_while_idle: assert (!load_started_o || !loaded_o);
    end
  end
endmodule
`default_nettype wire

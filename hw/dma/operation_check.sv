// What a submission asks for, and whether it can be done: 4 registers deep, so the outputs are those of an entry that has been
// stable for 4 cycles. One entry per cycle; no stall.
//
// run_o: a unit has to do it. Otherwise status_o is its completion's: the first that applies of
//   BAD_OPERATION  wrong phase, unknown or not provided operation (SELF_TEST), non-zero reserved field
//   NOT_LOADED     TICK and WATCH before a load; SWEEP and READ_ROWS before a committed tick
//   BAD_OPERATION  LOAD, TICK: more than 2^24 lines; SWEEP: no or too many scatter entries, or slots of the one piece that are
//                  none, too many or no whole lines, no such filter, per_underlying or one_piece above 1; WATCH: no such filter; READ_ROWS: a range outside the instruments
//   LIMIT          WATCH of more than WATCH_SLOTS slots
//   MALFORMED_RECORD  LOAD of 0 lines; a TICK of 0 lines, and a READ_ROWS of 0 instruments, is OK without any further check
//   BAD_ADDRESS    an address that the operation uses is not aligned to a line
//   RING_FULL      READ_ROWS: less room than its lines
// COMMIT is always handed to the tables, which know what is loaded.
`default_nettype none
module operation_check #(
    parameter int unsigned WATCH_SLOTS = 32'(pl_abi_pkg::PL_WATCH_SLOTS_MAX)
) (
    input  wire          clk_i,
    input  wire  [511:0] entry_i,
    input  wire          phase_i,
    input  wire          loaded_i,
    input  wire          committed_i,
    input  wire  [ 24:0] instruments_i,
    output logic         run_o,
    output logic [  7:0] status_o,
    output logic [ 27:0] row_lines_o    // lines of READ_ROWS
);
  localparam int unsigned ROW_LINES = 32'((pl_abi_pkg::PL_ROW_BITS + pl_abi_pkg::PL_QUOTE_BITS) / 512);
  if (ROW_LINES != 9) begin : g_rows $error("operation_check: PL_ROW_BITS"); end

  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_submission_t entry;  // the units read the other fields
  // verilator lint_on UNUSEDSIGNAL
  assign entry = entry_i;

  // 1: single fields
  logic known_q, shape_q, none_q, big_q, wide_q, entries_q, slots_q, one_piece_q, sweep_q, filter_q, watch_big_q, misaligned_q, verdict_misaligned_q;
  logic [7:0] op_q;
  logic [25:0] end_q;
  logic [23:0] count_q;
  logic [63:0] room_q;
  logic loaded_q, committed_q;
  always_ff @(posedge clk_i) begin
    op_q <= entry.op;
    case (entry.op)
      pl_abi_pkg::PL_OP_NOP, pl_abi_pkg::PL_OP_FENCE, pl_abi_pkg::PL_OP_LOAD, pl_abi_pkg::PL_OP_TICK, pl_abi_pkg::PL_OP_COMMIT,
      pl_abi_pkg::PL_OP_SWEEP, pl_abi_pkg::PL_OP_WATCH, pl_abi_pkg::PL_OP_READ_ROWS:
      known_q <= 1'b1;
      default: known_q <= 1'b0;
    endcase
    shape_q <= (entry.one_piece == '0 || (entry.op == pl_abi_pkg::PL_OP_SWEEP && entry.one_piece == 8'd1)) && entry.serial[31] == phase_i;
    none_q <= entry.count == '0;
    big_q <= entry.count[63:25] != '0 || (entry.count[24] && entry.count[23:0] != '0);
    wide_q <= entry.count[63:24] != '0 || entry.address[63:24] != '0;
    entries_q <= entry.count <= pl_abi_pkg::PL_SCATTER_ENTRIES_MAX;
    slots_q <= entry.count[63:32] == '0 && entry.count[2:0] == '0;
    one_piece_q <= entry.one_piece[0];
    sweep_q <= entry.filter <= pl_abi_pkg::PL_STATE_BANKRUPT && entry.per_underlying <= 8'd1;
    filter_q <= entry.filter <= pl_abi_pkg::PL_STATE_BANKRUPT;
    watch_big_q <= entry.count > 64'(WATCH_SLOTS);
    misaligned_q <= entry.address[5:0] != '0;
    verdict_misaligned_q <= entry.verdict_address[5:0] != '0;
    count_q <= entry.count[23:0];
    end_q <= 26'(entry.address[23:0]) + 26'(entry.count[23:0]);
    room_q <= entry.verdict_lines;
    loaded_q <= loaded_i;
    committed_q <= loaded_i && committed_i;
  end

  // 2: ranges
  logic range_q, stream_q;
  logic [27:0] row_lines_q;
  always_ff @(posedge clk_i) begin
    range_q <= !wide_q && end_q <= 26'(instruments_i);
    stream_q <= sweep_q && !none_q && (one_piece_q ? slots_q : entries_q);
    row_lines_q <= {1'b0, count_q, 3'b0} + 28'(count_q);
  end

  // 3: room
  logic short_q;
  always_ff @(posedge clk_i) short_q <= room_q < 64'(row_lines_q);

  // 4: what is to be done
  logic run;
  logic [7:0] status;
  always_comb begin
    run = 1'b0;
    status = pl_abi_pkg::PL_STATUS_OK;
    if (!known_q || !shape_q) begin
      status = pl_abi_pkg::PL_STATUS_BAD_OPERATION;
    end else begin
      case (op_q)
        pl_abi_pkg::PL_OP_LOAD, pl_abi_pkg::PL_OP_TICK: begin
          if (op_q == pl_abi_pkg::PL_OP_TICK && !loaded_q) status = pl_abi_pkg::PL_STATUS_NOT_LOADED;
          else if (big_q) status = pl_abi_pkg::PL_STATUS_BAD_OPERATION;
          else if (none_q) begin
            status = op_q == pl_abi_pkg::PL_OP_TICK ? pl_abi_pkg::PL_STATUS_OK : pl_abi_pkg::PL_STATUS_MALFORMED_RECORD;
          end else if (misaligned_q) status = pl_abi_pkg::PL_STATUS_BAD_ADDRESS;
          else run = 1'b1;
        end
        pl_abi_pkg::PL_OP_COMMIT: run = 1'b1;
        pl_abi_pkg::PL_OP_SWEEP: begin
          if (!committed_q) status = pl_abi_pkg::PL_STATUS_NOT_LOADED;
          else if (!stream_q) status = pl_abi_pkg::PL_STATUS_BAD_OPERATION;
          else if (misaligned_q || verdict_misaligned_q) status = pl_abi_pkg::PL_STATUS_BAD_ADDRESS;
          else run = 1'b1;
        end
        pl_abi_pkg::PL_OP_WATCH: begin
          if (!loaded_q) status = pl_abi_pkg::PL_STATUS_NOT_LOADED;
          else if (!filter_q) status = pl_abi_pkg::PL_STATUS_BAD_OPERATION;
          else if (watch_big_q) status = pl_abi_pkg::PL_STATUS_LIMIT;
          else if (misaligned_q && !none_q) status = pl_abi_pkg::PL_STATUS_BAD_ADDRESS;
          else run = 1'b1;
        end
        pl_abi_pkg::PL_OP_READ_ROWS: begin
          if (!committed_q) status = pl_abi_pkg::PL_STATUS_NOT_LOADED;
          else if (!range_q) status = pl_abi_pkg::PL_STATUS_BAD_OPERATION;
          else if (none_q) status = pl_abi_pkg::PL_STATUS_OK;
          else if (verdict_misaligned_q) status = pl_abi_pkg::PL_STATUS_BAD_ADDRESS;
          else if (short_q) status = pl_abi_pkg::PL_STATUS_RING_FULL;
          else run = 1'b1;
        end
        default: ;  // NOP, FENCE
      endcase
    end
  end
  always_ff @(posedge clk_i) begin
    run_o <= run;
    status_o <= status;
    row_lines_o <= row_lines_q;
  end
endmodule
`default_nettype wire

// window_check with record_check: a line gets its verdict once, 4 cycles after it was taken, unless a clear or a load came between; it is
// accepted just when it is whole, a record or commit that may be, numbered as the next one, its tick above the one before, there is
// room, and everything since the last clear was accepted, the tables' ticks too. So what is accepted is numbered 1, 2, 3 .. without
// a gap, and after a refusal nothing is until the clear. The first refusal's status stays; with it the open tick is dropped. Every
// line taken and every refusal is counted once.
//
// Records: TICK_PRICE with a flag that may or may not be, TICK_COMMIT, and two kinds that may not; ticks 0..3, numbers of lines that
// differ from the right one in the first or the last bit. TICK_VOL and the ranges of words are the benches' part. Assumed: the
// tables refuse no further tick while 3 refusals wait to be counted.
//! read watch/window_check tables/record_check tables/record_ranges tables/check_model tables/check_load tables/check_tick
//! read tables/table_memory
//! prove pdr
//! bounded 20 a_no_gap
//! also smt 8
//! cover 20
`default_nettype none
module window_verdicts (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       clear_i,
    input wire       forget_i,
    input wire       waiting_i,
    input wire       valid_i,
    input wire       whole_i,
    input wire [1:0] kind_i,
    input wire       flag_i,         // one that may not be
    input wire [1:0] wrong_i,        // of the number
    input wire [1:0] tick_i,
    input wire       room_i,
    input wire       open_full_i,
    input wire       tick_refused_i,
    input wire [1:0] tick_status_i
);
  (* anyconst *) logic loaded;
  logic ready, taken, verdict, accept, record, ends, drop, error, line_count, refused_count;
  logic [7:0] status, kind;
  logic [31:0] next_q, number;
  logic [511:0] line;
  pl_abi_pkg::pl_model_t model;
  always_comb begin
    model = '0;
    model.expiries = 32'd2;
    case (kind_i)
      2'd0: kind = pl_abi_pkg::PL_RECORD_TICK_PRICE;
      2'd1: kind = pl_abi_pkg::PL_RECORD_TICK_COMMIT;
      2'd2: kind = pl_abi_pkg::PL_RECORD_TICK_TIME;
      default: kind = '0;
    endcase
  end
  assign number = {next_q[31] ^ wrong_i[1], next_q[30:1], next_q[0] ^ wrong_i[0]};
  window_check #(
      .PROFILE(2), .SCENARIOS(1), .INSTRUMENTS(2), .EXPIRIES(2), .UNDERLYINGS(1), .CLASSES(1), .BRACKET_TABLES(1)
  ) u_check (
      .clk_i, .rst_ni, .clear_i, .forget_i, .waiting_i, .model_i(model), .loaded_i(loaded), .table_valid_i(1'b0), .table_record_i('0),
      .clear_valid_i(1'b0), .clear_index_i('0), .line_valid_i(valid_i), .line_ready_o(ready), .line_ok_i(whole_i),
      .line_i({62'b0, tick_i, 384'b0, number, 21'b0, flag_i, 2'b0, kind}), .room_i, .open_full_i, .taken_o(taken),
      .verdict_valid_o(verdict), .accept_o(accept), .record_o(record), .end_o(ends), .line_o(line), .drop_o(drop), .tick_refused_i,
      .tick_status_i({6'b0, tick_status_i}), .status_o(status), .error_valid_o(error), .line_count_o(line_count),
      .refused_count_o(refused_count)
  );

  logic begun_q = 1'b0;
  logic flush, stopped_q, any_q, refused, good;
  logic [1:0] last_q;  // tick, of what was taken
  logic [3:0] came_q, good_q, record_q, end_q;  // the last four lines, the oldest in the high bit
  logic [7:0] first, first_1_q, first_2_q, first_3_q, first_4_q, at_fault, status_q;  // what a line itself would be refused with
  logic [31:0] accepted_q;
  logic [1:0] owed_q;
  logic [2:0] owed;
  assign flush = clear_i || forget_i;
  assign good = kind_i == 2'd0 ? !flag_i : kind_i == 2'd1 && tick_i != '0;
  assign at_fault = first_4_q != '0 ? first_4_q : open_full_i ? pl_abi_pkg::PL_STATUS_LIMIT : pl_abi_pkg::PL_STATUS_OK;
  assign refused = came_q[3] && !flush && (stopped_q || tick_refused_i || at_fault != pl_abi_pkg::PL_STATUS_OK);
  assign owed = 3'(owed_q) + 3'(refused) + 3'(tick_refused_i);
  always_comb begin
    if (!whole_i) first = pl_abi_pkg::PL_STATUS_BAD_ADDRESS;
    else if (!loaded) first = pl_abi_pkg::PL_STATUS_NOT_LOADED;
    else if (!good || wrong_i != '0 || (tick_i != '0 && any_q && tick_i <= last_q)) first = pl_abi_pkg::PL_STATUS_MALFORMED_RECORD;
    else first = pl_abi_pkg::PL_STATUS_OK;
  end
  always_comb begin
    assume (begun_q || !rst_ni);
    assume (tick_status_i != '0);
    if (rst_ni && begun_q && owed_q == '1) assume (!tick_refused_i);
  end
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    {first_4_q, first_3_q, first_2_q, first_1_q} <= {first_3_q, first_2_q, first_1_q, first};
    record_q <= {record_q[2:0], kind_i != 2'd1};
    end_q <= {end_q[2:0], tick_i != '0};
    if (taken && tick_i != '0) last_q <= tick_i;
    if (!rst_ni || flush) begin
      next_q <= 32'd1;
      came_q <= '0;
      any_q <= 1'b0;
      accepted_q <= '0;
    end else begin
      next_q <= next_q + 32'(taken);
      came_q <= {came_q[2:0], taken};
      any_q <= any_q || (taken && tick_i != '0);
      accepted_q <= accepted_q + 32'(accept);
    end
    if (!rst_ni) begin
      stopped_q <= 1'b0;
      status_q <= pl_abi_pkg::PL_STATUS_OK;
      owed_q <= '0;
    end else begin
      owed_q <= owed == '0 ? '0 : 2'(owed - 3'd1);
      if (tick_refused_i && (flush || !stopped_q)) begin
        stopped_q <= 1'b1;
        status_q <= {6'b0, tick_status_i};
      end else if (!tick_refused_i && flush) begin
        stopped_q <= forget_i && waiting_i;
        status_q <= forget_i && waiting_i ? pl_abi_pkg::PL_STATUS_RESET : pl_abi_pkg::PL_STATUS_OK;
      end else if (refused && !stopped_q) begin
        stopped_q <= 1'b1;
        status_q <= at_fault;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && begun_q && $past(rst_ni)) begin
      a_taken: assert (taken == (valid_i && (room_i || open_full_i || stopped_q) && !flush));
      a_verdict_once: assert (verdict == came_q[3]);
      a_accept: assert (accept == (verdict && !flush && !stopped_q && !tick_refused_i && at_fault == pl_abi_pkg::PL_STATUS_OK));
      if (accept) a_no_gap: assert (line[63:32] == accepted_q + 1'b1);
      if (accept) a_kind: assert (record == record_q[3] && ends == end_q[3]);
      a_drop: assert (drop == (tick_refused_i || (refused && !stopped_q)));
      a_status: assert (status == status_q && (status != pl_abi_pkg::PL_STATUS_OK) == stopped_q);
      if (error) a_error: assert (stopped_q);
      a_lines_counted: assert (line_count == $past(taken));
      a_refusals_counted: assert (refused_count == $past(owed != '0));
      c_second_tick: cover (accept && ends && !record && accepted_q == 32'd3 && end_q[1]);
      c_gap: cover (error && status == pl_abi_pkg::PL_STATUS_MALFORMED_RECORD && accepted_q == 32'd2 && came_q == '1);
      c_full: cover (error && status == pl_abi_pkg::PL_STATUS_LIMIT && !$past(tick_refused_i));
      c_starts_anew: cover (accept && accepted_q == 32'd1 && $past(stopped_q, 7) && $past(stopped_q && status == 8'd3, 8));
      c_twice: cover (owed == 3'd3 && refused && tick_refused_i);
    end
  end
endmodule
`default_nettype wire

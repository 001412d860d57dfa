// Operation READ_ROWS: rows and quotes of the frozen tick as lines for host memory.
//
// start_i with count_i >= 0 rows from first_i; the k-th goes to address_i + 576 k, 8 lines of pl_row_t and one of pl_quote_t. One
// row at a time: its job, what the row engine writes for it, then its lines. busy_o from the start on: the row stores then take no
// writes. done_o is a pulse, after the last line was taken (or the cycle after start_i with count_i = 0).
// Stall: line_ready_i holds the lines, which stay. No errors. Words that the engine does not write are 0.
// Reference: pl_row_fill() in host/model/row.c.
`default_nettype none

module pl_row_reader (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          start_i,
    input  wire  [ 23:0] first_i,
    input  wire  [ 23:0] count_i,
    input  wire  [ 63:0] address_i,
    output logic         job_valid_o,
    input  wire          job_ready_i,
    output logic [ 23:0] job_instrument_o,
    input  wire          write_a_valid_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [ 23:0] write_a_instrument_i,  // only one row is under way
    input  wire  [ 23:0] write_b_instrument_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [  5:0] write_a_column_i,
    input  wire  [ 63:0] write_a_value_i,
    input  wire          write_b_valid_i,
    input  wire  [  5:0] write_b_column_i,
    input  wire  [ 63:0] write_b_value_i,
    input  wire          quote_valid_i,
    input  wire  [511:0] quote_i,
    output logic         line_valid_o,
    input  wire          line_ready_i,
    output logic [ 63:0] line_address_o,
    output logic [511:0] line_data_o,
    output logic         busy_o,
    output logic         done_o
);
  localparam int unsigned WORDS = pl_abi_pkg::PL_ROW_BITS / 64;
  localparam int unsigned LINE_WORDS = pl_card_pkg::LINE_W / 64;
  localparam logic [3:0] QUOTE_LINE = 4'(pl_abi_pkg::PL_ROW_BITS / pl_card_pkg::LINE_W);
  localparam logic [1:0] IDLE = 2'd0, JOB = 2'd1, ROW = 2'd2, LINES = 2'd3;

  // Sign and magnitude to two's complement; META to the first word of a row.
  function automatic logic [63:0] twos(input logic [63:0] value);
    twos = value[63] ? 64'd0 - {1'b0, value[62:0]} : value;
  endfunction
  pl_card_pkg::row_meta_t meta;
  assign meta = write_b_value_i[pl_card_pkg::ROW_META_W-1:0];
  wire [63:0] first_word = {
    16'(meta.margin_class), 16'(meta.expiry), 8'(meta.is_asset), meta.row_shift, 8'(meta.kind), 8'(meta.flags)
  };
  wire meta_valid = write_b_valid_i && write_b_column_i == 6'(pl_card_pkg::COLUMN_META);

  logic [1:0] state_q;
  logic [23:0] left_q;
  logic [3:0] line_q;
  logic [511:0] line, quote_q;

  // Words lie in a memory of the port that wrote them, by their place in a line.
  logic [WORDS-1:0] written_q, by_b_q;
  wire [63:0] value_a = twos(write_a_value_i);
  wire [63:0] value_b = write_b_column_i == 6'(pl_card_pkg::COLUMN_META) ? first_word : twos(write_b_value_i);
  always_ff @(posedge clk_i) begin
    if (state_q == JOB) begin
      written_q <= '0;
    end else begin
      for (int unsigned w = 0; w < WORDS; w++) begin
        if (write_b_valid_i && write_b_column_i == 6'(w)) {written_q[w], by_b_q[w]} <= 2'b11;
        else if (write_a_valid_i && write_a_column_i == 6'(w)) {written_q[w], by_b_q[w]} <= 2'b10;
      end
    end
  end
  for (genvar w = 0; w < LINE_WORDS; w++) begin : g_word
    logic [63:0] a[WORDS/LINE_WORDS], b[WORDS/LINE_WORDS];
    wire [5:0] word = {line_q[2:0], 3'(w)};
    always_ff @(posedge clk_i) if (write_a_valid_i && write_a_column_i[2:0] == 3'(w)) a[write_a_column_i[5:3]] <= value_a;
    always_ff @(posedge clk_i) if (write_b_valid_i && write_b_column_i[2:0] == 3'(w)) b[write_b_column_i[5:3]] <= value_b;
    assign line[64*w+:64] = !written_q[word] ? '0 : by_b_q[word] ? b[line_q[2:0]] : a[line_q[2:0]];
  end

  // Lines leave from a register; the next one is chosen while it waits.
  wire next = state_q == LINES && line_q <= QUOTE_LINE && (!line_valid_o || line_ready_i);
  wire taken = line_valid_o && line_ready_i;
  wire row_end = taken && line_q == QUOTE_LINE + 4'd1;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= IDLE;
      line_valid_o <= 1'b0;
      done_o <= 1'b0;
    end else begin
      done_o <= (state_q == IDLE && start_i && count_i == '0) || (row_end && left_q == 24'd1);
      line_valid_o <= next || (line_valid_o && !line_ready_i);
      case (state_q)
        IDLE: if (start_i && count_i != '0) state_q <= JOB;
        JOB: if (job_ready_i) state_q <= ROW;
        ROW: if (meta_valid) state_q <= LINES;
        default: if (row_end) state_q <= left_q == 24'd1 ? IDLE : JOB;
      endcase
    end
  end
  logic [63:0] address_q;
  always_ff @(posedge clk_i) begin
    if (state_q == IDLE && start_i) begin
      job_instrument_o <= first_i;
      left_q <= count_i;
      address_q <= address_i;
    end else if (row_end) begin
      job_instrument_o <= job_instrument_o + 24'd1;
      left_q <= left_q - 24'd1;
    end
    if (quote_valid_i) quote_q <= quote_i;
    if (state_q != LINES) line_q <= '0;
    else if (next) line_q <= line_q + 4'd1;
    if (next) begin
      line_data_o <= line_q == QUOTE_LINE ? quote_q : line;
      line_address_o <= address_q;
      address_q <= address_q + 64'(pl_abi_pkg::PL_LINE_BYTES);
    end
  end
  assign job_valid_o = state_q == JOB;
  assign busy_o = state_q != IDLE;
endmodule
`default_nettype wire

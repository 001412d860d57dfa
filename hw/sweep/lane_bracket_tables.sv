// The loaded bracket tables, and which one a margin class uses on each side.
//
// class_i and short_i yield, 2 cycles later, table_o and count_o, its number of brackets. table_i and
// index_i yield bracket_o 1 cycle later, held until the next read_i. Records of the table bus (CLASS,
// BRACKET) are written in the cycle they come; no sweep runs then. Throughput 1 lookup and 1 read per
// cycle. Errors: none; every index was checked before. Table 0 is no table; its count is not defined.
// Reference: the tables of pl_brackets_evaluate in host/model/brackets.c.
`default_nettype none
module lane_bracket_tables #(
    parameter  int unsigned CLASSES = 256,
    parameter  int unsigned TABLES  = 64,
    localparam int unsigned COEFFICIENT_W = pl_card_pkg::COEFFICIENT_W,
    localparam int unsigned CLASS_W = $clog2(CLASSES),
    localparam int unsigned TABLE_W = $clog2(TABLES),
    localparam int unsigned INDEX_W = $clog2(32'(pl_abi_pkg::PL_BRACKETS_MAX)),
    localparam int unsigned COUNT_W = INDEX_W + 1,
    localparam int unsigned BRACKET_W = 2 * (64 + COEFFICIENT_W)  // {im_cum, im_rate, mm_cum, mm_rate}
) (
    input  wire                  clk_i,
    input  wire                  table_valid_i,
    input  wire  [511:0]         table_record_i,
    input  wire  [CLASS_W-1:0]   class_i,
    input  wire                  short_i,
    output logic [TABLE_W-1:0]   table_o,
    output logic [COUNT_W-1:0]   count_o,
    input  wire                  read_i,
    input  wire  [TABLE_W-1:0]   table_i,
    input  wire  [INDEX_W-1:0]   index_i,
    output logic [BRACKET_W-1:0] bracket_o
);
  if (CLASSES < 2 || CLASSES > 32'(pl_abi_pkg::PL_CLASSES_MAX)) begin : g_classes
    $error("lane_bracket_tables: CLASSES must lie in 2..PL_CLASSES_MAX");
  end
  if (TABLES < 2 || TABLES > 32'(pl_abi_pkg::PL_BRACKET_TABLES_MAX)) begin : g_tables
    $error("lane_bracket_tables: TABLES must lie in 2..PL_BRACKET_TABLES_MAX");
  end

  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_class_t class_record;
  pl_abi_pkg::pl_bracket_t bracket_record;
  // verilator lint_on UNUSEDSIGNAL
  assign class_record = table_record_i;
  assign bracket_record = table_record_i;

  logic [2*TABLE_W-1:0] class_memory[CLASSES];
  logic [COUNT_W-1:0] count_memory[TABLES];
  logic [BRACKET_W-1:0] bracket_memory[TABLES<<INDEX_W];
  logic [2*TABLE_W-1:0] sides_q;
  logic [TABLE_W-1:0] chosen;
  logic short_q;

  always_ff @(posedge clk_i) begin
    if (table_valid_i && class_record.kind == pl_abi_pkg::PL_RECORD_CLASS) begin
      class_memory[class_record.index[CLASS_W-1:0]] <=
          {class_record.short_brackets[TABLE_W-1:0], class_record.long_brackets[TABLE_W-1:0]};
    end
    if (table_valid_i && bracket_record.kind == pl_abi_pkg::PL_RECORD_BRACKET) begin
      count_memory[bracket_record.bracket_table[TABLE_W-1:0]] <= bracket_record.count[COUNT_W-1:0];
      bracket_memory[{bracket_record.bracket_table[TABLE_W-1:0], bracket_record.index[INDEX_W-1:0]}] <=
          {bracket_record.im_cum, bracket_record.im_rate[COEFFICIENT_W-1:0],
           bracket_record.mm_cum, bracket_record.mm_rate[COEFFICIENT_W-1:0]};
    end
  end

  assign chosen = short_q ? sides_q[TABLE_W+:TABLE_W] : sides_q[TABLE_W-1:0];
  always_ff @(posedge clk_i) begin
    sides_q <= class_memory[class_i];
    short_q <= short_i;
    table_o <= chosen;
    count_o <= count_memory[chosen];
    if (read_i) bracket_o <= bracket_memory[{table_i, index_i}];
  end
endmodule
`default_nettype wire

// What the end of a load and a commit need of the records of a load, each entry with a bit that says that it came.
//
// Written from the table bus, emptied by the clear walk. read_* read one entry of every table at entry_i (beyond a table's
// capacity: its low bits), nested_* a scenario and a bracket, 1 cycle later; outputs hold until the next read.
// lookup_* is the commit's read of an instrument's expiry; it shares the port of the instruments: never with read_valid_i.
// Throughput 1 per cycle, no stall. Mirrors the arrays of struct pl_tables.
`default_nettype none
module finish_memories #(
    parameter  int unsigned INSTRUMENTS    = 4096,
    parameter  int unsigned EXPIRIES       = 512,
    parameter  int unsigned UNDERLYINGS    = 128,
    parameter  int unsigned CLASSES        = 256,
    parameter  int unsigned BRACKET_TABLES = 64,
    localparam int unsigned INDEX_W = pl_card_pkg::INSTRUMENT_W,
    localparam int unsigned CW = pl_card_pkg::COEFFICIENT_W
) (
    input  wire                clk_i,
    input  wire                table_valid_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [      511:0] table_record_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire                clear_valid_i,
    input  wire  [INDEX_W-1:0] clear_index_i,
    input  wire                read_valid_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [INDEX_W-1:0] entry_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire                nested_valid_i,
    input  wire  [        3:0] nested_table_i,  // scenario table; the bracket table is entry_i
    input  wire  [        5:0] nested_i,
    input  wire                lookup_valid_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [INDEX_W-1:0] lookup_i,
    // verilator lint_on UNUSEDSIGNAL
    output logic               underlying_here_o,
    output logic [        3:0] group_o,
    output logic [        7:0] scenario_count_o,
    output logic [        3:0] scenario_table_o,
    output logic [   2*CW-1:0] factors_o,        // of maintenance and initial loss
    output logic               expiry_here_o,
    output logic [        9:0] underlying_o,     // of the expiry
    output logic               instrument_here_o,
    output logic [       13:0] expiry_o,         // of the instrument
    output logic               is_asset_o,
    output logic               class_here_o,
    output logic               multiplier_here_o,
    output logic               group_here_o,
    output logic [        6:0] scenario_o,       // here, count of its table
    output logic [        5:0] bracket_o         // here, count of its table
);
  localparam int unsigned IW = $clog2(INSTRUMENTS);
  localparam int unsigned EW = $clog2(EXPIRIES);
  localparam int unsigned UW = $clog2(UNDERLYINGS);
  localparam int unsigned KW = $clog2(CLASSES);
  localparam int unsigned BW = $clog2(BRACKET_TABLES);
  localparam int unsigned MULTIPLIERS = 32'(pl_abi_pkg::PL_MULTIPLIERS_MAX);
  localparam int unsigned MW = $clog2(MULTIPLIERS);
  localparam int unsigned GROUPS = 32'(pl_abi_pkg::PL_OFFSET_GROUPS_MAX);
  localparam int unsigned GW = $clog2(GROUPS);
  localparam int unsigned SCENARIO_WORDS = 32'(pl_abi_pkg::PL_SCENARIO_TABLES_MAX) * 64;
  localparam int unsigned BRACKETS = 32'(pl_abi_pkg::PL_BRACKETS_MAX);

  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_scenario_t s;
  pl_abi_pkg::pl_underlying_t u;
  pl_abi_pkg::pl_expiry_t e;
  pl_abi_pkg::pl_instrument_t i;
  pl_abi_pkg::pl_class_t c;
  pl_abi_pkg::pl_bracket_t b;
  pl_abi_pkg::pl_multiplier_t m;
  pl_abi_pkg::pl_offset_group_t g;
  logic [15:0] bracket_table;
  // verilator lint_on UNUSEDSIGNAL
  logic [7:0] kind;
  logic [IW-1:0] instrument_address;
  assign s = table_record_i;
  assign u = table_record_i;
  assign e = table_record_i;
  assign i = table_record_i;
  assign c = table_record_i;
  assign b = table_record_i;
  assign m = table_record_i;
  assign g = table_record_i;
  assign kind = table_record_i[7:0];
  assign bracket_table = b.bracket_table - 1'b1;
  assign instrument_address = lookup_valid_i ? lookup_i[IW-1:0] : entry_i[IW-1:0];

  table_memory #(
      .WIDTH(17 + 2 * CW),
      .DEPTH(UNDERLYINGS)
  ) u_underlyings (
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(table_valid_i && kind == pl_abi_pkg::PL_RECORD_UNDERLYING),
      .write_address_i(u.index[UW-1:0]),
      .write_data_i({1'b1, u.offset_group[3:0], u.scenario_count, u.scenario_table[3:0], u.mm_loss_factor[CW-1:0],
                     u.im_loss_factor[CW-1:0]}),
      .read_valid_i(read_valid_i),
      .read_address_i(entry_i[UW-1:0]),
      .read_data_o({underlying_here_o, group_o, scenario_count_o, scenario_table_o, factors_o})
  );
  table_memory #(
      .WIDTH(11),
      .DEPTH(EXPIRIES)
  ) u_expiries (
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(table_valid_i && kind == pl_abi_pkg::PL_RECORD_EXPIRY),
      .write_address_i(e.index[EW-1:0]),
      .write_data_i({1'b1, e.underlying[9:0]}),
      .read_valid_i(read_valid_i),
      .read_address_i(entry_i[EW-1:0]),
      .read_data_o({expiry_here_o, underlying_o})
  );
  table_memory #(
      .WIDTH(16),
      .DEPTH(INSTRUMENTS)
  ) u_instruments (
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(table_valid_i && kind == pl_abi_pkg::PL_RECORD_INSTRUMENT),
      .write_address_i(i.index[IW-1:0]),
      .write_data_i({1'b1, i.expiry[13:0], i.is_asset[0]}),
      .read_valid_i(read_valid_i || lookup_valid_i),
      .read_address_i(instrument_address),
      .read_data_o({instrument_here_o, expiry_o, is_asset_o})
  );
  table_memory #(
      .WIDTH(1),
      .DEPTH(CLASSES)
  ) u_classes (
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(table_valid_i && kind == pl_abi_pkg::PL_RECORD_CLASS),
      .write_address_i(c.index[KW-1:0]),
      .write_data_i(1'b1),
      .read_valid_i(read_valid_i),
      .read_address_i(entry_i[KW-1:0]),
      .read_data_o(class_here_o)
  );
  table_memory #(
      .WIDTH(1),
      .DEPTH(MULTIPLIERS)
  ) u_multipliers (
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(table_valid_i && kind == pl_abi_pkg::PL_RECORD_MULTIPLIER),
      .write_address_i(m.index[MW-1:0]),
      .write_data_i(1'b1),
      .read_valid_i(read_valid_i),
      .read_address_i(entry_i[MW-1:0]),
      .read_data_o(multiplier_here_o)
  );
  table_memory #(
      .WIDTH(1),
      .DEPTH(GROUPS)
  ) u_groups (  // group 1 in entry 0
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(table_valid_i && kind == pl_abi_pkg::PL_RECORD_OFFSET_GROUP),
      .write_address_i(g.index[GW-1:0] - 1'b1),
      .write_data_i(1'b1),
      .read_valid_i(read_valid_i),
      .read_address_i(entry_i[GW-1:0]),
      .read_data_o(group_here_o)
  );
  table_memory #(
      .WIDTH(7),
      .DEPTH(SCENARIO_WORDS)
  ) u_scenarios (
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(table_valid_i && kind == pl_abi_pkg::PL_RECORD_SCENARIO),
      .write_address_i({s.scenario_table[3:0], s.index[5:0]}),
      .write_data_i({1'b1, s.count[5:0]}),
      .read_valid_i(nested_valid_i),
      .read_address_i({nested_table_i, nested_i}),
      .read_data_o(scenario_o)
  );
  table_memory #(
      .WIDTH(6),
      .DEPTH(BRACKET_TABLES * BRACKETS)
  ) u_brackets (  // table 1 in entries 0 ..
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(table_valid_i && kind == pl_abi_pkg::PL_RECORD_BRACKET),
      .write_address_i({bracket_table[BW-1:0], b.index[3:0]}),
      .write_data_i({1'b1, b.count[4:0]}),
      .read_valid_i(nested_valid_i),
      .read_address_i({entry_i[BW-1:0], nested_i[3:0]}),
      .read_data_o(bracket_o)
  );
endmodule
`default_nettype wire

// The end of a load: walks all tables and finds the first entry that is missing or breaks a rule, and, while walking the
// instruments, the first and last instrument of each expiry.
//
// start_i -> done_o (pulse) with status and detail (kind << 32 | index; bracket tables and offset groups count from 1).
// 3 cycles per entry, 3 more per scenario of each underlying and per bracket. abort_i ends it without done_o. Never both at work
// and being written. Mirrors pl_tables_finish; group_holds's search is a bitmap of the groups met so far.
// lookup_* and range_* are the commit's reads, while no walk runs, 1 cycle each: an instrument's expiry, an expiry's instruments
// (range_any_o = 0: it has none).
`default_nettype none
module table_finish #(
    parameter  int unsigned INSTRUMENTS    = 4096,
    parameter  int unsigned EXPIRIES       = 512,
    parameter  int unsigned UNDERLYINGS    = 128,
    parameter  int unsigned CLASSES        = 256,
    parameter  int unsigned BRACKET_TABLES = 64,
    localparam int unsigned INDEX_W = pl_card_pkg::INSTRUMENT_W,
    localparam int unsigned EXPIRY_W = pl_card_pkg::EXPIRY_W
) (
    input  wire                          clk_i,
    input  wire                          rst_ni,
    input  wire                          table_valid_i,
    input  wire  [                511:0] table_record_i,
    input  wire                          clear_valid_i,
    input  wire  [          INDEX_W-1:0] clear_index_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  pl_abi_pkg::pl_model_t  model_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire                          abort_i,
    input  wire                          start_i,
    output logic                         done_o,
    output logic [                  7:0] status_o,
    output logic [                 63:0] detail_o,
    input  wire                          lookup_valid_i,
    input  wire  [          INDEX_W-1:0] lookup_i,
    output logic [         EXPIRY_W-1:0] lookup_expiry_o,
    input  wire                          range_valid_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [         EXPIRY_W-1:0] range_expiry_i,
    // verilator lint_on UNUSEDSIGNAL
    output logic                         range_any_o,
    output logic [          INDEX_W-1:0] range_first_o,
    output logic [          INDEX_W-1:0] range_last_o
);
  localparam int unsigned IW = $clog2(INSTRUMENTS);
  localparam int unsigned EW = $clog2(EXPIRIES);
  localparam int unsigned CW = pl_card_pkg::COEFFICIENT_W;
  localparam logic [2:0] IDLE = 3'd0;
  localparam logic [2:0] TABLE = 3'd1;         // a table starts
  localparam logic [2:0] READ = 3'd2;
  localparam logic [2:0] HOLD = 3'd3;          // the entry is read: its rules
  localparam logic [2:0] JUDGE = 3'd4;
  localparam logic [2:0] NESTED_READ = 3'd5;   // scenarios of an underlying, brackets of a table
  localparam logic [2:0] NESTED_HOLD = 3'd6;
  localparam logic [2:0] NESTED_JUDGE = 3'd7;

  logic [2:0] state_q;
  logic [7:0] kind_q, nested_count_q;
  logic [INDEX_W-1:0] entry_q;
  logic [5:0] nested_q;
  logic [15:0] seen_q;  // offset groups met so far
  logic [31:0] entries, entries_q;
  logic holds, holds_q, nested_holds, nested_holds_q, has_nested, last_table, from_one, advance;
  logic [7:0] nested_count;
  logic [31:0] detail_index;

  logic underlying_here, expiry_here, instrument_here, is_asset, class_here, multiplier_here, group_here;
  logic [3:0] group, scenario_table;
  logic [7:0] scenario_count;
  logic [2*CW-1:0] factors;
  logic [9:0] underlying;
  logic [13:0] expiry;
  logic [6:0] scenario;
  logic [5:0] bracket;
  logic range_write;
  logic [IW-1:0] range_first, first, last, first_q;
  // Of the entry before
  logic [3:0] group_q;
  logic [7:0] scenario_count_q;
  logic [2*CW-1:0] factors_q;
  logic [9:0] underlying_q;
  logic [13:0] expiry_q;
  logic is_asset_q;

  finish_memories #(
      .INSTRUMENTS(INSTRUMENTS),
      .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS),
      .CLASSES(CLASSES),
      .BRACKET_TABLES(BRACKET_TABLES)
  ) u_memories (
      .clk_i(clk_i),
      .table_valid_i(table_valid_i),
      .table_record_i(table_record_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .read_valid_i(state_q == READ),
      .entry_i(entry_q),
      .nested_valid_i(state_q == NESTED_READ),
      .nested_table_i(scenario_table),
      .nested_i(nested_q),
      .lookup_valid_i(lookup_valid_i),
      .lookup_i(lookup_i),
      .underlying_here_o(underlying_here),
      .group_o(group),
      .scenario_count_o(scenario_count),
      .scenario_table_o(scenario_table),
      .factors_o(factors),
      .expiry_here_o(expiry_here),
      .underlying_o(underlying),
      .instrument_here_o(instrument_here),
      .expiry_o(expiry),
      .is_asset_o(is_asset),
      .class_here_o(class_here),
      .multiplier_here_o(multiplier_here),
      .group_here_o(group_here),
      .scenario_o(scenario),
      .bracket_o(bracket)
  );
  assign lookup_expiry_o = expiry;

  always_comb begin
    case (kind_q)
      pl_abi_pkg::PL_RECORD_UNDERLYING: entries = model_i.underlyings;
      pl_abi_pkg::PL_RECORD_EXPIRY: entries = model_i.expiries;
      pl_abi_pkg::PL_RECORD_INSTRUMENT: entries = model_i.instruments;
      pl_abi_pkg::PL_RECORD_CLASS: entries = model_i.classes;
      pl_abi_pkg::PL_RECORD_BRACKET: entries = model_i.bracket_tables;
      pl_abi_pkg::PL_RECORD_MULTIPLIER: entries = model_i.multipliers;
      default: entries = model_i.offset_groups;
    endcase
  end

  always_comb begin
    case (kind_q)
      pl_abi_pkg::PL_RECORD_UNDERLYING:
      holds = underlying_here && (group == '0 || entry_q == '0 ||
          (group == group_q ? scenario_count == scenario_count_q && factors == factors_q : !seen_q[group]));
      pl_abi_pkg::PL_RECORD_EXPIRY: holds = expiry_here && (entry_q == '0 || underlying_q <= underlying);
      pl_abi_pkg::PL_RECORD_INSTRUMENT:
      holds = instrument_here && (entry_q == '0 || expiry_q < expiry || (expiry_q == expiry && is_asset_q == is_asset));
      pl_abi_pkg::PL_RECORD_CLASS: holds = class_here;
      pl_abi_pkg::PL_RECORD_MULTIPLIER: holds = multiplier_here;
      default: holds = group_here;
    endcase
  end

  // A bracket table's first entry says how many there are.
  assign nested_count = kind_q == pl_abi_pkg::PL_RECORD_UNDERLYING ? scenario_count :
      nested_q == '0 ? 8'(bracket[4:0]) : nested_count_q;
  assign nested_holds = kind_q == pl_abi_pkg::PL_RECORD_UNDERLYING ? scenario[6] && 8'(scenario[5:0]) == scenario_count :
      bracket[5] && 8'(bracket[4:0]) == nested_count;
  assign has_nested = kind_q == pl_abi_pkg::PL_RECORD_UNDERLYING && scenario_count != '0;
  assign last_table = kind_q == pl_abi_pkg::PL_RECORD_OFFSET_GROUP;
  assign from_one = kind_q == pl_abi_pkg::PL_RECORD_BRACKET || kind_q == pl_abi_pkg::PL_RECORD_OFFSET_GROUP;
  assign detail_index = 32'(entry_q) + 32'(from_one);
  assign advance = (state_q == JUDGE && holds_q && !has_nested) ||
      (state_q == NESTED_JUDGE && nested_holds_q && 8'(nested_q) + 8'd1 == nested_count_q);

  always_ff @(posedge clk_i) begin
    done_o <= 1'b0;
    if (!rst_ni || abort_i) state_q <= IDLE;
    else begin
      case (state_q)
        IDLE: if (start_i) state_q <= TABLE;
        TABLE: begin
          if (entries != '0) state_q <= kind_q == pl_abi_pkg::PL_RECORD_BRACKET ? NESTED_READ : READ;
          else if (last_table) state_q <= IDLE;
          done_o <= entries == '0 && last_table;
        end
        READ: state_q <= HOLD;
        HOLD: state_q <= JUDGE;
        NESTED_READ: state_q <= NESTED_HOLD;
        NESTED_HOLD: state_q <= NESTED_JUDGE;
        default: begin  // JUDGE, NESTED_JUDGE
          if (advance) begin
            if (32'(entry_q) + 32'd1 != entries_q) state_q <= kind_q == pl_abi_pkg::PL_RECORD_BRACKET ? NESTED_READ : READ;
            else state_q <= last_table ? IDLE : TABLE;
            done_o <= 32'(entry_q) + 32'd1 == entries_q && last_table;
          end else if (state_q == JUDGE ? holds_q : nested_holds_q) begin
            state_q <= NESTED_READ;
          end else begin
            state_q <= IDLE;
            done_o <= 1'b1;
          end
        end
      endcase
    end
  end

  always_ff @(posedge clk_i) begin
    entries_q <= entries;
    if (state_q == HOLD) holds_q <= holds;
    if (state_q == NESTED_HOLD) begin
      nested_holds_q <= nested_holds;
      nested_count_q <= nested_count;
    end
    if (state_q == IDLE) begin
      kind_q <= pl_abi_pkg::PL_RECORD_UNDERLYING;
      entry_q <= '0;
      seen_q <= '0;
      if (start_i) begin
        status_o <= pl_abi_pkg::PL_STATUS_OK;
        detail_o <= '0;
      end
    end
    if (state_q == TABLE && entries == '0) kind_q <= kind_q + 1'b1;
    if (state_q == JUDGE || state_q == TABLE) nested_q <= '0;
    if (state_q == JUDGE || state_q == NESTED_JUDGE) begin
      if (advance) begin
        nested_q <= '0;
        entry_q <= entry_q + 1'b1;
        if (32'(entry_q) + 32'd1 == entries_q) begin
          entry_q <= '0;
          kind_q <= kind_q + 1'b1;
        end
        group_q <= group;
        scenario_count_q <= scenario_count;
        factors_q <= factors;
        underlying_q <= underlying;
        expiry_q <= expiry;
        is_asset_q <= is_asset;
        if (kind_q == pl_abi_pkg::PL_RECORD_UNDERLYING) seen_q[group] <= 1'b1;
        if (kind_q == pl_abi_pkg::PL_RECORD_INSTRUMENT && (entry_q == '0 || expiry_q != expiry)) first_q <= entry_q[IW-1:0];
      end else if (state_q == NESTED_JUDGE && nested_holds_q) begin
        nested_q <= nested_q + 1'b1;
      end else if (!(state_q == JUDGE && holds_q)) begin
        status_o <= pl_abi_pkg::PL_STATUS_MALFORMED_RECORD;
        detail_o <= {24'd0, kind_q, detail_index};
      end
    end
  end

  // Each instrument writes its expiry's range so far.
  assign range_write = advance && kind_q == pl_abi_pkg::PL_RECORD_INSTRUMENT;
  assign range_first = entry_q == '0 || expiry_q != expiry ? entry_q[IW-1:0] : first_q;
  table_memory #(
      .WIDTH(1 + 2 * IW),
      .DEPTH(EXPIRIES)
  ) u_ranges (
      .clk_i(clk_i),
      .clear_valid_i(clear_valid_i),
      .clear_index_i(clear_index_i),
      .write_valid_i(range_write),
      .write_address_i(expiry[EW-1:0]),
      .write_data_i({1'b1, range_first, entry_q[IW-1:0]}),
      .read_valid_i(range_valid_i),
      .read_address_i(range_expiry_i[EW-1:0]),
      .read_data_o({range_any_o, first, last})
  );
  assign range_first_o = INDEX_W'(first);
  assign range_last_o = INDEX_W'(last);

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_one_reader: assert (!(lookup_valid_i && state_q != IDLE));
      a_no_write_in_walk: assert (!(table_valid_i && state_q != IDLE));
    end
  end
endmodule
`default_nettype wire

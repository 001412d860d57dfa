// The fields of a load record, read as each kind: ok_o[k] is about kind k, PL_RECORD_SCENARIO..PL_RECORD_OFFSET_GROUP.
//
// Inputs are a record and the ranges of its words (record_ranges); latency 1 cycle, throughput 1 per cycle, no stall, no reset:
// data only. limit_o: a SCENARIO's count is more than this card takes (meaningful when its ok bit is set).
// Mirrors load_scenario() .. load_offset_group() of tables.c. Reserved fields are not looked at.
`default_nettype none
module check_load #(
    parameter int unsigned PROFILE   = 32'(pl_abi_pkg::PL_PROFILE_FULL),
    parameter int unsigned SCENARIOS = 40
) (
    input  wire                         clk_i,
    input  wire  [                511:0] record_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  pl_abi_pkg::pl_model_t model_i,   // the counts of the load
    input  wire  [                  7:1] rate_i,
    input  wire  [                  7:1] unit_i,
    input  wire  [                  7:1] price_i,
    input  wire  [                  7:1] floor_i,
    input  wire  [                  7:1] zero_i,
    input  wire  [                  7:1] one_i,
    // verilator lint_on UNUSEDSIGNAL
    output logic [                  9:2] ok_o,
    output logic                         limit_o
);
  localparam logic [7:0] COUNT_MAX = 8'(PROFILE == 32'(pl_abi_pkg::PL_PROFILE_SMALL) ?
                                        pl_abi_pkg::PL_SCENARIOS_MAX_SMALL : pl_abi_pkg::PL_SCENARIOS_MAX);
  localparam int signed SHIFT_MAX = 32'(pl_abi_pkg::PL_ROW_SHIFT_MAX);

  if (SCENARIOS < 1 || SCENARIOS > 32'(COUNT_MAX)) begin : g_scenarios
    $error("check_load: SCENARIOS must lie in the profile's limits");
  end

  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_scenario_t s;
  pl_abi_pkg::pl_underlying_t u;
  pl_abi_pkg::pl_expiry_t e;
  pl_abi_pkg::pl_instrument_t i;
  pl_abi_pkg::pl_class_t c;
  pl_abi_pkg::pl_bracket_t b;
  pl_abi_pkg::pl_multiplier_t m;
  pl_abi_pkg::pl_offset_group_t g;
  // verilator lint_on UNUSEDSIGNAL
  assign s = record_i;
  assign u = record_i;
  assign e = record_i;
  assign i = record_i;
  assign c = record_i;
  assign b = record_i;
  assign m = record_i;
  assign g = record_i;

  logic skew, shift_ok;
  logic signed [31:0] row_shift;
  assign skew = s.vol_rule == pl_abi_pkg::PL_VOL_RULE_LINEAR || s.vol_rule == pl_abi_pkg::PL_VOL_RULE_ABS;
  assign row_shift = 32'($signed(record_i[15:8]));
  assign shift_ok = row_shift <= SHIFT_MAX && row_shift >= -SHIFT_MAX;

  always_ff @(posedge clk_i) begin
    limit_o <= 32'(s.count) > SCENARIOS;
    ok_o[pl_abi_pkg::PL_RECORD_SCENARIO] <= 32'(s.scenario_table) < model_i.scenario_tables &&
        s.count != '0 && s.count <= COUNT_MAX && s.index < s.count && s.vol_rule <= pl_abi_pkg::PL_VOL_RULE_ABS &&
        rate_i[1] && !zero_i[1] && rate_i[2] && (!skew || one_i[1]);
    ok_o[pl_abi_pkg::PL_RECORD_UNDERLYING] <= 32'(u.index) < model_i.underlyings &&
        32'(u.offset_group) <= model_i.offset_groups &&
        (u.scenario_count == '0 || 32'(u.scenario_table) < model_i.scenario_tables) &&
        &rate_i[4:1] && rate_i[6] && floor_i[5];
    ok_o[pl_abi_pkg::PL_RECORD_EXPIRY] <= 32'(e.index) < model_i.expiries && 32'(e.underlying) < model_i.underlyings &&
        shift_ok && e.perpetual <= 8'd1 && e.scenario <= 8'd1;
    ok_o[pl_abi_pkg::PL_RECORD_INSTRUMENT] <= i.index < model_i.instruments && 32'(i.expiry) < model_i.expiries &&
        32'(i.margin_class) < model_i.classes && i.row >= pl_abi_pkg::PL_ROW_KIND_OPTION &&
        i.row <= pl_abi_pkg::PL_ROW_KIND_REQUIREMENT && i.is_call <= 8'd1 && i.is_asset <= 8'd1 &&
        !(i.row == pl_abi_pkg::PL_ROW_KIND_OPTION && zero_i[2]) && price_i[2];
    ok_o[pl_abi_pkg::PL_RECORD_CLASS] <= 32'(c.index) < model_i.classes &&
        32'(c.long_brackets) <= model_i.bracket_tables && 32'(c.short_brackets) <= model_i.bracket_tables && &rate_i[5:1];
    ok_o[pl_abi_pkg::PL_RECORD_BRACKET] <= b.bracket_table != '0 && 32'(b.bracket_table) <= model_i.bracket_tables &&
        b.count != '0 && b.count <= 8'(pl_abi_pkg::PL_BRACKETS_MAX) && b.index < b.count && rate_i[1] && rate_i[3];
    ok_o[pl_abi_pkg::PL_RECORD_MULTIPLIER] <= 32'(m.index) < model_i.multipliers && rate_i[1] && !zero_i[1] &&
        (m.index != '0 || one_i[1]);
    ok_o[pl_abi_pkg::PL_RECORD_OFFSET_GROUP] <= g.index != '0 && 32'(g.index) <= model_i.offset_groups && unit_i[1];
  end
endmodule
`default_nettype wire

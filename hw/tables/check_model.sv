// Whether a MODEL record's counts are within the contract's limits and this card's capacities.
//
// Latency 1 cycle, throughput 1 per cycle, no stall, no reset: data only. Mirrors the checks of pl_tables_size: a capacity is
// never above the contract's limit (tables checks its parameters).
`default_nettype none
module check_model #(
    parameter int unsigned INSTRUMENTS    = 4096,
    parameter int unsigned EXPIRIES       = 512,
    parameter int unsigned UNDERLYINGS    = 128,
    parameter int unsigned CLASSES        = 256,
    parameter int unsigned BRACKET_TABLES = 64
) (
    input  wire          clk_i,
    input  wire  [511:0] record_i,
    output logic         ok_o
);
  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_model_t m;  // the versions and reserved bits are free
  // verilator lint_on UNUSEDSIGNAL
  assign m = record_i;

  always_ff @(posedge clk_i) begin
    ok_o <= m.instruments != '0 && m.instruments <= INSTRUMENTS &&
        m.expiries != '0 && m.expiries <= EXPIRIES &&
        m.underlyings != '0 && m.underlyings <= UNDERLYINGS &&
        m.classes != '0 && m.classes <= CLASSES &&
        m.scenario_tables <= 32'(pl_abi_pkg::PL_SCENARIO_TABLES_MAX) &&
        m.bracket_tables < BRACKET_TABLES &&
        m.offset_groups < 32'(pl_abi_pkg::PL_OFFSET_GROUPS_MAX) &&
        m.multipliers != '0 && m.multipliers <= 32'(pl_abi_pkg::PL_MULTIPLIERS_MAX);
  end
endmodule
`default_nettype wire

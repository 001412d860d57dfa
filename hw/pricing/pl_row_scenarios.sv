// The scenarios of every table: 16 tables of 64 places, read twice per cycle; and which of a table's scenarios have a skew.
//
// Writes: SCENARIO records of the table bus. A read yields the scenario of {table, index} one cycle later, of those with step_i, skewed_o those of
// skewed_table_i in the same cycle. No stall, no errors. Reference: scenarios of struct pl_tables in host/model/tables.h.
`default_nettype none

module pl_row_scenarios #(
    parameter int unsigned SCENARIOS = 40
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          step_i,
    input  wire          table_valid_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [511:0] table_record_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [  9:0] evaluate_address_i,
    output pl_pricing_pkg::pl_row_scenario_t evaluate_o,
    input  wire  [  9:0] orders_address_i,
    output pl_pricing_pkg::pl_row_scenario_t orders_o,
    input  wire  [  3:0] skewed_table_i,
    output logic [SCENARIOS-1:0] skewed_o
);
  localparam int WIDTH = pl_pricing_pkg::ROW_SCENARIO_BITS;
  // verilator lint_off UNUSEDSIGNAL
  pl_abi_pkg::pl_scenario_t record;
  // verilator lint_on UNUSEDSIGNAL
  assign record = table_record_i;

  // One copy per reader.
  logic [WIDTH-1:0] for_evaluate[1024];
  logic [WIDTH-1:0] for_orders[1024];
  logic write_q;
  logic [9:0] address_q;
  logic [WIDTH-1:0] data_q, evaluate_q, orders_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) write_q <= 1'b0;
    else write_q <= table_valid_i && record.kind == pl_abi_pkg::PL_RECORD_SCENARIO;
  end
  always_ff @(posedge clk_i) begin
    address_q <= {record.scenario_table[3:0], record.index[5:0]};
    data_q <= {record.dampening[46:0], record.shock[46:0], record.vol_rule[2:0]};
  end
  always_ff @(posedge clk_i) if (step_i) evaluate_q <= for_evaluate[evaluate_address_i];
  always_ff @(posedge clk_i) if (step_i) orders_q <= for_orders[orders_address_i];
  always_ff @(posedge clk_i) if (write_q) for_evaluate[address_q] <= data_q;
  always_ff @(posedge clk_i) if (write_q) for_orders[address_q] <= data_q;
  assign evaluate_o = evaluate_q;
  assign orders_o = orders_q;

  wire [2:0] rule = data_q[2:0];
  wire skew = rule == pl_abi_pkg::PL_VOL_RULE_LINEAR[2:0] || rule == pl_abi_pkg::PL_VOL_RULE_ABS[2:0];
  for (genvar s = 0; s < SCENARIOS; s++) begin : g_skewed
    logic of_tables[16];
    always_ff @(posedge clk_i) if (write_q && address_q[5:0] == 6'(s)) of_tables[address_q[9:6]] <= skew;
    assign skewed_o[s] = of_tables[skewed_table_i];
  end
  if (SCENARIOS < 1 || 64'(SCENARIOS) > pl_abi_pkg::PL_SCENARIOS_MAX) $error("pl_row_scenarios: SCENARIOS");
endmodule
`default_nettype wire

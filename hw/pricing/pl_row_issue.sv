// Issues the scenario and basis evaluations of the rows in their order, one per cycle, without a gap between rows.
//
// Rows enter with row_valid_i, each in the slot after the one before. Evaluations: basis up, basis down, the scenarios without a
// skew, then those with one (skewed_i), both in order of scenarios. The first is issued 2 cycles after row_valid_i at the
// earliest. Unless ready_i, an option's skews wait for its multipliers (skew_valid_i), and all of an inverse row for its base
// (base_valid_i). pause_i holds it for a cycle: the front issues. No errors.
// Reference: fill_values() in host/model/row.c.
`default_nettype none

module pl_row_issue #(
    parameter int unsigned SCENARIOS = 40
) (
    input  wire        clk_i,
    input  wire        rst_ni,
    input  wire        step_i,
    input  wire        row_valid_i,
    input  wire  [3:0] row_slot_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire pl_pricing_pkg::pl_row_head_t row_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire  [SCENARIOS-1:0] skewed_i,  // which scenarios of the row's table have a skew
    input  wire        ready_i,
    input  wire        skew_valid_i,
    input  wire  [3:0] skew_slot_i,
    input  wire        base_valid_i,
    input  wire  [3:0] base_slot_i,
    input  wire        pause_i,
    output logic       op_valid_o,
    output pl_pricing_pkg::pl_row_op_t op_o
);
  localparam int SLOTS = pl_pricing_pkg::SLOTS;
  localparam int unsigned N = SCENARIOS + 1;  // basis down, then the scenarios
  localparam logic [5:0] UP = 6'(pl_pricing_pkg::Z_BASIS_UP);
  localparam logic [5:0] DOWN = 6'(pl_pricing_pkg::Z_BASIS_DOWN);

  if (SCENARIOS < 1 || 64'(SCENARIOS) > pl_abi_pkg::PL_SCENARIOS_MAX) begin : g_scenarios
    $error("pl_row_issue: SCENARIOS");
  end

  // The rows that wait: whether they have scenarios, wait for their base, which table, what is issued first and then.
  logic [2*N+5:0] memory[SLOTS];
  logic [SLOTS-1:0] ready_q;
  logic [4:0] read_q, written_q;
  logic [SCENARIOS-1:0] used;
  always_comb for (int unsigned i = 0; i < SCENARIOS; i++) used[i] = 6'(i) < row_i.count;
  wire [SCENARIOS-1:0] late = row_i.option ? used & skewed_i : '0;
  always_ff @(posedge clk_i) begin
    if (row_valid_i)
      memory[row_slot_i] <= {row_i.scenario, row_i.inverse, row_i.scenario_table, late, 1'b0, used & ~late, 1'b1};
  end
  always_ff @(posedge clk_i) begin
    if (row_valid_i) ready_q[row_slot_i] <= ready_i;
    if (skew_valid_i) ready_q[skew_slot_i] <= 1'b1;
    if (base_valid_i) ready_q[base_slot_i] <= 1'b1;
  end
  wire head_scenario, head_waits;
  wire [3:0] head_table;
  wire [N-1:0] head_late, head_first;
  assign {head_scenario, head_waits, head_table, head_late, head_first} = memory[read_q[3:0]];

  // The row of which evaluations are left: those before the others and what comes after them; the evaluation that is next.
  logic [N-1:0] left_q, late_q;
  logic [3:0] slot_q, table_q;
  logic valid_q;
  pl_pricing_pkg::pl_row_op_t op_q;
  wire move = !valid_q || !pause_i;
  wire take = move && left_q != '0;
  wire [N-1:0] below = left_q - N'(1);
  wire [N-1:0] rest = take ? left_q & below : left_q;
  wire [N-1:0] lowest = left_q & ~below;
  wire go_on = late_q != '0 && ready_q[slot_q] && rest == '0;
  wire waiting = read_q != written_q;
  wire load = waiting && head_scenario && move && left_q == '0 && late_q == '0 && (!head_waits || ready_q[read_q[3:0]]);
  wire skip = waiting && !head_scenario;
  logic [5:0] z;
  always_comb begin
    z = '0;
    for (int unsigned i = 0; i < N; i++) if (lowest[i]) z |= DOWN + 6'(i);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_q <= '0;
      written_q <= '0;
      left_q <= '0;
      late_q <= '0;
      valid_q <= 1'b0;
    end else if (step_i) begin
      written_q <= written_q + 5'(row_valid_i);
      read_q <= read_q + 5'(load || skip);
      left_q <= load ? head_first : go_on ? late_q : rest;
      if (load) late_q <= head_late;
      else if (go_on) late_q <= '0;
      if (move) valid_q <= take || load;
      if (row_valid_i) a_order: assert (row_slot_i == written_q[3:0]);
    end
  end
  always_ff @(posedge clk_i) begin
    if (step_i && load) slot_q <= read_q[3:0];
    if (step_i && load) table_q <= head_table;
    if (step_i && move) begin
      op_q.z <= load ? UP : z;
      op_q.slot <= load ? read_q[3:0] : slot_q;
      op_q.scenario_table <= load ? head_table : table_q;
      op_q.value <= 1'b1;
      op_q.gross <= 1'b0;
    end
  end
  assign op_valid_o = valid_q && !pause_i && step_i;
  assign op_o = op_q;
endmodule
`default_nettype wire

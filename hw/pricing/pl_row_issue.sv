// Issues the scenario and basis evaluations of the rows in their order, one per cycle, without a gap between rows.
//
// Rows enter with row_valid_i, each in the slot after the one before; an option waits for its skew multipliers (skew_valid_i).
// Evaluations: the scenarios in order, basis up, basis down. pause_i holds it for a cycle: the front issues. No errors.
// Reference: fill_values() in host/model/row.c.
`default_nettype none

module pl_row_issue (
    input  wire        clk_i,
    input  wire        rst_ni,
    input  wire        row_valid_i,
    input  wire  [3:0] row_slot_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire pl_pricing_pkg::pl_row_head_t row_i,
    // verilator lint_on UNUSEDSIGNAL
    input  wire        skew_valid_i,
    input  wire  [3:0] skew_slot_i,
    input  wire        pause_i,
    output logic       op_valid_o,
    output pl_pricing_pkg::pl_row_op_t op_o
);
  localparam int SLOTS = pl_pricing_pkg::SLOTS;
  localparam logic [5:0] UP = 6'(pl_pricing_pkg::Z_BASIS_UP);
  localparam logic [5:0] DOWN = 6'(pl_pricing_pkg::Z_BASIS_DOWN);
  localparam logic [5:0] SCENARIO = 6'(pl_pricing_pkg::Z_SCENARIO);

  logic [10:0] memory[SLOTS];  // whether there are any, their number and table
  logic [SLOTS-1:0] ready_q;
  logic [4:0] read_q, written_q;
  logic [3:0] slot_q, next_slot_q, table_q, next_table_q;
  logic [5:0] count_q, next_count_q, z_q;
  logic active_q, next_valid_q;

  wire [10:0] head = memory[read_q[3:0]];
  wire last = z_q == DOWN;
  wire free = !active_q || (last && !pause_i);  // the next row may start
  wire fetch = read_q != written_q && ready_q[read_q[3:0]] && (!next_valid_q || free);

  always_ff @(posedge clk_i) if (row_valid_i) memory[row_slot_i] <= {row_i.scenario, row_i.count, row_i.scenario_table};
  always_ff @(posedge clk_i) begin
    if (row_valid_i) ready_q[row_slot_i] <= !row_i.option || !row_i.scenario;
    if (skew_valid_i) ready_q[skew_slot_i] <= 1'b1;
    if (fetch) {next_count_q, next_table_q} <= head[9:0];
    if (fetch) next_slot_q <= read_q[3:0];
    if (free) begin
      slot_q <= next_slot_q;
      table_q <= next_table_q;
      count_q <= next_count_q;
      z_q <= next_count_q == '0 ? UP : SCENARIO;
    end else if (!pause_i) begin
      z_q <= z_q == UP ? DOWN : z_q == count_q + 6'd2 ? UP : z_q + 6'd1;
    end
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_q <= '0;
      written_q <= '0;
      active_q <= 1'b0;
      next_valid_q <= 1'b0;
    end else begin
      written_q <= written_q + 5'(row_valid_i);
      read_q <= read_q + 5'(fetch);
      if (fetch) next_valid_q <= head[10];
      else if (free) next_valid_q <= 1'b0;
      if (free) active_q <= next_valid_q;
      if (row_valid_i) a_order: assert (row_slot_i == written_q[3:0]);
    end
  end
  assign op_valid_o = active_q && !pause_i;
  assign op_o.value = 1'b1;
  assign op_o.gross = 1'b0;
  assign op_o.scenario_table = table_q;
  assign op_o.z = z_q;
  assign op_o.slot = slot_q;
endmodule
`default_nettype wire

// What the close keeps of the model, of the frozen tick and of the live one, in memories.
//
// Writes: table records (a kind that the close does not need is ignored), the clear walk, and the frozen
// tick of an expiry or an underlying; all seen 3 cycles later. Words of the live tick come from the bus,
// as in live_words: penalty and penalty_perpetual (TICK_PRICE), basis_weight and the discounts
// (TICK_TIME), im_loss_factor (UNDERLYING, then TICK_UNDERLYING); the clear walk makes them 0.
// What is written is not read meanwhile: no sweep runs while the model or the frozen tick changes, no
// evaluation of the watched set while the live one does. Contents survive reset.
// Reads, one per cycle, no stall: by underlying, expiry and multiplier with a latency of 2 cycles
// (the credit of the underlying's offset group: 3); the scenarios of one beat with a latency of 1.
// live_i: words of the live tick instead of the frozen one, in the same time.
// Entries of scenarios that no record wrote are never used: their index is not below the count.
// Mirrors the tables of host/model/tables.h.
`default_nettype none
module close_tables #(
    parameter  int unsigned SCENARIOS   = 40,
    parameter  int unsigned EXPIRIES    = 512,
    parameter  int unsigned UNDERLYINGS = 128,
    parameter  int unsigned WAYS        = 11,
    parameter  int unsigned BEATS       = 4,
    localparam int unsigned BEAT_W      = $clog2(BEATS),
    localparam int unsigned C           = pl_card_pkg::COEFFICIENT_W
) (
    input  wire                                 clk_i,
    input  wire                                 rst_ni,
    input  wire                                 table_valid_i,
    input  wire  [    pl_card_pkg::LINE_W-1:0] table_record_i,
    input  wire                                 clear_valid_i,
    input  wire  [pl_card_pkg::INSTRUMENT_W-1:0] clear_index_i,
    input  wire                                 frozen_expiry_valid_i,
    input  wire  pl_card_pkg::frozen_expiry_t   frozen_expiry_i,
    input  wire                                 frozen_underlying_valid_i,
    input  wire  pl_card_pkg::frozen_underlying_t frozen_underlying_i,

    input  wire                                  read_i,
    input  wire                                  live_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [pl_card_pkg::UNDERLYING_W-1:0] underlying_i,  // below the capacities
    input  wire  [    pl_card_pkg::EXPIRY_W-1:0] expiry_i,
    input  wire  [                         15:0] multiplier_i,
    // verilator lint_on UNUSEDSIGNAL
    output logic [                          7:0] scenario_count_o,
    output logic [                          3:0] scenario_table_o,
    output logic [                          3:0] offset_group_o,
    output logic [                        C-1:0] mm_factor_o,
    output logic [                        C-1:0] im_factor_o,
    output logic                                 perpetual_o,
    output logic                                 scenario_o,
    output logic [                        C-1:0] penalty_o,
    output logic [                        C-1:0] penalty_perpetual_o,
    output logic [                        C-1:0] basis_weight_o,
    output logic [                        C-1:0] long_discount_o,
    output logic [                        C-1:0] short_discount_o,
    output logic [                        C-1:0] multiplier_o,
    output logic [                        C-1:0] credit_o,  // one cycle after the others

    input  wire               beat_read_i,
    input  wire  [       3:0] beat_table_i,  // scenario table
    input  wire  [BEAT_W-1:0] beat_i,        // scenarios WAYS * beat and on
    output logic [  WAYS-1:0] skew_o,        // the P&L counts as minus its absolute value
    output logic [WAYS*C-1:0] dampening_o
);
  localparam int unsigned EXPIRY_A = $clog2(EXPIRIES);
  localparam int unsigned UNDERLYING_A = $clog2(UNDERLYINGS);
  localparam int unsigned MULTIPLIERS = 32'(pl_abi_pkg::PL_MULTIPLIERS_MAX);
  localparam int unsigned MULTIPLIER_A = $clog2(MULTIPLIERS);
  localparam int unsigned GROUPS = 32'(pl_abi_pkg::PL_OFFSET_GROUPS_MAX);
  localparam int unsigned TABLES = 32'(pl_abi_pkg::PL_SCENARIO_TABLES_MAX);
  localparam int unsigned FROZEN_W = 5 * C;
  localparam int unsigned MODEL_W = 8 + 4 + 4 + C;

  if (GROUPS != 16 || TABLES != 16) begin : g_widths $error("close_tables: table indices have 4 bits"); end
  if (SCENARIOS > WAYS * BEATS) begin : g_scenarios $error("close_tables: SCENARIOS"); end

  // verilator lint_off UNUSEDSIGNAL
  logic [pl_card_pkg::LINE_W-1:0] record_q;
  pl_card_pkg::frozen_expiry_t frozen_expiry_q;
  pl_card_pkg::frozen_underlying_t frozen_underlying_q;
  pl_abi_pkg::pl_scenario_t scenario;
  pl_abi_pkg::pl_underlying_t underlying;
  pl_abi_pkg::pl_expiry_t expiry;
  pl_abi_pkg::pl_multiplier_t multiplier;
  pl_abi_pkg::pl_offset_group_t offset;
  pl_abi_pkg::pl_tick_price_t price;
  pl_abi_pkg::pl_tick_time_t time_tick;
  pl_abi_pkg::pl_tick_underlying_t underlying_tick;
  // verilator lint_on UNUSEDSIGNAL
  logic [2:1] read_q;
  logic valid_q, frozen_expiry_valid_q, frozen_underlying_valid_q, clear_q, live_q, from_load;
  logic [pl_card_pkg::INSTRUMENT_W-1:0] clear_index_q;
  logic [7:0] kind;
  assign scenario = record_q;
  assign underlying = record_q;
  assign expiry = record_q;
  assign multiplier = record_q;
  assign offset = record_q;
  assign price = record_q;
  assign time_tick = record_q;
  assign underlying_tick = record_q;
  assign kind = record_q[7:0];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      read_q <= '0;
      frozen_expiry_valid_q <= 1'b0;
      frozen_underlying_valid_q <= 1'b0;
      clear_q <= 1'b0;
    end else begin
      valid_q <= table_valid_i;
      read_q <= {read_q[1], read_i};
      frozen_expiry_valid_q <= frozen_expiry_valid_i;
      frozen_underlying_valid_q <= frozen_underlying_valid_i;
      clear_q <= clear_valid_i;
    end
  end
  always_ff @(posedge clk_i) begin
    if (table_valid_i) record_q <= table_record_i;
    if (frozen_expiry_valid_i) frozen_expiry_q <= frozen_expiry_i;
    if (frozen_underlying_valid_i) frozen_underlying_q <= frozen_underlying_i;
    if (clear_valid_i) clear_index_q <= clear_index_i;
    if (read_i) live_q <= live_i;
  end

  // The live tick.
  logic [2*C-1:0] live_price;
  logic [3*C-1:0] live_time;
  logic [C-1:0] live_factor;
  assign from_load = kind == pl_abi_pkg::PL_RECORD_UNDERLYING;
  table_memory #(
      .WIDTH(2 * C),
      .DEPTH(1 << EXPIRY_A)
  ) u_live_price (
      .clk_i,
      .clear_valid_i(clear_q),
      .clear_index_i(clear_index_q),
      .write_valid_i(valid_q && kind == pl_abi_pkg::PL_RECORD_TICK_PRICE),
      .write_address_i(price.index[EXPIRY_A-1:0]),
      .write_data_i({price.penalty[C-1:0], price.penalty_perpetual[C-1:0]}),
      .read_valid_i(read_i && live_i),
      .read_address_i(expiry_i[EXPIRY_A-1:0]),
      .read_data_o(live_price)
  );
  table_memory #(
      .WIDTH(3 * C),
      .DEPTH(1 << EXPIRY_A)
  ) u_live_time (
      .clk_i,
      .clear_valid_i(clear_q),
      .clear_index_i(clear_index_q),
      .write_valid_i(valid_q && kind == pl_abi_pkg::PL_RECORD_TICK_TIME),
      .write_address_i(time_tick.index[EXPIRY_A-1:0]),
      .write_data_i({time_tick.basis_weight[C-1:0], time_tick.long_discount[C-1:0], time_tick.short_discount[C-1:0]}),
      .read_valid_i(read_i && live_i),
      .read_address_i(expiry_i[EXPIRY_A-1:0]),
      .read_data_o(live_time)
  );
  table_memory #(
      .WIDTH(C),
      .DEPTH(1 << UNDERLYING_A)
  ) u_live_factor (
      .clk_i,
      .clear_valid_i(clear_q),
      .clear_index_i(clear_index_q),
      .write_valid_i(valid_q && (from_load || kind == pl_abi_pkg::PL_RECORD_TICK_UNDERLYING)),
      .write_address_i(from_load ? underlying.index[UNDERLYING_A-1:0] : underlying_tick.index[UNDERLYING_A-1:0]),
      .write_data_i(from_load ? underlying.im_loss_factor[C-1:0] : underlying_tick.im_loss_factor[C-1:0]),
      .read_valid_i(read_i && live_i),
      .read_address_i(underlying_i[UNDERLYING_A-1:0]),
      .read_data_o(live_factor)
  );

  // By underlying.
  logic [MODEL_W-1:0] model_memory[1<<UNDERLYING_A];
  logic [MODEL_W-1:0] model_q;
  logic [C-1:0] factor_memory[1<<UNDERLYING_A];
  logic [C-1:0] factor_q;
  always_ff @(posedge clk_i) begin
    if (valid_q && kind == pl_abi_pkg::PL_RECORD_UNDERLYING) begin
      model_memory[underlying.index[UNDERLYING_A-1:0]] <= {
        underlying.scenario_count,
        underlying.scenario_table[3:0],
        underlying.offset_group[3:0],
        underlying.mm_loss_factor[C-1:0]
      };
    end
    if (read_i) model_q <= model_memory[underlying_i[UNDERLYING_A-1:0]];
    if (read_q[1]) {scenario_count_o, scenario_table_o, offset_group_o, mm_factor_o} <= model_q;
  end
  always_ff @(posedge clk_i) begin
    if (frozen_underlying_valid_q) begin
      factor_memory[frozen_underlying_q.underlying[UNDERLYING_A-1:0]] <= frozen_underlying_q.im_loss_factor;
    end
    if (read_i) factor_q <= factor_memory[underlying_i[UNDERLYING_A-1:0]];
    if (read_q[1]) im_factor_o <= live_q ? live_factor : factor_q;
  end

  // By expiry.
  logic [1:0] expiry_memory[1<<EXPIRY_A];
  logic [1:0] expiry_q;
  logic [FROZEN_W-1:0] frozen_memory[1<<EXPIRY_A];
  logic [FROZEN_W-1:0] frozen_q;
  always_ff @(posedge clk_i) begin
    if (valid_q && kind == pl_abi_pkg::PL_RECORD_EXPIRY) begin
      expiry_memory[expiry.index[EXPIRY_A-1:0]] <= {expiry.perpetual != '0, expiry.scenario != '0};
    end
    if (read_i) expiry_q <= expiry_memory[expiry_i[EXPIRY_A-1:0]];
    if (read_q[1]) {perpetual_o, scenario_o} <= expiry_q;
  end
  always_ff @(posedge clk_i) begin
    if (frozen_expiry_valid_q) begin
      frozen_memory[frozen_expiry_q.expiry[EXPIRY_A-1:0]] <= {
        frozen_expiry_q.penalty,
        frozen_expiry_q.penalty_perpetual,
        frozen_expiry_q.basis_weight,
        frozen_expiry_q.long_discount,
        frozen_expiry_q.short_discount
      };
    end
    if (read_i) frozen_q <= frozen_memory[expiry_i[EXPIRY_A-1:0]];
    if (read_q[1]) begin
      {penalty_o, penalty_perpetual_o, basis_weight_o, long_discount_o, short_discount_o} <=
          live_q ? {live_price, live_time} : frozen_q;
    end
  end

  // By multiplier, and the credit of an offset group.
  logic [C-1:0] multiplier_memory[MULTIPLIERS];
  logic [C-1:0] multiplier_q;
  logic [C-1:0] credit_memory[GROUPS];
  always_ff @(posedge clk_i) begin
    if (valid_q && kind == pl_abi_pkg::PL_RECORD_MULTIPLIER) begin
      multiplier_memory[multiplier.index[MULTIPLIER_A-1:0]] <= multiplier.value[C-1:0];
    end
    if (read_i) multiplier_q <= multiplier_memory[multiplier_i[MULTIPLIER_A-1:0]];
    if (read_q[1]) multiplier_o <= multiplier_q;
  end
  always_ff @(posedge clk_i) begin
    if (valid_q && kind == pl_abi_pkg::PL_RECORD_OFFSET_GROUP) begin
      credit_memory[offset.index[3:0]] <= offset.credit[C-1:0];
    end
    if (read_q[2]) credit_o <= credit_memory[offset_group_o];
  end

  // Scenario s lies in way s % WAYS at beat s / WAYS.
  logic skew;
  assign skew = scenario.vol_rule == pl_abi_pkg::PL_VOL_RULE_LINEAR ||
                scenario.vol_rule == pl_abi_pkg::PL_VOL_RULE_ABS;
  for (genvar w = 0; w < WAYS; w++) begin : g_way
    logic [C:0] memory[TABLES*(1<<BEAT_W)];
    logic here;
    logic [BEAT_W-1:0] to;
    always_comb begin
      here = 1'b0;
      to = '0;
      for (int unsigned b = 0; b < BEATS; b++) begin
        if (32'(scenario.index) == b * WAYS + w) begin
          here = 1'b1;
          to = BEAT_W'(b);
        end
      end
    end
    always_ff @(posedge clk_i) begin
      if (valid_q && kind == pl_abi_pkg::PL_RECORD_SCENARIO && here) begin
        memory[{scenario.scenario_table[3:0], to}] <= {skew, scenario.dampening[C-1:0]};
      end
      if (beat_read_i) {skew_o[w], dampening_o[w*C+:C]} <= memory[{beat_table_i, beat_i}];
    end
  end
endmodule
`default_nettype wire

// Takes jobs, one at a time: reads the inputs of the row, says what it is (row_valid_o), issues its base and gross evaluations.
//
// Cycles are those with step_i, in which all outputs that are valid are; between them everything waits. row_valid_o comes 4 cycles after the job, with the base evaluation; a linear or inverse row's gross value is issued in the
// cycle after. A job takes PERIOD cycles, so that the sequences of Greeks, skews and rates are done with one row when the next one
// comes. While row_valid_o is high, the outputs of pl_row_tables are the row's, and head_o, forward_o (as a real) belong to
// slot_o. The discount in row units (discount_o, of slot_o) follows with discount_valid_o, at most 16 cycles after the job: an
// evaluation needs it when its forward is shocked. Evaluations are always taken. A row without inputs has none.
// job_ready_o needs a free slot and no table traffic (quiet_i). No errors; flags go into head_o.
// Reference: gather() and has_inputs() in host/model/row.c.
`default_nettype none

module pl_row_front (
    input  wire         clk_i,
    input  wire         rst_ni,
    input  wire         step_i,
    input  wire         job_valid_i,
    output logic        job_ready_o,
    input  wire  [23:0] job_instrument_i,
    input  wire         job_frozen_i,
    input  wire         slot_free_i,
    input  wire         quiet_i,
    input  wire  [ 3:0] slot_i,              // the next row's
    output logic        accepted_o,

    output logic [23:0] instrument_o,        // to pl_row_tables, from the job's cycle on
    output logic        frozen_o,            // from the cycle after it
    // verilator lint_off UNUSEDSIGNAL
    input  wire pl_pricing_pkg::pl_row_instrument_t instrument_i,
    input  wire pl_pricing_pkg::pl_row_vol_t        vol_i,
    input  wire pl_pricing_pkg::pl_row_expiry_t     expiry_i,
    input  wire pl_pricing_pkg::pl_row_price_t      price_i,
    input  wire pl_pricing_pkg::pl_row_time_t       time_i,
    input  wire pl_pricing_pkg::pl_row_shift_t      shift_i,
    input  wire pl_pricing_pkg::pl_row_underlying_t underlying_i,

    output logic         multiply_valid_o,   // discount by unit
    input  wire          multiply_ready_i,
    input  wire          product_valid_i,
    input  wire  [107:0] product_i,
    // verilator lint_on UNUSEDSIGNAL

    output logic        row_valid_o,
    output logic [ 3:0] slot_o,
    output pl_pricing_pkg::pl_row_head_t head_o,
    output logic [64:0] forward_o,           // pl_pricing_pkg::pl_ureal_t
    output logic        discount_valid_o,
    output logic [64:0] discount_o,          // pl_pricing_pkg::pl_ureal_t
    output logic        op_valid_o,
    output pl_pricing_pkg::pl_row_op_t op_o
);
  localparam int PERIOD = 21;
  // Cycles after the job, less 1.
  localparam logic [4:0] READ = 5'd1;   // unit and discount are there
  localparam logic [4:0] ROW = 5'd3;    // so are the checks of all words
  localparam logic [4:0] GROSS = 5'd4;
  localparam logic [4:0] DUE = 5'd16;   // the product at the latest, whoever else multiplies
  localparam logic [4:0] END = 5'(PERIOD) - 5'd2;

  logic busy_q, ask_q;
  logic [4:0] count_q;
  logic [23:0] instrument_q;
  assign job_ready_o = !busy_q && slot_free_i && quiet_i && step_i;
  assign accepted_o = job_valid_i && job_ready_o;
  assign instrument_o = busy_q ? instrument_q : job_instrument_i;

  wire option = instrument_i.kind == pl_abi_pkg::PL_ROW_KIND_OPTION[2:0];
  wire linear = instrument_i.kind == pl_abi_pkg::PL_ROW_KIND_LINEAR[2:0];
  wire inverse = instrument_i.kind == pl_abi_pkg::PL_ROW_KIND_INVERSE[2:0];
  wire requirement = instrument_i.kind == pl_abi_pkg::PL_ROW_KIND_REQUIREMENT[2:0];

  // Free-running checks of what the tables show.
  function automatic logic packed_ok(input logic [63:0] word);
    packed_ok = word[51] || word == '0;
  endfunction
  logic [4:0] ok_q;
  logic unit_ok_q, forward_ok_q, index_ok_q, good_q, priced_q;
  wire [11:0] unit_e = instrument_i.unit[63:52];
  always_ff @(posedge clk_i) begin
    ok_q <= {
      packed_ok(instrument_i.unit), packed_ok(price_i.discount), packed_ok(time_i.sqrt_t),
      packed_ok(time_i.half_inv_sqrt_t), packed_ok(time_i.years)
    };
    unit_ok_q <= instrument_i.unit[51] && $signed(unit_e) <= 12'sd256 && $signed(unit_e) >= -12'sd256;
    forward_ok_q <= price_i.forward != '0;
    index_ok_q <= price_i.index_price != '0;
    good_q <= &ok_q && unit_ok_q;
    priced_q <= forward_ok_q && index_ok_q && time_i.present && (!option || (shift_i.present && vol_i.present));
  end
  wire valued = good_q && priced_q;

  // The forward as a real, and the discount times the unit.
  wire [63:0] forward;
  pl_mag_normalise #(.IN_W(51), .W(52)) u_forward (
      .clk_i, .en_i(1'b1), .v_i(price_i.forward), .point_i('0), .mag_o(forward)
  );
  assign forward_o = {forward[63], forward};
  wire [12:0] discount_e = {price_i.discount[63], price_i.discount[63:52]} + {instrument_i.unit[63], instrument_i.unit[63:52]};
  wire [51:0] m;
  wire [12:0] e;
  pl_real_product u_discount (.product_i(product_i[103:0]), .e_i(discount_e), .m_o(m), .e_o(e));
  assign multiply_valid_o = ask_q && count_q >= READ;
  assign discount_valid_o = product_valid_i && step_i;
  assign discount_o = {e, m};

  always_ff @(posedge clk_i) begin
    if (accepted_o) begin
      instrument_q <= job_instrument_i;
      frozen_o <= job_frozen_i;
      slot_o <= slot_i;
    end
  end
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      ask_q <= 1'b0;
      count_q <= '0;
    end else if (step_i) begin
      busy_q <= busy_q ? count_q != END : accepted_o;
      count_q <= busy_q ? count_q + 5'd1 : '0;
      if (accepted_o) ask_q <= 1'b1;
      else if (multiply_valid_o && multiply_ready_i) ask_q <= 1'b0;
      a_product: assert (!product_valid_i || (busy_q && count_q < DUE));
    end
  end

  assign row_valid_o = busy_q && count_q == ROW && step_i;
  wire [6:0] flag_unpriced = 7'd1 << pl_abi_pkg::PL_FLAG_UNPRICED_BIT;
  wire [6:0] flag_domain = 7'd1 << pl_abi_pkg::PL_FLAG_DOMAIN_BIT;
  assign head_o.instrument = instrument_q;
  assign head_o.flags = 7'(price_i.flags) | (option ? 7'(vol_i.flags) : 7'd0) |
                        (!priced_q ? flag_unpriced : !good_q ? flag_domain : 7'd0);
  assign head_o.priced = valued;
  assign head_o.scenario = valued && expiry_i.scenario && !requirement;
  assign head_o.count = underlying_i.scenario_count;
  assign head_o.scenario_table = underlying_i.scenario_table;
  assign head_o.option = option;
  assign head_o.linear = linear;
  assign head_o.inverse = inverse;

  // An option's base evaluation leaves the price path free for its gross value; others need two.
  wire second = busy_q && count_q == GROSS;
  assign op_valid_o = valued && step_i && (row_valid_o || (second && (linear || inverse)));
  assign op_o.value = !second && !requirement;
  assign op_o.gross = second || option || requirement;
  assign op_o.scenario_table = '0;
  assign op_o.z = '0;
  assign op_o.slot = slot_o;
endmodule
`default_nettype wire

// The row engine and the reader of rows, as pl_core joins them, for the bench only.
`default_nettype none

module pl_row_bench #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int unsigned SCENARIOS = 40,
    parameter int unsigned INSTRUMENTS = 128,
    parameter int unsigned EXPIRIES = 16,
    parameter int unsigned UNDERLYINGS = 8,
    parameter int unsigned CLASSES = 8
) (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire          table_valid_i,
    input  wire  [511:0] table_record_i,
    input  wire          clear_valid_i,
    input  wire  [ 23:0] clear_index_i,
    input  wire          freeze_expiry_valid_i,
    input  wire  [ 13:0] freeze_expiry_index_i,
    input  wire          freeze_vol_valid_i,
    input  wire  [ 23:0] freeze_vol_index_i,
    input  wire          job_valid_i,
    output logic         job_ready_o,
    input  wire  [ 23:0] job_instrument_i,
    input  wire          job_frozen_i,
    output logic         write_a_valid_o,
    output logic [ 23:0] write_a_instrument_o,
    output logic [  5:0] write_a_column_o,
    output logic [ 63:0] write_a_value_o,
    output logic         write_b_valid_o,
    output logic [ 23:0] write_b_instrument_o,
    output logic [  5:0] write_b_column_o,
    output logic [ 63:0] write_b_value_o,
    output logic         quote_valid_o,
    output logic [511:0] quote_o,
    output logic         idle_o,
    output logic         evaluation_o,
    output logic [ 12:0] stage_o,  // what happens in this cycle, for the bench's table of stages
    input  wire          start_i,
    input  wire  [ 23:0] first_i,
    input  wire  [ 23:0] count_i,
    input  wire  [ 63:0] address_i,
    output logic         line_valid_o,
    input  wire          line_ready_i,
    output logic [ 63:0] line_address_o,
    output logic [511:0] line_data_o,
    output logic         busy_o,
    output logic         done_o
);
  wire reader_valid, ready;
  wire [23:0] reader_instrument;
  assign job_ready_o = ready && !busy_o;
  pl_row_engine #(
      .PROFILE(PROFILE), .SCENARIOS(SCENARIOS), .INSTRUMENTS(INSTRUMENTS), .EXPIRIES(EXPIRIES),
      .UNDERLYINGS(UNDERLYINGS), .CLASSES(CLASSES)
  ) u_engine (
      .clk_i, .rst_ni, .table_valid_i, .table_record_i, .clear_valid_i, .clear_index_i, .freeze_expiry_valid_i,
      .freeze_expiry_index_i, .freeze_vol_valid_i, .freeze_vol_index_i,
      .job_valid_i(busy_o ? reader_valid : job_valid_i), .job_ready_o(ready),
      .job_instrument_i(busy_o ? reader_instrument : job_instrument_i), .job_frozen_i(busy_o || job_frozen_i),
      .write_a_valid_o, .write_a_instrument_o, .write_a_column_o, .write_a_value_o, .write_b_valid_o,
      .write_b_instrument_o, .write_b_column_o, .write_b_value_o, .quote_valid_o, .quote_o, .idle_o, .evaluation_o
  );
  assign stage_o = {
      u_engine.row_valid && u_engine.cached && u_engine.head.priced, u_engine.orders_done, u_engine.greeks_done,
      u_engine.requirements_done, u_engine.result_valid, u_engine.skew_valid, u_engine.log_valid, u_engine.issue_op_valid,
      u_engine.front_op_valid, u_engine.row_valid, u_engine.accepted, write_a_valid_o, quote_valid_o
  };
  pl_row_reader u_reader (
      .clk_i, .rst_ni, .start_i, .first_i, .count_i, .address_i, .job_valid_o(reader_valid), .job_ready_i(ready),
      .job_instrument_o(reader_instrument), .write_a_valid_i(write_a_valid_o),
      .write_a_instrument_i(write_a_instrument_o), .write_b_instrument_i(write_b_instrument_o),
      .write_a_column_i(write_a_column_o), .write_a_value_i(write_a_value_o), .write_b_valid_i(write_b_valid_o),
      .write_b_column_i(write_b_column_o), .write_b_value_i(write_b_value_o), .quote_valid_i(quote_valid_o),
      .quote_i(quote_o), .line_valid_o, .line_ready_i, .line_address_o, .line_data_o, .busy_o, .done_o
  );
endmodule
`default_nettype wire

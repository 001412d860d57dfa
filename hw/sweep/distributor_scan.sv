// What each slot of a line is, seen by its tag: a stage of its own before the accounts are cut.
//
// One register: latency 1, throughput 1 line per cycle; holds its line until ready_i. A line that could not be read has no
// data: its masks are all 0. Mirrors starts_account and the tag tests of pl_sweep_next (host/model/sweep.c).
`default_nettype none
module distributor_scan (
    input  wire          clk_i,
    input  wire          rst_ni,
    input  wire  [  8:0] multipliers_i,
    input  wire          valid_i,
    output logic         ready_o,
    input  wire  [511:0] slots_i,
    input  wire          last_i,
    input  wire  [  7:0] status_i,
    output logic         valid_o,
    input  wire          ready_i,
    output logic [511:0] slots_o,
    output logic         last_o,
    output logic [  7:0] status_o,
    output logic [  7:0] pad_o,        // slot k is a PAD
    output logic [  7:0] boundary_o,   // slot k is a HEADER or END: the open account ends before it
    output logic [  7:0] startable_o,  // slot k is a HEADER that may start an account
    output logic [  7:0] end_o         // slot k is END
);
  localparam int unsigned MODE_W = pl_abi_pkg::PL_SLOT_HEADER_MODE_MSB - pl_abi_pkg::PL_SLOT_HEADER_MODE_LSB + 1;
  localparam int unsigned MULTIPLIER_W =
      pl_abi_pkg::PL_SLOT_HEADER_MULTIPLIER_MSB - pl_abi_pkg::PL_SLOT_HEADER_MULTIPLIER_LSB + 1;
  localparam int unsigned SLOT_W = pl_card_pkg::SLOT_W;

  logic [7:0] pad, header, ends, startable;
  logic read;

  assign ready_o = ready_i || !valid_o;
  assign read = status_i == pl_abi_pkg::PL_STATUS_OK;

  for (genvar k = 0; k < 8; k++) begin : g_slot
    logic [7:0] tag;
    logic [MODE_W-1:0] mode;
    logic [MULTIPLIER_W-1:0] multiplier;
    assign tag = slots_i[SLOT_W*k+56+:8];
    assign mode = slots_i[SLOT_W*k+pl_abi_pkg::PL_SLOT_HEADER_MODE_LSB+:MODE_W];
    assign multiplier = slots_i[SLOT_W*k+pl_abi_pkg::PL_SLOT_HEADER_MULTIPLIER_LSB+:MULTIPLIER_W];
    assign pad[k] = tag == pl_abi_pkg::PL_TAG_PAD;
    assign header[k] = tag == pl_abi_pkg::PL_TAG_HEADER;
    assign ends[k] = tag == pl_abi_pkg::PL_TAG_END;
    assign startable[k] = header[k] && mode >= pl_abi_pkg::PL_MODE_PORTFOLIO && mode <= pl_abi_pkg::PL_MODE_ISOLATED &&
        multiplier < MULTIPLIER_W'(multipliers_i);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_o <= 1'b0;
    else if (ready_o) valid_o <= valid_i;
  end

  always_ff @(posedge clk_i) begin
    if (ready_o) begin
      slots_o <= slots_i;
      last_o <= last_i;
      status_o <= status_i;
      pad_o <= read ? pad : '0;
      boundary_o <= read ? header | ends : '0;
      startable_o <= read ? startable : '0;
      end_o <= read ? ends : '0;
    end
  end
endmodule
`default_nettype wire

// pl_row_shocked_forward and pl_row_shocked_vol side by side, for the bench only.
//
// Latencies: shocked_forward() and shocked_vol() of pl_pricing_pkg.
`default_nettype none

module shocks #(
    parameter int PROFILE = pl_pricing_pkg::FULL
) (
    input  wire         clk_i,
    // verilator lint_off UNUSEDSIGNAL
    input  wire         rst_ni,        // for the bench's sake
    input  wire  [63:0] forward_i,     // W bits
    // verilator lint_on UNUSEDSIGNAL
    input  wire         en_i,
    input  wire  [40:0] moving_i,
    input  wire  [46:0] shock_i,
    input  wire  [47:0] vol_i,
    input  wire  [51:0] multiplier_i,
    input  wire  [63:0] floor_i,
    input  wire         floored_i,
    output logic [63:0] forward_o,
    output logic [63:0] vol_o
);
  localparam int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                     : pl_tables_pkg::SMALL_W;

  pl_row_shocked_forward #(.PROFILE(PROFILE)) u_forward (
      .clk_i, .en_i, .forward_i(forward_i[W-1:0]), .moving_i, .shock_i, .forward_o
  );
  pl_row_shocked_vol #(.PROFILE(PROFILE)) u_vol (
      .clk_i, .en_i, .vol_i, .multiplier_i, .floor_i, .floored_i, .vol_o
  );
endmodule

`default_nettype wire

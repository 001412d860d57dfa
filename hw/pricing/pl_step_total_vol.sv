// s = sigma sqrt(T), saturated at 16, and 1/s. sigma keeps its W leading bits.
//
// Latency: pl_pricing_pkg::total_vol(PROFILE) cycles.
// Throughput 1 per cycle. Stall: en_i = 0 holds everything. No reset: data only. Errors: none.
// Reference: step_total_vol() in host/model/pricing.c.
`default_nettype none

module pl_step_total_vol #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W,
    parameter int R = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_R
                                                      : pl_tables_pkg::SMALL_R,
    parameter int E_W = pl_pricing_pkg::E_W,
    parameter int MAG_W = E_W + W,
    parameter int REAL_W = E_W + R
) (
    input  wire               clk_i,
    input  wire               en_i,
    input  wire  [      63:0] vol_q45_i,
    input  wire  [REAL_W-1:0] sqrt_t_i,        // {e, the R leading bits of m}
    output logic [ MAG_W-1:0] vol_o,
    output logic [ MAG_W-1:0] total_vol_o,
    output logic [ MAG_W-1:0] recip_vol_o,
    output logic              vol_saturated_o
);
  localparam int ROM = pl_pricing_pkg::rom(PROFILE);
  localparam int MAG_MUL = pl_pricing_pkg::MAG_MUL;
  localparam int NORM = pl_pricing_pkg::NORM;
  localparam int E_MAX = pl_pricing_pkg::VOL_TOTAL_E_MAX;

  wire [MAG_W-1:0] vol, product;
  wire [REAL_W-1:0] sqrt_t;
  pl_mag_normalise #(.IN_W(64), .W(W)) u_vol (
      .clk_i, .en_i, .v_i(vol_q45_i), .point_i(E_W'(pl_pricing_pkg::VOL_FRACTION_BITS)), .mag_o(vol)
  );
  delay #(.WIDTH(REAL_W), .DEPTH(NORM)) u_sqrt_t_delay (
      .clk_i, .en_i, .data_i(sqrt_t_i), .data_o(sqrt_t)
  );
  pl_mag_mul #(.PROFILE(PROFILE), .Y_W(R)) u_product (
      .clk_i, .en_i, .x_i(vol), .y_i(sqrt_t), .product_o(product)
  );

  wire saturated = product[W-1] && $signed(product[W+:E_W]) >= $signed(E_W'(E_MAX));
  logic [MAG_W-1:0] total_q;
  logic saturated_q;
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      saturated_q <= saturated;
      total_q <= saturated ? {E_W'(E_MAX), 1'b1, (W - 1)'(0)} : product;
    end
  end

  pl_rom_recip #(.PROFILE(PROFILE)) u_recip (.clk_i, .en_i, .x_i(total_q), .recip_o(recip_vol_o));
  delay #(.WIDTH(MAG_W), .DEPTH(MAG_MUL + 1 + ROM)) u_vol_delay (
      .clk_i, .en_i, .data_i(vol), .data_o(vol_o)
  );
  delay #(.WIDTH(MAG_W), .DEPTH(ROM)) u_total_delay (
      .clk_i, .en_i, .data_i(total_q), .data_o(total_vol_o)
  );
  delay #(.WIDTH(1), .DEPTH(ROM)) u_saturated_delay (
      .clk_i, .en_i, .data_i(saturated_q), .data_o(vol_saturated_o)
  );

  if (pl_pricing_pkg::total_vol(PROFILE) != NORM + MAG_MUL + 1 + ROM)
    $error("pl_step_total_vol: latency");

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_step_total_vol: profile");
endmodule

`default_nettype wire

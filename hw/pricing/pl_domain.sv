// Whether forward, strike and the expiry's reals are in the pricing's domain.
//
// Combinational. A real is 0 or normalised with |e| <= 256; D is not 0; prices are 1 .. 2^W - 1.
// Reference: domain_ok() in host/model/pricing.c.
`default_nettype none

module pl_domain #(
    parameter int PROFILE = pl_pricing_pkg::FULL,
    parameter int W = PROFILE == pl_pricing_pkg::FULL ? pl_tables_pkg::FULL_W
                                                      : pl_tables_pkg::SMALL_W
) (
    input  wire [63:0] forward_i,
    input  wire [63:0] strike_i,
    input  wire [64:0] sqrt_t_i,           // pl_pricing_pkg::pl_ureal_t
    input  wire [64:0] half_inv_sqrt_t_i,
    input  wire [64:0] discount_i,
    input  wire [64:0] years_i,
    output logic       ok_o
);
  localparam int E_MAX = pl_pricing_pkg::EXPIRY_E_MAX;

  function automatic logic real_ok(input logic [64:0] x);
    logic in_range;
    in_range = $signed(x[64:52]) >= $signed(13'(-E_MAX)) &&
               $signed(x[64:52]) <= $signed(13'(E_MAX));
    real_ok = x[51:0] == '0 ? x[64:52] == '0 : x[51] && in_range;
  endfunction

  wire forward_ok = forward_i != '0 && forward_i[63:W] == '0;
  wire strike_ok = strike_i != '0 && strike_i[63:W] == '0;
  assign ok_o = forward_ok && strike_ok && real_ok(sqrt_t_i) && real_ok(half_inv_sqrt_t_i) &&
                real_ok(discount_i) && real_ok(years_i) && discount_i[51:0] != '0;

  if (PROFILE != pl_pricing_pkg::FULL && PROFILE != pl_pricing_pkg::SMALL)
    $error("pl_domain: profile");
endmodule

`default_nettype wire

// Packs one record of the close into lines of the host's buffer: a verdict's first and second, or an underlying's only one.
//
// Combinational. What the close does not know of a verdict comes from the sweep's submission; reserved fields are 0.
// Mirrors the layout of pl_verdict and pl_underlying_verdict in hw/abi/contract.toml.
`default_nettype none
module verdict_lines #(
    parameter int unsigned PROFILE = 1
) (
    input  wire  [pl_card_pkg::VERDICT_W-1:0] body_i,       // verdict_t, or underlying_t in its low bits
    input  wire  [                      28:0] number_i,     // of the record
    input  wire  [                      63:0] tick_i,
    input  wire  [                      31:0] model_version_i,
    input  wire  [                      31:0] table_version_i,
    input  wire  [                      63:0] position_version_i,
    output logic [                     511:0] verdict_first_o,
    output logic [                     511:0] verdict_second_o,
    output logic [                     511:0] underlying_o
);
  if (PROFILE != 32'(pl_abi_pkg::PL_PROFILE_FULL) && PROFILE != 32'(pl_abi_pkg::PL_PROFILE_SMALL)) begin : g_profile
    $error("verdict_lines: PROFILE must be 1 or 2");
  end

  pl_card_pkg::verdict_t judged;
  pl_card_pkg::underlying_t part;
  pl_abi_pkg::pl_verdict_t verdict;
  pl_abi_pkg::pl_underlying_verdict_t underlying;

  assign judged = body_i;
  assign part = body_i[pl_card_pkg::UNDERLYING_RECORD_W-1:0];

  always_comb begin
    verdict = '0;
    verdict.serial = {pl_abi_pkg::PL_RESULT_VERDICT[2:0], number_i};
    verdict.account = judged.account;
    verdict.state = judged.state;
    verdict.mode = judged.mode;
    verdict.flags = judged.flags;
    verdict.worst_underlying = judged.worst_underlying;
    verdict.worst_scenario = judged.worst_scenario;
    verdict.profile = 8'(PROFILE);
    verdict.tick = tick_i;
    verdict.equity = judged.equity;
    verdict.maintenance_excess = judged.maintenance_excess;
    verdict.initial_excess = judged.initial_excess;
    verdict.worst_loss = judged.worst_loss;
    verdict.position_version = position_version_i;
    verdict.serial_again = {pl_abi_pkg::PL_RESULT_VERDICT[2:0], number_i};
    verdict.model_version = model_version_i;
    verdict.table_version = table_version_i;
    verdict.delta = judged.delta;
    verdict.gamma = judged.gamma;
    verdict.vega = judged.vega;
    verdict.theta = judged.theta;
    verdict.rho = judged.rho;

    underlying = '0;
    underlying.serial = {pl_abi_pkg::PL_RESULT_UNDERLYING[2:0], number_i};
    underlying.account = part.account;
    underlying.underlying = part.underlying;
    underlying.worst_scenario = part.worst_scenario;
    underlying.flags = part.flags;
    underlying.value = part.value;
    underlying.worst_loss = part.worst_loss;
    underlying.maintenance_requirement = part.maintenance_requirement;
    underlying.initial_requirement = part.initial_requirement;
    underlying.delta = part.delta;
    underlying.vega = part.vega;
  end

  assign {verdict_second_o, verdict_first_o} = verdict;
  assign underlying_o = underlying;
endmodule
`default_nettype wire

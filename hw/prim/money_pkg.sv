// How long money_scale takes, for the modules that wait for it. Contract: constants only.
`default_nettype none

// verilator lint_off UNUSEDPARAM
package money_pkg;
  localparam int SCALE_LATENCY = 8;  // money_scale checks it
endpackage
// verilator lint_on UNUSEDPARAM
`default_nettype wire

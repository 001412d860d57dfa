// Synchronous FIFO of DEPTH words, first word falls through.
//
// READ_STAGES chooses the memory: 0 is read without a clock (distributed memory), 1 ends in the
// memory's own output register (block memory), 2 adds a register after it (deep block memory, and
// UltraRAM, which ULTRA asks for).
// Latency 1 + READ_STAGES from an accepted word to valid_o when empty; throughput 1 word per cycle
// at every depth.
// Holds exactly DEPTH words, any depth from 2, those in the output registers included; level_o
// counts them.
// ready_o is a register: low while DEPTH words are held, also in a cycle in which one leaves.
// almost_full_o is a register: level_o >= ALMOST_FULL. valid_o, once high, stays with stable data
// until ready_i.
// A word is never read in the cycle that writes it, so the memory's collision behaviour does not
// matter.
`default_nettype none
module fifo #(
    parameter  int unsigned WIDTH       = 64,
    parameter  int unsigned DEPTH       = 16,
    parameter  int unsigned READ_STAGES = 1,
    parameter  int unsigned ALMOST_FULL = DEPTH - 1,
    // verilator lint_off UNUSEDPARAM
    parameter  bit          ULTRA       = 1'b0,  // ask for UltraRAM: read by synthesis only
    // verilator lint_on UNUSEDPARAM
    localparam int unsigned LEVEL_WIDTH = $clog2(DEPTH + 1)
) (
    input  wire                    clk_i,
    input  wire                    rst_ni,
    input  wire                    valid_i,
    output logic                   ready_o,
    input  wire  [      WIDTH-1:0] data_i,
    output logic                   valid_o,
    input  wire                    ready_i,
    output logic [      WIDTH-1:0] data_o,
    output logic [LEVEL_WIDTH-1:0] level_o,
    output logic                   almost_full_o
);
  localparam int unsigned ADDRESS_WIDTH = $clog2(DEPTH);
  localparam logic [ADDRESS_WIDTH-1:0] LAST = ADDRESS_WIDTH'(DEPTH - 1);

  if (WIDTH < 1) begin : g_width $error("fifo: WIDTH must be at least 1"); end
  if (DEPTH < 2) begin : g_depth $error("fifo: DEPTH must be at least 2"); end
  if (READ_STAGES > 2) begin : g_stages $error("fifo: READ_STAGES must be 0, 1 or 2"); end
  if (ALMOST_FULL < 1 || ALMOST_FULL > DEPTH) begin : g_almost
    $error("fifo: ALMOST_FULL must lie in 1..DEPTH");
  end

  (* ram_style = ULTRA ? "ultra" : "auto", no_rw_check *) logic [WIDTH-1:0] memory[DEPTH];
  logic [ADDRESS_WIDTH-1:0] write_q, read_q;
  logic [LEVEL_WIDTH-1:0] level_q, stored_q;  // words in all, words in the memory
  logic ready_q, almost_full_q, push, pop, fetch;

  assign push = valid_i && ready_q;
  assign pop = valid_o && ready_i;
  assign ready_o = ready_q;
  assign level_o = level_q;
  assign almost_full_o = almost_full_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= '0;
      read_q <= '0;
      stored_q <= '0;
      level_q <= '0;
      ready_q <= 1'b1;
      almost_full_q <= 1'b0;
    end else begin
      if (push) write_q <= write_q == LAST ? '0 : write_q + 1'b1;
      if (fetch) read_q <= read_q == LAST ? '0 : read_q + 1'b1;
      // push and pop come late: they only choose between results that are there.
      if (push && !fetch) stored_q <= stored_q + 1'b1;
      else if (fetch && !push) stored_q <= stored_q - 1'b1;
      if (push && !pop) begin
        level_q <= level_q + 1'b1;
        ready_q <= level_q != LEVEL_WIDTH'(DEPTH - 1);
        almost_full_q <= 32'(level_q) + 1 >= ALMOST_FULL;
      end else if (pop && !push) begin
        level_q <= level_q - 1'b1;
        ready_q <= 1'b1;
        almost_full_q <= level_q > LEVEL_WIDTH'(ALMOST_FULL);
      end
    end
  end

  always_ff @(posedge clk_i) if (push) memory[write_q] <= data_i;

  if (READ_STAGES == 0) begin : g_distributed
    assign valid_o = stored_q != '0;
    assign data_o = memory[read_q];
    assign fetch = pop;
  end else begin : g_block
    logic read_valid_q, read_ready;  // the memory's output register
    logic [WIDTH-1:0] read_data_q;

    assign fetch = stored_q != '0 && (read_ready || !read_valid_q);
    always_ff @(posedge clk_i) if (fetch) read_data_q <= memory[read_q];
    always_ff @(posedge clk_i) begin
      if (!rst_ni) read_valid_q <= 1'b0;
      else if (read_ready || !read_valid_q) read_valid_q <= fetch;
    end

    if (READ_STAGES == 1) begin : g_one
      assign valid_o = read_valid_q;
      assign data_o = read_data_q;
      assign read_ready = ready_i;
    end else begin : g_two
      logic valid_q;
      logic [WIDTH-1:0] data_q;
      assign valid_o = valid_q;
      assign data_o = data_q;
      assign read_ready = ready_i || !valid_q;
      always_ff @(posedge clk_i) if (read_ready) data_q <= read_data_q;
      always_ff @(posedge clk_i) begin
        if (!rst_ni) valid_q <= 1'b0;
        else if (read_ready) valid_q <= read_valid_q;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && $past(rst_ni)) begin
      a_level_bounded: assert (level_q <= LEVEL_WIDTH'(DEPTH) && stored_q <= level_q);
      a_ready_is_room: assert (ready_q == (level_q < LEVEL_WIDTH'(DEPTH)));
      a_valid_has_word: assert (!valid_o || level_q != '0);
      if ($past(valid_o && !ready_i)) a_output_held: assert (valid_o && data_o == $past(data_o));
    end
  end
endmodule
`default_nettype wire

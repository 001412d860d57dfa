// Signed sum of products, one per cycle, in SUM_WIDTH bits: the wide adder is cut into carry chains
// of CHUNK bits, chunk k working k cycles after chunk 0.
//
// A run of products starts with first_i (whatever was summed before is dropped). end_i says that the
// run before this cycle ends: its sum leaves, whether or not a product comes in the same cycle, which
// then starts the next run. Cycles without valid_i add nothing; runs may follow each other without a
// gap.
// Latency: ceil(SUM_WIDTH / CHUNK) cycles from end_i. Throughput 1 product per cycle.
// Stall: en_i = 0 holds everything, outputs included.
// Errors: overflow_o is sticky over the run: some partial sum left SUM_WIDTH bits. sum_o is then
// the limit on the side of the first overflow, so that a later narrowing flags it too.
// Reference: the sums of pl_sweep, which have 128 bits and need 98.
`default_nettype none
module accumulator #(
    parameter int unsigned PRODUCT_WIDTH = 84,
    parameter int unsigned SUM_WIDTH     = 128,
    parameter int unsigned CHUNK         = 32
) (
    input  wire                            clk_i,
    input  wire                            rst_ni,
    input  wire                            en_i,
    input  wire                            valid_i,
    input  wire                            first_i,
    input  wire                            end_i,
    input  wire  signed [PRODUCT_WIDTH-1:0] product_i,
    output logic                           valid_o,
    output logic signed [   SUM_WIDTH-1:0] sum_o,
    output logic                           overflow_o
);
  localparam int unsigned STAGES = (SUM_WIDTH + CHUNK - 1) / CHUNK;
  localparam int unsigned TOP = STAGES - 1;

  if (PRODUCT_WIDTH < 2 || PRODUCT_WIDTH > SUM_WIDTH) begin : g_product_width
    $error("accumulator: PRODUCT_WIDTH must lie in 2..SUM_WIDTH");
  end
  if (CHUNK < 2 || CHUNK >= SUM_WIDTH) begin : g_chunk_width
    $error("accumulator: CHUNK must lie in 2..SUM_WIDTH-1");
  end

  logic signed [SUM_WIDTH-1:0] product;
  logic [TOP:0] valid, first, ends;  // bit k: of the cycle that chunk k works on now
  logic [TOP:1] valid_q, first_q, ends_q;  // bit k: k cycles later
  logic [TOP:1] carry_q;  // bit k: into chunk k
  logic [SUM_WIDTH-1:0] sum;  // its chunks brought back to one time
  logic overflow_q, negative_q;

  assign product = SUM_WIDTH'(product_i);
  assign valid = {valid_q, valid_i};
  assign first = {first_q, first_i};
  assign ends = {ends_q, end_i};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      ends_q <= '0;
      valid_o <= 1'b0;
    end else if (en_i) begin
      valid_q <= valid[TOP-1:0];
      ends_q <= ends[TOP-1:0];
      valid_o <= ends[TOP];
    end
  end
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      first_q <= first[TOP-1:0];
      overflow_o <= overflow_q;
      sum_o <= overflow_q ? {negative_q, {(SUM_WIDTH - 1) {!negative_q}}} : sum;
    end
  end

  for (genvar k = 0; k < STAGES; k++) begin : g_chunk
    localparam int unsigned W = k == TOP ? SUM_WIDTH - TOP * CHUNK : CHUNK;
    logic [W-1:0] addend, base, sum_q;
    logic [W:0] after;

    delay #(
        .WIDTH(W),
        .DEPTH(k)
    ) u_addend (
        .clk_i,
        .en_i,
        .data_i(product[k*CHUNK+:W]),
        .data_o(addend)
    );
    delay #(
        .WIDTH(W),
        .DEPTH(TOP - k)
    ) u_sum (
        .clk_i,
        .en_i,
        .data_i(sum_q),
        .data_o(sum[k*CHUNK+:W])
    );

    assign base = first[k] ? '0 : sum_q;
    if (k == 0) begin : g_low
      assign after = {1'b0, base} + {1'b0, addend};
    end else begin : g_high
      assign after = {1'b0, base} + {1'b0, addend} + (W + 1)'(carry_q[k]);
    end
    always_ff @(posedge clk_i) if (en_i && valid[k]) sum_q <= after[W-1:0];

    if (k < TOP) begin : g_carry
      always_ff @(posedge clk_i) if (en_i && valid[k]) carry_q[k+1] <= after[W];
    end else begin : g_overflow
      logic now;  // the carry into the sign differs from the carry out of it
      assign now = base[W-1] ^ addend[W-1] ^ after[W-1] ^ after[W];
      always_ff @(posedge clk_i) begin
        if (en_i && valid[k]) begin
          overflow_q <= now || (overflow_q && !first[k]);
          if (first[k] || !overflow_q) negative_q <= addend[W-1];
        end
      end
    end
  end

  logic open_q;  // inside a run
  always_ff @(posedge clk_i) begin
    if (!rst_ni) open_q <= 1'b0;
    else if (en_i) open_q <= valid_i || (open_q && !end_i);
    if (rst_ni && $past(rst_ni) && en_i) begin
      a_run_starts_with_first: assert (!valid_i || first_i || (open_q && !end_i));
      a_run_to_end: assert (!end_i || open_q);
    end
    if (rst_ni && $past(rst_ni)) begin
      if ($past(!en_i)) a_held: assert (valid_o == $past(valid_o) && sum_o == $past(sum_o));
    end
  end
endmodule
`default_nettype wire

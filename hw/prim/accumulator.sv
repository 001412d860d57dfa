// COUNT signed sums of products, each one product per cycle, in SUM_WIDTH bits: the wide adder is cut into
// carry chains of CHUNK bits, chunk k working k cycles after chunk 0.
//
// Product c is [c*PRODUCT_WIDTH +: PRODUCT_WIDTH], with a valid_i of its own, subtracted where its negative_i; the runs are
// common to all.
// A run of products starts with first_i (whatever was summed before is dropped). end_i says that the
// run before this cycle ends: its sum leaves, whether or not a product comes in the same cycle, which
// then starts the next run. Cycles without valid_i add nothing; runs may follow each other without a
// gap.
// Latency: ceil(SUM_WIDTH / CHUNK) cycles from end_i. Throughput 1 product per cycle.
// Stall: en_i = 0 holds everything, outputs included.
// Errors: overflow_o is sticky over the run: some partial sum left SUM_WIDTH bits. sum_o is then
// the limit on the side of the first overflow, so that a later narrowing flags it too (LIMITED = 0, for sums that fit: what is
// left of it). Both change with a valid_o only.
// Reference: the sums of pl_sweep, which have 128 bits and need 98.
`default_nettype none
module accumulator #(
    parameter int unsigned COUNT         = 1,
    parameter int unsigned PRODUCT_WIDTH = 84,
    parameter int unsigned SUM_WIDTH     = 128,
    parameter int unsigned CHUNK         = 32,
    parameter int unsigned LIMITED       = 1
) (
    input  wire                            clk_i,
    input  wire                            rst_ni,
    input  wire                            en_i,
    input  wire  [              COUNT-1:0] valid_i,
    input  wire                            first_i,
    input  wire                            end_i,
    input  wire  [COUNT*PRODUCT_WIDTH-1:0] product_i,  // signed
    input  wire  [              COUNT-1:0] negative_i,
    output logic                           valid_o,
    output logic [    COUNT*SUM_WIDTH-1:0] sum_o,      // signed
    output logic [              COUNT-1:0] overflow_o
);
  localparam int unsigned STAGES = (SUM_WIDTH + CHUNK - 1) / CHUNK;
  localparam int unsigned TOP = STAGES - 1;
  localparam int unsigned TOP_W = SUM_WIDTH - TOP * CHUNK;
  localparam int unsigned PADDED_W = STAGES * CHUNK;

  if (COUNT < 1) begin : g_count $error("accumulator: COUNT must be at least 1"); end
  if (PRODUCT_WIDTH < 2 || PRODUCT_WIDTH > SUM_WIDTH) begin : g_product_width
    $error("accumulator: PRODUCT_WIDTH must lie in 2..SUM_WIDTH");
  end
  if (CHUNK < 2 || CHUNK >= SUM_WIDTH) begin : g_chunk_width
    $error("accumulator: CHUNK must lie in 2..SUM_WIDTH-1");
  end

  // Bit k, or [k*COUNT +: COUNT]: of the cycle that chunk k works on now.
  logic [STAGES*COUNT-1:0] valid;
  logic [TOP:0] first, ends;
  logic [TOP*COUNT-1:0] valid_q;
  logic [TOP-1:0] first_q, ends_q;
  assign valid = {valid_q, valid_i};
  assign first = {first_q, first_i};
  assign ends = {ends_q, end_i};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      ends_q <= '0;
      valid_o <= 1'b0;
    end else if (en_i) begin
      valid_q <= valid[TOP*COUNT-1:0];
      ends_q <= ends[TOP-1:0];
      valid_o <= ends[TOP];
    end
  end
  always_ff @(posedge clk_i) if (en_i) first_q <= first[TOP-1:0];

  // Of sum c: chunk k, the carry into it, its addend d cycles late (for d = k), itself d cycles late (for d = TOP - k).
  (* mem2reg *) logic [CHUNK-1:0] sum_q[STAGES*COUNT];  // [k*COUNT + c]
  (* mem2reg *) logic carry_q[STAGES*COUNT];
  (* mem2reg *) logic [CHUNK-1:0] addend_q[STAGES*STAGES*COUNT];  // [(k*STAGES + d)*COUNT + c]
  (* mem2reg *) logic [CHUNK-1:0] late_q[STAGES*STAGES*COUNT];
  logic [COUNT-1:0] overflow_q, negative_q;

  // A product is subtracted as its complement, and a carry into chunk 0.
  // The registers of one pipeline, last stage first: what a stage reads has not been written yet.
  // verilator lint_off BLKSEQ
  // verilator lint_off UNUSEDSIGNAL
  logic [PADDED_W-1:0] whole;  // the top chunk's bits above TOP_W are 0
  // verilator lint_on UNUSEDSIGNAL
  logic [CHUNK-1:0] base, addend;
  logic [CHUNK:0] after;
  // verilator lint_off UNUSEDSIGNAL
  logic now, unused;
  // verilator lint_on UNUSEDSIGNAL
  always_ff @(posedge clk_i) begin
    if (en_i) begin
      if (ends[TOP]) begin
        for (int c = 0; c < COUNT; c++) begin
          for (int k = 0; k < STAGES; k++) begin
            whole[k*CHUNK+:CHUNK] = k == TOP ? sum_q[k*COUNT+c] : late_q[(k*STAGES+TOP-k)*COUNT+c];
          end
          sum_o[c*SUM_WIDTH+:SUM_WIDTH] <= LIMITED != 0 && overflow_q[c] ? {negative_q[c], {(SUM_WIDTH - 1) {!negative_q[c]}}}
              : whole[SUM_WIDTH-1:0];
        end
        overflow_o <= overflow_q;
      end
      for (int k = 0; k < TOP; k++) begin
        for (int d = TOP - k; d > 0; d--) begin
          if (ends[k+d-1]) begin
            for (int c = 0; c < COUNT; c++) begin
              late_q[(k*STAGES+d)*COUNT+c] = d == 1 ? sum_q[k*COUNT+c] : late_q[(k*STAGES+d-1)*COUNT+c];
            end
          end
        end
      end
      for (int k = TOP; k >= 0; k--) begin
        if (valid[k*COUNT+:COUNT] != '0) begin
          for (int c = 0; c < COUNT; c++) begin
            if (valid[k*COUNT+c]) begin
              whole = PADDED_W'(unsigned'(SUM_WIDTH'(signed'(product_i[c*PRODUCT_WIDTH+:PRODUCT_WIDTH])) ^ {SUM_WIDTH{negative_i[c]}}));
              base = first[k] ? '0 : sum_q[k*COUNT+c];
              addend = k == 0 ? whole[CHUNK-1:0] : addend_q[(k*STAGES+k)*COUNT+c];
              {after, unused} = {1'b0, addend, 1'b1} + {1'b0, base, k == 0 ? negative_i[c] : carry_q[k*COUNT+c]};
              if (k < TOP) begin
                sum_q[k*COUNT+c] = after[CHUNK-1:0];
                carry_q[(k+1)*COUNT+c] = after[CHUNK];
              end else begin
                sum_q[k*COUNT+c] = CHUNK'(after[TOP_W-1:0]);
                // the carry into the sign differs from the carry out of it
                now = base[TOP_W-1] ^ addend[TOP_W-1] ^ after[TOP_W-1] ^ after[TOP_W];
                if (first[k] || !overflow_q[c]) negative_q[c] = addend[TOP_W-1];
                overflow_q[c] = now || (overflow_q[c] && !first[k]);
              end
            end
          end
        end
      end
      for (int d = TOP; d > 0; d--) begin
        if (valid[(d-1)*COUNT+:COUNT] != '0) begin
          for (int c = 0; c < COUNT; c++) begin
            whole = PADDED_W'(unsigned'(SUM_WIDTH'(signed'(product_i[c*PRODUCT_WIDTH+:PRODUCT_WIDTH])) ^ {SUM_WIDTH{negative_i[c]}}));
            for (int k = d; k < STAGES; k++) begin
              addend_q[(k*STAGES+d)*COUNT+c] = d == 1 ? whole[k*CHUNK+:CHUNK] : addend_q[(k*STAGES+d-1)*COUNT+c];
            end
          end
        end
      end
    end
  end
  // verilator lint_on BLKSEQ

  logic open_q;  // inside a run
  always_ff @(posedge clk_i) begin
    if (!rst_ni) open_q <= 1'b0;
    else if (en_i) open_q <= valid_i[0] || (open_q && !end_i);
    if (rst_ni && $past(rst_ni) && en_i) begin
      a_run_starts_with_first: assert (!valid_i[0] || first_i || (open_q && !end_i));
      a_run_to_end: assert (!end_i || open_q);
    end
    if (rst_ni && $past(rst_ni)) begin
      if ($past(!en_i)) a_held: assert (valid_o == $past(valid_o));
    end
  end
endmodule
`default_nettype wire

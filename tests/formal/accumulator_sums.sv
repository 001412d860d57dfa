// accumulator: each run's sum is the exact one; if some partial sum left SUM_WIDTH bits, overflow is flagged and the sum is the
// limit on the side of the first overflow. Sums come STAGES enabled cycles after end_i, in order, none lost.
//
// The reference adds in SUM_WIDTH + 2 bits, which hold one overflow, and stops there. Two sums of 5 bits in chunks of 2: three
// chunks, the last one bit wide, so each kind of chunk and carry is there; products of 4 bits. Runs of any length, any pauses.
// Assumed: the runs are as the module's header asks.
//! read prim/accumulator
//! prove pdr
//! also smt 8
//! cover 20
`default_nettype none
module accumulator_sums (
    input wire       clk_i,
    input wire       rst_ni,
    input wire       en_i,
    input wire [1:0] valid_i,
    input wire       first_i,
    input wire       end_i,
    input wire [7:0] product_i,
    input wire [1:0] negative_i
);
  localparam int STAGES = 3;
  logic valid;
  logic [9:0] sum;
  logic [1:0] overflow;
  accumulator #(
      .COUNT(2), .PRODUCT_WIDTH(4), .SUM_WIDTH(5), .CHUNK(2)
  ) u_accumulator (
      .clk_i, .rst_ni, .en_i, .valid_i, .first_i, .end_i, .product_i, .negative_i, .valid_o(valid), .sum_o(sum), .overflow_o(overflow)
  );

  logic begun_q = 1'b0;
  logic open_q;  // inside a run
  always_ff @(posedge clk_i) begin
    begun_q <= 1'b1;
    if (!rst_ni) open_q <= 1'b0;
    else if (en_i) open_q <= valid_i[0] || (open_q && !end_i);
  end
  always_comb begin
    assume (begun_q || !rst_ni);
    if (rst_ni && en_i) begin
      assume (!end_i || open_q);
      assume (!valid_i[0] || first_i || (open_q && !end_i));
      assume (!valid_i[0] || !first_i || !open_q || end_i);
      assume (valid_i[1] == valid_i[0]);
    end
  end

  // Reference of one sum, and its results on their way.
  for (genvar c = 0; c < 2; c++) begin : g_sum
    logic signed [6:0] base, after;
    logic signed [4:0] exact_q;
    logic lost_q, negative_q;  // overflowed; below
    logic [STAGES*7-1:0] late_q;  // ended, overflow, sum
    always_comb begin
      base = first_i ? 7'sd0 : 7'(exact_q);
      after = 7'(signed'(product_i[4*c+:4]));
      after = base + (negative_i[c] ? -after : after);
    end
    always_ff @(posedge clk_i) begin
      if (!rst_ni) late_q <= '0;
      else if (en_i) begin
        late_q <= {late_q[(STAGES-1)*7-1:0], end_i, lost_q, lost_q ? {negative_q, {4{!negative_q}}} : exact_q};
        if (valid_i[c] && (first_i || !lost_q)) begin
          exact_q <= after[4:0];
          lost_q <= after > 7'sd15 || after < -7'sd16;
          negative_q <= after[6];
        end
      end
    end
    always_ff @(posedge clk_i) begin
      if (rst_ni && begun_q && $past(rst_ni)) begin
        assert (valid == late_q[STAGES*7-1]);
        if (valid) assert ({overflow[c], sum[5*c+:5]} == late_q[STAGES*7-2-:6]);
        cover (valid && overflow[c] && sum[5*c+:5] == 5'd15);
        cover (valid && overflow[c] && sum[5*c+:5] == 5'd16 && $past(valid));
      end
    end
  end
endmodule
`default_nettype wire

// Register file of the card: every register of the contract behind an AXI4-Lite slave (axi_lite).
//
// SLVERR, and no effect, for: an unknown or unaligned address, a write to a read-only register, a
// read of a write-only one (reads as 0), and a value the contract excludes: a ring base not aligned
// to a line, ring entries that are neither 0 (no ring) nor a power of two up to
// PL_RING_ENTRIES_MAX, a counter that does not exist, a doorbell without all four bytes. Over PCIe
// a posted write's error is lost: the host reads back. Bits without meaning read as 0 and ignore
// writes.
//
// Doorbells: *_valid_o is a pulse of one cycle with its value: the card counts from totals, not
// from pulses.
// Interrupts: irq_o = pending & enabled, a level. A bit that is set and cleared in one cycle stays
// set.
// Errors: error_valid_i sets the interrupt's error bit; ERROR keeps the first status since reset.
// Counters: reading COUNTER_LOW samples all 64 bits of the selected one, as it was a cycle before;
// COUNTER_HIGH yields the upper half of that sample.
// Soft reset: writing 1 to CONTROL's SOFT_RESET clears enable_o at once and raises soft_reset_o, which
// reads as that bit, until reset_done_i; then every register has its reset value. Writing 0 does
// not end it. Writes meanwhile are ignored.
`default_nettype none
module csr #(
    parameter int unsigned LANES       = 8,
    parameter int unsigned SCENARIOS   = 40,
    parameter int unsigned INSTRUMENTS = 4096,
    parameter int unsigned EXPIRIES    = 512,
    parameter int unsigned UNDERLYINGS = 128,
    parameter int unsigned CLASSES     = 256,
    parameter int unsigned BRACKET_TABLES = 64,
    parameter int unsigned WATCH_SLOTS = 32'(pl_abi_pkg::PL_WATCH_SLOTS_MAX),
    parameter int unsigned PROFILE     = 32'(pl_abi_pkg::PL_PROFILE_FULL),
    parameter int unsigned BUILD       = 0,
    parameter int unsigned COUNTERS    = 32'(pl_abi_pkg::PL_COUNTER_WATCH_DROPPED) + 1,
    localparam int unsigned ADDRESS_WIDTH = $bits(pl_abi_pkg::PL_REG_MAGIC),
    localparam int unsigned ENTRIES_WIDTH = $clog2(32'(pl_abi_pkg::PL_RING_ENTRIES_MAX) + 1)
) (
    input  wire                      clk_i,
    input  wire                      rst_ni,
    input  wire  [ADDRESS_WIDTH-1:0] s_axi_awaddr,
    input  wire                      s_axi_awvalid,
    output logic                     s_axi_awready,
    input  wire  [             31:0] s_axi_wdata,
    input  wire  [              3:0] s_axi_wstrb,
    input  wire                      s_axi_wvalid,
    output logic                     s_axi_wready,
    output logic [              1:0] s_axi_bresp,
    output logic                     s_axi_bvalid,
    input  wire                      s_axi_bready,
    input  wire  [ADDRESS_WIDTH-1:0] s_axi_araddr,
    input  wire                      s_axi_arvalid,
    output logic                     s_axi_arready,
    output logic [             31:0] s_axi_rdata,
    output logic [              1:0] s_axi_rresp,
    output logic                     s_axi_rvalid,
    input  wire                      s_axi_rready,

    output logic enable_o,
    output logic soft_reset_o,
    input  wire  reset_done_i,  // pulse: everything else has been reset
    input  wire  loaded_i,      // the bits of STATUS
    input  wire  committed_i,
    input  wire  clean_i,
    input  wire  needs_flr_i,
    input  wire  watching_i,

    output logic [             63:0] submit_base_o,
    output logic [ENTRIES_WIDTH-1:0] submit_entries_o,
    output logic                     submit_valid_o,
    output logic [             31:0] submit_total_o,    // entries submitted so far
    output logic [             63:0] complete_base_o,
    output logic [ENTRIES_WIDTH-1:0] complete_entries_o,
    output logic                     consumed_valid_o,
    output logic [             31:0] consumed_total_o,  // entries the host has read so far

    output logic [             63:0] watch_base_o,
    output logic [ENTRIES_WIDTH-1:0] watch_entries_o,
    output logic                     watch_restart_o,         // pulse: watch_entries_o was written
    output logic                     watch_consumed_valid_o,  // pulse: lines read so far are consumed_total_o
    output logic                     window_clear_o,          // pulse
    input  wire  [              7:0] window_status_i,

    input  wire        completion_i,    // pulses: events of IRQ_PENDING
    input  wire        watched_i,
    input  wire        error_valid_i,
    input  wire  [7:0] error_status_i,  // STATUS, not OK
    output logic [2:0] irq_o,           // by bit of IRQ_PENDING

    input wire [COUNTERS*64-1:0] counters_i  // counter c at [64*c +: 64]
);
  localparam bit FULL = PROFILE == 32'(pl_abi_pkg::PL_PROFILE_FULL);
  localparam int unsigned SCENARIOS_MAX =
      32'(FULL ? pl_abi_pkg::PL_SCENARIOS_MAX : pl_abi_pkg::PL_SCENARIOS_MAX_SMALL);
  localparam int unsigned INSTRUMENTS_MAX =
      32'(FULL ? pl_abi_pkg::PL_INSTRUMENTS_MAX : pl_abi_pkg::PL_INSTRUMENTS_MAX_SMALL);
  // One line per cycle feeds no more.
  localparam int unsigned LANES_MAX = 32'(pl_abi_pkg::PL_LINE_BYTES / pl_abi_pkg::PL_SLOT_BYTES);
  localparam int unsigned EXPIRIES_MAX = 32'(pl_abi_pkg::PL_EXPIRIES_MAX);
  localparam int unsigned ENTRIES_MAX = 32'(pl_abi_pkg::PL_RING_ENTRIES_MAX);
  localparam int unsigned ENTRIES_TOP = $clog2(ENTRIES_MAX);  // its only bit
  localparam int unsigned LINE_BITS = $clog2(32'(pl_abi_pkg::PL_LINE_BYTES));
  localparam int unsigned SELECT_WIDTH = COUNTERS > 1 ? $clog2(COUNTERS) : 1;
  localparam int unsigned CONTROL_ENABLE = 32'(pl_abi_pkg::PL_CONTROL_ENABLE_BIT);
  localparam int unsigned CONTROL_SOFT_RESET = 32'(pl_abi_pkg::PL_CONTROL_SOFT_RESET_BIT);
  localparam int unsigned CONTROL_WINDOW_CLEAR = 32'(pl_abi_pkg::PL_CONTROL_WINDOW_CLEAR_BIT);
  localparam int unsigned IRQ_COMPLETION = 32'(pl_abi_pkg::PL_IRQ_COMPLETION_BIT);
  localparam int unsigned IRQ_WATCHED = 32'(pl_abi_pkg::PL_IRQ_WATCHED_BIT);
  localparam int unsigned IRQ_ERROR = 32'(pl_abi_pkg::PL_IRQ_ERROR_BIT);

  if (!FULL && PROFILE != 32'(pl_abi_pkg::PL_PROFILE_SMALL)) begin : g_profile
    $error("csr: PROFILE");
  end
  if (LANES < 1 || LANES > LANES_MAX) begin : g_lanes $error("csr: LANES"); end
  if (SCENARIOS < 1 || SCENARIOS > SCENARIOS_MAX) begin : g_scenarios $error("csr: SCENARIOS"); end
  if (INSTRUMENTS < 1 || INSTRUMENTS > INSTRUMENTS_MAX) begin : g_instruments
    $error("csr: INSTRUMENTS");
  end
  if (EXPIRIES < 1 || EXPIRIES > EXPIRIES_MAX) begin : g_expiries $error("csr: EXPIRIES"); end
  if (UNDERLYINGS < 1 || UNDERLYINGS > 32'(pl_abi_pkg::PL_UNDERLYINGS_MAX)) begin : g_underlyings
    $error("csr: UNDERLYINGS");
  end
  if (CLASSES < 1 || CLASSES > 32'(pl_abi_pkg::PL_CLASSES_MAX)) begin : g_classes
    $error("csr: CLASSES");
  end
  if (BRACKET_TABLES < 1 || BRACKET_TABLES > 32'(pl_abi_pkg::PL_BRACKET_TABLES_MAX)) begin : g_brackets
    $error("csr: BRACKET_TABLES");
  end
  if (WATCH_SLOTS < 16 || WATCH_SLOTS > 32'(pl_abi_pkg::PL_WATCH_SLOTS_MAX)) begin : g_watch_slots
    $error("csr: WATCH_SLOTS");
  end
  if (COUNTERS < 1 || COUNTERS > 256) begin : g_counters $error("csr: COUNTERS"); end

  logic write, read, write_error, read_error;
  logic [ADDRESS_WIDTH-1:0] write_address, read_address;
  logic [31:0] write_data, read_data;
  logic [3:0] strobe;

  axi_lite #(
      .ADDRESS_WIDTH(ADDRESS_WIDTH)
  ) u_axi (
      .clk_i,
      .rst_ni,
      .s_axi_awaddr,
      .s_axi_awvalid,
      .s_axi_awready,
      .s_axi_wdata,
      .s_axi_wstrb,
      .s_axi_wvalid,
      .s_axi_wready,
      .s_axi_bresp,
      .s_axi_bvalid,
      .s_axi_bready,
      .s_axi_araddr,
      .s_axi_arvalid,
      .s_axi_arready,
      .s_axi_rdata,
      .s_axi_rresp,
      .s_axi_rvalid,
      .s_axi_rready,
      .write_o(write),
      .write_address_o(write_address),
      .write_data_o(write_data),
      .write_strobe_o(strobe),
      .write_error_i(write_error),
      .read_o(read),
      .read_address_o(read_address),
      .read_data_i(read_data),
      .read_error_i(read_error)
  );

  logic enable_q, soft_reset_q;
  logic [63:0] submit_base_q, complete_base_q, watch_base_q;
  logic [ENTRIES_WIDTH-1:0] submit_entries_q, complete_entries_q, watch_entries_q;
  logic [2:0] irq_enable_q, irq_pending_q, irq_clear, irq_set;
  logic [7:0] error_q;
  logic [SELECT_WIDTH-1:0] select_q;
  logic [63:0] counter;
  logic sample;
  logic [31:0] counter_high_q, total_q;

  // The register written, as it is and as it would become.
  logic [31:0] old, mask, merged;
  logic accept;

  always_comb begin
    old = '0;
    case (write_address)
      pl_abi_pkg::PL_REG_CONTROL: old[CONTROL_ENABLE] = enable_q;
      pl_abi_pkg::PL_REG_SUBMIT_BASE_LOW: old = submit_base_q[31:0];
      pl_abi_pkg::PL_REG_SUBMIT_BASE_HIGH: old = submit_base_q[63:32];
      pl_abi_pkg::PL_REG_SUBMIT_ENTRIES: old = 32'(submit_entries_q);
      pl_abi_pkg::PL_REG_COMPLETE_BASE_LOW: old = complete_base_q[31:0];
      pl_abi_pkg::PL_REG_COMPLETE_BASE_HIGH: old = complete_base_q[63:32];
      pl_abi_pkg::PL_REG_COMPLETE_ENTRIES: old = 32'(complete_entries_q);
      pl_abi_pkg::PL_REG_WATCH_BASE_LOW: old = watch_base_q[31:0];
      pl_abi_pkg::PL_REG_WATCH_BASE_HIGH: old = watch_base_q[63:32];
      pl_abi_pkg::PL_REG_WATCH_ENTRIES: old = 32'(watch_entries_q);
      pl_abi_pkg::PL_REG_IRQ_ENABLE: old = 32'(irq_enable_q);
      pl_abi_pkg::PL_REG_COUNTER_SELECT: old = 32'(select_q);
      default: ;
    endcase
  end
  assign mask = {{8{strobe[3]}}, {8{strobe[2]}}, {8{strobe[1]}}, {8{strobe[0]}}};
  assign merged = (old & ~mask) | (write_data & mask);

  // Checks of single registers do not wait for `old`.
  logic [31:0] written, submit_entries, complete_entries, watch_entries;
  logic [SELECT_WIDTH-1:0] select;
  assign written = write_data & mask;
  assign submit_entries = (32'(submit_entries_q) & ~mask) | written;
  assign complete_entries = (32'(complete_entries_q) & ~mask) | written;
  assign watch_entries = (32'(watch_entries_q) & ~mask) | written;
  assign select = (select_q & ~mask[SELECT_WIDTH-1:0]) | written[SELECT_WIDTH-1:0];

  // 0 or a power of two, at most ENTRIES_MAX; in groups of four bits: a carry chain would come late.
  function automatic logic is_ring(input logic [31:0] entries);
    logic two, some, two_here, some_here;
    two = 1'b0;
    some = 1'b0;
    for (int g = 0; g < 32; g = g + 4) begin
      some_here = entries[g+:4] != '0;
      two_here = (entries[g] && entries[g+1]) || (entries[g+2] && entries[g+3]) ||
          ((entries[g] || entries[g+1]) && (entries[g+2] || entries[g+3]));
      two = two || two_here || (some && some_here);
      some = some || some_here;
    end
    is_ring = !two && entries[31:ENTRIES_TOP+1] == '0;
  endfunction

  always_comb begin
    case (write_address)
      pl_abi_pkg::PL_REG_CONTROL,
      pl_abi_pkg::PL_REG_SUBMIT_BASE_HIGH,
      pl_abi_pkg::PL_REG_COMPLETE_BASE_HIGH,
      pl_abi_pkg::PL_REG_WATCH_BASE_HIGH,
      pl_abi_pkg::PL_REG_IRQ_ENABLE,
      pl_abi_pkg::PL_REG_IRQ_PENDING: write_error = 1'b0;
      pl_abi_pkg::PL_REG_SUBMIT_BASE_LOW,
      pl_abi_pkg::PL_REG_COMPLETE_BASE_LOW,
      pl_abi_pkg::PL_REG_WATCH_BASE_LOW: write_error = written[LINE_BITS-1:0] != '0;  // theirs are 0
      pl_abi_pkg::PL_REG_SUBMIT_ENTRIES: write_error = !is_ring(submit_entries);
      pl_abi_pkg::PL_REG_COMPLETE_ENTRIES: write_error = !is_ring(complete_entries);
      pl_abi_pkg::PL_REG_WATCH_ENTRIES: write_error = !is_ring(watch_entries);
      pl_abi_pkg::PL_REG_SUBMIT_DOORBELL,
      pl_abi_pkg::PL_REG_COMPLETE_CONSUMED,
      pl_abi_pkg::PL_REG_WATCH_CONSUMED: write_error = strobe != '1;
      pl_abi_pkg::PL_REG_COUNTER_SELECT: write_error = written[31:SELECT_WIDTH] != '0 || 32'(select) >= COUNTERS;
      default: write_error = 1'b1;
    endcase
  end
  assign accept = write && !write_error && !soft_reset_q;

  assign irq_clear =
      accept && write_address == pl_abi_pkg::PL_REG_IRQ_PENDING ? 3'(write_data & mask) : '0;
  always_comb begin
    irq_set = '0;
    irq_set[IRQ_COMPLETION] = completion_i;
    irq_set[IRQ_WATCHED] = watched_i;
    irq_set[IRQ_ERROR] = error_valid_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || (soft_reset_q && reset_done_i)) begin
      enable_q <= 1'b0;
      soft_reset_q <= 1'b0;
      submit_base_q <= '0;
      submit_entries_q <= '0;
      submit_valid_o <= 1'b0;
      complete_base_q <= '0;
      complete_entries_q <= '0;
      consumed_valid_o <= 1'b0;
      watch_base_q <= '0;
      watch_entries_q <= '0;
      watch_restart_o <= 1'b0;
      watch_consumed_valid_o <= 1'b0;
      window_clear_o <= 1'b0;
      irq_enable_q <= '0;
      irq_pending_q <= '0;
      error_q <= pl_abi_pkg::PL_STATUS_OK;
      select_q <= '0;
    end else begin
      submit_valid_o <= accept && write_address == pl_abi_pkg::PL_REG_SUBMIT_DOORBELL;
      consumed_valid_o <= accept && write_address == pl_abi_pkg::PL_REG_COMPLETE_CONSUMED;
      watch_consumed_valid_o <= accept && write_address == pl_abi_pkg::PL_REG_WATCH_CONSUMED;
      watch_restart_o <= accept && write_address == pl_abi_pkg::PL_REG_WATCH_ENTRIES;
      window_clear_o <= accept && write_address == pl_abi_pkg::PL_REG_CONTROL && merged[CONTROL_WINDOW_CLEAR];
      irq_pending_q <= (irq_pending_q & ~irq_clear) | irq_set;
      if (error_valid_i && error_q == pl_abi_pkg::PL_STATUS_OK) error_q <= error_status_i;
      if (accept) begin
        case (write_address)
          pl_abi_pkg::PL_REG_CONTROL: begin
            soft_reset_q <= merged[CONTROL_SOFT_RESET];
            enable_q <= merged[CONTROL_ENABLE] && !merged[CONTROL_SOFT_RESET];
          end
          pl_abi_pkg::PL_REG_SUBMIT_BASE_LOW: submit_base_q[31:0] <= merged;
          pl_abi_pkg::PL_REG_SUBMIT_BASE_HIGH: submit_base_q[63:32] <= merged;
          pl_abi_pkg::PL_REG_SUBMIT_ENTRIES: submit_entries_q <= ENTRIES_WIDTH'(merged);
          pl_abi_pkg::PL_REG_COMPLETE_BASE_LOW: complete_base_q[31:0] <= merged;
          pl_abi_pkg::PL_REG_COMPLETE_BASE_HIGH: complete_base_q[63:32] <= merged;
          pl_abi_pkg::PL_REG_COMPLETE_ENTRIES: complete_entries_q <= ENTRIES_WIDTH'(merged);
          pl_abi_pkg::PL_REG_WATCH_BASE_LOW: watch_base_q[31:0] <= merged;
          pl_abi_pkg::PL_REG_WATCH_BASE_HIGH: watch_base_q[63:32] <= merged;
          pl_abi_pkg::PL_REG_WATCH_ENTRIES: watch_entries_q <= ENTRIES_WIDTH'(merged);
          pl_abi_pkg::PL_REG_IRQ_ENABLE: irq_enable_q <= 3'(merged);
          pl_abi_pkg::PL_REG_COUNTER_SELECT: select_q <= SELECT_WIDTH'(merged);
          default: ;  // doorbells and IRQ_PENDING above
        endcase
      end
    end
  end

  always_ff @(posedge clk_i) if (write) total_q <= write_data;
  assign submit_total_o = total_q;
  assign consumed_total_o = total_q;

  always_ff @(posedge clk_i) counter <= counters_i[64*select_q+:64];
  assign sample = read && read_address == pl_abi_pkg::PL_REG_COUNTER_LOW;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || (soft_reset_q && reset_done_i)) counter_high_q <= '0;
    else if (sample) counter_high_q <= counter[63:32];
  end

  always_comb begin
    read_data = '0;
    read_error = 1'b0;
    case (read_address)
      pl_abi_pkg::PL_REG_MAGIC: read_data = 32'(pl_abi_pkg::PL_MAGIC);
      pl_abi_pkg::PL_REG_CONTRACT_VERSION: read_data = pl_abi_pkg::PL_CONTRACT_VERSION;
      pl_abi_pkg::PL_REG_CONTRACT_HASH_LOW: read_data = pl_abi_pkg::PL_CONTRACT_HASH[31:0];
      pl_abi_pkg::PL_REG_CONTRACT_HASH_HIGH: read_data = pl_abi_pkg::PL_CONTRACT_HASH[63:32];
      pl_abi_pkg::PL_REG_BUILD: read_data = BUILD;
      pl_abi_pkg::PL_REG_PROFILE: read_data = PROFILE;
      pl_abi_pkg::PL_REG_LANES: read_data = LANES;
      pl_abi_pkg::PL_REG_CAP_SCENARIOS: read_data = SCENARIOS;
      pl_abi_pkg::PL_REG_CAP_INSTRUMENTS: read_data = INSTRUMENTS;
      pl_abi_pkg::PL_REG_CAP_EXPIRIES: read_data = EXPIRIES;
      pl_abi_pkg::PL_REG_CAP_UNDERLYINGS: read_data = UNDERLYINGS;
      pl_abi_pkg::PL_REG_CAP_CLASSES: read_data = CLASSES;
      pl_abi_pkg::PL_REG_CAP_BRACKET_TABLES: read_data = BRACKET_TABLES;
      pl_abi_pkg::PL_REG_CAP_WATCH_SLOTS: read_data = WATCH_SLOTS;
      pl_abi_pkg::PL_REG_CONTROL: begin
        read_data[CONTROL_ENABLE] = enable_q;
        read_data[CONTROL_SOFT_RESET] = soft_reset_q;
      end
      pl_abi_pkg::PL_REG_STATUS: begin
        read_data[32'(pl_abi_pkg::PL_CARD_LOADED_BIT)] = loaded_i;
        read_data[32'(pl_abi_pkg::PL_CARD_COMMITTED_BIT)] = committed_i;
        read_data[32'(pl_abi_pkg::PL_CARD_CLEAN_BIT)] = clean_i;
        read_data[32'(pl_abi_pkg::PL_CARD_NEEDS_FLR_BIT)] = needs_flr_i;
        read_data[32'(pl_abi_pkg::PL_CARD_WATCHING_BIT)] = watching_i;
      end
      pl_abi_pkg::PL_REG_SUBMIT_BASE_LOW: read_data = submit_base_q[31:0];
      pl_abi_pkg::PL_REG_SUBMIT_BASE_HIGH: read_data = submit_base_q[63:32];
      pl_abi_pkg::PL_REG_SUBMIT_ENTRIES: read_data = 32'(submit_entries_q);
      pl_abi_pkg::PL_REG_COMPLETE_BASE_LOW: read_data = complete_base_q[31:0];
      pl_abi_pkg::PL_REG_COMPLETE_BASE_HIGH: read_data = complete_base_q[63:32];
      pl_abi_pkg::PL_REG_COMPLETE_ENTRIES: read_data = 32'(complete_entries_q);
      pl_abi_pkg::PL_REG_WATCH_BASE_LOW: read_data = watch_base_q[31:0];
      pl_abi_pkg::PL_REG_WATCH_BASE_HIGH: read_data = watch_base_q[63:32];
      pl_abi_pkg::PL_REG_WATCH_ENTRIES: read_data = 32'(watch_entries_q);
      pl_abi_pkg::PL_REG_WINDOW_STATUS: read_data = 32'(window_status_i);
      pl_abi_pkg::PL_REG_IRQ_ENABLE: read_data = 32'(irq_enable_q);
      pl_abi_pkg::PL_REG_IRQ_PENDING: read_data = 32'(irq_pending_q);
      pl_abi_pkg::PL_REG_ERROR: read_data = 32'(error_q);
      pl_abi_pkg::PL_REG_COUNTER_SELECT: read_data = 32'(select_q);
      pl_abi_pkg::PL_REG_COUNTER_LOW: read_data = counter[31:0];
      pl_abi_pkg::PL_REG_COUNTER_HIGH: read_data = counter_high_q;
      default: read_error = 1'b1;
    endcase
  end

  assign enable_o = enable_q;
  assign soft_reset_o = soft_reset_q;
  assign submit_base_o = submit_base_q;
  assign submit_entries_o = submit_entries_q;
  assign complete_base_o = complete_base_q;
  assign complete_entries_o = complete_entries_q;
  assign watch_base_o = watch_base_q;
  assign watch_entries_o = watch_entries_q;
  assign irq_o = irq_pending_q & irq_enable_q;

  always_ff @(posedge clk_i) begin
    if (rst_ni) begin
      a_submit_aligned: assert (submit_base_q[LINE_BITS-1:0] == '0);
      a_complete_aligned: assert (complete_base_q[LINE_BITS-1:0] == '0);
      a_reset_disables: assert (!(soft_reset_q && enable_q));
      a_error_is_one: assert (!error_valid_i || error_status_i != pl_abi_pkg::PL_STATUS_OK);
      a_reset_one_answer: assert (!(clean_i && needs_flr_i));
      a_watch_aligned: assert (watch_base_q[LINE_BITS-1:0] == '0);
      a_pulse_is_write: assert (32'(submit_valid_o) + 32'(consumed_valid_o) + 32'(watch_consumed_valid_o) <= 1);
    end
  end
endmodule
`default_nettype wire

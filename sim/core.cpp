/* The Verilated core behind sim.h: clock, reset, register accesses; its memory port goes to the
 * bridge. */
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>

#include <verilated.h>
#if VM_TRACE_FST
#include <verilated_fst_c.h>
#endif
#if VM_COVERAGE
#include <atomic>
#include <cstdlib>
#include <unistd.h>
#include <verilated_cov.h>
#endif

#include "Vpl_core.h"
#include "bridge.hpp"

#define _Static_assert static_assert
#define _Alignas alignas
#include "pl_abi.h"

namespace
{
constexpr unsigned RESET_CYCLES = 16, POSTED = 256;
constexpr unsigned ANSWER_CYCLES = 10000; /* for a register to answer */
constexpr uint32_t ALL_ONES = UINT32_MAX;

/* A write on its way: of a register, or of a line of the window. */
struct Posted {
    uint64_t arrives, strobe; /* strobe 0: a register */
    uint32_t offset, value;
    uint32_t line[sim::WORDS];
};
} // namespace

struct pl_sim {
    VerilatedContext context;
    std::unique_ptr<Vpl_core> core;
    sim::Bridge bridge;
    sim::MasterIn in = {};
    uint64_t cycles = 0, half_trip, interrupts[3] = {};
    uint8_t irq = 0;
    Posted posted[POSTED];
    unsigned posted_head = 0, posted_count = 0;
    bool writing = false, reading = false;
    unsigned lines_out = 0; /* of the window: taken, not answered */
    uint32_t stall_percent;
    uint64_t stalls;
    uint32_t read_value = 0;
#if VM_TRACE_FST
    VerilatedFstC trace;
#endif

    explicit pl_sim(const pl_sim_options &o)
        : core(new Vpl_core(&context)), bridge(o),
          half_trip((uint64_t)o.rtt_ns * o.clock_mhz / 2000), stall_percent(o.stall_percent),
          stalls(o.seed | 1)
    {
    }
    void start(const pl_sim_options &o);
    void reset();
    void drive();
    void take_registers();
    void start_write();
    void start_line(const Posted &p);
    sim::MasterOut sample() const;
    void cycle();
    void run(uint64_t count)
    {
        for (; count > 0; count--)
            cycle();
    }
    uint32_t read(uint32_t offset);
    void post(const Posted &write);
};

void pl_sim::start(const pl_sim_options &o)
{
    (void)o;
#if VM_TRACE_FST
    if (o.trace != nullptr) {
        context.traceEverOn(true);
        core->trace(&trace, 99);
        trace.open(o.trace);
    }
#endif
    core->s_axi_bready = core->s_axi_rready = 1;
    core->w_axi_bready = core->w_axi_rready = 1;
    core->w_axi_awsize = 6;
    core->w_axi_awburst = 1;
    core->w_axi_wlast = 1;
    reset();
}

void pl_sim::reset()
{
    Vpl_core &c = *core;
    bridge.reset();
    in = {};
    posted_count = lines_out = 0;
    writing = reading = false;
    c.s_axi_awvalid = c.s_axi_wvalid = c.s_axi_arvalid = c.w_axi_awvalid = c.w_axi_wvalid = 0;
    c.rst_ni = 0;
    run(RESET_CYCLES);
    c.rst_ni = 1;
}

void pl_sim::drive()
{
    Vpl_core &c = *core;
    c.inject_i = in.inject;
    c.m_axi_arready = in.arready;
    c.m_axi_rvalid = in.rvalid;
    if (in.rvalid) {
        c.m_axi_rid = in.rid;
        c.m_axi_rresp = in.rresp;
        c.m_axi_rlast = in.rlast;
        memcpy(&c.m_axi_rdata[0], in.rdata, sizeof in.rdata);
    }
    c.m_axi_awready = in.awready;
    c.m_axi_wready = in.wready;
    c.m_axi_bvalid = in.bvalid;
    c.m_axi_bid = in.bid;
    c.m_axi_bresp = in.bresp;
}

sim::MasterOut pl_sim::sample() const
{
    const Vpl_core &c = *core;
    sim::MasterOut out;
    out.araddr = c.m_axi_araddr;
    out.arid = c.m_axi_arid;
    out.arlen = c.m_axi_arlen;
    out.arsize = c.m_axi_arsize;
    out.arburst = c.m_axi_arburst;
    out.arvalid = c.m_axi_arvalid;
    out.rready = c.m_axi_rready;
    out.awaddr = c.m_axi_awaddr;
    out.awid = c.m_axi_awid;
    out.awlen = c.m_axi_awlen;
    out.awsize = c.m_axi_awsize;
    out.awburst = c.m_axi_awburst;
    out.awvalid = c.m_axi_awvalid;
    out.wdata = &c.m_axi_wdata[0];
    out.wstrb = c.m_axi_wstrb;
    out.wlast = c.m_axi_wlast;
    out.wvalid = c.m_axi_wvalid;
    out.bready = c.m_axi_bready;
    return out;
}

/* The oldest posted write that has arrived. */
void pl_sim::start_write()
{
    Vpl_core &c = *core;
    const Posted &p = posted[posted_head];
    if (writing || posted_count == 0 || p.arrives > cycles)
        return;
    if (p.strobe != 0) {
        start_line(p);
        return;
    }
    if (lines_out > 0) /* a register's write does not overtake lines */
        return;
    c.s_axi_awaddr = p.offset & 0xfff;
    c.s_axi_wdata = p.value;
    c.s_axi_wstrb = 0xf;
    c.s_axi_awvalid = c.s_axi_wvalid = 1;
    writing = true;
    posted_head = (posted_head + 1) % POSTED;
    posted_count--;
}

/* A line of the window, one beat a burst. */
void pl_sim::start_line(const Posted &p)
{
    Vpl_core &c = *core;
    stalls ^= stalls << 13; /* xorshift64 (Marsaglia 2003) */
    stalls ^= stalls >> 7;
    stalls ^= stalls << 17;
    if (c.w_axi_awvalid || c.w_axi_wvalid || stalls % 100 < stall_percent)
        return;
    c.w_axi_awaddr = p.offset & (PL_WINDOW_BYTES - 1);
    c.w_axi_wstrb = p.strobe;
    memcpy(&c.w_axi_wdata[0], p.line, sizeof p.line);
    c.w_axi_awvalid = c.w_axi_wvalid = 1;
    lines_out++;
    posted_head = (posted_head + 1) % POSTED;
    posted_count--;
}

/* What the coming clock edge ends on the register port: seen before it, driven after it. */
void pl_sim::take_registers()
{
    Vpl_core &c = *core;
    if (c.s_axi_bvalid)
        writing = false;
    if (c.w_axi_bvalid)
        lines_out--;
    if (c.s_axi_rvalid) {
        read_value = c.s_axi_rresp == 0 ? c.s_axi_rdata : ALL_ONES;
        reading = false;
    }
}

void pl_sim::cycle()
{
    Vpl_core &c = *core;
    start_write();
    drive();
    c.clk_i = 0;
    c.eval();
    const bool aw = c.s_axi_awvalid && c.s_axi_awready, w = c.s_axi_wvalid && c.s_axi_wready;
    const bool ar = c.s_axi_arvalid && c.s_axi_arready;
    const bool window_aw = c.w_axi_awvalid && c.w_axi_awready;
    const bool window_w = c.w_axi_wvalid && c.w_axi_wready;
    take_registers();
    if (c.rst_ni)
        bridge.step(sample(), in);
#if VM_TRACE_FST
    if (trace.isOpen())
        trace.dump(2 * cycles);
#endif
    c.clk_i = 1;
    c.eval();
#if VM_TRACE_FST
    if (trace.isOpen())
        trace.dump(2 * cycles + 1);
#endif
    if (aw)
        c.s_axi_awvalid = 0;
    if (w)
        c.s_axi_wvalid = 0;
    if (ar)
        c.s_axi_arvalid = 0;
    if (window_aw)
        c.w_axi_awvalid = 0;
    if (window_w)
        c.w_axi_wvalid = 0;
    const uint8_t risen = (uint8_t)(c.irq_o & ~irq);
    irq = c.irq_o;
    for (unsigned line = 0; risen != 0 && line < 3; line++)
        interrupts[line] += risen >> line & 1;
    cycles++;
    context.timeInc(1);
}

uint32_t pl_sim::read(uint32_t offset)
{
    if (bridge.link_is_down()) {
        run(half_trip); /* the host's time goes on */
        return ALL_ONES;
    }
    run(half_trip);
    for (unsigned n = 0; (posted_count > 0 || writing || lines_out > 0) && n < ANSWER_CYCLES; n++)
        cycle(); /* a read does not overtake a write */
    core->s_axi_araddr = offset & 0xfff;
    core->s_axi_arvalid = 1;
    reading = true;
    for (unsigned n = 0; reading && n < ANSWER_CYCLES; n++)
        cycle();
    if (reading || bridge.link_is_down())
        return ALL_ONES;
    run(half_trip);
    return read_value;
}

void pl_sim::post(const Posted &write)
{
    for (unsigned n = 0; posted_count == POSTED && n < ANSWER_CYCLES; n++)
        cycle();
    if (bridge.link_is_down() || posted_count == POSTED)
        return;
    Posted &p = posted[(posted_head + posted_count++) % POSTED];
    p = write;
    p.arrives = cycles + half_trip;
}

namespace
{
int open_sim(const pl_sim_options *options, pl_sim **out, char *message)
{
    std::string wrong = sim::Bridge::check(*options);
    if (wrong.empty() && !VM_TRACE_FST && options->trace != nullptr)
        wrong = "this library records no trace: use the one whose name ends in -trace.so";
    if (!wrong.empty()) {
        snprintf(message, PL_SIM_MESSAGE_BYTES, "%s", wrong.c_str());
        return -1;
    }
    std::unique_ptr<pl_sim> sim(new (std::nothrow) pl_sim(*options));
    if (sim == nullptr) {
        snprintf(message, PL_SIM_MESSAGE_BYTES, "out of memory");
        return -1;
    }
    sim->start(*options);
    *out = sim.release();
    return 0;
}

#if VM_COVERAGE
/* What ran, into a file of the folder PL_COVERAGE. */
void write_coverage(pl_sim *sim)
{
    static std::atomic<unsigned> count;
    const char *folder = getenv("PL_COVERAGE");
    const std::string name = std::to_string(getpid()) + "-" + std::to_string(count++) + ".dat";
    if (folder != nullptr)
        sim->context.coveragep()->write((std::string(folder) + "/" + name).c_str());
}
#endif

void close_sim(pl_sim *sim)
{
    sim->core->final();
#if VM_COVERAGE
    write_coverage(sim);
#endif
#if VM_TRACE_FST
    if (sim->trace.isOpen())
        sim->trace.close();
#endif
    delete sim;
}

uint32_t read32(pl_sim *sim, uint32_t offset)
{
    return sim->read(offset);
}

void write32(pl_sim *sim, uint32_t offset, uint32_t value)
{
    Posted p = {};
    p.offset = offset;
    p.value = value;
    sim->post(p);
}

void write_line(pl_sim *sim, uint32_t offset, const void *line, uint64_t strobe)
{
    Posted p = {};
    p.offset = offset;
    p.strobe = strobe;
    memcpy(p.line, line, sizeof p.line);
    if (strobe != 0) /* nothing else is a write */
        sim->post(p);
}

int add_memory(pl_sim *sim, void *memory, uint64_t address, uint64_t bytes, uint32_t access)
{
    return sim->bridge.add_memory(memory, address, bytes, access) ? 0 : -1;
}

void remove_memory(pl_sim *sim, uint64_t address)
{
    sim->bridge.remove_memory(address);
}

void set_host(pl_sim *sim, const pl_sim_host *host)
{
    sim->bridge.set_host(*host);
}

void hold(pl_sim *sim, int held)
{
    sim->bridge.hold(held != 0);
}

void reset(pl_sim *sim)
{
    sim->reset();
}

void run(pl_sim *sim, uint64_t count)
{
    sim->run(count);
}

uint64_t cycles(const pl_sim *sim)
{
    return sim->cycles;
}

uint64_t interrupts(const pl_sim *sim, unsigned line)
{
    return line < 3 ? sim->interrupts[line] : 0;
}

uint32_t interrupt_levels(const pl_sim *sim)
{
    return sim->irq;
}

int link_is_down(const pl_sim *sim)
{
    return sim->bridge.link_is_down();
}

void statistics(const pl_sim *sim, pl_sim_statistics *out)
{
    *out = sim->bridge.statistics();
}

uint64_t errors(const pl_sim *sim)
{
    return sim->bridge.error_count();
}

const char *error_text(const pl_sim *sim)
{
    return sim->bridge.error_text().c_str();
}
} // namespace

extern "C" __attribute__((visibility("default"))) const struct pl_sim_api pl_sim_api = {
    PL_SIM_VERSION, PL_CONTRACT_HASH, open_sim,     close_sim,  read32, write32,    write_line,
    add_memory,     remove_memory,    set_host,     hold,       reset,  run,        cycles,
    interrupts,     interrupt_levels, link_is_down, statistics, errors, error_text,
};

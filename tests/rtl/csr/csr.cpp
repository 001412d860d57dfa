/* The register file against a cycle-accurate model of the contract's registers and of the AXI4-Lite
 * handshakes. Parameters come from make. */
#include "Vcsr.h"
#include "support/model.h"
#include "support/bench.h"

using namespace bench;

enum { OKAY = 0, SLVERR = 2 };

static const unsigned registers[] = { PL_REG_MAGIC,
                                      PL_REG_CONTRACT_VERSION,
                                      PL_REG_CONTRACT_HASH_LOW,
                                      PL_REG_CONTRACT_HASH_HIGH,
                                      PL_REG_BUILD,
                                      PL_REG_PROFILE,
                                      PL_REG_LANES,
                                      PL_REG_CAP_SCENARIOS,
                                      PL_REG_CAP_INSTRUMENTS,
                                      PL_REG_CAP_EXPIRIES,
                                      PL_REG_CAP_UNDERLYINGS,
                                      PL_REG_CAP_CLASSES,
                                      PL_REG_CAP_BRACKET_TABLES,
                                      PL_REG_CAP_WATCH_SLOTS,
                                      PL_REG_CONTROL,
                                      PL_REG_STATUS,
                                      PL_REG_SUBMIT_BASE_LOW,
                                      PL_REG_SUBMIT_BASE_HIGH,
                                      PL_REG_SUBMIT_ENTRIES,
                                      PL_REG_SUBMIT_DOORBELL,
                                      PL_REG_COMPLETE_BASE_LOW,
                                      PL_REG_COMPLETE_BASE_HIGH,
                                      PL_REG_COMPLETE_ENTRIES,
                                      PL_REG_COMPLETE_CONSUMED,
                                      PL_REG_IRQ_ENABLE,
                                      PL_REG_IRQ_PENDING,
                                      PL_REG_ERROR,
                                      PL_REG_COUNTER_SELECT,
                                      PL_REG_COUNTER_LOW,
                                      PL_REG_COUNTER_HIGH,
                                      PL_REG_WINDOW_STATUS,
                                      PL_REG_WATCH_BASE_LOW,
                                      PL_REG_WATCH_BASE_HIGH,
                                      PL_REG_WATCH_ENTRIES,
                                      PL_REG_WATCH_CONSUMED };
static const unsigned register_count = sizeof registers / sizeof registers[0];

/* What drives the register file in one cycle, besides the bus. */
struct Inputs {
    uint64_t counter[COUNTERS];
    uint64_t sampled = 0; /* of the selected one, a cycle before */
    unsigned status = 0, events = 0;
    uint8_t error_status = PL_STATUS_TIMEOUT, window_status = 0;
    bool reset_done = false;
};

struct Registers {
    bool enable = false, soft_reset = false;
    uint32_t base[3][2] = {}, entries[3] = {}; /* submission, completion, watch; low, high */
    uint32_t irq_enable = 0, irq_pending = 0, error = PL_STATUS_OK, select = 0, counter_high = 0;
    bool doorbell[3] = {}, restart = false, window_clear = false;
    uint32_t total[3] = {};

    unsigned read(unsigned address, const Inputs &in, uint32_t *data) const
    {
        *data = 0;
        switch (address) {
        case PL_REG_MAGIC: *data = PL_MAGIC; break;
        case PL_REG_CONTRACT_VERSION: *data = PL_CONTRACT_VERSION; break;
        case PL_REG_CONTRACT_HASH_LOW: *data = (uint32_t)PL_CONTRACT_HASH; break;
        case PL_REG_CONTRACT_HASH_HIGH: *data = PL_CONTRACT_HASH >> 32; break;
        case PL_REG_BUILD: *data = BUILD; break;
        case PL_REG_PROFILE: *data = PROFILE; break;
        case PL_REG_LANES: *data = LANES; break;
        case PL_REG_CAP_SCENARIOS: *data = SCENARIOS; break;
        case PL_REG_CAP_INSTRUMENTS: *data = INSTRUMENTS; break;
        case PL_REG_CAP_EXPIRIES: *data = EXPIRIES; break;
        case PL_REG_CAP_UNDERLYINGS: *data = UNDERLYINGS; break;
        case PL_REG_CAP_CLASSES: *data = CLASSES; break;
        case PL_REG_CAP_BRACKET_TABLES: *data = BRACKET_TABLES; break;
        case PL_REG_CAP_WATCH_SLOTS: *data = WATCH_SLOTS; break;
        case PL_REG_CONTROL: *data = enable | soft_reset << 1; break;
        case PL_REG_STATUS: *data = in.status; break;
        case PL_REG_SUBMIT_BASE_LOW: *data = base[0][0]; break;
        case PL_REG_SUBMIT_BASE_HIGH: *data = base[0][1]; break;
        case PL_REG_SUBMIT_ENTRIES: *data = entries[0]; break;
        case PL_REG_COMPLETE_BASE_LOW: *data = base[1][0]; break;
        case PL_REG_COMPLETE_BASE_HIGH: *data = base[1][1]; break;
        case PL_REG_COMPLETE_ENTRIES: *data = entries[1]; break;
        case PL_REG_IRQ_ENABLE: *data = irq_enable; break;
        case PL_REG_IRQ_PENDING: *data = irq_pending; break;
        case PL_REG_ERROR: *data = error; break;
        case PL_REG_COUNTER_SELECT: *data = select; break;
        case PL_REG_COUNTER_LOW: *data = (uint32_t)in.sampled; break;
        case PL_REG_COUNTER_HIGH: *data = counter_high; break;
        case PL_REG_WINDOW_STATUS: *data = in.window_status; break;
        case PL_REG_WATCH_BASE_LOW: *data = base[2][0]; break;
        case PL_REG_WATCH_BASE_HIGH: *data = base[2][1]; break;
        case PL_REG_WATCH_ENTRIES: *data = entries[2]; break;
        default: return SLVERR;
        }
        return OKAY;
    }
    static bool store(uint32_t *to, uint32_t value, bool legal, bool ignore)
    {
        if (legal && !ignore)
            *to = value;
        return legal;
    }
    unsigned write(unsigned address, uint32_t data, unsigned strobe, uint32_t *cleared)
    {
        uint32_t mask = 0, old = 0;
        for (unsigned i = 0; i < 4; i++)
            mask |= strobe >> i & 1 ? 0xFFu << (8 * i) : 0;
        Inputs none = {};
        read(address, none, &old);
        const uint32_t value = (old & ~mask) | (data & mask);
        const bool power = (value & (value - 1)) == 0 && value <= PL_RING_ENTRIES_MAX,
                   off = soft_reset;
        const unsigned ring = address >= PL_REG_WATCH_BASE_LOW      ? 2
                              : address >= PL_REG_COMPLETE_BASE_LOW ? 1
                                                                    : 0;
        bool legal = true;
        switch (address) {
        case PL_REG_CONTROL:
            if (!off) {
                soft_reset = data & mask & 2;
                enable = value & 1 && !soft_reset;
                window_clear = value & PL_CONTROL_WINDOW_CLEAR;
            }
            break;
        case PL_REG_SUBMIT_BASE_LOW:
        case PL_REG_COMPLETE_BASE_LOW:
        case PL_REG_WATCH_BASE_LOW:
            legal = store(&base[ring][0], value, value % PL_LINE_BYTES == 0, off);
            break;
        case PL_REG_SUBMIT_BASE_HIGH:
        case PL_REG_COMPLETE_BASE_HIGH:
        case PL_REG_WATCH_BASE_HIGH: store(&base[ring][1], value, true, off); break;
        case PL_REG_SUBMIT_ENTRIES:
        case PL_REG_COMPLETE_ENTRIES: legal = store(&entries[ring], value, power, off); break;
        case PL_REG_WATCH_ENTRIES:
            legal = store(&entries[ring], value, power, off);
            restart = legal && !off;
            break;
        case PL_REG_SUBMIT_DOORBELL:
        case PL_REG_COMPLETE_CONSUMED:
        case PL_REG_WATCH_CONSUMED:
            legal = store(&total[ring], data, strobe == 15, off);
            doorbell[ring] = legal && !off;
            break;
        case PL_REG_IRQ_ENABLE: store(&irq_enable, value & 7, true, off); break;
        case PL_REG_IRQ_PENDING: *cleared = off ? 0 : data & mask & 7; break;
        case PL_REG_COUNTER_SELECT: legal = store(&select, value, value < COUNTERS, off); break;
        default: legal = false;
        }
        return legal ? OKAY : SLVERR;
    }
    void events(const Inputs &in, uint32_t cleared)
    {
        irq_pending = (irq_pending & ~cleared) | in.events;
        if (in.events & PL_IRQ_ERROR && error == PL_STATUS_OK)
            error = in.error_status;
    }
};

/* One channel of the master: holds its payload until ready, then waits. */
struct Channel {
    bool valid = false;
    unsigned address = 0, strobe = 15;
    uint32_t data = 0;
};

/* A response the slave owes: when its strobe has come, what it must be. */
struct Response {
    bool valid = false;
    unsigned code = OKAY;
    uint32_t data = 0;
};

struct Model {
    Bench<Vcsr> &b;
    Registers r;
    Inputs in;
    Channel aw, w, ar;          /* offered by the master */
    Channel aw_in, w_in, ar_in; /* taken by the slave, strobe to come */
    Response response, read;
    uint64_t writes = 0, reads = 0, write_errors = 0, read_errors = 0;
    uint32_t last_data = 0;
    unsigned last_code = 0;

    explicit Model(Bench<Vcsr> &b) : b(b)
    {
        for (auto &c : in.counter)
            c = b.random.bits();
    }
    void drive(bool b_ready, bool r_ready)
    {
        auto &d = b.dut;
        d.s_axi_awvalid = aw.valid;
        d.s_axi_awaddr = aw.address;
        d.s_axi_wvalid = w.valid;
        d.s_axi_wdata = w.data;
        d.s_axi_wstrb = w.strobe;
        d.s_axi_arvalid = ar.valid;
        d.s_axi_araddr = ar.address;
        d.s_axi_bready = b_ready;
        d.s_axi_rready = r_ready;
        d.loaded_i = in.status & 1;
        d.committed_i = in.status >> 1 & 1;
        d.clean_i = in.status >> 2 & 1;
        d.needs_flr_i = in.status >> 3 & 1;
        d.watching_i = in.status >> 4 & 1;
        d.window_status_i = in.window_status;
        d.reset_done_i = in.reset_done;
        d.completion_i = (in.events & PL_IRQ_COMPLETION) != 0;
        d.watched_i = (in.events & PL_IRQ_WATCHED) != 0;
        d.error_valid_i = (in.events & PL_IRQ_ERROR) != 0;
        d.error_status_i = in.error_status;
        for (unsigned i = 0; i < COUNTERS; i++) {
            d.counters_i[2 * i] = (uint32_t)in.counter[i];
            d.counters_i[2 * i + 1] = (uint32_t)(in.counter[i] >> 32);
        }
        b.settle();
    }
    void look()
    {
        auto &d = b.dut;
        b.expect(d.s_axi_awready == !(aw_in.valid || response.valid), "awready %d",
                 d.s_axi_awready);
        b.expect(d.s_axi_wready == !(w_in.valid || response.valid), "wready %d", d.s_axi_wready);
        b.expect(d.s_axi_arready == !(ar_in.valid || read.valid), "arready %d", d.s_axi_arready);
        b.expect(d.s_axi_bvalid == response.valid, "bvalid %d", d.s_axi_bvalid);
        b.expect(d.s_axi_rvalid == read.valid, "rvalid %d", d.s_axi_rvalid);
        if (response.valid)
            b.expect(d.s_axi_bresp == response.code, "bresp %u, expected %u", d.s_axi_bresp,
                     response.code);
        if (read.valid)
            b.expect(d.s_axi_rresp == read.code && d.s_axi_rdata == read.data,
                     "read %u %08X, expected %u %08X", d.s_axi_rresp, d.s_axi_rdata, read.code,
                     read.data);
        b.expect(d.enable_o == r.enable && d.soft_reset_o == r.soft_reset, "control %d %d",
                 d.enable_o, d.soft_reset_o);
        b.expect(d.irq_o == (r.irq_pending & r.irq_enable), "irq_o %u", d.irq_o);
        b.expect(d.submit_base_o == ((uint64_t)r.base[0][1] << 32 | r.base[0][0]),
                 "submission base");
        b.expect(d.complete_base_o == ((uint64_t)r.base[1][1] << 32 | r.base[1][0]),
                 "completion base");
        b.expect(d.submit_entries_o == r.entries[0] && d.complete_entries_o == r.entries[1],
                 "ring entries");
        b.expect(d.watch_base_o == ((uint64_t)r.base[2][1] << 32 | r.base[2][0]) &&
                     d.watch_entries_o == r.entries[2],
                 "watch ring");
        b.expect(d.watch_restart_o == r.restart && d.window_clear_o == r.window_clear,
                 "restart %d, clear %d", d.watch_restart_o, d.window_clear_o);
        b.expect(d.submit_valid_o == r.doorbell[0] && d.consumed_valid_o == r.doorbell[1] &&
                     d.watch_consumed_valid_o == r.doorbell[2],
                 "doorbells %d %d %d", d.submit_valid_o, d.consumed_valid_o,
                 d.watch_consumed_valid_o);
        if (r.doorbell[0])
            b.expect(d.submit_total_o == r.total[0], "doorbell %u, expected %u", d.submit_total_o,
                     r.total[0]);
        for (int ring = 1; ring < 3; ring++) {
            if (r.doorbell[ring])
                b.expect(d.consumed_total_o == r.total[ring], "consumed %u, expected %u",
                         d.consumed_total_o, r.total[ring]);
        }
    }
    /* The strobes of this cycle; a read sees the registers before a write of the same cycle. */
    void execute()
    {
        const Registers before = r;
        const bool sample = ar_in.valid && ar_in.address == PL_REG_COUNTER_LOW;
        uint32_t cleared = 0;
        r.doorbell[0] = r.doorbell[1] = r.doorbell[2] = r.restart = r.window_clear = false;
        if (ar_in.valid) {
            read.valid = true;
            read.code = before.read(ar_in.address, in, &read.data);
            ar_in.valid = false;
            reads++;
            read_errors += read.code != OKAY;
        }
        if (aw_in.valid && w_in.valid) {
            response.valid = true;
            response.code = r.write(aw_in.address, w_in.data, w_in.strobe, &cleared);
            aw_in.valid = w_in.valid = false;
            writes++;
            write_errors += response.code != OKAY;
        }
        r.events(in, cleared);
        if (before.soft_reset && in.reset_done)
            r = Registers();
        else if (sample)
            r.counter_high = (uint32_t)(in.sampled >> 32);
        in.sampled = in.counter[before.select];
    }
    void cycle(bool b_ready, bool r_ready)
    {
        drive(b_ready, r_ready);
        look();
        auto &d = b.dut;
        const bool aw_go = aw.valid && d.s_axi_awready, w_go = w.valid && d.s_axi_wready;
        const bool ar_go = ar.valid && d.s_axi_arready;
        if (response.valid && b_ready) {
            last_code = d.s_axi_bresp;
            response.valid = false;
        }
        if (read.valid && r_ready) {
            last_data = d.s_axi_rdata;
            last_code = d.s_axi_rresp;
            read.valid = false;
        }
        execute();
        take(aw_go, aw, aw_in);
        take(w_go, w, w_in);
        take(ar_go, ar, ar_in);
        in.events = 0;
        in.reset_done = false;
        b.tick();
    }
    static void take(bool go, Channel &from, Channel &to)
    {
        if (go) {
            to = from;
            from.valid = false;
        }
    }
    bool write_busy() const
    {
        return aw.valid || w.valid || aw_in.valid || w_in.valid || response.valid;
    }
    bool read_busy() const
    {
        return ar.valid || ar_in.valid || read.valid;
    }
    unsigned write(unsigned address, uint32_t data, unsigned strobe = 15)
    {
        aw = { true, address, 0, 0 };
        w = { true, 0, strobe, data };
        while (write_busy())
            cycle(true, true);
        return last_code;
    }
    uint32_t get(unsigned address)
    {
        ar = { true, address, 0, 0 };
        while (read_busy())
            cycle(true, true);
        return last_data;
    }
    unsigned random_address()
    {
        if (b.random.percent(90))
            return registers[b.random.below(register_count)];
        return (unsigned)b.random.below(b.random.percent(50) ? 0x80 : 0x1000);
    }
    uint32_t random_data()
    {
        switch (b.random.below(5)) {
        case 0: return (uint32_t)b.random.bits() & ~63u;
        case 1: return 1u << b.random.below(14);
        case 2: return (uint32_t)b.random.below(COUNTERS + 2);
        case 3: return (uint32_t)b.random.below(8);
        default: return (uint32_t)b.random.bits();
        }
    }
    void random_inputs()
    {
        for (auto &c : in.counter)
            c += b.random.below(3) << 30;
        if (b.random.percent(20))
            in.status = (unsigned)(b.random.below(12) | /* never CLEAN and NEEDS_FLR at once */
                                   b.random.below(2) << 4);
        if (b.random.percent(20))
            in.window_status = (uint8_t)b.random.bits();
        if (b.random.percent(15))
            in.events = (unsigned)b.random.below(8);
        in.error_status = (uint8_t)(PL_STATUS_BUS_ERROR + b.random.below(10));
        in.reset_done = b.random.percent(5);
    }
};

static void every_register_once(Bench<Vcsr> &b, Model &m)
{
    b.begin("every register reads its reset value");
    for (unsigned address : registers)
        m.get(address);
    b.expect(m.get(PL_REG_MAGIC) == PL_MAGIC, "magic");
    b.expect((m.get(PL_REG_CONTRACT_HASH_LOW) | (uint64_t)m.get(PL_REG_CONTRACT_HASH_HIGH) << 32) ==
                 PL_CONTRACT_HASH,
             "hash");
    b.end();

    b.begin("every register is written, by word and by byte, and read back");
    for (unsigned address : registers) {
        if (address == PL_REG_CONTROL)
            continue; /* its soft reset has a scenario of its own */
        for (uint32_t data :
             { UINT32_C(0xFFFFFFFF), UINT32_C(0), UINT32_C(0x40), UINT32_C(0x80C0) })
            for (unsigned strobe = 0; strobe < 16; strobe++) {
                m.write(address, data, strobe);
                m.get(address);
            }
    }
    b.end();

    b.begin("every other address is refused");
    for (unsigned address = 0; address < 0x1000; address++) {
        bool known = false;
        for (unsigned i = 0; i < register_count; i++)
            known = known || registers[i] == address;
        if (known)
            continue;
        b.expect(m.write(address, m.random_data()) == SLVERR, "write to %03X", address);
        m.get(address);
        b.expect(m.last_code == SLVERR && m.last_data == 0, "read of %03X", address);
    }
    b.end();
}

static void meanings(Bench<Vcsr> &b, Model &m)
{
    b.begin("illegal values are refused and change nothing");
    b.expect(m.write(PL_REG_SUBMIT_BASE_LOW, 0x1000) == OKAY, "aligned base");
    b.expect(m.write(PL_REG_SUBMIT_BASE_LOW, 0x2020) == SLVERR, "misaligned base");
    b.expect(m.get(PL_REG_SUBMIT_BASE_LOW) == 0x1000, "base changed");
    for (uint32_t entries = 1; entries <= 2 * PL_RING_ENTRIES_MAX; entries++) {
        const bool legal = (entries & (entries - 1)) == 0 && entries <= PL_RING_ENTRIES_MAX;
        b.expect((m.write(PL_REG_COMPLETE_ENTRIES, entries) == OKAY) == legal, "%u entries",
                 entries);
    }
    b.expect(m.get(PL_REG_COMPLETE_ENTRIES) == PL_RING_ENTRIES_MAX, "entries changed");
    b.expect(m.write(PL_REG_SUBMIT_DOORBELL, 7, 3) == SLVERR, "half a doorbell");
    b.expect(m.write(PL_REG_COUNTER_SELECT, COUNTERS) == SLVERR, "a counter too many");
    b.end();

    b.begin("an interrupt set in the cycle of its clearing stays");
    m.write(PL_REG_IRQ_ENABLE, 7);
    m.write(PL_REG_IRQ_PENDING, 7);
    for (int delay = 0; delay < 5; delay++) {
        m.aw = { true, PL_REG_IRQ_PENDING, 0, 0 };
        m.w = { true, 0, 15, 7 };
        for (int i = 0; i < 5; i++) {
            if (i == delay)
                m.in.events = PL_IRQ_WATCHED;
            m.cycle(true, true);
        }
        b.expect(m.get(PL_REG_IRQ_PENDING) == (delay >= 1 ? (unsigned)PL_IRQ_WATCHED : 0),
                 "delay %d", delay);
        m.write(PL_REG_IRQ_PENDING, 7);
    }
    b.end();

    b.begin("both halves of a counter are of one moment");
    m.write(PL_REG_COUNTER_SELECT, COUNTERS - 1);
    m.in.counter[COUNTERS - 1] = UINT64_C(0x1FFFFFFFF);
    const uint32_t low = m.get(PL_REG_COUNTER_LOW);
    m.in.counter[COUNTERS - 1]++;
    b.expect(low == 0xFFFFFFFF && m.get(PL_REG_COUNTER_HIGH) == 1, "torn counter");
    b.end();

    b.begin("the first error stays, soft reset clears everything and only when done");
    m.write(PL_REG_CONTROL, 1);
    for (uint8_t status : { PL_STATUS_UNCORRECTABLE, PL_STATUS_TIMEOUT }) {
        m.in.events = PL_IRQ_ERROR;
        m.in.error_status = status;
        m.cycle(true, true);
    }
    b.expect(m.get(PL_REG_ERROR) == PL_STATUS_UNCORRECTABLE, "first error");
    m.write(PL_REG_CONTROL, 3);
    b.expect(m.get(PL_REG_CONTROL) == 2, "control during reset");
    m.write(PL_REG_CONTROL, 0);
    b.expect(m.get(PL_REG_CONTROL) == 2 && m.get(PL_REG_SUBMIT_BASE_LOW) == 0x1000,
             "reset ended early");
    m.in.reset_done = true;
    m.cycle(true, true);
    b.expect(m.get(PL_REG_CONTROL) == 0 && m.get(PL_REG_SUBMIT_BASE_LOW) == 0 &&
                 m.get(PL_REG_ERROR) == PL_STATUS_OK,
             "reset values");
    b.end();
}

int main()
{
    Bench<Vcsr> b("csr", 1000000);
    Model m(b);
    m.drive(false, false);
    b.reset();
    every_register_once(b, m);
    meanings(b, m);

    b.begin("random traffic: skewed channels, stalled responses, events, soft resets");
    Stall aw(b.random), w(b.random), ar(b.random), bs(b.random), rs(b.random);
    int aw_ahead = 0; /* addresses offered less data offered */
    for (uint64_t i = 0; i < b.count; i++) {
        m.random_inputs();
        if (!m.aw.valid && aw_ahead < 2 && aw.go()) {
            m.aw = { true, m.random_address(), 0, 0 };
            aw_ahead++;
        }
        if (!m.w.valid && aw_ahead > -2 && w.go()) {
            m.w = { true, 0, b.random.percent(70) ? 15 : (unsigned)b.random.below(16),
                    m.random_data() };
            aw_ahead--;
        }
        if (!m.ar.valid && ar.go())
            m.ar = { true, m.random_address(), 0, 0 };
        m.cycle(bs.go(), rs.go());
    }
    b.expect(!b.is_long() || (m.writes > b.count / 20 && m.reads > b.count / 20),
             "%" PRIu64 " writes", m.writes);
    b.expect(!b.is_long() || (m.write_errors > b.count / 100 && m.read_errors > b.count / 200),
             "too few errors");
    b.end();

    b.begin("one write and one read per 3 cycles without stalls");
    while (aw_ahead != 0 || m.write_busy() || m.read_busy()) {
        if (aw_ahead > 0 && !m.w.valid) {
            m.w = { true, 0, 15, 0 };
            aw_ahead--;
        }
        if (aw_ahead < 0 && !m.aw.valid) {
            m.aw = { true, PL_REG_MAGIC, 0, 0 };
            aw_ahead++;
        }
        m.cycle(true, true);
    }
    const uint64_t writes = m.writes, reads = m.reads;
    for (int i = 0; i < 3000; i++) {
        if (!m.aw.valid) {
            m.aw = { true, PL_REG_SUBMIT_DOORBELL, 0, 0 };
            m.w = { true, 0, 15, (uint32_t)i };
        }
        if (!m.ar.valid)
            m.ar = { true, PL_REG_STATUS, 0, 0 };
        m.cycle(true, true);
    }
    b.expect(m.writes - writes == 1000 && m.reads - reads == 1000,
             "%" PRIu64 " writes, %" PRIu64 " reads", m.writes - writes, m.reads - reads);
    b.end();
    return b.finish();
}

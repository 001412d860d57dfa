/* The bridge between the card's AXI4 master and host memory: a PCIe link with its bandwidth, its
 * latency and its freedom to split, delay and reorder; faults on request; and a checker of the AXI
 * rules.
 *
 * Call step() once per clock edge with what the core drove in the cycle; it returns what to drive
 * in the next one. */
#ifndef PL_SIM_BRIDGE_HPP
#define PL_SIM_BRIDGE_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "sim.h"

namespace sim
{
constexpr unsigned LINE = 64, WORDS = LINE / 4;

/* What the core drives. */
struct MasterOut {
    uint64_t araddr, awaddr, wstrb;
    const uint32_t *wdata;
    uint8_t arid, arlen, arsize, arburst;
    uint8_t awid, awlen, awsize, awburst;
    bool arvalid, rready, awvalid, wvalid, wlast, bready;
};

/* What the core sees. */
struct MasterIn {
    uint32_t rdata[WORDS];
    uint8_t rid, rresp, bid, bresp, inject;
    bool arready, rvalid, rlast, awready, wready, bvalid;
};

class Bridge
{
  public:
    /* The options must have passed check(). */
    explicit Bridge(const pl_sim_options &options);

    /* "" or what is wrong with the options and what would be right. */
    static std::string check(const pl_sim_options &options);

    bool add_memory(void *memory, uint64_t address, uint64_t bytes, uint32_t access);
    void remove_memory(uint64_t address);
    void set_host(const pl_sim_host &table)
    {
        host = table;
        regions.clear();
    }
    void hold(bool held)
    {
        on_hold = held;
    }
    /* Forgets all that is under way; faults, counts and the link's state stay. */
    void reset();

    void step(const MasterOut &out, MasterIn &in);

    bool link_is_down() const
    {
        return down;
    }
    bool fault_has_fired() const
    {
        return fired;
    }
    uint64_t error_count() const
    {
        return errors;
    }
    const std::string &error_text() const
    {
        return texts;
    }
    pl_sim_statistics statistics() const;

  private:
    enum class Fault {
        NONE,
        READ_ERROR,
        READ_LOST,
        READ_LATE,
        WRITE_ERROR,
        WRITE_LOST,
        STUCK,
        POISON,
        BIT_FLIP,
        LINK_DOWN,
    };
    static constexpr unsigned IDS = 64, TLPS = 64, BEATS = 128, BURSTS = 512, PENDING = 512;

    struct Region {
        uint64_t address, bytes;
        uint8_t *memory;
        uint32_t access;
    };
    /* A burst of reads: its request packets, answered in their order. */
    struct Read {
        bool active;
        uint8_t lines, line; /* line: the next to be answered */
        uint8_t tlps, issued, answered;
        uint8_t tlp_end[TLPS]; /* lines up to the end of each packet */
        uint64_t ready_at[TLPS];
        uint64_t address;
        Fault fault;
    };
    struct Beat {
        uint32_t data[WORDS];
        uint8_t id, resp;
        bool last;
    };
    struct Burst {
        uint64_t address;
        uint64_t done_at; /* the last of its lines is visible */
        uint8_t id, resp;
        uint16_t lines, taken, visible;
        bool dropped, lost;
    };
    struct Pending { /* a line on its way to memory */
        uint64_t address, visible_at;
        unsigned burst;
        uint32_t data[WORDS];
    };

    uint64_t random();
    bool stalls();
    uint8_t *find(uint64_t address, uint64_t bytes, uint32_t access);
    bool read_line(uint64_t address, uint32_t *line);
    bool write_line(uint64_t address, const uint32_t *line);
    void error(const char *format, ...) __attribute__((format(printf, 2, 3)));
    static constexpr unsigned place(unsigned head, unsigned n, unsigned size)
    {
        return (head + n) % size;
    }
    void check_stable(const MasterOut &out, const MasterIn &in);
    void check_burst(const char *channel, uint64_t address, unsigned lines, uint8_t size,
                     uint8_t burst, uint32_t access);
    Fault fault_of(bool read);
    void take_read(const MasterOut &out);
    void take_write(const MasterOut &out);
    void take_data(const MasterOut &out);
    void issue_reads();
    void answer_reads();
    void answer(unsigned id);
    void show_lines();
    void pass(const MasterOut &out, MasterIn &in);
    void drive(MasterIn &in);

    pl_sim_options options;
    uint64_t state, now = 0;
    double bytes_per_cycle;
    uint64_t rtt;                      /* cycles */
    double up_free = 0, down_free = 0; /* when the link's directions are free, in cycles */
    std::vector<Region> regions;       /* by address */
    size_t last_region = 0;
    pl_sim_host host = {}; /* without functions: the regions */

    Read reads[IDS] = {};
    uint64_t active_ids = 0;
    uint8_t requests[IDS * TLPS]; /* ids, in the order of their request packets */
    unsigned request_head = 0, request_count = 0;
    uint32_t tags_used = 0;
    Beat beats[BEATS];
    unsigned beat_head = 0, beat_count = 0;

    Burst bursts[BURSTS] = {};
    unsigned burst_head = 0, burst_count = 0;
    unsigned bursts_taken = 0; /* those from the head on whose lines have all come */
    Pending pending[PENDING];
    unsigned pending_count = 0;

    Fault fault = Fault::NONE;
    uint64_t fault_after = 0, transactions = 0, inject_until = 0;
    bool fired = false, stuck = false, down = false, on_hold = false;

    MasterOut held = {}; /* as driven in the cycle before, where not taken */
    uint32_t held_data[WORDS] = {};
    bool held_ar = false, held_aw = false, held_w = false;
    uint64_t errors = 0;
    std::string texts;
    pl_sim_statistics counted = {};
};
} // namespace sim

#endif

/* Random tables for the row bench, in the C model and as the records for the card. */
#ifndef PL_BENCH_ROW_TABLES_H
#define PL_BENCH_ROW_TABLES_H

#include "cases.h"
#include <cstdlib>
#include <cstring>
#include <vector>

extern "C" {
#define _Alignas alignas
#include "model/row.h"
#include "model/tables.h"
}

static const unsigned pl_column_meta = 0;

class RowTables
{
  public:
    struct pl_model model = {};
    struct pl_tables t = {};
    std::vector<struct pl_line> records;

    explicit RowTables(bench::Random &random) : random(random)
    {
    }
    ~RowTables()
    {
        free(memory);
    }
    RowTables(const RowTables &) = delete;
    RowTables &operator=(const RowTables &) = delete;

    /* A new model; `scenarios` not 0: options only, of that many scenarios. */
    void make(unsigned scenarios)
    {
        const uint8_t profile = PROFILE == 1 ? PL_PROFILE_FULL : PL_PROFILE_SMALL;
        plain = scenarios != 0;
        model.kind = PL_RECORD_MODEL;
        model.instruments =
            plain ? INSTRUMENTS : INSTRUMENTS / 2 + (uint32_t)random.below(INSTRUMENTS / 2) + 1;
        model.expiries = EXPIRIES - (uint32_t)random.below(3);
        model.underlyings = UNDERLYINGS - (uint32_t)random.below(2);
        model.classes = CLASSES;
        model.scenario_tables = plain ? 1 : PL_SCENARIO_TABLES_MAX;
        model.multipliers = 1;
        free(memory);
        memory = aligned_alloc(64, pl_tables_size(&model, profile));
        pl_tables_place(&t, &model, profile, memory);
        load_scenarios(scenarios);
        for (uint32_t i = 0; i < model.underlyings; i++)
            load_underlying(i);
        for (uint32_t i = 0; i < model.expiries; i++)
            load_expiry(i);
        for (uint32_t i = 0; i < model.classes; i++)
            load_class(i);
        for (uint32_t i = 0; i < model.instruments; i++)
            load_instrument(i);
        struct pl_multiplier m = {};
        m.kind = PL_RECORD_MULTIPLIER;
        m.value = one;
        load(m);
        uint64_t detail = 0;
        if (pl_tables_finish(&t, &detail) != PL_STATUS_OK) {
            printf("the bench's model is broken: %" PRIx64 "\n", detail);
            abort();
        }
        for (size_t i = records.size(); i > 1; i--) /* records of a load come in any order */
            std::swap(records[i - 1], records[random.below(i)]);
    }
    /* Tick records of `percent` of the expiries and options. */
    void tick(unsigned percent)
    {
        for (uint32_t e = 0; e < model.expiries; e++) {
            if (random.percent(percent))
                tick_price(e);
            if (random.percent(percent))
                tick_time(e);
            if (random.percent(percent))
                tick_shift(e);
        }
        for (uint32_t i = 0; i < model.instruments; i++)
            if (t.instruments[i].row == PL_ROW_KIND_OPTION && random.percent(percent))
                tick_vol(i);
    }
    void tick_vol(uint32_t i)
    {
        struct pl_tick_vol v = {};
        v.kind = PL_RECORD_TICK_VOL;
        v.flags = (uint8_t)(random.percent(80) ? 0 : random.below(4));
        v.index = i;
        v.vol = plain || random.percent(60)
                    ? (uint64_t)(0.01 * std::exp(unit(random) * std::log(500.0)) * 0x1p45)
                    : random.bits() >> 16 >> random.below(48);
        give(v, true);
    }
    void market()
    {
        tick(100);
    }
    void freeze_expiry(uint32_t e)
    {
        t.frozen[e] = t.live[e];
    }
    void freeze_vol(uint32_t i)
    {
        t.frozen_vols[i] = t.live_vols[i];
    }
    void fill(uint32_t instrument, bool frozen, struct pl_row &row, struct pl_quote &quote) const
    {
        struct pl_tables view = t;
        if (!frozen) {
            view.frozen = t.live;
            view.frozen_vols = t.live_vols;
        }
        pl_row_fill(&view, instrument, &row, &quote);
    }

    unsigned skewed(uint32_t table) const
    {
        unsigned count = 0;
        for (unsigned i = 0; i < counts[table]; i++)
            count += rules[table][i] >= PL_VOL_RULE_LINEAR;
        return count;
    }
    /* Whether an option's linear skew multiplies its vol by 4096 or more. */
    bool wide_multiplier(uint32_t instrument, bool frozen) const
    {
        const struct pl_instrument &n = t.instruments[instrument];
        const struct pl_expiry_tick &tick = (frozen ? t.frozen : t.live)[n.expiry];
        const int64_t k = pl_log_moneyness_q48(t.arith, n.strike, tick.price.forward);
        return n.row == PL_ROW_KIND_OPTION &&
               pl_row_vol_multiplier(&tick.shift, PL_VOL_RULE_LINEAR, k) >> 52 != 0;
    }

  private:
    static constexpr int64_t one = INT64_C(1) << 40;
    bench::Random &random;
    void *memory = nullptr;
    bool plain = false;

    template <class Record> void load(const Record &record)
    {
        give(record, false);
    }
    template <class Record> void give(const Record &record, bool tick)
    {
        struct pl_line line;
        static_assert(sizeof record == sizeof line, "a record is a line");
        memcpy(line.bytes, &record, sizeof line);
        if ((tick ? pl_tables_tick(&t, &line) : pl_tables_load(&t, &line)) != PL_STATUS_OK) {
            printf("the bench's record of kind %u is refused\n", line.bytes[0]);
            abort();
        }
        records.push_back(line);
    }
    /* low .. high: next to an end or to a multiple of 1/8, or anything of any size. */
    int64_t coefficient(int64_t low, int64_t high)
    {
        const unsigned how = (unsigned)random.below(8);
        if (how == 0)
            return low;
        if (how == 1)
            return high;
        const uint64_t span = (uint64_t)(high - low) + 1;
        int64_t v = how < 4 ? low + (int64_t)random.below(span)
                            : (random.percent(50) && low < 0 ? -1 : 1) *
                                  (int64_t)(random.below(span) >> random.below(44));
        if (how == 4)
            v = v / (one / 8) * (one / 8) + (int64_t)random.below(3) - 1;
        return v < low ? low : v > high ? high : v;
    }
    int64_t rate()
    {
        return random.percent(70) ? (int64_t)random.below((uint64_t)one / 4)
                                  : coefficient(0, 64 * one);
    }
    int64_t near_one()
    {
        return one + (int64_t)random.below((uint64_t)one / 2) - one / 4;
    }
    void load_scenarios(unsigned scenarios)
    {
        for (uint32_t table = 0; table < model.scenario_tables; table++) {
            const unsigned count = scenarios != 0       ? scenarios
                                   : random.percent(20) ? 1
                                   : random.percent(20) ? SCENARIOS
                                                        : 1 + (unsigned)random.below(SCENARIOS);
            counts[table] = (uint8_t)count;
            for (unsigned i = 0; i < count; i++) {
                struct pl_scenario s = {};
                s.kind = PL_RECORD_SCENARIO;
                s.vol_rule = (uint8_t)random.below(5);
                rules[table][i] = s.vol_rule;
                s.scenario_table = (uint16_t)table;
                s.index = (uint8_t)i;
                s.count = (uint8_t)count;
                s.shock = s.vol_rule >= PL_VOL_RULE_LINEAR ? one
                          : random.percent(80)             ? near_one()
                                                           : coefficient(1, 64 * one);
                s.dampening = random.percent(60) ? one : coefficient(0, 64 * one);
                load(s);
            }
        }
    }
    void load_underlying(uint32_t i)
    {
        struct pl_underlying u = {};
        u.kind = PL_RECORD_UNDERLYING;
        u.index = (uint16_t)i;
        u.scenario_table = (uint16_t)random.below(model.scenario_tables);
        u.scenario_count = !plain && random.percent(10) ? 0 : counts[u.scenario_table];
        u.basis_up = random.percent(80) ? near_one() : coefficient(0, 64 * one);
        u.basis_down = random.percent(80) ? near_one() : coefficient(0, 64 * one);
        u.vol_floor = random.percent(70) ? random.bits() >> 20 : random.below(UINT64_C(4095) << 45);
        u.naked_im = rate();
        load(u);
    }
    void load_expiry(uint32_t i)
    {
        struct pl_expiry e = {};
        e.kind = PL_RECORD_EXPIRY;
        e.row_shift = (int8_t)between(random, -PL_ROW_SHIFT_MAX, PL_ROW_SHIFT_MAX);
        e.index = (uint16_t)i;
        e.underlying = (uint16_t)(i * model.underlyings / model.expiries);
        e.scenario = plain || random.percent(85);
        load(e);
    }
    void load_class(uint32_t i)
    {
        struct pl_class c = {};
        c.kind = PL_RECORD_CLASS;
        c.index = (uint16_t)i;
        c.mm_long = rate();
        c.mm_short = rate();
        c.im_long = rate();
        c.im_short = rate();
        c.fee = rate();
        load(c);
    }
    /* Packed reals: plausible, at the ends of the domain, of any exponent, or broken. */
    uint64_t real(int32_t low, int32_t high)
    {
        struct pl_real r = any_real(random, 256);
        if (plain || random.percent(85))
            r.e = between(random, low, high);
        else if (random.percent(20))
            r.e = between(random, -1000, 1000);
        return !plain && random.percent(1) ? UINT64_C(1) << random.below(64) : pl_real_pack(r);
    }
    void load_instrument(uint32_t i)
    {
        struct pl_instrument n = {};
        n.kind = PL_RECORD_INSTRUMENT;
        n.row =
            (uint8_t)(plain || random.percent(60) ? 1 : 2 + random.below(3)); /* PL_ROW_KIND_* */
        n.is_call = random.percent(50);
        n.index = i;
        n.expiry = (uint16_t)(i * model.expiries / model.instruments);
        n.is_asset = n.expiry % 5 == 4;
        n.margin_class = (uint16_t)random.below(model.classes);
        n.strike = random.percent(70) ? typical(n.expiry) : 1 + sized(random, word);
        if (n.strike >> word != 0)
            n.strike = 1;
        n.unit = plain || random.percent(80) ? real(-4, 6) : random.percent(5) ? 0 : real(-30, 60);
        load(n);
    }
    uint64_t typical(uint32_t expiry)
    {
        const unsigned bits = word - 12 - expiry % 8;
        return (UINT64_C(1) << bits) + random.below(UINT64_C(1) << (bits - 1));
    }
    uint64_t price(uint32_t expiry)
    {
        return plain || random.percent(80) ? typical(expiry) : sized(random, word);
    }
    void tick_price(uint32_t e)
    {
        struct pl_tick_price p = {};
        p.kind = PL_RECORD_TICK_PRICE;
        p.flags = (uint8_t)(random.percent(80) ? 0 : random.below(4));
        p.index = (uint16_t)e;
        p.forward = price(e);
        p.index_price = price(e);
        p.discount = real(0, 1);
        p.rate = (int64_t)random.magnitude(random.percent(80) ? 46 : 64);
        give(p, true);
    }
    void tick_time(uint32_t e)
    {
        struct pl_tick_time m = {};
        m.kind = PL_RECORD_TICK_TIME;
        m.index = (uint16_t)e;
        const bool expired = !plain && random.percent(8);
        m.sqrt_t = expired ? 0 : real(-6, 1);
        m.half_inv_sqrt_t = expired ? 0 : real(-2, 6);
        m.years = expired ? 0 : real(-12, 2);
        m.moving = random.percent(60) ? one : coefficient(0, one);
        m.basis_weight = random.percent(60) ? one : coefficient(0, 64 * one);
        m.long_discount = random.percent(60) ? near_one() : coefficient(0, 64 * one);
        m.short_discount = random.percent(60) ? near_one() : coefficient(0, 64 * one);
        give(m, true);
    }
    void tick_shift(uint32_t e)
    {
        struct pl_tick_shift s = {};
        s.kind = PL_RECORD_TICK_SHIFT;
        s.index = (uint16_t)e;
        s.vol_up = random.percent(70) ? one + rate() : coefficient(0, 4095 * one);
        s.vol_down = coefficient(0, one);
        s.linear_cap = coefficient(random.percent(80) ? 0 : -64 * one, 64 * one);
        s.linear_slope = random.percent(20) ? coefficient(-4095 * one, -1000 * one)
                                            : coefficient(random.percent(50) ? -4095 * one : -one,
                                                          random.percent(50) ? one : 4095 * one);
        s.abs_cap = coefficient(random.percent(80) ? 0 : -64 * one, 64 * one);
        s.abs_slope = coefficient(random.percent(50) ? -4095 * one : -one,
                                  random.percent(50) ? one : 4095 * one);
        give(s, true);
    }
    uint8_t counts[PL_SCENARIO_TABLES_MAX] = {};
    uint8_t rules[PL_SCENARIO_TABLES_MAX][PL_SCENARIOS_MAX] = {};
};

#endif

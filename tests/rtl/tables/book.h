/* Random loads and ticks: records that hold, and mistakes to put into them. */
#ifndef PL_BENCH_TABLES_BOOK_H
#define PL_BENCH_TABLES_BOOK_H

#include <cstring>
#include <vector>

#include "support/model.h"
extern "C" {
#include "model/tables.h"
}
#include "support/bench.h"

using Records = std::vector<pl_line>;

class Book
{
  public:
    pl_model model = {};

    explicit Book(bench::Random &random) : random(random)
    {
    }

    Records load(bool tiny = false)
    {
        Records r;
        sizes();
        if (tiny) {
            model.instruments = 1 + (uint32_t)random.below(3);
            model.expiries = 1 + (uint32_t)random.below(2);
            model.underlyings = 1 + (uint32_t)random.below(2);
            model.classes = 1 + (uint32_t)random.below(3);
            model.scenario_tables = 1;
            model.bracket_tables = 1 + (uint32_t)random.below(2);
            model.offset_groups = 1 + (uint32_t)random.below(2);
            model.multipliers = 1 + (uint32_t)random.below(3);
        }
        put(r, model);
        for (unsigned t = 0; t < model.scenario_tables; t++)
            scenarios(r, t);
        underlyings(r);
        expiries(r);
        instruments(r);
        for (unsigned c = 0; c < model.classes; c++)
            margin_class(r, c);
        for (unsigned t = 1; t <= model.bracket_tables; t++)
            brackets(r, t);
        for (unsigned m = 0; m < model.multipliers; m++) {
            auto x = blank<pl_multiplier>(PL_RECORD_MULTIPLIER);
            x.index = (uint16_t)m;
            x.value =
                m == 0 ? PL_COEFFICIENT_ONE : 1 + (int64_t)random.below(64 * PL_COEFFICIENT_ONE);
            put(r, x);
        }
        for (unsigned g = 1; g <= model.offset_groups; g++) {
            auto x = blank<pl_offset_group>(PL_RECORD_OFFSET_GROUP);
            x.index = (uint8_t)g;
            x.credit = number(0, 1);
            put(r, x);
        }
        for (size_t i = r.size() - 1; i > 1; i--)
            std::swap(r[i], r[1 + random.below(i)]);
        if (random.percent(30)) /* the same entry again */
            r.push_back(r[1 + random.below(r.size() - 1)]);
        return r;
    }

    pl_line tick(const pl_tables &t)
    {
        Records r;
        const unsigned e = (unsigned)random.below(t.model.expiries);
        switch (random.below(6)) {
        case 0:
        case 1: {
            auto x = blank<pl_tick_price>(PL_RECORD_TICK_PRICE);
            x.index = (uint16_t)e;
            x.flags = (uint8_t)random.below(4);
            x.forward = price();
            x.index_price = price();
            x.penalty = number(0, 64);
            x.penalty_perpetual = number(0, 64);
            put(r, x);
            break;
        }
        case 2: {
            auto x = blank<pl_tick_time>(PL_RECORD_TICK_TIME);
            x.index = (uint16_t)e;
            x.moving = number(0, 1);
            x.basis_weight = number(0, 64);
            x.long_discount = number(0, 64);
            x.short_discount = number(0, 64);
            put(r, x);
            break;
        }
        case 3: {
            auto x = blank<pl_tick_shift>(PL_RECORD_TICK_SHIFT);
            x.index = (uint16_t)e;
            x.vol_up = number(0, 4095);
            x.vol_down = number(0, 1);
            x.linear_cap = number(-64, 64);
            x.linear_slope = number(-4095, 4095);
            x.abs_cap = number(-64, 64);
            x.abs_slope = number(-4095, 4095);
            put(r, x);
            break;
        }
        case 4: {
            auto x = blank<pl_tick_vol>(PL_RECORD_TICK_VOL);
            x.index = (uint32_t)random.below(t.model.instruments);
            for (unsigned i = 0;
                 i < 8 && t.instruments[x.index].row != PL_ROW_KIND_OPTION && random.percent(97);
                 i++)
                x.index = (uint32_t)random.below(t.model.instruments);
            x.flags = (uint8_t)random.below(4);
            x.vol = random.bits() >> (64 - 3 - PL_VOL_BITS);
            put(r, x);
            break;
        }
        default: {
            auto x = blank<pl_tick_underlying>(PL_RECORD_TICK_UNDERLYING);
            x.index = (uint16_t)random.below(t.model.underlyings);
            x.im_loss_factor = number(0, 64);
            put(r, x);
        }
        }
        return r[0];
    }

    /* One field of one record becomes something else, often just outside its range. */
    void spoil(pl_line &record)
    {
        switch (random.below(10)) {
        case 0:
        case 1:
        case 2:
        case 3: set(record, 8 * (1 + (unsigned)random.below(7)), edge(), 8); break;
        case 4:
        case 5:
        case 6: set(record, 1 + (unsigned)random.below(11), small(), 1); break;
        case 7: set(record, 2 * (1 + (unsigned)random.below(7)), small(), 2); break;
        case 8:
            set(record, 4 * (1 + (unsigned)random.below(10)),
                random.percent(20) ? random.bits() : small(), 4);
            break;
        default: record.bytes[0] = (uint8_t)(random.percent(80) ? random.below(24) : random.bits());
        }
    }

    /* A byte of a record's first words: a small number, a count of the load, or as a byte nearby.
     */
    void spoil_byte(pl_line &record, unsigned at)
    {
        const uint64_t near = record.bytes[1 + random.below(15)] + random.below(2);
        const uint64_t value = random.percent(30) ? random.bits() : small();
        set(record, at, random.percent(40) ? near : value, 1);
    }
    void spoil_count(pl_line &record, unsigned at) /* of MODEL */
    {
        set(record, 4 * at, small(), 4);
    }
    void spoil_word(pl_line &record, unsigned at)
    {
        set(record, 8 * at, edge(), 8);
    }

    /* What only the end of a load can see, if at all. */
    void spoil_reference(pl_line &record)
    {
        switch (record.bytes[0]) {
        case PL_RECORD_SCENARIO: record.bytes[7]++; break;
        case PL_RECORD_UNDERLYING:
            if (random.percent(60))
                record.bytes[1] = (uint8_t)random.below(model.offset_groups + 1);
            else
                record.bytes[random.percent(50) ? 8 : 16] ^= 1; /* a loss factor */
            break;
        case PL_RECORD_EXPIRY: set(record, 6, random.below(model.underlyings), 2); break;
        case PL_RECORD_INSTRUMENT:
            if (random.percent(50))
                record.bytes[3] ^= 1; /* is_asset */
            else
                set(record, 8, random.below(model.expiries), 2);
            break;
        case PL_RECORD_BRACKET: record.bytes[2]++; break;
        default: record.bytes[0] = (uint8_t)(2 + random.below(8));
        }
    }

  private:
    bench::Random &random;

    template <class T> T blank(uint8_t kind)
    {
        T x;
        static_assert(sizeof x == PL_LINE_BYTES, "a record is a line");
        for (size_t i = 0; i < sizeof x; i++)
            reinterpret_cast<unsigned char *>(&x)[i] = (unsigned char)random.bits();
        x.kind = kind;
        return x;
    }
    template <class T> static void put(Records &r, const T &x)
    {
        pl_line line;
        memcpy(&line, &x, sizeof line);
        r.push_back(line);
    }
    static void set(pl_line &record, unsigned at, uint64_t value, unsigned bytes)
    {
        memcpy(record.bytes + at, &value, bytes);
    }
    uint32_t up_to(uint32_t least, uint32_t most)
    {
        if (random.percent(15))
            return most;
        const uint32_t little = least + (uint32_t)random.below(6);
        return random.percent(60) ? little < most ? little : most
                                  : least + (uint32_t)random.below(most - least + 1);
    }
    int64_t number(int64_t low, int64_t high)
    {
        low *= PL_COEFFICIENT_ONE;
        high *= PL_COEFFICIENT_ONE;
        const uint64_t kind = random.below(20);
        return kind == 0   ? low
               : kind == 1 ? high
                           : low + (int64_t)random.below((uint64_t)(high - low) + 1);
    }
    uint64_t price()
    {
        const unsigned bits =
            PROFILE == PL_PROFILE_SMALL ? PL_PRICE_BITS_SMALL : PL_PRICE_BITS_FULL;
        return random.percent(5) ? 0 : random.bits() >> (64 - bits + random.below(12));
    }
    uint64_t small()
    {
        static const uint64_t values[] = { 0,  1,  2,   3,   4,   5,   15,  16,  17,   39,
                                           40, 41, 128, 215, 216, 255, 256, 257, 65535 };
        const uint32_t counts[] = { model.instruments,     model.expiries,
                                    model.underlyings,     model.classes,
                                    model.scenario_tables, model.bracket_tables,
                                    model.offset_groups,   model.multipliers,
                                    INSTRUMENTS,           EXPIRIES,
                                    UNDERLYINGS,           CLASSES,
                                    BRACKET_TABLES,        SCENARIOS };
        if (random.percent(50))
            return values[random.below(sizeof values / sizeof *values)];
        return counts[random.below(sizeof counts / sizeof *counts)] + random.below(3) - 1;
    }
    uint64_t edge()
    {
        static const int64_t ends[] = { 0, 1, 64, -64, 4095, -4095 };
        const uint64_t by = random.below(3) - 1;
        switch (random.below(6)) {
        case 0: return (UINT64_C(1) << random.below(64)) + by;
        case 1: return ((uint64_t)PL_VOL_MULTIPLIER_MAX << PL_VOL_BITS) + by;
        case 2: return random.bits();
        case 3: return 0;
        default: return (uint64_t)(ends[random.below(6)] * PL_COEFFICIENT_ONE) + by;
        }
    }

    void sizes()
    {
        model = blank<pl_model>(PL_RECORD_MODEL);
        model.instruments = up_to(1, INSTRUMENTS);
        model.expiries = up_to(1, EXPIRIES);
        model.underlyings = up_to(1, UNDERLYINGS);
        model.classes = up_to(1, CLASSES);
        model.scenario_tables =
            random.percent(3) ? PL_SCENARIO_TABLES_MAX : (uint32_t)random.below(4);
        model.bracket_tables = up_to(0, BRACKET_TABLES - 1);
        model.offset_groups = up_to(0, PL_OFFSET_GROUPS_MAX - 1);
        model.multipliers = random.percent(3) ? PL_MULTIPLIERS_MAX : 1 + (uint32_t)random.below(5);
    }
    void scenarios(Records &r, unsigned table)
    {
        const unsigned count = up_to(1, SCENARIOS);
        for (unsigned i = 0; i < count; i++) {
            auto x = blank<pl_scenario>(PL_RECORD_SCENARIO);
            x.vol_rule = (uint8_t)random.below(5);
            x.scenario_table = (uint16_t)table;
            x.index = (uint8_t)i;
            x.count = (uint8_t)count;
            x.shock = x.vol_rule >= PL_VOL_RULE_LINEAR ? PL_COEFFICIENT_ONE : 1 + number(0, 63);
            x.dampening = number(0, 64);
            put(r, x);
        }
        counts[table] = count;
    }
    void underlyings(Records &r)
    {
        pl_underlying before = {};
        unsigned next = 1; /* offset group */
        for (unsigned i = 0; i < model.underlyings; i++) {
            auto x = blank<pl_underlying>(PL_RECORD_UNDERLYING);
            x.index = (uint16_t)i;
            x.scenario_count = 0;
            if (model.scenario_tables > 0 && random.percent(75)) {
                x.scenario_table = (uint16_t)random.below(model.scenario_tables);
                x.scenario_count = (uint8_t)counts[x.scenario_table];
            }
            x.mm_loss_factor = number(0, 64);
            x.im_loss_factor = number(0, 64);
            x.offset_group = 0;
            if (i > 0 && before.offset_group != 0 && random.percent(60)) {
                x.offset_group = before.offset_group;
                x.scenario_table = before.scenario_table;
                x.scenario_count = before.scenario_count;
                x.mm_loss_factor = before.mm_loss_factor;
                x.im_loss_factor = before.im_loss_factor;
            } else if (next <= model.offset_groups && random.percent(60)) {
                x.offset_group = (uint8_t)next++;
            }
            x.basis_up = number(0, 64);
            x.basis_down = number(0, 64);
            x.naked_im = number(0, 64);
            x.vol_floor = random.below((uint64_t)PL_VOL_MULTIPLIER_MAX << PL_VOL_BITS);
            put(r, x);
            before = x;
        }
    }
    void expiries(Records &r)
    {
        unsigned underlying = 0;
        for (unsigned i = 0; i < model.expiries; i++) {
            auto x = blank<pl_expiry>(PL_RECORD_EXPIRY);
            if (random.percent(50) && underlying + 1 < model.underlyings)
                underlying += 1 + (unsigned)random.below(model.underlyings - underlying - 1);
            x.index = (uint16_t)i;
            x.underlying = (uint16_t)underlying;
            x.row_shift =
                (int8_t)((int)random.below(2 * PL_ROW_SHIFT_MAX + 1) - (int)PL_ROW_SHIFT_MAX);
            x.perpetual = (uint8_t)random.below(2);
            x.scenario = (uint8_t)random.below(2);
            put(r, x);
        }
    }
    void instruments(Records &r)
    {
        unsigned expiry = 0;
        bool asset = random.percent(30);
        for (unsigned i = 0; i < model.instruments; i++) {
            auto x = blank<pl_instrument>(PL_RECORD_INSTRUMENT);
            if (random.percent(40) && expiry + 1 < model.expiries) {
                expiry +=
                    1 +
                    (unsigned)(random.percent(70) ? 0 : random.below(model.expiries - expiry - 1));
                asset = random.percent(30);
            }
            x.index = i;
            x.expiry = (uint16_t)expiry;
            x.is_asset = asset;
            x.is_call = (uint8_t)random.below(2);
            x.margin_class = (uint16_t)random.below(model.classes);
            x.row =
                random.percent(50) ? (uint8_t)PL_ROW_KIND_OPTION : (uint8_t)(1 + random.below(4));
            x.strike = price() | 1;
            put(r, x);
        }
    }
    void margin_class(Records &r, unsigned index)
    {
        auto x = blank<pl_class>(PL_RECORD_CLASS);
        x.index = (uint16_t)index;
        x.long_brackets = (uint16_t)random.below(model.bracket_tables + 1);
        x.short_brackets = (uint16_t)random.below(model.bracket_tables + 1);
        x.mm_long = number(0, 64);
        x.mm_short = number(0, 64);
        x.im_long = number(0, 64);
        x.im_short = number(0, 64);
        x.fee = number(0, 64);
        put(r, x);
    }
    void brackets(Records &r, unsigned table)
    {
        const unsigned count =
            1 + (unsigned)(random.percent(80) ? random.below(3) : random.below(16));
        for (unsigned i = 0; i < count; i++) {
            auto x = blank<pl_bracket>(PL_RECORD_BRACKET);
            x.bracket_table = (uint16_t)table;
            x.index = (uint8_t)i;
            x.count = (uint8_t)count;
            x.mm_rate = number(0, 64);
            x.im_rate = number(0, 64);
            put(r, x);
        }
    }

    unsigned counts[PL_SCENARIO_TABLES_MAX] = {};
};

#endif

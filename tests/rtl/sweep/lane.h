/* What a lane must hand over for a stream of accounts: sweep.c up to the close, brackets by the
 * model. */
#ifndef PL_BENCH_LANE_H
#define PL_BENCH_LANE_H

#include <deque>
#include <vector>

#include "support/model.h"
extern "C" {
#include "model/brackets.h"
#include "model/sums.h"
#include "model/tables.h"
}

struct Entry {
    bool group, underlying_last, account_last;
    unsigned mode;
    uint64_t header;
    struct pl_expiry_sums sums;
    unsigned underlying;
    int row_shift;
    int64_t cash;
    bool cash_overflow;
    unsigned status;
    uint32_t slot;
};

/* One account of slots of which the first has the index `at` in the stream. */
class LaneReference
{
  public:
    const struct pl_tables &tables;
    const std::vector<bool> &uncorrectable; /* by instrument */
    std::deque<Entry> entries;
    uint64_t failed = 0;

    LaneReference(const struct pl_tables &tables, const std::vector<bool> &uncorrectable)
        : tables(tables), uncorrectable(uncorrectable)
    {
    }

    void account(const std::vector<uint64_t> &stream, uint32_t at)
    {
        header = stream[0];
        mode = (unsigned)pl_slot_header_mode(header);
        cash = 0;
        count = 1;
        last_instrument = -1;
        last_row = nullptr;
        open = false;
        first = entries.size();
        uint32_t slot = 0;
        unsigned status = PL_STATUS_OK;
        for (size_t i = 1; i < stream.size() && status == PL_STATUS_OK; i++) {
            status =
                pl_slot_tag(stream[i]) == PL_TAG_PAD ? (unsigned)PL_STATUS_OK : take(stream[i]);
            slot = at + (uint32_t)i;
        }
        if (open || entries.size() == first) {
            Entry last = {};
            last.group = open;
            close(last);
        }
        Entry &last = entries.back();
        uint32_t flags = 0;
        last.account_last = last.underlying_last = true;
        last.cash = pl_money_limit(cash, &flags);
        last.cash_overflow = flags != 0;
        last.status = status;
        last.slot = slot;
        failed += status != PL_STATUS_OK;
    }

  private:
    uint64_t header;
    unsigned mode;
    pl_i128 cash;
    size_t count, first;
    int64_t last_instrument, last_lots;
    const struct pl_row *last_row;
    bool open;
    struct pl_expiry_sums e;
    int row_shift;

    void close(Entry &entry)
    {
        entry.mode = mode;
        entry.header = header;
        entry.sums = e;
        entry.row_shift = row_shift;
        if (entry.group)
            entry.underlying = tables.expiries[e.expiry].underlying;
        entries.push_back(entry);
        open = false;
    }
    void start_expiry(const struct pl_row &row)
    {
        if (open && e.expiry == row.expiry)
            return;
        if (open) {
            Entry entry = {};
            entry.group = true;
            entry.underlying_last =
                tables.expiries[e.expiry].underlying != tables.expiries[row.expiry].underlying;
            close(entry);
        }
        e = {};
        e.expiry = row.expiry;
        row_shift = row.row_shift;
        open = true;
    }
    void note_flags(const struct pl_row &row, bool may_be_ignored)
    {
        const uint32_t unpriced = row.flags & (PL_FLAG_UNPRICED | PL_FLAG_STALE);
        e.flags |= row.flags & ~unpriced;
        if (unpriced != 0 && may_be_ignored)
            e.unpriced_asset = true;
        else
            e.flags |= unpriced;
    }
    static int64_t size_of(int64_t lots)
    {
        return lots < 0 ? -lots : lots;
    }
    void add_position(const struct pl_row &row, int64_t lots)
    {
        const int64_t size = size_of(lots);
        const pl_i128 n = lots, s = size;
        e.held |= lots != 0;
        if (lots != 0)
            note_flags(row, row.is_asset && lots > 0);
        e.value += n * row.base;
        e.greeks[PL_GREEK_DELTA] += n * row.delta;
        e.greeks[PL_GREEK_GAMMA] += n * row.gamma;
        e.greeks[PL_GREEK_VEGA] += n * row.vega;
        e.greeks[PL_GREEK_THETA] += n * row.theta;
        e.greeks[PL_GREEK_RHO] += n * row.rho;
        e.fee += s * row.fee;
        if (mode != PL_MODE_PORTFOLIO) {
            const struct pl_bracket_requirement r =
                pl_brackets_evaluate(&tables, &row, lots, &e.flags);
            e.bracket_mm = pl_money_add(e.bracket_mm, r.mm, &e.flags);
            e.bracket_im = pl_money_add(e.bracket_im, r.im, &e.flags);
            return;
        }
        e.mm += s * (lots < 0 ? row.mm_short : row.mm_long);
        e.im += s * (lots < 0 ? row.im_short : row.im_long);
        e.gross += s * row.gross;
        e.basis_up += n * row.basis_up;
        e.basis_down += n * row.basis_down;
        for (unsigned i = 0; i < SCENARIOS; i++)
            e.scenario[i] += n * row.scenario[i];
    }
    static pl_i128 initial(const struct pl_row &row, int64_t lots)
    {
        return (pl_i128)size_of(lots) * (lots < 0 ? row.im_short : row.im_long);
    }
    static pl_i128 larger(pl_i128 a, pl_i128 b)
    {
        return a > b ? a : b;
    }
    void add_orders(int64_t buy, int64_t sell)
    {
        const struct pl_row &row = *last_row;
        const int64_t lots = last_lots, size = size_of(lots);
        const int64_t more =
            pl_max64(size, pl_max64(size_of(lots + buy), size_of(lots - sell))) - size;
        e.held |= buy != 0 || sell != 0;
        e.order_flags |= row.flags;
        e.order_im += (pl_i128)more * row.fee;
        if (mode != PL_MODE_PORTFOLIO) {
            const int64_t held = pl_brackets_evaluate(&tables, &row, lots, &e.order_flags).im;
            const int64_t bought =
                pl_brackets_evaluate(&tables, &row, lots + buy, &e.order_flags).im;
            const int64_t sold =
                pl_brackets_evaluate(&tables, &row, lots - sell, &e.order_flags).im;
            const int64_t worse = pl_max64(held, pl_max64(bought, sold)) - held;
            e.bracket_im = pl_money_add(e.bracket_im, worse, &e.flags);
            return;
        }
        const pl_i128 held = initial(row, lots);
        const pl_i128 worse = larger(initial(row, lots + buy), initial(row, lots - sell));
        e.order_im += larger(held, worse) - held + (pl_i128)sell * row.order_naked;
        e.order_loss += larger((pl_i128)buy * row.order_long, (pl_i128)sell * row.order_short);
        e.gross += (pl_i128)more * row.gross;
    }
    unsigned take_position(uint64_t slot)
    {
        const int64_t instrument = (int64_t)pl_slot_position_instrument(slot);
        const int64_t lots = pl_slot_position_lots(slot);
        const bool requirement = pl_slot_tag(slot) == PL_TAG_REQUIREMENT;
        if (instrument >= tables.model.instruments || instrument <= last_instrument ||
            (requirement && lots < 0))
            return PL_STATUS_MALFORMED_SLOT;
        if (uncorrectable[(size_t)instrument])
            return PL_STATUS_UNCORRECTABLE;
        const struct pl_row &row = tables.rows[instrument];
        if (requirement != (row.row == PL_ROW_KIND_REQUIREMENT))
            return PL_STATUS_MALFORMED_SLOT;
        start_expiry(row);
        add_position(row, lots);
        last_instrument = instrument;
        last_row = requirement ? nullptr : &row;
        last_lots = lots;
        return PL_STATUS_OK;
    }
    unsigned take(uint64_t slot)
    {
        if (++count > PL_ACCOUNT_SLOTS_MAX)
            return PL_STATUS_MALFORMED_SLOT;
        const uint8_t tag = pl_slot_tag(slot);
        if (tag == PL_TAG_POSITION || tag == PL_TAG_REQUIREMENT)
            return take_position(slot);
        if (tag == PL_TAG_ORDERS) {
            if (last_row == nullptr)
                return PL_STATUS_MALFORMED_SLOT;
            add_orders((int64_t)pl_slot_orders_buy(slot), (int64_t)pl_slot_orders_sell(slot));
        } else if (tag == PL_TAG_CASH) {
            cash += pl_slot_cash_amount(slot);
        } else if (tag == PL_TAG_CASH_HIGH) {
            cash += (pl_i128)pl_slot_cash_amount(slot) * (INT64_C(1) << 32);
        } else {
            return PL_STATUS_MALFORMED_SLOT;
        }
        last_row = nullptr;
        return PL_STATUS_OK;
    }
};

#endif

#include "venue_records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PART(member) (int)sizeof(((struct pl_venue_input *)NULL)->as.member)

int pl_given_bytes(uint32_t kind)
{
    switch ((enum pl_venue_kind)kind) {
    case PL_VENUE_REPORT: return PART(report);
    case PL_VENUE_TICK:
    case PL_VENUE_PLANNED:
    case PL_VENUE_CANCELLED:
    case PL_VENUE_RELEASE: return 0;
    case PL_VENUE_MARK:
    case PL_VENUE_FUND:
    case PL_VENUE_SETTLE: return PART(mark);
    case PL_VENUE_VERDICT: return PART(verdict);
    case PL_VENUE_CLOSE:
    case PL_VENUE_FILL:
    case PL_VENUE_OPEN: return PART(close);
    case PL_VENUE_BID: return PART(bid);
    case PL_VENUE_DEPOSIT:
    case PL_VENUE_WITHDRAW: return PART(money);
    case PL_VENUE_REDEMPTION: return PART(redemption);
    case PL_VENUE_IMPLIED:
    case PL_VENUE_RATE:
    case PL_VENUE_INDEX:
    case PL_VENUE_WRITE_DOWN: return PART(number);
    case PL_VENUE_TAKE_BACK: return PART(withdrawal);
    case PL_VENUE_KINDS: break;
    }
    return -1;
}

void pl_payload_input(struct pl_payload *r, const struct pl_venue_input *in)
{
    const int bytes = pl_given_bytes(in->kind);
    r->failed = r->failed || bytes < 0;
    pl_payload_word(r, 1, PL_GIVEN_INPUT);
    pl_payload_word(r, 8, (uint64_t)in->time_us);
    pl_payload_word(r, 4, in->kind);
    pl_payload_word(r, 4, in->account);
    if (bytes > 0)
        pl_payload_bytes(r, &in->as, (size_t)bytes);
}

void pl_payload_verdicts(struct pl_payload *r, int64_t time_us, uint32_t first, uint32_t count)
{
    pl_payload_word(r, 1, PL_GIVEN_VERDICTS);
    pl_payload_word(r, 8, (uint64_t)time_us);
    pl_payload_word(r, 4, first);
    pl_payload_word(r, 4, count);
}

void pl_read_input(struct pl_reading *r, struct pl_venue_input *in)
{
    memset(in, 0, sizeof *in);
    in->time_us = (int64_t)pl_read_word(r, 8);
    in->kind = (uint32_t)pl_read_word(r, 4);
    in->account = (uint32_t)pl_read_word(r, 4);
    const int bytes = r->failed ? -1 : pl_given_bytes(in->kind);
    const uint8_t *at = bytes >= 0 ? pl_read_bytes(r, (size_t)bytes) : NULL;
    r->failed = r->failed || at == NULL;
    if (at != NULL)
        memcpy(&in->as, at, (size_t)bytes);
}

void pl_venue_input_of(struct pl_venue_input *in, int64_t time_us, uint32_t account,
                       const struct pl_verdict *v)
{
    memset(in, 0, sizeof *in);
    in->time_us = time_us;
    in->kind = PL_VENUE_VERDICT;
    in->account = account;
    in->as.verdict.state = v->state;
    in->as.verdict.position_version = v->position_version;
    in->as.verdict.equity_e8 = v->equity;
    in->as.verdict.maintenance_excess_e8 = v->maintenance_excess;
    in->as.verdict.initial_excess_e8 = v->initial_excess;
}

uint32_t pl_action_account(const struct pl_venue_action *a)
{
    const bool refused = a->kind == PL_VENUE_REFUSED;
    const bool by_account = (a->steps >= PL_VENUE_VERDICT && a->steps <= PL_VENUE_BID) ||
                            a->steps == PL_VENUE_OPEN || a->steps == PL_VENUE_WITHDRAW ||
                            a->steps == PL_VENUE_TAKE_BACK;
    const bool of_asset = a->kind == PL_VENUE_BREAKER || a->kind == PL_VENUE_PEGGED ||
                          a->kind == PL_VENUE_WIDTH || a->kind == PL_VENUE_HAIRCUT;
    return of_asset || (refused && !by_account) ? PL_JOURNAL_NO_ACCOUNT : a->account;
}

/* The shapes of what stands as it lies in memory: of another program they may be others. */
static const uint32_t shapes[] = {
    PL_DECISIONS_VERSION,
    sizeof(struct pl_venue_rules),
    sizeof(struct pl_ledger_size),
    sizeof(struct pl_contract),
    sizeof(struct pl_venue_instrument),
    sizeof(struct pl_venue_terms),
    sizeof(struct pl_venue_expiry),
    sizeof(struct pl_fusion_rules),
    sizeof(struct pl_venue_input),
    sizeof(struct pl_venue_action),
};
#define SHAPES (sizeof shapes / sizeof shapes[0])

#define PARTS 7 /* arrays that a set-up may have */

/* What a set-up has that it may do without. */
enum { HAS_POOLS = 1, HAS_TERMS = 2, HAS_PEGGED = 4 };
static uint32_t parts_of(const struct pl_venue_setup *s)
{
    return (s->account_pools != NULL ? HAS_POOLS : 0) | (s->terms != NULL ? HAS_TERMS : 0) |
           (s->pegged != NULL ? HAS_PEGGED : 0);
}

void pl_payload_venue(struct pl_payload *r, const char *run, const struct pl_venue_rules *rules,
                      const struct pl_venue_setup *s)
{
    for (size_t i = 0; i < SHAPES; i++)
        pl_payload_word(r, 4, shapes[i]);
    pl_payload_text(r, run);
    pl_payload_word(r, 4, s->assets);
    pl_payload_word(r, 4, s->closes);
    pl_payload_word(r, 4, s->withdrawals);
    pl_payload_word(r, 4, s->expiry_count);
    pl_payload_word(r, 4, parts_of(s));
    pl_payload_word(r, 8, (uint64_t)s->start_us);
    pl_payload_bytes(r, rules, sizeof *rules);
    pl_payload_bytes(r, &s->size, sizeof s->size);
    pl_payload_bytes(r, s->contracts, s->size.instruments * sizeof *s->contracts);
    pl_payload_bytes(r, s->instruments, s->size.instruments * sizeof *s->instruments);
    pl_payload_bytes(r, s->fusion, s->assets * sizeof *s->fusion);
    pl_payload_bytes(r, s->expiries, s->expiry_count * sizeof *s->expiries);
    if (s->account_pools != NULL)
        pl_payload_bytes(r, s->account_pools, s->size.accounts * sizeof *s->account_pools);
    if (s->terms != NULL)
        pl_payload_bytes(r, s->terms, s->size.instruments * sizeof *s->terms);
    if (s->pegged != NULL)
        pl_payload_bytes(r, s->pegged, s->assets * sizeof *s->pegged);
}

static void read_run(struct pl_reading *r, char run[PL_RUN_TEXT_BYTES])
{
    size_t length = (size_t)pl_read_word(r, 2);
    const uint8_t *at = pl_read_bytes(r, length);
    r->failed = r->failed || length >= PL_RUN_TEXT_BYTES || memchr(at, '\0', length) != NULL;
    length = r->failed ? 0 : length;
    memcpy(run, at != NULL ? (const char *)at : "", length);
    run[length] = '\0';
}

/* The next `count` structures, in `block`. */
static const void *take(struct pl_reading *r, uint8_t **block, size_t count, size_t bytes)
{
    const uint8_t *at = count <= r->left / bytes ? pl_read_bytes(r, count * bytes) : NULL;
    void *here = *block;
    r->failed = r->failed || at == NULL;
    if (at == NULL)
        return NULL;
    memcpy(here, at, count * bytes);
    *block += (count * bytes + 15) / 16 * 16;
    return here;
}

/* A truth value that may be read as one. */
static bool is_bool(const bool *value)
{
    uint8_t byte;
    memcpy(&byte, value, 1);
    return byte <= 1;
}

static bool has_bools(const struct pl_venue_record *out)
{
    const struct pl_venue_setup *s = &out->setup;
    bool fine = is_bool(&out->rules.calls) && is_bool(&out->rules.auctions) &&
                is_bool(&s->size.flows) && is_bool(&s->size.open);
    for (uint32_t i = 0; i < s->size.instruments && fine; i++)
        fine = is_bool(&s->contracts[i].inverse) &&
               (s->terms == NULL || is_bool(&s->terms[i].payoff.is_put));
    for (uint32_t i = 0; s->pegged != NULL && i < s->assets && fine; i++)
        fine = is_bool(&s->pegged[i]);
    return fine;
}

int pl_read_venue(const uint8_t *payload, size_t bytes, struct pl_venue_record *out)
{
    struct pl_reading r = { .at = payload, .left = bytes };
    struct pl_venue_setup *s = &out->setup;
    bool known = true;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < SHAPES; i++)
        known &= pl_read_word(&r, 4) == shapes[i];
    if (!r.failed && !known)
        return -EPROTONOSUPPORT;
    read_run(&r, out->run);
    s->assets = (uint32_t)pl_read_word(&r, 4);
    s->closes = (uint32_t)pl_read_word(&r, 4);
    s->withdrawals = (uint32_t)pl_read_word(&r, 4);
    s->expiry_count = (uint32_t)pl_read_word(&r, 4);
    const uint32_t parts = (uint32_t)pl_read_word(&r, 4);
    s->start_us = (int64_t)pl_read_word(&r, 8);
    const uint8_t *rules = pl_read_bytes(&r, sizeof out->rules);
    const uint8_t *size = pl_read_bytes(&r, sizeof s->size);
    if (r.failed)
        return -EBADMSG;
    memcpy(&out->rules, rules, sizeof out->rules);
    memcpy(&s->size, size, sizeof s->size);
    out->block = malloc(r.left + PARTS * 16);
    if (out->block == NULL)
        return -ENOMEM;
    uint8_t *block = out->block;
    s->contracts = take(&r, &block, s->size.instruments, sizeof *s->contracts);
    s->instruments = take(&r, &block, s->size.instruments, sizeof *s->instruments);
    s->fusion = take(&r, &block, s->assets, sizeof *s->fusion);
    s->expiries = take(&r, &block, s->expiry_count, sizeof *s->expiries);
    if ((parts & HAS_POOLS) != 0)
        s->account_pools = take(&r, &block, s->size.accounts, sizeof *s->account_pools);
    if ((parts & HAS_TERMS) != 0)
        s->terms = take(&r, &block, s->size.instruments, sizeof *s->terms);
    if ((parts & HAS_PEGGED) != 0)
        s->pegged = take(&r, &block, s->assets, sizeof *s->pegged);
    if (!r.failed && r.left == 0 && has_bools(out))
        return 0;
    pl_venue_record_free(out);
    return -EBADMSG;
}

void pl_venue_record_free(struct pl_venue_record *record)
{
    free(record->block);
    record->block = NULL;
}

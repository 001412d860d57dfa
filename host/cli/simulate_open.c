/* A simulation is set up: instruments, assets, memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decide/rule.h"
#include "decide/what_if.h"
#include "simulate.h"
#include "states.h"

#define COIN_SCALE 10000 /* of coins that inverse contracts are paid in */

const char *const pl_simulated_names[PL_SIMULATED_POLICIES] = { "default", "market", "half" };

static int refuse_memory(void)
{
    pl_complain("out of memory");
    return -ENOMEM;
}

static int set_instruments(struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    const size_t n = (size_t)book->instrument_count + 1;
    struct pl_contract *contracts = calloc(n, sizeof *contracts);
    struct pl_venue_instrument *abouts = calloc(n, sizeof *abouts);
    s->setup.contracts = contracts;
    s->setup.instruments = abouts;
    s->coin_scale = calloc(n, sizeof *s->coin_scale);
    if (contracts == NULL || abouts == NULL || s->coin_scale == NULL)
        return refuse_memory();
    for (uint32_t i = 0; i < book->instrument_count; i++) {
        contracts[i] = (struct pl_contract){ .numerator = 1, .denominator = 1 << 16 };
        abouts[i] = (struct pl_venue_instrument){ book->instruments[i].underlying, PL_VENUE_NONE };
        s->coin_scale[i] = 1;
    }
    for (uint32_t i = 0; i < book->instrument_count; i++) {
        const struct pl_book_instrument *x = &book->instruments[i];
        if (!x->coin_settled || (x->kind != PL_KIND_PERPETUAL && x->kind != PL_KIND_FUTURE))
            continue;
        abouts[i].coin = s->session->spot_of[x->underlying];
        if (abouts[i].coin == PL_NO_SPOT) {
            pl_complain("%s: %s is settled in coin, but the book has no coin of %s; add a spot "
                        "instrument",
                        book->path, x->symbol, book->underlyings[x->underlying].name);
            return -EINVAL;
        }
        s->coin_scale[abouts[i].coin] = COIN_SCALE;
    }
    return 0;
}

static int set_assets(struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    struct pl_fusion_rules *fusion = calloc((size_t)book->underlying_count + 1, sizeof *fusion);
    s->setup.fusion = fusion;
    s->markets = calloc((size_t)book->underlying_count + 1, sizeof *s->markets);
    if (fusion == NULL || s->markets == NULL)
        return refuse_memory();
    memcpy(fusion, s->session->rules.fusion, book->underlying_count * sizeof *fusion);
    s->seen = calloc((size_t)book->source_count + 1, sizeof *s->seen);
    return s->seen == NULL || pl_sources_open(&s->sources, book) != 0 ? refuse_memory() : 0;
}

static int open_venue(struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    const size_t accounts = (size_t)book->account_count + 1;
    s->setup.size = (struct pl_ledger_size){
        .accounts = book->account_count,
        .currencies = 1,
        .instruments = book->instrument_count,
        .pools = 1,
        .entries = (uint32_t)(book->position_count * 4 + accounts * 32),
        .flows = true, /* who gained bears bad debt */
        .open = true,
    };
    s->setup.assets = book->underlying_count;
    s->setup.closes = 4 * PL_WHAT_IF_POSITIONS_MAX;
    s->setup.withdrawals = 1;
    s->setup.start_us = s->now_us = book->ticks[0].time_us;
    int error = pl_simulation_set_rules(s);
    error = error != 0 ? error : pl_simulation_open_parameters(s);
    if (error != 0)
        return error == -ENOMEM ? refuse_memory() : error;
    const size_t bytes = (pl_venue_bytes(&s->setup) + 15) / 16 * 16;
    void *memory = aligned_alloc(16, bytes);
    if (memory == NULL)
        return refuse_memory();
    s->venue = pl_venue_create(memory, &s->rules, &s->setup);
    s->funded_us = s->now_us - s->now_us % s->rules.funding.interval_us;
    if (s->options->journal != NULL) {
        s->unheard = aligned_alloc(16, bytes);
        if (s->unheard == NULL)
            return refuse_memory();
        memset(s->unheard, 0, bytes);
    }
    s->actions = calloc(pl_venue_actions_max(s->venue), sizeof *s->actions);
    s->verdicts = pl_verdicts_alloc(s->session);
    s->dirty = calloc(accounts, 1);
    s->called = calloc(accounts, 1);
    s->cleared = calloc(accounts, 1);
    s->liquidated = calloc(accounts, 1);
    s->orders_gone = calloc(accounts, 1);
    s->ticks = calloc((size_t)book->tick_count + 1, sizeof *s->ticks);
    if (s->actions == NULL || s->verdicts == NULL || s->dirty == NULL || s->called == NULL ||
        s->cleared == NULL || s->liquidated == NULL || s->orders_gone == NULL || s->ticks == NULL)
        return refuse_memory();
    return 0;
}

enum pl_exit pl_simulation_open(struct pl_simulation *s, const struct pl_options *options,
                                enum pl_simulated_policy policy)
{
    struct pl_options planning = *options;
    *s = (struct pl_simulation){ .options = options, .policy = policy };
    planning.device = "model:";
    planning.journal = NULL;
    enum pl_exit opened = pl_session_open(options, &s->session);
    if (opened == PL_EXIT_OK)
        opened = pl_session_open(&planning, &s->planner);
    if (opened != PL_EXIT_OK)
        return opened;
    if (s->session->book->tick_count == 0) {
        pl_complain("%s: no ticks", s->session->book->path);
        return PL_EXIT_ERROR;
    }
    int error = set_instruments(s);
    if (error == 0 && pl_simulation_set_terms(s) != 0)
        error = refuse_memory();
    error = error != 0 ? error : set_assets(s);
    error = error != 0 ? error : open_venue(s);
    if (error == 0)
        pl_simulation_journal(s);
    error = error != 0 ? error : pl_simulation_fill_ledger(s);
    return error != 0 ? PL_EXIT_ERROR : PL_EXIT_OK;
}

void pl_simulation_close(struct pl_simulation *s)
{
    pl_acting_close(&s->acting);
    pl_session_close(s->session);
    pl_session_close(s->planner);
    free((void *)(uintptr_t)s->setup.contracts);
    free((void *)(uintptr_t)s->setup.instruments);
    free((void *)(uintptr_t)s->setup.terms);
    free((void *)(uintptr_t)s->setup.expiries);
    free((void *)(uintptr_t)s->setup.fusion);
    free(s->expiry_of);
    free(s->expiries);
    free(s->rates);
    free(s->raised);
    free(s->purse_e8);
    free(s->coin_scale);
    free(s->markets);
    free(s->venue);
    free(s->unheard);
    free(s->actions);
    free(s->verdicts);
    free(s->dirty);
    free(s->called);
    free(s->cleared);
    free(s->liquidated);
    free(s->orders_gone);
    free(s->ticks);
    free(s->seen);
    pl_sources_close(&s->sources);
    free(s->log.actions);
    free(s->log.cascades);
}

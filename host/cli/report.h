/* The HTML reports, of a replay and of a simulation: one self-contained page each, SVG charts, no
 * network. */
#ifndef PL_CLI_REPORT_H
#define PL_CLI_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "plimsoll.h"

#define PL_REPORT_STATES 5 /* PL_STATE_* */

/* All money is in 1e-8 of the settlement currency. */
struct pl_report_tick {
    uint64_t tick;
    int64_t time_us;
    uint64_t accounts[PL_REPORT_STATES];
    int64_t equity, maintenance, initial; /* sums over accounts: equity and requirements */
    int64_t shortfall;       /* what accounts in LIQUIDATE or BANKRUPT miss in maintenance, >= 0 */
    int64_t negative_equity; /* what the bankrupt owe beyond what they have, >= 0 */
};

/* Net Greeks of the accounts that are to be liquidated (LIQUIDATE, BANKRUPT), and the venue's index
 * price. */
struct pl_report_exposure {
    int64_t price_e8; /* 0: none */
    int64_t delta, gamma, vega, theta;
};

struct pl_report_underlying {
    const char *name;
    const struct pl_report_exposure *by_tick; /* tick_count entries */
};

/* What would be liquidated at the worst tick: all accounts in LIQUIDATE or BANKRUPT together. */
struct pl_report_liquidation {
    const char *symbol, *kind, *underlying;
    double long_quantity,
        short_quantity; /* contracts, short as a positive number; for display only */
    int64_t notional;   /* |quantity| * price * contract size, long and short together */
};

struct pl_report_account {
    const char *name;
    struct pl_verdict worst;           /* its verdict at its lowest maintenance excess */
    int64_t first_below_us;            /* first tick at or above LIQUIDATE; 0: never */
    const int64_t *maintenance_excess; /* by tick */
    const int64_t *equity;             /* by tick */
    const char *worst_scenario;        /* text, as "BTC: down x0.82" */
    const char *explain_command;       /* the command that explains that verdict */
    const char *explain_text;          /* its output, shown when opened; may be NULL */
};

struct pl_report {
    const char *book_name, *description, *source, *settlement_currency, *model_name, *device;
    const char *command; /* the command that made this report */
    uint64_t account_count, position_count, instrument_count;
    uint32_t model_version, table_version;
    uint64_t verdicts_hash; /* FNV-1a over all verdicts' bytes in order: what another device must
                               return too */
    size_t tick_count, underlying_count, liquidation_count, account_list_count;
    const struct pl_report_tick *ticks;
    const struct pl_report_underlying *underlyings;
    size_t worst_tick;                                /* index: most accounts to liquidate */
    const struct pl_report_liquidation *liquidations; /* largest notional first */
    const struct pl_report_account *accounts;         /* the ten worst */
};

/* Writes DIR/index.html (creating DIR), through a temporary file that is renamed when complete: on
 * error nothing partial is left. The same report gives the same bytes. Returns 0 or a negative
 * errno; `message` (PL_MESSAGE_BYTES) then names the file and what to do. */
int pl_report_write(const struct pl_report *report, const char *directory, char *message);
/* The same with a page that is there already. */
int pl_report_put(const struct pl_buffer *page, const char *directory, char *message);

#endif

/* libplimsoll: who has crossed the line, exactly.
 *
 * Open a device, load a margin model and instruments, set prices, commit a tick, submit accounts,
 * poll verdicts. Verdicts are a pure integer function of what was given: every device returns the
 * same bytes.
 *
 * Functions return 0 (or a count) on success and a negative code on failure: a negative errno, or a
 * negative PL_STATUS_* of the device. pl_message() then says what is wrong, where, and what to do
 * about it. A handle belongs to one thread at a time; different handles are independent. */
#ifndef PLIMSOLL_H
#define PLIMSOLL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pl_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

struct pl; /* an open device with the tables and prices staged for it */

#define PL_MESSAGE_BYTES 4096
#define PL_SYMBOL_BYTES 64 /* a symbol or name, with its final zero */

/* An exact decimal: mantissa * 10^exponent, at most 18 significant digits. */
struct pl_decimal {
    int64_t mantissa;
    int32_t exponent;
};

/* One thing that can be held. Conventions and units: docs/book-format.md. Strings are copied. */
struct pl_instrument_def {
    const char *symbol;       /* unique */
    const char *underlying;   /* its index price is the price of this symbol */
    const char *forward;      /* option: symbol of its expiry's forward; else NULL */
    uint8_t kind;             /* PL_KIND_* */
    bool is_call;             /* option */
    bool coin_settled;        /* option: worth Black*S/F; future, perpetual: inverse */
    int64_t expiry_us;        /* option, future: microseconds since 1970; else 0 */
    struct pl_decimal strike; /* option: settlement currency, > 0 */
    struct pl_decimal
        contract_size; /* underlying (inverse: settlement currency) per contract, > 0 */
    struct pl_decimal quantity_step; /* every quantity is a multiple of it, > 0 */
};

/* What a device is loaded with. */
struct pl_setup {
    const char *model_path; /* margin model, JSON; also its name in messages */
    const struct pl_instrument_def *instruments;
    size_t instrument_count;
    const int64_t
        *multipliers_q40; /* table of account multipliers; [0] must be 1; NULL: just that */
    size_t multiplier_count;
    const char *model_text; /* the model itself, so that no file is read; NULL: read model_path */
};

/* The state of one symbol's price. A change replaces the whole. */
struct pl_price {
    bool has_price; /* false: there is none, what depends on it is unpriced */
    bool has_vol;   /* option */
    struct pl_decimal
        price; /* settlement currency; 0 counts as none (option: informative, ignored) */
    struct pl_decimal vol;  /* option: annual, as a fraction, 0 <= vol < 8 */
    struct pl_decimal rate; /* forward of options: continuously compounded, per year */
    int64_t confidence_q40; /* 0..2^40; 2^40 is full confidence */
    int64_t vol_confidence_q40, rate_confidence_q40; /* forward of options */
    int64_t time_us; /* when it was made; older than the model's limit counts as stale */
};

/* One instrument of an account: position and resting orders, in quantity steps. */
struct pl_holding {
    uint32_t instrument;           /* index into pl_setup.instruments */
    int64_t steps;                 /* quantity / quantity_step; negative: short, or owed */
    int64_t buy_steps, sell_steps; /* resting orders, >= 0 */
    struct pl_decimal
        entry_price; /* future, perpetual: price without P&L; mantissa 0: already in cash */
};

struct pl_account {
    uint32_t account;    /* number that the verdict carries */
    uint8_t mode;        /* PL_MODE_* */
    uint16_t multiplier; /* index into pl_setup.multipliers_q40 */
    int64_t cash_e8;     /* settlement currency, 1e-8 */
    const struct pl_holding
        *holdings; /* any order; one instrument may stand several times: it adds up */
    size_t holding_count;
};

/* What a device can do. */
struct pl_capabilities {
    uint8_t profile; /* PL_PROFILE_* */
    uint32_t scenarios, instruments, expiries, underlyings, classes, bracket_tables;
    uint32_t watch_accounts, watch_slots; /* of pl_watch(), END included */
    const char *description;
};

/* Opens a device: "model:" (the specification in C, profile full), "model:profile=small",
 * "cpu:" (the same bytes by vectors and threads; host/cpu/cpu.c has its options),
 * "opencl:" (the same bytes by an OpenCL device; host/opencl/settings.h has its options),
 * "sim:" (the card, simulated; sim/README.md has its options), or "pci:0000:3b:00.0" (a card on
 * PCI, by the driver that is bound to it; drivers/README.md). `message` (PL_MESSAGE_BYTES, or NULL)
 * says why on failure, and what to do: -EINVAL for a malformed URI, -ENODEV for an unknown device,
 * -ENOMEM. Of opencl: also -ENODEV: there is no loader, platform or device; -ENOTSUP: the device
 * cannot run the kernels; -EIO: an OpenCL call failed; -ETIMEDOUT. Of pci: also -ENXIO: it is no
 * card; -EUNATCH: no driver; -ENOPKG: VFIO is not loaded; -EACCES: permission; -EBUSY: in use;
 * -EOPNOTSUPP: no IOMMU; -ERANGE: a BAR is too small; -EDQUOT: a limit of memory (RLIMIT_MEMLOCK,
 * or the driver's); -ENOSYS: no interrupts, or a VFIO that is not known; -EPROTO: another interface
 * of the driver; -PL_STATUS_CONTRACT, -PL_STATUS_LINK_DOWN. */
int pl_open(const char *uri, struct pl **out, char *message);
void pl_close(struct pl *pl);

/* The message of the last failed call on this handle; "" if none failed. Valid until the next call.
 */
const char *pl_message(const struct pl *pl);

void pl_capabilities(const struct pl *pl, struct pl_capabilities *out);

/* The device's own account of its work since it was opened (a card's counters: cycles, slots and
 * evaluations per cycle, use of the link), lines of text in `out`, which is returned; "" from a
 * device without counters. */
char *pl_device_report(struct pl *pl, char out[PL_MESSAGE_BYTES]);

/* Loads model and instruments; prices and ticks start anew. -EINVAL: the message lists every
 * problem of the model, or the first one of the instruments. */
int pl_load(struct pl *pl, const struct pl_setup *setup);

/* The number of a symbol that can be priced: an instrument, an underlying, a forward, or
 * "settlement:CUR" (any CUR: the settlement currency). -ENOENT if the loaded instruments do not use
 * it. */
int64_t pl_price_id(const struct pl *pl, const char *symbol);

/* Sets a price for the next commit. Nothing is seen before it. -EINVAL: out of range. */
int pl_set_price(struct pl *pl, int64_t price_id, const struct pl_price *price);

/* Makes the prices a tick at `time_us` (not before the last tick's) and freezes it for submissions.
 * At or past its expiry an option or future is unpriced, unless its forward or mark was made at or
 * after the expiry: that is its settlement price, and the option is worth its intrinsic value.
 * The units of its words follow the prices, and with them the instrument table's version. */
int pl_commit(struct pl *pl, int64_t time_us);

/* Starts the evaluation of `accounts` on the committed tick; one submission at a time. The array
 * and its holdings may be freed on return. -ERANGE: a quantity beyond the contract's limits, named
 * in the message. Submit in pieces of at most some 100,000 accounts to bound memory: 8 bytes a slot
 * are kept until polled. */
struct pl_batch {
    const struct pl_account *accounts;
    size_t count;
    uint64_t position_version; /* returned in the verdicts */
    uint8_t filter; /* verdicts at or above this PL_STATE_* are returned; PL_STATE_HEALTHY: all */
    bool per_underlying; /* records per (account, underlying) as well */
};
int pl_submit(struct pl *pl, const struct pl_batch *batch);

/* Takes up to `max` verdicts, in the order of the accounts. Returns their number; 0 when all were
 * taken, then *summary (if not NULL) is filled; or a negative code (-ECANCELED: a commit or a load
 * ended the sweep before its time): verdicts taken before stay valid, the others are
 * indeterminate. */
int pl_poll(struct pl *pl, struct pl_verdict *verdicts, size_t max,
            struct pl_tick_summary *summary);

/* The records per (account, underlying) of the verdicts that the last pl_poll() returned, in order:
 * *records points to them until the next call on the handle. Returns their number. Underlyings are
 * numbered in pl_underlying_name()'s order. */
int64_t pl_poll_underlyings(struct pl *pl, const struct pl_underlying_verdict **records);
const char *pl_underlying_name(const struct pl *pl, uint16_t underlying); /* NULL: out of range */

/* Watches accounts: from the next commit or tick on, each judges them at once, ahead of whatever
 * the device is doing. Replaces the set as a whole, between ticks; a batch of 0 accounts ends
 * watching. At most as many accounts and slots as the device's capabilities say (-PL_STATUS_LIMIT):
 * PL_WATCH_ACCOUNTS_MAX and at most PL_WATCH_SLOTS_MAX on a card; in "cpu:" a whole book, of which
 * each tick judges the holders of what moved (12 bytes a position and 148 an account with one cash
 * slot). The batch's position_version returns in the verdicts, its filter chooses them,
 * per_underlying does not count. The set is gone after pl_load(), and after a commit or tick that
 * changed the units of prices: then pl_watched() returns -ENOENT. */
int pl_watch(struct pl *pl, const struct pl_batch *batch);

/* Commits the prices set since the last commit or tick, at the time of the last pl_commit(), by the
 * shortest way there is: on a card a few stores, without waiting for an answer. A sweep that is
 * under way ends as pl_commit() would end it where the device cannot go on with it. What the device
 * finds wrong is told by the next pl_commit(), pl_submit() or pl_watched(): that tick is lost, and
 * the next pl_commit() sends everything. */
int pl_tick(struct pl *pl);

/* Takes up to `max` verdicts of the watched accounts, as they come; never waits. Returns their
 * number; *ended: the last one of a tick's, whose summary is filled in (if not NULL). 0 and not
 * ended: nothing yet. A summary with status PL_STATUS_RESET: this evaluation was interrupted and
 * comes again. A tick that came while nobody took verdicts may have none: what does not fit is left
 * out as a whole. -ENOENT: nothing is watched. Another negative code: the device refused a tick;
 * call pl_commit(). */
int pl_watched(struct pl *pl, struct pl_verdict *verdicts, size_t max,
               struct pl_tick_summary *summary, bool *ended);

/* Risk budgets: which accounts cannot have changed their state since they were judged, so that a
 * calm tick judges none of them. Without pricing: from what a price, a vol or time can take of an
 * account's excess at most (docs/decisions/0010-risk-budget.md).
 *
 * pl_budget_start() keeps budgets for that many accounts, numbered from 0, until the next
 * pl_load(); 0 ends it. All are due at first, and again whenever nothing bounds them. Those judged
 * to be at or above `filter`, a PL_STATE_*, are due at every tick that may have moved their
 * figures, so that whoever judges what is due has these, and the state of everybody; above
 * PL_STATE_BANKRUPT: nobody is. Where ticks are so far apart that most budgets would be lost at the
 * next one, few are given and the others are due. -ENOMEM. */
int pl_budget_start(struct pl *pl, uint32_t accounts, uint8_t filter);

/* The accounts that are due on the tick committed last: every other one has the state that it was
 * last judged to be in, though its figures have moved. *accounts is valid until the next call on
 * the handle, in no order. Returns their number; -ENOENT: no budgets are kept. An account stays due
 * until it is judged. */
int64_t pl_budget_due(struct pl *pl, const uint32_t **accounts);

/* Account number `number`, as it was submitted, was judged on the tick committed last: its budget
 * starts anew. -EINVAL: the verdict is of another tick. -ERANGE, as of pl_submit(). */
int pl_budget_judged(struct pl *pl, uint32_t number, const struct pl_account *account,
                     const struct pl_verdict *verdict);

/* The account was changed, while it was due or not: it is due until it is judged again. */
int pl_budget_forget(struct pl *pl, uint32_t number);

/* What remains of an account's budget: the move of all prices at once, as a fraction of them, Q.40,
 * which alone cannot change its state (said of moves up to a quarter). The smallest is the most
 * endangered. 0: it is due; INT64_MAX: no price matters to it; negative: as above. */
int64_t pl_budget_room(const struct pl *pl, uint32_t number);

/* Value and Greeks of one instrument on the committed tick, per contract, as doubles made from the
 * engine's integers; -ENOENT: no option, perpetual, future or coin of that index. */
struct pl_instrument_quote {
    uint32_t flags;     /* PL_FLAG_* */
    double value;       /* settlement currency per contract */
    double delta;       /* dV/dF: value per unit of forward price */
    double gamma;       /* d2V/dF2 */
    double vega;        /* per 1.00 of vol */
    double theta;       /* per year, carry included */
    double theta_decay; /* without the carry */
    double rho;         /* +-K T D N(+-d2), per 1.00 of rate */
};
/* "basis", "none", or shock and rule of a scenario of the underlying's table, as "price x1.1800 vol
 * up". */
int pl_scenario_name(const struct pl *pl, uint16_t underlying, uint8_t scenario,
                     char out[PL_SYMBOL_BYTES]);
int pl_quote_instrument(struct pl *pl, uint32_t instrument, struct pl_instrument_quote *out);

/* Names of states, flags, modes and kinds, as they stand in reports; "?" if out of range. */
const char *pl_state_name(uint8_t state);
const char *pl_mode_name(uint8_t mode);
const char *pl_kind_name(uint8_t kind);
const char *pl_vol_rule_name(uint8_t vol_rule);
const char *pl_flag_name(unsigned bit);
const char *pl_error_name(int code); /* of a negative code that a function returned */

#ifdef __cplusplus
}
#endif
#endif

/* A book on a device: its instruments loaded, its ticks committed one after the other, its accounts
 * ready to be submitted. Everything is allocated when it opens; a tick allocates nothing, except
 * where a settlement or a trade gives an account an instrument that it did not hold.
 *
 * Functions return 0 or a negative errno after saying on stderr what is wrong. */
#ifndef PL_CLI_SESSION_H
#define PL_CLI_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "book_rules.h"
#include "feed/book.h"
#include "feed/model_spec.h"
#include "options.h"
#include "plimsoll.h"
#include "recording.h"

#define PL_SESSION_BATCH_ACCOUNTS 65536 /* one submission */
#define PL_SESSION_POLL_VERDICTS 4096   /* one poll */
#define PL_NO_SPOT UINT32_MAX

/* The holdings behind an account of `accounts`. */
struct pl_session_holdings {
    struct pl_holding *items;
    uint32_t count, capacity;
    bool own; /* grown out of the common block: freed on its own */
};

struct pl_session {
    struct pl_book *book;
    struct pl_book_rules rules; /* of its venue */
    struct pl_model_spec *model;
    const char *model_path;
    char *model_text; /* what stands there: it is read once */
    const char *device_uri;
    struct pl *device;
    struct pl_capabilities capabilities;
    struct pl_instrument_def *instruments;
    int64_t *multipliers_q40;
    size_t multiplier_count;
    uint32_t *spot_of; /* by underlying: its coin among the instruments, or PL_NO_SPOT */

    int64_t *price_ids;      /* by node; negative: nothing that is loaded uses it */
    struct pl_price *prices; /* by node: as last set */
    uint32_t *touched;       /* nodes of the tick in hand */
    uint64_t *touched_at;    /* by node: the tick that touched it last */

    struct pl_account *accounts; /* by the book's index, which is also the number in the verdicts */
    struct pl_session_holdings *holdings;
    struct pl_holding *block;  /* holdings as the book states them, all accounts */
    bool *settled;             /* by row of settlements */
    uint64_t position_version; /* rises with every change of the accounts */

    struct pl_recording recording;

    uint64_t tick;   /* committed: 1..book->tick_count; 0: none yet */
    int64_t time_us; /* of that tick */
};

/* The exit status of a code of pl_open(). */
enum pl_exit pl_exit_of_opening(int error);

/* Opens book, model and device and loads them. Nothing is committed. PL_EXIT_OK, or after saying
 * why: PL_EXIT_ERROR, or what keeps the device from being opened. */
enum pl_exit pl_session_open(const struct pl_options *options, struct pl_session **out);
void pl_session_close(struct pl_session *session);

/* Loads (again), with the model at `path`, which must stay valid: accounts, prices and ticks start
 * anew. */
int pl_session_load(struct pl_session *session, const char *path);
/* Loads again with the same model. */
int pl_session_rewind(struct pl_session *session);

/* Loads another model's text in the middle of it: the committed tick is committed again under it,
 * accounts and ticks go on. The session keeps no hold of the text. */
int pl_session_change_model(struct pl_session *session, const char *text);

/* Settles what has expired, sets the next tick's prices and commits it. */
int pl_session_advance(struct pl_session *session);
/* Advances to a tick, PL_TICK_LAST or from 1; not backwards. */
int pl_session_seek(struct pl_session *session, uint64_t tick);

/* Verdicts of any accounts on the committed tick, in their order. `states` (may be NULL) counts
 * them. */
int pl_session_evaluate(struct pl_session *session, const struct pl_account *accounts, size_t count,
                        struct pl_verdict *verdicts, uint64_t states[PL_STATE_BANKRUPT + 1]);

/* A proposed trade: the position moves by `steps`; futures and perpetuals enter at `price`, others
 * are paid out of cash, rounded towards minus infinity. -ERANGE without a word on stderr when a sum
 * does not fit. */
int pl_session_trade(struct pl_session *session, uint32_t account, uint32_t instrument,
                     int64_t steps, struct pl_decimal price);

/* "BTC: price x0.8200 vol up", or "-" where there is none. */
#define PL_SCENARIO_TEXT_BYTES (2 * PL_SYMBOL_BYTES + 4)
void pl_session_scenario(const struct pl_session *session, const struct pl_verdict *verdict,
                         char out[PL_SCENARIO_TEXT_BYTES]);
/* Names of the flags that are set, blanks between. */
#define PL_FLAGS_TEXT_BYTES 128
void pl_flags_text(unsigned flags, char out[PL_FLAGS_TEXT_BYTES]);

#endif

/* Dutch auction of a whole book, in slices: whoever bids takes a fraction of every position and of
 * the cash, at a discount that grows with time, until the account holds its buffer again.
 *
 * The formulas are those of a live options venue's published cases (tests/oracle/auction): with
 * MtM the mark value of what the account holds (cash and the proceeds R of this auction included)
 * and BM its excess over the requirement raised by the buffer (below 0 while it is to be sold),
 *
 *   discount       d = start .. turn over the fast leg, then turn .. 0 over the slow leg
 *   most to take   f_max = BM / (BM - (d (MtM - R) + R))
 *   price of f     d (MtM - R) f
 *   insolvent leg  (nobody would pay: d (MtM - R) <= 0) the bidder is paid
 *                  -LB min(1, t / insolvent) f, f of the original book, LB < 0 what the book lacks
 *                  to stand alone
 *
 * Money may be in any one unit (the journal's is 1e-8): every formula is homogeneous in it. A
 * bidder pays up and is paid down, f_max is rounded up: the account is not left short of its
 * buffer by a rounding. Fractions are Q.40. The state has no pointers. */
#ifndef PL_DECIDE_AUCTION_H
#define PL_DECIDE_AUCTION_H

#include <stdbool.h>
#include <stdint.h>

#include "model/money.h"
#include "rule.h"

struct pl_auction_rules {
    int64_t start_q40, turn_q40; /* 1 >= start > turn > 0; default 0.98, 0.80 (published) */
    int64_t fast_us, slow_us;    /* 1 s .. 1 day; default 100 s, 14,400 s (published) */
    int64_t insolvent_us;        /* 1 s .. 1 day; default 100 s (published) */
    int64_t buffer_q40;  /* 0 .. 1; default 0.2 (published): BM = excess - 0.2 requirement */
    int64_t bid_min;     /* >= 0, money: a bid is worth this, or takes all that may be taken */
    int64_t rise_q40;    /* 0.01 .. 1: the book gained this much of its value: start again */
    int64_t pause_us;    /* 1 s .. 1 day: nobody could bid for so long: start again */
    uint32_t resets_max; /* 0 .. 100: after so many, a leg that ends without a bid is offloaded */
    int64_t offload_us;  /* 1 s .. 1 day: the insolvent leg stays at its end so long, then ends */
};

extern const struct pl_auction_rules pl_auction_defaults;

/* 0, or -EINVAL and the field with its limits in `message`. */
int pl_auction_check(const struct pl_auction_rules *rules, char message[PL_RULE_MESSAGE_BYTES]);

enum pl_auction_leg { PL_AUCTION_NONE, PL_AUCTION_SOLVENT, PL_AUCTION_INSOLVENT };

struct pl_auction {
    uint8_t leg; /* enum pl_auction_leg */
    bool paused;
    uint32_t resets, bids;
    int64_t start_us, last_us, paused_us;
    int64_t reference, reference_q40; /* MtM - R, and what was left, when the leg began */
    int64_t proceeds;                 /* R */
    int64_t paid_out;                 /* to bidders of the insolvent leg, >= 0 */
    int64_t lower_bound; /* LB, < 0, of the original book, fixed when the insolvent leg begins */
    int64_t left_q40;    /* of the original book */
};

/* What the account is worth now. */
struct pl_auction_book {
    int64_t mtm, buffer_excess; /* MtM, BM */
    int64_t lower_bound;        /* LB of the book as it is; read where an insolvent leg begins
                               (the cases': 1.1 BM of that moment) */
    int64_t least_steps; /* of its smallest position: fractions are whole multiples of 1 of them,
                            rounded up, so that slices are whole steps; 0: any fraction */
};

enum pl_auction_reason {
    PL_AUCTION_OK,
    PL_AUCTION_TIME_BACK, /* the time is before the last one */
    PL_AUCTION_NOT_RUNNING,
    PL_AUCTION_FORBIDDEN,     /* by the price's permission */
    PL_AUCTION_HEALTHY,       /* the account holds its buffer: nothing to sell */
    PL_AUCTION_EMPTY_BID,     /* a fraction of 0 or less */
    PL_AUCTION_TOO_SMALL,     /* below the minimum bid */
    PL_AUCTION_BIDDER_MARGIN, /* the bidder could not hold it */
    PL_AUCTION_PRICE,         /* the bidder's limit is passed */
    PL_AUCTION_CHANGED,       /* the quote is of another moment or book */
    PL_AUCTION_OVERFLOW,
};
const char *pl_auction_reason(enum pl_auction_reason reason);

/* What has to happen besides bids, told by pl_auction_step(). */
enum pl_auction_event {
    PL_AUCTION_RUNS,
    PL_AUCTION_ENDED,     /* the buffer is restored, or nothing is left */
    PL_AUCTION_RESET,     /* the leg began again */
    PL_AUCTION_TURNED,    /* nothing is left to pay for, or there is again: the other leg began */
    PL_AUCTION_OFFLOADED, /* nobody bid: what is left goes to the fund's own account */
};

enum pl_auction_reason pl_auction_start(struct pl_auction *auction,
                                        const struct pl_auction_book *book, int64_t time_us);

/* Moves the auction to `time_us`, before any bid of that moment. `may_bid`: prices allow it. An
 * auction that ended or was offloaded is PL_AUCTION_NONE from then on. */
enum pl_auction_reason pl_auction_step(struct pl_auction *auction,
                                       const struct pl_auction_rules *rules,
                                       const struct pl_auction_book *book, bool may_bid,
                                       int64_t time_us, enum pl_auction_event *event);

/* The discount of the solvent leg, or the part of the lower bound paid in the insolvent one. */
int64_t pl_auction_rate_q40(const struct pl_auction *auction, const struct pl_auction_rules *rules,
                            int64_t time_us);

/* The most that may be taken of what is left: Q.40. */
int64_t pl_auction_most_q40(const struct pl_auction *auction, const struct pl_auction_rules *rules,
                            const struct pl_auction_book *book, int64_t time_us);

/* A bid priced: judge the bidder with `fraction_q40` of every position (pl_auction_slice) and of
 * the cash without the proceeds, and with `price` paid, then fill. */
struct pl_auction_quote {
    int64_t fraction_q40;  /* of what is left: the wanted, at most what may be taken */
    int64_t original_q40;  /* the same of the original book */
    int64_t price;         /* the bidder pays; below 0: is paid */
    int64_t from_proceeds; /* what of that payment the account still has from earlier bids; the
                              rest is the fund's, as money it pays out */
    int64_t time_us;
    uint32_t bids; /* the auction's when it was made */
    int64_t mtm, buffer_excess;
};

/* `want_q40`: of what is left (solvent), or of the original book (insolvent), as the cases have it.
 * `price_max`: the bidder's limit (below 0: is to be paid at least that). */
enum pl_auction_reason pl_auction_bid(const struct pl_auction *auction,
                                      const struct pl_auction_rules *rules,
                                      const struct pl_auction_book *book, int64_t want_q40,
                                      int64_t price_max, int64_t time_us,
                                      struct pl_auction_quote *quote);

/* Books it. `bidder_excess`: the bidder's initial excess with the fill, by the judge. The caller
 * moves positions, cash and price; from then on `book` is of what is left, price included. */
enum pl_auction_reason pl_auction_fill(struct pl_auction *auction,
                                       const struct pl_auction_book *book,
                                       const struct pl_auction_quote *quote, bool may_bid,
                                       int64_t bidder_excess, int64_t time_us);

/* The bidder's part of a position or of cash: towards zero, all of it for a fraction of 1. */
int64_t pl_auction_slice(int64_t amount, int64_t fraction_q40);

/* BM: equity - (1 + buffer) (equity - excess), the raised requirement rounded up. */
int64_t pl_auction_buffer_excess(int64_t equity, int64_t maintenance_excess, int64_t buffer_q40,
                                 uint32_t *flags);

#endif

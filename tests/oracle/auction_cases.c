/* Auctions for tests/oracle/auction: commands on stdin, whole numbers of any one unit, Q.40
 * fractions; an answer a line on stdout.
 *
 *   start TIME_US MTM BM LB
 *   bid TIME_US MTM BM LB WANT   -> most rate fraction original price, after filling it
 *   most TIME_US MTM BM          -> most */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "decide/auction.h"

static struct pl_auction auction;

static void must(enum pl_auction_reason reason)
{
    if (reason != PL_AUCTION_OK)
        printf("refused: %s\n", pl_auction_reason(reason));
}

static void bid(const struct pl_auction_rules *rules, const struct pl_auction_book *book,
                int64_t want, int64_t time_us)
{
    struct pl_auction_quote q;
    enum pl_auction_event event;
    int64_t most = pl_auction_most_q40(&auction, rules, book, time_us);
    int64_t rate = pl_auction_rate_q40(&auction, rules, time_us);
    enum pl_auction_reason reason = pl_auction_step(&auction, rules, book, true, time_us, &event);
    if (reason == PL_AUCTION_OK)
        reason = pl_auction_bid(&auction, rules, book, want, INT64_MAX, time_us, &q);
    if (reason == PL_AUCTION_OK)
        reason = pl_auction_fill(&auction, book, &q, true, 0, time_us);
    must(reason);
    if (reason == PL_AUCTION_OK)
        printf("%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", most, rate,
               q.fraction_q40, q.original_q40, q.price);
}

int main(void)
{
    struct pl_auction_rules rules = pl_auction_defaults;
    rules.bid_min = 0;
    rules.rise_q40 = PL_COEFFICIENT_ONE; /* the cases know no reset */
    char line[256], what[8];
    while (fgets(line, sizeof line, stdin) != NULL) {
        struct pl_auction_book book = { 0 };
        int64_t time_us, want = 0;
        int n = sscanf(line, "%7s %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64, what,
                       &time_us, &book.mtm, &book.buffer_excess, &book.lower_bound, &want);
        if (strcmp(what, "start") == 0 && n == 5)
            must(pl_auction_start(&auction, &book, time_us));
        else if (strcmp(what, "bid") == 0 && n == 6)
            bid(&rules, &book, want, time_us);
        else if (strcmp(what, "most") == 0 && n == 4)
            printf("%" PRId64 "\n", pl_auction_most_q40(&auction, &rules, &book, time_us));
        else
            return 1;
    }
    return 0;
}

/* Watched accounts on two devices: the same verdicts after every commit and tick. Included after
 * plain_book.h or random_book.h. */
#ifndef PL_TEST_WATCHED_H
#define PL_TEST_WATCHED_H

#ifndef WATCHED_ACCOUNTS
#define WATCHED_ACCOUNTS 40
#endif
#define WATCHED_POLLS 200000 /* without a verdict, at most */

struct watched {
    struct pl_verdict verdicts[WATCHED_ACCOUNTS];
    size_t count;
    struct pl_tick_summary summary;
    int code;
};

/* All verdicts of the next evaluation; one that was interrupted comes again. */
static UNUSED void watched_take(struct pl *pl, struct watched *w)
{
    bool ended = false;
    memset(w, 0, sizeof *w);
    for (uint32_t polls = 0; !ended && w->code >= 0 && polls < WATCHED_POLLS; polls++) {
        struct pl_verdict unused;
        size_t room = WATCHED_ACCOUNTS - w->count;
        w->code = pl_watched(pl, room > 0 ? w->verdicts + w->count : &unused, room > 0 ? room : 1,
                             &w->summary, &ended);
        w->count += w->code > 0 && room > 0 ? (size_t)w->code : 0;
        if (ended && w->summary.status == PL_STATUS_RESET) {
            ended = false;
            w->count = 0;
        }
    }
    if (!ended && w->code >= 0)
        w->code = -PL_STATUS_TIMEOUT;
}

static UNUSED const char *watched_difference(const struct watched *a, const struct watched *b)
{
    if (a->code < 0 || b->code < 0)
        return a->code == b->code ? NULL : "return code of pl_watched";
    if (a->count != b->count)
        return "number of watched verdicts";
    if (memcmp(a->verdicts, b->verdicts, a->count * sizeof a->verdicts[0]) != 0)
        return "a watched verdict";
    return memcmp(&a->summary, &b->summary, sizeof a->summary) != 0 ? "a watched summary" : NULL;
}

/* Watches some accounts on both handles, then lets prices tick, by commits and otherwise. The book
 * is that of both. Returns what differs, or NULL; *ticks counts evaluations. */
static UNUSED const char *watched_compare(struct book *b, struct book_account *accounts,
                                          struct pl *const pl[2], uint64_t *ticks)
{
    static struct watched w[2];
    struct pl_account list[WATCHED_ACCOUNTS];
    size_t count = 1 + random_below(&b->random, WATCHED_ACCOUNTS);
    for (size_t i = 0; i < count; i++) {
        book_account(b, &accounts[i], (uint8_t)random_within(&b->random, 1, 3), true);
        list[i] = accounts[i].account;
    }
    const struct pl_batch batch = { .accounts = list,
                                    .count = count,
                                    .position_version = random_u64(&b->random),
                                    .filter = (uint8_t)random_below(&b->random, 4) };
    for (int d = 0; d < 2; d++) {
        int code = pl_watch(pl[d], &batch);
        if (code != 0)
            return pl_message(pl[d]);
    }
    for (uint64_t n = 2 + random_below(&b->random, 6); n > 0; n--) {
        bool commits = random_once_in(&b->random, 4);
        int code[2];
        for (uint32_t node = 1; node < b->node_count; node++) {
            struct pl_price *p = &b->nodes[node].words;
            if (random_once_in(&b->random, 3) && p->has_price && p->price.mantissa > 100)
                p->price.mantissa += (int64_t)random_below(&b->random, 21) - 10;
            for (int d = 0; d < 2; d++)
                book_set_node(b, pl[d], node);
        }
        b->now_us += commits ? 1000000 : 0;
        for (int d = 0; d < 2; d++)
            code[d] = commits ? pl_commit(pl[d], b->now_us) : pl_tick(pl[d]);
        if (code[0] != 0 || code[1] != 0)
            return pl_message(pl[code[0] != 0 ? 0 : 1]);
        for (int d = 0; d < 2; d++)
            watched_take(pl[d], &w[d]);
        const char *wrong = watched_difference(&w[0], &w[1]);
        if (wrong != NULL)
            return wrong;
        if (w[0].code < 0) /* units changed: the set is gone on both */
            return NULL;
        (*ticks)++;
    }
    return NULL;
}

#endif

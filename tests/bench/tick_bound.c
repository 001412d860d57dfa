#include "tick_bound.h"

/* Latencies in cycles, and depths, with the module that has them. */
enum {
    ARRIVE = 8, /* sim: a store that has crossed the link, behind the host's word on what it read */
    WINDOW = 9, /* window: W beat to the record at the tables */
    COMMIT = 2, /* commit: a tick taken, decided */
    JOB = 4,    /* commit_steps, pl_row_engine: record to the job of its first instrument */
    WALK = 5,   /* instrument_walk: start of a pass to its first instrument, and to its end */
    ROW = 190,  /* pl_row_engine: job to META, and a cycle for each scenario */
    ROW_MORE = 3,      /* values of a row beside its scenarios: a cycle each */
    ROW_IDLE = 2,      /* pl_row_engine: META to idle_o, commit */
    STORED = 2 + 8,    /* row_store: a word encoded, waiting (WAIT), written */
    CLASHES = 7,       /* row_store: columns without a scenario are written early or late */
    WAIT = 8,          /* row_store: every WAIT cycles at most one read waits for a written word */
    LIVE = 1 + 2,      /* commit, watch_run: live_ready_o, start_o */
    SETTLE = 6,        /* watch_ring: after the host's word on what it has read */
    LINE = 8,          /* distributor: slots a cycle */
    DEALT = 2 + 5 + 3, /* watch_lines, distributor, lane_slots: to the first slot */
    ISSUE = 2,         /* lane: a slot to the read of its row */
    LANE = 17,         /* lane: an account's last row to its last entry */
    BEGUN = 4,   /* lane_slots: slots of an account of the sweep between it and the row's read */
    GROUPS = 32, /* lane: entries on their way to the close, at most */
    CLOSE = 1 + 69 + 2, /* close: close_feeder, OUT_AT, the output's FIFO */
    WAYS = 14,          /* close: scenarios a cycle */
    LINES = 2,          /* collector: of a verdict, one a cycle */
    COLLECT = 2 + 3,    /* collector: verdict_pick, the last verdict's line, and the summary's */
    WRITE = 3 + 4 + 2,  /* write_engine: to the W beat; lines and completions before it */
    LINK = 5,           /* sim: the link's queue, rounding */
    FLIP = 2 + 3,       /* commit_flip: ended to IDLE, table_turns */
    FLIPPED = 30,       /* commit_flip: steps, walks' starts, CLEAN's 8 cycles */
};

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* From the first job of a pass to all its rows in the stores. */
static uint64_t priced(const struct tick_shape *s, uint32_t rows)
{
    return rows == 0 ? 0
                     : ROW + s->scenarios + (uint64_t)(rows - 1) * (s->scenarios + ROW_MORE) +
                           ROW_IDLE + STORED;
}

/* Cycles of `slots` slots in a lane that shares its port with rows that are being written. */
static uint64_t read_slots(const struct tick_shape *s, uint32_t slots, bool writes)
{
    uint32_t rows = slots / s->scenarios + 2;
    return slots + (writes ? slots / (WAIT - 1) + 1 + (uint64_t)CLASHES * rows : 0);
}

/* From live_ready_o to the last line at the link. */
static uint64_t judged(const struct tick_shape *s, bool writes)
{
    uint32_t each = (s->accounts + s->lanes - 1) / s->lanes, slots = each * s->slots;
    uint32_t beats = (s->scenarios + WAYS - 1) / WAYS, least = beats < 3 ? 3 : beats;
    uint32_t lines = LINES * s->lanes;
    uint64_t cycles = LIVE + SETTLE + DEALT + read_slots(s, slots, writes) + ISSUE + LANE;
    /* The first account of the last lane comes a round later, as does any on which a lane waits. */
    cycles += s->lanes * s->slots / LINE + 1;
    /* The account that a lane has begun, and the entries that its close still has. */
    if (s->swept > 0)
        cycles += BEGUN + read_slots(s, s->swept, writes) +
                  (uint64_t)least * (GROUPS + s->swept_rows + each * s->groups);
    else
        cycles += (uint64_t)least * s->groups;
    /* The verdicts of the last account of each lane, and what does not leave while they are read.
     */
    cycles += CLOSE + COLLECT + lines;
    if (lines > s->slots)
        cycles += (uint64_t)(each - 1) * (lines - s->slots);
    return cycles + WRITE;
}

uint64_t tick_bound(struct tick_bound *b, uint64_t start, struct tick_rows rows)
{
    const struct tick_shape *s = &b->shape;
    uint64_t half = s->round_trip / 2, spread = s->round_trip / 8;
    uint64_t arrived = start + half + ARRIVE + WINDOW;
    uint64_t flip = b->changed > 0 ? FLIPPED + b->changed : 0;
    uint64_t taken = later(arrived, b->committed + flip);
    uint32_t all = rows.held + rows.others, most = 3 * s->ticking + 5 * s->expiries;
    uint64_t live = taken + COMMIT + JOB + WALK + all + priced(s, rows.held) + ROW_IDLE;
    b->others = rows.others > 0 ? WALK + all + priced(s, rows.others) : 0;
    b->changed += 2 * all + 1;
    if (b->changed > most)
        b->changed = most;
    return live + judged(s, rows.others > 0) + LINK + half + spread + s->seen;
}

void tick_seen(struct tick_bound *b, uint64_t last)
{
    const struct tick_shape *s = &b->shape;
    uint64_t left = last - s->round_trip / 2; /* the card */
    uint64_t live = left - s->accounts / s->lanes * s->slots - LANE - CLOSE;
    b->committed = later(left, live + b->others) + FLIP;
}

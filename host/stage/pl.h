/* The handle behind plimsoll.h, for the files of this room and for `plimsoll explain`. */
#ifndef PL_STAGE_PL_H
#define PL_STAGE_PL_H

#include "stage.h"

struct pl_guard;

struct pl {
    const struct pl_dev_ops *ops;
    struct pl_dev *dev;
    struct pl_stage stage;
    uint64_t *slots; /* of the submission under way */
    size_t slot_capacity;
    uint64_t position_version;
    bool watching; /* the device holds a watched set */
    uint64_t watch_version;
    struct pl_guard *guard; /* NULL: no budgets are kept */
    uint32_t guarded;       /* accounts */
    uint64_t *guard_slots;  /* of the account in hand */
    size_t guard_slot_capacity;
    char message[PL_MESSAGE_BYTES];
};

/* Keeps the message and returns the code. */
__attribute__((format(printf, 3, 4))) int pl_fail(struct pl *pl, int code, const char *format, ...);
/* Makes sure that an error has a message. */
int pl_told(struct pl *pl, int code, const char *doing);

/* Loads the device with the layout in its present units. */
int pl_load_device(struct pl *pl);

/* Tells the guard, if there is one, the records of a load, or of a tick that the device took. */
int pl_budget_load(struct pl *pl, const struct pl_line *records, size_t count);
int pl_budget_tick(struct pl *pl, const struct pl_line *records, size_t count);
void pl_budget_end(struct pl *pl);

/* Writes the slots of a batch, END included, into pl->slots. */
int pl_stage_batch(struct pl *pl, const struct pl_batch *batch, size_t *used);

#endif

/* The handle behind plimsoll.h, for the files of this room and for `plimsoll explain`. */
#ifndef PL_STAGE_PL_H
#define PL_STAGE_PL_H

#include "stage.h"

struct pl {
    const struct pl_dev_ops *ops;
    struct pl_dev *dev;
    struct pl_stage stage;
    uint64_t *slots; /* of the submission under way */
    size_t slot_capacity;
    uint64_t position_version;
    char message[PL_MESSAGE_BYTES];
};

#endif

/* Inside vfio-pci: see vfio.h. */
#ifndef PL_VFIO_STATE_H
#define PL_VFIO_STATE_H

#include "iova.h"
#include "user/mapped.h"
#include "vfio.h"

#define PL_VFIO_REFUSAL_BYTES 512

/* Memory lent to the card. */
struct pl_vfio_block {
    struct pl_iova_block iova; /* first: the list of a struct pl_iova_space is of these */
    void *memory;
};

struct pl_vfio {
    struct pl_mapped mapped; /* first: the context of the bus */
    char address[32];
    char *message; /* while it is being opened */
    int container, group, device;
    bool attached; /* the group is in the container */
    bool can_reset, is_master;
    uint64_t config_offset; /* of the configuration space in `device` */
    struct pl_iova_space space;
    char refusal[PL_VFIO_REFUSAL_BYTES]; /* why memory was not lent last; "" */
    int refusal_code;
};

/* vfio_device.c */
int pl_vfio_map_device(struct pl_vfio *v, const struct pl_vfio_options *options);
void pl_vfio_unmap_device(struct pl_vfio *v);
/* Bus mastering off, then a reset. */
void pl_vfio_stop_device(struct pl_vfio *v);
int pl_vfio_set_master(struct pl_vfio *v, bool on);

/* vfio_memory.c */
int pl_vfio_read_space(struct pl_vfio *v);
void *pl_vfio_lend(void *context, size_t bytes, uint32_t access, uint64_t *address);
void pl_vfio_take_back(void *context, void *memory);
void pl_vfio_take_back_all(struct pl_vfio *v);
const char *pl_vfio_refusal(void *context, int *code);

#endif

/* Intel VT-d, legacy mode: the address that a device sends -> guest physical address, by a walk of
 * the tables in guest memory. Nothing is cached, so an invalidation has nothing to do.
 * Source: Intel Virtualization Technology for Directed I/O, order number D51397, chapters 3, 9. */
#ifndef PL_QEMU_VTD_H
#define PL_QEMU_VTD_H

#include "guest_memory.h"

/* Registers of QEMU's intel-iommu and the bits used of them. */
#define VTD_GLOBAL_STATUS UINT64_C(0xfed9001c)
#define VTD_TRANSLATION_ENABLED (UINT32_C(1) << 31)
#define VTD_ROOT_TABLE UINT64_C(0xfed90020)

enum vtd_access { VTD_READ = 1, VTD_WRITE = 2 };

/* Fault reasons, with the numbers of the specification. */
enum vtd_fault {
    VTD_OK = 0,
    VTD_ROOT_NOT_PRESENT = 1,
    VTD_CONTEXT_NOT_PRESENT = 2,
    VTD_CONTEXT_INVALID = 3,
    VTD_ADDRESS_TOO_WIDE = 4,
    VTD_NOT_WRITABLE = 5,
    VTD_NOT_READABLE = 6,
    VTD_NEXT_TABLE = 7,    /* of pages: no memory there */
    VTD_ROOT_TABLE_AT = 8, /* no memory there, or not in legacy mode */
    VTD_CONTEXT_TABLE = 9, /* no memory there */
};

/* `root` is the register VTD_ROOT_TABLE, `requester` bus << 8 | device << 3 | function. */
enum vtd_fault vtd_translate(const struct guest_memory *memory, uint64_t root, uint16_t requester,
                             uint64_t address, enum vtd_access access, uint64_t *gpa);

const char *vtd_fault_text(enum vtd_fault fault);

#endif

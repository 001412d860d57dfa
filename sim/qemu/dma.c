#include "dma.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "launch.h"

#define LINE 64
#define TOLD_MAX 8 /* refusals told one by one */

enum question { ASK_STATUS, ASK_ROOT, QUESTIONS };
#define TAG(generation, question) (DMA_TAG | (uint64_t)(generation) << 8 | (question))

static void tell(const struct dma *dma, const char *what, uint64_t address, const char *why)
{
    uint64_t refused = dma->refused_by_iommu + dma->refused_not_master + dma->refused_no_memory;
    if (refused <= TOLD_MAX)
        fprintf(stderr, "plimsoll-qemu: DMA %s of %" PRIx64 " is refused: %s%s\n", what, address,
                why, refused == TOLD_MAX ? "; further ones are counted only" : "");
}

/* Beyond any memory of a guest, within what VT-d takes. */
#define WRONG_ADDRESS (UINT64_C(1) << 38)

/* Guest memory behind an address of the card, or NULL: *posted says whether a write is lost without
 * an error response. */
static void *find(struct dma *dma, uint64_t address, enum vtd_access access, bool *posted)
{
    const char *what = access == VTD_WRITE ? "write" : "read";
    enum fault fault_now = faults_line(&dma->faults);
    *posted = access == VTD_WRITE;
    if (fault_now == FAULT_ERROR) {
        *posted = false;
        return NULL;
    }
    address ^= fault_now == FAULT_ADDRESS ? WRONG_ADDRESS : 0;
    uint64_t gpa = address;
    if (!dma->bus_master || !dma_is_known(dma)) {
        dma->refused_not_master++;
        tell(dma, what, address, "the card is not bus master");
        *posted = false;
        return NULL;
    }
    if (dma->iommu == DMA_IOMMU_ON) {
        enum vtd_fault fault =
            vtd_translate(&dma->memory, dma->root, LAUNCH_REQUESTER, address, access, &gpa);
        if (fault != VTD_OK) {
            char why[96];
            dma->refused_by_iommu++;
            snprintf(why, sizeof why, "the IOMMU has %s (fault reason %d)", vtd_fault_text(fault),
                     (int)fault);
            tell(dma, what, address, why);
            return NULL;
        }
    }
    void *at = guest_memory_at(&dma->memory, gpa, LINE);
    if (at == NULL) {
        dma->refused_no_memory++;
        tell(dma, what, gpa, "there is no memory");
    }
    return at;
}

static int read_line(void *context, uint64_t address, void *line)
{
    struct dma *dma = context;
    bool posted;
    const void *from = find(dma, address, VTD_READ, &posted);
    if (from == NULL)
        return -1;
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    memcpy(line, from, LINE);
    dma->read_lines++;
    return 0;
}

/* The guest runs meanwhile: the first word, which it looks at, is written last. */
static int write_line(void *context, uint64_t address, const void *line)
{
    struct dma *dma = context;
    bool posted;
    uint64_t *to = find(dma, address, VTD_WRITE, &posted), first;
    if (to == NULL)
        return posted ? 0 : -1;
    memcpy(&first, line, sizeof first);
    memcpy(to + 1, (const char *)line + sizeof first, LINE - sizeof first);
    __atomic_store_n(to, first, __ATOMIC_RELEASE);
    dma->written_lines++;
    return 0;
}

struct pl_sim_host dma_host(struct dma *dma)
{
    return (struct pl_sim_host){ dma, read_line, write_line };
}

int dma_set_bus_master(struct dma *dma, bool bus_master, struct qtest *qtest)
{
    static const struct {
        uint64_t address;
        unsigned bytes;
    } questions[QUESTIONS] = {
        [ASK_STATUS] = { VTD_GLOBAL_STATUS, 4 }, [ASK_ROOT] = { VTD_ROOT_TABLE, 8 }
    };
    if (bus_master == dma->bus_master)
        return 0;
    dma->bus_master = bus_master;
    dma->iommu = DMA_IOMMU_UNKNOWN;
    dma->generation++;
    dma->questions = bus_master ? QUESTIONS : 0;
    for (unsigned n = 0; bus_master && n < QUESTIONS; n++) {
        int error =
            qtest_read(qtest, questions[n].address, questions[n].bytes, TAG(dma->generation, n));
        if (error != 0)
            return error;
    }
    return 0;
}

bool dma_is_known(const struct dma *dma)
{
    return dma->questions == 0;
}

void dma_answer(struct dma *dma, const struct qtest_answer *answer)
{
    enum question question = (enum question)(answer->tag & 0xff);
    if (answer->tag != TAG(dma->generation, question) || dma->questions == 0)
        return;
    dma->questions--;
    if (question == ASK_STATUS)
        dma->iommu = (answer->value & VTD_TRANSLATION_ENABLED) != 0 ? DMA_IOMMU_ON : DMA_IOMMU_OFF;
    else
        dma->root = answer->value;
}

/* What the host and the kernels pass each other besides the contract's records. Read as C and as
 * OpenCL C, behind the contract's header in both. */
#ifndef PL_OPENCL_LAYOUT_H
#define PL_OPENCL_LAYOUT_H

/* A row that a commit prices. */
struct pl_ocl_change {
    uint64_t vol; /* of the frozen tick */
    uint32_t instrument;
    uint8_t vol_flags, vol_kind; /* kind 0: it has no vol yet */
    uint16_t reserved0;
};

/* A value that leaves the pipeline has its PL_PRICE_* flags from this bit on. */
#define PL_OCL_FLAGS_SHIFT 56

/* A price and its Greeks: words of 64 bits. */
enum pl_ocl_greek { PL_OCL_DELTA, PL_OCL_GAMMA, PL_OCL_VEGA, PL_OCL_THETA, PL_OCL_RHO };
#define PL_OCL_VALUE 0 /* with its flags */
#define PL_OCL_M 1     /* and enum pl_ocl_greek: as struct pl_real has it */
#define PL_OCL_E 6
#define PL_OCL_GREEK_WORDS 11

/* Of an underlying, what a commit may change, and what the quick close asks of it. */
struct pl_ocl_underlying {
    int64_t im_loss_factor;
    uint32_t quick;
    uint32_t reserved0;
};

/* What a sweep says of an account: a byte each, and a finding of those at or above the filter. */
enum pl_ocl_answer { PL_OCL_NOT_QUICK = 255 }; /* otherwise enum pl_state */

struct pl_ocl_finding {
    uint32_t account; /* of the piece */
    uint16_t worst_underlying;
    uint8_t worst_scenario;
    uint8_t reserved0;
    int64_t equity, maintenance_excess, initial_excess, worst_loss;
    int64_t greeks[5];
};

#endif

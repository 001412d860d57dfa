#include "source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/arith.h"
#include "model/pl_tables.h"
#include "model/pricing.h"
#include "model/row.h"
#include "model/sums.h"
#include "pl_abi.h"

#define OCTAVES 8

struct table {
    const char *name;
    const void *words;
    size_t bytes;
};

static const struct table full[] = {
    { "ROM_RECIP", pl_full_recip, sizeof pl_full_recip },
    { "ROM_LN", pl_full_ln, sizeof pl_full_ln },
    { "ROM_NEAR", pl_full_near, sizeof pl_full_near },
    { "ROM_EXP2", pl_full_exp2, sizeof pl_full_exp2 },
    { "ROM_MILLS", pl_full_mills, sizeof pl_full_mills },
};

static const struct table small[] = {
    { "ROM_RECIP", pl_small_recip, sizeof pl_small_recip },
    { "ROM_LN", pl_small_ln, sizeof pl_small_ln },
    { "ROM_NEAR", pl_small_near, sizeof pl_small_near },
    { "ROM_EXP2", pl_small_exp2, sizeof pl_small_exp2 },
    { "ROM_MILLS", pl_small_mills, sizeof pl_small_mills },
};

#define TABLES (sizeof full / sizeof full[0])

/* Behind the tables: first row * 256 + bits of the index, by octave of Mills' ratio. */
static void fill_octaves(uint64_t out[OCTAVES])
{
    static const uint8_t index_bits[OCTAVES] = PL_MILLS_INDEX_BITS;
    static const uint16_t first_row[OCTAVES] = PL_MILLS_FIRST_ROW;
    for (int i = 0; i < OCTAVES; i++)
        out[i] = (uint64_t)first_row[i] << 8 | index_bits[i];
}

static const struct table *tables_of(uint8_t profile)
{
    return profile == PL_PROFILE_SMALL ? small : full;
}

uint64_t *pl_ocl_rom(uint8_t profile, size_t *words)
{
    const struct table *tables = tables_of(profile);
    size_t count = OCTAVES, at = 0;
    for (size_t i = 0; i < TABLES; i++)
        count += tables[i].bytes / sizeof(uint64_t);
    uint64_t *rom = malloc(count * sizeof *rom);
    if (rom == NULL)
        return NULL;
    for (size_t i = 0; i < TABLES; i++) {
        memcpy(rom + at, tables[i].words, tables[i].bytes);
        at += tables[i].bytes / sizeof *rom;
    }
    fill_octaves(rom + at);
    *words = count;
    return rom;
}

static void number(FILE *f, const char *name, int64_t value)
{
    fprintf(f, value < 0 ? "#define %s (%" PRId64 ")\n" : "#define %s %" PRId64 "\n", name, value);
}

static void word(FILE *f, const char *name, uint64_t value)
{
    fprintf(f, "#define %s 0x%" PRIx64 "UL\n", name, value);
}

/* What the contract's header expects of <stdint.h>. */
static void print_types(FILE *f)
{
    fputs("typedef uchar uint8_t;\ntypedef char int8_t;\ntypedef ushort uint16_t;\n"
          "typedef short int16_t;\ntypedef uint uint32_t;\ntypedef int int32_t;\n"
          "typedef ulong uint64_t;\ntypedef long int64_t;\n"
          "#define UINT32_C(x) x##U\n#define UINT64_C(x) x##UL\n#define INT64_C(x) x##L\n",
          f);
}

static void print_rom(FILE *f, uint8_t profile)
{
    const struct table *tables = tables_of(profile);
    size_t at = 0;
    for (size_t i = 0; i < TABLES; i++) {
        number(f, tables[i].name, (int64_t)at);
        at += tables[i].bytes / sizeof(uint64_t);
    }
    number(f, "ROM_OCTAVES", (int64_t)at);
}

/* The largest coefficient of a level. */
static uint64_t largest(uint8_t profile, uint32_t coefficients, uint32_t level)
{
    const struct table *tables = tables_of(profile);
    uint64_t most = 0;
    for (size_t i = 0; i < TABLES; i++) {
        const uint64_t *words = tables[i].words;
        for (size_t w = level; w < tables[i].bytes / sizeof *words; w += coefficients)
            most = words[w] > most ? words[w] : most;
    }
    return most;
}

/* Of each step of the polynomials: the mask of t, its bits, and whether one 32-bit multiply does.
 */
static void print_steps(FILE *f, uint8_t profile, const struct pl_arith *a)
{
    char name[20];                                              /* "T_MASK_" and any number */
    uint64_t most = largest(profile, a->degree + 1, a->degree); /* of what is multiplied */
    for (uint32_t n = a->degree; n-- > 0;) {
        const uint32_t bits = a->r - (uint32_t)__builtin_ctzll(a->t_mask[n]);
        snprintf(name, sizeof name, "T_MASK_%" PRIu32, n);
        word(f, name, a->t_mask[n]);
        snprintf(name, sizeof name, "BITS_%" PRIu32, n);
        number(f, name, bits);
        snprintf(name, sizeof name, "SHORT_%" PRIu32, n);
        number(f, name, bits <= 32 && most >> 32 == 0);
        most += largest(profile, a->degree + 1, n);
    }
}

static void print_arithmetic(FILE *f, uint8_t profile, const struct pl_arith *a)
{
    number(f, "W", a->w);
    number(f, "R", a->r);
    number(f, "FB", a->fb);
    number(f, "XB", a->w - PL_Z_INTEGER_BITS);
    number(f, "DEGREE", a->degree);
    number(f, "VALUE_BITS", a->value_bits);
    word(f, "LN2", a->ln2);
    word(f, "HALF_LOG2E", a->half_log2e);
    word(f, "LOG2_SQRT_2PI", a->log2_sqrt_2pi);
    print_steps(f, profile, a);
    number(f, "RECIP_INDEX_BITS", PL_RECIP_INDEX_BITS);
    number(f, "LN_INDEX_BITS", PL_LN_INDEX_BITS);
    number(f, "NEAR_INDEX_BITS", PL_NEAR_INDEX_BITS);
    number(f, "EXP2_INDEX_BITS", PL_EXP2_INDEX_BITS);
    number(f, "NEAR_LOG2_RANGE", PL_NEAR_LOG2_RANGE);
    number(f, "FRACTION_BITS", PL_FRACTION_BITS);
    number(f, "Z_INTEGER_BITS", PL_Z_INTEGER_BITS);
    number(f, "VOL_TOTAL_E_MAX", PL_VOL_TOTAL_E_MAX);
    number(f, "EXPIRY_E_MAX", PL_EXPIRY_E_MAX);
    number(f, "VOL_FRACTION_BITS", PL_VOL_FRACTION_BITS);
    number(f, "RATE_FRACTION_BITS", PL_RATE_FRACTION_BITS);
    number(f, "PL_REAL_BITS", PL_REAL_BITS);
    number(f, "PRICE_DOMAIN", PL_PRICE_DOMAIN);
    number(f, "PRICE_SATURATED", PL_PRICE_SATURATED);
}

static void print_row(FILE *f, uint8_t profile)
{
#define WORD(name, field) number(f, name, offsetof(struct pl_row, field) / sizeof(uint64_t))
    WORD("ROW_BASE", base);
    WORD("ROW_BASIS_UP", basis_up);
    WORD("ROW_BASIS_DOWN", basis_down);
    WORD("ROW_DELTA", delta);
    WORD("ROW_GAMMA", gamma);
    WORD("ROW_VEGA", vega);
    WORD("ROW_THETA", theta);
    WORD("ROW_RHO", rho);
    WORD("ROW_MM_LONG", mm_long);
    WORD("ROW_MM_SHORT", mm_short);
    WORD("ROW_IM_LONG", im_long);
    WORD("ROW_IM_SHORT", im_short);
    WORD("ROW_FEE", fee);
    WORD("ROW_GROSS", gross);
    WORD("ROW_SCENARIO", scenario);
#undef WORD
    number(f, "ROW_WORDS", sizeof(struct pl_row) / sizeof(uint64_t));
    number(f, "ROW_FLAGS_BIT", 8 * offsetof(struct pl_row, flags));
    number(f, "ROW_KIND_BIT", 8 * offsetof(struct pl_row, row));
    number(f, "ROW_EXPIRY_BIT", 8 * offsetof(struct pl_row, expiry));
    number(f, "ROW_BITS", pl_row_bits(profile));
    number(f, "ONE_HUNDREDTH_M", PL_ROW_HUNDREDTH_M);
    number(f, "ONE_HUNDREDTH_E", PL_ROW_HUNDREDTH_E);
    number(f, "ONE_DAY_M", PL_ROW_DAY_M);
    number(f, "ONE_DAY_E", PL_ROW_DAY_E);
    number(f, "WORST_BASIS", PL_WORST_BASIS);
    number(f, "WORST_NONE", PL_WORST_NONE);
}

char *pl_ocl_source(uint8_t profile, unsigned lanes)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    if (f == NULL)
        return NULL;
    number(f, "LANES", lanes);
    number(f, "WIDE", lanes < 4 ? 4 : lanes);
    print_types(f);
    print_rom(f, profile);
    print_arithmetic(f, profile, profile == PL_PROFILE_SMALL ? &pl_arith_small : &pl_arith_full);
    print_row(f, profile);
    fputs(pl_ocl_kernels, f);
    bool bad = ferror(f) != 0;
    if (fclose(f) != 0 || bad) {
        free(text);
        return NULL;
    }
    return text;
}

#include "cover.h"

#include "model/money.h"

#define ONE PL_COEFFICIENT_ONE
#define NEAR 1024                    /* what counts as 0: 1e-9 */
#define PIVOT_MIN (INT64_C(1) << 20) /* 1e-6 of the largest relief */
#define CELL_MAX (INT64_C(1) << 61)
#define NO_COLUMN UINT32_MAX

static int64_t product(int64_t a, int64_t b, bool *good)
{
    const pl_i128 wide = (pl_i128)a * b >> PL_COEFFICIENT_BITS;
    const int64_t narrow = (int64_t)wide;
    *good &= (narrow == wide) & ((uint64_t)(narrow + CELL_MAX) < 2 * (uint64_t)CELL_MAX);
    return narrow;
}

/* a / b, b != 0 */
static int64_t quotient(int64_t a, int64_t b, bool *good)
{
    pl_i128 wide = (pl_i128)a * ONE / b;
    *good &= wide < CELL_MAX && wide > -CELL_MAX;
    return (int64_t)wide;
}

/* Bits of the largest magnitude. */
static int bits_of(const int64_t *values, uint32_t count)
{
    uint64_t all = 1;
    for (uint32_t i = 0; i < count; i++)
        all |= pl_abs_u64(values[i]);
    return (int)pl_bit_length(all);
}

/* value / 2^bits in Q.40, limited to +-2^20. */
static int64_t scaled(int64_t value, int bits)
{
    const int64_t limit = INT64_C(1) << 60;
    pl_i128 wide = ((pl_i128)value * ONE) >> bits;
    return wide > limit ? limit : wide < -limit ? -limit : (int64_t)wide;
}

void pl_cover_start(struct pl_cover *c, const int64_t *costs, uint32_t columns)
{
    int bits = bits_of(costs, columns);
    c->columns = columns;
    c->rows = 0;
    for (uint32_t j = 0; j < columns; j++) {
        c->cost[j] = scaled(costs[j], bits);
        c->variable[j] = j;
        c->turned[j] = false;
    }
}

static bool is_bounded(const struct pl_cover *c, uint32_t variable)
{
    return variable < c->columns; /* slacks of needs have no upper bound */
}

/* A column's variable x becomes 1 - x. */
static void turn_column(struct pl_cover *c, uint32_t column)
{
    for (uint32_t r = 0; r < c->rows; r++) {
        c->value[r] += c->cell[r][column];
        c->cell[r][column] = -c->cell[r][column];
    }
    c->cost[column] = -c->cost[column];
    c->turned[c->variable[column]] = !c->turned[c->variable[column]];
}

static void turn_row(struct pl_cover *c, uint32_t row)
{
    c->value[row] = ONE - c->value[row];
    for (uint32_t j = 0; j < c->columns; j++)
        c->cell[row][j] = -c->cell[row][j];
    c->turned[c->basic[row]] = !c->turned[c->basic[row]];
}

/* The row that is furthest outside its bounds, turned so that it is below 0; rows: none. */
static uint32_t leaving_row(struct pl_cover *c)
{
    uint32_t worst = c->rows;
    int64_t least = -NEAR;
    for (uint32_t r = 0; r < c->rows; r++) {
        int64_t below = c->value[r];
        if (is_bounded(c, c->basic[r]))
            below = pl_min64(below, ONE - c->value[r]);
        if (below < least) {
            least = below;
            worst = r;
        }
    }
    if (worst < c->rows && c->value[worst] > 0)
        turn_row(c, worst);
    return worst;
}

/* Columns that raise the row; those whose cost is below 0 are turned already. */
static uint32_t raising_columns(const struct pl_cover *c, uint32_t row,
                                uint16_t out[PL_COVER_COLUMNS_MAX])
{
    const int64_t *cells = c->cell[row];
    uint32_t count = 0;
    for (uint32_t j = 0; j < c->columns; j++) {
        out[count] = (uint16_t)j;
        count += cells[j] >= PIVOT_MIN && c->cost[j] >= 0;
    }
    return count;
}

/* Of those, by its place, the one that does it at the least cost; ties by the lower variable. */
static uint32_t cheapest(const struct pl_cover *c, uint32_t row, const uint16_t *columns,
                         uint32_t count)
{
    const int64_t *cells = c->cell[row];
    uint32_t best = 0;
    int64_t cost = c->cost[columns[0]], cell = cells[columns[0]];
    for (uint32_t i = 1; i < count; i++) {
        const uint32_t j = columns[i];
        const pl_i128 a = (pl_i128)c->cost[j] * cell, b = (pl_i128)cost * cells[j];
        if (a < b || (a == b && c->variable[j] < c->variable[columns[best]])) {
            best = i;
            cost = c->cost[j];
            cell = cells[j];
        }
    }
    return best;
}

/* Cheap columns go to their upper bound as long as the row stays below 0. The one that is to enter;
 * NO_COLUMN: none raises it any more. */
static uint32_t entering_column(struct pl_cover *c, uint32_t row)
{
    uint16_t columns[PL_COVER_COLUMNS_MAX];
    uint32_t count = raising_columns(c, row, columns);
    while (count > 0) {
        const uint32_t place = cheapest(c, row, columns, count), column = columns[place];
        if (!is_bounded(c, c->variable[column]) || c->value[row] + c->cell[row][column] >= 0)
            return column;
        turn_column(c, column); /* raises no more; the others stay as they are */
        columns[place] = columns[--count];
    }
    return NO_COLUMN;
}

static bool pivot(struct pl_cover *c, uint32_t row, uint32_t column)
{
    bool good = true;
    int64_t a = c->cell[row][column], *cells = c->cell[row], factor;
    uint32_t entering = c->variable[column];
    int64_t inverse = quotient(ONE, a, &good);
    c->value[row] = -quotient(c->value[row], a, &good);
    for (uint32_t j = 0; j < c->columns; j++)
        cells[j] = j == column ? inverse : -product(cells[j], inverse, &good);
    for (uint32_t r = 0; r < c->rows; r++) {
        if (r == row || (factor = c->cell[r][column]) == 0)
            continue;
        c->value[r] += product(factor, c->value[row], &good);
        for (uint32_t j = 0; j < c->columns; j++)
            c->cell[r][j] = (j == column ? 0 : c->cell[r][j]) + product(factor, cells[j], &good);
    }
    factor = c->cost[column];
    for (uint32_t j = 0; j < c->columns; j++) {
        int64_t cost = (j == column ? 0 : c->cost[j]) + product(factor, cells[j], &good);
        c->cost[j] = pl_max64(cost, 0); /* below 0 by a rounding only */
    }
    c->variable[column] = c->basic[row];
    c->basic[row] = entering;
    return good;
}

static bool solve(struct pl_cover *c)
{
    for (int n = 0; n < PL_COVER_PIVOTS_MAX; n++) {
        const uint32_t row = leaving_row(c);
        if (row == c->rows)
            return true;
        const uint32_t column = entering_column(c, row);
        if (column == NO_COLUMN || !pivot(c, row, column))
            return false;
    }
    return false;
}

bool pl_cover_need(struct pl_cover *c, const int64_t *reliefs, int64_t need)
{
    if (c->rows == PL_COVER_ROWS_MAX)
        return false;
    if (c->rows == 0)
        c->bits = bits_of(reliefs, c->columns);
    uint32_t row = c->rows++;
    int64_t *cells = c->cell[row];
    bool good = true;
    c->basic[row] = c->columns + row;
    c->value[row] = -scaled(need, c->bits);
    for (uint32_t j = 0; j < c->columns; j++)
        cells[j] = 0;
    for (uint32_t j = 0; j < c->columns; j++) {
        if (!is_bounded(c, c->variable[j]))
            continue;
        int64_t relief = scaled(reliefs[c->variable[j]], c->bits);
        c->value[row] += c->turned[c->variable[j]] ? relief : 0;
        cells[j] += c->turned[c->variable[j]] ? -relief : relief;
    }
    for (uint32_t r = 0; r < row; r++) {
        if (!is_bounded(c, c->basic[r]))
            continue;
        bool turned = c->turned[c->basic[r]];
        int64_t relief = scaled(reliefs[c->basic[r]], c->bits);
        c->value[row] += turned ? relief : 0;
        relief = turned ? -relief : relief;
        c->value[row] += product(relief, c->value[r], &good);
        for (uint32_t j = 0; j < c->columns; j++)
            cells[j] += product(relief, c->cell[r][j], &good);
    }
    return good && solve(c);
}

int64_t pl_cover_share_q40(const struct pl_cover *c, uint32_t column)
{
    int64_t share = 0;
    for (uint32_t r = 0; r < c->rows; r++) {
        if (c->basic[r] == column)
            share = pl_max64(0, pl_min64(ONE, c->value[r]));
    }
    return c->turned[column] ? ONE - share : share;
}

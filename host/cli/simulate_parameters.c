/* Widths and haircuts that follow volatility: what options show goes to the venue, what the venue
 * says of widths and haircuts into the model, and the model into the device. They only ever raise
 * what the book's model has. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "decide/rule.h"
#include "feed/text_error.h"
#include "simulate.h"

#define DIGITS 13 /* of a coefficient: it is read again as it was */

static void add_coefficient(struct pl_buffer *out, const char *key, int64_t value_q40)
{
    uint64_t scale = 1;
    for (int d = 0; d < DIGITS; d++)
        scale *= 10;
    const uint64_t scaled = (uint64_t)(((pl_u128)(uint64_t)value_q40 * scale +
                                        ((pl_u128)1 << (PL_COEFFICIENT_BITS - 1))) >>
                                       PL_COEFFICIENT_BITS);
    pl_buffer_add(out, "\"%s\": %" PRIu64 ".%0*" PRIu64, key, scaled / scale, DIGITS,
                  scaled % scale);
}

/* The book's model with `raised` in front. */
static struct pl_buffer raised_model(const struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    struct pl_buffer out = { 0 };
    pl_buffer_add(&out, "{\"raised\": {");
    for (uint32_t u = 0; u < book->underlying_count; u++) {
        pl_buffer_add(&out, "%s", u > 0 ? ", " : "");
        pl_buffer_add_json(&out, book->underlyings[u].name);
        pl_buffer_add(&out, ": {");
        add_coefficient(&out, "width", s->raised[u].width_q40);
        pl_buffer_add(&out, ", ");
        add_coefficient(&out, "haircut", s->raised[u].haircut_q40);
        pl_buffer_add(&out, "}");
    }
    pl_buffer_add(&out, "},");
    const char *own = strchr(s->session->model_text, '{') + 1; /* an object: it was read */
    pl_buffer_add_bytes(&out, own, strlen(own));
    return out;
}

static int refuse_memory(void)
{
    pl_complain("out of memory");
    return -ENOMEM;
}

/* With the most that may come. */
static int check_model(struct pl_simulation *s, struct pl_text_error *error)
{
    struct pl_model_spec *model = NULL;
    for (uint32_t u = 0; u < s->session->book->underlying_count; u++)
        s->raised[u] =
            (struct pl_simulated_raise){ s->rules.width.ceiling_q40, s->rules.haircut.ceiling_q40 };
    struct pl_buffer text = raised_model(s);
    int result = text.failed
                     ? -ENOMEM
                     : pl_model_spec_parse(s->session->model_path, text.data, &model, error);
    if (error->count > 0)
        pl_complain("volatility.follow: this model cannot follow volatility:\n%s", error->text);
    pl_model_spec_free(model);
    pl_buffer_free(&text);
    memset(s->raised, 0, s->session->book->underlying_count * sizeof *s->raised);
    return result;
}

int pl_simulation_open_parameters(struct pl_simulation *s)
{
    struct pl_text_error *error = calloc(1, sizeof *error);
    s->raised = calloc((size_t)s->session->book->underlying_count + 1, sizeof *s->raised);
    int result = s->raised == NULL || error == NULL ? -ENOMEM : 0;
    if (result == 0 && s->follow)
        result = check_model(s, error);
    free(error);
    return result;
}

/* An option that is priced now, at least a day before its expiry; what it is from the money, in
 * 1e-8. */
static bool is_quoted(const struct pl_simulation *s, const struct pl_book_instrument *i,
                      int64_t *away_e8)
{
    const struct pl_price *own = &s->session->prices[i->node];
    const struct pl_price *forward = &s->session->prices[i->forward];
    int64_t strike_e8, forward_e8;
    if (i->kind != PL_KIND_OPTION || i->expiry_us < s->now_us + PL_DAY_US || !own->has_vol ||
        own->vol.mantissa <= 0 || !forward->has_price ||
        s->now_us - own->time_us > s->rules.volatility.implied_age_max_us ||
        pl_decimal_scale(i->strike, PL_MONEY_DECIMALS, 0, &strike_e8) != 0 ||
        pl_decimal_scale(forward->price, PL_MONEY_DECIMALS, 0, &forward_e8) != 0)
        return false;
    *away_e8 = strike_e8 > forward_e8 ? strike_e8 - forward_e8 : forward_e8 - strike_e8;
    return true;
}

void pl_simulation_imply(struct pl_simulation *s)
{
    const struct pl_book *book = s->session->book;
    for (uint32_t u = 0; u < book->underlying_count && s->follow; u++) {
        struct pl_venue_input in = { .kind = PL_VENUE_IMPLIED, .account = u };
        const struct pl_book_instrument *best = NULL;
        int64_t away_e8, least_e8 = 0;
        for (uint32_t i = 0; i < book->instrument_count; i++) {
            const struct pl_book_instrument *x = &book->instruments[i];
            if (x->underlying != u || !is_quoted(s, x, &away_e8) ||
                (best != NULL && (x->expiry_us > best->expiry_us ||
                                  (x->expiry_us == best->expiry_us && away_e8 >= least_e8))))
                continue;
            best = x;
            least_e8 = away_e8;
        }
        if (best != NULL && pl_decimal_scale(s->session->prices[best->node].vol, 0,
                                             PL_COEFFICIENT_BITS, &in.as.number.value_q40) == 0)
            pl_simulation_apply(s, &in);
    }
}

int pl_simulation_follow(struct pl_simulation *s)
{
    bool moved = false;
    for (uint32_t u = 0; u < s->session->book->underlying_count && s->follow; u++) {
        const struct pl_simulated_raise now = { pl_venue_width(s->venue, u),
                                                pl_venue_haircut(s->venue, u) };
        moved |= memcmp(&s->raised[u], &now, sizeof now) != 0;
        s->raised[u] = now;
    }
    if (!moved)
        return 0;
    struct pl_buffer text = raised_model(s);
    int error = text.failed ? refuse_memory() : pl_session_change_model(s->session, text.data);
    error = error != 0 ? error : pl_session_change_model(s->planner, text.data);
    pl_buffer_free(&text);
    s->so_far.models_loaded++;
    return error;
}

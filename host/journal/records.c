#include "records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

#define INSTRUMENT_BYTES_MIN (3 * 2 + 4 + 8 + 3 * 12)

static uint8_t *reserve(struct pl_payload *r, size_t count)
{
    if (r->failed)
        return NULL;
    if (r->used + count > r->capacity) {
        size_t capacity = 2 * r->capacity + count + 64;
        uint8_t *bytes = realloc(r->bytes, capacity);
        r->failed = bytes == NULL;
        if (r->failed)
            return NULL;
        r->bytes = bytes;
        r->capacity = capacity;
    }
    r->used += count;
    return r->bytes + r->used - count;
}

void pl_payload_word(struct pl_payload *r, unsigned bytes, uint64_t value)
{
    uint8_t *at = reserve(r, bytes);
    if (at != NULL)
        pl_word_put(at, bytes, value);
}

void pl_payload_word_at(struct pl_payload *r, size_t at, unsigned bytes, uint64_t value)
{
    pl_word_put(r->bytes + at, bytes, value);
}

void pl_payload_bytes(struct pl_payload *r, const void *bytes, size_t count)
{
    uint8_t *at = reserve(r, count);
    if (at != NULL && count > 0)
        memcpy(at, bytes, count);
}

void pl_payload_text(struct pl_payload *r, const char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;
    r->failed = r->failed || length > UINT16_MAX;
    pl_payload_word(r, 2, length);
    pl_payload_bytes(r, text, length);
}

static void put_decimal(struct pl_payload *r, struct pl_decimal value)
{
    pl_payload_word(r, 8, (uint64_t)value.mantissa);
    pl_payload_word(r, 4, (uint32_t)value.exponent);
}

static void put_instrument(struct pl_payload *r, const struct pl_instrument_def *i)
{
    pl_payload_text(r, i->symbol);
    pl_payload_text(r, i->underlying);
    pl_payload_text(r, i->forward);
    pl_payload_word(r, 1, i->kind);
    pl_payload_word(r, 1, i->is_call);
    pl_payload_word(r, 1, i->coin_settled);
    pl_payload_word(r, 1, i->forward != NULL);
    pl_payload_word(r, 8, (uint64_t)i->expiry_us);
    put_decimal(r, i->strike);
    put_decimal(r, i->contract_size);
    put_decimal(r, i->quantity_step);
}

void pl_payload_load(struct pl_payload *r, const struct pl_setup *setup, uint8_t profile)
{
    size_t length = strlen(setup->model_text);
    pl_payload_word(r, 8, PL_CONTRACT_HASH);
    pl_payload_word(r, 8, profile);
    pl_payload_word(r, 8, length);
    pl_payload_bytes(r, setup->model_text, length);
    pl_payload_word(r, 4, setup->instrument_count);
    for (size_t i = 0; i < setup->instrument_count; i++)
        put_instrument(r, &setup->instruments[i]);
    size_t multipliers = setup->multipliers_q40 != NULL ? setup->multiplier_count : 0;
    pl_payload_word(r, 4, multipliers);
    for (size_t i = 0; i < multipliers; i++)
        pl_payload_word(r, 8, (uint64_t)setup->multipliers_q40[i]);
}

void pl_payload_price(struct pl_payload *r, const char *symbol, const struct pl_price *p)
{
    pl_payload_text(r, symbol);
    pl_payload_word(r, 1, p->has_price);
    pl_payload_word(r, 1, p->has_vol);
    put_decimal(r, p->price);
    put_decimal(r, p->vol);
    put_decimal(r, p->rate);
    pl_payload_word(r, 8, (uint64_t)p->confidence_q40);
    pl_payload_word(r, 8, (uint64_t)p->vol_confidence_q40);
    pl_payload_word(r, 8, (uint64_t)p->rate_confidence_q40);
    pl_payload_word(r, 8, (uint64_t)p->time_us);
}

void pl_payload_account(struct pl_payload *r, const struct pl_account *a)
{
    pl_payload_word(r, 4, a->account);
    pl_payload_word(r, 2, a->mode);
    pl_payload_word(r, 2, a->multiplier);
    pl_payload_word(r, 8, (uint64_t)a->cash_e8);
    pl_payload_word(r, 4, a->holding_count);
    for (size_t i = 0; i < a->holding_count; i++) {
        const struct pl_holding *h = &a->holdings[i];
        pl_payload_word(r, 4, h->instrument);
        pl_payload_word(r, 8, (uint64_t)h->steps);
        pl_payload_word(r, 8, (uint64_t)h->buy_steps);
        pl_payload_word(r, 8, (uint64_t)h->sell_steps);
        put_decimal(r, h->entry_price);
    }
}

void pl_payload_free(struct pl_payload *r)
{
    free(r->bytes);
    *r = (struct pl_payload){ 0 };
}

const uint8_t *pl_read_bytes(struct pl_reading *r, size_t count)
{
    if (r->failed || r->left < count) {
        r->failed = true;
        return NULL;
    }
    r->at += count;
    r->left -= count;
    return r->at - count;
}

uint64_t pl_read_word(struct pl_reading *r, unsigned bytes)
{
    const uint8_t *at = pl_read_bytes(r, bytes);
    return at != NULL ? pl_word_get(at, bytes) : 0;
}

void pl_read_symbol(struct pl_reading *r, char out[PL_SYMBOL_BYTES])
{
    size_t length = (size_t)pl_read_word(r, 2);
    const uint8_t *at = pl_read_bytes(r, length);
    r->failed = r->failed || length >= PL_SYMBOL_BYTES || memchr(at, '\0', length) != NULL;
    length = r->failed ? 0 : length;
    memcpy(out, at != NULL ? (const char *)at : "", length);
    out[length] = '\0';
}

static struct pl_decimal read_decimal(struct pl_reading *r)
{
    struct pl_decimal value;
    value.mantissa = (int64_t)pl_read_word(r, 8);
    value.exponent = (int32_t)pl_read_word(r, 4);
    return value;
}

void pl_read_price(struct pl_reading *r, char symbol[PL_SYMBOL_BYTES], struct pl_price *p)
{
    pl_read_symbol(r, symbol);
    p->has_price = pl_read_word(r, 1) != 0;
    p->has_vol = pl_read_word(r, 1) != 0;
    p->price = read_decimal(r);
    p->vol = read_decimal(r);
    p->rate = read_decimal(r);
    p->confidence_q40 = (int64_t)pl_read_word(r, 8);
    p->vol_confidence_q40 = (int64_t)pl_read_word(r, 8);
    p->rate_confidence_q40 = (int64_t)pl_read_word(r, 8);
    p->time_us = (int64_t)pl_read_word(r, 8);
}

void pl_read_account(struct pl_reading *r, struct pl_account *a)
{
    *a = (struct pl_account){ .account = (uint32_t)pl_read_word(r, 4) };
    a->mode = (uint8_t)pl_read_word(r, 2);
    a->multiplier = (uint16_t)pl_read_word(r, 2);
    a->cash_e8 = (int64_t)pl_read_word(r, 8);
    a->holding_count = (size_t)pl_read_word(r, 4);
    r->failed = r->failed || a->holding_count > r->left / PL_HOLDING_RECORD_BYTES;
}

void pl_read_holding(struct pl_reading *r, struct pl_holding *h)
{
    h->instrument = (uint32_t)pl_read_word(r, 4);
    h->steps = (int64_t)pl_read_word(r, 8);
    h->buy_steps = (int64_t)pl_read_word(r, 8);
    h->sell_steps = (int64_t)pl_read_word(r, 8);
    h->entry_price = read_decimal(r);
}

/* The block: definitions, multipliers, then texts with their zeros: never more bytes of text than
 * the payload has, and a zero for each. */
struct load_block {
    struct pl_instrument_def *instruments;
    int64_t *multipliers_q40;
    char *text;
};

static const char *take_text(struct pl_reading *r, struct load_block *block, size_t length)
{
    const uint8_t *at = pl_read_bytes(r, length);
    char *text = block->text;
    if (at == NULL || (length > 0 && memchr(at, '\0', length) != NULL)) {
        r->failed = true;
        return NULL;
    }
    memcpy(text, at, length);
    text[length] = '\0';
    block->text += length + 1;
    return text;
}

static void take_instrument(struct pl_reading *r, struct load_block *block,
                            struct pl_instrument_def *i)
{
    i->symbol = take_text(r, block, (size_t)pl_read_word(r, 2));
    i->underlying = take_text(r, block, (size_t)pl_read_word(r, 2));
    i->forward = take_text(r, block, (size_t)pl_read_word(r, 2));
    i->kind = (uint8_t)pl_read_word(r, 1);
    i->is_call = pl_read_word(r, 1) != 0;
    i->coin_settled = pl_read_word(r, 1) != 0;
    if (pl_read_word(r, 1) == 0)
        i->forward = NULL;
    i->expiry_us = (int64_t)pl_read_word(r, 8);
    i->strike = read_decimal(r);
    i->contract_size = read_decimal(r);
    i->quantity_step = read_decimal(r);
}

int pl_read_load(const uint8_t *payload, size_t bytes, struct pl_load_record *out)
{
    struct pl_reading r = { .at = payload, .left = bytes }, model;
    *out = (struct pl_load_record){ .contract_hash = pl_read_word(&r, 8) };
    out->profile = (uint8_t)pl_read_word(&r, 8);
    size_t model_bytes = (size_t)pl_read_word(&r, 8);
    model = r;
    pl_read_bytes(&r, model_bytes);
    size_t count = (size_t)pl_read_word(&r, 4);
    if (r.failed || count > r.left / INSTRUMENT_BYTES_MIN)
        return -EBADMSG;
    size_t multipliers_max = r.left / 8 + 1;
    out->block = calloc(1, count * sizeof *out->setup.instruments + multipliers_max * 8 + bytes +
                               3 * count + 1);
    if (out->block == NULL)
        return -ENOMEM;
    struct load_block block = { .instruments = out->block };
    block.multipliers_q40 = (int64_t *)(block.instruments + count);
    block.text = (char *)(block.multipliers_q40 + multipliers_max);
    out->setup.model_path = "the journal's model";
    out->setup.model_text = take_text(&model, &block, model_bytes);
    out->setup.instruments = block.instruments;
    out->setup.instrument_count = count;
    for (size_t i = 0; i < count && !r.failed; i++)
        take_instrument(&r, &block, &block.instruments[i]);
    size_t multipliers = (size_t)pl_read_word(&r, 4);
    r.failed = r.failed || model.failed || r.left != 8 * multipliers;
    for (size_t i = 0; i < multipliers && !r.failed; i++)
        block.multipliers_q40[i] = (int64_t)pl_read_word(&r, 8);
    out->setup.multipliers_q40 = multipliers > 0 ? block.multipliers_q40 : NULL;
    out->setup.multiplier_count = multipliers;
    if (!r.failed)
        return 0;
    pl_load_record_free(out);
    return -EBADMSG;
}

void pl_load_record_free(struct pl_load_record *load)
{
    free(load->block);
    *load = (struct pl_load_record){ 0 };
}

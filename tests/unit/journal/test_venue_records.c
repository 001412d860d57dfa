/* What a venue was set up with and given comes out of its records as it went in; what is short, of
 * other structures or no truth value is refused. */
#include "../support/random.h"

#include <errno.h>

#include "journal/venue_records.h"

enum { INSTRUMENTS = 3, ASSETS = 2, ACCOUNTS = 4, EXPIRIES = 2 };

static struct pl_contract contracts[INSTRUMENTS];
static struct pl_venue_instrument instruments[INSTRUMENTS];
static struct pl_venue_terms terms[INSTRUMENTS];
static struct pl_fusion_rules fusion[ASSETS];
static bool pegged[ASSETS] = { false, true };
static struct pl_venue_expiry expiries[EXPIRIES];
static uint32_t pools[ACCOUNTS] = { 0, 1, 0, 1 };
static struct pl_venue_rules rules;

static struct pl_venue_setup everything(void)
{
    struct pl_venue_setup s = { .size = { .accounts = ACCOUNTS, .instruments = INSTRUMENTS },
                                .contracts = contracts,
                                .account_pools = pools,
                                .instruments = instruments,
                                .terms = terms,
                                .assets = ASSETS,
                                .fusion = fusion,
                                .pegged = pegged,
                                .expiries = expiries,
                                .expiry_count = EXPIRIES,
                                .closes = 5,
                                .withdrawals = 6,
                                .start_us = 7 };
    pl_venue_defaults(&rules);
    for (uint32_t i = 0; i < INSTRUMENTS; i++) {
        contracts[i] = (struct pl_contract){ .numerator = i + 1, .denominator = 10 };
        instruments[i].coin = 100 + i;
        terms[i] =
            (struct pl_venue_terms){ .kind = i, .yield_q40 = 1000 + i, .payoff.is_put = true };
    }
    for (uint32_t i = 0; i < EXPIRIES; i++)
        expiries[i] = (struct pl_venue_expiry){ .asset = i, .time_us = 50 + i };
    return s;
}

static void a_venue_comes_back_as_it_was(void **state)
{
    (void)state;
    for (int without = 0; without < 2; without++) {
        struct pl_venue_setup s = everything();
        struct pl_payload payload = { 0 };
        struct pl_venue_record got;
        if (without) {
            s.account_pools = NULL;
            s.terms = NULL;
            s.pegged = NULL;
            s.expiries = NULL;
            s.expiry_count = 0;
        }
        pl_payload_venue(&payload, "a run", &rules, &s);
        assert_false(payload.failed);
        assert_int_equal(pl_read_venue(payload.bytes, payload.used, &got), 0);
        assert_string_equal(got.run, "a run");
        assert_memory_equal(&got.rules, &rules, sizeof rules);
        assert_memory_equal(&got.setup.size, &s.size, sizeof s.size);
        assert_memory_equal(got.setup.contracts, contracts, sizeof contracts);
        assert_memory_equal(got.setup.instruments, instruments, sizeof instruments);
        assert_memory_equal(got.setup.fusion, fusion, sizeof fusion);
        assert_int_equal(got.setup.closes, 5);
        assert_int_equal(got.setup.withdrawals, 6);
        assert_int_equal(got.setup.start_us, 7);
        assert_int_equal(got.setup.expiry_count, s.expiry_count);
        assert_int_equal(got.setup.account_pools == NULL, without);
        assert_int_equal(got.setup.terms == NULL, without);
        assert_int_equal(got.setup.pegged == NULL, without);
        if (!without) {
            assert_memory_equal(got.setup.account_pools, pools, sizeof pools);
            assert_memory_equal(got.setup.terms, terms, sizeof terms);
            assert_memory_equal(got.setup.pegged, pegged, sizeof pegged);
            assert_memory_equal(got.setup.expiries, expiries, sizeof expiries);
        }
        pl_venue_record_free(&got);
        for (size_t bytes = 0; bytes < payload.used; bytes++)
            assert_int_equal(pl_read_venue(payload.bytes, bytes, &got), -EBADMSG);
        payload.bytes[0]++;
        assert_int_equal(pl_read_venue(payload.bytes, payload.used, &got), -EPROTONOSUPPORT);
        pl_payload_free(&payload);
    }
}

static void what_is_no_truth_value_is_refused(void **state)
{
    (void)state;
    const struct pl_venue_setup s = everything();
    struct pl_payload payload = { 0 };
    struct pl_venue_record got;
    pl_payload_venue(&payload, "", &rules, &s);
    payload.bytes[payload.used - 1] = 2; /* whether the last asset is pegged */
    assert_int_equal(pl_read_venue(payload.bytes, payload.used, &got), -EBADMSG);
    pl_payload_free(&payload);
}

static void every_kind_of_input_comes_back(void **state)
{
    (void)state;
    for (uint32_t kind = 0; kind <= PL_VENUE_KINDS; kind++) {
        struct pl_venue_input in, got;
        struct pl_payload payload = { 0 };
        const int bytes = pl_given_bytes(kind);
        assert_int_equal(bytes < 0, kind == PL_VENUE_KINDS);
        memset(&in, 0, sizeof in);
        in.time_us = 1234567890;
        in.kind = kind;
        in.account = 42;
        for (int i = 0; i < bytes; i++)
            ((uint8_t *)&in.as)[i] = (uint8_t)(i * 7 + 1);
        pl_payload_input(&payload, &in);
        assert_int_equal(payload.failed, bytes < 0);
        if (bytes >= 0) {
            struct pl_reading r = { .at = payload.bytes, .left = payload.used };
            assert_int_equal(pl_read_word(&r, 1), PL_GIVEN_INPUT);
            pl_read_input(&r, &got);
            assert_false(r.failed);
            assert_int_equal(r.left, 0);
            assert_memory_equal(&got, &in, sizeof in);
        }
        pl_payload_free(&payload);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_venue_comes_back_as_it_was),
        cmocka_unit_test(what_is_no_truth_value_is_refused),
        cmocka_unit_test(every_kind_of_input_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

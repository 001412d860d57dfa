/* Every reason, cause and policy has a text of its own, and what is none says so. */
#include "../support/random.h"

#include "decide/accrual.h"
#include "decide/settlement.h"
#include "decide/waterfall.h"
#include "decide/withdrawal.h"

#define TEXTS_OF(name, last, function)                                                             \
    static const char *name(uint32_t i)                                                            \
    {                                                                                              \
        return function(i);                                                                        \
    }                                                                                              \
    enum { name##_last = last };

TEXTS_OF(causes, PL_CAUSES - 1, pl_cause_name)
TEXTS_OF(policies, PL_POLICIES - 1, pl_policy_name)
TEXTS_OF(ledger, PL_LEDGER_OUTSIDE, pl_ledger_reason)
TEXTS_OF(funding, PL_FUNDING_LEDGER, pl_funding_reason)
TEXTS_OF(settlement, PL_SETTLEMENT_LEDGER, pl_settlement_reason)
TEXTS_OF(accrual, PL_ACCRUAL_OVERFLOW, pl_accrual_reason)
TEXTS_OF(waterfall, PL_WATERFALL_LEDGER, pl_waterfall_reason)
TEXTS_OF(withdrawal, PL_WITHDRAWAL_LEDGER, pl_withdrawal_reason)

static void every_reason_has_a_text_of_its_own(void **state)
{
    (void)state;
    const struct {
        const char *(*text)(uint32_t);
        uint32_t last;
    } lists[] = {
        { causes, causes_last },       { policies, policies_last },     { ledger, ledger_last },
        { funding, funding_last },     { settlement, settlement_last }, { accrual, accrual_last },
        { waterfall, waterfall_last }, { withdrawal, withdrawal_last },
    };
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        for (uint32_t i = 0; i <= lists[k].last; i++) {
            assert_non_null(lists[k].text(i));
            assert_null(strstr(lists[k].text(i), "unknown"));
            for (uint32_t j = 0; j < i; j++)
                assert_string_not_equal(lists[k].text(i), lists[k].text(j));
        }
        assert_non_null(strstr(lists[k].text(lists[k].last + 1), "unknown"));
        assert_non_null(strstr(lists[k].text(UINT32_MAX), "unknown"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_has_a_text_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

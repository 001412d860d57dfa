/* The keys of BOOK/venue.json, as tables. */
#ifndef PL_CLI_BOOK_RULES_FIELDS_H
#define PL_CLI_BOOK_RULES_FIELDS_H

#include "book_rules.h"
#include "feed/model_fields.h"

#define PL_BOOK_FUSION_FIELDS 8

/* Of a struct pl_book_rules; words, and the sections of fusion, are read elsewhere. */
extern const struct pl_model_field pl_book_rule_fields[];
extern const size_t pl_book_rule_field_count;
/* Of a struct pl_fusion_rules. */
extern const struct pl_model_field pl_book_fusion_fields[PL_BOOK_FUSION_FIELDS];

/* The words of "waterfall.policy" and of "allows", by number; NULL: there are no more. */
const char *pl_book_rule_policy(uint32_t number);
const char *pl_book_rule_action(uint32_t number);

#endif

/* What the report shows beyond the verdicts, collected while ticks pass: sums per tick, the Greeks
 * of what would be liquidated, and, in a second run over the same ticks, the worst accounts and the
 * worst tick. */
#ifndef PL_CLI_EVIDENCE_H
#define PL_CLI_EVIDENCE_H

#include "history.h"
#include "report.h"

#define PL_EVIDENCE_ACCOUNTS 10

struct pl_evidence_parts; /* accounts split by underlying */

struct pl_evidence {
    uint64_t first_tick;
    size_t tick_count, ticks_max;
    struct pl_report_tick *ticks;
    struct pl_report_exposure *exposures; /* underlying by underlying, ticks_max each */
    size_t worst_tick; /* index: most accounts to liquidate, the first if there are several */
    uint64_t worst_count;
    bool *below_at_worst;                  /* by account: to be liquidated at that tick */
    uint32_t model_version, table_version; /* of the last verdict */
    struct pl_evidence_parts *parts;
};

/* For `ticks_max` ticks from the next one that is added. 0, or -ENOMEM after saying so. */
int pl_evidence_open(struct pl_evidence *evidence, const struct pl_session *session,
                     size_t ticks_max);
void pl_evidence_close(struct pl_evidence *evidence);

/* Adds the committed tick. Returns 0 or a negative errno after saying why. */
int pl_evidence_add(struct pl_evidence *evidence, struct pl_session *session,
                    const struct pl_verdict *verdicts, const uint64_t states[PL_STATES]);

/* Runs over the ticks again (from the session's own tick when it is the only one) and writes the
 * report. */
int pl_evidence_report(const struct pl_evidence *evidence, const struct pl_history *history,
                       struct pl_session *session, const struct pl_options *options);

#endif

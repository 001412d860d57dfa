/* The commands: one file each, from options to an exit status (enum pl_exit). */
#ifndef PL_CLI_COMMANDS_H
#define PL_CLI_COMMANDS_H

#include "session.h"

int pl_cli_check(const struct pl_options *options);
int pl_cli_eval(const struct pl_options *options);
int pl_cli_replay(const struct pl_options *options);
int pl_cli_compare(const struct pl_options *options);
int pl_cli_backtest(const struct pl_options *options);
int pl_cli_watch(const struct pl_options *options);
int pl_cli_devices(const struct pl_options *options);
int pl_cli_explain(const struct pl_options *options);
int pl_cli_distance(const struct pl_options *options);
int pl_cli_journal_show(const struct pl_options *options);
int pl_cli_journal_verify(const struct pl_options *options);
int pl_cli_journal_replay(const struct pl_options *options);
int pl_cli_simulate(const struct pl_options *options);

/* What `plimsoll explain` prints for an account on the session's committed tick; free() it. NULL
 * after saying why there is none: only model: explains. */
char *pl_explain_text(struct pl_session *session, uint32_t account);

#endif

/* plimsoll: parses the command line and runs one command. */
#include <errno.h>
#include <signal.h>

#include "commands.h"

#define EXIT_STATUS_RISK                                                                                  \
    "exit status: 0 nothing to act on; 1 error; 2 usage; 3 an account is to be liquidated or bankrupt;\n" \
    "4 none is, but one is indeterminate"

static const struct pl_command commands[] = {
    { "check", "BOOK", "validate a book and its margin model",
      "Reads every file, loads the device, commits every tick and evaluates the first one. Prints every problem\n"
      "with file, line, column and rule; or one line of counts.\n"
      "exit status: 0 valid; 1 not valid, or an error; 2 usage\n",
      PL_OPTION_FORMAT | PL_OPTION_DEVICE | PL_OPTION_MODEL | PL_OPTION_RULES, 1, pl_cli_check },
    { "eval", "BOOK", "judge every account at one tick",
      "With --with, TRADES has the columns account, symbol, quantity and price: a trade moves the position by\n"
      "quantity; spot and options are paid out of cash, futures and perpetuals get the price as their entry. The\n"
      "accounts whose state or excess changes are listed, and the exit status is that of the state after.\n" EXIT_STATUS_RISK
      ", at that tick\n",
      PL_OPTION_FORMAT | PL_OPTION_DEVICE | PL_OPTION_MODEL | PL_OPTION_TICK | PL_OPTION_WITH |
          PL_OPTION_REPORT,
      1, pl_cli_eval },
    { "replay", "BOOK", "judge every account at every tick: who crossed the line, and when",
      "Each tick is one line; `new` counts the accounts that cross the line (liquidate or bankrupt) for the first\n"
      "time, `first` is the first of them, `worst` the account with the lowest maintenance excess. The hash\n"
      "(FNV-1a, 64 bits) is over all verdicts' bytes in order: any device must return the same.\n"
      "A journal that cannot be written is complained of once; the ticks go on, and the exit status is 1.\n" EXIT_STATUS_RISK
      ", at any tick\n",
      PL_OPTION_FORMAT | PL_OPTION_DEVICE | PL_OPTION_MODEL | PL_OPTION_REPORT | PL_OPTION_ROWS |
          PL_OPTION_JOURNAL | PL_OPTION_BUDGET,
      1, pl_cli_replay },
    { "compare", "BOOK MODEL_A MODEL_B", "judge every account by two models: whose state changes",
      "Changes are B minus A. Accounts that are indeterminate under either model count in no total.\n"
      "exit status: 0 compared; 1 error; 2 usage\n",
      PL_OPTION_FORMAT | PL_OPTION_DEVICE | PL_OPTION_TICK, 3, pl_cli_compare },
    { "backtest", "BOOK",
      "count the losses that exceeded the requirement, against the stated coverage",
      "One observation per account that holds something and pair of consecutive ticks: the loss is the fall of its\n"
      "equity with positions unchanged (settlements included), a breach is a loss above the maintenance\n"
      "requirement at the first of the two. Observations of one tick are not independent: read the counts, no\n"
      "significance is claimed. exit status: 0 done; 1 error; 2 usage\n",
      PL_OPTION_FORMAT | PL_OPTION_DEVICE | PL_OPTION_MODELS, 1, pl_cli_backtest },
    { "explain", "BOOK", "derive one account's verdict, step by step",
      EXIT_STATUS_RISK ", for that account\n",
      PL_OPTION_FORMAT | PL_OPTION_DEVICE | PL_OPTION_MODEL | PL_OPTION_TICK | PL_OPTION_ACCOUNT, 1,
      pl_cli_explain },
    { "distance", "BOOK", "how far the market may move before one account breaches its line",
      "Each underlying that the account holds is moved alone, all of its prices in proportion, vols as they are, the\n"
      "others by --beta times as much, until the maintenance excess is below 0: by the model itself. Probabilities\n"
      "are of touching a line within --hours, by the realised vol of the ticks so far (half-life 12 h); the first is by\n"
      "the account's Greeks alone. Of each future, perpetual and coin, unless inverse: the mark at which the account is\n"
      "liquidated if it alone moves, the price that leaves nothing if all close at theirs, what a liquidator is offered.\n" EXIT_STATUS_RISK
      ", for that account\n",
      PL_OPTION_FORMAT | PL_OPTION_DEVICE | PL_OPTION_MODEL | PL_OPTION_TICK | PL_OPTION_ACCOUNT |
          PL_OPTION_DISTANCE,
      1, pl_cli_distance },
    { "simulate", "BOOK",
      "play a book's crash with liquidations, by one policy or two side by side",
      "The whole loop: prices, verdicts of the device, decisions, fills at marks plus spread and impact, new positions,\n"
      "next tick. Prices are the book's: what is liquidated costs impact, but moves no mark. A book without\n"
      "sources.csv has one source and one venue, so one is enough then. BOOK/venue.json may state market and rules\n"
      "of the venue; options come before it, and `plimsoll check BOOK` names what is wrong with it.\n"
      "The table has totals; JSON has the ticks as well, CSV one line per policy; the report has charts and the\n"
      "timeline of the breakers.\n"
      "A journal that cannot be written, is damaged, locked or of another run is complained of once: no action leaves\n"
      "any more, every tick is still judged, and what would have been ordered is counted.\n"
      "exit status: 0 nobody was liquidated; 1 error; 2 usage; 3 an account was liquidated; 5 actions were withheld\n",
      PL_OPTION_FORMAT | PL_OPTION_DEVICE | PL_OPTION_MODEL | PL_OPTION_SIMULATE |
          PL_OPTION_REPORT | PL_OPTION_ACTIONS,
      1, pl_cli_simulate },
    { "watch", "BOOK", "judge the most endangered accounts at every tick, in a live table",
      "The accounts are chosen by their distance to the line: maintenance excess in per cent of the maintenance\n"
      "requirement; those that cannot be judged come last. A device judges them ahead of everything else, at once\n"
      "after each tick. `was`: the state before, where it changed; `change`: of the maintenance excess, since the\n"
      "tick before. On a terminal Ctrl-C ends, and the last table stays. NO_COLOR is honoured.\n" EXIT_STATUS_RISK
      ", of those watched, at any tick shown\n",
      PL_OPTION_DEVICE | PL_OPTION_MODEL | PL_OPTION_ACCOUNTS | PL_OPTION_WATCH, 1, pl_cli_watch },
    { "journal show", "FILE", "list what a journal holds",
      "One line per entry. Does not check the chain: `plimsoll journal verify` does.\n"
      "exit status: 0 listed; 1 error; 2 usage\n",
      PL_OPTION_FORMAT | PL_OPTION_SHOW, 1, pl_cli_journal_show },
    { "journal verify", "FILE", "check that nothing in a journal was altered",
      "Names the first entry that was altered, is missing or cannot be read. Prints the journal's head, the hash of\n"
      "its last entry: kept elsewhere, it proves later that all up to it is unchanged (--head).\n"
      "exit status: 0 intact; 1 not intact, or an error; 2 usage\n",
      PL_OPTION_FORMAT | PL_OPTION_HEAD, 1, pl_cli_journal_verify },
    { "journal replay", "FILE", "recompute every verdict and action of a journal",
      "Checks the chain, then gives the journaled inputs to a device and to the venue again and compares each verdict\n"
      "and each action, byte for byte. Names the first difference. exit status: 0 the same; 1 different, or an error; 2 usage\n",
      PL_OPTION_FORMAT | PL_OPTION_DEVICE, 1, pl_cli_journal_replay },
    { "devices", "", "list the devices that can be opened",
      "First what runs in software, then the cards on PCI: `limited by` says whether the card, its slot or the\n"
      "training of the link holds the link where it is; a card that is not ready is explained on stderr.\n"
      "exit status: 0 listed; 1 error; 2 usage\n",
      PL_OPTION_FORMAT, 0, pl_cli_devices },
    { 0 },
};

static int run(struct pl_options *options)
{
    if (options->text.used > 0 || options->command == NULL)
        return pl_stdout_write(&options->text) == 0 ? PL_EXIT_OK : PL_EXIT_ERROR;
    return options->command->run(options);
}

int main(int argc, char **argv)
{
    struct pl_options options;
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write */
    signal(SIGXFSZ, SIG_IGN); /* and so is a file that may not grow */
    int error = pl_options_parse(argc, argv, commands, &options);
    int status = error == 0 ? run(&options) : error == -EINVAL ? PL_EXIT_USAGE : PL_EXIT_ERROR;
    pl_options_free(&options);
    return status;
}

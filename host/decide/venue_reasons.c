/* What the venue's actions and reasons are called. */
#include "venue.h"

const char *pl_venue_action_name(enum pl_venue_action_kind kind)
{
    static const char *const names[PL_VENUE_ACTIONS] = {
        [PL_VENUE_BREAKER] = "breaker",
        [PL_VENUE_CALL] = "margin call",
        [PL_VENUE_CLEAR] = "call cleared",
        [PL_VENUE_HELD] = "held back",
        [PL_VENUE_CANCEL_ORDERS] = "cancel orders",
        [PL_VENUE_PLAN] = "plan",
        [PL_VENUE_SEND_CLOSE] = "close",
        [PL_VENUE_CANCEL_CLOSES] = "cancel closes",
        [PL_VENUE_FILLED] = "filled",
        [PL_VENUE_PENALTY] = "penalty",
        [PL_VENUE_AUCTION] = "auction",
        [PL_VENUE_AUCTION_EVENT] = "auction event",
        [PL_VENUE_BOUGHT] = "bought",
        [PL_VENUE_BID_REFUSED] = "bid refused",
        [PL_VENUE_OFFLOAD] = "offload",
        [PL_VENUE_COVERED] = "fund pays",
        [PL_VENUE_DELEVERAGED] = "deleveraged",
        [PL_VENUE_IMPOSED] = "imposed",
        [PL_VENUE_DEBT] = "bad debt",
        [PL_VENUE_OPEN_LOSS] = "open loss",
        [PL_VENUE_RECALLED] = "withdrawals recalled",
        [PL_VENUE_QUEUED] = "withdrawal queued",
        [PL_VENUE_RELEASED] = "withdrawal released",
        [PL_VENUE_WAITS] = "withdrawal waits",
        [PL_VENUE_SETTLED] = "settled",
        [PL_VENUE_REFUSED] = "refused",
        [PL_VENUE_PEGGED] = "pegged mark",
        [PL_VENUE_WIDTH] = "scenario width",
        [PL_VENUE_HAIRCUT] = "haircut",
        [PL_VENUE_ADDED] = "add-ons",
        [PL_VENUE_UNSETTLED] = "not settled",
        [PL_VENUE_VOIDED] = "closes void",
        [PL_VENUE_FUNDED] = "funding",
        [PL_VENUE_RATED] = "funding rate",
        [PL_VENUE_REPAID] = "bad debt repaid",
        [PL_VENUE_SOCIALISED] = "loss socialised",
        [PL_VENUE_BORNE] = "loss borne",
        [PL_VENUE_TAKEN_BACK] = "withdrawal taken back",
        [PL_VENUE_INDEXED] = "index of a yield",
        [PL_VENUE_WRITTEN_DOWN] = "written down",
    };
    return (unsigned)kind < PL_VENUE_ACTIONS ? names[kind] : "?";
}

const char *pl_venue_reason(enum pl_venue_reason reason)
{
    static const char *const texts[PL_VENUE_REASONS] = {
        [PL_VENUE_OK] = "taken",
        [PL_VENUE_TIME_BACK] = "the time is before that of the last input",
        [PL_VENUE_UNKNOWN] = "no such thing",
        [PL_VENUE_AMOUNT] = "an amount that cannot be",
        [PL_VENUE_NOT_ASKED] = "nobody asked for it",
        [PL_VENUE_BEYOND] = "beyond what is held, out or allowed",
        [PL_VENUE_THROTTLED] = "the instrument's window is full",
        [PL_VENUE_NO_ROOM] = "too many closes are out",
        [PL_VENUE_NOT_PRICED] = "a mark is not known",
        [PL_VENUE_FORBIDDEN] = "the prices do not permit it",
        [PL_VENUE_OLD] = "the positions have changed since",
        [PL_VENUE_LEDGER] = "the ledger cannot hold it",
        [PL_VENUE_FUND_SHORT] = "the fund may not pay as much",
        [PL_VENUE_IGNORED] = "the report is ignored",
        [PL_VENUE_DENIED] = "the withdrawal is denied",
        [PL_VENUE_OWN] = "the venue does that itself",
        [PL_VENUE_EXPIRED] = "the expiry is reached",
        [PL_VENUE_HEALTHY] = "the account is healthy again",
    };
    return (unsigned)reason < PL_VENUE_REASONS ? texts[reason] : "?";
}

const char *pl_venue_price(enum pl_venue_price price)
{
    static const char *const texts[PL_VENUE_PRICES] = {
        [PL_VENUE_GIVEN] = "at a price from outside",
        [PL_VENUE_AVERAGE] = "at the average before expiry",
    };
    return (unsigned)price < PL_VENUE_PRICES ? texts[price] : "?";
}

const char *pl_venue_session(enum pl_venue_session session)
{
    static const char *const texts[PL_VENUE_SESSIONS] = {
        [PL_VENUE_ALL_BORNE] = "the session's gains bore it",
        [PL_VENUE_STANDS] = "the session's gains do not cover it",
        [PL_VENUE_UNPRICED] = "it waits for prices that permit it",
    };
    return (unsigned)session < PL_VENUE_SESSIONS ? texts[session] : "?";
}

const char *pl_venue_estimator(enum pl_venue_estimator estimator)
{
    static const char *const texts[PL_VENUE_ESTIMATORS] = {
        [PL_VENUE_NO_VOLATILITY] = "volatility not known",
        [PL_VENUE_RETURNS] = "volatility of returns",
        [PL_VENUE_RANGES] = "volatility of ranges",
        [PL_VENUE_OPTIONS] = "volatility implied by options",
    };
    return (unsigned)estimator < PL_VENUE_ESTIMATORS ? texts[estimator] : "?";
}

static const char *auction_event(uint16_t event)
{
    static const char *const texts[] = { "runs", "ended", "began again", "the other leg began",
                                         "nobody bid" };
    return event <= PL_AUCTION_OFFLOADED ? texts[event] : "?";
}

const char *pl_venue_action_reason(const struct pl_venue_action *a)
{
    switch (a->kind) {
    case PL_VENUE_BREAKER: return pl_breaker_reason((enum pl_breaker_reason)a->reason);
    case PL_VENUE_CALL:
    case PL_VENUE_CLEAR:
    case PL_VENUE_HELD:
    case PL_VENUE_CANCEL_ORDERS:
    case PL_VENUE_PLAN:
    case PL_VENUE_AUCTION: return pl_liquidation_reason((enum pl_liquidation_reason)a->reason);
    case PL_VENUE_AUCTION_EVENT: return auction_event(a->reason);
    case PL_VENUE_BID_REFUSED: return pl_auction_reason((enum pl_auction_reason)a->reason);
    case PL_VENUE_COVERED:
    case PL_VENUE_DELEVERAGED:
    case PL_VENUE_DEBT:
    case PL_VENUE_OPEN_LOSS: return pl_waterfall_reason((enum pl_waterfall_reason)a->reason);
    case PL_VENUE_IMPOSED: return pl_policy_name((enum pl_policy)a->reason);
    case PL_VENUE_WAITS: return pl_withdrawal_reason((enum pl_withdrawal_reason)a->reason);
    case PL_VENUE_PEGGED: return pl_pegged_reason((enum pl_pegged_reason)a->reason);
    case PL_VENUE_WIDTH:
    case PL_VENUE_HAIRCUT: return pl_venue_estimator((enum pl_venue_estimator)a->reason);
    case PL_VENUE_SETTLED: return pl_venue_price((enum pl_venue_price)a->reason);
    case PL_VENUE_INDEXED: return pl_accrual_reason((enum pl_accrual_reason)a->reason);
    case PL_VENUE_SOCIALISED: return pl_venue_session((enum pl_venue_session)a->reason);
    case PL_VENUE_FUNDED:
    case PL_VENUE_RATED: return pl_funding_reason((enum pl_funding_reason)a->reason);
    case PL_VENUE_UNSETTLED: return pl_settlement_reason((enum pl_settlement_reason)a->reason);
    case PL_VENUE_REFUSED: return pl_venue_reason((enum pl_venue_reason)a->reason);
    default: return "";
    }
}

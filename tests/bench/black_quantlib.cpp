#include "black_double.h"

#include <ql/quantlib.hpp>

using namespace QuantLib;

void quantlib_black(const struct double_option *o, size_t count)
{
    const Date today(1, January, 2026);
    Settings::instance().evaluationDate() = today;
    const DayCounter days = Actual365Fixed();
    const Date expiry = today + static_cast<Integer>(o->years * 365 + 0.5);
    Handle<YieldTermStructure> rate(ext::make_shared<FlatForward>(today, o->rate, days));
    for (size_t i = 0; i < count; i++) {
        Handle<Quote> forward(ext::make_shared<SimpleQuote>(o->forward[i]));
        Handle<BlackVolTermStructure> vol(
            ext::make_shared<BlackConstantVol>(today, NullCalendar(), o->vol[i], days));
        auto process = ext::make_shared<BlackProcess>(forward, rate, vol);
        VanillaOption option(ext::make_shared<PlainVanillaPayoff>(
                                 o->call[i] > 0 ? Option::Call : Option::Put, o->strike[i]),
                             ext::make_shared<EuropeanExercise>(expiry));
        option.setPricingEngine(ext::make_shared<AnalyticEuropeanEngine>(process));
        o->value[i] = option.NPV();
        o->delta[i] = option.delta();
        o->gamma[i] = option.gamma();
        o->vega[i] = option.vega();
        o->theta[i] = option.theta();
    }
}

/* Delay: every word DEPTH enabled cycles later, held by a stall. WIDTH, DEPTH and RING come from
 * make. */
#include "Vdelay.h"
#include "support/bench.h"
#include <deque>

using namespace bench;

int main()
{
    Bench<Vdelay> b("delay", 300000);
    std::deque<u128> held;
    Stall enabled(b.random);

    b.begin("random words, random stalls");
    for (uint64_t i = 0; i < b.count; i++) {
        const u128 word = low_bits(b.random.wide(), WIDTH);
        b.dut.en_i = enabled.go();
        put(b.dut.data_i, word, WIDTH);
        b.settle();
        if (held.size() == DEPTH)
            b.expect(get(b.dut.data_o) == held.front(), "wrong word");
        if (b.dut.en_i) {
            held.push_back(word);
            if (held.size() > DEPTH)
                held.pop_front();
        }
        b.tick();
    }
    b.end();
    return b.finish();
}

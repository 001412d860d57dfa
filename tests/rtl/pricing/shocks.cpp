/* Shocked forward and vol against host/model/row.c, under stalls. PROFILE comes from make. */
#include "Vshocks.h"
#include "pricing/model.h"
#include "support/bench.h"

extern "C" {
#define _Alignas alignas
#include "model/row.h"
}

using namespace bench;

static const int64_t one = INT64_C(1) << 40;

/* shocked_vol() of row.c is private to its file: the same product, rounding and floor. */
static uint64_t shocked_vol(uint64_t vol, uint64_t multiplier, uint64_t floor, bool floored)
{
    const uint64_t shocked = (uint64_t)(((u128)vol * multiplier + ((u128)1 << 39)) >> 40);
    return floored && shocked < floor ? floor : shocked;
}

/* 0 .. limit: anything, or next to a multiple of 1/8. */
static uint64_t coefficient(Random &random, uint64_t limit)
{
    const uint64_t near = (random.below((limit >> 37) + 1) << 37) + random.below(5) - 2;
    return random.percent(50) && near <= limit ? near : random.below(limit + 1) >> random.below(12);
}

int main()
{
    Bench<Vshocks> b("shocks", 1000000);
    Stall enable(b.random);
    Pipeline<uint64_t> forwards(PROFILE == 1 ? 12 : 13), vols(PROFILE == 1 ? 6 : 7);
    uint64_t halves = 0, falling = 0, floors = 0;
    b.reset();
    b.begin("random shocks and halves, with stalls");
    for (uint64_t n = 0; n < b.count; n++) {
        const uint64_t forward = b.random.bits() >> (64 - word) >> b.random.below(word);
        const uint64_t moving =
            b.random.percent(50) ? (uint64_t)one : coefficient(b.random, (uint64_t)one);
        const uint64_t shock = coefficient(b.random, (uint64_t)one * 64);
        const uint64_t vol = b.random.bits() >> 16 >> b.random.below(48);
        const uint64_t multiplier = coefficient(b.random, (uint64_t)one * 4095);
        const uint64_t floor = b.random.bits() >> 8 >> b.random.below(56);
        const bool floored = b.random.percent(50);
        b.dut.en_i = enable.go();
        b.dut.forward_i = forward;
        b.dut.moving_i = moving;
        b.dut.shock_i = shock;
        b.dut.vol_i = vol;
        b.dut.multiplier_i = multiplier;
        b.dut.floor_i = floor;
        b.dut.floored_i = floored;
        b.settle();
        if (forwards.valid())
            b.expect(b.dut.forward_o == forwards.result(), "forward %" PRIu64 ", expected %" PRIu64,
                     b.dut.forward_o, forwards.result());
        if (vols.valid())
            b.expect(b.dut.vol_o == vols.result(), "vol %" PRIu64 ", expected %" PRIu64,
                     b.dut.vol_o, vols.result());
        if (b.dut.en_i) {
            const uint64_t want = shocked_vol(vol, multiplier, floor, floored);
            forwards.enter(true, pl_row_shocked_forward(forward, (int64_t)moving, (int64_t)shock));
            vols.enter(true, want);
            const u128 product = (u128)moving * (shock < (uint64_t)one ? (uint64_t)one - shock
                                                                       : shock - (uint64_t)one);
            halves += low_bits(product, 40) == (u128)1 << 39;
            falling += shock < (uint64_t)one;
            floors += floored && want == floor;
        }
        b.tick();
    }
    b.expect(halves > b.count / 10000 && falling > b.count / 1000 && floors > b.count / 100,
             "%" PRIu64 " halves, %" PRIu64 " falls, %" PRIu64 " floors", halves, falling, floors);
    b.end();
    return b.finish();
}

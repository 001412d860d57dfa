/* ECC: every single error is corrected, every double error detected, exhaustively. DATA_WIDTH comes
 * from make. */
#include "Vecc.h"
#include "support/bench.h"

using namespace bench;

struct Flip {
    Bench<Vecc> &b;
    u128 word, data = 0;
    unsigned check = 0;

    Flip(Bench<Vecc> &b, u128 word) : b(b), word(word)
    {
    }

    void bit(unsigned at)
    {
        if (at < DATA_WIDTH)
            data ^= (u128)1 << at;
        else
            check ^= 1u << (at - DATA_WIDTH);
    }
    void apply()
    {
        put(b.dut.data_i, word, DATA_WIDTH);
        put(b.dut.flip_data_i, data, DATA_WIDTH);
        put(b.dut.flip_check_i, check, 16);
        b.settle();
    }
};

int main()
{
    Bench<Vecc> b("ecc", 200);
    b.reset();
    const unsigned code = DATA_WIDTH + b.dut.check_width_o;

    b.begin("as few check bits as SECDED can have");
    const unsigned c = b.dut.check_width_o;
    b.expect((1u << (c - 1)) >= code && (1u << (c - 2)) < code - 1, "%u check bits for %u", c,
             DATA_WIDTH);
    b.end();

    b.begin("an intact word passes");
    for (uint64_t i = 0; i < b.count; i++) {
        Flip f(b, low_bits(i == 0 ? 0 : i == 1 ? ~(u128)0 : b.random.wide(), DATA_WIDTH));
        f.apply();
        b.expect(get(b.dut.data_o) == f.word && !b.dut.corrected_o && !b.dut.uncorrectable_o,
                 "intact word");
    }
    b.end();

    b.begin("every single error is corrected");
    for (uint64_t i = 0; i < b.count; i++)
        for (unsigned x = 0; x < code; x++) {
            Flip f(b, low_bits(b.random.wide(), DATA_WIDTH));
            f.bit(x);
            f.apply();
            b.expect(get(b.dut.data_o) == f.word, "bit %u: wrong word", x);
            b.expect(b.dut.corrected_o && !b.dut.uncorrectable_o, "bit %u: flags", x);
        }
    b.end();

    b.begin("every double error is detected");
    for (uint64_t i = 0; i < b.count / 20 + 1; i++)
        for (unsigned x = 0; x < code; x++)
            for (unsigned y = 0; y < x; y++) {
                Flip f(b, low_bits(b.random.wide(), DATA_WIDTH));
                f.bit(x);
                f.bit(y);
                f.apply();
                b.expect(b.dut.uncorrectable_o && !b.dut.corrected_o, "bits %u and %u", x, y);
            }
    b.end();
    return b.finish();
}

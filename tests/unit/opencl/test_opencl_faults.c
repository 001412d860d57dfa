/* opencl: when things go wrong, on functions that a test can make fail: nothing is left held, and a
 * message says which call, and what to do. */
#include "../support/random.h"

#include <errno.h>
#include <unistd.h>

#include "dev/software.h"
#include "fake.h"
#include "model/fixed.h"
#include "opencl/cache.h"
#include "opencl/choose.h"
#include "opencl/engine.h"

#define ONE (INT64_C(1) << PL_COEFFICIENT_BITS)

static char folder[64], options[128], message[PL_MESSAGE_BYTES];

static struct pl_line lines[8];

static void put(size_t i, const void *record)
{
    memcpy(&lines[i], record, sizeof lines[i]);
}

/* One perpetual, held by one account. */
static size_t make_load(void)
{
    put(0, &(struct pl_model){ .kind = PL_RECORD_MODEL,
                               .instruments = 1,
                               .expiries = 1,
                               .underlyings = 1,
                               .classes = 1,
                               .multipliers = 1 });
    put(1, &(struct pl_underlying){ .kind = PL_RECORD_UNDERLYING,
                                    .mm_loss_factor = ONE,
                                    .im_loss_factor = ONE,
                                    .basis_up = ONE,
                                    .basis_down = ONE });
    put(2, &(struct pl_expiry){ .kind = PL_RECORD_EXPIRY });
    put(3, &(struct pl_instrument){ .kind = PL_RECORD_INSTRUMENT,
                                    .row = PL_ROW_KIND_LINEAR,
                                    .unit = pl_real_pack(pl_real_from_int(1)) });
    put(4, &(struct pl_class){ .kind = PL_RECORD_CLASS });
    put(5, &(struct pl_multiplier){ .kind = PL_RECORD_MULTIPLIER, .value = ONE });
    return 6;
}

static size_t make_tick(uint64_t tick)
{
    put(0, &(struct pl_tick_price){ .kind = PL_RECORD_TICK_PRICE,
                                    .forward = 100 + tick,
                                    .index_price = 100,
                                    .discount = pl_real_pack(pl_real_from_int(1)) });
    put(1, &(struct pl_tick_commit){ .kind = PL_RECORD_TICK_COMMIT, .tick = tick });
    return 2;
}

static const uint64_t slots[] = {
    (uint64_t)PL_TAG_HEADER << 56 | (uint64_t)PL_MODE_PORTFOLIO << 32,
    (uint64_t)PL_TAG_POSITION << 56 | 5,
    (uint64_t)PL_TAG_END << 56,
};
#define SLOTS (sizeof slots / sizeof slots[0])

/* A failure leaves nothing behind but what has to be done again. */
static void use_again(const struct pl_dev_ops *ops, struct pl_dev *dev, bool loaded)
{
    struct pl_verdict verdicts[2];
    uint64_t detail;
    if (!loaded) {
        assert_int_equal(ops->tick(dev, lines, make_tick(8)), -PL_STATUS_NOT_LOADED);
        assert_int_equal(ops->load(dev, lines, make_load(), &detail), 0);
    }
    assert_int_equal(ops->tick(dev, lines, make_tick(9)), 0);
    assert_int_equal(ops->sweep(dev, slots, SLOTS, PL_STATE_HEALTHY, false), 0);
    assert_int_equal(ops->poll(dev, verdicts, 2, NULL), 1);
}

/* Open, load, a tick, a sweep, a watched set and its tick, close; the first error, or 0. */
static int use(void)
{
    const struct pl_dev_ops *ops = &pl_dev_opencl_ops;
    struct pl_dev *dev;
    struct pl_verdict verdicts[2];
    struct pl_tick_summary summary;
    uint64_t detail;
    bool ended;
    message[0] = '\0';
    int error = pl_ocl_open(&fake_calls, options, &dev, message);
    if (error != 0)
        return error;
    error = ops->load(dev, lines, make_load(), &detail);
    const bool loaded = error == 0;
    error = error != 0 ? error : ops->tick(dev, lines, make_tick(1));
    error = error != 0 ? error : ops->sweep(dev, slots, SLOTS, PL_STATE_MARGIN_CALL, false);
    error = error != 0 ? error : ops->poll(dev, verdicts, 2, &summary);
    error = error != 0 ? error : ops->watch(dev, slots, SLOTS, PL_STATE_MARGIN_CALL);
    error = error != 0 ? error : ops->tick(dev, lines, make_tick(2));
    error = error != 0 ? error : ops->watched(dev, verdicts, 2, &summary, &ended);
    error = error != 0 ? error : -(int)summary.status;
    if (error < 0)
        snprintf(message, sizeof message, "%s", ops->message(dev));
    if (error < 0 && fake.memory == SIZE_MAX)
        use_again(ops, dev, loaded);
    ops->close(dev);
    return error;
}

static void forget_binaries(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/plimsoll-opencl-%ld", (long)getpid());
    snprintf(options, sizeof options, "cache=%s,wait=1", folder);
    fake_reset();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    forget_binaries();
    return 0;
}

static void every_opencl_call_failing_in_turn_leaks_nothing(void **state)
{
    (void)state;
    static const cl_int codes[] = { CL_OUT_OF_RESOURCES, CL_INVALID_VALUE };
    static const char *const names[] = { "CL_OUT_OF_RESOURCES", "CL_INVALID_VALUE" };
    assert_int_equal(use(), 0);
    assert_int_equal(fake.alive, 0);
    const long calls = fake.calls;
    assert_true(calls > 100);
    for (size_t c = 0; c < 2; c++) {
        long told = 0;
        for (long i = 0; i < calls + 2; i++) {
            fake_reset();
            fake.fail_at = i;
            fake.code = codes[c];
            forget_binaries();
            int error = use();
            assert_int_equal(fake.alive, 0);
            if (error != 0) {
                assert_true(error < 0);
                assert_true(strstr(message, "device opencl: ") == message);
            }
            told +=
                error != 0 && strstr(message, names[c]) != NULL && strstr(message, "cl") != NULL;
        }
        assert_true(told > calls * 3 / 4); /* others only ask what kind of device it is */
    }
}

static void out_of_device_memory_is_said(void **state)
{
    (void)state;
    fake.memory = 1000;
    assert_int_equal(use(), -ENOMEM);
    assert_non_null(strstr(message, "clCreateBuffer: CL_MEM_OBJECT_ALLOCATION_FAILURE"));
    assert_non_null(strstr(message, "bytes"));
    assert_int_equal(fake.alive, 0);
    fake.memory = 100000; /* enough for the polynomials, the accounts and their tables */
    assert_int_equal(use(), 0);
}

static void no_platform_is_said(void **state)
{
    (void)state;
    fake.platforms = 0;
    assert_int_equal(use(), -ENODEV);
    assert_non_null(strstr(message, "no platform (CL_PLATFORM_NOT_FOUND_KHR)"));
    assert_non_null(strstr(message, "pocl-opencl-icd"));
    fake_reset();
    fake.devices = 0;
    assert_int_equal(use(), -ENODEV);
    assert_non_null(strstr(message, "there is no device; the platform is 0 (Fake)"));
    assert_non_null(strstr(message, "plimsoll devices"));
}

static void what_cannot_run_the_kernels_is_refused(void **state)
{
    (void)state;
    fake.profile = "EMBEDDED_PROFILE";
    assert_int_equal(use(), -ENOTSUP);
    assert_non_null(strstr(message, "has no 64-bit integers"));
    fake.extensions = "cles_khr_int64 and more";
    assert_int_equal(use(), 0);
    fake_reset();
    fake.version = "OpenCL 1.1 fake";
    assert_int_equal(use(), -ENOTSUP);
    assert_non_null(strstr(message, "OpenCL 1.2"));
    fake_reset();
    fake.little = false;
    assert_int_equal(use(), -ENOTSUP);
    assert_non_null(strstr(message, "high byte"));
}

static void devices_are_chosen_by_number_and_name(void **state)
{
    (void)state;
    static const struct {
        const char *options;
        int error;
        const char *name; /* of the device; or what is said */
    } list[] = {
        { "cache=", 0, "Device 1" }, /* the graphics processor */
        { "cache=,device=0", 0, "Device 0" },
        { "cache=,platform=fake,device=DEVICE 1", 0, "Device 1" },
        { "cache=,platform=fake,device=1", 0, "Device 1" },
        { "cache=,device=2", -ENODEV, "there is no device \"2\"; the platform is 0 (" },
        { "cache=,platform=0,device=x", -ENODEV, "there is no device \"x\" of that platform;" },
        { "cache=,platform=9", -ENODEV, "there is no platform \"9\"; the platform is 0 (" },
        { "cache=,platform=other,device=0", -ENODEV, "there is no platform \"other\";" },
    };
    fake.devices = 2;
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        struct pl_dev *dev;
        struct pl_capabilities c;
        assert_int_equal(pl_ocl_open(&fake_calls, list[i].options, &dev, message), list[i].error);
        if (list[i].error != 0) {
            assert_non_null(strstr(message, list[i].name));
            continue;
        }
        pl_dev_opencl_ops.capabilities(dev, &c);
        assert_non_null(strstr(c.description, list[i].name));
        pl_dev_opencl_ops.close(dev);
    }
    assert_int_equal(fake.alive, 0);
}

static void opencl_devices_are_listed(void **state)
{
    (void)state;
    struct pl_ocl_found found[PL_OCL_DEVICES_MAX];
    fake.devices = 2;
    assert_int_equal(pl_ocl_list(&fake_calls, found, PL_OCL_DEVICES_MAX, message), 2);
    assert_int_equal(found[1].platform, 0);
    assert_int_equal(found[1].device, 1);
    assert_int_equal(found[1].rank, 3);
    assert_null(found[1].unfit);
    assert_non_null(strstr(found[1].name, "Device 1"));
    assert_int_equal(pl_ocl_list(&fake_calls, found, 1, message), 1);
    fake.little = false;
    assert_int_equal(pl_ocl_list(&fake_calls, found, PL_OCL_DEVICES_MAX, message), 2);
    assert_non_null(strstr(found[0].unfit, "high byte"));
    fake.devices = 0;
    assert_int_equal(pl_ocl_list(&fake_calls, found, PL_OCL_DEVICES_MAX, message), 0);
    fake.platforms = 0;
    assert_int_equal(pl_ocl_list(&fake_calls, found, PL_OCL_DEVICES_MAX, message), -ENODEV);
    assert_non_null(strstr(message, "no platform"));
    assert_int_equal(fake.alive, 0);
}

static void a_failed_build_shows_its_log(void **state)
{
    (void)state;
    fake.builds = false;
    assert_int_equal(use(), -EIO);
    assert_non_null(strstr(message, "clBuildProgram: CL_BUILD_PROGRAM_FAILURE"));
    assert_non_null(strstr(message, "error: no such thing"));
    assert_int_equal(fake.alive, 0);
}

static void binaries_serve_a_runtime_without_a_compiler(void **state)
{
    (void)state;
    fake.compiler = false;
    assert_int_equal(use(), -ENOTSUP);
    assert_non_null(strstr(message, "has no compiler"));
    assert_non_null(strstr(message, "cache=DIR"));
    fake_reset();
    assert_int_equal(use(), 0);
    assert_int_equal(fake.built, 1);
    fake.compiler = false;
    assert_int_equal(use(), 0);
    assert_int_equal(fake.built, 1);
    fake.driver = "2"; /* another one's binaries are not taken */
    assert_int_equal(use(), -ENOTSUP);
    fake.compiler = true;
    assert_int_equal(use(), 0);
    assert_int_equal(fake.built, 2);
    fake.takes_binaries = false; /* the driver refuses its own */
    assert_int_equal(use(), 0);
    assert_int_equal(fake.built, 3);
    fake.compiler = false;
    assert_int_equal(use(), -ENOTSUP);
    assert_non_null(strstr(message, "CL_INVALID_BINARY"));
    assert_int_equal(fake.alive, 0);
}

static void damaged_binaries_are_not_taken(void **state)
{
    (void)state;
    const struct pl_ocl_key key = { 1, 2, 3 }, other = { 1, 2, 4 };
    const unsigned char binary[] = "some bytes";
    char path[256], why[128];
    size_t count;
    assert_int_equal(pl_ocl_cache_path(folder, &key, path, sizeof path), 0);
    assert_null(pl_ocl_cache_read(path, &key, &count, why));
    assert_int_equal(pl_ocl_cache_write(folder, path, &key, binary, sizeof binary), 0);
    unsigned char *got = pl_ocl_cache_read(path, &key, &count, why);
    assert_non_null(got);
    assert_int_equal(count, sizeof binary);
    assert_memory_equal(got, binary, sizeof binary);
    free(got);
    assert_null(pl_ocl_cache_read(path, &other, &count, why));
    assert_non_null(strstr(why, "another contract"));
    FILE *f = fopen(path, "rb");
    unsigned char whole[256];
    size_t bytes = fread(whole, 1, sizeof whole, f);
    fclose(f);
    for (size_t i = 0; i <= bytes; i++) { /* cut, one byte more, each byte changed */
        whole[bytes] = 0;
        for (int changed = 0; changed < 2; changed++) {
            whole[i] ^= changed;
            f = fopen(path, "wb");
            fwrite(whole, 1, changed || i == bytes ? (i == bytes ? i + 1 : bytes) : i, f);
            fclose(f);
            whole[i] ^= changed;
            assert_null(pl_ocl_cache_read(path, &key, &count, why));
        }
    }
    f = fopen(path, "wb");
    fwrite(whole, 1, bytes, f);
    fclose(f);
    got = pl_ocl_cache_read(path, &key, &count, why);
    assert_non_null(got);
    free(got);
}

static void a_device_that_does_not_answer_is_given_up(void **state)
{
    (void)state;
    fake.answers = false;
    assert_int_equal(use(), -ETIMEDOUT);
    assert_non_null(strstr(message, "does not answer for 1 s"));
}

static void bad_options_of_opencl_are_named(void **state)
{
    (void)state;
    static const char *const bad[] = { "lanes=3",      "lanes=16", "lanes=",    "wait=0",
                                       "profile=tiny", "fast",     "platform",  "cache=x,",
                                       "wait=1s",      ",cache=x", "wait=1e99", "device" };
    struct pl_dev *dev;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(pl_ocl_open(&fake_calls, bad[i], &dev, message), -EINVAL);
        assert_non_null(strstr(message, "use opencl: alone"));
    }
    assert_int_equal(fake.alive, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_opencl_call_failing_in_turn_leaks_nothing),
        TEST(out_of_device_memory_is_said),
        TEST(no_platform_is_said),
        TEST(what_cannot_run_the_kernels_is_refused),
        TEST(devices_are_chosen_by_number_and_name),
        TEST(opencl_devices_are_listed),
        TEST(a_failed_build_shows_its_log),
        TEST(binaries_serve_a_runtime_without_a_compiler),
        TEST(damaged_binaries_are_not_taken),
        TEST(a_device_that_does_not_answer_is_given_up),
        TEST(bad_options_of_opencl_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

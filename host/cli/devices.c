/* plimsoll devices */
#include "commands.h"

static const char *const uris[] = { "model:", "model:profile=small",
                                    "sim:", "sim:profile=small,lanes=1" };

int pl_cli_devices(const struct pl_options *options)
{
    static const struct pl_column columns[] = {
        { "device", "device", PL_COLUMN_TEXT },
        { "profile", "profile", PL_COLUMN_TEXT },
        { "scenarios", "scenarios", PL_COLUMN_COUNT },
        { "instruments", "instruments", PL_COLUMN_COUNT },
        { "expiries", "expiries", PL_COLUMN_COUNT },
        { "description", "description", PL_COLUMN_TEXT },
    };
    struct pl_output output;
    struct pl_listing listing;
    pl_output_start(&output, options->format);
    pl_listing_start(&listing, &output, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < sizeof uris / sizeof uris[0]; i++) {
        char message[PL_MESSAGE_BYTES];
        struct pl *device;
        struct pl_capabilities capabilities;
        if (pl_open(uris[i], &device, message) != 0) {
            pl_complain_lines(message);
            continue;
        }
        pl_capabilities(device, &capabilities);
        pl_listing_text(&listing, uris[i]);
        pl_listing_text(&listing, capabilities.profile == PL_PROFILE_SMALL ? "small" : "full");
        pl_listing_count(&listing, capabilities.scenarios);
        pl_listing_count(&listing, capabilities.instruments);
        pl_listing_count(&listing, capabilities.expiries);
        pl_listing_text(&listing, capabilities.description);
        pl_close(device);
    }
    pl_output_listing(&output, "devices", NULL, &listing, true);
    return pl_output_finish(&output) == 0 ? PL_EXIT_OK : PL_EXIT_ERROR;
}

#include "settings.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pl_abi.h"
#include "plimsoll.h"

#define WAIT_S 300
#define WAIT_S_MAX 86400

static int refuse(char *message, const char *option, const char *why)
{
    snprintf(message, PL_MESSAGE_BYTES,
             "device opencl: option \"%.200s\": %s; use opencl: alone, or with platform=P, "
             "device=D, profile=full|small, cache=DIR, lanes=1|2|4|8, wait=SECONDS",
             option, why);
    return -EINVAL;
}

static int take_text(char *out, size_t bytes, const char *option, const char *value, char *message)
{
    int n = snprintf(out, bytes, "%s", value);
    return n >= 0 && (size_t)n < bytes ? 0 : refuse(message, option, "too long");
}

/* A number in 1..max. */
static bool take_number(const char *value, unsigned long max, unsigned *out)
{
    char *end;
    errno = 0;
    unsigned long n = strtoul(value, &end, 10);
    *out = (unsigned)n;
    return *value >= '0' && *value <= '9' && *end == '\0' && errno == 0 && n >= 1 && n <= max;
}

static int take_profile(struct pl_ocl_settings *s, const char *option, const char *value,
                        char *message)
{
    bool small = strcmp(value, "small") == 0;
    s->profile = small ? PL_PROFILE_SMALL : PL_PROFILE_FULL;
    return small || strcmp(value, "full") == 0
               ? 0
               : refuse(message, option, "there is no such profile");
}

static bool is_named(const char *option, const char *name)
{
    size_t length = strlen(name);
    return strncmp(option, name, length) == 0 && option[length] == '=';
}

static int take_option(struct pl_ocl_settings *s, const char *option, char *message)
{
    const char *equals = strchr(option, '=');
    const char *value = equals == NULL ? "" : equals + 1;
    if (is_named(option, "platform"))
        return take_text(s->platform, sizeof s->platform, option, value, message);
    if (is_named(option, "device"))
        return take_text(s->device, sizeof s->device, option, value, message);
    if (is_named(option, "cache"))
        return take_text(s->cache, sizeof s->cache, option, value, message);
    if (is_named(option, "profile"))
        return take_profile(s, option, value, message);
    if (is_named(option, "lanes")) {
        bool good = take_number(value, 8, &s->lanes) && (s->lanes & (s->lanes - 1)) == 0;
        return good ? 0 : refuse(message, option, "lanes are 1, 2, 4 or 8");
    }
    if (is_named(option, "wait"))
        return take_number(value, WAIT_S_MAX, &s->wait_s)
                   ? 0
                   : refuse(message, option, "not a number of seconds from 1 to a day");
    return refuse(message, option, "there is no such option");
}

/* Where binaries lie unless told otherwise: none where there is no home either. */
static void default_cache(struct pl_ocl_settings *s)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int n = 0;
    if (cache != NULL && cache[0] == '/')
        n = snprintf(s->cache, sizeof s->cache, "%s/plimsoll", cache);
    else if (home != NULL && home[0] == '/')
        n = snprintf(s->cache, sizeof s->cache, "%s/.cache/plimsoll", home);
    if (n < 0 || (size_t)n >= sizeof s->cache)
        s->cache[0] = '\0';
}

int pl_ocl_settings_take(struct pl_ocl_settings *s, const char *options, char *message)
{
    char *text = strdup(options), *rest = text, *option;
    int error = text == NULL ? -ENOMEM : 0;
    *s = (struct pl_ocl_settings){ .profile = PL_PROFILE_FULL, .wait_s = WAIT_S };
    default_cache(s);
    while (error == 0 && *text != '\0' && (option = strsep(&rest, ",")) != NULL)
        error = take_option(s, option, message);
    free(text);
    return error;
}

/* Options of opencl:, with commas between them: platform=P and device=D (a number, or part of the
 * name; default: a graphics processor, else the first there is), profile=full or small, cache=DIR
 * (of program binaries; default: plimsoll in XDG_CACHE_HOME or ~/.cache; cache= alone: none),
 * lanes=1, 2, 4 or 8 (numbers at a time; default: as the device prefers), wait=SECONDS (the longest
 * wait for the device, default 300: PoCL compiles in it). */
#ifndef PL_OPENCL_SETTINGS_H
#define PL_OPENCL_SETTINGS_H

#include <stdint.h>

struct pl_ocl_settings {
    char platform[64], device[64]; /* "": any */
    char cache[512];               /* "": none */
    uint8_t profile;
    unsigned lanes; /* 0: as the device prefers */
    unsigned wait_s;
};

/* 0, -EINVAL with the option and what to do in `message` (PL_MESSAGE_BYTES), or -ENOMEM. */
int pl_ocl_settings_take(struct pl_ocl_settings *settings, const char *options, char *message);

#endif

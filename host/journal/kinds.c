#include "kinds.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    uint32_t low, high;
} kinds[] = {
    { "load", PL_ENTRY_LOAD, PL_ENTRY_LOAD },
    { "commit", PL_ENTRY_COMMIT, PL_ENTRY_COMMIT },
    { "submit", PL_ENTRY_SUBMIT, PL_ENTRY_SUBMIT },
    { "names", PL_ENTRY_NAMES, PL_ENTRY_NAMES },
    { "venue", PL_ENTRY_VENUE, PL_ENTRY_VENUE },
    { "given", PL_ENTRY_GIVEN, PL_ENTRY_GIVEN },
    { "verdict", PL_ENTRY_VERDICT, PL_ENTRY_VERDICT },
    { "action", PL_ENTRY_ACTION, PL_ENTRY_ACTION + PL_ENTRY_ACTION_KINDS - 1 },
    { "acknowledged", PL_ENTRY_ACKNOWLEDGED, PL_ENTRY_ACKNOWLEDGED },
    { "input", PL_ENTRY_LOAD, PL_ENTRY_INPUT_LAST }, /* last: names no single kind */
};

const char *pl_entry_kind_name(uint32_t kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kind >= kinds[i].low && kind <= kinds[i].high)
            return kinds[i].name;
    return "?";
}

bool pl_entry_kind_find(const char *name, uint32_t *low, uint32_t *high)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(name, kinds[i].name) == 0) {
            *low = kinds[i].low;
            *high = kinds[i].high;
            return true;
        }
    }
    return false;
}

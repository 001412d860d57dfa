#include "dev.h"

#include "card.h"
#include "pci_card.h"

#include <string.h>

static const struct pl_dev_ops *const backends[] = { &pl_dev_model_ops, &pl_dev_cpu_ops,
                                                     &pl_dev_opencl_ops, &pl_dev_sim_ops,
                                                     &pl_dev_pci_ops };

const struct pl_dev_ops *pl_dev_find(const char *uri, const char **options)
{
    for (size_t i = 0; i < sizeof backends / sizeof backends[0]; i++) {
        size_t length = strlen(backends[i]->scheme);
        if (strncmp(uri, backends[i]->scheme, length) == 0 && uri[length] == ':') {
            *options = uri + length + 1;
            return backends[i];
        }
    }
    return NULL;
}

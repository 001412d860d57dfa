/* Prints the kernels' source as a device gets it. Usage: opencl_source PROFILE LANES. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opencl/source.h"
#include "pl_abi.h"

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: opencl_source full|small LANES\n");
        return 2;
    }
    bool small = strcmp(argv[1], "small") == 0;
    char *source = pl_ocl_source(small ? PL_PROFILE_SMALL : PL_PROFILE_FULL,
                                 (unsigned)strtoul(argv[2], NULL, 10));
    if (source == NULL)
        return 1;
    fputs(source, stdout);
    free(source);
    return 0;
}

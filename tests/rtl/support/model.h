/* The C model in a C++ bench: its headers are C11, of which two keywords have another name in C++.
 */
#ifndef PL_BENCH_MODEL_H
#define PL_BENCH_MODEL_H

#define _Static_assert static_assert
#define _Alignas alignas
#include "model/money.h"

#endif

/* codes.h - the words of business errors, by their code */
#ifndef SANDBOX_MARKET_CODES_H
#define SANDBOX_MARKET_CODES_H

#include "base/str.h"

/* Empty: no such code. */
struct str code_text(int64_t number);

#endif

/* demands_own.h - inside of demands, for the two files that know it */
#ifndef SANDBOX_MARKET_DEMANDS_OWN_H
#define SANDBOX_MARKET_DEMANDS_OWN_H

#include "sandbox/market/demands.h"

struct demands {
    json_t *attributes; /* id to {name, type, is_customizable, …, values} */
    json_t *categories; /* id or "*" to {attributes, without, rules, whole} */
};

struct demands *demands_new(void);

#endif

/* suggestion.h - a proposed leaf with its reasons: what a marketplace and our matcher
 * both make */
#ifndef TAXONOMY_SUGGESTION_H
#define TAXONOMY_SUGGESTION_H

#include "base/str.h"

enum advisor {
    ADVISOR_LOCAL,       /* our matcher */
    ADVISOR_MARKETPLACE, /* the channel's recommend call */
    ADVISOR_RULE,
    ADVISOR_PERSON,
};

const char *
advisor_name(enum advisor advisor); /* "local", "marketplace", "rule", "person" */
bool advisor_parse(struct str name, enum advisor *out);

struct suggestion {
    struct str category_id;
    double confidence; /* the probability, 0 to 1, that the leaf is right; of a
                        * marketplace that states none: what we measured of it */
    enum advisor advisor;
    struct str reasons; /* words that decided, for a person: "kaos, pria"; may be empty */
};

#endif

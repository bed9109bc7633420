#include "base/nearest.h"
#include "base/text.h"

void nearest_try(struct nearest *n, struct str name)
{
    size_t length = n->typed.n;
    unsigned most = length <= 3 ? 1 : length <= 6 ? 2 : 3;
    unsigned distance = text_distance(n->typed, name, most);

    if (distance > most && length >= 3 && str_eq(str_head(name, length), n->typed))
        distance = most; /* the beginning of a name */
    if (distance <= most && (str_empty(n->name) || distance < n->distance)) {
        n->name = name;
        n->distance = distance;
    }
}

void nearest_note(const struct nearest *n, struct aisle_err *err)
{
    if (!str_empty(n->name))
        aisle_note(err, "did you mean '%.*s'?", STR_ARG(n->name));
}

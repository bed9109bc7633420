#include "image/boxes.h"

#include "image/kinds.h"

bool box_next(struct str *rest, struct box *out)
{
    size_t head = 8;
    uint64_t length;

    if (!has(*rest, 0, head))
        return false;
    length = be32(*rest, 0);
    if (length == 1) { /* too long for four bytes: eight more follow */
        if (!has(*rest, head, 8))
            return false;
        length = (uint64_t)be32(*rest, 8) << 32 | be32(*rest, 12);
        head = 16;
    } else if (length == 0) { /* the last one, to the end */
        length = rest->n;
    }
    if (length < head)
        return false;
    out->type = str_n(rest->p + 4, 4);
    out->whole = length <= rest->n;
    if (!out->whole)
        length = rest->n;
    out->data = str_n(rest->p + head, (size_t)length - head);
    *rest = str_skip(*rest, (size_t)length);
    return true;
}

struct str box_find(struct str boxes, const char *type)
{
    struct box box;

    while (box_next(&boxes, &box))
        if (str_is(box.type, type))
            return box.data;
    return str_of(NULL);
}

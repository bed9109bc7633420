/* body_fill.c - what a draft lacks taken from another, member by member */
#include "listing/members.h"

static void fill(const struct members *members, void *row, const void *from, bool all);

static void copy(const struct member *m, void *row, const void *from)
{
    void *to = member_at(row, m->at);
    const void *at = member_of(from, m->at);

    switch (m->kind) {
    case MEMBER_TEXT:
    case MEMBER_DECIMAL:
        *(struct str *)to = *(const struct str *)at;
        return;
    case MEMBER_INT:
        *(struct listing_int *)to = *(const struct listing_int *)at;
        return;
    case MEMBER_FLAG:
        *(enum listing_flag *)to = *(const enum listing_flag *)at;
        return;
    case MEMBER_MONEY:
        *(struct listing_money *)to = *(const struct listing_money *)at;
        return;
    case MEMBER_TEXTS:
    case MEMBER_LIST:
        *(const void **)to = *(const void *const *)at;
        *(size_t *)member_at(row, m->count) = *(const size_t *)member_of(from, m->count);
        return;
    case MEMBER_OBJECT:
        *(bool *)member_at(row, m->said) = true;
        fill(m->inside, to, at, true);
        return;
    case MEMBER_CURRENCY:
        return;
    }
}

static void fill(const struct members *members, void *row, const void *from, bool all)
{
    for (size_t i = 0; i < members->count; i++) {
        const struct member *m = &members->rows[i];

        if (member_is_there(m, from) && (all || !member_is_there(m, row)))
            copy(m, row, from);
    }
}

void listing_fill(struct listing_draft *draft, const struct listing_draft *from)
{
    fill(&body_members, draft, from, false);
}

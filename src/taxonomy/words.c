/* words.c - the words for what taxonomy's numbers mean, and back */
#include "taxonomy/suggestion.h"
#include "taxonomy/taxonomy.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* permission_statuses of Get Categories 202309. */
static const struct {
    const char *word;
    unsigned bit;
} permissions_known[] = {
    {"AVAILABLE", PERMISSION_AVAILABLE},
    {"INVITE_ONLY", PERMISSION_INVITE_ONLY},
    {"NON_MAIN_CATEGORY", PERMISSION_NON_MAIN_CATEGORY},
    {"PROHIBITED", PERMISSION_PROHIBITED},
    {"UNKNOWN", PERMISSION_UNKNOWN},
};

unsigned permission_parse(struct str word)
{
    for (size_t i = 0; i < COUNT(permissions_known); i++)
        if (str_is(word, permissions_known[i].word))
            return permissions_known[i].bit;
    return PERMISSION_UNKNOWN;
}

void permission_format(unsigned permissions, char out[80])
{
    size_t n = 0;

    for (size_t i = 0; i < COUNT(permissions_known); i++) {
        struct str word = str_of(permissions_known[i].word);

        if (!(permissions & permissions_known[i].bit))
            continue;
        if (n)
            out[n++] = ',';
        memcpy(out + n, word.p, word.n);
        n += word.n;
    }
    out[n] = '\0';
}

bool permission_is_open(unsigned permissions)
{
    return permissions == 0 || permissions == PERMISSION_AVAILABLE;
}

const char *taxonomy_problem_name(enum taxonomy_problem problem)
{
    switch (problem) {
    case TAXONOMY_CYCLE:
        return "cycle";
    case TAXONOMY_ORPHAN:
        return "orphan";
    case TAXONOMY_DOUBLE_ID:
        return "double-id";
    case TAXONOMY_EMPTY_ID:
        return "empty-id";
    case TAXONOMY_PARENT_WITHOUT_CHILD:
        return "parent-without-child";
    case TAXONOMY_LEAF_WITH_CHILD:
        return "leaf-with-child";
    case TAXONOMY_STRAY_SPACE:
        return "stray-space";
    case TAXONOMY_EMPTY_NAME:
        return "empty-name";
    case TAXONOMY_TOO_DEEP:
        return "too-deep";
    case TAXONOMY_LOCALE_DIFFERS:
        return "locale-differs";
    }
    return "unknown";
}

static const char *const advisors[] = {
    [ADVISOR_LOCAL] = "local",
    [ADVISOR_MARKETPLACE] = "marketplace",
    [ADVISOR_RULE] = "rule",
    [ADVISOR_PERSON] = "person",
};

const char *advisor_name(enum advisor advisor)
{
    return (size_t)advisor < COUNT(advisors) ? advisors[advisor] : "unknown";
}

bool advisor_parse(struct str name, enum advisor *out)
{
    for (size_t i = 0; i < COUNT(advisors); i++)
        if (str_is(name, advisors[i])) {
            *out = (enum advisor)i;
            return true;
        }
    return false;
}

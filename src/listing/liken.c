#include "listing/liken.h"

#include "base/text.h"
#include "listing/words.h"

const char *likeness_name(enum likeness likeness)
{
    static const char *const names[] = {
        [LIKE_NOTHING] = "nothing", [LIKE_NEAR] = "near",       [LIKE_PART] = "part",
        [LIKE_PLURAL] = "plural",   [LIKE_SYNONYM] = "synonym", [LIKE_SAME] = "same",
    };

    return names[likeness];
}

bool likeness_is_sure(enum likeness likeness)
{
    return likeness >= LIKE_SYNONYM;
}

/* ---- plurals ---- */

/* "kaos kaos": Indonesian says many by saying it twice. */
static struct str halved(struct str key)
{
    size_t half = key.n / 2;

    if (key.n >= 5 && key.n % 2 == 1 && key.p[half] == ' ' &&
        str_eq(str_head(key, half), str_skip(key, half + 1)))
        return str_head(key, half);
    return key;
}

/* English ones: "stripes", "dresses", "accessories". Words that end in -ss stay. */
static bool is_plural_of(struct str many, struct str one)
{
    if (many.n <= one.n || one.n < 3)
        return false;
    if (str_ends(many, "ies") && str_ends(one, "y"))
        return str_eq(str_head(many, many.n - 3), str_head(one, one.n - 1));
    if (!str_eq(str_head(many, one.n), one))
        return false;
    return str_is(str_skip(many, one.n), "es") ||
           (str_is(str_skip(many, one.n), "s") && !str_ends(one, "s"));
}

static bool is_plural(struct str a, struct str b)
{
    return str_eq(halved(a), halved(b)) || is_plural_of(a, b) || is_plural_of(b, a);
}

/* ---- parts ---- */

enum { PART_LEAST = 3 }; /* "xl" stands in too many things */

/* Whole words in a row. */
static bool has_words(struct str whole, struct str part)
{
    for (size_t i = 0; part.n >= PART_LEAST && i + part.n <= whole.n; i++) {
        bool begins = i == 0 || whole.p[i - 1] == ' ';
        bool ends = i + part.n == whole.n || whole.p[i + part.n] == ' ';

        if (begins && ends && memcmp(whole.p + i, part.p, part.n) == 0)
            return true;
    }
    return false;
}

/* Any word of one that is a word for the whole other: "full cotton" and "katun". */
static bool has_word_for(struct str whole, struct str part)
{
    while (!str_empty(whole)) {
        struct str word = str_cut(&whole, ' ');

        if (word.n >= PART_LEAST && words_same(word, part))
            return true;
    }
    return false;
}

/* ---- all together ---- */

static bool is_near(struct str a, struct str b)
{
    size_t shorter = a.n < b.n ? a.n : b.n;
    unsigned most = shorter < 4 ? 0 : shorter < 8 ? 1 : 2;

    return most && text_distance(a, b, most) <= most;
}

static enum likeness keys_liken(struct str a, struct str b)
{
    if (!a.n || !b.n)
        return LIKE_NOTHING;
    if (str_eq(a, b))
        return LIKE_SAME;
    if (words_same(a, b))
        return LIKE_SYNONYM;
    if (is_plural(a, b))
        return LIKE_PLURAL;
    if (has_words(a, b) || has_words(b, a) || has_word_for(a, b))
        return LIKE_PART;
    return is_near(a, b) ? LIKE_NEAR : LIKE_NOTHING;
}

enum likeness names_liken(struct str a, struct str b, struct arena *scratch)
{
    return keys_liken(words_key(a, scratch), words_key(b, scratch));
}

const struct required_value *value_liken(const struct required_attribute *a,
                                         struct str value, struct arena *scratch,
                                         enum likeness *likeness)
{
    struct str key = words_key(value, scratch);
    const struct required_value *best = NULL;
    size_t best_length = 0;

    *likeness = LIKE_NOTHING;
    for (size_t i = 0; i < a->value_count; i++) {
        struct arena_mark mark = arena_mark(scratch);
        struct str other = words_key(a->values[i].name, scratch);
        enum likeness like =
            str_eq(a->values[i].id, value) ? LIKE_SAME : keys_liken(key, other);

        /* of two that stand in it, the longer says more */
        if (like > *likeness ||
            (like == LIKE_PART && like == *likeness && other.n > best_length)) {
            best = &a->values[i];
            best_length = other.n;
            *likeness = like;
        }
        arena_rewind(scratch, mark);
    }
    return best;
}

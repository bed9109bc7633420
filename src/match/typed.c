/* typed.c - typed text to words and the steps of a path */
#include "match/typed.h"

/* Where one part of a path ends: at ">", or at "/" and "|" where there is no ">". */
static char separator_of(struct str text)
{
    static const char separators[] = {'>', '/', '|'};

    for (size_t i = 0; i < sizeof separators; i++)
        if (str_find_char(text, separators[i]) < text.n)
            return separators[i];
    return '\0';
}

bool typed_is_path(struct str text)
{
    return separator_of(text) != '\0';
}

bool typed_is_address(struct str text)
{
    return str_find(text, STR_LIT("://")) < text.n;
}

/* Of a pasted address, the path: "https://host/p/fashion/kaos?x=1" to "p/fashion/kaos".
 */
static struct str without_host(struct str text)
{
    size_t scheme = str_find(text, STR_LIT("://"));

    if (scheme == text.n)
        return text;
    text = str_skip(text, scheme + 3);
    text = str_skip(text, str_find_char(text, '/') + 1);
    return str_head(text, str_find_char(text, '?'));
}

static void add_words(struct typed *q, const struct word_list *list, uint32_t part)
{
    for (size_t i = 0; i < list->n && q->count < TYPED_MAX_WORDS; i++) {
        struct typed_word *w = &q->words[q->count];

        if (q->address && list->at[i].text.n < 3) /* "/p/", "/en/" */
            continue;
        q->count++;
        *w = (struct typed_word){.text = list->at[i].text, .part = part};
        w->plain = word_plain(w->text, w->plain_room);
    }
}

static bool ends_open(struct str text)
{
    return !str_empty(text) && text.p[text.n - 1] != ' ';
}

/* Each part is split on its own; the words' text is kept in room, for the splitter
 * forgets. */
enum aisle_status typed_read(struct word_splitter *splitter, struct buf *room,
                             struct str text, struct typed *q, struct aisle_err *err)
{
    struct str rest = without_host(text);
    char separator = separator_of(rest);
    enum aisle_status status = AISLE_OK;
    size_t offsets[TYPED_MAX_WORDS] = {0};

    *q = (struct typed){.address = typed_is_address(text)};
    buf_reset(room);
    while (!str_empty(rest) && status == AISLE_OK) {
        struct word_list list;
        size_t before = q->count;
        struct str part = separator ? str_cut(&rest, separator) : rest;

        if (!separator)
            rest.n = 0;
        status = words_split(splitter, part, &list, err);
        if (status != AISLE_OK || list.n == 0)
            continue;
        add_words(q, &list, (uint32_t)q->parts++);
        for (size_t i = before; i < q->count; i++) {
            offsets[i] = room->n;
            buf_add(room, q->words[i].text);
        }
    }
    for (size_t i = 0; i < q->count; i++)
        q->words[i].text.p = buf_str(room).p + offsets[i];
    if (q->count)
        q->words[q->count - 1].last = ends_open(text);
    return status == AISLE_OK ? buf_check(room, "search text", err) : status;
}

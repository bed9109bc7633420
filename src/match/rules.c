#include "match/rules.h"

#include "catalog/product.h"

#include <stdlib.h>

static const struct str first_line = {"# aisle rules 1", 15};

/* ---- making ---- */

static int by_text(const void *a, const void *b)
{
    const struct word *x = a, *y = b;

    return str_cmp(x->text, y->text);
}

/* The words of what was said, in order, each once. */
static enum aisle_status sort_words(struct word_splitter *splitter, struct str said,
                                    struct buf *out, struct aisle_err *err)
{
    struct word_list words;
    enum aisle_status status = words_split(splitter, said, &words, err);
    struct str before = {0};
    size_t n = 0;

    if (status != AISLE_OK)
        return status;
    if (words.n)
        qsort(words.at, words.n, sizeof *words.at, by_text);
    for (size_t i = 0; i < words.n; i++) {
        if (str_eq(words.at[i].text, before))
            continue;
        before = words.at[i].text;
        if (n++)
            buf_addc(out, ' ');
        buf_add(out, before);
    }
    if (n > RULE_MAX_WORDS)
        return aisle_fail(err, AISLE_INVALID, "a rule has at most %d words, not %zu",
                          RULE_MAX_WORDS, n);
    return buf_check(out, "rule", err);
}

/* A rule is written as its words and must be the same rule when it is read again, which
 * words cut short or out of their sentence may not be. */
static enum aisle_status make_words(struct word_splitter *splitter, struct str said,
                                    struct buf *out, struct aisle_err *err)
{
    struct buf again = BUF_INIT(RULE_MAX_LINE);
    enum aisle_status status = sort_words(splitter, said, out, err);

    if (status == AISLE_OK)
        status = sort_words(splitter, buf_str(out), &again, err);
    if (status == AISLE_OK && !str_eq(buf_str(out), buf_str(&again)))
        status = aisle_fail(err, AISLE_INVALID,
                            "a rule's words must be words by themselves: write \"%.*s\"",
                            STR_ARG(buf_str(&again)));
    buf_clear(&again);
    return status;
}

/* Tabs and line ends would tear the file; a semicolon the key. */
static bool is_plain(struct str s, bool semicolon_too)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || (semicolon_too && s.p[i] == ';'))
            return false;
    return true;
}

enum aisle_status rule_make(struct word_splitter *splitter, const struct rule *said,
                            struct arena *arena, struct rule *out, struct aisle_err *err)
{
    struct buf words = BUF_INIT(RULE_MAX_LINE), path = BUF_INIT(RULE_MAX_LINE);
    struct str brand = text_trim(said->brand), leaf = text_trim(said->category_id);
    enum aisle_status status = make_words(splitter, said->words, &words, err);

    seller_category_path(said->seller_category, &path);
    if (status == AISLE_OK)
        status = buf_check(&path, "rule", err);
    if (status == AISLE_OK && brand.n + leaf.n > RULE_MAX_LINE / 2)
        status = aisle_fail(err, AISLE_LIMIT, "a rule's brand or leaf is too long");
    if (status == AISLE_OK && words.n + brand.n + path.n == 0)
        status = aisle_fail(err, AISLE_INVALID,
                            "a rule needs words, a brand or a seller category");
    if (status == AISLE_OK && (!is_plain(brand, true) || !is_plain(leaf, true) ||
                               !is_plain(buf_str(&path), false)))
        status = aisle_fail(err, AISLE_INVALID,
                            "a rule's brand, category and leaf are one line, without "
                            "tabs, the first and last without \";\"");
    if (status == AISLE_OK) {
        *out = (struct rule){.words = arena_str(arena, buf_str(&words)),
                             .brand = arena_str(arena, brand),
                             .seller_category = arena_str(arena, buf_str(&path)),
                             .category_id = arena_str(arena, leaf)};
        if (!out->words.p || !out->brand.p || !out->seller_category.p ||
            !out->category_id.p)
            status = aisle_nomem(err);
    }
    buf_clear(&words);
    buf_clear(&path);
    return status;
}

/* ---- the key ---- */

static void add_part(struct buf *out, size_t begun, const char *name, struct str value)
{
    if (str_empty(value))
        return;
    if (out->n > begun)
        buf_addz(out, "; ");
    buf_addz(out, name);
    buf_add(out, value);
}

void rule_key(const struct rule *r, struct buf *out)
{
    size_t begun = out->n;

    add_part(out, begun, "words=", r->words);
    add_part(out, begun, "brand=", r->brand);
    add_part(out, begun, "in=", r->seller_category);
}

static bool take_part(struct str *rest, const char *name, struct str *out)
{
    struct str label = str_of(name);
    size_t end;

    if (!str_starts(*rest, name))
        return false;
    *rest = str_skip(*rest, label.n);
    end = str_is(label, "in=") ? rest->n : str_find(*rest, STR_LIT("; "));
    *out = str_head(*rest, end);
    *rest = str_skip(*rest, end + 2);
    return !str_empty(*out);
}

enum aisle_status rule_parse_key(struct str key, struct rule *out, struct aisle_err *err)
{
    struct rule r = {0};
    struct str rest = key;
    bool any = take_part(&rest, "words=", &r.words);

    any |= take_part(&rest, "brand=", &r.brand);
    any |= take_part(&rest, "in=", &r.seller_category);
    if (!any || !str_empty(rest))
        return aisle_fail(err, AISLE_GARBLED, "\"%.*s\" is no rule", STR_ARG(key));
    *out = r;
    return AISLE_OK;
}

/* ---- finding ---- */

static size_t conditions(const struct rule *r)
{
    size_t n = !str_empty(r->brand) + (size_t)!str_empty(r->seller_category);

    n += !str_empty(r->words);
    for (size_t i = 0; i < r->words.n; i++)
        n += r->words.p[i] == ' ';
    return n;
}

static int most_telling_first(const void *a, const void *b)
{
    const struct rule *x = a, *y = b;
    size_t m = conditions(x), n = conditions(y);
    int order = (n > m) - (n < m);

    order = order ? order : str_cmp(x->words, y->words);
    order = order ? order : str_cmp(x->brand, y->brand);
    order = order ? order : str_cmp(x->seller_category, y->seller_category);
    return order ? order : str_cmp(x->category_id, y->category_id);
}

void rules_sort(struct rule *list, size_t count)
{
    if (count)
        qsort(list, count, sizeof *list, most_telling_first);
}

static bool has_word(const struct word_list *words, struct str word)
{
    for (size_t i = 0; i < words->n; i++)
        if (str_eq(words->at[i].text, word))
            return true;
    return false;
}

static bool is_in(struct str path, struct str above)
{
    if (path.n < above.n || !str_eq(str_head(path, above.n), above))
        return false;
    return path.n == above.n || str_starts(str_skip(path, above.n), " > ");
}

static bool fits(const struct rule *r, const struct word_list *words,
                 const struct product_text *text)
{
    struct str rest = r->words;

    if (!str_empty(r->brand) && !str_eq_nocase(text_trim(text->brand), r->brand))
        return false;
    if (!str_empty(r->seller_category) &&
        !is_in(text->seller_category, r->seller_category))
        return false;
    while (!str_empty(rest))
        if (!has_word(words, str_cut(&rest, ' ')))
            return false;
    return true;
}

const struct rule *rules_find(const struct rule *list, size_t count,
                              const struct word_list *words,
                              const struct product_text *text)
{
    for (size_t i = 0; i < count; i++)
        if (fits(&list[i], words, text))
            return &list[i];
    return NULL;
}

/* ---- the file ---- */

static struct str without_return(struct str line)
{
    return line.n && line.p[line.n - 1] == '\r' ? str_head(line, line.n - 1) : line;
}

enum aisle_status rules_file_each(struct str text, rules_row_fn *fn, void *ctx,
                                  struct aisle_err *err)
{
    struct str first = without_return(str_cut(&text, '\n'));
    enum aisle_status status = AISLE_OK;

    if (!str_eq(text_trim(first), first_line))
        return aisle_fail(err, AISLE_INVALID,
                          "line 1: no file of rules: it begins with \"%.*s\"",
                          STR_ARG(first_line));
    for (size_t line = 2; !str_empty(text) && status == AISLE_OK; line++) {
        struct str cells = without_return(str_cut(&text, '\n'));
        struct rule said = {0};

        if (cells.n > RULE_MAX_LINE)
            return aisle_fail(err, AISLE_INVALID, "line %zu is over %d bytes", line,
                              RULE_MAX_LINE);
        if (str_empty(text_trim(cells)) || cells.p[0] == '#')
            continue;
        said.category_id = str_cut(&cells, '\t');
        said.words = str_cut(&cells, '\t');
        said.brand = str_cut(&cells, '\t');
        said.seller_category = str_cut(&cells, '\t');
        if (str_empty(text_trim(said.category_id)))
            return aisle_fail(err, AISLE_INVALID, "line %zu names no leaf", line);
        status = fn(ctx, line, &said, err);
    }
    return status;
}

void rules_file_begin(struct buf *out)
{
    buf_add(out, first_line);
    buf_addz(out, "\n# leaf\twords\tbrand\tseller category\tnote\n");
}

void rules_file_add(struct buf *out, const struct rule *r, struct str note)
{
    const struct str cells[] = {r->category_id, r->words, r->brand, r->seller_category,
                                note};

    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        if (i)
            buf_addc(out, '\t');
        for (size_t k = 0; k < cells[i].n; k++) /* a note may hold anything */
            buf_addc(out, (unsigned char)cells[i].p[k] < 0x20 ? ' ' : cells[i].p[k]);
    }
    buf_addc(out, '\n');
}

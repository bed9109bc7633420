/* tree.c - questions to a built tree; none of them changes it */
#include "base/text.h"
#include "taxonomy/taxonomy.h"

const struct category *taxonomy_get(const struct taxonomy *tree, struct str id)
{
    size_t low = 0, high = tree->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(tree->rows[mid].id, id);

        if (order == 0)
            return &tree->rows[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

uint32_t taxonomy_locale(const struct taxonomy *tree, struct str locale)
{
    for (size_t l = 0; l < tree->locale_count; l++)
        if (str_eq_nocase(tree->locales[l], locale))
            return (uint32_t)l;
    return TAXONOMY_NONE;
}

struct str category_name(const struct taxonomy *tree, const struct category *c,
                         uint32_t locale)
{
    if (locale < tree->locale_count && !str_empty(c->names[locale]))
        return c->names[locale];
    for (size_t l = 0; l < tree->locale_count; l++)
        if (!str_empty(c->names[l]))
            return c->names[l];
    return STR_LIT("");
}

bool category_takes_products(const struct category *c)
{
    return c->leaf && c->child_count == 0 && permission_is_open(c->permissions);
}

static const struct category *parent_of(const struct taxonomy *tree,
                                        const struct category *c)
{
    return c->parent == TAXONOMY_NONE ? NULL : &tree->rows[c->parent];
}

size_t category_chain(const struct taxonomy *tree, const struct category *c,
                      const struct category *chain[TAXONOMY_MAX_DEPTH])
{
    size_t n = 0;

    for (const struct category *up = c; up && n < TAXONOMY_MAX_DEPTH;
         up = parent_of(tree, up))
        n++;
    for (size_t i = n; i-- > 0; c = parent_of(tree, c))
        chain[i] = c;
    return n;
}

void category_path(const struct taxonomy *tree, const struct category *c, uint32_t locale,
                   struct buf *out)
{
    const struct category *chain[TAXONOMY_MAX_DEPTH];
    size_t n = category_chain(tree, c, chain);

    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_addz(out, " > ");
        buf_add(out, category_name(tree, chain[i], locale));
    }
}

size_t taxonomy_leaf_count(const struct taxonomy *tree)
{
    size_t n = 0;

    for (size_t i = 0; i < tree->count; i++)
        n += tree->rows[i].leaf;
    return n;
}

/* ---- from a path to its category ---- */

/* Folded, a run of blanks one blank, and each ">" or "/" with the blanks around it one
 * ">", so that a name with a slash in it meets itself. None stand at the ends. */
static void fold_path(struct str raw, struct buf *folded, struct buf *out)
{
    char gap = '\0'; /* what stands between the last letter and the next */

    buf_reset(folded);
    buf_reset(out);
    text_fold(raw, folded);
    if (folded->failed)
        out->failed = folded->failed;

    for (size_t i = 0; i < folded->n; i++) {
        char c = folded->p[i];

        if (c == '>' || c == '/') {
            gap = '>';
        } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
            gap = gap ? gap : ' ';
        } else {
            if (gap && out->n > 0)
                buf_addc(out, gap);
            buf_addc(out, c);
            gap = '\0';
        }
    }
}

struct path_search {
    const struct taxonomy *tree;
    uint32_t locale;
    struct buf folded, name; /* reused from name to name */
    const struct category *found;
    bool ambiguous;
};

static void match_one(struct path_search *s, uint32_t row, struct str rest, int depth);

static void match_all(struct path_search *s, const uint32_t *rows, size_t count,
                      struct str rest, int depth)
{
    for (size_t i = 0; i < count && !s->ambiguous; i++)
        match_one(s, rows[i], rest, depth);
}

/* Does the rest of the path begin with this category's name? Then it ends here, or goes
 * on below. As deep as a tree may be, no deeper. */
static void match_one(struct path_search *s, uint32_t row, struct str rest, int depth)
{
    const struct category *c = &s->tree->rows[row];
    size_t n;

    fold_path(category_name(s->tree, c, s->locale), &s->folded, &s->name);
    n = s->name.n;
    if (n == 0 || n > rest.n || !str_eq(buf_str(&s->name), str_head(rest, n)))
        return;
    if (n == rest.n) {
        s->ambiguous |= s->found && s->found != c;
        s->found = c;
    } else if (rest.p[n] == '>' && depth < TAXONOMY_MAX_DEPTH) {
        match_all(s, s->tree->children + c->first_child, c->child_count,
                  str_skip(rest, n + 1), depth + 1);
    }
}

const struct category *taxonomy_at_path(const struct taxonomy *tree, struct str path)
{
    struct path_search s = {
        .tree = tree, .folded = BUF_INIT(BUF_MAX_LINE), .name = BUF_INIT(BUF_MAX_LINE)};
    struct buf want = BUF_INIT(BUF_MAX_LINE);
    bool whole;

    fold_path(path, &s.folded, &want);
    whole = !want.failed && want.n > 0;
    for (; whole && s.locale < tree->locale_count; s.locale++)
        match_all(&s, tree->roots, tree->root_count, buf_str(&want), 1);

    buf_clear(&s.folded);
    buf_clear(&s.name);
    buf_clear(&want);
    return s.ambiguous ? NULL : s.found;
}

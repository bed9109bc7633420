#include "listing/report.h"

#include <stdlib.h>

bool finding_stops_draft(const struct finding *f, const struct findings *as_draft)
{
    for (size_t i = 0; as_draft && i < as_draft->count; i++)
        if (as_draft->rows[i].level == FINDING_ERROR &&
            strcmp(as_draft->rows[i].rule, f->rule) == 0 &&
            str_eq(as_draft->rows[i].path, f->path))
            return true;
    return false;
}

/* ---- lines ---- */

/* "skus[2].price" as "skus[].price": which one it is differs from product to product. */
static struct str without_places(struct listing_report *r, struct str path)
{
    char *text = arena_alloc(r->arena, path.n + 1);
    size_t n = 0;
    bool inside = false;

    if (!text) {
        r->left_out = true;
        return STR_LIT("");
    }
    for (size_t i = 0; i < path.n; i++) {
        inside = inside && path.p[i] != ']';
        if (!inside)
            text[n++] = path.p[i];
        inside = inside || path.p[i] == '[';
    }
    text[n] = '\0';
    return str_n(text, n);
}

static struct str keep(struct listing_report *r, struct str s)
{
    struct str kept = arena_str(r->arena, s);

    if (!kept.p)
        r->left_out = true;
    return kept.p ? kept : STR_LIT("");
}

static bool is_line_of(const struct report_line *l, const struct finding *f,
                       struct str category_id)
{
    return l->level == f->level && str_is(l->rule, f->rule) && str_is(l->code, f->code) &&
           str_eq(l->fix, f->fix) && str_eq(l->what, f->what) &&
           str_eq(l->category_id, category_id);
}

static bool make_room(struct listing_report *r)
{
    size_t room = r->room ? 2 * r->room : 32;
    struct report_line *wider;

    if (r->count < r->room)
        return true;
    wider = arena_alloc(r->arena, room * sizeof *wider);
    if (!wider) {
        r->left_out = true;
        return false;
    }
    if (r->count)
        memcpy(wider, r->lines, r->count * sizeof *wider);
    r->lines = wider;
    r->room = room;
    return true;
}

static struct report_line *line_of(struct listing_report *r, const struct finding *f,
                                   const struct report_product *p)
{
    struct str leaf = r->by_leaf ? p->category_id : STR_LIT("");

    for (size_t i = 0; i < r->count; i++)
        if (is_line_of(&r->lines[i], f, leaf))
            return &r->lines[i];
    if (!make_room(r))
        return NULL;
    r->lines[r->count] = (struct report_line){
        .level = f->level,
        .rule = keep(r, str_of(f->rule)),
        .code = keep(r, str_of(f->code)),
        .category_id = keep(r, leaf),
        .path = r->by_leaf ? keep(r, p->path) : STR_LIT(""),
        .where = without_places(r, f->path),
        .what = keep(r, f->what),
        .fix = keep(r, f->fix),
        .allowed = keep(r, f->allowed),
    };
    return &r->lines[r->count++];
}

static void add_finding(struct listing_report *r, const struct finding *f,
                        const struct report_product *p)
{
    struct report_line *l = line_of(r, f, p);

    if (!l || l->last == r->products)
        return;
    if (l->products < REPORT_EXAMPLES)
        l->examples[l->products] = keep(r, p->id);
    l->products++;
    l->drafts += finding_stops_draft(f, p->as_draft);
    l->last = r->products;
}

void report_add(struct listing_report *r, const struct report_product *p)
{
    r->products++;
    r->right += p->findings->errors == 0;
    r->drafts += p->as_draft && p->as_draft->errors == 0;
    for (size_t i = 0; i < p->findings->count; i++)
        add_finding(r, &p->findings->rows[i], p);
}

enum aisle_status report_check(const struct listing_report *r, struct aisle_err *err)
{
    return r->left_out ? aisle_nomem(err) : AISLE_OK;
}

static int by_weight(const void *a, const void *b)
{
    const struct report_line *x = a, *y = b;

    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    if (x->products != y->products)
        return x->products > y->products ? -1 : 1;
    if (str_cmp(x->rule, y->rule))
        return str_cmp(x->rule, y->rule);
    return str_cmp(x->category_id, y->category_id)
               ? str_cmp(x->category_id, y->category_id)
               : str_cmp(x->fix, y->fix);
}

void report_sort(struct listing_report *r)
{
    if (r->count)
        qsort(r->lines, r->count, sizeof *r->lines, by_weight);
}

/* ---- for a pull request ---- */

static void add_examples(struct buf *out, const struct report_line *l)
{
    for (size_t i = 0; i < l->products && i < REPORT_EXAMPLES; i++) {
        buf_addz(out, i ? ", " : "");
        findings_cell(out, l->examples[i]);
    }
    if (l->products > REPORT_EXAMPLES)
        buf_addz(out, ", …");
}

static void add_line(struct buf *out, const struct listing_report *r,
                     const struct report_line *l)
{
    buf_addf(out, "| %s | %zu | %zu | ", finding_level_name(l->level), l->products,
             l->drafts);
    if (r->by_leaf) {
        findings_cell(out, l->path.n ? l->path : l->category_id);
        buf_addz(out, " | ");
    }
    findings_cell(out, l->what);
    buf_addf(out, " | %.*s | ", STR_ARG(l->code));
    findings_cell(out, l->where);
    buf_addz(out, " | ");
    findings_cell(out, l->fix);
    buf_addz(out, " | ");
    add_examples(out, l);
    buf_addz(out, " |\n");
}

void report_markdown(const struct listing_report *r, struct str title, struct buf *out)
{
    buf_addz(out, "## ");
    findings_cell(out, title);
    buf_addf(out,
             "\n\n%zu product%s: %zu would be taken, %zu refused; %zu could be kept as "
             "drafts.\n",
             r->products, r->products == 1 ? "" : "s", r->right, r->products - r->right,
             r->drafts);
    if (!r->count)
        return;
    buf_addf(out,
             "\n| level | products | no draft either | %swhat | code | where | fix | "
             "such as |\n|---|---:|---:|%s---|---|---|---|---|\n",
             r->by_leaf ? "leaf | " : "", r->by_leaf ? "---|" : "");
    for (size_t i = 0; i < r->count; i++)
        add_line(out, r, &r->lines[i]);
}

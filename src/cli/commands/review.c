#include "cli/commands/review.h"

enum { ALWAYS_SHOWN = 3, EXAMPLES_SHOWN = 3 };
#define LEAST_SHOWN 0.02 /* of the candidates after the first few */

/* ---- what is open ---- */

static struct str keep(struct review *r, struct str s, bool *ok)
{
    struct str kept = arena_str(&r->cli->arena, s);

    *ok = *ok && kept.p;
    return kept;
}

static enum aisle_status note_item(void *ctx, const struct open_item *open,
                                   struct aisle_err *err)
{
    struct review *r = ctx;
    struct review_item *item = arena_zalloc(&r->cli->arena, 1, sizeof(*item));
    bool ok = item != NULL;

    if (!ok)
        return aisle_nomem(err);
    item->seller_id = keep(r, open->seller_id, &ok);
    item->key = keep(r, open->key, &ok);
    item->title = keep(r, open->title, &ok);
    item->seller_category = keep(r, open->seller_category, &ok);
    item->scope = open->scope;
    item->why = open->why;
    item->products = open->products;
    item->seq = open->now ? open->now->seq : 0;
    for (size_t i = 0; i < open->candidate_count && i < REVIEW_CHOICES; i++) {
        const struct suggestion *s = &open->candidates[i];

        if (i >= ALWAYS_SHOWN && s->confidence < LEAST_SHOWN)
            break;
        item->choices[item->choice_count++] =
            (struct review_choice){.category_id = keep(r, s->category_id, &ok),
                                   .path = keep(r, open->paths[i], &ok),
                                   .reasons = keep(r, s->reasons, &ok),
                                   .confidence = s->confidence,
                                   .advisor = s->advisor,
                                   .rated = true};
    }
    if (item->choice_count)
        item->first = item->choices[0].category_id;
    if (!ok)
        return aisle_nomem(err);
    r->items[r->count++] = item;
    return r->count < REVIEW_MOST_ITEMS ? AISLE_OK : AISLE_STOPPED;
}

enum aisle_status review_load(struct review *r, struct aisle_err *err)
{
    struct cli *cli = r->cli;
    size_t limit = (size_t)cli_count(cli, "limit", REVIEW_MOST_ITEMS);
    struct open_filter filter = {
        .target = cli_text(cli, "target"),
        .seller_id = cli_text(cli, "seller"),
        .by_product = cli_switch(cli, "by-product"),
        .limit = limit && limit < REVIEW_MOST_ITEMS ? limit : REVIEW_MOST_ITEMS,
        .also = cli_text(cli, "also")};
    enum aisle_status status;

    r->items =
        arena_zalloc(&cli->arena, REVIEW_MOST_ITEMS, sizeof(const struct review_item *));
    if (!r->items)
        return aisle_nomem(err);
    status = cli_model(cli, &filter.model, err);
    if (status == AISLE_OK)
        status = flow_each_open(&cli->app, &filter, note_item, r, err);
    return status == AISLE_STOPPED && r->count == REVIEW_MOST_ITEMS ? AISLE_OK : status;
}

/* ---- showing ---- */

static void show_choices(const struct review_item *item, struct buf *out)
{
    for (size_t i = 0; i < item->choice_count; i++) {
        const struct review_choice *c = &item->choices[i];

        buf_addf(out, "  %zu  ", i + 1);
        if (c->rated)
            buf_addf(out, "%.2f  ", c->confidence);
        buf_shown(out, c->path);
        buf_addf(out, "  %.*s", STR_ARG(c->category_id));
        if (c->rated)
            buf_addf(out, "  %s", advisor_name(c->advisor));
        if (!str_empty(c->reasons)) {
            buf_addz(out, ": ");
            buf_shown(out, c->reasons);
        }
        buf_addc(out, '\n');
    }
    if (item->choice_count == 0)
        buf_addz(out, "  no candidates; / searches the tree\n");
}

/* A few titles tell more of a seller category than its name. */
static enum aisle_status show_title(void *ctx, const struct product *p,
                                    struct aisle_err *err)
{
    struct buf *out = ctx;

    (void)err;
    buf_addz(out, "     ");
    buf_shown(out, p->title);
    buf_addc(out, '\n');
    return AISLE_OK;
}

static void show_titles(const struct review *r, const struct review_item *item,
                        struct buf *out)
{
    struct store *store = r->cli->app.store;
    struct product_filter filter = {.seller_id = item->seller_id,
                                    .seller_category_id = item->key,
                                    .has_seller_category = true,
                                    .limit = EXAMPLES_SHOWN};

    /* without them the item can be decided all the same */
    store->ops->catalogue->each_product(store, &filter, show_title, out, NULL);
}

static void show_what(const struct review *r, const struct review_item *item,
                      struct buf *out)
{
    if (item->scope == SCOPE_SELLER_CATEGORY) {
        buf_addf(out, "  seller category of %zu %s: %s\n", item->products,
                 say_noun((int64_t)item->products, "product", "products"), item->why);
        show_titles(r, item, out);
        return;
    }
    buf_addf(out, "  %s ", decision_scope_name(item->scope));
    buf_shown(out, item->key);
    if (!str_empty(item->seller_category)) {
        buf_addz(out, " in ");
        buf_shown(out, item->seller_category);
    }
    buf_addf(out, ": %s\n", item->why);
}

void review_show(const struct review *r, const struct review_item *item)
{
    const char *bold = r->cli->voice.color ? "\033[1m" : "";
    const char *plain = r->cli->voice.color ? "\033[0m" : "";
    struct buf out = BUF_INIT(BUF_MAX_REQUEST);

    buf_addf(&out, "\n[%zu/%zu] %s", r->at + 1, r->count, bold);
    buf_shown(&out, item->title);
    buf_addf(&out, "%s\n", plain);
    show_what(r, item, &out);
    show_choices(item, &out);
    say_text(&r->cli->voice, buf_str(&out));
    buf_clear(&out);
}

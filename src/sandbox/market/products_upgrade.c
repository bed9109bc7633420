/* Category Upgrade Task 202407: takes live products of v1 to the v2 tree, at once here
 * (on the wire it may take two hours). A leaf that v2 has keeps its id; one that has
 * become a parent gives way to the first of its leaves that is open; with none, the
 * product stays, as what is left over does on the wire. */
#include "sandbox/market/products.h"

enum { DAY_S = 24 * 3600 };

static uint32_t first_open(const struct tree *t, uint32_t at)
{
    const struct node *node = &t->nodes[at];

    if (node->leaf)
        return list_has(node->row->permissions, "AVAILABLE") && !node->prohibited
                   ? at
                   : TREE_NONE;
    for (uint32_t child = node->first_child; child != TREE_NONE;
         child = t->nodes[child].next_sibling) {
        uint32_t found = first_open(t, child);

        if (found != TREE_NONE)
            return found;
    }
    return TREE_NONE;
}

static void upgrade(struct call *c, struct market *m, struct product *p)
{
    const struct tree *t = forest_tree(c->forest, SLOT_V2_TIKTOK);
    uint32_t at = tree_find(t, json_str(p->doc, "category_id"));
    uint32_t to = at == TREE_NONE ? TREE_NONE : first_open(t, at);

    if (to != TREE_NONE)
        product_recategorize(m, p, t->nodes[to].row->id, "v2", c->now_ms);
}

void products_upgrade(struct call *c)
{
    struct market *m = market_enter(c);
    int64_t age_s = m->engine->set.market.upgrade_age_s;
    struct json_out json;

    age_s = age_s == 0 ? DAY_S : age_s < 0 ? 0 : age_s;
    products_settle(m, c->now_ms);
    for (size_t i = 0; i < m->product_count; i++) {
        struct product *p = m->products[i];

        if (p->shop == c->shop && p->status == PRODUCT_ACTIVATE &&
            !str_is(json_str(p->doc, "category_version"), "v2") &&
            c->now_ms - p->live_ms >= age_s * 1000)
            upgrade(c, m, p);
    }
    json = call_data(c);
    json_open(&json);
    json_close(&json);
    call_done(c, "Success");
    market_leave(m);
}

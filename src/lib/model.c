/* model.c - a model asked by a program that has no store */
#include "aisle/model.h"

#include "base/mem.h"
#include "lib/text.h"
#include "match/ask.h"

enum { ANSWER_MAX = 1 << 20 };

struct aisle_model {
    struct model *model;
    struct asker *asker;
    struct arena answer; /* the text of the last one */
};

enum aisle_status aisle_model_open(const char *path, struct aisle_model **model,
                                   struct aisle_err *err)
{
    struct aisle_model *m;
    enum aisle_status status;

    if (!path)
        return aisle_fail(err, AISLE_INVALID, "which model was not said");
    m = mem_zalloc(1, sizeof *m);
    if (!m)
        return aisle_nomem(err);
    m->answer = (struct arena)ARENA_INIT(ANSWER_MAX);
    status = model_open(path, &m->model, err);
    if (status == AISLE_OK)
        status = asker_new(m->model, &m->asker, err);
    if (status != AISLE_OK) {
        aisle_model_close(m);
        return status;
    }
    *model = m;
    return AISLE_OK;
}

void aisle_model_close(struct aisle_model *m)
{
    if (!m)
        return;
    asker_free(m->asker);
    model_close(m->model);
    arena_clear(&m->answer);
    mem_free(m);
}

enum aisle_status aisle_model_match(struct aisle_model *m,
                                    const struct aisle_match_query *query,
                                    struct aisle_match *list, size_t cap, size_t *count,
                                    struct aisle_err *err)
{
    struct product_text text = {
        .title = str_of(query->title),
        .description = str_of(query->description),
        .brand = str_of(query->brand),
        .seller_category = str_of(query->seller_category),
    };
    struct model_hit hits[CALIBRATE_TOP];
    enum aisle_status status;
    bool ok = true;
    size_t n = 0;

    if (str_empty(text.title))
        return aisle_fail(err, AISLE_INVALID, "a product has no title");
    status = asker_rank(m->asker, &text, hits, cap, &n, err);
    if (status != AISLE_OK)
        return status;
    arena_clear(&m->answer);
    for (size_t i = 0; i < n; i++)
        list[i] = (struct aisle_match){
            .category = text_out(&m->answer, model_node_id(m->model, hits[i].leaf), &ok),
            .confidence = hits[i].confidence,
        };
    if (!ok)
        return aisle_nomem(err);
    *count = n;
    return AISLE_OK;
}

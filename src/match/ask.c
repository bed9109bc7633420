#include "match/ask.h"

#include "base/mem.h"

enum aisle_status asker_new(const struct model *model, struct asker **out,
                            struct aisle_err *err)
{
    struct asker *a = mem_zalloc(1, sizeof *a);
    enum aisle_status status;

    if (!a)
        return aisle_nomem(err);
    a->model = model;
    status = feature_maker_init(&a->maker, err);
    if (status != AISLE_OK) {
        asker_free(a);
        return status;
    }
    *out = a;
    return AISLE_OK;
}

void asker_free(struct asker *a)
{
    if (!a)
        return;
    feature_maker_clear(&a->maker);
    model_scratch_clear(&a->scratch);
    mem_free(a);
}

enum aisle_status asker_rank(struct asker *a, const struct product_text *text,
                             struct model_hit *out, size_t cap, size_t *count,
                             struct aisle_err *err)
{
    enum aisle_status status = features_make(&a->maker, text, &a->features, err);

    if (status == AISLE_OK)
        status = model_score(a->model, &a->scratch, &a->features, err);
    if (status == AISLE_OK)
        *count = a->scratch.value_count ? model_rank(a->model, &a->scratch, out, cap) : 0;
    return status;
}

/* lessons.c - what people taught about sellers' columns: a log, and what stands of it */
#include "store/sql/rows.h"

static const struct column lesson_columns[] = {
    COLUMN(struct kept_lesson, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct kept_lesson, channel, "channel", MEMBER_TEXT),
    COLUMN(struct kept_lesson, region, "region", MEMBER_TEXT),
    COLUMN(struct kept_lesson, says.category_id, "category_id", MEMBER_TEXT),
    COLUMN(struct kept_lesson, says.attribute_id, "attribute_id", MEMBER_TEXT),
    COLUMN(struct kept_lesson, says.seller_name, "seller_name", MEMBER_TEXT),
    COLUMN(struct kept_lesson, says.seller_value, "seller_value", MEMBER_TEXT),
    COLUMN(struct kept_lesson, seq, "seq", MEMBER_INT),
    COLUMN(struct kept_lesson, says.value_id, "value_id", MEMBER_TEXT),
    COLUMN(struct kept_lesson, says.value_name, "value_name", MEMBER_TEXT),
    COLUMN(struct kept_lesson, taught, "taught", MEMBER_BOOL),
    COLUMN(struct kept_lesson, who, "who", MEMBER_TEXT),
    COLUMN(struct kept_lesson, batch_id, "batch_id", MEMBER_TEXT),
    COLUMN(struct kept_lesson, undoes, "undoes", MEMBER_INT),
    COLUMN(struct kept_lesson, at, "at", MEMBER_INT),
};
static const struct noun lesson_noun =
    NOUN("lesson", struct kept_lesson, lesson_columns, 8);

/* ---- the log ---- */

struct append_work {
    const struct kept_lesson *list;
    size_t count;
    int64_t *last_seq;
};

static enum aisle_status write_lessons(struct conn *c, const void *work,
                                       struct aisle_err *err)
{
    const struct append_work *w = work;
    int64_t first = 0;
    enum aisle_status status = sql_take_numbers(c, "lesson", w->count, &first, err);

    for (size_t i = 0; i < w->count && status == AISLE_OK; i++) {
        struct kept_lesson row = w->list[i];

        row.seq = first + (int64_t)i;
        status = noun_add(c, &lesson_noun, &row, err);
    }
    if (status == AISLE_OK)
        *w->last_seq = first + (int64_t)w->count - 1;
    return status;
}

static enum aisle_status append(struct store *s, const struct kept_lesson *list,
                                size_t count, int64_t *last_seq, struct aisle_err *err)
{
    int64_t last = 0;
    const struct append_work work = {list, count, &last};
    enum aisle_status status = count ? sql_write(s, write_lessons, &work, err) : AISLE_OK;

    if (status == AISLE_OK && last_seq)
        *last_seq = last;
    return status;
}

/* ---- what stands ---- */

#define KEY                                                                              \
    "(seller_id, channel, region, category_id, attribute_id, seller_name, seller_value)"

static void add_order(struct query *q, const struct lesson_filter *f)
{
    if (f->after_seq && f->standing)
        query_where(q,
                    KEY " > (SELECT p.seller_id, p.channel, p.region, p.category_id, "
                        "p.attribute_id, p.seller_name, p.seller_value FROM lesson p "
                        "WHERE p.seq = ?)",
                    sql_int(f->after_seq));
    else if (f->after_seq)
        query_where(q, "seq < ?", sql_int(f->after_seq));
    query_add(q, f->standing ? " ORDER BY seller_id, channel, region, category_id, "
                               "attribute_id, seller_name, seller_value"
                             : " ORDER BY seq DESC");
}

static enum aisle_status
each(struct store *s, const struct lesson_filter *f,
     enum aisle_status (*fn)(void *ctx, const struct kept_lesson *, struct aisle_err *),
     void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct kept_lesson lesson;
    struct walk w;

    query_select(&q, &lesson_noun);
    query_where_text(&q, "seller_id = ?", f->seller_id);
    query_where_text(&q, "channel = ?", f->channel);
    query_where_text(&q, "region = ?", f->region);
    query_where_text(&q, "attribute_id = ?", f->attribute_id);
    query_where_text(&q, "batch_id = ?", f->batch_id);
    if (f->standing) {
        query_where_plain(&q, "taught = 1");
        query_where_plain(
            &q, "NOT EXISTS (SELECT 1 FROM lesson n WHERE n.seller_id = "
                "lesson.seller_id AND n.channel = lesson.channel AND n.region = "
                "lesson.region AND n.category_id = lesson.category_id AND "
                "n.attribute_id = lesson.attribute_id AND n.seller_name = "
                "lesson.seller_name AND n.seller_value = lesson.seller_value AND "
                "n.seq > lesson.seq)");
    }
    add_order(&q, f);
    query_limit(&q, f->limit);
    w = walk_begin(s, &lesson_noun, &q, err);
    while (walk_next(&w, &lesson))
        w.status = fn(ctx, &lesson, err);
    return walk_end(&w);
}

static enum aisle_status get(struct store *s, const struct kept_lesson *key,
                             int64_t before, struct arena *arena, struct kept_lesson *out,
                             struct aisle_err *err)
{
    const struct attribute_lesson *says = &key->says;
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &lesson_noun);
    query_where(&q, "seller_id = ?", sql_text(key->seller_id));
    query_where(&q, "channel = ?", sql_text(key->channel));
    query_where(&q, "region = ?", sql_text(key->region));
    query_where(&q, "category_id = ?", sql_text(says->category_id));
    query_where(&q, "attribute_id = ?", sql_text(says->attribute_id));
    query_where(&q, "seller_name = ?", sql_text(says->seller_name));
    query_where(&q, "seller_value = ?", sql_text(says->seller_value));
    if (before)
        query_where(&q, "seq < ?", sql_int(before));
    query_add(&q, " ORDER BY seq DESC LIMIT 1");
    status = sql_get(s, &lesson_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND, "nothing was taught of attribute %.*s so",
                          STR_ARG(says->attribute_id));
    return status;
}

const struct store_lessons sql_lessons = {.append = append, .each = each, .get = get};

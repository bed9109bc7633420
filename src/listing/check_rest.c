/* check_rest.c - everything that is one line each: modes, keys, words for search, times
 */
#include "base/text.h"
#include "listing/judge.h"

static const char *const locales[] = {"de-DE", "en-GB", "en-IE", "en-US", "es-ES",
                                      "es-MX", "fr-FR", "id-ID", "it-IT", "ja-JP",
                                      "ms-MY", "pt-BR", "th-TH", "vi-VN", "zh-CN"};

static void unknown_word(struct judge *j, const char *field, struct str word,
                         const char *allowed)
{
    judge_error(j, FIELD(NULL, field), "unknown-word", "12052910",
                SAID(.what = STR_LIT("this is none of the words it takes"),
                     .found = judge_quote(j, word), .allowed = str_of(allowed)));
}

static void judge_words(struct judge *j)
{
    const struct listing_draft *d = j->draft;
    bool known = !d->locale.p;

    if (d->save_mode.p && !str_is(d->save_mode, "LISTING") &&
        !str_is(d->save_mode, "AS_DRAFT"))
        unknown_word(j, "save_mode", d->save_mode, "LISTING, AS_DRAFT");
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++)
        known = known || str_is(d->locale, locales[i]);
    if (!known)
        unknown_word(j, j->global ? "source_locale" : "locale", d->locale,
                     "de-DE, en-GB, en-US, es-ES, id-ID, ms-MY, th-TH, vi-VN, …");
    if (j->edit && d->inventory_mode.p && !str_is(d->inventory_mode, "SHARED") &&
        !str_is(d->inventory_mode, "EXCLUSIVE"))
        unknown_word(j, "inventory_mode", d->inventory_mode, "SHARED, EXCLUSIVE");
}

static void judge_product_id(struct judge *j)
{
    struct str id = str_trim(j->draft->product_id);

    if (!j->edit)
        return;
    if (!id.n)
        judge_error(j, NULL, "product-id-missing", "12052030",
                    SAID(.what = STR_LIT("which product is edited is missing")));
    else if (!is_remote_id(id))
        judge_error(j, NULL, "product-id", "12052031",
                    SAID(.what = STR_LIT("product id cannot be one"),
                         .found = judge_quote(j, id)));
}

static void judge_texts(struct judge *j, const char *field,
                        const struct listing_strs *list, unsigned most_items,
                        unsigned most_chars)
{
    const struct place *at = FIELD(NULL, field);
    size_t chars = 0;

    for (size_t i = 0; i < list->count; i++)
        chars += utf8_length(list->rows[i]);
    if (list->count > most_items)
        judge_error(j, at, "items-many", "98001004",
                    SAID(.what = STR_LIT("there are too many of them"),
                         .found = judge_number(j, (int64_t)list->count),
                         .allowed = judge_range(j, 0, most_items)));
    if (chars > most_chars)
        judge_error(j, at, "items-long", "98001004",
                    SAID(.what = STR_LIT("together they are too long"),
                         .found = judge_number(j, (int64_t)chars),
                         .allowed = findings_fmt(j->out, "%u characters", most_chars)));
}

static void judge_cells(struct judge *j)
{
    for (size_t i = 0; i < j->draft->unread_count; i++) {
        const struct listing_cell *cell = &j->draft->unread[i];
        const struct place *at = FIELD(NULL, cell->member);

        if (cell->is_flag)
            judge_error(j, at, "cell-flag", "36009004",
                        SAID(.what = STR_LIT("the column says neither yes nor no"),
                             .found = judge_quote(j, cell->text),
                             .fix = STR_LIT("write yes or no")));
        else
            judge_error(j, at, "cell-number", "36009004",
                        SAID(.what = STR_LIT("the column's cell is no whole number"),
                             .found = judge_quote(j, cell->text),
                             .fix = STR_LIT("write digits alone: 1000")));
    }
}

static void judge_minimum(struct judge *j)
{
    const struct place *at = FIELD(NULL, "minimum_order_quantity");
    const struct listing_int *least = &j->draft->minimum_order_quantity;

    if (!least->said)
        return;
    if (!j->limits->min_order_max)
        judge_error(j, at, "minimum-market", "12052707",
                    SAID(.what = STR_LIT("this market has no least quantity"),
                         .fix = STR_LIT("leave it out"), .mend = MEND_DROP));
    else if (least->n < 1 || least->n > j->limits->min_order_max)
        judge_error(j, at, "minimum-range", "12052706",
                    SAID(.what = STR_LIT("the least quantity is out of range"),
                         .found = judge_number(j, least->n),
                         .allowed = judge_range(j, 1, j->limits->min_order_max)));
}

static void judge_schedule(struct judge *j)
{
    const int64_t day_ms = 24 * 60 * 60 * 1000LL, now_ms = j->now * 1000;
    const struct place *at = FIELD(FIELD(NULL, "scheduled_sale"), "schedule_sale_time");
    const struct listing_int *time = &j->draft->schedule_sale_time;
    int64_t most = j->limits->schedule_days_max;

    if (!j->draft->scheduled_said || j->draft->scheduled_enabled != LISTING_YES)
        return;
    if (!time->said || time->n <= 0 ||
        (j->now && (time->n <= now_ms || time->n > now_ms + most * day_ms)))
        judge_error(
            j, at, "schedule-time", "12052604",
            SAID(.what = STR_LIT("the time of sale is missing, over, or too far"),
                 .found = judge_number(j, time->n),
                 .allowed = findings_fmt(j->out, "milliseconds, up to %lld days ahead",
                                         (long long)most)));
}

static void judge_not_for_sale(struct judge *j)
{
    const struct listing_draft *d = j->draft;

    if (d->is_not_for_sale != LISTING_YES)
        return;
    for (size_t i = 0; i < d->sku_count; i++)
        if (d->skus[i].pre_sale.said && !str_is(d->skus[i].pre_sale.type, "NONE")) {
            judge_error(j, FIELD(NULL, "is_not_for_sale"), "gift-pre-sale", "12052229",
                        SAID(.what = STR_LIT("what is ordered ahead cannot be not for "
                                             "sale")));
            return;
        }
}

void judge_rest(struct judge *j)
{
    const struct listing_draft *d = j->draft;
    const struct listing_limits *l = j->limits;

    judge_product_id(j);
    judge_words(j);
    judge_length(j, FIELD(NULL, "external_product_id"), d->external_product_id,
                 l->external_id_max, "external-id-long", "12052369");
    judge_length(j, FIELD(NULL, "idempotency_key"), d->idempotency_key,
                 l->idempotency_key_max, "key-long", "98001004");
    judge_texts(j, "key_product_features", &d->key_product_features, l->features_max,
                l->features_chars_max);
    judge_texts(j, "search_terms", &d->search_terms, l->search_terms_max,
                l->search_terms_chars_max);
    judge_cells(j);
    judge_minimum(j);
    judge_schedule(j);
    judge_not_for_sale(j);
}

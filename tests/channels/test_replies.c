#include "data.h"
#include "replies.h"

#include "channels/tiktok/wire.h"
#include "channels/tokopedia/wire.h"

#include <dirent.h>

/* tests/replies/<channel>/<call>/<case>.reply: the HTTP status on the first line, then
 * the bytes of the answer. <case>.want beside it: what is read from them, in the words
 * below. UPDATE_WANT=1 writes what was read instead of comparing it; look at the
 * difference. */

enum { MAX_CASES = 64, NOW = 1700000000 };

/* ---- what was read, in words ---- */

static void put_rows(struct buf *out, const struct category_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char permissions[80];

        permission_format(rows[i].permissions, permissions);
        buf_addf(out, "%.*s under %.*s \"%.*s\" %s%s%s\n", STR_ARG(rows[i].id),
                 STR_ARG(rows[i].parent_id.n ? rows[i].parent_id : STR_LIT("-")),
                 STR_ARG(rows[i].name), rows[i].leaf ? "leaf" : "parent",
                 permissions[0] ? " " : "", permissions);
    }
}

/* As a read_fn, of an answer that was read as it went by. */
typedef enum aisle_status take_fn(void *reading, struct buf *out, struct aisle_err *err);

static enum aisle_status take_tiktok_categories(void *reading, struct buf *out,
                                                struct aisle_err *err)
{
    struct category_rows rows;
    enum aisle_status status =
        tiktok_categories_take(reading, STR_LIT("id-ID"), &rows, err);

    if (status == AISLE_OK)
        put_rows(out, rows.rows, rows.count);
    return status;
}

static enum aisle_status read_tiktok_recommend(const json_t *envelope,
                                               struct arena *arena, struct buf *out,
                                               struct aisle_err *err)
{
    struct channel_advice advice;
    enum aisle_status status = tiktok_recommend_read(envelope, arena, &advice, err);

    if (status == AISLE_OK) {
        buf_addf(out, "leaf %.*s\n", STR_ARG(advice.category_id));
        put_rows(out, advice.chain, advice.chain_count);
    }
    return status;
}

static enum aisle_status read_tiktok_image(const json_t *envelope, struct arena *arena,
                                           struct buf *out, struct aisle_err *err)
{
    struct pushed_image image;
    enum aisle_status status = tiktok_image_read(envelope, arena, &image, err);

    if (status == AISLE_OK)
        buf_addf(out, "uri %.*s\nurl %.*s\n%ux%u %.*s\n", STR_ARG(image.uri),
                 STR_ARG(image.url), image.width, image.height, STR_ARG(image.use_case));
    return status;
}

static void put_keys(struct buf *out, const struct shop_keys *keys)
{
    buf_addf(out, "access %.*s until %lld\nrefresh %.*s until %lld\nscopes %.*s\n",
             STR_ARG(keys->access_token), (long long)keys->access_expires_at,
             STR_ARG(keys->refresh_token), (long long)keys->refresh_expires_at,
             STR_ARG(keys->scopes));
}

static enum aisle_status read_tiktok_token(const json_t *envelope, struct arena *arena,
                                           struct buf *out, struct aisle_err *err)
{
    struct shop_keys keys = {0};
    enum aisle_status status = tiktok_token_read(envelope, arena, &keys, err);

    if (status == AISLE_OK)
        put_keys(out, &keys);
    return status;
}

static enum aisle_status read_tiktok_shops(const json_t *envelope, struct arena *arena,
                                           struct buf *out, struct aisle_err *err)
{
    const struct channel_shop *shops;
    size_t count;
    enum aisle_status status = tiktok_shops_read(envelope, arena, &shops, &count, err);

    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        buf_addf(out, "%.*s \"%.*s\" %.*s %.*s %.*s %.*s\n", STR_ARG(shops[i].id),
                 STR_ARG(shops[i].name), STR_ARG(shops[i].region),
                 STR_ARG(shops[i].seller_type), STR_ARG(shops[i].cipher),
                 STR_ARG(shops[i].code));
    return status;
}

static enum aisle_status read_tokopedia_tree(const json_t *document, struct arena *arena,
                                             struct buf *out, struct aisle_err *err)
{
    struct category_rows rows;
    enum aisle_status status = tokopedia_tree_read(document, arena, &rows, err);

    if (status == AISLE_OK)
        put_rows(out, rows.rows, rows.count);
    return status;
}

static enum aisle_status read_tokopedia_hits(const json_t *document, struct arena *arena,
                                             struct buf *out, struct aisle_err *err)
{
    struct category_rows rows;
    enum aisle_status status = tokopedia_hits_read(document, arena, &rows, err);

    if (status == AISLE_OK)
        put_rows(out, rows.rows, rows.count);
    return status;
}

static enum aisle_status read_tokopedia_token(const json_t *document, struct arena *arena,
                                              struct buf *out, struct aisle_err *err)
{
    struct shop_keys keys = {0};
    enum aisle_status status = tokopedia_token_read(document, NOW, arena, &keys, err);

    if (status == AISLE_OK)
        put_keys(out, &keys);
    return status;
}

typedef enum aisle_status envelope_fn(struct str body, int http_status,
                                      struct channel_meta *meta,
                                      struct channel_verdict *verdict, json_t **out,
                                      struct aisle_err *err);

static const struct call {
    const char *folder;
    envelope_fn *envelope;
    read_fn *read;
    take_fn *take; /* instead of the two: TikTok Shop's categories */
} calls[] = {
    {"tiktok/categories", .take = take_tiktok_categories},
    {"tiktok/recommend", .envelope = tiktok_envelope_read, .read = read_tiktok_recommend},
    {"tiktok/image", .envelope = tiktok_envelope_read, .read = read_tiktok_image},
    {"tiktok/token", .envelope = tiktok_envelope_read, .read = read_tiktok_token},
    {"tiktok/shops", .envelope = tiktok_envelope_read, .read = read_tiktok_shops},
    {"tiktok/rules", .envelope = tiktok_envelope_read, .read = say_rules},
    {"tiktok/attributes", .envelope = tiktok_envelope_read, .read = say_attributes},
    {"tiktok/brands", .envelope = tiktok_envelope_read, .read = say_brands},
    {"tiktok/warehouses", .envelope = tiktok_envelope_read, .read = say_warehouses},
    {"tiktok/prerequisites", .envelope = tiktok_envelope_read, .read = say_prerequisites},
    {"tiktok/file", .envelope = tiktok_envelope_read, .read = say_file},
    {"tiktok/check", .envelope = tiktok_envelope_read, .read = say_check},
    {"tiktok/listed", .envelope = tiktok_envelope_read, .read = say_listed},
    {"tiktok/product", .envelope = tiktok_envelope_read, .read = say_product},
    {"tiktok/products", .envelope = tiktok_envelope_read, .read = say_products},
    {"tiktok/unchanged", .envelope = tiktok_envelope_read, .read = say_unchanged},
    {"tiktok/global_warehouses", .envelope = tiktok_envelope_read,
     .read = say_global_warehouses},
    {"tiktok/global_listed", .envelope = tiktok_envelope_read, .read = say_global_listed},
    {"tiktok/global_product", .envelope = tiktok_envelope_read,
     .read = say_global_product},
    {"tiktok/published", .envelope = tiktok_envelope_read, .read = say_published},
    {"tokopedia/tree", .envelope = tokopedia_envelope_read, .read = read_tokopedia_tree},
    {"tokopedia/hits", .envelope = tokopedia_envelope_read, .read = read_tokopedia_hits},
    {"tokopedia/token", .envelope = tokopedia_token_envelope_read,
     .read = read_tokopedia_token},
};

static void put_verdict(struct buf *out, const struct channel_verdict *v,
                        const struct channel_meta *meta)
{
    buf_addf(out, "%s%s%s, code %s, \"%s\"%s%s, request %s\n",
             aisle_status_name(v->status), v->again ? " again" : "",
             v->throttled ? " throttled" : "", meta->code[0] ? meta->code : "-",
             meta->message, meta->reason[0] ? ", because " : "", meta->reason,
             meta->request_id[0] ? meta->request_id : "-");
}

/* An answer's bytes to what is read from them, in words. */
static enum aisle_status put_answer(const struct call *call, int http_status,
                                    struct str body, struct buf *out,
                                    struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(1 << 24);
    struct channel_meta meta = {0};
    struct channel_verdict verdict = {0};
    struct aisle_err why = {0};
    struct tiktok_categories reading = {.arena = &arena};
    const struct tiktok_reader reader = tiktok_categories_reader(&reading);
    json_t *envelope = NULL;
    enum aisle_status status =
        call->take
            ? tiktok_envelope_walk(body, http_status, &reader, &meta, &verdict, err)
            : call->envelope(body, http_status, &meta, &verdict, &envelope, err);

    if (status == AISLE_OK)
        put_verdict(out, &verdict, &meta);
    if (status == AISLE_OK && verdict.status == AISLE_OK) {
        status = call->take ? call->take(&reading, out, &why)
                            : call->read(envelope, &arena, out, &why);
        if (status == AISLE_NOMEM)
            aisle_nomem(err);
        else if (status != AISLE_OK)
            buf_addf(out, "%s: %s\n", aisle_status_name(status), why.text);
    }
    json_decref(envelope);
    arena_clear(&arena);
    return status == AISLE_NOMEM ? status : AISLE_OK;
}

/* ---- the folders ---- */

struct a_case {
    const struct call *call;
    char path[PATH_ROOM];
    int http_status;
    struct buf file;
    struct str body;
};

static void case_open(struct a_case *c, const struct call *call, const char *name)
{
    const char *root = getenv("SOURCE_ROOT");
    struct str first;
    int64_t status;

    c->call = call;
    snprintf(c->path, sizeof c->path, "%s/tests/replies/%s/%s", root ? root : ".",
             call->folder, name);
    c->file = file_read(c->path);
    c->body = buf_str(&c->file);
    first = str_cut(&c->body, '\n');
    assert_true(parse_i64(first, 100, 599, &status));
    c->http_status = (int)status;
}

typedef bool case_fn(const struct a_case *c);

/* Every case of every call; how many. */
static size_t each_case(case_fn *fn, bool *good)
{
    const char *root = getenv("SOURCE_ROOT");
    size_t count = 0;

    for (size_t i = 0; i < COUNT(calls); i++) {
        char path[PATH_ROOM];
        struct dirent *entry;
        DIR *dir;

        snprintf(path, sizeof path, "%s/tests/replies/%s", root ? root : ".",
                 calls[i].folder);
        dir = opendir(path);
        if (!dir) {
            fail_msg("no folder %s", path);
            return 0;
        }
        while ((entry = readdir(dir))) {
            struct a_case c;

            if (!str_ends(str_of(entry->d_name), ".reply"))
                continue;
            case_open(&c, &calls[i], entry->d_name);
            *good = fn(&c) && *good;
            buf_clear(&c.file);
            count++;
        }
        closedir(dir);
    }
    return count;
}

static bool is_read_as_wanted(const struct a_case *c)
{
    struct buf got = BUF_INIT(1 << 20), want;
    struct aisle_err err = {0};
    char path[PATH_ROOM + 8];
    bool good;

    assert_ok(put_answer(c->call, c->http_status, c->body, &got, &err), &err);
    snprintf(path, sizeof path, "%.*s.want", (int)(strlen(c->path) - 6), c->path);
    if (getenv("UPDATE_WANT")) {
        FILE *f = fopen(path, "wb");

        assert_non_null(f);
        fwrite(got.p, 1, got.n, f);
        fclose(f);
    }
    want = file_read(path);
    good = str_eq(buf_str(&got), buf_str(&want));
    if (!good)
        print_error("%s\n--- want\n%s--- got\n%s", c->path, want.p, got.p);
    buf_clear(&got);
    buf_clear(&want);
    return good;
}

static void documented_answers_are_read(void **state)
{
    bool good = true;

    (void)state;
    assert_true(each_case(is_read_as_wanted, &good) >= 40);
    assert_true(good);
}

/* What was cut on the way is asked for again, or its failure told: never half a tree. */
static bool is_no_success_when_cut(const struct a_case *c)
{
    size_t whole = str_trim(c->body).n;
    bool good = true;

    if (c->http_status != 200 || whole == 0 || c->body.p[0] != '{' || whole > 4000)
        return true;
    for (size_t n = 0; n < whole; n++) {
        struct buf got = BUF_INIT(1 << 20);
        struct aisle_err err = {0};
        char *copy = malloc(n + !n); /* its own, so that a look past its end is seen */

        memcpy(copy, c->body.p, n);
        assert_ok(put_answer(c->call, 200, str_n(copy, n), &got, &err), &err);
        if (!str_starts(buf_str(&got), "busy again")) {
            print_error("%s cut at %zu: %s\n", c->path, n, got.p);
            good = false;
        }
        buf_clear(&got);
        free(copy);
    }
    return good;
}

static void an_answer_cut_short_is_none(void **state)
{
    bool good = true;

    (void)state;
    each_case(is_no_success_when_cut, &good);
    assert_true(good);
}

struct retold {
    const struct a_case *c;
    struct str want;
};

/* Read, and the same as when there was memory. */
static enum aisle_status put_once(void *ctx, struct aisle_err *err)
{
    const struct retold *r = ctx;
    struct buf got = BUF_INIT(1 << 20);
    enum aisle_status status =
        put_answer(r->c->call, r->c->http_status, r->c->body, &got, err);

    if (status == AISLE_OK && got.failed)
        status = aisle_nomem(err);
    if (status == AISLE_OK)
        assert_text(r->c->path, buf_str(&got), r->want.p);
    buf_clear(&got);
    return status;
}

static bool survives(const struct a_case *c)
{
    struct buf want = BUF_INIT(1 << 20);
    struct aisle_err err = {0};
    struct retold retold = {.c = c};

    if (c->body.n < 4000) {
        assert_ok(put_answer(c->call, c->http_status, c->body, &want, &err), &err);
        retold.want = buf_str(&want);
        assert_true(each_allocation_failing(put_once, &retold) > 0);
    }
    buf_clear(&want);
    return true;
}

/* Ours, not those within jansson: where one fails in the middle of a number, jansson 2.14
 * ends the program with an assertion of its own (lex_unget_unsave). */
static void every_allocation_may_fail(void **state)
{
    bool good = true;

    (void)state;
    each_case(survives, &good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documented_answers_are_read),
        cmocka_unit_test(an_answer_cut_short_is_none),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("channels: replies", tests, NULL, NULL);
}

/* One contract over every place that keeps objects: a folder; and S3 where AISLE_TEST_S3
 * names one (tests/private-s3). S3's failures are held against scripted answers. */
#include "peer.h"

#include "net/objects.h"
#include "net/objects/s3_reply.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

/* ---- places ---- */

struct place {
    struct objects *objects;
    struct clock_still clock; /* of the scripted ones: waiting costs nothing */
    struct rng_seeded rng;
    char folder[64];
    struct aisle_err err;
};

static struct objects_settings settings_of(struct place *p, const struct clock *clock)
{
    rng_seeded_init(&p->rng, 7);
    return (struct objects_settings){.rng = &p->rng.rng,
                                     .net = {.clock = clock, .timeout_ms = 60000}};
}

static void open_folder(struct place *p)
{
    struct objects_settings set = settings_of(p, clock_system());
    char folder[] = "/tmp/aisle-objects-XXXXXX";

    assert_non_null(mkdtemp(folder));
    snprintf(p->folder, sizeof p->folder, "%s/kept", folder);
    set.location = str_of(p->folder);
    assert_ok(objects_open(&set, &p->objects, &p->err), &p->err);
}

static void open_s3(struct place *p)
{
    struct objects_settings set = settings_of(p, clock_system());
    char location[128];

    snprintf(location, sizeof location, "s3://%s/so/on", getenv("AISLE_TEST_S3_BUCKET"));
    set.location = str_of(location);
    set.endpoint = str_of(getenv("AISLE_TEST_S3"));
    set.key_id = str_of(getenv("AISLE_TEST_S3_KEY_ID"));
    set.secret = str_of(getenv("AISLE_TEST_S3_SECRET"));
    assert_ok(objects_open(&set, &p->objects, &p->err), &p->err);
}

static enum aisle_status drop_it(void *ctx, struct str key,
                                 const struct object_facts *facts, struct aisle_err *err)
{
    (void)facts;
    return objects_drop(((struct place *)ctx)->objects, key, err);
}

static int with_folder(void **state)
{
    struct place *p = calloc(1, sizeof *p);

    *state = p;
    open_folder(p);
    return 0;
}

static int with_s3(void **state)
{
    struct place *p = calloc(1, sizeof *p);

    *state = p;
    open_s3(p);
    return 0;
}

static void remove_folder(const char *folder)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf '%.*s'",
             (int)strlen("/tmp/aisle-objects-XXXXXX"), folder);
    assert_int_equal(system(command), 0);
}

static int without(void **state)
{
    struct place *p = *state;

    objects_each(p->objects, STR_LIT(""), drop_it, p, NULL);
    objects_close(p->objects);
    if (p->folder[0])
        remove_folder(p->folder);
    free(p);
    return 0;
}

static void put(struct place *p, const char *key, struct str bytes)
{
    p->err = (struct aisle_err){0};
    assert_ok(objects_put(p->objects, str_of(key), bytes, STR_LIT("image/png"), &p->err),
              &p->err);
}

static enum aisle_status get(struct place *p, const char *key, size_t max,
                             struct buf *out)
{
    p->err = (struct aisle_err){0};
    return objects_get(p->objects, str_of(key), max, out, &p->err);
}

/* ---- the contract ---- */

static void what_is_put_comes_back_byte_for_byte(void **state)
{
    struct place *p = *state;
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    char bytes[1000];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);
    put(p, "default/6f1c", str_n(bytes, sizeof bytes));
    put(p, "default/empty", STR_LIT(""));
    assert_ok(get(p, "default/6f1c", 1000, &out), &p->err);
    assert_true(str_eq(buf_str(&out), str_n(bytes, sizeof bytes)));
    assert_ok(get(p, "default/empty", 1000, &out), &p->err);
    assert_int_equal(out.n, 0);
    buf_clear(&out);
}

static void what_is_put_again_is_replaced(void **state)
{
    struct place *p = *state;
    struct buf out = BUF_INIT(BUF_MAX_LINE);

    put(p, "a", STR_LIT("the first, and longer"));
    put(p, "a", STR_LIT("the second"));
    assert_ok(get(p, "a", 100, &out), &p->err);
    assert_str(buf_str(&out), "the second");
    buf_clear(&out);
}

static void what_is_not_there_is_said_so(void **state)
{
    struct place *p = *state;
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    struct object_facts facts;

    assert_status(get(p, "no/such", 100, &out), AISLE_NOT_FOUND, &p->err);
    assert_non_null(strstr(p->err.text, "no/such"));
    assert_status(objects_head(p->objects, STR_LIT("no/such"), &facts, NULL),
                  AISLE_NOT_FOUND, NULL);
    assert_ok(objects_drop(p->objects, STR_LIT("no/such"), &p->err), &p->err);
    put(p, "no", STR_LIT("x")); /* a part of it is no object of that name */
    assert_status(get(p, "no/such", 100, &out), AISLE_NOT_FOUND, &p->err);
    buf_clear(&out);
}

static void what_is_dropped_is_gone(void **state)
{
    struct place *p = *state;
    struct buf out = BUF_INIT(BUF_MAX_LINE);

    put(p, "default/x", STR_LIT("x"));
    assert_ok(objects_drop(p->objects, STR_LIT("default/x"), &p->err), &p->err);
    assert_status(get(p, "default/x", 100, &out), AISLE_NOT_FOUND, &p->err);
    buf_clear(&out);
}

static void more_than_asked_for_is_not_read(void **state)
{
    struct place *p = *state;
    struct buf out = BUF_INIT(BUF_MAX_LINE);

    put(p, "a", STR_LIT("0123456789"));
    assert_status(get(p, "a", 9, &out), AISLE_LIMIT, &p->err);
    assert_ok(get(p, "a", 10, &out), &p->err);
    buf_clear(&out);
}

static void size_and_time_are_told_without_the_bytes(void **state)
{
    struct place *p = *state;
    struct object_facts facts;
    int64_t before = clock_now_s(clock_system());

    put(p, "a", STR_LIT("0123456789"));
    assert_ok(objects_head(p->objects, STR_LIT("a"), &facts, &p->err), &p->err);
    assert_int_equal(facts.size, 10);
    assert_in_range(facts.changed_at, before - 2, clock_now_s(clock_system()) + 2);
}

struct seen {
    size_t count;
    uint64_t bytes;
    int64_t oldest;
};

static enum aisle_status see(void *ctx, struct str key, const struct object_facts *facts,
                             struct aisle_err *err)
{
    struct seen *s = ctx;

    (void)err;
    assert_true(object_key_valid(key));
    if (!s->count || facts->changed_at < s->oldest)
        s->oldest = facts->changed_at;
    s->count++;
    s->bytes += facts->size;
    return AISLE_OK;
}

static struct seen seen_under(struct place *p, const char *prefix)
{
    struct seen seen = {0};

    assert_ok(objects_each(p->objects, str_of(prefix), see, &seen, &p->err), &p->err);
    return seen;
}

static void all_are_listed_or_those_of_one(void **state)
{
    struct place *p = *state;
    int64_t before = clock_now_s(clock_system());

    assert_int_equal(seen_under(p, "").count, 0);
    put(p, "toko-a/1", STR_LIT("a"));
    put(p, "toko-a/2", STR_LIT("bb"));
    put(p, "toko-a/deep/3", STR_LIT("ccc"));
    put(p, "toko-ab/4", STR_LIT("dddd"));
    assert_int_equal(seen_under(p, "").count, 4);
    assert_int_equal(seen_under(p, "").bytes, 10);
    assert_int_equal(seen_under(p, "toko-a/").count, 3);
    assert_int_equal(seen_under(p, "toko-a/deep/").bytes, 3);
    assert_int_equal(seen_under(p, "toko-c/").count, 0);
    assert_in_range(seen_under(p, "").oldest, before - 2,
                    clock_now_s(clock_system()) + 2);
}

static enum aisle_status stop_at_once(void *ctx, struct str key,
                                      const struct object_facts *facts,
                                      struct aisle_err *err)
{
    (void)key, (void)facts;
    ++*(size_t *)ctx;
    return aisle_fail(err, AISLE_STOPPED, "enough");
}

static void a_listing_ends_where_its_visitor_says(void **state)
{
    struct place *p = *state;
    size_t count = 0;

    put(p, "a/1", STR_LIT("a"));
    put(p, "a/2", STR_LIT("a"));
    assert_status(objects_each(p->objects, STR_LIT(""), stop_at_once, &count, NULL),
                  AISLE_STOPPED, NULL);
    assert_int_equal(count, 1);
}

static void a_listing_may_drop_what_it_shows(void **state)
{
    struct place *p = *state;
    char key[32];

    for (int i = 0; i < 25; i++) {
        snprintf(key, sizeof key, "default/%d", i);
        put(p, key, STR_LIT("x"));
    }
    assert_ok(objects_each(p->objects, STR_LIT("default/"), drop_it, p, &p->err),
              &p->err);
    assert_int_equal(seen_under(p, "").count, 0);
}

static const struct {
    struct str key;
    bool valid;
} keys[] = {
    {STR_INIT("a"), true},
    {STR_INIT("default/0b-9.jpg"), true},
    {STR_INIT(""), false},
    {STR_INIT("/a"), false},
    {STR_INIT("a/"), false},
    {STR_INIT("a//b"), false},
    {STR_INIT("../a"), false},
    {STR_INIT("a/../b"), false},
    {STR_INIT("a/.b"), false},
    {STR_INIT("a b"), false},
    {STR_INIT("a\0b"), false},
    {STR_INIT("a%2e"), false},
    {STR_INIT("a\\b"), false},
    {STR_INIT("\xc3\xbc"), false},
    {STR_INIT("a?list-type=2"), false},
};

static void keys_that_could_lead_elsewhere_are_refused(void **state)
{
    struct place *p = *state;
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    char long_one[OBJECT_KEY_MAX + 1];

    memset(long_one, 'x', sizeof long_one);
    assert_false(object_key_valid(str_n(long_one, sizeof long_one)));
    for (size_t i = 0; i < COUNT(keys); i++) {
        enum aisle_status want = keys[i].valid ? AISLE_OK : AISLE_INVALID;

        assert_int_equal(object_key_valid(keys[i].key), keys[i].valid);
        assert_status(
            objects_put(p->objects, keys[i].key, STR_LIT("x"), STR_LIT(""), NULL), want,
            NULL);
        assert_status(objects_get(p->objects, keys[i].key, 9, &out, NULL), want, NULL);
        assert_status(objects_drop(p->objects, keys[i].key, NULL), want, NULL);
    }
    assert_status(objects_each(p->objects, STR_LIT("../"), stop_at_once, NULL, NULL),
                  AISLE_INVALID, NULL);
    assert_status(objects_each(p->objects, STR_LIT("a"), stop_at_once, NULL, NULL),
                  AISLE_INVALID, NULL);
    buf_clear(&out);
}

struct many {
    struct place *p;
    int from;
    enum aisle_status status;
};

static void *put_many(void *ctx)
{
    struct many *m = ctx;
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    char key[32];

    for (int i = 0; i < 10 && m->status == AISLE_OK; i++) {
        snprintf(key, sizeof key, "t/%d", m->from + i % 5);
        m->status =
            objects_put(m->p->objects, str_of(key), str_of(key), STR_LIT(""), NULL);
        if (m->status == AISLE_OK)
            m->status = objects_get(m->p->objects, str_of(key), 100, &out, NULL);
        if (m->status == AISLE_OK && !str_is(buf_str(&out), key))
            m->status = AISLE_GARBLED;
    }
    buf_clear(&out);
    return NULL;
}

/* Two of them write the same keys. */
static void threads_share_it(void **state)
{
    struct many many[4];
    pthread_t threads[4];

    for (int i = 0; i < 4; i++) {
        many[i] = (struct many){*state, i / 2 * 100, AISLE_OK};
        assert_int_equal(pthread_create(&threads[i], NULL, put_many, &many[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_status(many[i].status, AISLE_OK, NULL);
    }
    assert_int_equal(seen_under(*state, "t/").count, 10);
}

/* ---- fetching what is kept ---- */

static void an_object_is_its_own_sellers_only(void **state)
{
    struct place *p = *state;
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    struct object_request r = {.location = STR_LIT("object:toko-a/1"),
                               .kept = p->objects,
                               .owner = STR_LIT("toko-a"),
                               .max_bytes = 100};

    put(p, "toko-a/1", STR_LIT("mine"));
    assert_ok(object_fetch(NULL, &r, &out, &p->err), &p->err);
    assert_str(buf_str(&out), "mine");
    r.owner = STR_LIT("toko-b");
    assert_status(object_fetch(NULL, &r, &out, NULL), AISLE_NOT_FOUND, NULL);
    r.owner = STR_LIT("");
    assert_status(object_fetch(NULL, &r, &out, NULL), AISLE_NOT_FOUND, NULL);
    r = (struct object_request){.location = STR_LIT("object:toko-a/../toko-b/1"),
                                .kept = p->objects,
                                .owner = STR_LIT("toko-a"),
                                .max_bytes = 100};
    assert_status(object_fetch(NULL, &r, &out, NULL), AISLE_NOT_FOUND, NULL);
    r.kept = NULL;
    assert_status(object_fetch(NULL, &r, &out, NULL), AISLE_CONFIG, NULL);
    buf_clear(&out);
}

/* ---- a folder's own ---- */

static void half_of_a_file_is_never_seen(void **state)
{
    struct place *p = *state;
    char path[96];
    struct stat st;
    int fd;

    put(p, "a/1", STR_LIT("x"));
    snprintf(path, sizeof path, "%s/a/1", p->folder);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    snprintf(path, sizeof path, "%s/a/.crash1", p->folder); /* as one would leave it */
    fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(seen_under(p, "").count, 1);
    snprintf(path, sizeof path, "%s/a/2", p->folder);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_int_equal(seen_under(p, "").count, 1);
    assert_status(
        objects_head(p->objects, STR_LIT("a/2"), &(struct object_facts){0}, NULL),
        AISLE_NOT_FOUND, NULL);
}

static void a_folder_that_cannot_be_made_is_named(void **state)
{
    struct place p = {.folder = ""};
    struct objects_settings set = settings_of(&p, clock_system());

    (void)state;
    set.location = STR_LIT("/proc/none/kept");
    assert_ok(objects_open(&set, &p.objects, &p.err), &p.err);
    assert_status(objects_put(p.objects, STR_LIT("a"), STR_LIT("x"), STR_LIT(""), &p.err),
                  AISLE_IO, &p.err);
    assert_non_null(strstr(p.err.text, "/proc/none"));
    assert_int_equal(seen_under(&p, "").count, 0); /* nothing there is no failure */
    objects_close(p.objects);
}

/* ---- S3's own: wrong keys, and what it may answer ---- */

static void a_wrong_key_is_refused(void **state)
{
    struct place p = {.folder = ""};
    struct objects_settings set = settings_of(&p, clock_system());
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    char location[128];

    (void)state;
    snprintf(location, sizeof location, "s3://%s", getenv("AISLE_TEST_S3_BUCKET"));
    set.location = str_of(location);
    set.endpoint = str_of(getenv("AISLE_TEST_S3"));
    set.key_id = str_of(getenv("AISLE_TEST_S3_KEY_ID"));
    set.secret = STR_LIT("not-the-secret");
    assert_ok(objects_open(&set, &p.objects, &p.err), &p.err);
    assert_status(objects_put(p.objects, STR_LIT("a"), STR_LIT("x"), STR_LIT(""), &p.err),
                  AISLE_CONFIG, &p.err);
    assert_non_null(strstr(p.err.text, "SignatureDoesNotMatch"));
    assert_null(strstr(p.err.text, "not-the-secret"));
    assert_int_equal(p.err.http_status, 403);
    assert_status(objects_get(p.objects, STR_LIT("a"), 9, &out, NULL), AISLE_CONFIG,
                  NULL);
    objects_close(p.objects);

    set.secret = str_of(getenv("AISLE_TEST_S3_SECRET"));
    set.location = STR_LIT("s3://no-such-bucket");
    p.err = (struct aisle_err){0};
    assert_ok(objects_open(&set, &p.objects, &p.err), &p.err);
    assert_status(objects_put(p.objects, STR_LIT("a"), STR_LIT("x"), STR_LIT(""), &p.err),
                  AISLE_CONFIG, &p.err);
    objects_close(p.objects);
    buf_clear(&out);
}

static void a_clock_that_is_wrong_is_a_matter_of_configuration(void **state)
{
    struct place p = {.folder = ""};
    struct objects_settings set = settings_of(&p, &p.clock.clock);
    char location[128];

    (void)state;
    clock_still_init(&p.clock, (clock_now_s(clock_system()) - 3600) * 1000);
    snprintf(location, sizeof location, "s3://%s", getenv("AISLE_TEST_S3_BUCKET"));
    set.location = str_of(location);
    set.endpoint = str_of(getenv("AISLE_TEST_S3"));
    set.key_id = str_of(getenv("AISLE_TEST_S3_KEY_ID"));
    set.secret = str_of(getenv("AISLE_TEST_S3_SECRET"));
    assert_ok(objects_open(&set, &p.objects, &p.err), &p.err);
    assert_status(objects_put(p.objects, STR_LIT("a"), STR_LIT("x"), STR_LIT(""), &p.err),
                  AISLE_CONFIG, &p.err);
    assert_non_null(strstr(p.err.text, "Skew"));
    objects_close(p.objects);
}

static enum aisle_status open_at(struct place *p, const char *endpoint,
                                 const char *location)
{
    struct objects_settings set = settings_of(p, &p->clock.clock);

    clock_still_init(&p->clock, 1700000000000);
    p->err = (struct aisle_err){0};
    set.location = str_of(location);
    set.endpoint = str_of(endpoint);
    set.key_id = STR_LIT("id");
    set.secret = STR_LIT("hush-hush");
    return objects_open(&set, &p->objects, &p->err);
}

static const struct {
    const char *endpoint, *location;
    enum aisle_status want;
} settings[] = {
    {"https://s3.example", "s3://bucket", AISLE_OK},
    {"https://s3.example/", "s3://bucket/so/on/", AISLE_OK},
    {"http://127.0.0.1:9000", "s3://bucket", AISLE_OK},
    {"http://10.1.2.3:9000", "s3://bucket", AISLE_OK},
    {"http://s3.example", "s3://bucket", AISLE_CONFIG}, /* seen on the way */
    {"http://9.9.9.9", "s3://bucket", AISLE_CONFIG},
    {"", "s3://bucket", AISLE_CONFIG},
    {"https://s3.example/path", "s3://bucket", AISLE_CONFIG},
    {"https://user:word@s3.example", "s3://bucket", AISLE_CONFIG},
    {"ftp://s3.example", "s3://bucket", AISLE_CONFIG},
    {"https://s3.example", "s3://", AISLE_CONFIG},
    {"https://s3.example", "s3://Bucket", AISLE_CONFIG},
    {"https://s3.example", "s3://bucket/../x", AISLE_CONFIG},
    {"https://s3.example", "gs://bucket", AISLE_CONFIG},
    {"https://s3.example", "", AISLE_CONFIG},
};

static void settings_that_cannot_work_are_named_at_once(void **state)
{
    struct place p = {.folder = ""};

    (void)state;
    for (size_t i = 0; i < COUNT(settings); i++) {
        assert_status(open_at(&p, settings[i].endpoint, settings[i].location),
                      settings[i].want, &p.err);
        if (settings[i].want == AISLE_OK)
            objects_close(p.objects);
    }
}

#define ERROR(code)                                                                      \
    STR_INIT("<?xml version=\"1.0\"?><Error><Code>" code                                 \
             "</Code><Message>It is &lt;so&gt;</Message><RequestId>tx1</RequestId>"      \
             "</Error>")

/* What it says to each call, tried again where that may help. */
static const struct {
    struct peer_answer answers[3];
    size_t count, asked;
    enum aisle_status want;
} scripts[] = {
    {{{.status = 503, .body = ERROR("SlowDown")}, {.status = 200}}, 2, 2, AISLE_OK},
    {{{.status = 500}, {.status = 429, .headers = "Retry-After: 3\r\n"}, {.status = 200}},
     3,
     3,
     AISLE_OK},
    {{{.raw = STR_INIT("HTTP/1.1 200"), .close = true}, {.status = 200}}, 2, 2, AISLE_OK},
    {{{.status = 503, .body = ERROR("SlowDown")}}, 1, 4, AISLE_BUSY},
    {{{.status = 403, .body = ERROR("InvalidAccessKeyId")}}, 1, 1, AISLE_CONFIG},
    {{{.status = 404, .body = ERROR("NoSuchBucket")}}, 1, 1, AISLE_CONFIG},
    {{{.status = 400, .body = ERROR("BadDigest")}}, 1, 1, AISLE_REFUSED},
    {{{.status = 301, .headers = "Location: http://127.0.0.1:1/\r\n"}},
     1,
     1,
     AISLE_CONFIG},
    {{{.status = 400, .body = STR_INIT("<html>no <Error")}}, 1, 1, AISLE_REFUSED},
};

static void what_may_pass_is_tried_again_and_the_rest_is_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(scripts); i++) {
        struct place p = {.folder = ""};
        struct peer peer;

        peer_start(&peer, scripts[i].answers, scripts[i].count);
        assert_ok(open_at(&p, peer.url, "s3://bucket"), &p.err);
        assert_status(objects_put(p.objects, STR_LIT("a/1"), STR_LIT("bytes"),
                                  STR_LIT("image/png"), &p.err),
                      scripts[i].want, &p.err);
        assert_int_equal(peer.request_count, scripts[i].asked);
        assert_true(peer_was_told(&peer, 0, "PUT /bucket/a/1 HTTP/1.1\r\n"));
        assert_true(peer_was_told(&peer, 0, "Content-Type: image/png\r\n"));
        assert_false(peer_was_told(&peer, 0, "hush-hush"));
        if (scripts[i].want != AISLE_OK && scripts[i].answers[0].body.n > 40) {
            assert_non_null(strstr(p.err.text, "It is <so>"));
            assert_string_equal(p.err.request_id, "tx1");
        }
        objects_close(p.objects);
        peer_stop(&peer);
    }
}

#define ONE(key)                                                                         \
    "<Contents><Key>" key "</Key><LastModified>2026-11-22T03:04:05.678Z</LastModified>"  \
    "<ETag>&quot;x&quot;</ETag><Size>5</Size></Contents>"
#define LIST(inner)                                                                      \
    STR_INIT(                                                                            \
        "<?xml version='1.0' encoding='UTF-8'?>\n<ListBucketResult xmlns='x'>" inner     \
        "</ListBucketResult>")

static const struct {
    struct str xml;
    enum aisle_status want;
    size_t seen;
    const char *next;
} lists[] = {
    {LIST("<IsTruncated>false</IsTruncated>"), AISLE_OK, 0, ""},
    {LIST("<IsTruncated>false</IsTruncated>" ONE("p/a") ONE("p/b/c")), AISLE_OK, 2, ""},
    {LIST("<IsTruncated>true</IsTruncated>" ONE(
         "p/a") "<NextContinuationToken>a&amp;b</NextContinuationToken>"),
     AISLE_OK, 1, "a&b"},
    {LIST("<IsTruncated>false</IsTruncated>" ONE("p/a b") ONE("p/.x") ONE("p/&eacute;")),
     AISLE_OK, 0, ""},
    {LIST("<IsTruncated>true</IsTruncated>"), AISLE_GARBLED, 0, ""},
    {LIST("<IsTruncated>true</IsTruncated><NextContinuationToken></"
          "NextContinuationToken>"),
     AISLE_GARBLED, 0, ""},
    {LIST("<IsTruncated>false</IsTruncated>" ONE("q/a")), AISLE_GARBLED, 0, ""},
    {LIST("<IsTruncated>false</IsTruncated><Contents><Key>p/a</Key></Contents>"),
     AISLE_GARBLED, 0, ""},
    {LIST(""), AISLE_GARBLED, 0, ""},
    {STR_INIT(""), AISLE_GARBLED, 0, ""},
    {STR_INIT("<ListBucketResult><IsTruncated>false"), AISLE_GARBLED, 0, ""},
};

static enum aisle_status count_it(void *ctx, struct str key,
                                  const struct object_facts *facts, struct aisle_err *err)
{
    (void)key, (void)err;
    assert_int_equal(facts->size, 5);
    assert_int_equal(facts->changed_at, 1795316645);
    ++*(size_t *)ctx;
    return AISLE_OK;
}

static void lists_are_read_strictly(void **state)
{
    struct buf next = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    for (size_t i = 0; i < COUNT(lists); i++) {
        struct aisle_err err = {0};
        size_t seen = 0;

        buf_reset(&next);
        assert_status(
            s3_list_read(lists[i].xml, STR_LIT("p/"), count_it, &seen, &next, &err),
            lists[i].want, &err);
        if (lists[i].want != AISLE_OK)
            continue;
        assert_int_equal(seen, lists[i].seen);
        assert_str(buf_str(&next), lists[i].next);
    }
    buf_clear(&next);
}

static void a_list_of_many_pages_is_walked_to_its_end(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 200,
         .body = LIST("<IsTruncated>true</IsTruncated>" ONE(
             "so/on/a") "<NextContinuationToken>a/b+c</NextContinuationToken>")},
        {.status = 200, .body = LIST("<IsTruncated>false</IsTruncated>" ONE("so/on/b"))}};
    struct place p = {.folder = ""};
    struct peer peer;
    size_t seen = 0;

    (void)state;
    peer_start(&peer, answers, COUNT(answers));
    assert_ok(open_at(&p, peer.url, "s3://bucket/so/on"), &p.err);
    assert_ok(objects_each(p.objects, STR_LIT(""), count_it, &seen, &p.err), &p.err);
    assert_int_equal(seen, 2);
    assert_true(peer_was_told(
        &peer, 0,
        "GET /bucket?list-type=2&max-keys=1000&prefix=so%2Fon%2F HTTP/1.1\r\n"));
    assert_true(peer_was_told(&peer, 1, "?continuation-token=a%2Fb%2Bc&list-type=2&"));
    objects_close(p.objects);
    peer_stop(&peer);
}

#define CONTRACT(with)                                                                   \
    cmocka_unit_test_setup_teardown(what_is_put_comes_back_byte_for_byte, with,          \
                                    without),                                            \
        cmocka_unit_test_setup_teardown(what_is_put_again_is_replaced, with, without),   \
        cmocka_unit_test_setup_teardown(what_is_not_there_is_said_so, with, without),    \
        cmocka_unit_test_setup_teardown(what_is_dropped_is_gone, with, without),         \
        cmocka_unit_test_setup_teardown(more_than_asked_for_is_not_read, with, without), \
        cmocka_unit_test_setup_teardown(size_and_time_are_told_without_the_bytes, with,  \
                                        without),                                        \
        cmocka_unit_test_setup_teardown(all_are_listed_or_those_of_one, with, without),  \
        cmocka_unit_test_setup_teardown(a_listing_ends_where_its_visitor_says, with,     \
                                        without),                                        \
        cmocka_unit_test_setup_teardown(a_listing_may_drop_what_it_shows, with,          \
                                        without),                                        \
        cmocka_unit_test_setup_teardown(keys_that_could_lead_elsewhere_are_refused,      \
                                        with, without),                                  \
        cmocka_unit_test_setup_teardown(an_object_is_its_own_sellers_only, with,         \
                                        without),                                        \
        cmocka_unit_test_setup_teardown(threads_share_it, with, without)

int main(void)
{
    const struct CMUnitTest folder[] = {
        CONTRACT(with_folder),
        cmocka_unit_test_setup_teardown(half_of_a_file_is_never_seen, with_folder,
                                        without),
        cmocka_unit_test(a_folder_that_cannot_be_made_is_named),
        cmocka_unit_test(settings_that_cannot_work_are_named_at_once),
        cmocka_unit_test(what_may_pass_is_tried_again_and_the_rest_is_not),
        cmocka_unit_test(lists_are_read_strictly),
        cmocka_unit_test(a_list_of_many_pages_is_walked_to_its_end),
    };
    const struct CMUnitTest s3[] = {
        CONTRACT(with_s3),
        cmocka_unit_test(a_wrong_key_is_refused),
        cmocka_unit_test(a_clock_that_is_wrong_is_a_matter_of_configuration),
    };

    if (getenv("AISLE_TEST_S3"))
        return cmocka_run_group_tests_name("net: objects at S3", s3, NULL, NULL);
    return cmocka_run_group_tests_name("net: objects", folder, NULL, NULL);
}

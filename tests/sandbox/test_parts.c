#include "data.h"
#include "peer.h"

#include "base/json.h"
#include "cli/commands/list.h"
#include "sandbox/control.h"
#include "sandbox/forest.h"
#include "sandbox/journal.h"
#include "sandbox/lexicon.h"
#include "sandbox/market/judge.h"
#include "sandbox/sign.h"
#include "sandbox/temper.h"
#include "sandbox/truth.h"

static const struct {
    const char *text, *want; /* the failure's text begins so, or the fault shown */
} fault_words[] = {
    {"cut=0.2", "cut 0.2 path= ms=0 status=0 after=0"},
    {"refuse=1", "refuse 1 path= ms=0 status=0 after=0"},
    {"delay=1,ms=50", "delay 1 path= ms=50 status=0 after=0"},
    {"429=0.5,retry-after=2,path=/recommend",
     "429 0.5 path=/recommend ms=0 status=0 after=2"},
    {"429=1,retry-after=-1", "429 1 path= ms=0 status=0 after=-1"},
    {"5xx=0.1,status=503,html", "5xx 0.1 path= ms=0 status=503 after=0 html"},
    {"token-expired=0", "token-expired 0 path= ms=0 status=0 after=0"},
    {"", "no fault is called "},
    {"rain=1", "no fault is called rain"},
    {"cut", "cut needs a rate from 0 to 1, as cut=0.2"},
    {"cut=", "cut needs a rate"},
    {"cut=1.5", "cut needs a rate"},
    {"cut=-1", "cut needs a rate"},
    {"hook-late=1,ms=600000", "hook-late 1 path= ms=600000 status=0 after=0"},
    {"cut=1,ms", "cut cannot have ms"},
    {"cut=1,ms=-3", "cut cannot have ms; it is of delay, slow, hook-late"},
    {"delay=1,ms=-3", "delay cannot have ms=-3; it is from 0 to 600000"},
    {"delay=1,ms=soon", "delay cannot have ms=soon; it is from 0 to 600000"},
    {"delay=1,ms=99999999999", "delay cannot have ms=99999999999; it is from 0"},
    {"5xx=1,status=404", "5xx cannot have status=404; it is from 500 to 599"},
    {"5xx=1,status=0", "5xx cannot have status=0; it is from 500 to 599"},
    {"429=1,status=503", "429 cannot have status; it is of 5xx"},
    {"5xx=1,retry-after=1", "5xx cannot have retry-after; it is of 429"},
    {"429=1,retry-after=-2", "429 cannot have retry-after=-2; it is from -1 to 86400"},
    {"5xx=1,html=1", "5xx cannot have html=1; html stands alone"},
    {"cut=1,html", "cut cannot have html; it is of 5xx"},
    {"cut=1,colour=red", "cut cannot have colour; there are path, ms, status"},
};

static void a_fault_is_read_from_a_word(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(fault_words); i++) {
        struct sandbox_fault f;
        struct aisle_err err = {0};
        struct buf got = BUF_INIT(1024);

        if (sandbox_fault_parse(str_of(fault_words[i].text), &f, &err))
            buf_addz(&got, err.text);
        else
            buf_addf(&got, "%s %g path=%.*s ms=%d status=%d after=%d%s",
                     sandbox_fault_name(f.kind), f.rate, STR_ARG(f.path), f.ms, f.status,
                     f.retry_after_s, f.html ? " html" : "");
        assert_text(fault_words[i].text,
                    str_head(buf_str(&got), strlen(fault_words[i].want)),
                    fault_words[i].want);
        buf_clear(&got);
    }
}

/* What the command offers, the sandbox knows. */
static void markets_one_can_start_in_are_known(void **state)
{
    static const char *const names[] = {"region", "cross-border"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        const struct option *o = command_option(&command_sandbox_start, str_of(names[i]));
        struct str rest = str_of(o->choices);

        assert_true(rest.n > 0);
        while (rest.n) {
            struct str market = str_cut(&rest, ' ');

            if (!str_is(market, region_of(market)->code))
                fail_msg("--%s has %.*s, of which nothing is known", names[i],
                         STR_ARG(market));
        }
    }
}

static const struct {
    const char *text, *want; /* path|version|locale|platform, or the failure */
} tree_words[] = {
    {"a.json", "a.json|||"},
    {"a.json@v2", "a.json|v2||"},
    {"a.json@TOKOPEDIA,id-ID,v1", "a.json|v1|id-ID|TOKOPEDIA"},
    {"a@home.json@id-ID", "a@home.json||id-ID|"},
    {"a.json@", "a.json|||"},
    {"a.json@v9", "v9 is no version"},
    {"@v2", "a tree needs a file"},
    {"", "a tree needs a file"},
};

static void a_tree_file_is_read_with_what_it_is_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(tree_words); i++) {
        struct sandbox_tree_file f;
        struct aisle_err err = {0};
        struct buf got = BUF_INIT(1024);

        if (sandbox_tree_file_parse(str_of(tree_words[i].text), &f, &err))
            buf_addz(&got, err.text);
        else
            buf_addf(&got, "%.*s|%.*s|%.*s|%.*s", STR_ARG(f.path), STR_ARG(f.version),
                     STR_ARG(f.locale), STR_ARG(f.platform));
        assert_text(tree_words[i].text,
                    str_head(buf_str(&got), strlen(tree_words[i].want)),
                    tree_words[i].want);
        buf_clear(&got);
    }
}

/* A request as the wire would bring it, out of a row of signatures.json. */
static void sign_row(const json_t *row, struct str *want, char got[SHA256_HEX_LEN + 1])
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct http_pair args[32], header = {STR_LIT("content-type"), {0}};
    struct http_request r = {.arena = &arena, .args = args, .headers = &header};
    struct aisle_err err = {0};
    const char *name;
    const json_t *value;

    r.path = json_str(row, "path");
    r.body = json_str(row, "body");
    header.value = json_str(row, "content_type");
    r.header_count = 1;
    json_object_foreach((json_t *)json_at(row, "query"), name, value)
    {
        assert_true(r.arg_count < COUNT(args));
        args[r.arg_count++] = (struct http_pair){str_of(name), json_value_str(value)};
    }
    *want = json_str(row, "sign");
    assert_ok(sign_request(json_str(row, "secret"), &r, true, got, &err), &err);
    arena_clear(&arena);
}

static void every_known_signature_is_computed(void **state)
{
    char path[PATH_ROOM], got[SHA256_HEX_LEN + 1];
    struct buf text;
    json_t *rows = NULL;

    (void)state;
    snprintf(path, sizeof path, "%s/tests/channels/signatures.json",
             getenv("SOURCE_ROOT"));
    text = file_read(path);
    assert_ok(json_read(buf_str(&text), BUF_MAX_REPLY, path, &rows, NULL), NULL);
    assert_true(json_array_size(rows) >= 24);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct str want;

        sign_row(json_array_get(rows, i), &want, got);
        check_text(json_string_value(json_object_get(json_array_get(rows, i), "says")),
                   want, str_of(got), __FILE__, __LINE__);
    }
    json_decref(rows);
    buf_clear(&text);
}

static enum aisle_status grow_and_evolve(void *ctx, struct aisle_err *err)
{
    struct sandbox_settings settings = {0};
    struct forest *f = NULL, *next = NULL;
    struct buf done = BUF_INIT(1024);
    enum aisle_status status = forest_load(&settings, &f, err);

    if (status == AISLE_OK)
        status = forest_evolve(f, *(struct str *)ctx, &next, &done, err);
    if (status == AISLE_OK && !tree_lexicon(forest_tree(next, SLOT_OLD_TOKOPEDIA)))
        status = aisle_nomem(err);
    forest_drop(f);
    forest_drop(next);
    buf_clear(&done);
    return status;
}

static void without_memory_no_forest_grows(void **state)
{
    struct str edits =
        STR_LIT("[{\"op\":\"rename\",\"id\":\"636466\",\"names\":{\"en-US\":\"A\"}},"
                "{\"op\":\"add\",\"id\":\"1\",\"parent_id\":\"636466\",\"names\":{\"x\":"
                "\"y\"}}]");

    (void)state;
    json_set_alloc_funcs(mem_alloc, mem_free);
    assert_true(each_allocation_failing(grow_and_evolve, &edits) > 50);
}

static enum aisle_status read_truth(void *ctx, struct aisle_err *err)
{
    struct truth *t = NULL;
    enum aisle_status status = truth_read(*(struct str *)ctx, &t, err);

    truth_free(t);
    return status;
}

static void a_truth_is_found_folded_and_its_first_word_counts(void **state)
{
    struct str tsv = STR_LIT("title\tleaf_id\nKaos  Pria!\t7\r\nkaos pria\t8\n\nTas\t9");
    struct truth *t = NULL;
    struct aisle_err err = {0};

    (void)state;
    assert_ok(truth_read(tsv, &t, &err), &err);
    assert_text("folded", truth_leaf(t, STR_LIT("KAOS PRIA")), "7");
    assert_text("last", truth_leaf(t, STR_LIT("Tas")), "9");
    assert_text("unknown", truth_leaf(t, STR_LIT("title")), "");
    truth_free(t);
    assert_status(truth_read(STR_LIT("a\t1\nb\n"), &t, &err), AISLE_GARBLED, &err);
    assert_text("line", str_of(err.text), "line 2 of the truth has no leaf");
    assert_true(each_allocation_failing(read_truth, &tsv) > 3);
}

static enum aisle_status ask_lexicon(void *ctx, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(1 << 24);
    struct inquiry q = {STR_LIT("Kaos Polos Pria"), TREE_NONE, 1};
    struct candidate list[4 + 1];
    size_t count;
    enum aisle_status status = lexicon_ask(ctx, &q, &arena, list, 4, &count, err);

    arena_clear(&arena);
    return status;
}

static void without_memory_a_lexicon_has_no_opinion(void **state)
{
    struct sandbox_settings settings = {0};
    struct forest *f = NULL;
    const struct lexicon *l;

    (void)state;
    assert_ok(forest_load(&settings, &f, NULL), NULL);
    l = tree_lexicon(forest_tree(f, SLOT_V2_TIKTOK));
    assert_non_null(l);
    assert_true(each_allocation_failing(ask_lexicon, (void *)(uintptr_t)l) > 2);
    forest_drop(f);
}

static void rates_are_kept_over_many_questions(void **state)
{
    static const struct sandbox_fault dial[] = {{.kind = FAULT_CUT, .rate = 0.2},
                                                {.kind = FAULT_DELAY, .rate = 0.5}};
    struct temper *t = NULL;
    int cut = 0, delayed = 0, both = 0;

    (void)state;
    assert_ok(temper_new(7, dial, 2, &t, NULL), NULL);
    for (uint64_t i = 0; i < 10000; i++) {
        struct mood mood;

        temper_judge(t, STR_LIT("/a"), i / 4, &mood);
        cut += mood.has[FAULT_CUT];
        delayed += mood.has[FAULT_DELAY];
        both += mood.has[FAULT_CUT] && mood.has[FAULT_DELAY];
    }
    assert_in_range(cut, 1850, 2150);
    assert_in_range(delayed, 4800, 5200);
    assert_in_range(both, 850, 1150); /* they do not know of each other */
    temper_free(t);
}

static enum aisle_status start_and_stop(void *ctx, struct aisle_err *err)
{
    struct sandbox *s = NULL;
    enum aisle_status status = sandbox_start(ctx, &s, err);

    sandbox_stop(s);
    return status;
}

static void without_memory_no_sandbox_starts(void **state)
{
    struct sandbox_settings settings = {.truth = STR_LIT("own"), .threads = 1};

    (void)state;
    assert_true(each_allocation_failing(start_and_stop, &settings) > 20);
}

static void what_makes_no_sense_is_refused_at_the_start(void **state)
{
    static const struct sandbox_shop twins[] = {{.cipher = {"x", 1}},
                                                {.cipher = {"x", 1}}};
    static const struct sandbox_fault bad[] = {{.kind = FAULT_CUT, .rate = 2}};
    const struct {
        const char *says;
        struct sandbox_settings set;
        enum aisle_status want;
    } cases[] = {
        {"an address of the world", {.address = STR_LIT("0.0.0.0")}, AISLE_CONFIG},
        {"no address", {.address = STR_LIT("127.x")}, AISLE_CONFIG},
        {"two shops with one cipher", {.shops = twins, .shop_count = 2}, AISLE_INVALID},
        {"too many shops", {.shop_count = SANDBOX_MAX_SHOPS + 1}, AISLE_INVALID},
        {"a rate of 2", {.faults = bad, .fault_count = 1}, AISLE_INVALID},
        {"no such truth", {.truth = STR_LIT("/nowhere/truth.tsv")}, AISLE_CONFIG},
        {"no such log", {.log_file = STR_LIT("/nowhere/log")}, AISLE_CONFIG},
        {"no such tree", {.tokopedia_tree = STR_LIT("/nowhere/t.json")}, AISLE_CONFIG},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct sandbox *s = NULL;
        struct aisle_err err = {0};

        if (sandbox_start(&cases[i].set, &s, &err) != cases[i].want)
            fail_msg("%s: %s", cases[i].says, err.text);
        assert_null(s);
    }
}

static void who_is_who_follows_from_the_seed(void **state)
{
    struct sandbox_settings settings = {.seed = 9, .shop_count = 3, .threads = 1};
    struct sandbox *one = NULL, *two = NULL;
    const struct sandbox_identity *a, *b;

    (void)state;
    assert_ok(sandbox_start(&settings, &one, NULL), NULL);
    assert_ok(sandbox_start(&settings, &two, NULL), NULL);
    a = sandbox_identity(one);
    b = sandbox_identity(two);
    assert_true(str_eq(a->app_secret, b->app_secret));
    assert_true(str_eq(a->shops[2].access_token, b->shops[2].access_token));
    assert_false(str_eq(a->shops[1].access_token, a->shops[2].access_token));
    assert_false(str_eq(a->control_token, b->control_token)); /* but this by chance */
    assert_int_not_equal(sandbox_port(one), sandbox_port(two));
    sandbox_stop(one);
    sandbox_stop(two);
}

static void a_running_one_is_spoken_to(void **state)
{
    struct sandbox_settings settings = {.threads = 1};
    struct sandbox_fault fault = {
        .kind = FAULT_HTML, .rate = 0.25, .path = STR_LIT("/x")};
    struct sandbox *s = NULL;
    struct control c, stranger, nobody;
    char url[64], token[64]; /* the identity goes with the sandbox */
    struct buf out = BUF_INIT(BUF_MAX_REPLY);
    struct aisle_err err = {0};
    int fd;

    (void)state;
    assert_ok(sandbox_start(&settings, &s, &err), &err);
    snprintf(url, sizeof url, "%.*s", STR_ARG(sandbox_identity(s)->url));
    snprintf(token, sizeof token, "%.*s", STR_ARG(sandbox_identity(s)->control_token));
    c = (struct control){str_of(url), str_of(token)};
    stranger = (struct control){c.url, STR_LIT("x")};

    assert_ok(control_fault(&c, &fault, 1, &err), &err);
    assert_ok(control_status(&c, &out, &err), &err);
    assert_true(str_find(buf_str(&out),
                         STR_LIT("{\"kind\":\"html\",\"rate\":0.25,\"path\":\"/x\"")) <
                out.n);
    buf_reset(&out);
    assert_ok(control_fault(&c, NULL, 0, &err), &err);
    assert_ok(control_evolve(&c,
                             STR_LIT("[{\"op\":\"rename\",\"id\":\"636466\",\"names\":"
                                     "{\"en-US\":\"A\"}}]"),
                             &out, &err),
              &err);
    assert_text("edits", buf_str(&out),
                "{\"rename\":1,\"move\":0,\"add\":0,\"remove\":0,\"permission\":0}");
    buf_reset(&out);
    assert_ok(control_log(&c, 1, &out, &err), &err);
    assert_text("nothing was called", buf_str(&out), "");
    assert_ok(control_trigger(&c, STR_LIT("expire-access"), &out, &err), &err);
    assert_text("tokens", buf_str(&out), "{\"expired\":1}");
    assert_ok(control_reset(&c, STR_LIT("all"), &err), &err);

    assert_status(control_evolve(&c, STR_LIT("[7]"), &out, &err), AISLE_INVALID, &err);
    assert_text("its own words", str_of(err.text),
                "edit 1 cannot be done: no edit is called that; it is of ");
    err = (struct aisle_err){0};
    assert_status(control_trigger(&c, STR_LIT("rain"), &out, &err), AISLE_NOT_FOUND,
                  &err);
    assert_status(control_status(&stranger, &out, NULL), AISLE_AUTH, NULL);
    sandbox_stop(s);
    fd = peer_absent(url, sizeof url);
    nobody = (struct control){str_of(url), c.token};
    assert_status(control_status(&nobody, &out, NULL), AISLE_BUSY, NULL);
    close(fd);
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_is_read_from_a_word),
        cmocka_unit_test(markets_one_can_start_in_are_known),
        cmocka_unit_test(a_tree_file_is_read_with_what_it_is_for),
        cmocka_unit_test(every_known_signature_is_computed),
        cmocka_unit_test(without_memory_no_forest_grows),
        cmocka_unit_test(a_truth_is_found_folded_and_its_first_word_counts),
        cmocka_unit_test(without_memory_a_lexicon_has_no_opinion),
        cmocka_unit_test(rates_are_kept_over_many_questions),
        cmocka_unit_test(without_memory_no_sandbox_starts),
        cmocka_unit_test(what_makes_no_sense_is_refused_at_the_start),
        cmocka_unit_test(who_is_who_follows_from_the_seed),
        cmocka_unit_test(a_running_one_is_spoken_to),
    };

    return cmocka_run_group_tests_name("sandbox: parts", tests, NULL, NULL);
}

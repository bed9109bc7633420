/* What can be mended is mended, said, and found no more. */
#include "check.h"

#include "case.h"
#include "listing/fix.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

struct fixed {
    struct arena arena;
    struct findings before, after;
    struct listing_draft draft, mended;
    struct listing_repairs repairs;
};

static void check_and_fix(struct fixed *x, const char *market,
                          enum listing_profile profile, struct str body)
{
    struct aisle_err err = {0};
    struct listing_question q = {.limits = listing_limits_get(str_of(market), profile)};

    *x = (struct fixed){.arena = ARENA_INIT(1 << 26)};
    x->before.arena = x->after.arena = &x->arena;
    assert_ok(listing_read_body(body, &x->arena, &x->draft, &x->before, &err), &err);
    q.draft = &x->draft;
    assert_ok(listing_check(&q, &x->before, &err), &err);
    assert_ok(listing_fix(&q, &x->before, &x->arena, &x->mended, &x->repairs, &err),
              &err);
    q.draft = &x->mended;
    assert_ok(listing_check(&q, &x->after, &err), &err);
}

static const struct {
    const char *says, *market;
    enum listing_profile profile;
    const char *body, *want; /* one member of the mended body */
} texts[] = {
    {"emoji, escapes and controls go", "US", LISTING_CURRENT,
     "{\"title\":\"Shirt \xF0\x9F\x94\xA5 Men &amp; Women\\u007f!\"}",
     "\"title\":\"Shirt Men & Women!\""},
    {"an escape becomes what it stands for, and one nobody knows stays", "US",
     LISTING_CURRENT,
     "{\"description\":\"<p>50 &times; 70 cm, &lt; 5 kg, &lt;M &#60;/b caf&eacute; &#xE9;"
     "&#150; &amp;nbsp;AT&amp;amp;T a&foo;b C:\\\\temp</p>\"}",
     "\"description\":\"<p>50 \xC3\x97 70 cm, < 5 kg, < M < /b caf\xC3\xA9 \xC3\xA9"
     "\xE2\x80\x93  AT&T a&foo;b C:\\\\temp</p>\""},
    {"what does not begin a tag in a title stays together", "US", LISTING_CURRENT,
     "{\"title\":\"Sizes &lt;M &amp; &gt;XL &eacute;\"}",
     "\"title\":\"Sizes <M & >XL \xC3\xA9\""},
    {"a run is cut to nine", "US", LISTING_CURRENT, "{\"title\":\"Wow =============\"}",
     "\"title\":\"Wow =========\""},
    {"what is open is closed", "US", LISTING_CURRENT,
     "{\"description\":\"<div class='a'><b>Soft</div> and <i>light\"}",
     "\"description\":\"<div class='a'><b>Soft</b></div> and <i>light</i>\""},
    {"what is no tag is no tag that is open", "US", LISTING_CURRENT,
     "{\"description\":\"<p>Sizes <M or L>, <b>soft</p>\"}",
     "\"description\":\"<p>Sizes < M or L>, <b>soft</b></p>\""},
    {"a tag without its end goes", "US", LISTING_CURRENT,
     "{\"description\":\"<p>Soft</p><p class=\"}", "\"description\":\"<p>Soft</p>\""},
    {"then only a few tags were taken", "US", LISTING_202309,
     "{\"description\":\"<div><h1 style='a'>Soft</h1><script>x()</script>"
     "<span>light</span></div><b>warm</b>\"}",
     "\"description\":\"<p></p><p>Soft</p>lightwarm\""},
    {"and lists held items", "US", LISTING_202309,
     "{\"description\":\"<ul><li><p>Soft</p><li>light</ul><font>x</font>\"}",
     "\"description\":\"<ul><li>Soft</li><li>light</li></ul>x\""},
    {"pounds become kilograms", "ID", LISTING_CURRENT,
     "{\"package_weight\":{\"value\":\"1.1\",\"unit\":\"POUND\"}}",
     "\"package_weight\":{\"value\":\"0.499\",\"unit\":\"KILOGRAM\"}"},
    {"inches become centimetres", "ID", LISTING_CURRENT,
     "{\"package_dimensions\":{\"length\":\"10\",\"width\":\"1\",\"height\":\"2.5\","
     "\"unit\":\"INCH\"}}",
     "\"length\":\"25.4\",\"width\":\"2.54\",\"height\":\"6.35\",\"unit\":"
     "\"CENTIMETER\""},
    {"the weight follows the sides", "US", LISTING_CURRENT,
     "{\"package_weight\":{\"value\":\"1\",\"unit\":\"KILOGRAM\"},\"package_dimensions\":"
     "{\"length\":\"10\",\"width\":\"1\",\"height\":\"2\",\"unit\":\"INCH\"}}",
     "\"package_weight\":{\"value\":\"2.21\",\"unit\":\"POUND\"}"},
    {"decimals are rounded up", "ID", LISTING_CURRENT,
     "{\"package_weight\":{\"value\":\"0.2501\",\"unit\":\"KILOGRAM\"}}",
     "\"value\":\"0.251\""},
    {"spaces leave a seller SKU", "ID", LISTING_CURRENT,
     "{\"skus\":[{\"seller_sku\":\"KP 01 M\"}]}", "\"seller_sku\":\"KP01M\""},
    {"a code gets the type its digits have", "ID", LISTING_CURRENT,
     "{\"skus\":[{\"identifier_code\":{\"type\":\"EAN\",\"code\":\"036000291452\"}}]}",
     "\"type\":\"UPC\""},
    {"a value that is there twice goes once", "ID", LISTING_CURRENT,
     "{\"product_attributes\":[{\"id\":\"1\",\"values\":[{\"id\":\"2\"},{\"id\":\"2\"},"
     "{\"id\":\"3\"},{\"id\":\"2\"}]}]}",
     "\"values\":[{\"id\":\"2\"},{\"id\":\"3\"}]"},
    {"cash on delivery is switched off", "SG", LISTING_CURRENT,
     "{\"is_cod_allowed\":true}", "\"is_cod_allowed\":false"},
    {"an attribute without a value goes whole", "ID", LISTING_CURRENT,
     "{\"product_attributes\":[{\"id\":\"1\",\"values\":[]},{\"id\":\"2\","
     "\"values\":[{\"id\":\"3\"}]}]}",
     "\"product_attributes\":[{\"id\":\"2\",\"values\":[{\"id\":\"3\"}]}]"},
};

static void each_mending_does_what_it_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct buf out = BUF_INIT(1 << 20);
        struct fixed x;

        check_and_fix(&x, texts[i].market, texts[i].profile, str_of(texts[i].body));
        listing_write_body(&x.mended, BODY_CREATE, &out);
        if (str_find(buf_str(&out), str_of(texts[i].want)) == out.n)
            fail_msg("%s: %.*s", texts[i].says, STR_ARG(buf_str(&out)));
        assert_true(x.repairs.count > 0);
        buf_clear(&out);
        arena_clear(&x.arena);
    }
}

static void a_long_title_is_cut_at_a_word(void **state)
{
    struct buf body = BUF_INIT(1 << 20);
    struct fixed x;

    (void)state;
    buf_addz(&body, "{\"title\":\"");
    for (int i = 0; i < 60; i++)
        buf_addz(&body, "katun - ");
    buf_addz(&body, "\"}");
    check_and_fix(&x, "ID", LISTING_CURRENT, buf_str(&body));
    assert_true(x.mended.title.n <= 255);
    assert_true(str_ends(x.mended.title, " katun"));
    assert_string_equal(x.repairs.rows[0].what.p, "shortened at a word");
    buf_clear(&body);
    arena_clear(&x.arena);
}

static void the_original_stays_as_it_was(void **state)
{
    static const char body[] =
        "{\"skus\":[{\"seller_sku\":\"a b\"}],\"product_attributes\":[{\"id\":\"1\","
        "\"values\":[{\"id\":\"2\"},{\"id\":\"2\"}]}]}";
    struct buf out = BUF_INIT(1 << 20);
    struct fixed x;

    (void)state;
    check_and_fix(&x, "ID", LISTING_CURRENT, str_of(body));
    listing_write_body(&x.draft, BODY_CREATE, &out);
    assert_str(buf_str(&out), body);
    buf_clear(&out);
    arena_clear(&x.arena);
}

/* ---- every fixture ---- */

static bool can_mend(const struct finding *f)
{
    if (f->mend == MEND_DESCRIPTION_CLEAN)
        return f->level == FINDING_ERROR;
    return f->mend != MEND_NONE && f->mend != MEND_IMAGE && f->mend != MEND_TYPE;
}

static size_t judge_row(const json_t *row, const char *name)
{
    struct arena arena = ARENA_INIT(1 << 26);
    struct findings before = {.arena = &arena}, after = {.arena = &arena};
    struct listing_draft draft, mended;
    struct listing_repairs repairs;
    struct listing_question q;
    struct aisle_err err = {0};
    struct requirement need;
    struct listing_shop shop;
    struct test_case c;
    size_t wrong = 0;

    case_make(row, true, &c);
    case_read(&c, &arena, &before, &draft, &need, &shop, &q);
    assert_ok(listing_check(&q, &before, &err), &err);
    assert_ok(listing_fix(&q, &before, &arena, &mended, &repairs, &err), &err);
    q.draft = &mended;
    assert_ok(listing_check(&q, &after, &err), &err);
    for (size_t i = 0; i < before.count; i++)
        for (size_t k = 0; can_mend(&before.rows[i]) && k < after.count; k++)
            if (str_eq(before.rows[i].path, after.rows[k].path) &&
                strcmp(before.rows[i].rule, after.rows[k].rule) == 0) {
                print_error("%s, %s: %s is still there\n", name,
                            json_string_value(json_at(row, "what")), after.rows[k].rule);
                wrong++;
            }
    case_clear(&c);
    arena_clear(&arena);
    return wrong;
}

static int is_case(const struct dirent *entry)
{
    return strstr(entry->d_name, ".json") != NULL;
}

static void what_can_be_mended_is_found_no_more(void **state)
{
    const char *root = getenv("SOURCE_ROOT");
    struct dirent **entries;
    char folder[4096];
    size_t wrong = 0;
    int count;

    (void)state;
    snprintf(folder, sizeof folder, "%s/tests/listing/cases", root ? root : ".");
    count = scandir(folder, &entries, is_case, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        char name[300];
        const json_t *row;
        json_t *list;
        size_t k;

        snprintf(name, sizeof name, "cases/%s", entries[i]->d_name);
        list = case_load(name);
        json_array_foreach(list, k, row) wrong += judge_row(row, entries[i]->d_name);
        json_decref(list);
        free(entries[i]);
    }
    free(entries);
    if (wrong)
        fail_msg("%zu were not mended", wrong);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mending_does_what_it_says),
        cmocka_unit_test(a_long_title_is_cut_at_a_word),
        cmocka_unit_test(the_original_stays_as_it_was),
        cmocka_unit_test(what_can_be_mended_is_found_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* fuzz_rules.c - a file of rules: every row that can be made is written and read back */
#include "fuzz.h"

#include "match/rules.h"

struct reading {
    struct word_splitter splitter;
    struct arena arena;
};

static enum aisle_status check_row(void *ctx, size_t line, const struct rule *said,
                                   struct aisle_err *err)
{
    struct reading *r = ctx;
    struct buf key = BUF_INIT(4 * RULE_MAX_LINE);
    struct rule rule, again, back;

    must(line > 1);
    must(said->category_id.n > 0);
    if (rule_make(&r->splitter, said, &r->arena, &rule, err) != AISLE_OK) {
        must(err->text[0]);
        *err = (struct aisle_err){0};
        return AISLE_OK;
    }
    must(rule_make(&r->splitter, &rule, &r->arena, &again, NULL) == AISLE_OK);
    must(str_eq(again.words, rule.words) && str_eq(again.brand, rule.brand));
    must(str_eq(again.seller_category, rule.seller_category));
    rule_key(&rule, &key);
    must(buf_check(&key, "key", NULL) == AISLE_OK);
    must(rule_parse_key(buf_str(&key), &back, NULL) == AISLE_OK);
    must(str_eq(back.words, rule.words) && str_eq(back.brand, rule.brand));
    must(str_eq(back.seller_category, rule.seller_category));
    buf_clear(&key);
    return AISLE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reading r = {.arena = ARENA_INIT(64 << 20)};
    struct aisle_err err = {0};
    struct rule rule;
    struct str text = str_n((const char *)data, size);

    must(word_splitter_init(&r.splitter, NULL) == AISLE_OK);
    if (rules_file_each(text, check_row, &r, &err) != AISLE_OK)
        must(err.text[0]);
    (void)rule_parse_key(text, &rule, NULL);
    word_splitter_clear(&r.splitter);
    arena_clear(&r.arena);
    return 0;
}

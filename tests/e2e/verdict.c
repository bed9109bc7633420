/* verdict.c - what our check finds in a body, for tests in other languages
 *
 * Reads JSON lines {"body": {…}, "requirement": {…}, "shop": {…}} as a store keeps them,
 * with "call", "product_id" and "profile" where they are not create, none and current,
 * and answers each with {"errors": [{"code", "rule", "path", "what"}, …], "warnings":
 * […]}.
 */
#include "base/json.h"
#include "listing/body.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int dump(const char *text, size_t n, void *buf)
{
    buf_add(buf, str_n(text, n));
    return 0;
}

static struct str text_of(const json_t *value, struct arena *arena)
{
    struct buf text = BUF_INIT(LISTING_BODY_MAX);
    struct str kept;

    json_dump_callback(value, dump, &text, JSON_COMPACT);
    kept = arena_str(arena, buf_str(&text));
    buf_clear(&text);
    return kept;
}

static enum listing_call call_of(struct str name)
{
    return str_is(name, "edit")           ? LISTING_EDIT
           : str_is(name, "partial_edit") ? LISTING_PARTIAL_EDIT
           : str_is(name, "global")       ? LISTING_GLOBAL
                                          : LISTING_CREATE;
}

static enum aisle_status judge(const json_t *line, struct arena *arena,
                               struct findings *found, struct aisle_err *err)
{
    struct listing_draft draft;
    struct requirement need;
    struct listing_shop shop;
    struct listing_question q = {.draft = &draft, .shop = &shop, .now = time(NULL)};
    const json_t *requirement = json_at(line, "requirement");
    enum aisle_status status = listing_read_body(text_of(json_at(line, "body"), arena),
                                                 arena, &draft, found, err);

    if (status == AISLE_OK)
        status =
            listing_shop_parse(text_of(json_at(line, "shop"), arena), arena, &shop, err);
    if (status == AISLE_OK && requirement)
        status = requirement_parse(text_of(requirement, arena), arena, &need, err);
    if (status == AISLE_OK && requirement)
        q.requirement = &need;
    if (status != AISLE_OK)
        return status;
    draft.product_id = json_str(line, "product_id");
    q.call = call_of(json_str(line, "call"));
    q.limits = listing_limits_get(shop.market, str_is(json_str(line, "profile"), "202309")
                                                   ? LISTING_202309
                                                   : LISTING_CURRENT);
    q.mode = listing_draft_mode(&draft);
    return listing_check(&q, found, err);
}

static void put_level(struct json_out *json, const char *key,
                      const struct findings *found, enum finding_level level)
{
    json_key(json, key);
    json_open_list(json);
    for (size_t i = 0; i < found->count; i++) {
        const struct finding *f = &found->rows[i];

        if (f->level != level)
            continue;
        json_open(json);
        json_add_str(json, "code", str_of(f->code));
        json_add_str(json, "rule", str_of(f->rule));
        json_add_str(json, "path", f->path);
        json_add_str(json, "what", f->what);
        json_close(json);
    }
    json_close_list(json);
}

static void say(const struct findings *found)
{
    struct buf text = BUF_INIT(BUF_MAX_REPLY);
    struct json_out json = {.buf = &text};

    json_open(&json);
    put_level(&json, "errors", found, FINDING_ERROR);
    put_level(&json, "warnings", found, FINDING_WARNING);
    json_close(&json);
    printf("%s\n", text.p ? text.p : "{}");
    fflush(stdout);
    buf_clear(&text);
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;

    while ((n = getline(&line, &room, stdin)) > 0) {
        struct arena arena = ARENA_INIT((size_t)1 << 28);
        struct findings found = {.arena = &arena};
        struct aisle_err err = {0};
        json_t *value = NULL;

        if (json_read(str_n(line, (size_t)n), BUF_MAX_REPLY, "line", &value, &err) ||
            judge(value, &arena, &found, &err))
            fprintf(stderr, "verdict: %s\n", err.text);
        say(&found);
        json_decref(value);
        arena_clear(&arena);
    }
    free(line);
    return 0;
}

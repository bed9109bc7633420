#include "place.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void assert_ok(enum aisle_status status, const struct aisle_err *err)
{
    if (status != AISLE_OK)
        fail_msg("%s", err->text);
}

void place_open(struct world *w, struct place *p)
{
    struct aisle_err err = {0};

    snprintf(p->folder, sizeof p->folder, "/tmp/aisle-train-XXXXXX");
    assert_non_null(mkdtemp(p->folder));
    assert_ok(objects_open(&(struct objects_settings){.location = str_of(p->folder)},
                           &p->objects, &err),
              &err);
    w->app.objects = p->objects;
    assert_ok(world_sync(w, NULL, &err), &err);
}

static enum aisle_status count_key(void *ctx, struct str key,
                                   const struct object_facts *facts,
                                   struct aisle_err *err)
{
    (void)facts;
    (void)err;
    assert_true(model_key_is(key));
    ++*(size_t *)ctx;
    return AISLE_OK;
}

size_t place_kept(const struct place *p)
{
    size_t count = 0;
    struct aisle_err err = {0};

    assert_ok(objects_each(p->objects, STR_LIT(""), count_key, &count, &err), &err);
    return count;
}

static enum aisle_status drop_key(void *ctx, struct str key,
                                  const struct object_facts *facts, struct aisle_err *err)
{
    (void)facts;
    return objects_drop(ctx, key, err);
}

void place_close(struct world *w, struct place *p)
{
    static const char *const below[] = {"/acme/models/toko", "/acme/models", "/acme", ""};
    char path[128];

    w->app.objects = NULL;
    assert_int_equal(objects_each(p->objects, STR_LIT(""), drop_key, p->objects, NULL),
                     AISLE_OK);
    objects_close(p->objects);
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        snprintf(path, sizeof path, "%s%s", p->folder, below[i]);
        rmdir(path);
    }
}

struct train_result place_train(struct world *w, enum train_outcome want)
{
    struct train_request request = {.target = STR_LIT(WORLD_TARGET)};
    struct train_result r = {0};
    struct aisle_err err = {0};

    assert_ok(flow_train(&w->app, &request, &w->arena, &r, &err), &err);
    assert_int_equal(r.outcome, want);
    return r;
}

#include "words.h"

#include "base/buf.h"
#include "cli/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder with a folder in it, settings files in both and of the user, and variables. */
struct world {
    char top[64], below[80], file[96], user[128];
    const char *const *variables; /* name, value, …, NULL */
    struct arena arena;
    struct settings_world outside;
};

static const char *variable(void *ctx, const char *name)
{
    const struct world *w = ctx;

    if (strcmp(name, "XDG_CONFIG_HOME") == 0)
        return w->top;
    for (size_t i = 0; w->variables && w->variables[i]; i += 2)
        if (strcmp(w->variables[i], name) == 0)
            return w->variables[i + 1];
    return NULL;
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* NULL text: no such file. */
static void world_init(struct world *w, const char *project, const char *user,
                       const char *const *variables)
{
    char folder[96];

    snprintf(w->top, sizeof(w->top), "/tmp/aisle-test-XXXXXX");
    assert_non_null(mkdtemp(w->top));
    snprintf(w->below, sizeof(w->below), "%s/below", w->top);
    snprintf(folder, sizeof(folder), "%s/aisle", w->top);
    snprintf(w->file, sizeof(w->file), "%s/aisle.ini", w->top);
    snprintf(w->user, sizeof(w->user), "%s/aisle/aisle.ini", w->top);
    assert_int_equal(mkdir(w->below, 0700), 0);
    assert_int_equal(mkdir(folder, 0700), 0);
    if (project)
        write_file(w->file, project);
    if (user)
        write_file(w->user, user);
    w->variables = variables;
    w->arena = (struct arena)ARENA_INIT(BUF_MAX_REQUEST);
    w->outside = (struct settings_world){variable, w, str_of(w->below)};
}

static void world_clear(struct world *w)
{
    char folder[96];

    snprintf(folder, sizeof(folder), "%s/aisle", w->top);
    unlink(w->file);
    unlink(w->user);
    rmdir(w->below);
    rmdir(folder);
    rmdir(w->top);
    arena_clear(&w->arena);
}

static enum aisle_status load(struct world *w, const char *line, struct settings *out,
                              struct aisle_err *err)
{
    struct words words = {0};
    struct args args;
    enum aisle_status status;

    words_of(line, &words);
    status = args_parse(&w->arena, words.count, words.list, &args, err);
    return status == AISLE_OK ? settings_load(&w->outside, &args, &w->arena, out, err)
                              : status;
}

static void what_is_nearer_goes_first(void **state)
{
    static const char *const variables[] = {"AISLE_JOBS", "3", "AISLE_SELLER", "", NULL};
    static const struct {
        const char *line, *name, *value;
        enum origin origin;
    } rows[] = {
        {"map run", "policy", "thrifty", ORIGIN_DEFAULT},
        {"map run", "rate", "7", ORIGIN_USER_FILE},
        {"map run", "timeout", "20s", ORIGIN_PROJECT_FILE},
        {"map run", "jobs", "3", ORIGIN_ENVIRONMENT},
        {"map run -j 2", "jobs", "2", ORIGIN_FLAG},
        {"map run", "seller", "acme", ORIGIN_USER_FILE}, /* a set but empty variable */
        {"map run", "proxy", "", ORIGIN_NONE},
        {"tree sync -l id-ID -l en-US,th-TH", "locale", "id-ID,en-US,th-TH", ORIGIN_FLAG},
    };
    struct world w = {0};

    (void)state;
    world_init(&w, "timeout = 20s\n",
               "rate=7\ntimeout=90s ; for slow lines\njobs=9\n"
               "seller = acme\n",
               variables);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct aisle_err err = {0};
        struct settings settings = {0};
        const struct setting *s;

        assert_ok(load(&w, rows[i].line, &settings, &err), &err);
        s = settings_get(&settings, rows[i].name);
        assert_text(rows[i].name, s->value, rows[i].value);
        assert_int_equal(s->origin, rows[i].origin);
    }
    world_clear(&w);
}

static void paths_of_a_file_are_taken_from_its_folder(void **state)
{
    static const struct {
        const char *ini, *end; /* of the store's location, behind the folder; or whole */
        bool inside;
    } rows[] = {
        {"", "/aisle.db", true}, /* defaults lie beside the file too */
        {"store = shop.db\n", "/shop.db", true},
        {"store = /var/lib/aisle.db\n", "/var/lib/aisle.db", false},
        {"store = sqlite:x.db\n", "sqlite:x.db", false},
        {"store = memory:\n", "memory:", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct aisle_err err = {0};
        struct settings settings = {0};
        char want[128];
        struct world w = {0};

        world_init(&w, rows[i].ini, NULL, NULL);
        snprintf(want, sizeof(want), "%s%s", rows[i].inside ? w.top : "", rows[i].end);
        assert_ok(load(&w, "db status", &settings, &err), &err);
        assert_text(rows[i].ini, settings_get(&settings, "store")->value, want);
        world_clear(&w);
    }
}

static const struct {
    const char *says, *ini, *want; /* behind the file's name */
} wrong[] = {
    {"an unknown key", "stor = x\n", ": unknown setting 'stor', did you mean 'store'?"},
    {"a key with a dash", "key-file = x\n",
     ": unknown setting 'key-file', did you mean 'key-file'?"},
    {"a secret", "app_secret = x\n",
     ": 'app_secret' would be a secret in a settings file; keep it in a 0400 file or the "
     "environment"},
    {"a section", "[shop]\njobs = 1\n", ": unknown section [shop]"},
    {"a value of another kind", "jobs = many\n",
     ": jobs wants a whole number, not 'many'"},
    {"a choice that is none", "policy = fast\n",
     ": policy is one of: thrifty guide; not 'fast'"},
    {"the same twice", "jobs = 1\njobs = 2\n", " says jobs twice"},
    {"no value", "jobs = 1\nnonsense\n", ":2: not 'name = value'"},
};

static void what_is_wrong_in_a_file_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct aisle_err err = {0};
        struct settings settings = {0};
        char want[256];
        struct world w = {0};

        world_init(&w, wrong[i].ini, NULL, NULL);
        snprintf(want, sizeof(want), "%s%s", w.file, wrong[i].want);
        assert_status(load(&w, "db status", &settings, &err), AISLE_CONFIG, &err);
        assert_text(wrong[i].says, str_of(err.text), want);
        world_clear(&w);
    }
}

static void a_wrong_variable_is_named(void **state)
{
    static const char *const variables[] = {"AISLE_JOBS", "x", NULL};
    struct aisle_err err = {0};
    struct settings settings = {0};
    struct world w = {0};

    (void)state;
    world_init(&w, NULL, NULL, variables);
    assert_status(load(&w, "db status", &settings, &err), AISLE_CONFIG, &err);
    assert_str(str_of(err.text), "AISLE_JOBS wants a whole number, not 'x'");
    world_clear(&w);
}

static void a_line_too_long_is_told_not_cut(void **state)
{
    char ini[512], want[256];
    struct aisle_err err = {0};
    struct settings settings = {0};
    struct world w = {0};

    (void)state;
    snprintf(ini, sizeof(ini), "jobs = 1\nproxy = %0300d\n", 1);
    world_init(&w, ini, NULL, NULL);
    snprintf(want, sizeof(want), "%s:2: line is over 190 bytes", w.file);
    assert_status(load(&w, "db status", &settings, &err), AISLE_CONFIG, &err);
    assert_str(str_of(err.text), want);
    world_clear(&w);
}

static void the_file_can_be_named_or_switched_off(void **state)
{
    static const char *off[] = {"AISLE_CONFIG", "", NULL};
    const char *named[] = {"AISLE_CONFIG", NULL, NULL};
    struct aisle_err err = {0};
    struct settings settings = {0};
    struct world w = {0};

    (void)state;
    world_init(&w, "jobs = 5\n", "jobs = 6\n", off);
    assert_ok(load(&w, "db status", &settings, &err), &err);
    assert_str(settings.project_file, "");
    assert_str(settings_get(&settings, "jobs")->value, "6");
    named[1] = w.user;
    w.variables = named;
    assert_ok(load(&w, "db status", &settings, &err), &err);
    assert_text("named", settings.project_file, w.user);
    world_clear(&w);
}

static enum aisle_status load_all(void *ctx, struct aisle_err *err)
{
    struct world *w = ctx;
    struct settings settings = {0};
    enum aisle_status status =
        load(w, "tree sync --rate 2 -l id-ID -l en-US", &settings, err);

    arena_clear(&w->arena);
    return status;
}

static void each_allocation_may_fail(void **state)
{
    struct world w = {0};

    (void)state;
    world_init(&w, "store = a.db\n", "jobs = 2\n", NULL);
    assert_true(each_allocation_failing(load_all, &w) > 0);
    world_clear(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_nearer_goes_first),
        cmocka_unit_test(paths_of_a_file_are_taken_from_its_folder),
        cmocka_unit_test(what_is_wrong_in_a_file_is_named),
        cmocka_unit_test(a_wrong_variable_is_named),
        cmocka_unit_test(a_line_too_long_is_told_not_cut),
        cmocka_unit_test(the_file_can_be_named_or_switched_off),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

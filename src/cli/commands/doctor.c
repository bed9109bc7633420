/* doctor.c - what is well and what is not, one line a check, with the command that mends
 * it
 */
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "cli/secrets.h"
#include "cli/wire.h"
#include "flows/keys.h"
#include "flows/shops.h"
#include "flows/sync.h"

#include <sys/statvfs.h>
#include <unistd.h>

enum {
    DAY_S = 86400,
    CONSENT_WARN_DAYS = 14,
    TREE_WARN_DAYS = 7,
    DISK_WARN_MIB = 1024,
    DISK_FAIL_MIB = 64,
};

enum verdict { VERDICT_OK, VERDICT_WARN, VERDICT_FAIL };

static const struct column columns[] = {
    {.name = "verdict", .kind = COLUMN_ID, .help = "OK, WARN or FAIL"},
    {.name = "check", .kind = COLUMN_ID, .help = "what was looked at"},
    {.name = "text", .kind = COLUMN_TEXT, .whole = true, .help = "what was found"},
    {.name = "mend",
     .kind = COLUMN_TEXT,
     .whole = true,
     .help = "the command that mends it"},
    END_OF_COLUMNS,
};

struct doctor {
    struct cli *cli;
    struct aisle_err *err;
    enum aisle_status status;
    size_t failed, warned;
    int64_t now;
};

/* One line; mend may be "". */
static void told(struct doctor *d, enum verdict verdict, struct str check,
                 struct str mend, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

static void told(struct doctor *d, enum verdict verdict, struct str check,
                 struct str mend, const char *fmt, ...)
{
    static const char *const names[] = {"OK", "WARN", "FAIL"};
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    va_list ap;

    va_start(ap, fmt);
    buf_vaddf(&text, fmt, ap);
    va_end(ap);
    d->failed += verdict == VERDICT_FAIL;
    d->warned += verdict == VERDICT_WARN;
    out_str(&d->cli->out, str_of(names[verdict]));
    out_str(&d->cli->out, check);
    out_str(&d->cli->out, buf_str(&text));
    out_opt(&d->cli->out, mend);
    if (d->status == AISLE_OK)
        d->status = out_row(&d->cli->out, d->err);
    buf_clear(&text);
}

/* ---- settings, key, certificates, disk ---- */

static void check_settings(struct doctor *d)
{
    struct str file = d->cli->settings.project_file;

    if (str_empty(file))
        told(d, VERDICT_WARN, STR_LIT("settings"), STR_LIT("aisle init"),
             "no aisle.ini here or above");
    else
        told(d, VERDICT_OK, STR_LIT("settings"), STR_LIT(""), "%.*s", STR_ARG(file));
}

static void check_key(struct doctor *d)
{
    struct str path = cli_text(d->cli, "key-file"), from, mend;
    struct aisle_err err = {0};
    enum aisle_status status =
        secret_vault(path, &d->cli->arena, &d->cli->vault, &from, &err);

    mend = arena_fmt(&d->cli->arena, "chmod 400 %.*s", STR_ARG(path));
    if (status != AISLE_OK)
        told(d, VERDICT_FAIL, STR_LIT("key"), mend, "%s", err.text);
    else if (str_empty(from))
        told(d, VERDICT_WARN, STR_LIT("key"), STR_LIT("aisle init"),
             "none: shops' tokens can be neither kept nor read");
    else
        told(d, VERDICT_OK, STR_LIT("key"), STR_LIT(""), "from %.*s", STR_ARG(from));
}

static void check_ca(struct doctor *d)
{
    struct str path = cli_text(d->cli, "ca-file");
    struct str copy = arena_str(&d->cli->arena, path);

    if (str_empty(path) || !copy.p)
        told(d, VERDICT_OK, STR_LIT("certificates"), STR_LIT(""), "the system's");
    else if (access(copy.p, R_OK) != 0)
        told(d, VERDICT_FAIL, STR_LIT("certificates"),
             STR_LIT("aisle config list --show-origin"), "cannot read %.*s",
             STR_ARG(path));
    else
        told(d, VERDICT_OK, STR_LIT("certificates"), STR_LIT(""), "%.*s", STR_ARG(path));
}

static void check_images(struct doctor *d)
{
    const char *helper = cli_image_helper(d->cli);

    if (!helper)
        told(d, VERDICT_WARN, STR_LIT("images"), STR_LIT(""),
             "aisle-image is missing (built without libvips?): none can be mended");
    else if (access(helper, X_OK) != 0)
        told(d, VERDICT_WARN, STR_LIT("images"),
             STR_LIT("aisle config list --show-origin"), "cannot run %s", helper);
    else
        told(d, VERDICT_OK, STR_LIT("images"), STR_LIT(""), "mended by %s", helper);
}

static void check_disk(struct doctor *d, struct str store)
{
    size_t slash = store.n;
    struct str folder;
    struct statvfs fs;
    uint64_t free_mib;
    enum verdict verdict;

    while (slash > 0 && store.p[slash - 1] != '/')
        slash--;
    folder = arena_str(&d->cli->arena, slash ? str_head(store, slash) : STR_LIT("."));
    if (!folder.p || statvfs(folder.p, &fs) != 0)
        return; /* a store that is no file here */
    free_mib = (uint64_t)fs.f_bavail * fs.f_frsize >> 20;
    verdict = free_mib < DISK_FAIL_MIB   ? VERDICT_FAIL
              : free_mib < DISK_WARN_MIB ? VERDICT_WARN
                                         : VERDICT_OK;
    told(d, verdict, STR_LIT("disk"), STR_LIT(""), "%llu MiB free beside the store",
         (unsigned long long)free_mib);
}

/* ---- the store ---- */

/* False when there is none to look into. */
static bool check_store(struct doctor *d)
{
    struct aisle_err err = {0};
    struct store_facts facts;
    struct store *store;
    enum aisle_status status = cli_open(d->cli, &err);

    if (status != AISLE_OK) {
        told(d, VERDICT_FAIL, STR_LIT("store"), buf_str(&d->cli->remedy), "%s", err.text);
        buf_reset(&d->cli->remedy);
        return false;
    }
    store = d->cli->app.store;
    status = store->ops->facts(store, &d->cli->arena, &facts, &err);
    if (status != AISLE_OK) {
        told(d, VERDICT_FAIL, STR_LIT("store"), STR_LIT("aisle db check"), "%s",
             err.text);
        return false;
    }
    told(d, VERDICT_OK, STR_LIT("store"), STR_LIT(""),
         "%.*s, %.*s, schema %lld, %zu products, %zu decisions, %zu snapshots",
         STR_ARG(facts.location), STR_ARG(facts.driver), (long long)facts.schema_version,
         facts.products, facts.decisions, facts.snapshots);
    check_disk(d, facts.location);
    return true;
}

/* ---- objects ---- */

static enum aisle_status one_is_enough(void *ctx, struct str key,
                                       const struct object_facts *facts,
                                       struct aisle_err *err)
{
    (void)ctx, (void)key, (void)facts, (void)err;
    return AISLE_STOPPED;
}

/* A bucket is asked for what would be below a name nobody has: whether our key opens it
 * shows in the answer. */
static void check_objects(struct doctor *d)
{
    struct objects *objects = d->cli->app.objects;
    struct aisle_err err = {0};
    enum aisle_status status;

    if (!objects)
        return;
    status = objects_each(objects, STR_LIT("doctor/"), one_is_enough, NULL, &err);
    if (status == AISLE_OK || status == AISLE_STOPPED)
        told(d, VERDICT_OK, STR_LIT("objects"), STR_LIT(""), "in %.*s",
             STR_ARG(objects_where(objects)));
    else
        told(d, status == AISLE_BUSY ? VERDICT_WARN : VERDICT_FAIL, STR_LIT("objects"),
             STR_LIT("aisle config list --show-origin"), "%s", err.text);
}

/* ---- shops ---- */

static struct str shop_check_name(struct doctor *d, const char *what, struct str id)
{
    return arena_fmt(&d->cli->arena, "%s %.*s", what, STR_ARG(id));
}

static void check_consent(struct doctor *d, struct str check, const struct shop *shop,
                          const struct shop_keys *keys)
{
    struct str login =
        arena_fmt(&d->cli->arena, "aisle shop login %.*s", STR_ARG(shop->id));
    int64_t until = keys->refresh_expires_at, days;

    if (str_empty(keys->refresh_token) || until == 0)
        until = keys->access_expires_at;
    days = (until - d->now) / DAY_S;
    if (until == 0)
        told(d, VERDICT_OK, check, STR_LIT(""), "keys open; their end is not known");
    else if (until <= d->now)
        told(d, VERDICT_FAIL, check, login, "its tokens have ended");
    else if (days < CONSENT_WARN_DAYS && str_is(shop->channel, "tiktok"))
        told(d, VERDICT_WARN, check, login, "its consent ends in %lld days",
             (long long)days);
    else
        told(d, VERDICT_OK, check, STR_LIT(""), "keys open, good for %lld days",
             (long long)days);
}

static void check_online(struct doctor *d, const struct shop *shop)
{
    struct str check = shop_check_name(d, "call", shop->id);
    const struct channel_shop *list;
    struct channel_meta meta = {0};
    struct aisle_err err = {0};
    size_t count;
    enum aisle_status status = flow_shop_test(&d->cli->app, shop->id, &d->cli->arena,
                                              &list, &count, &meta, &err);

    if (status == AISLE_OK)
        told(d, VERDICT_OK, check, STR_LIT(""),
             "answered in %lld ms, so the clock is right", (long long)meta.elapsed_ms);
    else if (status == AISLE_AUTH)
        told(d, VERDICT_FAIL, check,
             arena_fmt(&d->cli->arena, "aisle shop login %.*s", STR_ARG(shop->id)), "%s",
             err.text);
    else if (strstr(err.text, "imestamp"))
        told(d, VERDICT_FAIL, check, STR_LIT("timedatectl set-ntp true"),
             "this machine's clock is wrong: %s", err.text);
    else
        told(d, status == AISLE_BUSY ? VERDICT_WARN : VERDICT_FAIL, check, STR_LIT(""),
             "%s", err.text);
}

static enum aisle_status check_shop(void *ctx, const struct shop *shop,
                                    struct aisle_err *err)
{
    struct doctor *d = ctx;
    struct str check = shop_check_name(d, "shop", shop->id);
    struct shop_keys keys = {0};
    struct aisle_err mine = {0};

    (void)err;
    if (shop->keys_version == 0)
        told(d, VERDICT_FAIL, check,
             arena_fmt(&d->cli->arena, "aisle shop login %.*s", STR_ARG(shop->id)),
             "it has no keys");
    else if (keys_open(&d->cli->app, shop, &d->cli->arena, &keys, &mine) != AISLE_OK)
        told(d, VERDICT_FAIL, check,
             STR_LIT("put the key it was sealed with into the key file"), "%s",
             mine.text);
    else
        check_consent(d, check, shop, &keys);
    shop_keys_wipe(&keys);
    return d->status;
}

/* The keys of a shop may be refreshed by a call, which visiting the store would forbid:
 * names first, calls then. */
struct shop_ids {
    struct doctor *d;
    struct shop list[64];
    size_t count;
};

static enum aisle_status note_shop(void *ctx, const struct shop *shop,
                                   struct aisle_err *err)
{
    struct shop_ids *ids = ctx;

    if (ids->count == sizeof ids->list / sizeof *ids->list)
        return AISLE_OK;
    ids->list[ids->count] = (struct shop){.id = arena_str(&ids->d->cli->arena, shop->id)};
    return ids->list[ids->count++].id.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status check_shops(struct doctor *d)
{
    struct store *store = d->cli->app.store;
    struct shop_ids ids = {.d = d};
    enum aisle_status status = store->ops->shops->each_shop(store, check_shop, d, d->err);

    if (status == AISLE_OK)
        status = store->ops->shops->each_shop(store, note_shop, &ids, d->err);
    if (status == AISLE_OK && ids.count == 0)
        told(d, VERDICT_WARN, STR_LIT("shops"), STR_LIT("aisle shop add SHOP"),
             "none is connected");
    for (size_t i = 0; i < ids.count && cli_switch(d->cli, "online"); i++)
        check_online(d, &ids.list[i]);
    return status;
}

/* ---- trees ---- */

struct newest {
    int64_t checked_at;
    size_t leaves;
};

static enum aisle_status newest_snapshot(void *ctx, const struct snapshot *s,
                                         struct aisle_err *err)
{
    struct newest *newest = ctx;

    (void)err;
    newest->checked_at = s->checked_at;
    newest->leaves = s->leaves;
    return AISLE_STOPPED; /* newest first: the others do not matter */
}

static enum aisle_status check_target(void *ctx, const struct target *target,
                                      struct aisle_err *err)
{
    struct doctor *d = ctx;
    struct store *store = d->cli->app.store;
    struct str check = shop_check_name(d, "tree", target->id);
    struct str sync =
        arena_fmt(&d->cli->arena, "aisle tree sync %.*s", STR_ARG(target->id));
    struct newest newest = {0};
    enum aisle_status status = store->ops->trees->each_snapshot(
        store, target->id, newest_snapshot, &newest, err);
    int64_t days = (d->now - newest.checked_at) / DAY_S;

    if (status != AISLE_OK && status != AISLE_STOPPED)
        return status;
    if (newest.checked_at == 0)
        told(d, VERDICT_WARN, check, sync, "never synced");
    else if (newest.leaves == 0)
        told(d, VERDICT_FAIL, check, sync, "it has no leaf");
    else if (days <= 0)
        told(d, VERDICT_OK, check, STR_LIT(""), "%zu leaves, checked today",
             newest.leaves);
    else
        told(d, days >= TREE_WARN_DAYS ? VERDICT_WARN : VERDICT_OK, check,
             days >= TREE_WARN_DAYS ? sync : STR_LIT(""),
             "%zu leaves, checked %lld %s ago", newest.leaves, (long long)days,
             say_noun(days, "day", "days"));
    return d->status;
}

/* ---- mappings ---- */

/* Trees are read here, which visiting the store would forbid: names first. */
struct target_ids {
    struct doctor *d;
    struct target_id {
        struct str id;
        struct target_id *next;
    } * first, **last;
};

static enum aisle_status note_target(void *ctx, const struct target *target,
                                     struct aisle_err *err)
{
    struct target_ids *ids = ctx;
    struct target_id *one = arena_zalloc(&ids->d->cli->arena, 1, sizeof *one);

    if (!one || !(one->id = arena_str(&ids->d->cli->arena, target->id)).p)
        return aisle_nomem(err);
    *ids->last = one;
    ids->last = &one->next;
    return AISLE_OK;
}

static enum aisle_status check_mappings_of(struct doctor *d, struct str target_id)
{
    struct str check = shop_check_name(d, "mappings", target_id);
    size_t hurt = 0;
    enum aisle_status status =
        flow_tree_broken(&d->cli->app, target_id, STR_LIT(""), &hurt, d->err);

    if (status != AISLE_OK)
        return status;
    if (hurt)
        told(d, VERDICT_WARN, check,
             arena_fmt(&d->cli->arena, "aisle map review --target %.*s",
                       STR_ARG(target_id)),
             "%zu %s to a leaf that is gone or closed", hurt,
             say_noun((int64_t)hurt, "points", "point"));
    else
        told(d, VERDICT_OK, check, STR_LIT(""), "every leaf is there");
    return d->status;
}

static enum aisle_status check_mappings(struct doctor *d)
{
    struct store *store = d->cli->app.store;
    struct target_ids ids = {.d = d};
    enum aisle_status status;

    ids.last = &ids.first;
    status =
        store->ops->shops->each_target(store, STR_LIT(""), note_target, &ids, d->err);
    for (const struct target_id *t = ids.first; status == AISLE_OK && t; t = t->next)
        status = check_mappings_of(d, t->id);
    return status;
}

/* ---- all ---- */

static enum aisle_status run_doctor(struct cli *cli, struct aisle_err *err)
{
    struct doctor d = {.cli = cli, .err = err, .now = clock_now_s(clock_system())};
    enum aisle_status status = out_begin_work(&cli->out, columns, err);

    if (status != AISLE_OK)
        return status;
    check_settings(&d);
    check_key(&d);
    check_ca(&d);
    check_images(&d);
    if (check_store(&d)) {
        struct store *store = cli->app.store;

        check_objects(&d);
        status = check_shops(&d);
        if (status == AISLE_OK)
            status =
                store->ops->shops->each_target(store, STR_LIT(""), check_target, &d, err);
        if (status == AISLE_OK)
            status = check_mappings(&d);
    }
    if (status == AISLE_OK)
        status = d.status;
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (d.failed)
        cli->exit_code = EXIT_FINDINGS;
    if (status == AISLE_OK)
        say(&cli->voice, "%s",
            d.failed   ? "something has to be mended"
            : d.warned ? "well, but look at the warnings"
                       : "all is well");
    return status;
}

static const struct option options[] = {
    {.name = "online",
     .kind = OPTION_SWITCH,
     .help = "also call each shop: network, clock, tokens"},
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle doctor", "before anything is asked of a person or a support desk"},
    {"aisle doctor --online --json", "for a monitor; exit code 6 when something failed"},
    END_OF_EXAMPLES,
};

const struct command command_doctor = {
    .noun = "doctor",
    .summary = "what is well and what is not, with the command that mends it",
    .examples = examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_CALLS | USES_ROWS,
    .run = run_doctor,
};

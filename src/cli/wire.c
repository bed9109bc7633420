/* wire.c - a struct app from settings: the one place where the program is put together */
#include "cli/wire.h"
#include "cli/cli.h"
#include "cli/secrets.h"
#include "cli/stop.h"
#include "image/mend.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- mending images ---- */

static struct str parent_of(struct str path)
{
    while (path.n && path.p[path.n - 1] != '/')
        path.n--;
    return str_head(path, path.n ? path.n - 1 : 0);
}

/* aisle-image in a folder below another, where it can be run. */
static const char *helper_at(struct cli *cli, struct str folder, const char *below)
{
    struct str path =
        arena_fmt(&cli->arena, "%.*s%s/aisle-image", STR_ARG(folder), below);

    return path.p && access(path.p, X_OK) == 0 ? path.p : NULL;
}

/* The same, where who laid it there is whoever laid this program, or root: next to a
 * program in a folder that all may write to, such as /tmp, it may be anybody's. */
static const char *own_helper_at(struct cli *cli, struct str folder, const char *below)
{
    const char *path = helper_at(cli, folder, below);
    struct stat self, helper;

    if (!path || stat("/proc/self/exe", &self) != 0 || stat(path, &helper) != 0)
        return NULL;
    return helper.st_uid == self.st_uid || helper.st_uid == 0 ? path : NULL;
}

const char *cli_image_helper(struct cli *cli)
{
    struct str said = cli_text(cli, "image-helper"), folder;
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self);
    const char *found = NULL;

    if (said.n)
        return arena_str(&cli->arena, said).p;
    folder = parent_of(str_n(self, n > 0 ? (size_t)n : 0));
    if (folder.n)
        found = own_helper_at(cli, folder, "");
    if (folder.n && !found)
        found = own_helper_at(cli, parent_of(folder), "/" AISLE_LIBEXEC);
    return found ? found : helper_at(cli, STR_LIT(AISLE_LIBEXECDIR), "");
}

/* Where a user's programs keep what can be made again. */
static struct str cache_folder(struct cli *cli, const char *of)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    struct str made;

    if (cache && cache[0] == '/')
        made = arena_fmt(&cli->arena, "%s/aisle/%s", cache, of);
    else if (home && home[0] == '/')
        made = arena_fmt(&cli->arena, "%s/.cache/aisle/%s", home, of);
    else
        made = STR_LIT("");
    return made.p ? made : STR_LIT("");
}

static enum aisle_status wire_images(struct cli *cli, struct aisle_err *err)
{
    const char *path = cli_image_helper(cli);

    cli->app.image_folder = cli_text(cli, "image-cache");
    if (str_empty(cli->app.image_folder))
        cli->app.image_folder = cache_folder(cli, "images");
    cli->app.model_folder = cache_folder(cli, "models");
    cli->app.image_helpers = cli->image_helpers =
        path ? image_helpers_new(path, 0) : NULL;
    return path && !cli->image_helpers ? aisle_nomem(err) : AISLE_OK;
}

enum aisle_status cli_open_bare(struct cli *cli, struct aisle_err *err)
{
    stop_listen();
    cli->app = (struct app){
        .clock = clock_system(),
        .rng = rng_system(),
        .log = &cli->voice.log,
        .stop = stop_flag(),
        .net = {.proxy = cli_text(cli, "proxy"),
                .ca_file = cli_text(cli, "ca-file"),
                .timeout_ms = (int)(cli_seconds(cli, "timeout", 60) * 1000),
                .clock = clock_system(),
                .stop = stop_flag()},
    };
    return wire_images(cli, err);
}

/* ---- the store and all ---- */

void cli_try_store(struct cli *cli, enum aisle_status status, const struct aisle_err *err)
{
    struct str text = str_of(err ? err->text : NULL);

    if (status == AISLE_NOT_FOUND)
        cli_try(cli, "aisle init");
    else if (status == AISLE_CONFIG && str_ends(text, "migrate it first"))
        cli_try(cli, "aisle db backup FILE (of a server's store by its own tools), then "
                     "aisle db migrate");
}

/* Where images and models are kept; of no concern to commands that neither call, prune
 * nor ask a model. These go without where the object store's keys are not at hand. */
static enum aisle_status said_objects(struct cli *cli, struct objects_settings *out,
                                      struct aisle_err *err)
{
    bool asks = command_option(cli->command, STR_LIT("model")) != NULL;
    bool needs = cli->command->uses & USES_CALLS ||
                 command_option(cli->command, STR_LIT("objects"));
    struct aisle_err why = {0};
    enum aisle_status status;

    if (!needs && !asks)
        return AISLE_OK;
    out->location = cli_text(cli, "objects");
    if (!str_starts(out->location, "s3://"))
        return AISLE_OK;
    out->endpoint = cli_text(cli, "objects-endpoint");
    out->region = cli_text(cli, "objects-region");
    status = secret_objects(cli_text(cli, "objects-key-file"), &cli->arena, out, &why);
    if (status == AISLE_OK && (needs || !str_empty(out->key_id)))
        return AISLE_OK;
    if (!needs) {
        out->location = STR_LIT("");
        return AISLE_OK;
    }
    aisle_pass(err, &why);
    return status;
}

enum aisle_status cli_open(struct cli *cli, struct aisle_err *err)
{
    bool calls = cli->command->uses & USES_CALLS;
    bool keys = command_option(cli->command, STR_LIT("key-file")) != NULL;
    struct app_settings set = {
        .store = cli_text(cli, "store"),
        .store_options = {.must_exist = true, .no_migrate = true, .log = &cli->voice.log},
        .proxy = cli_text(cli, "proxy"),
        .ca_file = cli_text(cli, "ca-file"),
        .trace_file = calls ? cli_text(cli, "trace") : STR_LIT(""),
        .calls_per_second = (double)cli_count(cli, "rate", 0),
        .timeout_ms = (int)(cli_seconds(cli, "timeout", 60) * 1000),
        .log = &cli->voice.log,
        .vault = &cli->vault,
        .stop = stop_flag(),
        .who = cli_text(cli, "user"),
        .progress = say_progress,
        .progress_ctx = &cli->voice,
    };
    enum aisle_status status = AISLE_OK;

    assert(cli->command->uses & USES_STORE);
    stop_listen();
    if (keys)
        status =
            secret_vault(cli_text(cli, "key-file"), &cli->arena, &cli->vault, NULL, err);
    if (status != AISLE_OK)
        return status;
    status = said_objects(cli, &set.objects, err);
    if (status != AISLE_OK)
        return status;
    status = app_open(&set, &cli->app, err);
    cli_try_store(cli, status, err);
    cli->app_open = status == AISLE_OK;
    return status == AISLE_OK ? wire_images(cli, err) : status;
}

void cli_close(struct cli *cli)
{
    if (cli->app_open)
        app_close(&cli->app);
    cli->app_open = false;
    image_helpers_free(cli->image_helpers);
    cli->image_helpers = NULL;
    vault_wipe(&cli->vault);
}

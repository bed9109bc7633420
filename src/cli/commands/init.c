#include "base/file.h"
#include "base/hash.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "cli/secrets.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the three things ---- */

/* What the store and its key were said to be goes for later commands too: the flag's
 * value, or "". */
static struct str said_place(const struct cli *cli, const char *name)
{
    const struct setting *s = settings_get(&cli->settings, name);
    bool place = strcmp(name, "store") == 0 || strcmp(name, "key-file") == 0;

    return place && s && s->origin == ORIGIN_FLAG ? s->value : STR_LIT("");
}

/* A line of a settings file has its ceiling, and what it may mean by itself. */
static bool can_be_written(struct str value)
{
    return value.n <= 150 && str_find_char(value, ';') == value.n &&
           str_find_char(value, '\n') == value.n;
}

static void settings_template(const struct cli *cli, struct buf *out)
{
    buf_addz(out, "# Settings of aisle for this folder and those below it.\n"
                  "# What is in force and why: aisle config list --show-origin\n");
    for (const struct option *o = settings_table; o->name; o++) {
        struct str said = said_place(cli, o->name);
        bool here = !str_empty(said) && can_be_written(said);

        buf_addf(out, "\n# %s\n%s", o->help, here ? "" : "# ");
        for (const char *p = o->name; *p; p++)
            buf_addc(out, *p == '-' ? '_' : *p);
        if (here)
            buf_addf(out, " = %.*s\n", STR_ARG(said));
        else
            buf_addf(out, " = %s\n", o->fallback ? o->fallback : "");
    }
}

static void warn_unwritten(struct cli *cli, bool written)
{
    static const char *const names[] = {"store", "key-file"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str said = said_place(cli, names[i]);

        if (!str_empty(said) && !(written && can_be_written(said)))
            say_warning(&cli->voice,
                        "aisle.ini does not have this --%s: say it to each command, or "
                        "write it there",
                        names[i]);
    }
}

/* Whether something of ours is to be made: says so, or that it is there. */
static bool is_missing(struct cli *cli, const char *what, struct str path, bool dry_run)
{
    bool missing = access(path.p, F_OK) != 0;

    say(&cli->voice, "%s %.*s: %s", what, STR_ARG(path),
        !missing  ? "there already, left as it is"
        : dry_run ? "would be made"
                  : "made");
    return missing && !dry_run;
}

static enum aisle_status make_settings(struct cli *cli, bool dry_run,
                                       struct aisle_err *err)
{
    struct buf text = BUF_INIT(SETTINGS_MAX_FILE);
    bool missing = is_missing(cli, "settings", STR_LIT("aisle.ini"), dry_run);
    enum aisle_status status = AISLE_OK;

    if (missing) {
        settings_template(cli, &text);
        status = cli_write(STR_LIT("aisle.ini"), buf_str(&text), 0644, false, err);
    }
    if (status == AISLE_OK && !dry_run)
        warn_unwritten(cli, missing);
    buf_clear(&text);
    return status;
}

static enum aisle_status make_store(struct cli *cli, bool dry_run, struct aisle_err *err)
{
    struct str location = cli_text(cli, "store");
    bool file = str_find_char(location, ':') == location.n; /* a plain path */
    struct store *store;
    enum aisle_status status = AISLE_OK;

    if (file && !is_missing(cli, "store", location, dry_run))
        return AISLE_OK;
    if (!dry_run)
        status = store_open(location, NULL, &store, err);
    if (status == AISLE_OK && !file)
        say(&cli->voice, "store %.*s: %s",
            STR_ARG(store_location_shown(location, &cli->arena)),
            dry_run ? "would be opened" : "opened");
    if (status == AISLE_OK && !dry_run)
        store_close(store);
    return status;
}

static enum aisle_status write_key(struct str path, struct aisle_err *err)
{
    char key[2 * VAULT_KEY_LEN + 1];
    struct buf text = BUF_INIT(SECRET_MAX_FILE);
    enum aisle_status status;

    vault_new_key(rng_system(), key);
    buf_addf(&text, "%s\n", key);
    status = cli_write(path, buf_str(&text), 0400, false, err);
    secret_wipe(key, sizeof(key));
    if (text.p)
        secret_wipe(text.p, text.n);
    buf_clear(&text);
    return status;
}

static enum aisle_status make_key(struct cli *cli, bool dry_run, struct aisle_err *err)
{
    struct str path = cli_text(cli, "key-file"), from;
    enum aisle_status status = secret_vault(path, &cli->arena, &cli->vault, &from, err);

    if (status != AISLE_OK)
        return status;
    if (!str_empty(from) && !str_eq(from, path)) {
        say(&cli->voice, "key: taken from %.*s", STR_ARG(from));
        return AISLE_OK;
    }
    return is_missing(cli, "key", path, dry_run) ? write_key(path, err) : AISLE_OK;
}

/* ---- init ---- */

static enum aisle_status enter_folder(struct str folder, bool dry_run,
                                      struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;
    char name[4096];

    if (str_empty(folder))
        return AISLE_OK;
    if (folder.n >= sizeof(name))
        return aisle_fail(err, AISLE_INVALID, "the folder's name is too long");
    memcpy(name, folder.p, folder.n);
    name[folder.n] = '\0';
    if (!dry_run && mkdir(name, 0777) != 0 && errno != EEXIST)
        return aisle_fail(err, AISLE_IO, "cannot make %s: %s", name, strerror(errno));
    if (!dry_run)
        status = file_sync_name(name, err);
    if (status != AISLE_OK)
        return status;
    if (chdir(name) != 0)
        return aisle_fail(err, AISLE_IO, "cannot enter %s: %s", name, strerror(errno));
    return AISLE_OK;
}

static enum aisle_status run_init(struct cli *cli, struct aisle_err *err)
{
    bool dry_run = cli_switch(cli, "dry-run");
    enum aisle_status status = enter_folder(cli_operand(cli, 0), dry_run, err);

    if (status == AISLE_OK)
        status = make_settings(cli, dry_run, err);
    if (status == AISLE_OK && !dry_run) /* now they are those of this folder */
        status = cli_load_settings(cli, err);
    if (status == AISLE_OK)
        status = make_store(cli, dry_run, err);
    if (status == AISLE_OK)
        status = make_key(cli, dry_run, err);
    if (status == AISLE_OK && !dry_run)
        say(&cli->voice,
            "next: aisle shop add, or aisle sandbox start to try it all first");
    return status;
}

static const struct option options[] = {
    OPTION_DRY_RUN,
    {.name = "key-file",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "the key that shops' tokens are sealed with"},
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle init", "settings, store and key in this folder"},
    {"aisle init ~/shop --dry-run", "what would be made there"},
    {"aisle init --store postgresql://aisle@db.example/aisle",
     "on a server: aisle.ini says so, for all later commands"},
    END_OF_EXAMPLES,
};

const struct command command_init = {
    .noun = "init",
    .operands = "[FOLDER]",
    .summary = "make settings, store and key in a folder",
    .about =
        "Makes aisle.ini, the store and a key file of mode 0400. What is there already "
        "is left as it is, so that it may be run again. A --store or --key-file said "
        "here is written into a new aisle.ini.",
    .examples = examples,
    .options = options,
    .uses = USES_STORE,
    .run = run_init,
};

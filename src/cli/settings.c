#include "cli/settings.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

const struct option settings_table[] = {
    {.name = "store",
     .kind = OPTION_FILE,
     .argument = "LOCATION",
     .help = "where everything is kept: a file, or postgresql://user@host/database",
     .env = "AISLE_STORE",
     .fallback = "aisle.db"},
    {.name = "key-file",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "the key that shops' tokens are sealed with, mode 0400",
     .env = "AISLE_KEY_FILE",
     .fallback = "aisle.key"},
    {.name = "seller",
     .argument = "SELLER",
     .kind = OPTION_TEXT,
     .help = "whose products",
     .env = "AISLE_SELLER"},
    {.name = "target",
     .letter = 't',
     .argument = "TARGET",
     .kind = OPTION_TEXT,
     .help = "where to list: SHOP, SHOP:VERSION or SHOP:VERSION:PLATFORM",
     .env = "AISLE_TARGET",
     .repeats = true,
     .commas = true},
    {.name = "locale",
     .letter = 'l',
     .argument = "LOCALE",
     .kind = OPTION_TEXT,
     .help = "language of names, such as id-ID",
     .env = "AISLE_LOCALE",
     .repeats = true,
     .commas = true},
    {.name = "policy",
     .argument = "POLICY",
     .kind = OPTION_CHOICE,
     .help = "how much a map run asks of the marketplace",
     .choices = "thrifty guide",
     .env = "AISLE_POLICY",
     .fallback = "thrifty"},
    {.name = "model",
     .letter = 'm',
     .argument = "FILE",
     .kind = OPTION_FILE,
     .help = "what model train wrote, asked beside the names of the tree",
     .env = "AISLE_MODEL"},
    {.name = "jobs",
     .letter = 'j',
     .argument = "N",
     .kind = OPTION_COUNT,
     .help = "calls at once",
     .env = "AISLE_JOBS",
     .fallback = "8"},
    {.name = "rate",
     .argument = "N",
     .kind = OPTION_COUNT,
     .help = "most calls a second to one shop; 0 until it objects",
     .env = "AISLE_RATE",
     .fallback = "0"},
    {.name = "timeout",
     .argument = "TIME",
     .kind = OPTION_DURATION,
     .help = "how long a call may take",
     .env = "AISLE_TIMEOUT",
     .fallback = "60s"},
    {.name = "image-root",
     .argument = "FOLDER",
     .kind = OPTION_FILE,
     .help = "folder that relative image paths are under",
     .env = "AISLE_IMAGE_ROOT"},
    {.name = "image-cache",
     .argument = "FOLDER",
     .kind = OPTION_FILE,
     .help = "folder mended images are kept in; else one among the user's caches",
     .env = "AISLE_IMAGE_CACHE"},
    {.name = "image-helper",
     .argument = "FILE",
     .kind = OPTION_FILE,
     .help = "the program that mends images, where it is not installed with this one",
     .env = "AISLE_IMAGE_HELPER"},
    {.name = "objects",
     .argument = "PLACE",
     .kind = OPTION_FILE,
     .help = "where uploaded images are kept: a folder, or s3://BUCKET/PREFIX",
     .env = "AISLE_OBJECTS",
     .fallback = "objects"},
    {.name = "objects-endpoint",
     .argument = "URL",
     .kind = OPTION_TEXT,
     .help = "of s3://: https://HOST of the object store",
     .env = "AISLE_OBJECTS_ENDPOINT"},
    {.name = "objects-region",
     .argument = "REGION",
     .kind = OPTION_TEXT,
     .help = "of s3://: the bucket's region",
     .env = "AISLE_OBJECTS_REGION",
     .fallback = "us-east-1"},
    {.name = "objects-key-file",
     .argument = "FILE",
     .kind = OPTION_FILE,
     .help = "of s3://: key id and secret, a line each, mode 0400",
     .env = "AISLE_OBJECTS_KEY_FILE",
     .fallback = "aisle.s3"},
    {.name = "proxy",
     .argument = "URL",
     .kind = OPTION_TEXT,
     .help = "proxy for calls that leave this machine",
     .env = "AISLE_PROXY HTTPS_PROXY https_proxy"},
    {.name = "ca-file",
     .argument = "FILE",
     .kind = OPTION_FILE,
     .help = "certificates to trust instead of the system's",
     .env = "AISLE_CA_FILE CURL_CA_BUNDLE SSL_CERT_FILE"},
    {.name = "log-format",
     .argument = "FORMAT",
     .kind = OPTION_CHOICE,
     .help = "how words on stderr are written",
     .choices = "text json",
     .env = "AISLE_LOG_FORMAT",
     .fallback = "text"},
    {.name = "user",
     .argument = "NAME",
     .kind = OPTION_TEXT,
     .help = "who decides, for the log of decisions; else the login name",
     .env = "AISLE_USER"},
    {.name = NULL},
};

const char *origin_name(enum origin origin)
{
    static const char *const names[] = {"none",         "default",     "user file",
                                        "project file", "environment", "flag"};

    return names[origin];
}

const struct option *setting_option(const char *name)
{
    for (const struct option *o = settings_table; o->name; o++)
        if (strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

const struct setting *settings_get(const struct settings *s, const char *name)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->list[i].option->name, name) == 0)
            return &s->list[i];
    return NULL;
}

/* ---- one value put over another ---- */

struct source {
    struct settings *settings;
    struct arena *arena;
    enum origin origin;
    struct str where;  /* file, for messages and for origin */
    struct str folder; /* paths are taken from it; "" as they are */
    bool is_private;   /* a file that nobody else may read */
    bool seen[SETTINGS_MAX];
    enum aisle_status status;
    struct aisle_err *err;
};

/* A location with a scheme ("sqlite:x") or an absolute path stays as it is. */
static bool is_relative_path(struct str value)
{
    size_t colon = str_find_char(value, ':'), slash = str_find_char(value, '/');

    return !str_empty(value) && value.p[0] != '/' && value.p[0] != '~' &&
           (colon == value.n || slash < colon);
}

/* A store's location may have a password in it; then it comes from where secrets do. */
static enum aisle_status check_password(const struct source *from, struct str value)
{
    if (!store_location_has_password(value) || from->origin == ORIGIN_ENVIRONMENT)
        return AISLE_OK;
    if (from->origin == ORIGIN_FLAG)
        return aisle_fail(from->err, AISLE_CONFIG,
                          "a password on the command line is seen by everyone on this "
                          "machine: keep it in ~/.pgpass, in AISLE_STORE or in a "
                          "settings file of mode 0600");
    if (!from->is_private)
        return aisle_fail(from->err, AISLE_CONFIG,
                          "%.*s has a password in it and others may read it: chmod 600 "
                          "%.*s",
                          STR_ARG(from->where), STR_ARG(from->where));
    return AISLE_OK;
}

static enum aisle_status put_value(struct source *from, const struct option *o,
                                   struct str value, struct str where, const char *said)
{
    struct setting *s = &from->settings->list[o - settings_table];
    enum aisle_status status = option_check(o, value, said, from->err);
    struct str kept;

    if (status == AISLE_OK && strcmp(o->name, "store") == 0)
        status = check_password(from, value);
    if (status != AISLE_OK) {
        if (from->err)
            from->err->status = AISLE_CONFIG;
        return AISLE_CONFIG;
    }
    if (o->kind == OPTION_FILE && !str_empty(from->folder) && is_relative_path(value))
        kept = arena_fmt(from->arena, "%.*s/%.*s", STR_ARG(from->folder), STR_ARG(value));
    else
        kept = arena_str(from->arena, value);
    where = arena_str(from->arena, where);
    if (!kept.p || !where.p)
        return aisle_nomem(from->err);
    *s = (struct setting){o, kept, from->origin, where};
    return AISLE_OK;
}

/* ---- files ---- */

/* Is it a name a secret would have? Those belong in 0400 files or the environment. */
static bool sounds_secret(struct str key)
{
    return str_ends(key, "secret") || str_ends(key, "token") ||
           str_ends(key, "password") || str_ends(key, "cipher") || str_is(key, "key");
}

static const struct option *option_of_key(struct str key)
{
    for (const struct option *o = settings_table; o->name; o++) {
        struct str name = str_of(o->name);
        size_t i = 0;

        while (i < name.n && i < key.n &&
               key.p[i] == (name.p[i] == '-' ? '_' : name.p[i]))
            i++;
        if (i == name.n && i == key.n)
            return o;
    }
    return NULL;
}

static enum aisle_status unknown_key(const struct source *from, struct str key)
{
    struct nearest near = {.typed = key};

    if (sounds_secret(key))
        return aisle_fail(from->err, AISLE_CONFIG,
                          "%.*s: '%.*s' would be a secret in a settings file; keep it in "
                          "a 0400 file or the environment",
                          STR_ARG(from->where), STR_ARG(key));
    aisle_fail(from->err, AISLE_CONFIG, "%.*s: unknown setting '%.*s'",
               STR_ARG(from->where), STR_ARG(key));
    for (const struct option *o = settings_table; o->name; o++)
        nearest_try(&near, str_of(o->name));
    nearest_note(&near, from->err);
    return AISLE_CONFIG;
}

static int ini_value(void *ctx, const char *section, const char *key, const char *value)
{
    struct source *from = ctx;
    const struct option *o = option_of_key(str_of(key));
    char said[1024];

    if (from->status != AISLE_OK)
        return 1;
    if (*section) {
        from->status = aisle_fail(from->err, AISLE_CONFIG, "%.*s: unknown section [%s]",
                                  STR_ARG(from->where), section);
    } else if (!o) {
        from->status = unknown_key(from, str_of(key));
    } else if (from->seen[o - settings_table]) {
        from->status = aisle_fail(from->err, AISLE_CONFIG, "%.*s says %s twice",
                                  STR_ARG(from->where), key);
    } else {
        from->seen[o - settings_table] = true;
        snprintf(said, sizeof(said), "%.*s: %s", STR_ARG(from->where), key);
        from->status = put_value(from, o, str_of(value), from->where, said);
    }
    return 1;
}

/* inih keeps lines in a fixed buffer and would quietly cut longer ones in two, and any
 * at a NUL. */
enum { INI_LONGEST_LINE = 190 };

static enum aisle_status check_lines(const struct source *from, struct str text)
{
    size_t line = 0;

    while (!str_empty(text)) {
        struct str one = str_cut(&text, '\n');

        line++;
        if (str_find_char(one, '\0') < one.n)
            return aisle_fail(from->err, AISLE_CONFIG, "%.*s:%zu: there is a NUL in it",
                              STR_ARG(from->where), line);
        if (one.n > INI_LONGEST_LINE)
            return aisle_fail(from->err, AISLE_CONFIG, "%.*s:%zu: line is over %d bytes",
                              STR_ARG(from->where), line, INI_LONGEST_LINE);
    }
    return AISLE_OK;
}

static enum aisle_status read_text(struct source *from, struct str text)
{
    char *copy;
    int line;

    from->status = check_lines(from, text);
    if (from->status != AISLE_OK)
        return from->status;
    copy = mem_dup(text.p, text.n);
    if (!copy)
        return aisle_nomem(from->err);
    line = ini_parse_string(copy, ini_value, from);
    mem_free(copy);
    if (from->status == AISLE_OK && line != 0)
        from->status = aisle_fail(from->err, AISLE_CONFIG, "%.*s:%d: not 'name = value'",
                                  STR_ARG(from->where), line);
    return from->status;
}

/* A settings file of someone else could turn our calls to a proxy of theirs. */
static enum aisle_status check_owner(int fd, struct source *from)
{
    struct str path = from->where;
    struct aisle_err *err = from->err;
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return aisle_fail(err, AISLE_CONFIG, "%.*s is not a file", STR_ARG(path));
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return aisle_fail(err, AISLE_CONFIG,
                          "%.*s belongs to another user; AISLE_CONFIG names the file to "
                          "use instead",
                          STR_ARG(path));
    from->is_private = (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    return AISLE_OK;
}

static enum aisle_status read_file(struct source *from)
{
    struct buf text = BUF_INIT(SETTINGS_MAX_FILE);
    enum aisle_status status = AISLE_OK;
    int fd = open(from->where.p, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return aisle_fail(from->err, AISLE_CONFIG, "cannot read %.*s: %s",
                          STR_ARG(from->where), strerror(errno));
    status = check_owner(fd, from);
    while (status == AISLE_OK) {
        char piece[4096];
        ssize_t n = read(fd, piece, sizeof(piece));

        if (n == 0)
            break;
        if (n < 0)
            status = aisle_fail(from->err, AISLE_CONFIG, "cannot read %.*s: %s",
                                STR_ARG(from->where), strerror(errno));
        else
            buf_add(&text, str_n(piece, (size_t)n));
    }
    if (status == AISLE_OK)
        status = buf_check(&text, "settings file", from->err);
    if (status == AISLE_OK)
        status = read_text(from, buf_str(&text));
    close(fd);
    buf_clear(&text);
    return status;
}

/* ---- where the files are ---- */

static struct str folder_of(struct str path)
{
    size_t n = path.n;

    while (n > 0 && path.p[n - 1] != '/')
        n--;
    return str_head(path, n > 1 ? n - 1 : n);
}

static const char *variable(const struct settings_world *world, const char *name)
{
    const char *value = world->variable(world->ctx, name);

    return value && *value ? value : NULL;
}

/* aisle.ini in the working folder or the nearest above it; "" when there is none. */
static enum aisle_status find_project_file(const struct settings_world *world,
                                           struct arena *arena, struct str *out,
                                           struct aisle_err *err)
{
    const char *named = world->variable(world->ctx, "AISLE_CONFIG");
    struct str folder = world->folder;

    if (named) { /* set but empty: none */
        *out = arena_str(arena, str_of(named));
        return out->p ? AISLE_OK : aisle_nomem(err);
    }
    for (;;) {
        struct str path = arena_fmt(arena, "%.*s/aisle.ini",
                                    STR_ARG(str_is(folder, "/") ? STR_LIT("") : folder));

        if (!path.p)
            return aisle_nomem(err);
        if (access(path.p, F_OK) == 0) {
            *out = path;
            return AISLE_OK;
        }
        if (folder.n <= 1)
            break;
        folder = folder_of(folder);
    }
    *out = STR_LIT("");
    return AISLE_OK;
}

static enum aisle_status find_user_file(const struct settings_world *world,
                                        struct arena *arena, struct str *out,
                                        struct aisle_err *err)
{
    const char *xdg = variable(world, "XDG_CONFIG_HOME"), *home = variable(world, "HOME");
    struct str path = STR_LIT("");

    if (xdg)
        path = arena_fmt(arena, "%s/aisle/aisle.ini", xdg);
    else if (home)
        path = arena_fmt(arena, "%s/.config/aisle/aisle.ini", home);
    if (!path.p)
        return aisle_nomem(err);
    *out = !str_empty(path) && access(path.p, F_OK) == 0 ? path : STR_LIT("");
    return AISLE_OK;
}

/* ---- the levels ---- */

/* Defaults that are paths lie beside the project file. */
static enum aisle_status put_defaults(struct source *from)
{
    enum aisle_status status = AISLE_OK;

    for (const struct option *o = settings_table; o->name && status == AISLE_OK; o++) {
        from->settings->list[from->settings->count++].option = o;
        if (o->fallback)
            status = put_value(from, o, str_of(o->fallback), STR_LIT(""), o->name);
    }
    return status;
}

static enum aisle_status put_variables(const struct settings_world *world,
                                       struct source *from)
{
    enum aisle_status status = AISLE_OK;

    for (const struct option *o = settings_table; o->name && status == AISLE_OK; o++) {
        struct str names = str_of(o->env);

        while (!str_empty(names)) {
            struct str name = str_cut(&names, ' ');
            char zname[64];
            const char *value;

            snprintf(zname, sizeof(zname), "%.*s", STR_ARG(name));
            value = variable(world, zname);
            if (value) {
                status = put_value(from, o, str_of(value), name, zname);
                break;
            }
        }
    }
    return status;
}

/* Values of repeated flags are joined by commas, as files and variables write them. */
static struct str joined_flags(const struct args *args, const struct option *o,
                               struct arena *arena, bool *given)
{
    struct str all = STR_LIT("");

    *given = false;
    for (size_t i = 0; i < args->given_count; i++) {
        if (strcmp(args->given[i].option->name, o->name) != 0)
            continue;
        all = *given && o->repeats ? arena_fmt(arena, "%.*s,%.*s", STR_ARG(all),
                                               STR_ARG(args->given[i].value))
                                   : args->given[i].value;
        *given = true;
    }
    return all;
}

static enum aisle_status put_flags(const struct args *args, struct source *from)
{
    enum aisle_status status = AISLE_OK;

    for (const struct option *o = settings_table; o->name && status == AISLE_OK; o++) {
        bool given;
        struct str value = joined_flags(args, o, from->arena, &given);
        char said[80];

        snprintf(said, sizeof(said), "--%s", o->name);
        if (given)
            status = put_value(from, o, value, str_of(said), said);
    }
    return status;
}

enum aisle_status settings_load(const struct settings_world *world,
                                const struct args *args, struct arena *arena,
                                struct settings *out, struct aisle_err *err)
{
    struct settings made = {0};
    struct source from = {.settings = &made, .arena = arena, .err = err};
    enum aisle_status status = find_project_file(world, arena, &made.project_file, err);

    if (status == AISLE_OK)
        status = find_user_file(world, arena, &made.user_file, err);
    if (status == AISLE_OK) {
        from.origin = ORIGIN_DEFAULT;
        from.folder = folder_of(made.project_file);
        status = put_defaults(&from);
    }
    if (status == AISLE_OK && !str_empty(made.user_file)) {
        from.origin = ORIGIN_USER_FILE;
        from.where = made.user_file;
        from.folder = folder_of(made.user_file);
        status = read_file(&from);
    }
    if (status == AISLE_OK && !str_empty(made.project_file)) {
        from.origin = ORIGIN_PROJECT_FILE;
        from.where = made.project_file;
        from.folder = folder_of(made.project_file);
        memset(from.seen, 0, sizeof(from.seen));
        status = read_file(&from);
    }
    if (status == AISLE_OK) {
        from.origin = ORIGIN_ENVIRONMENT;
        from.folder = STR_LIT("");
        status = put_variables(world, &from);
    }
    if (status == AISLE_OK) {
        from.origin = ORIGIN_FLAG;
        status = put_flags(args, &from);
    }
    if (status == AISLE_OK)
        *out = made;
    return status;
}

/* settings.h - values that outlive a command line: flag, environment, files, default
 *
 * A setting is an option that may also come from elsewhere. What is nearer goes first:
 * flag, environment, project file (aisle.ini, found upwards from the working folder),
 * user file ($XDG_CONFIG_HOME/aisle/aisle.ini), default. Paths in a file are taken from
 * that file's folder. An unknown key is an error; secrets are never settings.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "cli/args.h"

enum { SETTINGS_MAX = 24, SETTINGS_MAX_FILE = 64 * 1024 };

enum origin {
    ORIGIN_NONE, /* no value at all */
    ORIGIN_DEFAULT,
    ORIGIN_USER_FILE,
    ORIGIN_PROJECT_FILE,
    ORIGIN_ENVIRONMENT,
    ORIGIN_FLAG,
};

const char *origin_name(enum origin origin);

struct setting {
    const struct option *option;
    struct str value;
    enum origin origin;
    struct str where; /* the file, the variable, "--flag"; "" for a default */
};

struct settings {
    struct setting list[SETTINGS_MAX]; /* in the order of settings_table */
    size_t count;
    struct str project_file, user_file; /* "" where there is none */
};

/* Every setting, ended by a row without name. */
extern const struct option settings_table[];

/* The world outside, handed in. */
struct settings_world {
    const char *(*variable)(void *ctx, const char *name); /* NULL when unset */
    void *ctx;
    struct str folder; /* the working one, absolute */
};

/* Values live in the arena. AISLE_CONFIG: a file cannot be read, has an unknown key, a
 * value of the wrong kind, or belongs to someone else. */
enum aisle_status settings_load(const struct settings_world *world,
                                const struct args *args, struct arena *arena,
                                struct settings *out, struct aisle_err *err);

/* The setting of that name, or NULL. */
const struct setting *settings_get(const struct settings *s, const char *name);
/* The row of settings_table, or NULL; name as an option has it ("key-file"). */
const struct option *setting_option(const char *name);

#endif

/* command.h - what a command is, and the one table of them
 *
 * Parsing a command line, help, man pages and completions all read these structs, so they
 * cannot tell different stories. To add a command: a struct in commands/, a line in
 * commands.c.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/status.h"
#include "base/str.h"

struct cli;

enum option_kind {
    OPTION_SWITCH, /* there or not */
    OPTION_TEXT,
    OPTION_FILE,     /* a path; "-" where the help says so */
    OPTION_COUNT,    /* a whole number, 0 or more */
    OPTION_DURATION, /* "90s" "15m" "12h" "7d", or seconds */
    OPTION_CHOICE,   /* one of .choices */
};

/* Also a setting, where it stands in the table of settings.h: then its value may come
 * from the environment or a settings file, whichever table it was declared in. */
struct option {
    const char *name; /* without dashes, "dry-run"; NULL ends a table */
    char letter;      /* for -n; 0 none */
    enum option_kind kind;
    const char *argument; /* "FILE"; NULL for a switch */
    const char *help;     /* lower case, no full stop */
    const char *choices;  /* "thrifty guide" */
    const char *env;      /* variable it may come from, or NULL */
    const char *fallback; /* its value when nothing gives one, or NULL */
    bool repeats;         /* may come again */
    bool commas;          /* with repeats: several values in one, parted by commas */
};

enum column_kind {
    COLUMN_TEXT,    /* shortened on a terminal where it must be */
    COLUMN_PATH,    /* the same, at its beginning: the end tells more */
    COLUMN_ID,      /* text, never shortened */
    COLUMN_COUNT,   /* a whole number */
    COLUMN_SHARE,   /* 0 to 1 */
    COLUMN_SECONDS, /* and fractions */
    COLUMN_TIME,    /* UTC seconds, shown as 2026-11-21T20:58:56Z */
    COLUMN_FLAG,
};

struct column {
    const char *name; /* the JSON key; NULL ends a table */
    enum column_kind kind;
    const char *help;
    bool detail; /* left out of tables and TSV unless --fields asks for it */
    bool whole;  /* of a table's words: never shortened */
};

struct example {
    const char *line; /* "aisle tree sync toko-a"; NULL ends a table */
    const char *says;
};

/* What a command stands on; brings the options that go with it. */
enum command_uses {
    USES_ROWS = 1 << 0,     /* --json --jsonl --fields; it has columns */
    USES_STORE = 1 << 1,    /* --store */
    USES_CALLS = 1 << 2,    /* --key-file --proxy --ca-file --rate --trace */
    USES_SETTINGS = 1 << 3, /* nothing but the settings; the others bring them anyway */
};

struct command {
    const char *noun;
    const char *verb;     /* NULL: the noun stands alone */
    const char *operands; /* "SHOP [FILE]...": without brackets is needed; NULL none */
    const char *words;    /* what operands may be, for completions: "bash zsh fish", those
                             of the second behind a "|"; or NULL */
    const char *summary;  /* lower case, no full stop */
    const char *about;    /* more, paragraphs parted by an empty line; or NULL */
    const struct example *examples;
    const struct option *options;       /* its own; or NULL */
    const struct column *columns;       /* with USES_ROWS */
    const char *other_option;           /* asks for other rows; or NULL */
    const struct column *other_columns; /* theirs, instead of columns */
    unsigned uses;
    bool hidden; /* not in help: for the build and for tests */
    /* AISLE_OK leaves the exit code to cli->exit_code, which a command may set. */
    enum aisle_status (*run)(struct cli *cli, struct aisle_err *err);
};

struct noun {
    const char *name, *summary;
};

extern const struct command *const commands[]; /* ended by NULL, nouns together */
extern const struct noun nouns[];              /* ended by a row without name */

/* Options every command has, and those that come with command_uses; in the order of
 * help. */
struct option_group {
    unsigned uses; /* 0: every command */
    const char *title;
    const struct option *options;
};
extern const struct option_group option_groups[]; /* ended by a row without options */

enum { OPERANDS_ANY = 1000000 };
void operands_range(const char *operands, size_t *least, size_t *most);

/* The noun's command with that verb (empty: the one without), or NULL. */
const struct command *command_find(struct str noun, struct str verb);
const struct noun *noun_find(struct str name);
/* The option a command knows under a name or letter, its own first; or NULL. */
const struct option *command_option(const struct command *c, struct str name);
const struct option *command_option_letter(const struct command *c, char letter);
/* Every option of a command, its own first. */
typedef void command_option_fn(void *ctx, const struct option *o);
void command_each_option(const struct command *c, command_option_fn *fn, void *ctx);

#endif

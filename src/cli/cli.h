/* cli.h - one run of the program: what a command is handed, and how it asks
 *
 * main.c fills it; a command reads options, opens the app when it needs it, puts data
 * into out and words into voice. Names asked for must be declared in the command's
 * options (or be settings): anything else is a mistake of ours and asserted.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "catalog/vault.h"
#include "cli/exits.h"
#include "cli/out.h"
#include "cli/say.h"
#include "cli/settings.h"

struct cli {
    const struct command *command;
    struct args args;
    struct settings settings;
    struct out out;
    struct voice voice;
    struct arena arena; /* of this run */
    struct app app;     /* after cli_open */
    bool app_open;
    struct image_helpers *image_helpers; /* what app has; ended with the command */
    struct vault vault;
    struct buf remedy; /* what to try after a failure; "" the usual for its status */
    enum exit_code exit_code; /* of AISLE_OK */
};

/* The value of an option: flag, else setting, else its default; empty for none. */
struct str cli_text(const struct cli *cli, const char *name);
bool cli_switch(const struct cli *cli, const char *name);
/* Of OPTION_COUNT; `absent` when nothing gives one. */
int64_t cli_count(const struct cli *cli, const char *name, int64_t absent);
int64_t cli_seconds(const struct cli *cli, const char *name, int64_t absent);
/* Of a repeated option, commas parted; in the arena. */
enum aisle_status cli_list(struct cli *cli, const char *name, const struct str **out,
                           size_t *count, struct aisle_err *err);
/* The columns of its rows: by its other_option, where that was given, the others. */
const struct column *cli_columns(const struct cli *cli);
/* The nth operand; empty when it was not given. */
struct str cli_operand(const struct cli *cli, size_t n);

/* As wide as help may be: as the terminal is, or HELP_WIDTH. */
size_t cli_help_width(const struct cli *cli);

/* Say what mends the failure about to be returned. */
void cli_try(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* After AISLE_NOT_FOUND of a command about a target (asked for, or ""), with the app
 * open: say which step was left out: no shop, no such shop, no tree yet. */
void cli_try_lacking(struct cli *cli, struct str asked);

/* Options that each are right and together are not, or a number out of range: nothing is
 * done, and the program ends as for any wrong command line. Returns AISLE_INVALID. */
enum aisle_status cli_misuse(struct cli *cli, struct aisle_err *err, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* What was asked for ("--markdown") is written as a text that is no rows: --json, --jsonl
 * and --fields with it are misuse. */
enum aisle_status cli_no_rows(struct cli *cli, const char *asked, struct aisle_err *err);

/* Read the settings, as main does before a command that uses any; again after a file
 * changed. */
enum aisle_status cli_load_settings(struct cli *cli, struct aisle_err *err);

/* Open store, pace, transcript and keys into cli->app. The store must be there and of our
 * schema (init makes it, db migrate brings it up). From here on
 * Ctrl-C asks to stop. Closed by main. */
enum aisle_status cli_open(struct cli *cli, struct aisle_err *err);
void cli_close(struct cli *cli); /* twice is fine */

/* What mends a store that could not be opened. */
void cli_try_store(struct cli *cli, enum aisle_status status,
                   const struct aisle_err *err);

/* A file the user named, whole; "-" is stdin. Appends. AISLE_NOT_FOUND, AISLE_LIMIT,
 * AISLE_INVALID for a folder. */
enum aisle_status cli_read(struct cli *cli, struct str path, struct buf *out,
                           struct aisle_err *err);
/* The same into an empty buffer; a file without anything in it is AISLE_INVALID, by its
 * name. */
enum aisle_status cli_read_input(struct cli *cli, struct str path, struct buf *out,
                                 struct aisle_err *err);
/* And so is one that is no JSON. */
enum aisle_status cli_read_json(struct cli *cli, struct str path, struct buf *out,
                                struct aisle_err *err);
/* Make a file whole or not at all; AISLE_CONFLICT when it is there, unless replace. */
enum aisle_status cli_write(struct str path, struct str text, unsigned mode, bool replace,
                            struct aisle_err *err);

#endif

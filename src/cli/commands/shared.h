/* shared.h - what commands of several nouns have in common: option rows, the target and
 * tree they are about, a question before something is lost
 */
#ifndef CLI_COMMANDS_SHARED_H
#define CLI_COMMANDS_SHARED_H

#include "cli/cli.h"
#include "flows/due.h"
#include "taxonomy/snapshot.h"

#include <stdio.h>

/* clang-format off */
#define OPTION_TARGET {.name = "target", .letter = 't', .kind = OPTION_TEXT, .argument = "TARGET", \
     .help = "SHOP, SHOP:VERSION or SHOP:VERSION:PLATFORM; needless with one shop"}
#define OPTION_TARGETS {.name = "target", .letter = 't', .kind = OPTION_TEXT, .argument = "TARGET", \
     .repeats = true, .commas = true, .help = "SHOP, SHOP:VERSION or SHOP:VERSION:PLATFORM"}
#define OPTION_SELLER {.name = "seller", .kind = OPTION_TEXT, .argument = "SELLER", \
     .help = "whose products; needless with one seller"}
#define OPTION_LOCALE {.name = "locale", .letter = 'l', .kind = OPTION_TEXT, .argument = "LOCALE", \
     .help = "language of names, such as id-ID"}
#define OPTION_LOCALES {.name = "locale", .letter = 'l', .kind = OPTION_TEXT, .argument = "LOCALE", \
     .repeats = true, .commas = true, .help = "languages of names, such as id-ID"}
#define OPTION_DRY_RUN {.name = "dry-run", .letter = 'n', .kind = OPTION_SWITCH, \
     .help = "say what would be done, do nothing"}
#define OPTION_YES {.name = "yes", .letter = 'y', .kind = OPTION_SWITCH, \
     .help = "do not ask first"}
#define OPTION_LIMIT {.name = "limit", .kind = OPTION_COUNT, .argument = "N", \
     .help = "at most so many; 0 all"}
#define OPTION_MODEL_TOO {.name = "model", .letter = 'm', .kind = OPTION_FILE, .argument = "FILE", \
     .help = "ask what model train wrote too; one that cannot be used is done without"}
#define OPTION_ROUNDS \
    {.name = "sync-every", .kind = OPTION_DURATION, .argument = "TIME", .fallback = "6h", \
     .help = "how often trees are synced; 0 not at all"}, \
    {.name = "requirements-every", .kind = OPTION_DURATION, .argument = "TIME", .fallback = "1d", \
     .help = "how often is asked what leaves in use demand; 0 not at all"}, \
    {.name = "status-every", .kind = OPTION_DURATION, .argument = "TIME", .fallback = "10m", \
     .help = "how often is asked what became of listings under way; 0 not at all"}, \
    {.name = "train-every", .kind = OPTION_DURATION, .argument = "TIME", .fallback = "1h", \
     .help = "how often workers look whether a model is to be trained; 0 not at all"}
#define OPTION_ALSO {.name = "also", .kind = OPTION_TEXT, .argument = "TARGET", \
     .help = "only leaves that are open in this target's tree too, to list in both at once"}
#define END_OF_OPTIONS {.name = NULL}
#define END_OF_COLUMNS {.name = NULL}
#define END_OF_EXAMPLES {NULL, NULL}
/* clang-format on */

/* The one target a command is about: --target, the setting, or the only one there is.
 * shop may be NULL. */
enum aisle_status cli_target(struct cli *cli, struct target *out, struct shop *shop,
                             struct aisle_err *err);

/* Its tree, and the language to show it in (--locale, else the first there is). */
struct open_tree {
    struct target target;
    struct shop shop;
    struct snapshot snapshot;
    struct taxonomy tree;
    uint32_t locale;
};
/* snapshot_id 0: the newest. AISLE_NOT_FOUND: never synced. */
enum aisle_status cli_tree(struct cli *cli, int64_t snapshot_id, struct open_tree *out,
                           struct aisle_err *err);
/* "Fashion > Men > T-Shirts" in the arena given. */
struct str open_tree_path(const struct open_tree *t, const struct category *c,
                          struct arena *arena);
/* A category by id or path; AISLE_NOT_FOUND. */
enum aisle_status open_tree_find(const struct open_tree *t, struct str asked,
                                 const struct category **out, struct aisle_err *err);

/* A file the user named, to be read piece by piece; "-" is stdin. cli_close_stream, which
 * leaves stdin alone. AISLE_NOT_FOUND, AISLE_IO; AISLE_INVALID for a folder and for an
 * empty file. */
enum aisle_status cli_open_stream(struct str path, FILE **out, struct aisle_err *err);
void cli_close_stream(FILE *f); /* NULL is fine */

/* The model to ask too: of a setting "" where the file is not there (any more), with a
 * word; of a flag AISLE_NOT_FOUND. */
enum aisle_status cli_model(struct cli *cli, struct str *out, struct aisle_err *err);

/* OPTION_ROUNDS, and what comes round in any case. */
struct rounds cli_rounds(const struct cli *cli);

/* --seller, else "default". */
struct str cli_seller(const struct cli *cli);

/* Ask before something cannot be undone: yes with --yes, else what a terminal answers;
 * without one AISLE_INVALID says to say --yes. AISLE_STOPPED when the answer is no. */
enum aisle_status cli_confirm(struct cli *cli, struct aisle_err *err,
                              const char *question, ...)
    __attribute__((format(printf, 3, 4)));

/* A line typed by the user, without its end, in the arena; what was there to read on a
 * pipe counts too. AISLE_NOT_FOUND at the end of input. */
enum aisle_status cli_read_line(struct cli *cli, struct str *out, struct aisle_err *err);

/* Whether a summary that words have told already is written as data too: everywhere but
 * on a terminal where nobody asked for it. */
bool cli_wants_summary(const struct cli *cli);

/* One row of one object: out_row, then out_end. */
enum aisle_status out_done(struct out *o, struct aisle_err *err);

#endif

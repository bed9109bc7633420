/* help.h - everything the program says about itself, printed from the command table
 *
 * Help for a terminal, man pages, completions. Touches neither store nor network nor
 * settings.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/buf.h"
#include "cli/command.h"

enum { HELP_WIDTH = 90 }; /* where nothing is narrower */

void help_front(size_t width, struct buf *out); /* "aisle help" */
void help_noun(const struct noun *noun, size_t width,
               struct buf *out); /* "aisle help tree" */
void help_command(const struct command *c, size_t width,
                  struct buf *out); /* "aisle help tree sync" */

struct topic {
    const char *name; /* NULL ends the table */
    const char *summary;
    void (*format)(size_t width, struct buf *out);
};
extern const struct topic topics[];

/* Page "aisle" tells of the whole, "aisle-tree" of a noun. */
enum aisle_status man_format(struct str page, struct buf *out, struct aisle_err *err);

void completion_bash(struct buf *out);
void completion_zsh(struct buf *out);
void completion_fish(struct buf *out);

/* Appends text broken at blanks, every line indented; an empty line parts paragraphs. */
void buf_wrapped(struct buf *out, const char *text, size_t indent, size_t width);
/* Appends a paragraph and a line end: its first line begins in a column that is reached
 * already, the others at the indent. */
void buf_hanging(struct buf *out, struct str text, size_t column, size_t indent,
                 size_t width);
/* Appends "  left  right", right wrapped beside a left of so many columns. */
void buf_pair(struct buf *out, const char *left, size_t columns, const char *right,
              size_t width);
/* "--target TARGET", "-t, --target TARGET"; at most so many bytes. */
enum { OPTION_TEXT_MAX = 96 };
void option_text(const struct option *o, char out[OPTION_TEXT_MAX]);
/* Help with what it may be, where else it comes from and its default. */
void option_help(const struct option *o, struct buf *out);
/* Whether help shows a command. */
bool command_is_shown(const struct command *c);
/* The noun's only command, which stands without a verb; or NULL. */
const struct command *noun_alone(const char *noun);

#endif

/* words.h - a line as a shell would cut it: quotes, and an end where a pipe begins or
 * words for people do (behind two blanks), or the next line does (behind a \) */
#ifndef TESTS_CLI_WORDS_H
#define TESTS_CLI_WORDS_H

#include "check.h"

enum { WORDS_MAX = 64 };

struct words {
    char text[4096];
    char *list[WORDS_MAX];
    int count;
};

/* Of "printf q | aisle map review" only the part that is ours. */
static inline const char *ours(const char *line)
{
    const char *at = strstr(line, "aisle ");

    while (at && at != line && at[-1] != ' ' && at[-1] != '(' && at[-1] != '`')
        at = strstr(at + 1, "aisle ");
    return at;
}

static inline void words_of(const char *line, struct words *out)
{
    char *to = out->text, quote = '\0';
    bool in_word = false;

    out->count = 0;
    for (; *line; line++) {
        if (quote ? *line == quote : (*line == '\'' || *line == '"')) {
            quote = quote ? '\0' : *line;
            if (!in_word)
                out->list[out->count++] = to;
            in_word = true;
        } else if (!quote &&
                   (*line == '|' || *line == '<' || *line == '>' || *line == '&' ||
                    *line == ')' || *line == '#' || *line == ';' || *line == '\\' ||
                    (*line == ' ' && line[1] == ' '))) {
            break;
        } else if (!quote && *line == ' ') {
            if (in_word)
                *to++ = '\0';
            in_word = false;
        } else {
            if (!in_word)
                out->list[out->count++] = to;
            in_word = true;
            *to++ = *line;
        }
        assert_true(out->count < WORDS_MAX);
        assert_true(to < out->text + sizeof(out->text) - 1);
    }
    *to = '\0';
}

#endif

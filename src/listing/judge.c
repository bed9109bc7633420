#include "listing/judge.h"

#include "base/bytes16.h"
#include "base/text.h"

#include <stdio.h>

enum { DEEPEST = 12, QUOTED_MAX = 60 };

struct str judge_path(struct judge *j, const struct place *at)
{
    const struct place *steps[DEEPEST];
    char text[160];
    size_t depth = 0, n = 0;
    struct str made;

    for (; at && depth < DEEPEST; at = at->above)
        steps[depth++] = at;
    while (depth-- > 0) {
        size_t left = sizeof text - n;
        int more;

        if (steps[depth]->name)
            more = snprintf(text + n, left, "%s%s", n ? "." : "", steps[depth]->name);
        else
            more = snprintf(text + n, left, "[%zu]", steps[depth]->index);
        if (more < 0 || (size_t)more >= left)
            break;
        n += (size_t)more;
    }
    made = arena_str(j->out->arena, str_n(text, n));
    if (!made.p)
        j->out->left_out = true;
    return made.p ? made : STR_LIT("");
}

void judge_find(struct judge *j, const struct place *at, struct finding finding)
{
    finding.path = judge_path(j, at);
    findings_add(j->out, &finding);
}

static void say(struct judge *j, const struct place *at, enum finding_level level,
                const char *rule, const char *code, const struct said *said)
{
    judge_find(j, at,
               (struct finding){
                   .level = level,
                   .rule = rule,
                   .code = code,
                   .what = said->what,
                   .found = said->found,
                   .allowed = said->allowed,
                   .fix = said->fix,
                   .about = said->about,
                   .mend = said->mend,
               });
}

void judge_error(struct judge *j, const struct place *at, const char *rule,
                 const char *code, struct said said)
{
    say(j, at, FINDING_ERROR, rule, code, &said);
}

void judge_warning(struct judge *j, const struct place *at, const char *rule,
                   const char *code, struct said said)
{
    say(j, at, FINDING_WARNING, rule, code, &said);
}

void judge_tip(struct judge *j, const struct place *at, const char *rule,
               struct said said)
{
    if (j->tips)
        say(j, at, FINDING_TIP, rule, "", &said);
}

struct str judge_number(struct judge *j, int64_t n)
{
    return findings_fmt(j->out, "%lld", (long long)n);
}

struct str judge_range(struct judge *j, int64_t least, int64_t most)
{
    return findings_fmt(j->out, "%lld to %lld", (long long)least, (long long)most);
}

struct str judge_quote(struct judge *j, struct str s)
{
    struct str head = utf8_head(s, QUOTED_MAX);

    return findings_fmt(j->out, "%.*s%s", STR_ARG(head), head.n < s.n ? "…" : "");
}

/* ---- texts ---- */

/* "nbsp;", "#160;", "#xA0;": what may stand between & and ; */
size_t html_escape_length(struct str s)
{
    size_t i = 1;

    if (s.n < 4 || s.p[0] != '&')
        return 0;
    i += s.p[1] == '#';
    while (i < s.n && i < 32 &&
           ((s.p[i] >= '0' && s.p[i] <= '9') ||
            ((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'z')))
        i++;
    return i >= 3 && i < s.n && s.p[i] == ';' ? i + 1 : 0;
}

static bool is_letter_or_digit(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10;
}

/* ASCII's traits, without asking ICU. */
static unsigned ascii_traits(unsigned char c)
{
    if (is_letter_or_digit((char)c))
        return TRAIT_WORD;
    return c < 0x20 || c == 0x7F ? TRAIT_CONTROL : 0;
}

static bool has_escape(struct str s)
{
    for (size_t at = str_find_char(s, '&'); at < s.n; at++)
        if (s.p[at] == '&' && html_escape_length(str_skip(s, at)))
            return true;
    return false;
}

/* Nothing in it but what text_faults_of finds no fault with: printable ASCII, no "&", and
 * no four alike in a row, since of ten in a row one such four is full. */
static bool is_plain(struct str s)
{
    for (; s.n >= 16; s = str_skip(s, 16)) {
        bytes16 v = bytes16_load(s.p);

        if (bytes16_first((v < 0x20) | (v == 0x7F) | (v == '&')) < 16 ||
            bytes16_has_same_four(v))
            return false;
    }
    if (s.n) {
        char last[] = "0123456789abcdef";

        memcpy(last, s.p, s.n);
        return is_plain(str_n(last, 16));
    }
    return true;
}

static bool has_letter_or_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (is_letter_or_digit(s.p[i]))
            return true;
    return false;
}

static struct text_faults look_at_each(struct str s)
{
    struct text_faults f = {0};
    uint32_t before = UINT32_MAX;
    unsigned run = 0, traits = 0;

    for (size_t at = 0; at < s.n; f.length++) {
        uint32_t c = (unsigned char)s.p[at];

        if (c < 0x80) {
            at++;
            traits |= ascii_traits((unsigned char)c);
        } else {
            c = utf8_next(s, &at);
            traits |= text_traits(c) | (c == 0xFFFD ? TRAIT_UNASSIGNED : 0);
        }
        run = c == before ? run + 1 : 1;
        before = c;
        if (run > LONGEST_RUN)
            f.run = c;
    }
    f.escape = has_escape(s);
    f.no_word = f.length > 0 && !(traits & TRAIT_WORD);
    f.han = (traits & TRAIT_HAN) != 0;
    f.emoji = (traits & TRAIT_EMOJI) != 0;
    f.control = (traits & TRAIT_CONTROL) != 0;
    f.garbage = (traits & TRAIT_UNASSIGNED) != 0;
    return f;
}

struct text_faults text_faults_of(struct str s)
{
    if (!is_plain(s))
        return look_at_each(s);
    return (struct text_faults){.length = s.n, .no_word = s.n && !has_letter_or_digit(s)};
}

static struct str shown_character(struct judge *j, uint32_t c)
{
    struct buf b = BUF_INIT(8);
    struct str made;

    buf_utf8(&b, c);
    made = findings_fmt(j->out, "%.*s (U+%04X)", STR_ARG(buf_str(&b)), (unsigned)c);
    buf_clear(&b);
    return made;
}

void judge_format(struct judge *j, const struct place *at, struct str s,
                  const struct text_faults *f, const char *code, enum finding_mend mend)
{
    if (f->escape)
        judge_error(j, at, "html-escape", code,
                    SAID(.what = STR_LIT("has an HTML escape such as &nbsp;"),
                         .found = judge_quote(j, s),
                         .fix = STR_LIT("write the character itself"), .mend = mend));
    if (f->emoji)
        judge_error(j, at, "emoji", code,
                    SAID(.what = STR_LIT("has an emoji"), .found = judge_quote(j, s),
                         .fix = STR_LIT("leave it out"), .mend = mend));
    if (f->control)
        judge_error(j, at, "control-character", code,
                    SAID(.what = STR_LIT("has a control character"),
                         .fix = STR_LIT("leave it out"), .mend = mend));
    if (f->no_word)
        judge_error(j, at, "symbols-only", code,
                    SAID(.what = STR_LIT("has neither a letter nor a digit"),
                         .found = judge_quote(j, s),
                         .fix = STR_LIT("say what it is in words")));
    if (f->run)
        judge_error(j, at, "long-run", code,
                    SAID(.what = STR_LIT("repeats one character too often"),
                         .found = shown_character(j, f->run),
                         .allowed = STR_LIT("9 in a row"),
                         .fix = STR_LIT("shorten the run"), .mend = mend));
}

void judge_length(struct judge *j, const struct place *at, struct str s, unsigned max,
                  const char *rule, const char *code)
{
    size_t length;

    if (s.n <= max) /* no character is less than a byte */
        return;
    length = utf8_length(s);
    if (length > max)
        judge_error(j, at, rule, code,
                    SAID(.what = STR_LIT("is too long"),
                         .found = judge_number(j, (int64_t)length),
                         .allowed = findings_fmt(j->out, "%u characters", max)));
}

/* ---- ids and uris ---- */

bool is_remote_id(struct str s)
{
    bool zero = true;

    if (s.n == 0 || s.n > 20)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        zero = zero && s.p[i] == '0';
    }
    return !zero;
}

/* Of what addresses are made of. */
static bool is_of_address(char c)
{
    return is_letter_or_digit(c) || ((unsigned char)c > ' ' && (unsigned char)c < 0x7F &&
                                     !strchr("\"'<>\\`{}|^", c));
}

/* "tos-maliva-i-o3syd03w52-us/c668cdf70b7f483c94dbe": a bucket, a slash, a name. */
bool is_image_uri(struct str s)
{
    size_t slash = str_find_char(s, '/');

    return slash > 0 && slash + 1 < s.n && is_file_id(s) &&
           (str_find_char(s, ':') == s.n || str_find(s, STR_LIT("://")) == s.n);
}

/* One word of what addresses are made of. */
bool is_file_id(struct str s)
{
    for (size_t i = 0; i < s.n && s.n <= 512; i++)
        if (!is_of_address(s.p[i]))
            return false;
    return s.n > 0 && s.n <= 512;
}

bool strs_have(const struct str *rows, size_t count, struct str s)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i], s))
            return true;
    return false;
}

void judge_doubles(struct judge *j, const struct place *at,
                   const struct listing_strs *list, const char *rule, const char *code)
{
    for (size_t i = 1; i < list->count; i++)
        if (strs_have(list->rows, i, list->rows[i]))
            judge_error(j, ITEM(at, i), rule, code,
                        SAID(.what = STR_LIT("is there twice"),
                             .found = judge_quote(j, list->rows[i]),
                             .fix = STR_LIT("leave the second one out"),
                             .mend = MEND_REPEATED_VALUE));
}

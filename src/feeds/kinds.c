#include "feeds/kinds.h"

#include "base/text.h"

/* Kinds known by their first bytes. */
static const struct {
    const char *magic;
    size_t n;
    const char *says;
} magics[] = {
    {"PK\x03\x04", 4,
     "this is an XLSX workbook or another ZIP: open it, save it as CSV UTF-8, and import "
     "that"},
    {"PK\x05\x06", 4, "this is an empty ZIP: export the products again, as CSV"},
    {"\xD0\xCF\x11\xE0", 4,
     "this is an old Excel workbook: open it, save it as CSV UTF-8, and import that"},
    {"%PDF", 4, "this is a PDF: import the table it was printed from, as CSV"},
    {"\x1F\x8B", 2, "this is compressed with gzip: unpack it, and import what is inside"},
    {"BZh", 3, "this is compressed with bzip2: unpack it, and import what is inside"},
    {"\x28\xB5\x2F\xFD", 4,
     "this is compressed with zstd: unpack it, and import what is inside"},
    {"\xFF\xFE\x00\x00", 4, "this is text in UTF-32: save it again as UTF-8"},
    {"SQLite format 3", 15, "this is a database: export the products as CSV"},
    {"{\\rtf", 5, "this is an RTF document: import the table in it, as CSV"},
};

static enum aisle_status refuse_magic(struct str head, struct aisle_err *err)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (str_eq(str_head(head, magics[i].n), str_n(magics[i].magic, magics[i].n)))
            return aisle_fail(err, AISLE_INVALID, "%s", magics[i].says);
    return AISLE_OK;
}

static bool starts_nocase(struct str s, const char *prefix)
{
    return str_eq_nocase(str_head(s, strlen(prefix)), str_of(prefix));
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Kinds known by how their text begins. */
static enum aisle_status refuse_text(struct str text, struct aisle_err *err)
{
    if (str_empty(text))
        return aisle_fail(err, AISLE_INVALID, "the file is empty");
    if (starts_nocase(text, "<!doctype html") || starts_nocase(text, "<html") ||
        starts_nocase(text, "<head") || starts_nocase(text, "<body"))
        return aisle_fail(err, AISLE_INVALID,
                          "this is an HTML page, not a table: download the file itself, "
                          "perhaps after signing in, and import that");
    if (text.n > 1 && text.p[0] == '<' &&
        (text.p[1] == '?' || text.p[1] == '!' || is_letter(text.p[1])))
        return aisle_fail(err, AISLE_INVALID,
                          "this is XML, which is not read: export the products as CSV or "
                          "JSON Lines, and import that");
    if (text.p[0] == '[')
        return aisle_fail(err, AISLE_INVALID,
                          "this is one JSON list: write it as JSON Lines, one object a "
                          "line (jq -c '.[]')");
    return AISLE_OK;
}

/* Text has hardly a control character; one NUL in a hundred is forgiven it. */
static enum aisle_status refuse_binary(struct str head, struct aisle_err *err)
{
    size_t controls = 0, nuls = 0;

    for (size_t i = 0; i < head.n; i++) {
        unsigned char c = (unsigned char)head.p[i];

        nuls += c == 0;
        controls += c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f';
    }
    if (nuls * 3 > head.n)
        return aisle_fail(err, AISLE_INVALID,
                          "this looks like UTF-16 without its mark: save it again as CSV "
                          "UTF-8");
    if (controls * 50 > head.n && controls > 4)
        return aisle_fail(
            err, AISLE_INVALID,
            "this is no text: export the products as CSV or JSON Lines, and "
            "import that");
    return AISLE_OK;
}

static bool is_utf16(struct str head)
{
    return str_starts(head, "\xFF\xFE") || str_starts(head, "\xFE\xFF");
}

/* Without the mark, and blanks on either side of it. */
static struct str begin_text(struct str s)
{
    s = str_trim(s);
    if (str_starts(s, "\xEF\xBB\xBF"))
        s = str_trim(str_skip(s, 3));
    return s;
}

static struct str first_line(struct str text)
{
    return str_trim(str_head(text, str_find_char(text, '\n')));
}

/* Whether the line below the first that is not blank is an object by itself. */
static bool object_follows(struct str text)
{
    struct str rest = str_trim(str_skip(text, str_find_char(text, '\n')));
    struct str line = first_line(rest);

    return str_starts(line, "{") && str_ends(line, "}") &&
           str_starts(str_trim(str_skip(line, 1)), "\"");
}

/* An object that begins a line, and ends in it or goes on past what we see; or one that
 * was cut short, above another. A whole document over several lines is none. */
static bool is_object_line(struct str text, bool whole)
{
    struct str line = first_line(text);
    bool goes_on = str_ends(line, "{") || str_ends(line, "[") || str_ends(line, ",");

    return str_starts(text, "{") &&
           (str_ends(line, "}") || (!whole && line.n + 1 >= text.n) ||
            (!goes_on && object_follows(text)));
}

/* JSON Lines whose first line is none would be read as a table of one column. `all` is
 * what the text is the rest of. */
static enum aisle_status refuse_mixed(struct str all, struct str text,
                                      struct aisle_err *err)
{
    size_t line = 1;

    if (str_starts(text, "{") || !object_follows(text))
        return AISLE_OK;
    for (const char *p = all.p; p < text.p; p++)
        line += *p == '\n';
    return aisle_fail(err, AISLE_INVALID,
                      "line %zu is no JSON object, and the one below it is: mend it, or "
                      "take it out: %.*s",
                      line, STR_ARG(utf8_head(first_line(text), 40)));
}

enum aisle_status feed_kind(struct str head, bool whole, bool *is_json,
                            struct aisle_err *err)
{
    struct buf decoded = BUF_INIT(4 * FEED_HEAD);
    struct str text = head, all;
    enum aisle_status status = refuse_magic(head, err);

    if (status == AISLE_OK && is_utf16(head)) {
        buf_from_utf16(&decoded, str_head(head, head.n & ~(size_t)1), false);
        status = buf_check(&decoded, "file", err);
        text = buf_str(&decoded);
    } else if (status == AISLE_OK) {
        status = refuse_binary(head, err);
    }
    all = text;
    text = begin_text(text);
    if (status == AISLE_OK)
        status = refuse_text(text, err);
    if (status == AISLE_OK)
        status = refuse_mixed(all, text, err);
    if (status == AISLE_OK && str_starts(text, "{") && !is_object_line(text, whole))
        status = aisle_fail(err, AISLE_INVALID,
                            "this is one JSON document over several lines: write it as "
                            "JSON Lines, one object a line");
    if (status == AISLE_OK)
        *is_json = str_starts(text, "{");
    buf_clear(&decoded);
    return status;
}

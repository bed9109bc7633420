/* finding.h - one thing that is wrong with a draft, said so that a person can mend it */
#ifndef LISTING_FINDING_H
#define LISTING_FINDING_H

#include "base/arena.h"
#include "base/buf.h"

enum finding_level {
    FINDING_ERROR,   /* would be refused */
    FINDING_WARNING, /* would be taken, and changed or dropped by the marketplace */
    FINDING_TIP,     /* would be taken; would sell better otherwise */
};

const char *finding_level_name(enum finding_level level); /* "error" */
bool finding_level_parse(struct str name, enum finding_level *out);

/* What listing/fix.h can do about it without asking anybody. */
enum finding_mend {
    MEND_NONE,
    MEND_TYPE, /* written again it has the right type */
    MEND_TITLE_TRIM,
    MEND_TITLE_CLEAN, /* emoji, control characters, escapes, long runs */
    MEND_DESCRIPTION_CLEAN,
    MEND_UNITS,
    MEND_DECIMALS,
    MEND_REPEATED_VALUE,
    MEND_COD_OFF,
    MEND_SIZE_CHART_IMAGE_OFF, /* the template wins */
    MEND_DROP,                 /* leave the field out: it is optional and cannot stay */
    MEND_SKU_SPACES,
    MEND_IDENTIFIER_TYPE,
    MEND_IMAGE, /* image/mend.h, by whoever has the bytes */
};

/* The attribute or certificate that is meant; empty where none is. */
struct finding_about {
    struct str id, name;
};

struct finding {
    enum finding_level level;
    const char *rule; /* ours, stable, static: "title-too-long" */
    const char *code; /* the marketplace's, static: "12052051"; "" where it has none */
    struct str path;  /* as in the body: "skus[2].price.amount"; "" the whole */
    struct str what;  /* lower case, no full stop */
    struct str found, allowed; /* short; may be empty */
    struct str fix;            /* what a person can do; may be empty */
    struct finding_about about;
    enum finding_mend mend;
};

/* Grows in its arena. Starts as {.arena = &arena}. */
struct findings {
    struct arena *arena;
    struct finding *rows;
    size_t count, cap;
    size_t errors, warnings, tips;
    bool left_out; /* memory ran out, or there were FINDINGS_MAX */
};
enum { FINDINGS_MAX = 10000 };

/* Add one; its texts must live as long as the arena or be static. */
void findings_add(struct findings *f, const struct finding *finding);
/* A text for a finding: formatted into the arena; empty without memory. */
struct str findings_fmt(struct findings *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* AISLE_OK, or why some were left out. */
enum aisle_status findings_check(const struct findings *f, struct aisle_err *err);
/* Errors before warnings before tips, each in the order they were found. */
void findings_sort(struct findings *f);
bool findings_have_code(const struct findings *f, const char *code);

/* [{"level":"error","path":…,"rule":…,"code":…,"what":…,…}]: what a store keeps. */
void findings_format(const struct findings *f, struct buf *out);
/* And back into f's arena. AISLE_GARBLED. */
enum aisle_status findings_parse(struct str text, struct findings *f,
                                 struct aisle_err *err);
/* A cell of a Markdown table: on one line, no bar, no markup. */
void findings_cell(struct buf *out, struct str s);
/* A Markdown report of one draft, for a pull request; title may be empty. */
void findings_markdown(const struct findings *f, struct str title, struct buf *out);

#endif

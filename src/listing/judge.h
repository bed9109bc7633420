/* judge.h - what the parts of the check share: the question, where one is, a finding
 *
 * Internal to the room. A part is a file check_<what>.c with a judge_<what>(j) that looks
 * at one thing and adds what it finds. Nothing is built until something is found.
 */
#ifndef LISTING_JUDGE_H
#define LISTING_JUDGE_H

#include "listing/check.h"
#include "listing/image_use.h"

struct judge {
    const struct listing_draft *draft;
    const struct requirement *need; /* NULL unless known */
    const struct listing_shop *shop;
    const struct listing_limits *limits;
    bool to_list; /* a listing, not a draft */
    bool partial; /* what is absent stays as it is */
    bool edit;    /* of a listing there is, whole or in part */
    bool global;
    bool tips;
    int64_t now;
    struct findings *out;
};

/* Where in the body: a name, or a place in a list, below another. */
struct place {
    const struct place *above; /* NULL at the top */
    const char *name;          /* NULL for a place in a list */
    size_t index;
};
#define FIELD(above, name) (&(struct place){(above), (name), 0})
#define ITEM(above, index) (&(struct place){(above), NULL, (index)})

/* Add a finding there; path is filled in, rule and code must be static. */
void judge_find(struct judge *j, const struct place *at, struct finding finding);
struct str judge_path(struct judge *j, const struct place *at);

/* One each, so that a line says what it is. Texts as in struct finding; found and allowed
 * may be empty. */
struct said {
    struct str what, found, allowed, fix;
    struct finding_about about;
    enum finding_mend mend;
};
#define ABOUT(demanded)                                                                  \
    {                                                                                    \
        (demanded)->id, (demanded)->name                                                 \
    }
void judge_error(struct judge *j, const struct place *at, const char *rule,
                 const char *code, struct said said);
void judge_warning(struct judge *j, const struct place *at, const char *rule,
                   const char *code, struct said said);
void judge_tip(struct judge *j, const struct place *at, const char *rule,
               struct said said);
#define SAID(...) ((struct said){__VA_ARGS__})

/* A text for a finding: a number, a piece of the seller's own shortened to fit. */
struct str judge_number(struct judge *j, int64_t n);
struct str judge_quote(struct judge *j, struct str s);
struct str judge_range(struct judge *j, int64_t least, int64_t most);
/* What an attribute takes, its first values; and "fill in Material (100392)". */
struct str judge_values_of(struct judge *j, const struct required_attribute *a);
struct str judge_naming(struct judge *j, const char *doing, struct str name,
                        struct str id);

/* ---- texts ---- */

/* What the formatting rules forbid in names and titles (12052931 to 12052935). */
struct text_faults {
    bool escape; /* "&nbsp;" */
    bool emoji;
    bool control;
    bool no_word; /* symbols alone */
    bool han;
    bool garbage;  /* code points that are no characters */
    uint32_t run;  /* the character of a run that is too long, or 0 */
    size_t length; /* in characters */
};
enum { LONGEST_RUN = 9 };
struct text_faults text_faults_of(struct str s);
/* Adds an error with the code for each formatting rule that s breaks. */
void judge_format(struct judge *j, const struct place *at, struct str s,
                  const struct text_faults *faults, const char *code,
                  enum finding_mend mend);
/* The length of "&nbsp;", "&#160;" or "&#xA0;" at s, or 0. */
size_t html_escape_length(struct str s);

/* ---- ids and uris ---- */

bool is_remote_id(struct str s); /* 1 to 20 digits, not all zero */
bool is_image_uri(
    struct str s); /* as Upload Product Image gives: no address, no blanks */
bool is_file_id(struct str s);
/* Adds `code` when a text is longer than max characters. */
void judge_length(struct judge *j, const struct place *at, struct str s, unsigned max,
                  const char *rule, const char *code);
bool strs_have(const struct str *rows, size_t count, struct str s);
/* Calls for every text of a list that was there before. */
void judge_doubles(struct judge *j, const struct place *at,
                   const struct listing_strs *list, const char *rule, const char *code);

/* ---- images ---- */

/* What is known of it: its own facts, else those of the shop's uploads; NULL. */
const struct image_facts *judge_facts(const struct judge *j,
                                      const struct listing_image *image);
void judge_image(struct judge *j, const struct place *at,
                 const struct listing_image *image, enum image_use use);

/* ---- the parts, in the order of the body ---- */

void judge_shop(struct judge *j);
void judge_title(struct judge *j);
void judge_description(struct judge *j);
void judge_category(struct judge *j);
void judge_brand(struct judge *j);
void judge_main_images(struct judge *j);
void judge_sku_list(struct judge *j);
void judge_package(struct judge *j);
void judge_attributes(struct judge *j);
void judge_certificates(struct judge *j);
void judge_size_chart(struct judge *j);
void judge_manufacturer(struct judge *j);
void judge_video(struct judge *j);
void judge_delivery(struct judge *j);
void judge_platforms(struct judge *j);
void judge_rest(struct judge *j);

/* And those of a SKU. */
void judge_price(struct judge *j, const struct place *at, const struct listing_sku *sku);
void judge_stock(struct judge *j, const struct place *at, const struct listing_sku *sku);
void judge_identifier(struct judge *j, const struct place *at,
                      const struct listing_sku *sku);
void judge_pre_sale(struct judge *j, const struct place *at,
                    const struct listing_sku *sku);
void judge_fees(struct judge *j, const struct place *at, const struct listing_sku *sku);
void judge_urls(struct judge *j, const struct place *at, const struct listing_sku *sku);
void judge_variants(struct judge *j, const struct place *skus); /* all SKUs' attributes */
void judge_combined(struct judge *j, const struct place *skus); /* all SKUs' parts */

/* Whether the draft has that value for that attribute: what conditions ask. */
bool conditions_hold(const struct judge *j, const struct requirement_conditions *when);

#endif

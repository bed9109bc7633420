#include "listing/judge.h"

static void judge_title_length(struct judge *j, const struct place *at, size_t length)
{
    const struct listing_limits *l = j->limits;
    struct said said = {.found = judge_number(j, (int64_t)length),
                        .allowed = findings_fmt(j->out, "%u to %u characters",
                                                l->title_min, l->title_max)};

    if (length > l->title_max) {
        said.what = STR_LIT("title is too long");
        said.fix = STR_LIT("shorten it");
        said.mend = MEND_TITLE_TRIM;
        judge_error(j, at, "title-too-long", "12052051", said);
    } else {
        said.what = STR_LIT("title is too short");
        said.fix = STR_LIT("say brand, kind, material, size or colour");
        judge_error(j, at, "title-too-short", "", said);
    }
}

void judge_title(struct judge *j)
{
    const struct place *at = FIELD(NULL, "title");
    struct str title = j->draft->title;
    struct text_faults faults;

    if (!title.p && j->partial)
        return;
    faults = text_faults_of(title);
    if (str_empty(str_trim(title))) {
        judge_error(j, at, "title-missing", "12052261",
                    SAID(.what = STR_LIT("title is missing"),
                         .fix = STR_LIT("give the product a name")));
        return;
    }
    if (faults.length < j->limits->title_min || faults.length > j->limits->title_max)
        judge_title_length(j, at, faults.length);
    if (faults.han && !j->limits->han_allowed)
        judge_error(j, at, "title-chinese", "12052262",
                    SAID(.what = STR_LIT("title has Chinese characters"),
                         .found = judge_quote(j, title),
                         .fix = STR_LIT("translate it for its buyers")));
    judge_format(j, at, title, &faults, "12052931", MEND_TITLE_CLEAN);
}

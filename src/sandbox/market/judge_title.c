#include "base/text.h"
#include "sandbox/market/judge.h"

#include <stdio.h>

/* Too long has a code, too short has none. */
bool step_title(struct judge *j)
{
    struct str title = json_str(j->body, "title");
    size_t length = utf8_length(title);
    char range[48];

    if (str_empty(text_trim(title)))
        return judge_fail(j, 12052261);
    if (judge_is_chinese(j, title))
        return judge_fail(j, 12052262);
    if (length > j->region->title_max)
        return judge_fail(j, 12052051);
    if (length < j->region->title_min) {
        snprintf(range, sizeof range, "%zu to %zu characters", j->region->title_min,
                 j->region->title_max);
        return judge_fail_value(j, STR_LIT("title"), "too short", range);
    }
    return text_is_plain(title, false) ? true : judge_fail(j, 12052931);
}

/* Get All Categories with a keyword, which "Keyword or Product Name" may be: the nearest
 * this API has to a recommendation. It takes a title, no image and no description. */
#include "channels/tokopedia/wire.h"

enum aisle_status tokopedia_recommend(struct channel_session *s,
                                      const struct channel_question *question,
                                      struct arena *arena, struct channel_advice *out,
                                      struct channel_meta *meta, struct aisle_err *err)
{
    struct channel_tree_request request = {.keyword = str_trim(question->title)};
    struct channel_meta spare = {0};
    struct category_rows found;
    enum aisle_status status;

    if (request.keyword.n == 0)
        return aisle_fail(err, AISLE_INVALID,
                          "a product without a title cannot be asked");
    meta = meta ? meta : &spare;
    status = tokopedia_fetch_categories(s, &request, arena, &found, meta, err);
    if (status != AISLE_OK)
        return status;
    if (found.count == 0 || found.rows[0].id.n == 0)
        return channel_named(aisle_fail(err, AISLE_REFUSED, "no category for this title"),
                             meta, err);
    *out = (struct channel_advice){found.rows[0].id, found.rows, 1};
    return AISLE_OK;
}

/* The gallery, and images of single SKUs. Every uri is one an upload gave out; whether an
 * image uploaded for another use is large enough for the gallery is asked of its bytes.
 */
#include "sandbox/market/judge.h"

enum { MOST = 9, MOST_SUPPLEMENTARY = 8, MIN_SIDE = 300, MAX_SIDE = 4000 };

static bool check_sides(struct judge *j, struct str uri)
{
    struct image_facts facts;
    struct str fill[] = {STR_LIT("300*300"), uri};

    if (!images_facts(j->market->engine->images, uri, &facts))
        return true;
    if (!judge_image_kind(&facts))
        return judge_fail(j, 12052304);
    if (facts.width < MIN_SIDE || facts.height < MIN_SIDE)
        return judge_fail_with(j, 12052301, fill, 2);
    if (facts.width > MAX_SIDE || facts.height > MAX_SIDE)
        return judge_fail(j, 12052302);
    if (facts.bytes > judge_image_bytes(j))
        return judge_fail(j, 12052302);
    if (!judge_image_square(&facts))
        judge_warn_code(j, 12052305);
    return true;
}

bool step_main_images(struct judge *j)
{
    const json_t *list = json_list(j->body, "main_images");
    size_t count = json_array_size(list);

    if (count == 0)
        return judge_fail(j, 12052028);
    if (count > MOST)
        return judge_fail(j, 12052306);
    for (size_t i = 0; i < count; i++) {
        struct str uri = json_str(json_array_get(list, i), "uri");
        int64_t code = judge_uri(j, uri, 12052300);

        if (code)
            return judge_fail(j, code);
        if (!check_sides(j, uri))
            return false;
    }
    return true;
}

/* Of one variant: 0, or the code. */
static int64_t judge_variant(struct judge *j, struct str uri)
{
    struct image_facts facts;
    int64_t code = str_empty(uri) ? 12052522 : judge_uri(j, uri, 12052520);

    if (code || !images_facts(j->market->engine->images, uri, &facts))
        return code;
    if (!judge_image_kind(&facts))
        return 12052523;
    if (facts.bytes > judge_image_bytes(j))
        return 12052521;
    if (!judge_image_square(&facts))
        judge_warn_code(j, 12052524);
    return 0;
}

/* An attribute by whichever of id and name it is known. */
static struct str label_of(const json_t *attribute)
{
    struct str id = json_str(attribute, "id");

    return str_empty(id) ? json_str(attribute, "name") : id;
}

static bool check_supplementary(struct judge *j, const json_t *attribute, bool has_image)
{
    const json_t *list = json_list(attribute, "supplementary_sku_images");

    if (json_array_size(list) && !has_image)
        return judge_fail(j, 12052357);
    if (json_array_size(list) > (j->region->inches ? MOST_SUPPLEMENTARY : 0))
        return judge_fail(j, 12052356); /* the US alone takes any */
    for (size_t i = 0; i < json_array_size(list); i++) {
        int64_t code = judge_variant(j, json_str(json_array_get(list, i), "uri"));

        if (code)
            return judge_fail(j, code);
    }
    return true;
}

/* `with` is the one attribute that has images, empty as long as none has. */
static bool check_attribute(struct judge *j, const json_t *attribute, struct str *with)
{
    const json_t *image = json_at(attribute, "sku_img");
    int64_t code;

    if (!check_supplementary(j, attribute, image != NULL))
        return false;
    if (!image)
        return true;
    code = judge_variant(j, json_str(image, "uri"));
    if (code)
        return judge_fail(j, code);
    if (!str_empty(*with) && !str_eq(*with, label_of(attribute)))
        return judge_fail(j, 12052528);
    *with = label_of(attribute);
    return true;
}

bool step_sku_images(struct judge *j)
{
    const json_t *skus = judge_skus(j);
    struct str with = {0};

    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *list = json_list(json_array_get(skus, i), "sales_attributes");

        for (size_t k = 0; k < json_array_size(list); k++)
            if (!check_attribute(j, json_array_get(list, k), &with))
                return false;
    }
    return true;
}

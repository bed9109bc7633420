/* Upload Product Image 202309. What is uploaded is really looked at: its kind, whether it
 * is whole, its size and its sides. Where a use case is missing it is a MAIN_IMAGE (a
 * guess). Images of the first two use cases outside 3:4 to 4:3 are said to be made
 * square; the sandbox says the square's sides and keeps the bytes as they came. */
#include "base/hash.h"
#include "http/multipart.h"
#include "sandbox/engine.h"
#include "sandbox/gate.h"

enum { LARGEST = 10 * 1024 * 1024, LARGEST_OLD = 5 * 1024 * 1024 };

static const struct use_case {
    const char *name;
    uint32_t min_side, max_side, min_short_side;
    bool squared;
} use_cases[] = {
    {"MAIN_IMAGE", 300, 4000, 0, true},
    {"ATTRIBUTE_IMAGE", 100, 20000, 0, true},
    {"DESCRIPTION_IMAGE", 100, 20000, 0, false},
    {"CERTIFICATION_IMAGE", 100, 20000, 0, false},
    {"SIZE_CHART_IMAGE", 100, 20000, 1024, false},
};

static const struct use_case *read_use_case(const struct call *c)
{
    const struct http_part *part = http_part_named(c->parts, c->part_count, "use_case");

    if (!part || str_empty(part->data))
        return &use_cases[0];
    for (size_t i = 0; i < sizeof use_cases / sizeof *use_cases; i++)
        if (str_is(str_trim(part->data), use_cases[i].name))
            return &use_cases[i];
    return NULL;
}

static bool is_supported(enum image_kind kind)
{
    return kind != IMAGE_UNKNOWN && kind != IMAGE_GIF && kind != IMAGE_TIFF;
}

static void refuse_sides(struct call *c, const struct use_case *use)
{
    struct arena *arena = c->request->arena;
    uint32_t least = use->min_short_side ? use->min_short_side : use->min_side;
    struct str low = arena_fmt(arena, "%u", least);
    struct str high = arena_fmt(arena, "%u", use->max_side);
    struct str fill[] = {low, low, high, high};

    call_refuse_with(c, REFUSE_UPLOAD_SIDES, fill, 4);
}

static bool sides_fit(const struct image_facts *facts, const struct use_case *use)
{
    uint32_t low = facts->width < facts->height ? facts->width : facts->height;
    uint32_t high = facts->width < facts->height ? facts->height : facts->width;

    return low >= use->min_side && low >= use->min_short_side && high <= use->max_side;
}

/* As any_image has it: what it is as far as it can be told, which of what is no image is
 * its size alone. */
static bool take_anything(struct str bytes, struct image_facts *facts)
{
    if (image_look(bytes, facts, NULL))
        *facts = (struct image_facts){.kind = IMAGE_UNKNOWN, .bytes = bytes.n};
    return true;
}

/* False: refused. */
static bool inspect(struct call *c, struct str bytes, const struct use_case *use,
                    struct image_facts *facts)
{
    struct str formats = STR_LIT("JPG, JPEG, PNG, WEBP, HEIC, BMP");
    size_t largest = c->engine->set.switches.small_images ? LARGEST_OLD : LARGEST;

    if (c->engine->set.switches.any_image)
        return take_anything(bytes, facts);
    if (bytes.n > largest) {
        call_refuse(c, REFUSE_UPLOAD_SIZE);
        return false;
    }
    if (image_look(bytes, facts, NULL) || !is_supported(facts->kind)) {
        call_refuse_with(c, REFUSE_UPLOAD_FORMATS, &formats, 1);
        return false;
    }
    if (!facts->whole) {
        call_refuse(c, REFUSE_UPLOAD_CONTENT);
        return false;
    }
    if (!sides_fit(facts, use)) {
        refuse_sides(c, use);
        return false;
    }
    return true;
}

static void make_square(struct image_facts *facts)
{
    uint64_t w = facts->width, h = facts->height;

    if (w * 4 >= h * 3 && w * 3 <= h * 4)
        return;
    facts->width = facts->height = w > h ? (uint32_t)w : (uint32_t)h;
}

static void answer(struct call *c, struct str uri, const struct image_facts *facts,
                   const struct use_case *use)
{
    struct json_out json = call_data(c);
    struct str url = arena_fmt(c->request->arena, "%.*s/_cdn/%.*s",
                               STR_ARG(c->engine->identity.url), STR_ARG(uri));

    c->note.uri = uri;
    json_open(&json);
    json_add_int(&json, "height", facts->height);
    json_add_str(&json, "uri", uri);
    json_add_str(&json, "url", url);
    json_add_str(&json, "use_case", str_of(use->name));
    json_add_int(&json, "width", facts->width);
    json_close(&json);
    call_done(c, "Success");
}

static void upload(struct call *c, struct str bytes, const struct use_case *use)
{
    struct image_facts facts;
    struct sha256 digest;
    char hex[SHA256_HEX_LEN + 1];
    struct str uri;

    if (sha256_of(bytes, &digest, NULL)) {
        call_broken(c);
        return;
    }
    sha256_hex(&digest, hex);
    c->note.digest = call_keep(c, str_of(hex));
    if (!inspect(c, bytes, use, &facts))
        return;
    if (use->squared && !c->engine->set.switches.any_image)
        make_square(&facts);
    uri = arena_fmt(c->request->arena, "tos-aisle-i-sandbox-sg/%.32s", hex);
    if (!uri.p || images_put(c->engine->images, uri, &facts, bytes, NULL)) {
        call_broken(c);
        return;
    }
    answer(c, uri, &facts, use);
}

void images_upload(struct call *c)
{
    const struct http_part *data;
    const struct use_case *use;

    if (c->parts_status) {
        call_refuse(c, REFUSE_UPLOAD_FILE);
        return;
    }
    data = http_part_named(c->parts, c->part_count, "data");
    use = read_use_case(c);
    if (!data || !data->is_file || str_empty(data->data))
        call_refuse(c, REFUSE_UPLOAD_FILE);
    else if (!use)
        call_refuse(c, REFUSE_UPLOAD_PARAM);
    else
        upload(c, data->data, use);
}

bool images_cdn_is_for(struct str path)
{
    return str_starts(path, "/_cdn/");
}

void images_cdn_handle(struct call *c)
{
    struct str uri = str_skip(c->request->path, strlen("/_cdn/"));
    enum image_kind kind = IMAGE_UNKNOWN;
    struct http_shared *bytes = images_bytes(c->engine->images, uri, &kind);

    c->note.group = STR_LIT("/_cdn/");
    c->note.uri = uri;
    if (!bytes)
        http_reply_text(c->reply, 404, "text/plain", STR_LIT("no such image\n"));
    else
        http_reply_header(c->reply, "Content-Type", str_of(image_kind_mime(kind)));
    c->reply->middle = bytes;
    c->note.status = c->reply->status;
}

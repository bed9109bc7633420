#include "sandbox/identity.h"

#include "sandbox/lexicon.h"

static const char all_scopes[] =
    "seller.authorization.info,seller.shop.info,seller.product.basic,"
    "seller.product.write,seller.product.delete,seller.product.optimize,"
    "seller.logistics";

struct str made_text(struct arena *arena, uint64_t seed, const char *label, uint64_t nth,
                     const char *alphabet, size_t length)
{
    size_t letters = strlen(alphabet);
    char text[128];

    for (size_t i = 0; i < length && i < sizeof text; i++) {
        uint64_t salt = seed ^ (nth * 0x9e3779b97f4a7c15u) ^ ((uint64_t)i << 48);

        text[i] = alphabet[chance_of(salt, str_of(label)) % letters];
    }
    return arena_str(arena, str_n(text, length));
}

struct str made_token(struct arena *arena, uint64_t seed, const char *label, uint64_t nth)
{
    struct str text = made_text(arena, seed, label, nth, MADE_TOKEN, 48);

    return text.p ? arena_fmt(arena, "ROW_%.*s", STR_ARG(text)) : text;
}

/* What is given, else what is made; false without memory. */
static bool fill(struct str *text, struct str given, struct str made, struct arena *arena)
{
    *text = str_empty(given) ? made : arena_str(arena, given);
    return text->p != NULL;
}

static bool fill_app(const struct sandbox_settings *set, struct arena *a,
                     struct sandbox_identity *out)
{
    uint64_t seed = set->seed;

    return fill(&out->app_key, set->app_key,
                made_text(a, seed, "app_key", 0, MADE_WORD, 13), a) &&
           fill(&out->app_secret, set->app_secret,
                made_text(a, seed, "app_secret", 0, MADE_HEX, 40), a) &&
           fill(&out->service_id, set->service_id,
                arena_fmt(a, "74%.*s",
                          STR_ARG(made_text(a, seed, "service", 0, MADE_DIGITS, 17))),
                a) &&
           fill(&out->fs_id, set->fs_id,
                arena_fmt(a, "1%.*s",
                          STR_ARG(made_text(a, seed, "fs_id", 0, MADE_DIGITS, 4))),
                a) &&
           fill(&out->client_id, set->client_id,
                made_text(a, seed, "client_id", 0, MADE_HEX, 32), a) &&
           fill(&out->client_secret, set->client_secret,
                made_text(a, seed, "client_secret", 0, MADE_HEX, 32), a);
}

static bool fill_shop(uint64_t seed, uint64_t nth, const struct sandbox_shop *given,
                      struct arena *a, struct sandbox_shop *out)
{
    struct str cipher = made_text(a, seed, "cipher", nth, MADE_TOKEN, 30);
    struct str digits = made_text(a, seed, "shop", nth, MADE_DIGITS, 15);
    struct str code = made_text(a, seed, "code", nth, "ABCDEFGHJKLMNPQRSTUVWXYZ", 8);

    out->cross_border = given->cross_border;
    return fill(&out->id, given->id, arena_fmt(a, "7494%.*s", STR_ARG(digits)), a) &&
           fill(&out->region, given->region, STR_LIT("ID"), a) &&
           fill(&out->name, given->name, arena_fmt(a, "Toko Contoh %d", (int)nth + 1),
                a) &&
           fill(&out->cipher, given->cipher, arena_fmt(a, "ROW_%.*s", STR_ARG(cipher)),
                a) &&
           fill(&out->code, given->code,
                arena_fmt(a, "%.*sLC%.*s", STR_ARG(str_head(out->region, 2)),
                          STR_ARG(code)),
                a) &&
           fill(&out->seller, given->seller, arena_fmt(a, "Penjual %d", (int)nth + 1),
                a) &&
           fill(&out->scopes, given->scopes, str_of(all_scopes), a) &&
           fill(&out->platforms, given->platforms, STR_LIT(""), a) &&
           fill(&out->access_token, given->access_token,
                made_token(a, seed, "first access", nth), a) &&
           fill(&out->refresh_token, given->refresh_token,
                made_token(a, seed, "first refresh", nth), a);
}

static void move_up(struct sandbox_shop *shops, size_t from, size_t to)
{
    struct sandbox_shop kept = shops[from];

    memmove(&shops[to + 1], &shops[to], (from - to) * sizeof *shops);
    shops[to] = kept;
}

/* Shops of one seller side by side, in the order their sellers were first named, with the
 * tokens of its first. */
static void gather(struct sandbox_shop *shops, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++) {
        size_t next = i + 1;

        while (next < count && !str_eq(shops[next].seller, shops[i].seller))
            next++;
        if (next == count)
            continue;
        move_up(shops, next, i + 1);
        shops[i + 1].access_token = shops[i].access_token;
        shops[i + 1].refresh_token = shops[i].refresh_token;
        shops[i + 1].scopes = shops[i].scopes;
    }
}

static bool clash(const struct sandbox_shop *a, const struct sandbox_shop *b)
{
    bool strangers = !str_eq(a->seller, b->seller);

    return str_eq(a->id, b->id) || str_eq(a->cipher, b->cipher) ||
           (strangers && (str_eq(a->access_token, b->access_token) ||
                          str_eq(a->refresh_token, b->refresh_token)));
}

static enum aisle_status check_shops(const struct sandbox_shop *shops, size_t count,
                                     struct aisle_err *err)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (clash(&shops[i], &shops[k]))
                return aisle_fail(err, AISLE_INVALID,
                                  "shops %.*s and %.*s share an id, a cipher or a token",
                                  STR_ARG(shops[k].name), STR_ARG(shops[i].name));
    return AISLE_OK;
}

enum aisle_status identity_make(const struct sandbox_settings *settings,
                                struct arena *arena, struct sandbox_identity *out,
                                struct aisle_err *err)
{
    size_t count = settings->shop_count ? settings->shop_count : 1;
    struct sandbox_shop *shops = arena_zalloc(arena, count, sizeof *shops);
    enum aisle_status status;

    if (count > SANDBOX_MAX_SHOPS)
        return aisle_fail(err, AISLE_INVALID, "more than %d shops", SANDBOX_MAX_SHOPS);
    if (!shops || !fill_app(settings, arena, out))
        return aisle_nomem(err);
    for (size_t i = 0; i < count; i++) {
        static const struct sandbox_shop open;

        if (!fill_shop(settings->seed, i, settings->shops ? &settings->shops[i] : &open,
                       arena, &shops[i]))
            return aisle_nomem(err);
    }
    gather(shops, count);
    status = check_shops(shops, count, err);
    if (status == AISLE_OK) {
        out->shops = shops;
        out->shop_count = count;
    }
    return status;
}

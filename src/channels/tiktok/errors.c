#include "channels/tiktok/errors.h"

enum { AGAIN = 1, THROTTLED = 2, TOKEN_ENDED = 4, SCOPE_MISSING = 8, IMAGE_GONE = 16 };

/* "Common errors", and the error tables of the pages of Get Categories, Recommend
 * Category, Upload Product Image (all read 2026-09-20); the 36004… from reports. Retried
 * is what the rate limit page names, and internal errors and timeouts of the gateway.
 * Sorted by code. */
static const struct error {
    int64_t code;
    enum aisle_status status;
    unsigned then;
} errors[] = {
    {101000, AISLE_AUTH, 0}, /* token or asset cipher is invalid */
    {105002, AISLE_AUTH, TOKEN_ENDED},
    {105005, AISLE_AUTH, SCOPE_MISSING},
    {106001, AISLE_CONFIG, 0},      /* signature is invalid: app secret */
    {106013, AISLE_CONFIG, 0},      /* shop_cipher is missing */
    {11050001, AISLE_INVALID, 0},   /* image: invalid param */
    {12001000, AISLE_BUSY, 0},      /* product api internal error */
    {12009014, AISLE_REFUSED, 0},   /* seller has no permission */
    {12019006, AISLE_INVALID, 0},   /* description is invalid */
    {12019009, AISLE_INVALID, 0},   /* image list is invalid */
    {12019064, AISLE_REFUSED, 0},   /* no matching categories */
    {12019114, AISLE_REFUSED, 0},   /* seller has no permission */
    {12019116, AISLE_INVALID, 0},   /* image dimensions */
    {12019150, AISLE_NOT_FOUND, 0}, /* no such product */
    {12019210, AISLE_INVALID, 0},   /* publish param invalid */
    {12038002, AISLE_INVALID, 0},   /* invalid upload file */
    {12038004, AISLE_INVALID, 0},   /* image format or content */
    {12038005, AISLE_INVALID, 0},   /* image file size */
    {12038014, AISLE_INVALID, 0},   /* image dimensions */
    {12038015, AISLE_INVALID, 0},   /* image format */
    {12052013, AISLE_INVALID, 0},   /* description too long */
    {12052023, AISLE_INVALID, 0},   /* category does not exist */
    {12052024, AISLE_INVALID, 0},   /* category is no leaf */
    {12052025, AISLE_INVALID, 0},   /* category is invalid */
    {12052032, AISLE_NOT_FOUND, 0}, /* no such product */
    {12052051, AISLE_INVALID, 0},   /* title too long */
    {12052056, AISLE_INVALID, 0},   /* too many images in the description */
    {12052093, AISLE_LIMIT, 0},     /* the seller's listing limit */
    {12052109, AISLE_BUSY, 0},      /* too many requests of the seller */
    {12052217, AISLE_INVALID, 0},   /* category_version v2 is required */
    {12052230, AISLE_INVALID, 0},   /* version and category do not match */
    {12052260, AISLE_NOT_FOUND, 0}, /* no such product, global ones too */
    {12052261, AISLE_INVALID, 0},   /* title is empty */
    {12052262, AISLE_INVALID, 0},   /* title has Chinese characters */
    {12052266, AISLE_INVALID, 0},   /* title has characters not English */
    {12052300, AISLE_INVALID, IMAGE_GONE},
    {12052301, AISLE_INVALID, 0}, /* main image size */
    {12052305, AISLE_INVALID, 0}, /* main image aspect ratio */
    {12052306, AISLE_INVALID, 0}, /* too many main images */
    {12052340, AISLE_INVALID, 0}, /* description: image uri */
    {12052341, AISLE_INVALID, 0}, /* description: image size */
    {12052343, AISLE_INVALID, 0}, /* description: image format */
    {12052345, AISLE_INVALID, 0}, /* description: HTML tag */
    {12052346, AISLE_INVALID, 0}, /* description: Chinese characters */
    {12052348, AISLE_INVALID, 0}, /* description: attribute of a tag is missing */
    {12052349, AISLE_INVALID, 0}, /* description: nested tag */
    {12052350, AISLE_INVALID, 0}, /* description: illegal attribute */
    {12052351, AISLE_INVALID, 0}, /* description: characters not English */
    {12052352, AISLE_INVALID, 0}, /* description: nested too deep */
    {12052700, AISLE_REFUSED, 0}, /* seller is inactive */
    {12052701, AISLE_REFUSED, 0}, /* cross-border: no local product */
    {12052704, AISLE_CONFIG, 0},  /* seller does not exist */
    {12052722, AISLE_INVALID, IMAGE_GONE},
    {12052912, AISLE_REFUSED, 0}, /* none within the shop's main category */
    {33001002, AISLE_REFUSED, 0}, /* prerequisites are not met */
    {36004001, AISLE_AUTH, 0},    /* refresh token has expired */
    {36004004, AISLE_AUTH, 0},    /* invalid auth code */
    {36004005, AISLE_AUTH, 0},    /* no related auth record */
    {36009002, AISLE_BUSY, AGAIN | THROTTLED},
    {36009003, AISLE_BUSY, AGAIN}, /* internal error of the gateway */
    {36009007, AISLE_BUSY, AGAIN}, /* the endpoint timed out */
    {36009009, AISLE_CONFIG, 0},   /* no such path */
    {36009010, AISLE_INVALID, 0},  /* method */
    {36009014, AISLE_INVALID, 0},  /* API version */
    {36009021, AISLE_INVALID, 0},  /* file size */
    {36009022, AISLE_INVALID, 0},  /* content-type */
    {36009023, AISLE_INVALID, 0},  /* content-type of an upload */
    {36009033, AISLE_CONFIG, 0},   /* our address is not on the app's allow list */
    {98001004, AISLE_INVALID, 0},  /* a parameter is invalid */
};

/* 36009004 by what its message speaks of, first match. Live answers quote names in '
 * where the page has `, so quotes are not compared. What is none of these is a field of
 * the request ("MainImages is a required field", "param body.x type invalid"). */
static const struct {
    const char *word;
    enum aisle_status status;
} by_message[] = {
    {"access_token", AISLE_AUTH},   {"x-tts-access-token", AISLE_AUTH},
    {"credentials", AISLE_CONFIG}, /* app key, secret, a signature that is missing */
    {"timestamp", AISLE_CONFIG},   /* this machine's clock */
    {"shop_cipher", AISLE_CONFIG},  {"shop_id", AISLE_CONFIG},
    {"asset_cipher", AISLE_CONFIG},
};

enum { GATEWAY_REQUEST_INVALID = 36009004 };

static struct error judge_by_message(struct str message)
{
    struct error e = {GATEWAY_REQUEST_INVALID, AISLE_INVALID, 0};

    for (size_t i = 0; i < sizeof by_message / sizeof *by_message; i++) {
        if (str_find(message, str_of(by_message[i].word)) < message.n) {
            e.status = by_message[i].status;
            break;
        }
    }
    return e;
}

static struct error judge_by_http(int http_status)
{
    struct error e = {0, AISLE_REFUSED, 0};

    if (http_status == 401)
        e.status = AISLE_AUTH;
    else if (http_status == 429)
        e = (struct error){0, AISLE_BUSY, AGAIN | THROTTLED};
    else if (http_status >= 500)
        e = (struct error){0, AISLE_BUSY, AGAIN};
    return e;
}

static const struct error *find(int64_t code)
{
    size_t low = 0, high = sizeof errors / sizeof *errors;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (errors[middle].code == code)
            return &errors[middle];
        if (errors[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

void tiktok_judge_error(struct str code, struct str message, int http_status,
                        struct channel_verdict *out)
{
    const struct error *known = NULL;
    struct error e;
    int64_t n;

    if (parse_i64(code, INT64_MIN, INT64_MAX, &n))
        known = find(n);
    else
        n = 0;
    if (n == GATEWAY_REQUEST_INVALID)
        e = judge_by_message(message);
    else
        e = known ? *known : judge_by_http(http_status);
    out->status = e.status;
    out->again = e.then & AGAIN;
    out->throttled = e.then & THROTTLED;
    out->image_gone = e.then & IMAGE_GONE;
    out->token = e.then & TOKEN_ENDED     ? TOKEN_EXPIRED
                 : e.then & SCOPE_MISSING ? TOKEN_NEEDS_CONSENT
                                          : TOKEN_UNFIT;
}

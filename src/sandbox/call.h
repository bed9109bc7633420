/* call.h - one call under way: what is asked, whose it is, and saying what is answered
 *
 * Answers wear TikTok Shop's envelope, {code, data, message, request_id} (Common errors;
 * the gateway's own answers of 2026). Tokopedia's and the control's are their files' own.
 */
#ifndef SANDBOX_CALL_H
#define SANDBOX_CALL_H

#include "base/json.h"
#include "http/server.h"
#include "sandbox/forest.h"
#include "sandbox/journal.h"
#include "sandbox/sandbox.h"

struct engine;
struct endpoint;
struct seller;

struct call {
    struct engine *engine;
    const struct http_request *request;
    struct http_reply *reply;
    struct forest *forest; /* held until the call is done */
    int64_t now_ms;
    char request_id[35];
    const struct endpoint *endpoint;
    const struct seller *seller;     /* whose token it is, once that is known */
    const struct sandbox_shop *shop; /* the cipher's, or the seller's first */
    const struct http_part *parts;   /* of a multipart body */
    size_t part_count;
    enum aisle_status parts_status; /* how reading them went */
    struct note note;               /* for the journal */
};

/* What is answered instead of data. Texts and codes: "Common errors" and the error tables
 * of the endpoints' pages; statuses where the documents say nothing are guesses. */
enum refusal {
    REFUSE_PATH,
    REFUSE_METHOD,
    REFUSE_VERSION,
    REFUSE_APP_KEY,
    REFUSE_IP,
    REFUSE_STAMP_NEGATIVE,
    REFUSE_STAMP_EARLY,
    REFUSE_STAMP_LATE,
    REFUSE_NO_SIGN,
    REFUSE_SIGN,
    REFUSE_TOKEN,
    REFUSE_TOKEN_EXPIRED,
    REFUSE_SCOPE,
    REFUSE_NO_CIPHER,
    REFUSE_CIPHER,
    REFUSE_CIPHER_UNEXPECTED,
    REFUSE_ASSET_CIPHER_UNEXPECTED,
    REFUSE_TOO_MANY,
    REFUSE_FORMAT,
    REFUSE_NOT_MULTIPART,
    REFUSE_BODY_SIZE,
    REFUSE_INTERNAL,
    REFUSE_REQUIRED,  /* {field} */
    REFUSE_TYPE,      /* {path} {actual} {expected} */
    REFUSE_PARAMETER, /* {name} {reason} {expected} */
    REFUSE_PARAM_ERROR,
    REFUSE_SECRET,
    /* from here on business's, not the gateway's */
    REFUSE_CODE,
    REFUSE_REFRESH,
    REFUSE_REFRESH_EXPIRED,
    REFUSE_PUBLISH_PARAM,
    REFUSE_V2_ONLY,
    REFUSE_VERSION_MISMATCH,
    REFUSE_NO_MATCH,
    REFUSE_NOT_MAIN_CATEGORY,
    REFUSE_IMAGE_LIST,
    REFUSE_IMAGE_URI,
    REFUSE_IMAGE_UNKNOWN,
    REFUSE_IMAGE_COUNT,
    REFUSE_TITLE_EMPTY,
    REFUSE_TITLE_LONG,
    REFUSE_TITLE_CHINESE,
    REFUSE_TEXT_LONG,
    REFUSE_TEXT_IMAGES,
    REFUSE_TEXT_CHINESE,
    REFUSE_UPLOAD_PARAM,
    REFUSE_UPLOAD_FILE,
    REFUSE_UPLOAD_CONTENT,
    REFUSE_UPLOAD_SIZE,
    REFUSE_UPLOAD_SIDES,   /* {min_width} {min_height} {max_width} {max_height} */
    REFUSE_UPLOAD_FORMATS, /* {formats} */
    REFUSALS
};

/* The first words of an answer with data; the data is then written to the reply, and the
 * last words end it. The message is "Success", at the token host "success". */
struct json_out call_data(struct call *c);
void call_done(struct call *c, const char *message);
/* Refuses, filling the text's braces in order. */
void call_refuse(struct call *c, enum refusal why);
void call_refuse_with(struct call *c, enum refusal why, const struct str *fill,
                      size_t count);
/* A business error by its code, in its page's words (market/codes.h). */
void call_fail(struct call *c, int64_t code, const struct str *fill, size_t count);
/* A code in words already made; a gateway's comes with 400. */
void call_refuse_text(struct call *c, bool gateway, int64_t code, struct str text);
/* Text with each {} filled. */
void call_fill(struct buf *out, struct str text, const struct str *fill, size_t count);
/* 98001004: a member or parameter, what is wrong with it, and what belongs there. */
void call_refuse_value(struct call *c, const char *name, const char *reason,
                       const char *expected);
/* The JSON object of the body, the caller's to release; NULL: refused. None at all is {}.
 */
json_t *call_body(struct call *c);
/* What stands for the nth {brace} of the endpoint's path behind its version, from 1. */
struct str call_segment(const struct call *c, size_t nth);
/* An allocation or a ceiling of ours failed: the gateway's internal error. */
void call_broken(struct call *c);

/* A copy in the request's memory, for the note; empty when there is none. */
struct str call_keep(struct call *c, struct str text);

#endif

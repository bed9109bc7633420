/* identity.h - names, keys and tokens made up from the seed, in the shapes the real ones
 * have */
#ifndef SANDBOX_IDENTITY_H
#define SANDBOX_IDENTITY_H

#include "base/arena.h"
#include "sandbox/sandbox.h"

#define MADE_DIGITS "0123456789"
#define MADE_HEX "0123456789abcdef"
#define MADE_WORD MADE_DIGITS "abcdefghijklmnopqrstuvwxyz"
#define MADE_TOKEN MADE_WORD "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-"

/* The same text for the same seed, label and number. .p is NULL without memory. */
struct str made_text(struct arena *arena, uint64_t seed, const char *label, uint64_t nth,
                     const char *alphabet, size_t length);
/* "ROW_…": a TikTok Shop token. */
struct str made_token(struct arena *arena, uint64_t seed, const char *label,
                      uint64_t nth);

/* What settings leave open, filled in: all but url and control_token. AISLE_INVALID: two
 * shops with the same id, cipher or token, or shops of one seller that contradict each
 * other. */
enum aisle_status identity_make(const struct sandbox_settings *settings,
                                struct arena *arena, struct sandbox_identity *out,
                                struct aisle_err *err);

#endif

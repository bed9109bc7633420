/* keys.h - the keys of a shop between the store, where they are sealed, and a session */
#ifndef FLOWS_KEYS_H
#define FLOWS_KEYS_H

#include "flows/app.h"

/* Open what is sealed in shop, into the arena. AISLE_CONFIG: no keys yet, or none of the
 * vault's opens them. shop_keys_wipe when done. */
enum aisle_status keys_open(const struct app *app, const struct shop *shop,
                            struct arena *arena, struct shop_keys *out,
                            struct aisle_err *err);
/* Whether those of any shop can be opened here, or none has keys: whoever does
 * everybody's work would else give up all of it. AISLE_CONFIG, as of the first that was
 * tried. */
enum aisle_status keys_open_any(const struct app *app, struct aisle_err *err);
/* Sealed for this shop, as put_keys takes it. */
enum { KEYS_MAX_SEALED = 2 * BUF_MAX_LINE };
enum aisle_status keys_seal(const struct app *app, const struct shop *shop,
                            const struct shop_keys *keys, struct buf *out,
                            struct aisle_err *err);
/* Seal and keep new keys; AISLE_CONFLICT when the stored version is not shop's. */
enum aisle_status keys_store(const struct app *app, const struct shop *shop,
                             const struct shop_keys *keys, struct aisle_err *err);

/* A channel of the app's by name. AISLE_NOT_FOUND. */
enum aisle_status app_channel(const struct app *app, struct str name,
                              const struct channel_ops **out, struct aisle_err *err);
/* And its side that a target is about. AISLE_INVALID: it has no global products. */
enum aisle_status app_channel_for(const struct app *app, struct str name,
                                  const struct target *target,
                                  const struct channel_ops **out, struct aisle_err *err);
/* Whether a target is about global leaves and products (CHANNEL_GLOBAL). */
bool target_is_global(const struct target *target);

#endif

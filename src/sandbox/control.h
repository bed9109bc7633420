/* control.h - talking to a sandbox that runs, as `aisle sandbox evolve|fault|trigger|log`
 * does
 *
 * Each call is one HTTP request to its loopback port, under /_sandbox/, with the control
 * token it printed at the start. The endpoints are in docs/wire/sandbox.md.
 */
#ifndef SANDBOX_CONTROL_H
#define SANDBOX_CONTROL_H

#include "base/buf.h"
#include "sandbox/sandbox.h"

/* Where it is, as sandbox_identity has it. */
struct control {
    struct str url, token;
};

/* All of them: AISLE_BUSY when nobody answers there, AISLE_AUTH for a wrong token,
 * AISLE_INVALID or AISLE_NOT_FOUND with the sandbox's own words when it declines. `out`
 * is appended to. */

/* Port, seed, calls so far by path, dial, trees: one JSON object. */
enum aisle_status control_status(const struct control *c, struct buf *out,
                                 struct aisle_err *err);
/* The dial becomes these and nothing else; none at all is a sandbox without faults. */
enum aisle_status control_fault(const struct control *c,
                                const struct sandbox_fault *faults, size_t count,
                                struct aisle_err *err);
/* Apply a JSON array of edits to the tree, all or none. Appends one JSON object saying
 * how many of each. */
enum aisle_status control_evolve(const struct control *c, struct str edits,
                                 struct buf *out, struct aisle_err *err);
/* The calls from number `from` on (the first is 1) as JSON Lines. */
enum aisle_status control_log(const struct control *c, uint64_t from, struct buf *out,
                              struct aisle_err *err);
/* Make something happen: "expire-access", "expire-refresh", "expire-codes", "revoke",
 * "expire-tokopedia". Appends one JSON object saying what did. */
enum aisle_status control_trigger(const struct control *c, struct str what,
                                  struct buf *out, struct aisle_err *err);
/* The same for products: "audit" ends audits, "suspend" takes live ones off,
 * "recategorize" puts one elsewhere, "deactivate-sku" switches a SKU off, "webhook" sends
 * one of a type. What is empty or 0 is left out. */
enum aisle_status control_trigger_product(const struct control *c, struct str what,
                                          struct str product, struct str to, int type,
                                          struct buf *out, struct aisle_err *err);
/* Forget: "log", "faults", "counts", "images", "products", "tree" (back to the one it
 * started with) or "all". */
enum aisle_status control_reset(const struct control *c, struct str what,
                                struct aisle_err *err);

#endif

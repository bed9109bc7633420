/* schema.h - the members of a body and their types, as the page's table has them */
#ifndef SANDBOX_MARKET_SCHEMA_H
#define SANDBOX_MARKET_SCHEMA_H

#include "sandbox/call.h"

/* Each starts a body: words of "name kind", kind s string, i integer, b bool, t list of
 * strings, { members } an object, [ members ] a list of objects; "name!" must be there.
 */
extern const char schema_product[], schema_global_product[], schema_search[],
    schema_batch[], schema_prices[], schema_inventory[], schema_inventory_search[],
    schema_publish[], schema_global_batch[], schema_webhook[], schema_webhook_gone[],
    schema_brand[], schema_size_charts[];

/* What is wrong first, as the gateway says it ("param body.title type invalid. …"), in
 * the call's memory; empty when nothing is. */
struct str schema_check(struct call *c, const char *schema, const json_t *body,
                        bool required);
/* Refuses what is wrong with it; false: refused. */
bool schema_pass(struct call *c, const char *schema, const json_t *body);

#endif

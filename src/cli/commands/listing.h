/* listing.h - what commands about listings share */
#ifndef CLI_COMMANDS_LISTING_H
#define CLI_COMMANDS_LISTING_H

#include "cli/cli.h"
#include "flows/listing.h"
#include "listing/abroad.h"

/* Errors and warnings of a product as words, the first few. */
void listing_tell_findings(struct cli *cli, struct str product_id,
                           const struct findings *f);
/* listing check without --body: products of the store. */
enum aisle_status listing_check_store(struct cli *cli, struct aisle_err *err);
extern const struct column listing_group_columns[]; /* of its rows with --group */

/* The file of --defaults, if there is one; an empty one is a mistake. */
enum aisle_status listing_read_defaults(struct cli *cli, struct buf *text,
                                        struct str *out, struct aisle_err *err);
/* Categories of it that no product has. */
void listing_tell_strangers(struct cli *cli, const struct publish_result *r);

/* A cell: where a global product is, "MY live 1730…, TH not there". l may be NULL; text
 * is the cell's until the row is out. */
void listing_put_markets(struct out *out, const struct listing *l, struct buf *text);

#endif

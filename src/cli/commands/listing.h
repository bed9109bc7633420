/* listing.h - what commands about listings share */
#ifndef CLI_COMMANDS_LISTING_H
#define CLI_COMMANDS_LISTING_H

#include "cli/cli.h"
#include "flows/listing.h"

/* Errors and warnings of a product as words, the first few. */
void listing_tell_findings(struct cli *cli, struct str product_id,
                           const struct findings *f);
/* listing check without --body: products of the store. */
enum aisle_status listing_check_store(struct cli *cli, struct aisle_err *err);

#endif

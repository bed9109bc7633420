/* memory.c - a store that ends with its process, over SQLite's :memory:
 *
 * The shortest driver there is, and the double that tests use: the same tables and the
 * same SQL, one connection for all threads, nothing on a disk.
 */
#include "store/sqlite/driver.h"

static enum aisle_status open_memory(struct str rest, const struct store_options *options,
                                     struct store **out, struct aisle_err *err)
{
    if (!str_empty(rest))
        return aisle_fail(err, AISLE_INVALID,
                          "\"memory:\" takes no name: there is one store each time");
    return sqlite_store_open(&store_memory_ops, STR_LIT(":memory:"), options, out, err);
}

const struct store_ops store_memory_ops = {
    .name = "memory",
    .scheme = "memory:",
    .open = open_memory,
    .close = sqlite_store_close,
    .facts = sqlite_facts,
    .check = sqlite_check,
    .backup = sqlite_backup,
    .trees = &sql_trees,
    .shops = &sql_shops,
    .catalogue = &sql_catalogue,
    .decisions = &sql_decisions,
    .work = &sql_work,
    .listings = &sql_listings,
    .hooks = &sql_hooks,
    .labels = &sql_labels,
    .leases = &sql_leases,
    .lessons = &sql_lessons,
    .people = &sql_people,
    .queues = &sql_queues,
    .retention = &sql_retention,
    .models = &sql_models,
    .sharing = &sql_sharing,
    .tasks = &sql_tasks,
};

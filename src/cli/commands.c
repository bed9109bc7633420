#include "cli/commands/list.h"

#include "base/buf.h"
#include "base/text.h"

const struct noun nouns[] = {
    {"init", "begin here: settings, store and key in this folder"},
    {"doctor", "what is well and what is not, with the command that mends it"},
    {"config", "settings: their values and where those come from"},
    {"shop", "sellers' accounts on marketplaces, and the keys to them"},
    {"tree", "marketplaces' category trees: fetch, look, compare"},
    {"product", "the catalogue: what the seller has"},
    {"map", "products onto leaves: run, review, decide, undo"},
    {"model", "teaching the matcher from labelled products, and judging it"},
    {"label", "sets of labelled products that models learn from"},
    {"attribute", "sellers' columns onto attributes: what is open, teach, undo"},
    {"image", "images by hand: judge, mend, bring to a shop"},
    {"listing", "products at the marketplace: check, mend, publish, follow, change"},
    {"hook", "what marketplaces tell of their own accord"},
    {"job", "runs that were made or are under way"},
    {"work", "tasks for workers: leave them, see them, try them again"},
    {"worker", "do what waits, beside any number of other workers"},
    {"top", "workers, shops' queues and limits, live"},
    {"serve", "the service: pages and a REST interface over the store"},
    {"user", "who may sign in to the service"},
    {"token", "what programs show the service"},
    {"sandbox", "pretend marketplaces on this machine, to try and test against"},
    {"db", "the store: how it is, and keeping it well"},
    {"test", "inner steps by hand"},
    {"help", "about commands and topics"},
    {"completion", "a shell's completions"},
    {"version", "which version this is"},
    {NULL, NULL},
};

const struct command *const commands[] = {
    &command_init,
    &command_doctor,
    &command_config_list,
    &command_config_get,
    &command_config_path,
    &command_shop_add,
    &command_shop_login,
    &command_shop_list,
    &command_shop_test,
    &command_shop_remove,
    &command_shop_reseal,
    &command_shop_brands,
    &command_tree_sync,
    &command_tree_show,
    &command_tree_search,
    &command_tree_diff,
    &command_tree_impact,
    &command_tree_history,
    &command_tree_export,
    &command_tree_requirements,
    &command_product_add,
    &command_product_edit,
    &command_product_import,
    &command_product_list,
    &command_product_show,
    &command_product_remove,
    &command_product_export,
    &command_map_run,
    &command_map_suggest,
    &command_map_review,
    &command_map_approve,
    &command_map_reject,
    &command_map_none,
    &command_map_undo,
    &command_map_history,
    &command_map_export,
    &command_map_import,
    &command_map_carry,
    &command_map_rules,
    &command_map_share,
    &command_map_status,
    &command_map_list,
    &command_image_check,
    &command_image_fix,
    &command_image_push,
    &command_model_train,
    &command_model_eval,
    &command_model_info,
    &command_label_import,
    &command_label_list,
    &command_label_show,
    &command_label_export,
    &command_label_remove,
    &command_attribute_open,
    &command_attribute_list,
    &command_attribute_set,
    &command_attribute_unset,
    &command_attribute_import,
    &command_attribute_undo,
    &command_listing_check,
    &command_listing_publish,
    &command_listing_draft,
    &command_listing_edit,
    &command_listing_status,
    &command_listing_list,
    &command_listing_activate,
    &command_listing_deactivate,
    &command_listing_delete,
    &command_listing_recover,
    &command_listing_pull,
    &command_listing_upgrade,
    &command_hook_list,
    &command_hook_apply,
    &command_job_list,
    &command_job_show,
    &command_job_items,
    &command_work_add,
    &command_work_list,
    &command_work_retry,
    &command_work_drop,
    &command_worker,
    &command_top,
    &command_serve,
    &command_user_add,
    &command_user_list,
    &command_user_password,
    &command_user_role,
    &command_user_remove,
    &command_token_add,
    &command_token_list,
    &command_token_revoke,
    &command_sandbox_start,
    &command_sandbox_evolve,
    &command_sandbox_fault,
    &command_sandbox_log,
    &command_sandbox_trigger,
    &command_sandbox_expire,
    &command_db_status,
    &command_db_check,
    &command_db_backup,
    &command_db_restore,
    &command_db_prune,
    &command_db_migrate,
    &command_db_copy,
    &command_test_sign,
    &command_test_match,
    &command_test_image,
    &command_test_csv,
    &command_test_routes,
    &command_help,
    &command_completion,
    &command_version,
    &command_man,
    NULL,
};

/* ---- options that come with what a command uses ---- */

static const struct option rows_options[] = {
    {.name = "json", .kind = OPTION_SWITCH, .help = "one JSON array, or one object"},
    {.name = "jsonl", .kind = OPTION_SWITCH, .help = "one JSON object a line"},
    {.name = "fields",
     .kind = OPTION_TEXT,
     .argument = "NAMES",
     .help = "which fields and in what order, parted by commas"},
    {.name = NULL},
};

static const struct option store_options[] = {
    {.name = "store",
     .kind = OPTION_FILE,
     .argument = "LOCATION",
     .help = "where everything is kept: a file, or postgresql://user@host/database"},
    {.name = NULL},
};

static const struct option calls_options[] = {
    {.name = "key-file",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "the key that shops' tokens are sealed with"},
    {.name = "rate",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "most calls a second to one shop; 0 until it objects"},
    {.name = "timeout",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .help = "how long a call may take"},
    {.name = "proxy",
     .kind = OPTION_TEXT,
     .argument = "URL",
     .help = "proxy for calls that leave this machine"},
    {.name = "ca-file",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "certificates to trust instead of the system's"},
    {.name = "trace",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "append a transcript of the calls, without secrets"},
    {.name = NULL},
};

static const struct option common_options[] = {
    {.name = "help", .letter = 'h', .kind = OPTION_SWITCH, .help = "this text"},
    {.name = "quiet",
     .letter = 'q',
     .kind = OPTION_SWITCH,
     .help = "say nothing but what went wrong"},
    {.name = "verbose",
     .letter = 'v',
     .kind = OPTION_SWITCH,
     .help = "say more; twice: everything"},
    {.name = "log-format",
     .kind = OPTION_CHOICE,
     .argument = "FORMAT",
     .choices = "text json",
     .help = "how words on stderr are written"},
    {.name = NULL},
};

const struct option_group option_groups[] = {
    {USES_ROWS, "OUTPUT", rows_options},
    {USES_STORE, "STORE", store_options},
    {USES_CALLS, "CALLS", calls_options},
    {0, "COMMON", common_options},
    {0, NULL, NULL},
};

/* ---- looking things up ---- */

void operands_range(const char *operands, size_t *least, size_t *most)
{
    struct str rest = str_of(operands);

    *least = *most = 0;
    while (!str_empty(rest)) {
        struct str word = str_cut(&rest, ' ');

        if (str_empty(word))
            continue;
        *least += word.p[0] != '[';
        *most = str_ends(word, "...") ? OPERANDS_ANY : *most + 1;
    }
}

const struct noun *noun_find(struct str name)
{
    for (const struct noun *n = nouns; n->name; n++)
        if (str_is(name, n->name))
            return n;
    return NULL;
}

const struct command *command_find(struct str noun, struct str verb)
{
    for (size_t i = 0; commands[i]; i++)
        if (str_is(noun, commands[i]->noun) && str_is(verb, commands[i]->verb))
            return commands[i];
    return NULL;
}

struct option_hunt {
    struct str name;
    char letter;
    const struct option *found;
};

static void hunt_option(void *ctx, const struct option *o)
{
    struct option_hunt *hunt = ctx;

    if (hunt->found)
        return;
    if (hunt->letter ? o->letter == hunt->letter : str_is(hunt->name, o->name))
        hunt->found = o;
}

const struct option *command_option(const struct command *c, struct str name)
{
    struct option_hunt hunt = {.name = name};

    if (!str_empty(name))
        command_each_option(c, hunt_option, &hunt);
    return hunt.found;
}

const struct option *command_option_letter(const struct command *c, char letter)
{
    struct option_hunt hunt = {.letter = letter};

    if (letter)
        command_each_option(c, hunt_option, &hunt);
    return hunt.found;
}

void command_each_option(const struct command *c, command_option_fn *fn, void *ctx)
{
    for (const struct option *o = c->options; o && o->name; o++)
        fn(ctx, o);
    for (const struct option_group *g = option_groups; g->options; g++)
        if (!g->uses || (c->uses & g->uses))
            for (const struct option *o = g->options; o->name; o++)
                fn(ctx, o);
}

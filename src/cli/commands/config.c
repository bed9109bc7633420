#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/commands/list.h"

static const struct column columns[] = {
    {.name = "name", .kind = COLUMN_ID, .help = "of the setting"},
    {.name = "value", .kind = COLUMN_TEXT, .help = "in force"},
    {.name = "origin",
     .kind = COLUMN_TEXT,
     .detail = true,
     .help = "flag, environment, project file, user file or default"},
    {.name = "where",
     .kind = COLUMN_TEXT,
     .detail = true,
     .help = "which file, variable or flag"},
    {.name = NULL},
};

/* A store's location without the password it may have. */
static struct str shown(struct cli *cli, const struct setting *s)
{
    return strcmp(s->option->name, "store") == 0
               ? store_location_shown(s->value, &cli->arena)
               : s->value;
}

/* ---- list ---- */

static enum aisle_status run_list(struct cli *cli, struct aisle_err *err)
{
    enum aisle_status status;

    if (cli_switch(cli, "show-origin") && str_empty(cli->out.fields))
        cli->out.fields = STR_LIT("name,value,origin,where");
    status = out_begin(&cli->out, columns, err);
    for (size_t i = 0; status == AISLE_OK && i < cli->settings.count; i++) {
        const struct setting *s = &cli->settings.list[i];

        out_str(&cli->out, str_of(s->option->name));
        out_opt(&cli->out, shown(cli, s));
        out_str(&cli->out, str_of(origin_name(s->origin)));
        out_opt(&cli->out, s->where);
        status = out_row(&cli->out, err);
    }
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option list_options[] = {
    {.name = "show-origin", .kind = OPTION_SWITCH, .help = "also where each comes from"},
    {.name = NULL},
};

static const struct example list_examples[] = {
    {"aisle config list --show-origin", "what is in force, and which file says so"},
    {NULL, NULL},
};

const struct command command_config_list = {
    .noun = "config",
    .verb = "list",
    .summary = "every setting and its value",
    .examples = list_examples,
    .options = list_options,
    .columns = columns,
    .uses = USES_ROWS | USES_SETTINGS,
    .run = run_list,
};

/* ---- get ---- */

static enum aisle_status run_get(struct cli *cli, struct aisle_err *err)
{
    struct str name = cli_operand(cli, 0);
    struct nearest near = {.typed = name};

    for (size_t i = 0; i < cli->settings.count; i++) {
        const struct setting *s = &cli->settings.list[i];

        if (str_is(name, s->option->name)) {
            buf_add(&cli->out.buf, shown(cli, s));
            buf_addc(&cli->out.buf, '\n');
            return AISLE_OK;
        }
        nearest_try(&near, str_of(s->option->name));
    }
    aisle_fail(err, AISLE_NOT_FOUND, "there is no setting '%.*s'", STR_ARG(name));
    nearest_note(&near, err);
    return AISLE_NOT_FOUND;
}

static const struct example get_examples[] = {
    {"aisle config get store", "one value, for a script"},
    {NULL, NULL},
};

const struct command command_config_get = {
    .noun = "config",
    .verb = "get",
    .operands = "NAME",
    .summary = "the value of one setting",
    .examples = get_examples,
    .uses = USES_SETTINGS,
    .run = run_get,
};

/* ---- path ---- */

static const struct column path_columns[] = {
    {.name = "project_file",
     .kind = COLUMN_TEXT,
     .help = "aisle.ini of this folder or above"},
    {.name = "user_file", .kind = COLUMN_TEXT, .help = "of this user, for every folder"},
    {.name = NULL},
};

static enum aisle_status run_path(struct cli *cli, struct aisle_err *err)
{
    enum aisle_status status = out_begin_one(&cli->out, path_columns, err);

    if (status != AISLE_OK)
        return status;
    out_opt(&cli->out, cli->settings.project_file);
    out_opt(&cli->out, cli->settings.user_file);
    status = out_row(&cli->out, err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct example path_examples[] = {
    {"aisle config path", "which files are read"},
    {NULL, NULL},
};

const struct command command_config_path = {
    .noun = "config",
    .verb = "path",
    .summary = "the settings files that are read",
    .examples = path_examples,
    .columns = path_columns,
    .uses = USES_ROWS | USES_SETTINGS,
    .run = run_path,
};

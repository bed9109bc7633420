/* routes.c - the addresses the service answers, as a table */
#include "api/api.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"

static const struct column columns[] = {
    {.name = "method", .kind = COLUMN_ID, .help = "of HTTP"},
    {.name = "path", .kind = COLUMN_ID, .help = "with its parameters in braces"},
    {.name = "parameters", .kind = COLUMN_ID, .help = "all it takes"},
    {.name = "body",
     .kind = COLUMN_ID,
     .help = "fields of its JSON body, and of its rows"},
    END_OF_COLUMNS,
};

static enum aisle_status tell(struct cli *cli, size_t route, struct aisle_err *err)
{
    const struct http_route *r = api_route_at(route);
    struct buf names = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    for (size_t i = 0; i < HTTP_MAX_PARAMS && r->params[i].name; i++)
        buf_addf(&names, "%s%s", i ? "," : "", r->params[i].name);
    out_str(&cli->out, str_of(r->method));
    out_str(&cli->out, str_of(r->path));
    out_str(&cli->out, buf_str(&names));
    out_str(&cli->out, str_of(api_route_takes(route)));
    status = out_row(&cli->out, err);
    buf_clear(&names);
    return status;
}

static enum aisle_status run_routes(struct cli *cli, struct aisle_err *err)
{
    enum aisle_status status = out_begin(&cli->out, columns, err);

    for (size_t i = 0; status == AISLE_OK && api_route_at(i); i++)
        status = tell(cli, i, err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct example examples[] = {
    {"aisle test routes", "every address of the REST interface, and what it takes"},
    END_OF_EXAMPLES,
};

const struct command command_test_routes = {
    .noun = "test",
    .verb = "routes",
    .summary = "what addresses the service answers",
    .examples = examples,
    .columns = columns,
    .uses = USES_ROWS,
    .run = run_routes,
};

/* user.c - who may sign in to the service */
#include "cli/commands/list.h"
#include "cli/commands/password.h"
#include "flows/people.h"

/* What a command did to people is in the audit trail too. */
static enum aisle_status keep_trail(struct cli *cli, const char *what, struct str about,
                                    struct str seller_id, struct aisle_err *err)
{
    struct audit_entry entry = {.who = cli->app.who,
                                .by = STR_LIT("command"),
                                .what = str_of(what),
                                .seller_id = seller_id,
                                .about = about};

    return flow_audit(&cli->app, &entry, err);
}

static void wipe(struct str secret)
{
    if (secret.n)
        secret_wipe((char *)secret.p, secret.n); /* in our arena */
}

#define OPTION_OF_SELLER                                                                 \
    {                                                                                    \
        .name = "of-seller", .kind = OPTION_TEXT, .argument = "SELLER",                  \
        .help = "sees this seller's affairs only; \"\" every seller's"                   \
    }

/* ---- add ---- */

static enum aisle_status run_add(struct cli *cli, struct aisle_err *err)
{
    struct user_request r = {.name = cli_operand(cli, 0),
                             .seller_id = cli_text(cli, "of-seller"),
                             .role = ROLE_VIEWER};
    enum aisle_status status = cli_open(cli, err);

    role_parse(cli_text(cli, "role"), &r.role);
    if (status == AISLE_OK)
        status = user_check_name(r.name, err);
    if (status == AISLE_OK && !cli_switch(cli, "no-password"))
        status = cli_password(cli, &r.password, err);
    if (status == AISLE_OK)
        status = flow_user_add(&cli->app, &r, err);
    wipe(r.password);
    if (status == AISLE_OK)
        status = keep_trail(cli, "user.add", r.name, r.seller_id, err);
    if (status == AISLE_OK)
        say(&cli->voice,
            r.password.n ? "%.*s may sign in as %s"
                         : "%.*s is a %s without a password; next: aisle token add",
            STR_ARG(r.name), role_name(r.role));
    return status;
}

static const struct option add_options[] = {
    {.name = "role",
     .kind = OPTION_CHOICE,
     .argument = "ROLE",
     .choices = "viewer mapper admin",
     .fallback = "mapper",
     .help = "viewer looks, mapper decides and edits, admin looks after people"},
    OPTION_OF_SELLER,
    {.name = "no-password",
     .kind = OPTION_SWITCH,
     .help = "nobody signs in with it; it only owns tokens"},
    END_OF_OPTIONS,
};

static const struct example add_examples[] = {
    {"aisle user add dewi", "asks for a password; may decide and edit"},
    {"aisle user add erp --no-password", "for a program; then aisle token add erp"},
    END_OF_EXAMPLES,
};

const struct command command_user_add = {
    .noun = "user",
    .verb = "add",
    .operands = "NAME",
    .summary = "let someone sign in to the service",
    .about = "The password is asked for on a terminal, else it is the first line of "
             "stdin.",
    .examples = add_examples,
    .options = add_options,
    .uses = USES_STORE,
    .run = run_add,
};

/* ---- list ---- */

static const struct column columns[] = {
    {.name = "user", .kind = COLUMN_ID, .help = "name"},
    {.name = "role", .kind = COLUMN_ID, .help = "viewer, mapper or admin"},
    {.name = "seller", .kind = COLUMN_ID, .help = "whose affairs; null every seller's"},
    {.name = "password", .kind = COLUMN_FLAG, .help = "has one"},
    {.name = "created_at", .kind = COLUMN_TIME, .help = "since when"},
    END_OF_COLUMNS,
};

static enum aisle_status list_user(void *ctx, const struct user *u, struct aisle_err *err)
{
    struct cli *cli = ctx;

    out_str(&cli->out, u->name);
    out_str(&cli->out, str_of(role_name(u->role)));
    out_opt(&cli->out, u->seller_id);
    out_flag(&cli->out, !str_empty(u->password));
    out_int(&cli->out, u->created_at);
    return out_row(&cli->out, err);
}

static enum aisle_status run_list(struct cli *cli, struct aisle_err *err)
{
    struct store *store;
    enum aisle_status status = cli_open(cli, err);

    store = cli->app.store;
    if (status == AISLE_OK)
        status = out_begin(&cli->out, columns, err);
    if (status == AISLE_OK)
        status = store->ops->people->each_user(store, list_user, cli, err);
    if (status == AISLE_OK && cli->out.rows == 0)
        say(&cli->voice,
            "nobody may sign in yet; next: aisle user add NAME --role admin");
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct example list_examples[] = {
    {"aisle user list", "who may sign in, and as what"},
    END_OF_EXAMPLES,
};

const struct command command_user_list = {
    .noun = "user",
    .verb = "list",
    .summary = "who may sign in",
    .examples = list_examples,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_list,
};

/* ---- password, role, remove ---- */

static enum aisle_status count_token(void *ctx, const struct api_token *t,
                                     struct aisle_err *err)
{
    (void)t;
    (void)err;
    ++*(size_t *)ctx;
    return AISLE_OK;
}

/* A new password does not end what programs use. */
static enum aisle_status tell_tokens(struct cli *cli, struct str name,
                                     struct aisle_err *err)
{
    struct store *store = cli->app.store;
    size_t n = 0;
    enum aisle_status status =
        store->ops->people->each_token(store, name, count_token, &n, err);

    if (status == AISLE_OK && n)
        say(&cli->voice, "%zu %s of %.*s %s good; to see them: aisle token list %.*s", n,
            say_noun((int64_t)n, "token", "tokens"), STR_ARG(name),
            say_noun((int64_t)n, "stays", "stay"), STR_ARG(name));
    return status;
}

static enum aisle_status run_password(struct cli *cli, struct aisle_err *err)
{
    struct str name = cli_operand(cli, 0), password = {0};
    struct user_change change = {.password = &password};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_password(cli, &password, err);
    if (status == AISLE_OK)
        status = flow_user_change(&cli->app, name, &change, err);
    wipe(password);
    if (status == AISLE_OK)
        status = keep_trail(cli, "user.password", name, (struct str){0}, err);
    if (status == AISLE_OK)
        say(&cli->voice, "changed; %.*s is signed out everywhere", STR_ARG(name));
    return status == AISLE_OK ? tell_tokens(cli, name, err) : status;
}

static const struct example password_examples[] = {
    {"aisle user password dewi", "asks for the new one"},
    END_OF_EXAMPLES,
};

const struct command command_user_password = {
    .noun = "user",
    .verb = "password",
    .operands = "NAME",
    .summary = "a new password for someone",
    .examples = password_examples,
    .uses = USES_STORE,
    .run = run_password,
};

static enum aisle_status run_role(struct cli *cli, struct aisle_err *err)
{
    struct str name = cli_operand(cli, 0), seller = cli_text(cli, "of-seller");
    enum role role;
    struct user_change change = {.role = &role,
                                 .seller_id = str_empty(seller) ? NULL : &seller};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK && !role_parse(cli_operand(cli, 1), &role))
        return aisle_fail(err, AISLE_INVALID, "a role is viewer, mapper or admin");
    if (status == AISLE_OK)
        status = flow_user_change(&cli->app, name, &change, err);
    if (status == AISLE_OK)
        status = keep_trail(cli, "user.change", name, seller, err);
    if (status == AISLE_OK)
        say(&cli->voice, "%.*s is %s now, and signed out everywhere", STR_ARG(name),
            role_name(role));
    return status;
}

static const struct option role_options[] = {OPTION_OF_SELLER, END_OF_OPTIONS};

static const struct example role_examples[] = {
    {"aisle user role dewi admin", "from now on an admin"},
    END_OF_EXAMPLES,
};

const struct command command_user_role = {
    .noun = "user",
    .verb = "role",
    .operands = "NAME ROLE",
    .words = "|viewer mapper admin",
    .summary = "what someone may do",
    .examples = role_examples,
    .options = role_options,
    .uses = USES_STORE,
    .run = run_role,
};

static enum aisle_status run_remove(struct cli *cli, struct aisle_err *err)
{
    struct str name = cli_operand(cli, 0);
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_confirm(cli, err, "remove %.*s, with sessions and tokens?",
                             STR_ARG(name));
    if (status == AISLE_OK)
        status = flow_user_remove(&cli->app, name, err);
    if (status == AISLE_OK)
        status = keep_trail(cli, "user.remove", name, (struct str){0}, err);
    if (status == AISLE_OK)
        say(&cli->voice, "removed; what %.*s decided stays", STR_ARG(name));
    return status;
}

static const struct option remove_options[] = {OPTION_YES, END_OF_OPTIONS};

static const struct example remove_examples[] = {
    {"aisle user remove dewi --yes", "with sessions and tokens; decisions stay"},
    END_OF_EXAMPLES,
};

const struct command command_user_remove = {
    .noun = "user",
    .verb = "remove",
    .operands = "NAME",
    .summary = "nobody signs in under this name any more",
    .examples = remove_examples,
    .options = remove_options,
    .uses = USES_STORE,
    .run = run_remove,
};

/* ---- tokens ---- */

static const struct column token_columns[] = {
    {.name = "id", .kind = COLUMN_ID, .help = "to revoke it by"},
    {.name = "user", .kind = COLUMN_ID, .help = "whose rights it has"},
    {.name = "name", .kind = COLUMN_TEXT, .help = "what it is for"},
    {.name = "scopes", .kind = COLUMN_ID, .help = "what it may be used for"},
    {.name = "expires_at", .kind = COLUMN_TIME, .help = "null never"},
    {.name = "used_at", .kind = COLUMN_TIME, .help = "last, to the hour"},
    {.name = "token",
     .kind = COLUMN_ID,
     .help = "the token itself; shown this once, null in lists"},
    END_OF_COLUMNS,
};

static enum aisle_status out_token(struct cli *cli, const struct api_token *t,
                                   struct str shown, struct aisle_err *err)
{
    char scopes[SCOPES_TEXT];

    scopes_format(t->scopes, scopes);
    out_str(&cli->out, t->id);
    out_str(&cli->out, t->user);
    out_str(&cli->out, t->name);
    out_str(&cli->out, str_of(scopes));
    out_time(&cli->out, t->expires_at);
    out_time(&cli->out, t->used_at);
    out_opt(&cli->out, shown);
    return out_row(&cli->out, err);
}

static enum aisle_status run_token_add(struct cli *cli, struct aisle_err *err)
{
    struct token_request r = {.user = cli_operand(cli, 0),
                              .name = cli_text(cli, "name"),
                              .lasts_s = cli_seconds(cli, "lasts", 90 * 86400)};
    struct api_token token;
    char shown[TOKEN_LEN];
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = scopes_parse(cli_text(cli, "scopes"), &r.scopes, err);
    if (status == AISLE_OK)
        status = flow_token_add(&cli->app, &r, &cli->arena, &token, shown, err);
    if (status == AISLE_OK)
        status = keep_trail(cli, "token.add", token.id, (struct str){0}, err);
    if (status == AISLE_OK)
        status = out_begin_one(&cli->out, token_columns, err);
    if (status == AISLE_OK)
        status = out_token(cli, &token, str_of(shown), err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option token_add_options[] = {
    {.name = "name",
     .kind = OPTION_TEXT,
     .argument = "NAME",
     .fallback = "token",
     .help = "what it is for"},
    {.name = "scopes",
     .kind = OPTION_TEXT,
     .argument = "SCOPES",
     .fallback = "read",
     .help = "read, decide, edit, admin, parted by commas"},
    {.name = "lasts",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .fallback = "90d",
     .help = "how long it is good; 0 for ever"},
    END_OF_OPTIONS,
};

static const struct example token_add_examples[] = {
    {"aisle token add erp --scopes read,edit --name nightly", "shown this once"},
    END_OF_EXAMPLES,
};

const struct command command_token_add = {
    .noun = "token",
    .verb = "add",
    .operands = "USER",
    .summary = "a token for a program, with a user's rights or fewer",
    .examples = token_add_examples,
    .options = token_add_options,
    .columns = token_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_token_add,
};

static enum aisle_status list_token(void *ctx, const struct api_token *t,
                                    struct aisle_err *err)
{
    return out_token(ctx, t, (struct str){0}, err);
}

static enum aisle_status run_token_list(struct cli *cli, struct aisle_err *err)
{
    struct store *store;
    enum aisle_status status = cli_open(cli, err);

    store = cli->app.store;
    if (status == AISLE_OK)
        status = out_begin(&cli->out, token_columns, err);
    if (status == AISLE_OK)
        status = store->ops->people->each_token(store, cli_operand(cli, 0), list_token,
                                                cli, err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct example token_list_examples[] = {
    {"aisle token list", "everybody's; the tokens themselves are kept nowhere"},
    END_OF_EXAMPLES,
};

const struct command command_token_list = {
    .noun = "token",
    .verb = "list",
    .operands = "[USER]",
    .summary = "tokens there are",
    .examples = token_list_examples,
    .columns = token_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_token_list,
};

static enum aisle_status run_token_revoke(struct cli *cli, struct aisle_err *err)
{
    struct str id = cli_operand(cli, 0);
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = flow_token_revoke(&cli->app, id, (struct str){0}, err);
    if (status == AISLE_OK)
        status = keep_trail(cli, "token.revoke", id, (struct str){0}, err);
    if (status == AISLE_OK)
        say(&cli->voice, "token %.*s is good for nothing now", STR_ARG(id));
    return status;
}

static const struct example token_revoke_examples[] = {
    {"aisle token revoke 1a2b3c4d", "by its id"},
    END_OF_EXAMPLES,
};

const struct command command_token_revoke = {
    .noun = "token",
    .verb = "revoke",
    .operands = "ID",
    .summary = "a token is no longer taken",
    .examples = token_revoke_examples,
    .uses = USES_STORE,
    .run = run_token_revoke,
};

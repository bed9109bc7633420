/* model_store.c - a model from what the store has, trained here and now */
#include "cli/commands/model.h"
#include "flows/models.h"

static void tell_trained(struct cli *cli, const struct train_result *r)
{
    const struct trained_model *m = &r->model;
    struct voice *v = &cli->voice;

    switch (r->outcome) {
    case TRAIN_DONE:
        say(v, "%lld products learnt, %lld of them labelled, %lld leaves, %.1f MB",
            (long long)m->rows, (long long)m->labelled, (long long)m->leaves,
            (double)m->bytes / 1e6);
        if (m->left_out)
            say(v, "%lld %s of a category that is no leaf here", (long long)m->left_out,
                say_noun(m->left_out, "row was", "rows were"));
        break;
    case TRAIN_NOTHING_NEW:
        say(v, "the newest model has all that is decided and labelled");
        break;
    case TRAIN_OUTDONE:
        say(v, "a later model is there by now");
        break;
    case TRAIN_TOO_FEW:
    case TRAIN_GONE:
        say(v, "%zu products are decided or labelled: %d at least are needed", r->rows,
            TRAIN_LEAST);
        if (r->outcome == TRAIN_GONE)
            say(v, "the model there was is gone");
    }
}

enum aisle_status model_train_store(struct cli *cli, struct aisle_err *err)
{
    struct train_request request = {0};
    struct train_result r = {0};
    struct target target;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_target(cli, &target, NULL, err);
    request.target = target.id;
    if (status == AISLE_OK)
        status = flow_train(&cli->app, &request, &cli->arena, &r, err);
    if (status == AISLE_OK && r.outcome == TRAIN_DONE && cli_wants_summary(cli))
        status = model_put_trained(&cli->out, &r.model, err);
    if (status == AISLE_OK)
        tell_trained(cli, &r);
    return status;
}

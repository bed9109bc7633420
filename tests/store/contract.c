/* The promises of store/store.h, held by every driver: contract_*.c has the cases. */
#include "contract.h"

#include "store/private_postgres.h"

#include <stdio.h>
#include <stdlib.h>

static const struct contract_table *const tables[] = {
    &contract_shops,   &contract_trees,   &contract_catalogue, &contract_decisions,
    &contract_work,    &contract_whole,   &contract_listings,  &contract_hooks,
    &contract_people,  &contract_tenants, &contract_tasks,     &contract_lessons,
    &contract_sharing, &contract_models,  &contract_many,      &contract_queues,
    &contract_labels,
};

/* What a driver does not promise, and why. */
static const struct {
    const char *driver, *why;
} without_disk[] = {
    {"memory", "it ends with its process, and is nobody else's"},
};

static bool has_disk(const struct store_ops *ops)
{
    for (size_t i = 0; i < COUNT(without_disk); i++)
        if (strcmp(without_disk[i].driver, ops->name) == 0)
            return false;
    return true;
}

/* "memory: a shop is added or renamed" */
static const char *name_of(const struct store_ops *ops, const struct contract_case *c)
{
    char *name = NULL;

    if (asprintf(&name, "%s: %s", ops->name, c->says) < 0)
        abort();
    for (char *p = name; *p; p++)
        if (*p == '_')
            *p = ' ';
    return name;
}

static size_t list_cases(const struct store_ops *ops, struct CMUnitTest *out)
{
    size_t n = 0;

    for (size_t i = 0; i < COUNT(tables); i++)
        for (size_t k = 0; k < tables[i]->count; k++) {
            const struct contract_case *c = &tables[i]->cases[k];

            if ((c->needs_disk && !has_disk(ops)) || (c->needs_backup && !ops->backup))
                continue;
            out[n++] = (struct CMUnitTest){name_of(ops, c), c->test, store_test_begin,
                                           store_test_end, (void *)ops};
        }
    return n;
}

static bool is_here(const struct store_ops *ops)
{
    return strcmp(ops->name, "postgresql") != 0 || private_postgres() != NULL;
}

int main(void)
{
    static struct CMUnitTest tests[1000];
    size_t count = 0;
    int failed;

    for (size_t i = 0; store_drivers[i]; i++)
        if (is_here(store_drivers[i]))
            count += list_cases(store_drivers[i], &tests[count]);
    failed = _cmocka_run_group_tests("store contract", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        free((void *)tests[i].name);
    return failed;
}

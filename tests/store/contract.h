/* contract.h - the tables of cases that contract.c runs over every driver */
#ifndef TESTS_STORE_CONTRACT_H
#define TESTS_STORE_CONTRACT_H

#include "store_test.h"

struct contract_table {
    const struct contract_case *cases;
    size_t count;
};

#define CONTRACT_TABLE(cases)                                                            \
    {                                                                                    \
        cases, COUNT(cases)                                                              \
    }

extern const struct contract_table contract_shops, contract_trees, contract_catalogue,
    contract_decisions, contract_work, contract_whole, contract_listings, contract_hooks,
    contract_people, contract_tenants, contract_tasks, contract_lessons, contract_sharing,
    contract_models, contract_many, contract_queues, contract_labels;

#endif

/* words.c - the words that stand in the tables where C has enums: the rooms' own names */
#include "store/sql/rows.h"

#define WORDS(name_, type, of, last)                                                     \
    static const char *name_##_word(int value)                                           \
    {                                                                                    \
        return of((type)value);                                                          \
    }                                                                                    \
    const struct words sql_##name_##_words = {name_##_word, (last) + 1};

WORDS(scope, enum decision_scope, decision_scope_name, SCOPE_SELLER_CATEGORY)
WORDS(state, enum decision_state, decision_state_name, DECISION_CLEARED)
WORDS(standing, enum standing, standing_name, STANDS_DONE)
WORDS(advisor, enum advisor, advisor_name, ADVISOR_PERSON)
WORDS(run, enum run_state, run_state_name, RUN_FAILED)
WORDS(item, enum item_state, item_state_name, ITEM_SKIPPED)
WORDS(item_advisor, enum advisor_of_item, advisor_of_item_name, ITEM_BY_RULE)
WORDS(listing, enum listing_state, listing_state_name, LISTING_DELETED)
WORDS(doing, enum listing_doing, listing_doing_name, LISTING_PUBLISHING)
WORDS(hook, enum hook_state, hook_state_name, HOOK_FAILED)
WORDS(role, enum role, role_name, ROLE_ADMIN)
WORDS(task_kind, enum task_kind, task_kind_name, TASK_TRAIN)
WORDS(task, enum task_state, task_state_name, TASK_DEAD)

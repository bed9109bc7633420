/* words.c - the words that stand in the tables where C has enums: the rooms' own names */
#include "store/sqlite/driver.h"

#define WORDS(name_, type, of, last)                                                     \
    static const char *name_##_word(int value)                                           \
    {                                                                                    \
        return of((enum type)value);                                                     \
    }                                                                                    \
    const struct words sqlite_##name_##_words = {name_##_word, (last) + 1};

WORDS(scope, decision_scope, decision_scope_name, SCOPE_SELLER_CATEGORY)
WORDS(state, decision_state, decision_state_name, DECISION_CLEARED)
WORDS(advisor, advisor, advisor_name, ADVISOR_PERSON)
WORDS(run, run_state, run_state_name, RUN_FAILED)
WORDS(item, item_state, item_state_name, ITEM_SKIPPED)
WORDS(item_advisor, advisor_of_item, advisor_of_item_name, ITEM_BY_RULE)

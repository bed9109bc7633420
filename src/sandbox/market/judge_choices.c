/* Members of which the page lists the values, and lengths it gives no code for. */
#include "sandbox/market/judge.h"

#include "base/text.h"

static const struct {
    const char *name, *values;
} choices[] = {
    {"save_mode", "AS_DRAFT,LISTING"},
    {"shipping_insurance_requirement", "REQUIRED,OPTIONAL,NOT_SUPPORTED"},
    {"locale", "de-DE,en-GB,en-IE,en-US,es-ES,es-MX,fr-FR,id-ID,it-IT,ja-JP,ms-MY,pt-BR,"
               "th-TH,vi-VN,zh-CN"},
    {"source_locale", "en-US,de-DE,en-IE,es-ES,fr-FR,it-IT"},
};

enum {
    MAX_KEY = 128,
    MAX_FEATURES = 5,
    MAX_FEATURES_TEXT = 1500,
    MAX_TERMS = 15,
    MAX_TERMS_TEXT = 250
};

static bool has_word(const char *values, struct str word)
{
    for (struct str list = str_of(values); list.n;)
        if (str_eq(str_cut(&list, ','), word))
            return true;
    return false;
}

static bool check_platforms(struct judge *j)
{
    const json_t *list = json_list(j->body, "listing_platforms");

    for (size_t i = 0; i < json_array_size(list); i++)
        if (!has_word("TIKTOK_SHOP,TOKOPEDIA", json_value_str(json_array_get(list, i))))
            return judge_fail_value(j, STR_LIT("listing_platforms"), "unknown value",
                                    "TIKTOK_SHOP, TOKOPEDIA");
    return true;
}

static bool check_texts(struct judge *j, const char *name, size_t count, size_t most)
{
    const json_t *list = json_list(j->body, name);
    size_t length = 0;

    for (size_t i = 0; i < json_array_size(list); i++)
        length += utf8_length(json_value_str(json_array_get(list, i)));
    if (json_array_size(list) > count || length > most)
        return judge_fail_value(j, str_of(name), "too many or too long",
                                "what the page allows");
    return true;
}

bool step_choices(struct judge *j)
{
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        struct str value = json_str(j->body, choices[i].name);

        if (!str_empty(value) && !has_word(choices[i].values, value))
            return judge_fail_value(j, str_of(choices[i].name), "unknown value",
                                    choices[i].values);
    }
    if (utf8_length(json_str(j->body, "idempotency_key")) > MAX_KEY)
        return judge_fail_value(j, STR_LIT("idempotency_key"), "too long",
                                "at most 128 characters");
    return check_platforms(j) &&
           check_texts(j, "key_product_features", MAX_FEATURES, MAX_FEATURES_TEXT) &&
           check_texts(j, "search_terms", MAX_TERMS, MAX_TERMS_TEXT);
}

/* Certificates, size charts, manufacturers and responsible persons: as the leaf's rules
 * ask for them, and only when the product is to be on sale. */
#include "base/text.h"
#include "sandbox/market/judge.h"

enum { MOST_PAPERS = 10, MOST_PERSONS = 10, CHART_SIDE = 1024 };

/* ---- certificates ---- */

static const json_t *find_rule(const struct judge *j, struct str id)
{
    const json_t *list = json_list(j->rules, "product_certifications");

    for (size_t i = 0; i < json_array_size(list); i++)
        if (str_eq(json_str(json_array_get(list, i), "id"), id))
            return json_array_get(list, i);
    return NULL;
}

static const json_t *find_given(const struct judge *j, struct str id)
{
    const json_t *list = json_list(j->body, "certifications");

    for (size_t i = 0; i < json_array_size(list); i++)
        if (str_eq(json_str(json_array_get(list, i), "id"), id))
            return json_array_get(list, i);
    return NULL;
}

static bool check_papers(struct judge *j, const json_t *given)
{
    const json_t *images = json_list(given, "images"), *files = json_list(given, "files");

    if (json_array_size(images) + json_array_size(files) > MOST_PAPERS)
        return judge_fail(j, 12052657);
    for (size_t i = 0; i < json_array_size(images); i++) {
        int64_t code = judge_uri(j, json_str(json_array_get(images, i), "uri"), 12052650);

        if (code)
            return judge_fail(j, code);
    }
    for (size_t i = 0; i < json_array_size(files); i++)
        if (!files_know(j->market, json_str(json_array_get(files, i), "id"), "PDF"))
            return judge_fail(j, 12052658);
    return true;
}

static bool check_date(struct judge *j, const json_t *rule, const json_t *given)
{
    int64_t until = json_int(given, "expiration_date", 0);
    bool wanted = json_flag(json_at(rule, "expiration_date"), "is_required", false);

    if (until == 0)
        return wanted && !j->draft ? judge_fail(j, 12052385) : true;
    return until > j->call->now_ms / 1000 ? true : judge_fail(j, 12052385);
}

static bool says_value(const struct judge *j, const json_t *condition)
{
    const json_t *list = json_list(j->body, "product_attributes");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *attribute = json_array_get(list, i);
        const json_t *values = json_list(attribute, "values");

        if (!str_eq(json_str(attribute, "id"), json_str(condition, "attribute_id")))
            continue;
        for (size_t k = 0; k < json_array_size(values); k++)
            if (str_eq(json_str(json_array_get(values, k), "id"),
                       json_str(condition, "attribute_value_id")))
                return true;
    }
    return false;
}

static bool is_wanted(const struct judge *j, const json_t *rule)
{
    const json_t *conditions = json_list(rule, "requirement_conditions");

    if (json_flag(rule, "is_required", false))
        return true;
    for (size_t i = 0; i < json_array_size(conditions); i++)
        if (says_value(j, json_array_get(conditions, i)))
            return true;
    return false;
}

static bool is_shown(const json_t *given)
{
    return json_array_size(json_list(given, "images")) ||
           json_array_size(json_list(given, "files"));
}

bool step_certifications(struct judge *j)
{
    const json_t *given = json_list(j->body, "certifications");
    const json_t *rules = json_list(j->rules, "product_certifications");

    if (!j->place.tree)
        return true;
    for (size_t i = 0; i < json_array_size(given); i++) {
        const json_t *one = json_array_get(given, i);
        const json_t *rule = find_rule(j, json_str(one, "id"));

        if (!rule)
            return judge_fail(j, 12052655);
        if (find_given(j, json_str(one, "id")) != one)
            return judge_fail(j, 12052656);
        if (!check_papers(j, one) || !check_date(j, rule, one))
            return false;
    }
    for (size_t i = 0; i < json_array_size(rules) && !j->draft; i++) {
        const json_t *rule = json_array_get(rules, i);

        if (is_wanted(j, rule) && !is_shown(find_given(j, json_str(rule, "id"))))
            return judge_fail(j, 12052105);
    }
    return true;
}

/* ---- size chart: a template goes before an image ---- */

static int64_t judge_chart(const struct judge *j, struct str uri)
{
    struct image_facts facts;
    int64_t code = judge_uri(j, uri, 12052670);

    if (code || !images_facts(j->market->engine->images, uri, &facts))
        return code;
    if (!judge_image_kind(&facts))
        return 12052670;
    return facts.width < CHART_SIDE || facts.height < CHART_SIDE ||
                   facts.bytes > judge_image_bytes(j)
               ? 12052671
               : 0;
}

bool step_size_chart(struct judge *j)
{
    const json_t *chart = json_at(j->body, "size_chart");
    struct str template = json_str(json_at(chart, "template"), "id");
    const json_t *image = json_at(chart, "image");
    const json_t *rule = json_at(j->rules, "size_chart");
    int64_t code;

    if (!str_empty(template))
        return size_chart_find(template) ? true : judge_fail(j, 12052128);
    if (image) {
        code = judge_chart(j, json_str(image, "uri"));
        return code ? judge_fail(j, code) : true;
    }
    if (json_flag(rule, "is_required", false) && !j->draft)
        return judge_fail(j, 12052673);
    return true;
}

/* ---- manufacturers and responsible persons ---- */

static bool is_wanted_flag(const struct judge *j, const char *rule)
{
    return json_flag(json_at(j->rules, rule), "is_required", false) && !j->draft;
}

static bool check_manufacturers(struct judge *j)
{
    const json_t *list = json_list(j->body, "manufacturer_ids");

    if (json_array_size(list) > MOST_PERSONS)
        return judge_fail(j, 12052283);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct str id = json_value_str(json_array_get(list, i));

        if (texts_like(list, id) > 1)
            return judge_fail(j, 12052295);
        if (!manufacturer_find(id))
            return judge_fail_with(j, 12052284, &id, 1);
    }
    if (json_array_size(list) == 0 && !json_at(j->body, "manufacturer") &&
        is_wanted_flag(j, "manufacturer"))
        return judge_fail(j, 12052282);
    return true;
}

static bool check_responsible_persons(struct judge *j)
{
    const json_t *list = json_list(j->body, "responsible_person_ids");
    struct str fill[] = {STR_LIT("10"), STR_LIT("1")};

    if (json_array_size(list) > MOST_PERSONS)
        return judge_fail_with(j, 12052288, fill, 2);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct str id = json_value_str(json_array_get(list, i));

        if (texts_like(list, id) > 1)
            return judge_fail(j, 12052296);
        if (!responsible_person_find(id))
            return judge_fail_with(j, 12052289, &id, 1);
    }
    if (list && json_array_size(list) == 0 && is_wanted_flag(j, "responsible_person"))
        return judge_fail_with(j, 12052288, fill, 2);
    if (!list && is_wanted_flag(j, "responsible_person"))
        return judge_fail(j, 12052287);
    return true;
}

/* "+62 8123456789", "+1-2025550123" */
static bool is_phone(struct str text)
{
    size_t at = 1, local;

    while (at < text.n && at <= 4 && text.p[at] >= '0' && text.p[at] <= '9')
        at++;
    if (!str_starts(text, "+") || at == 1 || at > 4 || at >= text.n ||
        (text.p[at] != ' ' && text.p[at] != '-'))
        return false;
    local = ++at;
    while (at < text.n && text.p[at] >= '0' && text.p[at] <= '9')
        at++;
    return at == text.n && at - local >= 4;
}

static bool is_email(struct str text)
{
    size_t at = str_find_char(text, '@');
    struct str host = str_skip(text, at + 1);
    size_t dot = str_find_char(host, '.');

    return at > 0 && at < text.n && dot > 0 && dot + 1 < host.n &&
           str_find_char(host, '@') == host.n && str_find_char(text, ' ') == text.n;
}

/* The older form: all four or none. */
static bool check_written(struct judge *j, const json_t *m)
{
    struct str name = json_str(m, "name"), address = json_str(m, "address");
    struct str phone = json_str(m, "phone_number"), email = json_str(m, "email");

    if (!m ||
        (str_empty(name) && str_empty(address) && str_empty(phone) && str_empty(email)))
        return true;
    return !str_empty(name) && !str_empty(address) && is_phone(phone) && is_email(email)
               ? true
               : judge_fail(j, 12052216);
}

bool step_persons(struct judge *j)
{
    return check_written(j, json_at(j->body, "manufacturer")) && check_manufacturers(j) &&
           check_responsible_persons(j);
}

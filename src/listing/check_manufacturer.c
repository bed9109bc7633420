/* check_manufacturer.c - who made it and who answers for it: by id, or as older bodies
 * say it */
#include "listing/judge.h"
#include "listing/phone.h"

static void judge_fields(struct judge *j, const struct place *at,
                         const struct listing_manufacturer *m)
{
    const struct {
        const char *name;
        struct str value;
    } fields[] = {{"name", m->name},
                  {"address", m->address},
                  {"phone_number", m->phone_number},
                  {"email", m->email}};
    enum phone_fault phone = phone_check(m->phone_number);

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_empty(str_trim(fields[i].value)))
            judge_error(j, FIELD(at, fields[i].name), "manufacturer-incomplete",
                        "12052216",
                        SAID(.what = STR_LIT("a manufacturer is named whole or not at "
                                             "all"),
                             .allowed = STR_LIT("name, address, phone_number, email")));
    if (m->phone_number.n && phone != PHONE_OK)
        judge_error(j, FIELD(at, "phone_number"), "manufacturer-phone", "12052216",
                    SAID(.what = str_of(phone_fault_words(phone)),
                         .found = judge_quote(j, m->phone_number),
                         .allowed = STR_LIT("+62 8123456789")));
    if (m->email.n && !email_valid(m->email))
        judge_error(j, FIELD(at, "email"), "manufacturer-email", "12052216",
                    SAID(.what = STR_LIT("this is no e-mail address"),
                         .found = judge_quote(j, m->email),
                         .allowed = STR_LIT("name@example.com")));
}

static void judge_object(struct judge *j)
{
    const struct place *at = FIELD(NULL, "manufacturer");
    const struct listing_manufacturer *m = &j->draft->manufacturer;

    if (!m->said)
        return;
    if (!m->name.n && !m->address.n && !m->phone_number.n && !m->email.n)
        judge_error(j, at, "manufacturer-empty", "12052487",
                    SAID(.what = STR_LIT("manufacturer is there and empty"),
                         .fix = STR_LIT("leave it out"), .mend = MEND_DROP));
    else
        judge_fields(j, at, m);
}

static void judge_known(struct judge *j, const struct place *at,
                        const struct listing_strs *ids, const struct str *known,
                        size_t count, const char *code)
{
    for (size_t i = 0; i < ids->count; i++)
        if (!strs_have(known, count, ids->rows[i]))
            judge_error(j, ITEM(at, i), "party-unknown", code,
                        SAID(.what = STR_LIT("the shop has none with this id"),
                             .found = judge_quote(j, ids->rows[i])));
}

static void judge_manufacturers(struct judge *j)
{
    const struct place *at = FIELD(NULL, "manufacturer_ids");
    const struct listing_strs *ids = &j->draft->manufacturer_ids;
    const struct requirement *need = j->need;

    if (!ids->count && !j->draft->manufacturer.said && j->to_list && need &&
        need->manufacturer_required && !(j->partial && !ids->rows))
        judge_error(j, at, "manufacturer-missing", "12052282",
                    SAID(.what = STR_LIT("the category asks for the manufacturer"),
                         .fix = STR_LIT("name one of the shop's")));
    judge_doubles(j, at, ids, "manufacturer-twice", "12052295");
    if (j->shop && j->shop->manufacturers_known)
        judge_known(j, at, ids, j->shop->manufacturer_ids, j->shop->manufacturer_count,
                    "12052284");
}

static void judge_responsible(struct judge *j)
{
    const struct place *at = FIELD(NULL, "responsible_person_ids");
    const struct listing_strs *ids = &j->draft->responsible_person_ids;
    const struct requirement *need = j->need;

    if (!ids->count && j->to_list && need && need->responsible_person_required &&
        !(j->partial && !ids->rows))
        judge_error(j, at, "responsible-person-missing",
                    ids->rows ? "12052288" : "12052287",
                    SAID(.what = STR_LIT("the category asks for a responsible person"),
                         .fix = STR_LIT("name one of the shop's")));
    judge_doubles(j, at, ids, "responsible-person-twice", "12052296");
    if (j->shop && j->shop->responsible_persons_known)
        judge_known(j, at, ids, j->shop->responsible_person_ids,
                    j->shop->responsible_person_count, "12052289");
}

void judge_manufacturer(struct judge *j)
{
    judge_object(j);
    judge_manufacturers(j);
    judge_responsible(j);
}

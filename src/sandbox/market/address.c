/* Where a shop's warehouses stand: an address of its region, made up but for the names of
 * places. Phone numbers are nobody's. */
#include "sandbox/market/market.h"

static const struct address {
    const char *region, *line, *district, *city, *state, *postal, *calling, *person;
} addresses[] = {
    {"BR", "Rua Exemplo 7", "Jordanésia", "Cajamar", "São Paulo", "07776-000", "55",
     "Ana"},
    {"DE", "Musterstraße 7", "Seehausen", "Leipzig", "Sachsen", "04356", "49", "Anna"},
    {"ES", "Calle Ejemplo 7", "Vicálvaro", "Madrid", "Madrid", "28052", "34", "Lucía"},
    {"FR", "7 rue de l'Exemple", "Gerland", "Lyon", "Auvergne-Rhône-Alpes", "69007", "33",
     "Claire"},
    {"GB", "7 Sample Road", "Trafford Park", "Manchester", "England", "M17 1AA", "44",
     "Emma"},
    {"ID", "Jalan Contoh 7", "Cakung", "Jakarta Timur", "DKI Jakarta", "13910", "62",
     "Sari"},
    {"IE", "7 Sample Road", "Ballycoolin", "Dublin", "Leinster", "D15 A1B2", "353",
     "Aoife"},
    {"IT", "Via Esempio 7", "Lambrate", "Milano", "Lombardia", "20134", "39", "Giulia"},
    {"JP", "見本1-2-7", "江東区", "東京", "東京都", "135-0001", "81", "結衣"},
    {"MX", "Calle Ejemplo 7", "San Martín", "Tepotzotlán", "Estado de México", "54600",
     "52", "Sofía"},
    {"MY", "Jalan Contoh 7", "Petaling", "Shah Alam", "Selangor", "40200", "60",
     "Aisyah"},
    {"PH", "7 Sample Street", "Canlubang", "Calamba", "Laguna", "4027", "63", "Maria"},
    {"SG", "7 Sample Road", "Jurong", "Singapore", "Singapore", "628000", "65",
     "Hui Min"},
    {"TH", "7 ถนนตัวอย่าง", "บางพลี", "สมุทรปราการ", "สมุทรปราการ", "10540", "66", "มาลี"},
    {"US", "7 Sample Avenue", "Middlesex County", "Edison", "New Jersey", "08817", "1",
     "Grace"},
    {"VN", "7 Đường Mẫu", "Tân Đông Hiệp", "Dĩ An", "Bình Dương", "75308", "84", "Lan"},
    {"", "7 Sample Road", "North", "Sampleton", "Sample State", "10000", "999", "Kim"},
};

enum { ADDRESSES = sizeof addresses / sizeof *addresses };

/* The last is for regions of nobody's. */
static const struct address *address_of(struct str region)
{
    for (size_t i = 0; i < ADDRESSES; i++)
        if (str_is(region, addresses[i].region))
            return &addresses[i];
    return &addresses[ADDRESSES - 1];
}

void address_put(struct json_out *json, struct str region)
{
    const struct address *a = address_of(region);
    struct buf whole = BUF_INIT(BUF_MAX_LINE), phone = BUF_INIT(BUF_MAX_LINE);

    buf_addf(&whole, "%s, %s, %s %s", a->line, a->district, a->city, a->postal);
    buf_addf(&phone, "(+%s)800000000", a->calling);
    json_open(json);
    json_add_str(json, "address_line1", str_of(a->line));
    json_add_str(json, "city", str_of(a->city));
    json_add_str(json, "contact_person", str_of(a->person));
    json_add_str(json, "distict", str_of(a->district)); /* so spelt on the wire */
    json_add_str(json, "full_address", buf_str(&whole));
    json_add_str(json, "phone_number", buf_str(&phone));
    json_add_str(json, "postal_code", str_of(a->postal));
    json_add_str(json, "region", region);
    json_add_str(json, "region_code", region);
    json_add_str(json, "state", str_of(a->state));
    json_close(json);
    buf_clear(&phone);
    buf_clear(&whole);
}

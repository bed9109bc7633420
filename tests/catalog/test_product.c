/* Seller categories evened out, products judged and compared, ids of images. */
#include "check.h"

#include "catalog/product.h"

static const struct {
    const char *raw, *path;
} path_cases[] = {
    {"", ""},
    {"  ", ""},
    {"Kaos", "Kaos"},
    {" Kaos ", "Kaos"},
    {"Fashion>Kaos", "Fashion > Kaos"},
    {"a>b  > c ", "a > b > c"},
    {"Fashion > > Kaos >", "Fashion > Kaos"},
    {">>", ""},
    {"Fashion/Kaos", "Fashion > Kaos"},
    {"Fashion/Kaos >", "Fashion > Kaos"},
    {"Fashion|Kaos", "Fashion > Kaos"},
    {"Home/Garden | Tools", "Home/Garden > Tools"},
    {"Fashion > Tops / Shirts", "Fashion > Tops / Shirts"},
    {"Fashion > a|b", "Fashion > a|b"},
    {"Kaos   Pria\tPolos\r\n", "Kaos Pria Polos"},
    {"Kaos\xc2\xa0Pria", "Kaos Pria"},
    {"\xc2\xa0Kaos\xc2\xa0> Pria", "Kaos > Pria"},
    {"V\xc3\xaatements > \xe5\x84\xbf\xe7\xab\xa5",
     "V\xc3\xaatements > \xe5\x84\xbf\xe7\xab\xa5"},
};

static void seller_categories_are_evened_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(path_cases); i++) {
        struct buf out = BUF_INIT(BUF_MAX_LINE);

        seller_category_path(str_of(path_cases[i].raw), &out);
        assert_str(buf_str(&out), path_cases[i].path);
        /* what is even stays even */
        buf_reset(&out);
        seller_category_path(str_of(path_cases[i].path), &out);
        assert_str(buf_str(&out), path_cases[i].path);
        buf_clear(&out);
    }
}

static struct product kaos(void)
{
    return (struct product){.seller_id = STR_LIT("acme"),
                            .id = STR_LIT("K-01"),
                            .title = STR_LIT("Kaos Polos"),
                            .price_minor = 1200000,
                            .currency = STR_LIT("IDR")};
}

static char long_text[PRODUCT_MAX_DESCRIPTION + 2];

static const struct {
    const char *says;
    size_t field;
    struct str text;
    const char *words; /* of the failure; NULL when it is fine */
} field_cases[] = {
    {"no id", offsetof(struct product, id), {NULL, 0}, "product has no id"},
    {"a blank for an id",
     offsetof(struct product, id),
     {"\xc2\xa0 ", 3},
     "product has no id"},
    {"no title", offsetof(struct product, title), {NULL, 0}, "product has no title"},
    {"an id at its limit", offsetof(struct product, id), {long_text, 255}, NULL},
    {"an id over its limit",
     offsetof(struct product, id),
     {long_text, 256},
     "id has 256 bytes, more than 255"},
    {"a title over its limit",
     offsetof(struct product, title),
     {long_text, 2001},
     "title has 2001 bytes, more than 2000"},
    {"a description at its limit",
     offsetof(struct product, description),
     {long_text, PRODUCT_MAX_DESCRIPTION},
     NULL},
    {"a description over its limit",
     offsetof(struct product, description),
     {long_text, PRODUCT_MAX_DESCRIPTION + 1},
     "description has 262145 bytes, more than 262144"},
    {"a title that is not UTF-8",
     offsetof(struct product, title),
     {"Caf\xe9", 4},
     "title is not UTF-8"},
    {"a brand with a NUL",
     offsetof(struct product, brand),
     {"a\0b", 3},
     "brand has a NUL in it"},
    {"a currency in words",
     offsetof(struct product, currency),
     {"Rupiah", 6},
     "\"Rupiah\" is no currency; write it as IDR"},
    {"a currency in small letters",
     offsetof(struct product, currency),
     {"idr", 3},
     "\"idr\" is no currency; write it as IDR"},
    {"a currency that does not exist",
     offsetof(struct product, currency),
     {"XQZ", 3},
     "\"XQZ\" is no currency; write it as IDR"},
    {"no currency", offsetof(struct product, currency), {NULL, 0}, NULL},
};

static void a_product_is_judged_field_by_field(void **state)
{
    (void)state;
    memset(long_text, 'x', sizeof long_text);
    for (size_t i = 0; i < COUNT(field_cases); i++) {
        struct product p = kaos();
        struct aisle_err err = {0};
        enum aisle_status status;

        memcpy((char *)&p + field_cases[i].field, &field_cases[i].text,
               sizeof(struct str));
        status = product_check(&p, &err);
        if (status != (field_cases[i].words ? AISLE_INVALID : AISLE_OK) ||
            strcmp(err.text, field_cases[i].words ? field_cases[i].words : "") != 0)
            fail_msg("%s: %s", field_cases[i].says, err.text);
    }
}

static void a_price_is_unknown_or_not_below_zero(void **state)
{
    struct product p = kaos();

    (void)state;
    p.price_minor = -1;
    assert_int_equal(product_check(&p, NULL), AISLE_OK);
    p.price_minor = 0;
    assert_int_equal(product_check(&p, NULL), AISLE_OK);
    p.price_minor = -2;
    assert_int_equal(product_check(&p, NULL), AISLE_INVALID);
}

static void products_are_the_same_when_their_content_is(void **state)
{
    static const size_t contents[] = {
        offsetof(struct product, title),
        offsetof(struct product, description),
        offsetof(struct product, brand),
        offsetof(struct product, seller_category_id),
        offsetof(struct product, image_location),
        offsetof(struct product, attributes),
        offsetof(struct product, currency),
    };
    const struct str other = STR_LIT("other");
    struct product a = kaos(), b = kaos();

    (void)state;
    b.id = other;
    b.image_id = other;
    b.version = 7;
    b.updated_at = 7;
    assert_true(product_same(&a, &b));
    for (size_t i = 0; i < COUNT(contents); i++) {
        b = kaos();
        memcpy((char *)&b + contents[i], &other, sizeof other);
        assert_false(product_same(&a, &b));
    }
    b = kaos();
    b.price_minor++;
    assert_false(product_same(&a, &b));
}

static void image_ids_are_stable_and_apart(void **state)
{
    static const struct {
        const char *kind, *seller, *location;
    } others[] = {
        {"local", "acme", "https://a.example/1.jpg"},
        {"image", "other", "https://a.example/1.jpg"},
        {"image", "acme", "https://a.example/2.jpg"},
        {"image", "acmehttps", "://a.example/1.jpg"},
    };
    struct str seller = STR_LIT("acme"), at = STR_LIT("https://a.example/1.jpg");
    char one[IMAGE_ID_LEN + 1], two[IMAGE_ID_LEN + 1];

    (void)state;
    assert_int_equal(image_id_of("image", seller, at, one, NULL), AISLE_OK);
    /* stores remember it: it must never change */
    assert_string_equal(one, "a-example-1-jpg-5a473b399acb609fe756761a");
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_int_equal(image_id_of(others[i].kind, str_of(others[i].seller),
                                     str_of(others[i].location), two, NULL),
                         AISLE_OK);
        assert_true(strlen(two) <= IMAGE_ID_LEN);
        assert_string_not_equal(one, two);
    }
}

static void image_ids_begin_as_the_place_does(void **state)
{
    static const struct {
        const char *location, *begins;
    } cases[] = {
        {"images/1001.png", "images-1001-png-"},
        {"1001.png", "1001-png-"},
        {"/", ""},
        {"", ""},
        {"/srv/p/a.jpg", "p-a-jpg-"},
        {"https://cdn.example/s/files/0123456789abcdef/kaos-polos-hitam.jpg?v=2",
         "456789abcdef-kaos-polos-hitam-"},
        {"fotos/Kaos Pr\xc3\xad"
         "a.jpg",
         "fotos-Kaos-Pr--a-jpg-"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char id[IMAGE_ID_LEN + 1];
        size_t n = strlen(cases[i].begins);

        assert_int_equal(
            image_id_of("image", STR_LIT("acme"), str_of(cases[i].location), id, NULL),
            AISLE_OK);
        assert_memory_equal(id, cases[i].begins, n);
        assert_int_equal(strspn(id + n, "0123456789abcdef"), 24);
        assert_int_equal(strlen(id), n + 24);
    }
}

static enum aisle_status id_once(void *ctx, struct aisle_err *err)
{
    char id[IMAGE_ID_LEN + 1];

    return image_id_of("image", str_of(ctx), str_of("kaos.jpg"), id, err);
}

static void image_ids_survive_running_out_of_memory(void **state)
{
    char seller[] = "acme";

    (void)state;
    each_allocation_failing(id_once, seller);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seller_categories_are_evened_out),
        cmocka_unit_test(a_product_is_judged_field_by_field),
        cmocka_unit_test(a_price_is_unknown_or_not_below_zero),
        cmocka_unit_test(products_are_the_same_when_their_content_is),
        cmocka_unit_test(image_ids_are_stable_and_apart),
        cmocka_unit_test(image_ids_begin_as_the_place_does),
        cmocka_unit_test(image_ids_survive_running_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

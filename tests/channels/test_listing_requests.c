/* What the calls about requirements and products send: method, address, whose cipher, and
 * the body byte for byte. That an address is signed is test_requests' and test_sign's. */
#include "scene.h"

#include "channels/tiktok/tiktok.h"

static const struct peer_answer silence[] = {{.status = 403}};

#define ARENA(s) (&(s)->arena)
#define LISTING(s) ((s)->s.ops->listing)
#define BODY STR_LIT("{\"title\":\"Kaos\"}")
#define ID STR_LIT("1729592969712207008")

static void fetch_requirement(struct scene *s)
{
    const struct channel_leaf leaf = {STR_LIT("600001"), STR_LIT("v2"), STR_LIT("id-ID")};
    struct requirement out;

    LISTING(s)->fetch_requirement(&s->s, &leaf, ARENA(s), &out, NULL, NULL);
}

static void fetch_brands(struct scene *s)
{
    const struct channel_brand_query query = {.category_id = STR_LIT("600001"),
                                              .version = STR_LIT("v2"),
                                              .name = STR_LIT("Eiger & Co"),
                                              .page_size = 20};
    struct channel_brand_page out;

    LISTING(s)->fetch_brands(&s->s, &query, ARENA(s), &out, NULL, NULL);
}

static void create_brand(struct scene *s)
{
    struct str id;

    LISTING(s)->create_brand(&s->s, STR_LIT("Batik \"Ayu\""), ARENA(s), &id, NULL, NULL);
}

static void fetch_warehouses(struct scene *s)
{
    const struct shop_warehouse *rows;
    size_t count;

    LISTING(s)->fetch_warehouses(&s->s, ARENA(s), &rows, &count, NULL, NULL);
}

static void fetch_prerequisites(struct scene *s)
{
    const struct channel_prerequisite *rows;
    size_t count;

    LISTING(s)->fetch_prerequisites(&s->s, ARENA(s), &rows, &count, NULL, NULL);
}

static void push_file(struct scene *s)
{
    const struct channel_file file = {.name = STR_LIT("halal.pdf"),
                                      .mime = STR_LIT("application/pdf"),
                                      .bytes = STR_LIT("%PDF-1.4")};
    struct channel_pushed_file out;

    LISTING(s)->push_file(&s->s, &file, ARENA(s), &out, NULL, NULL);
}

static void check(struct scene *s)
{
    struct channel_listing_check out;

    LISTING(s)->check(&s->s, BODY, ARENA(s), &out, NULL, NULL);
}

static void create(struct scene *s)
{
    struct channel_listed out;

    LISTING(s)->create(&s->s, BODY, ARENA(s), &out, NULL, NULL);
}

static void edit_whole(struct scene *s)
{
    struct channel_listed out;

    LISTING(s)->edit(&s->s, ID, EDIT_WHOLE, BODY, ARENA(s), &out, NULL, NULL);
}

static void edit_partly(struct scene *s)
{
    struct channel_listed out;

    LISTING(s)->edit(&s->s, ID, EDIT_PARTIAL, BODY, ARENA(s), &out, NULL, NULL);
}

static void get(struct scene *s)
{
    struct channel_product out;

    LISTING(s)->get(&s->s, ID, ARENA(s), &out, NULL, NULL);
}

static void search(struct scene *s)
{
    const struct str skus[] = {STR_LIT("K-01"), STR_LIT("K-02")};
    const struct channel_product_query query = {.seller_skus = skus,
                                                .seller_sku_count = COUNT(skus),
                                                .state = LISTING_FROZEN,
                                                .version = STR_LIT("v2"),
                                                .page_size = 50};
    struct channel_product_page out;

    LISTING(s)->search(&s->s, &query, ARENA(s), &out, NULL, NULL);
}

static void change(struct scene *s, enum channel_change what)
{
    const struct str ids[] = {ID, STR_LIT("7")};
    const struct channel_unchanged *out;
    size_t count;

    LISTING(s)->change(&s->s, what, ids, COUNT(ids), ARENA(s), &out, &count, NULL, NULL);
}

static void activate(struct scene *s)
{
    change(s, CHANGE_ACTIVATE);
}

static void deactivate(struct scene *s)
{
    change(s, CHANGE_DEACTIVATE);
}

static void delete (struct scene *s)
{
    change(s, CHANGE_DELETE);
}

static void recover(struct scene *s)
{
    change(s, CHANGE_RECOVER);
}

static void upgrade(struct scene *s)
{
    LISTING(s)->upgrade_categories(&s->s, NULL, NULL);
}

static void publish(struct scene *s)
{
    const struct channel_market *rows;
    size_t count;

    LISTING(s)->publish(&s->s, ID, STR_LIT("{\"publish_target\":[]}"), ARENA(s), &rows,
                        &count, NULL, NULL);
}

static void fetch_tree(struct scene *s)
{
    const struct channel_tree_request request = {.locale = STR_LIT("en-US"),
                                                 .keyword = STR_LIT("Shirt"),
                                                 .version = STR_LIT("v2"),
                                                 .platform = STR_LIT("GLOBAL"),
                                                 .include_prohibited = true};
    struct category_rows rows;

    s->s.ops->fetch_categories(&s->s, &request, ARENA(s), &rows, NULL, NULL);
}

static void ask(struct scene *s)
{
    const struct channel_question question = {.title = STR_LIT("Cotton shirt"),
                                              .version = STR_LIT("v2"),
                                              .platform = STR_LIT("GLOBAL")};
    struct channel_advice advice;

    s->s.ops->recommend(&s->s, &question, ARENA(s), &advice, NULL, NULL);
}

#define COMMON "app_key=29a39d&timestamp=1623812664"
#define SHOPS COMMON "&shop_cipher=" SCENE_CIPHER "&sign="
#define SELLERS COMMON "&sign="
#define IDS "[\"1729592969712207008\",\"7\"]"

static const struct {
    bool global;
    void (*call)(struct scene *s);
    const char *line; /* the request line, up to the signature */
    const char *body; /* the whole of it; NULL: none */
} requests[] = {
    {false, fetch_requirement,
     "GET "
     "/product/202309/categories/600001/rules?category_version=v2&locale=id-ID&" SHOPS,
     NULL},
    {false, fetch_brands,
     "GET /product/202309/brands?page_size=20&category_id=600001&category_version=v2&"
     "brand_name=Eiger%20%26%20Co&is_authorized=0&" SHOPS,
     NULL},
    {false, create_brand, "POST /product/202309/brands?" SELLERS,
     "{\"name\":\"Batik \\\"Ayu\\\"\"}"},
    {false, fetch_warehouses, "GET /logistics/202309/warehouses?" SHOPS, NULL},
    {false, fetch_prerequisites, "GET /product/202312/prerequisites?" SHOPS, NULL},
    {false, push_file, "POST /product/202309/files/upload?" SELLERS, NULL},
    {false, check, "POST /product/202309/products/listing_check?" SHOPS,
     "{\"title\":\"Kaos\"}"},
    {false, create, "POST /product/202309/products?" SHOPS, "{\"title\":\"Kaos\"}"},
    {false, edit_whole, "PUT /product/202309/products/1729592969712207008?" SHOPS,
     "{\"title\":\"Kaos\"}"},
    {false, edit_partly,
     "POST /product/202309/products/1729592969712207008/partial_edit?" SHOPS,
     "{\"title\":\"Kaos\"}"},
    {false, get, "GET /product/202309/products/1729592969712207008?" SHOPS, NULL},
    {false, search, "POST /product/202502/products/search?page_size=50&" SHOPS,
     "{\"status\":\"FREEZE\",\"category_version\":\"v2\",\"seller_skus\":[\"K-01\",\"K-"
     "02\"]"
     "}"},
    {false, activate, "POST /product/202309/products/activate?" SHOPS,
     "{\"product_ids\":" IDS "}"},
    {false, deactivate, "POST /product/202309/products/deactivate?" SHOPS,
     "{\"product_ids\":" IDS "}"},
    {false, delete, "DELETE /product/202309/products?" SHOPS,
     "{\"product_ids\":" IDS "}"},
    {false, recover, "POST /product/202309/products/recover?" SHOPS,
     "{\"product_ids\":" IDS "}"},
    {false, upgrade, "POST /product/202407/products/category_upgrade_task?" SHOPS, NULL},

    {true, fetch_tree,
     "GET /product/202309/global_categories?locale=en-US&keyword=Shirt&"
     "category_version=v2&" SELLERS,
     NULL},
    {true, ask, "POST /product/202309/global_categories/recommend?" SELLERS,
     "{\"product_title\":\"Cotton shirt\",\"category_version\":\"v2\"}"},
    {true, fetch_requirement,
     "GET /product/202309/categories/600001/global_rules?category_version=v2&"
     "locale=id-ID&" SELLERS,
     NULL},
    {true, fetch_warehouses, "GET /logistics/202309/global_warehouses?" SELLERS, NULL},
    {true, create, "POST /product/202309/global_products?" SELLERS,
     "{\"title\":\"Kaos\"}"},
    {true, edit_whole, "PUT /product/202309/global_products/1729592969712207008?" SELLERS,
     "{\"title\":\"Kaos\"}"},
    {true, get, "GET /product/202309/global_products/1729592969712207008?" SELLERS, NULL},
    {true, search, "POST /product/202312/global_products/search?page_size=50&" SELLERS,
     "{\"status\":\"FREEZE\",\"seller_skus\":[\"K-01\",\"K-02\"]}"},
    {true, delete, "DELETE /product/202309/global_products?" SELLERS,
     "{\"global_product_ids\":" IDS "}"},
    {true, publish,
     "POST /product/202309/global_products/1729592969712207008/publish?" SELLERS,
     "{\"publish_target\":[]}"},
};

static bool ends_with_body(struct str got, const char *body)
{
    size_t head = str_find(got, STR_LIT("\r\n\r\n"));

    return head < got.n && str_is(str_skip(got, head + 4), body ? body : "");
}

static void requests_are_as_documented(void **state)
{
    bool good = true;

    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++) {
        bool is_upload = requests[i].call == push_file;
        struct scene scene;
        struct str got;

        scene_begin(&scene, requests[i].global ? tiktok_ops.global : &tiktok_ops, silence,
                    1);
        requests[i].call(&scene);
        assert_int_equal(scene.peer.request_count, 1);
        got = buf_str(&scene.peer.requests[0]);
        if (!str_starts(got, requests[i].line) ||
            (!is_upload && !ends_with_body(got, requests[i].body))) {
            print_error("expected %s\n%s\ngot %s\n", requests[i].line,
                        requests[i].body ? requests[i].body : "", got.p);
            good = false;
        }
        scene_end(&scene);
    }
    assert_true(good);
}

static void a_global_product_is_neither_edited_in_part_nor_switched_on(void **state)
{
    static void (*const calls[])(struct scene *) = {edit_partly, activate, deactivate,
                                                    recover};

    (void)state;
    for (size_t i = 0; i < COUNT(calls); i++) {
        struct scene scene;

        scene_begin(&scene, tiktok_ops.global, silence, 1);
        calls[i](&scene);
        assert_int_equal(scene.peer.request_count, 0);
        scene_end(&scene);
    }
}

/* Its answer may be lost after it was taken: whoever asked looks before it asks again. */
static void what_must_not_happen_twice_is_sent_once(void **state)
{
    static const struct peer_answer trouble[] = {{.status = 502}};
    static const struct {
        bool global;
        void (*call)(struct scene *s);
    } calls[] = {{false, create}, {false, create_brand}, {true, create}, {true, publish}};

    (void)state;
    for (size_t i = 0; i < COUNT(calls); i++) {
        struct scene scene;

        scene_begin(&scene, calls[i].global ? tiktok_ops.global : &tiktok_ops, trouble,
                    1);
        calls[i].call(&scene);
        assert_int_equal(scene.peer.request_count, 1);
        scene_end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_as_documented),
        cmocka_unit_test(a_global_product_is_neither_edited_in_part_nor_switched_on),
        cmocka_unit_test(what_must_not_happen_twice_is_sent_once),
    };

    return cmocka_run_group_tests_name("channels: listing requests", tests, NULL, NULL);
}

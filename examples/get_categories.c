/* get_categories.c - which of TikTok Shop's categories have a word in their name?
 *
 *     cc get_categories.c -o get_categories $(pkg-config --cflags --libs aisle)
 *
 * The keys come from the environment: TIKTOK_APP_KEY, TIKTOK_APP_SECRET,
 * TIKTOK_APP_ACCESS_KEY and TIKTOK_SHOP_CIPHER. With TIKTOK_API_URL a stand-in on this
 * machine is asked instead (aisle sandbox start).
 */
#include <aisle/client.h>

#include <stdio.h>
#include <stdlib.h>

static enum aisle_status ask(struct aisle_client *client, struct aisle_categories *found,
                             struct aisle_err *err)
{
    struct aisle_categories_query query = {
        .locale = "id-ID",
        .keyword = "Kaos",
        .category_version = "v1",
        .listing_platform = "TIKTOK_SHOP",
    };
    enum aisle_status status;

    status = aisle_client_set_access_token(client, getenv("TIKTOK_APP_ACCESS_KEY"), err);
    if (status == AISLE_OK)
        status = aisle_client_set_shop_cipher(client, getenv("TIKTOK_SHOP_CIPHER"), err);
    if (status == AISLE_OK)
        status = aisle_client_get_categories(client, &query, found, err);
    return status;
}

static void print_categories(const struct aisle_categories *found)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct aisle_category *c = &found->list[i];

        printf("%s\t%s\t%s\t%s\n", c->id, c->name, c->parent_id,
               c->is_leaf ? "leaf" : "parent");
    }
}

static void print_error(const struct aisle_response *response,
                        const struct aisle_err *err)
{
    if (aisle_err_is_api(err)) {
        fprintf(stderr, "TikTok API Error: %s\n", response->message);
        fprintf(stderr, "Status Code: %s\n", response->code);
        fprintf(stderr, "Request Id: %s\n", response->request_id);
    } else {
        fprintf(stderr, "Unexpected error: %s\n", err->text);
    }
}

int main(void)
{
    struct aisle_client_options options = {
        .app_key = getenv("TIKTOK_APP_KEY"),
        .app_secret = getenv("TIKTOK_APP_SECRET"),
        .api_url = getenv("TIKTOK_API_URL"),
    };
    struct aisle_client *client = NULL;
    struct aisle_categories found = {0};
    struct aisle_err err = {0};
    enum aisle_status status = aisle_client_new(&options, &client, &err);

    if (status == AISLE_OK)
        status = ask(client, &found, &err);
    if (status == AISLE_OK)
        print_categories(&found);
    else
        print_error(&found.response, &err);

    aisle_categories_clear(&found);
    aisle_client_free(client);
    return status == AISLE_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* sync_and_map.c - a shop's tree brought in, a catalogue mapped onto it
 *
 *     cc sync_and_map.c -o sync_and_map $(pkg-config --cflags --libs aisle)
 *     ./sync_and_map aisle.db products.csv
 *
 * The keys come from the environment: TIKTOK_APP_KEY, TIKTOK_APP_SECRET,
 * TIKTOK_APP_ACCESS_KEY, and AISLE_KEY, which seals them in the store (openssl rand -hex
 * 32 makes one). With TIKTOK_API_URL a stand-in on this machine is asked instead (aisle
 * sandbox start). Images are files beside the catalogue, or addresses. Ctrl-C stops after
 * the step under way; the same line again goes on from there.
 */
#include <aisle/aisle.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct aisle *to_stop; /* a signal handler can be handed nothing */

static void on_interrupt(int number)
{
    (void)number;
    aisle_stop(to_stop); /* NOLINT(bugprone-signal-handler): it is safe there */
}

/* ---- the shop and its tree ---- */

static enum aisle_status add_shop(struct aisle *a, struct aisle_err *err)
{
    struct aisle_shop shop = {
        .id = "toko-a",
        .app_key = getenv("TIKTOK_APP_KEY"),
        .app_secret = getenv("TIKTOK_APP_SECRET"),
        .access_token = getenv("TIKTOK_APP_ACCESS_KEY"),
        .api_url = getenv("TIKTOK_API_URL"),
    };

    return aisle_shop_add(a, &shop, err);
}

static void print_difference(void *ctx, const struct aisle_difference *d)
{
    (void)ctx;
    for (unsigned bit = AISLE_ADDED; bit <= AISLE_PERMISSION_CHANGED; bit <<= 1)
        if (d->changes & bit)
            printf("  %s: %s\n", aisle_change_name((enum aisle_change)bit),
                   d->is ? d->is->path : d->was->path);
}

static void print_impact(void *ctx, const struct aisle_impact *i)
{
    (void)ctx;
    printf("  %s was mapped to %s (%s); now perhaps %s\n", i->key, i->was_path, i->why,
           i->successor_id[0] ? i->successor_path : "nowhere");
}

static enum aisle_status sync_tree(struct aisle *a, struct aisle_err *err)
{
    struct aisle_sync_request request = {
        .target = "toko-a",
        .locales = (const char *const[]){"id-ID", "en-US", NULL},
        .differs = print_difference,
        .impact = print_impact,
    };
    struct aisle_sync_result r;
    enum aisle_status status = aisle_sync(a, &request, &r, err);

    if (status == AISLE_OK)
        printf("%s: %s, %zu categories, %zu leaves\n", r.target,
               aisle_sync_outcome_name(r.outcome), r.categories, r.leaves);
    return status;
}

/* ---- the catalogue ---- */

static void print_problem(void *ctx, const struct aisle_row_problem *p)
{
    fprintf(stderr, "%s:%zu: %s%s%s%s\n", (const char *)ctx, p->line, p->column,
            p->column[0] ? ": " : "", p->what, p->left_out ? " (left out)" : "");
}

static enum aisle_status import_products(struct aisle *a, char *file,
                                         struct aisle_err *err)
{
    struct aisle_import_request request = {.problem = print_problem, .ctx = file};
    struct aisle_import_result r;
    enum aisle_status status = aisle_import_file(a, file, &request, &r, err);

    if (status == AISLE_OK)
        printf("%s: %zu products: %zu new, %zu changed, %zu as they were\n", file,
               r.products, r.added, r.changed, r.same);
    return status;
}

/* The folder a file is in: its relative image paths start there. */
static void folder_of(const char *file, char *out, size_t size)
{
    const char *slash = strrchr(file, '/');
    int n = slash ? (int)(slash - file) : 0;

    snprintf(out, size, "%.*s", n, file);
}

/* ---- mapping ---- */

static void print_item(void *ctx, const struct aisle_item *item)
{
    const struct aisle_category *c = aisle_category_get(ctx, item->category_id);

    printf("  %s\t%s\t%s\t%s\n", item->product_id, aisle_item_state_name(item->state),
           item->by, c ? c->path : item->text);
}

static void print_counts(const struct aisle_map_result *r)
{
    const struct aisle_counts *c = &r->counts;

    printf("%s: %" PRId64 " of %" PRId64 " products had their turn: %" PRId64
           " mapped, %" PRId64 " refused, %" PRId64 " for a person\n",
           r->run_id, c->done, c->total, c->mapped, c->refused, c->need_person);
    printf("%" PRId64 " calls, %" PRId64 " saved\n", c->calls, c->saved);
}

static enum aisle_status map_products(struct aisle *a, const char *file,
                                      struct aisle_err *err)
{
    char folder[4096];
    struct aisle_tree *tree = NULL;
    struct aisle_map_request request = {
        .target = "toko-a", .image_root = folder, .item = print_item};
    struct aisle_map_result r = {0};
    enum aisle_status status = aisle_tree_load(a, "toko-a", "id-ID", &tree, err);

    folder_of(file, folder, sizeof folder);
    request.ctx = tree;
    if (status == AISLE_OK)
        status = aisle_map(a, &request, &r, err);
    if (r.run_id[0])
        print_counts(&r);
    aisle_tree_free(tree);
    return status;
}

/* ---- what is left for a person ---- */

static enum aisle_status print_open(void *ctx, const struct aisle_open_item *item,
                                    struct aisle_err *err)
{
    (void)ctx;
    (void)err;
    printf("  %s (%zu products, %s)\n", item->title, item->products, item->why);
    for (size_t i = 0; i < item->candidate_count && i < 3; i++)
        printf("    %3.0f %% %s\n", 100 * item->candidates[i].confidence,
               item->candidates[i].path);
    return AISLE_OK;
}

static enum aisle_status main_job(struct aisle *a, char *file, struct aisle_err *err)
{
    enum aisle_status status = add_shop(a, err);

    if (status == AISLE_OK)
        status = sync_tree(a, err);
    if (status == AISLE_OK)
        status = import_products(a, file, err);
    if (status == AISLE_OK)
        status = map_products(a, file, err);
    if (status == AISLE_OK) {
        puts("open:");
        status = aisle_open_each(
            a, &(struct aisle_open_request){.target = "toko-a", .limit = 5}, print_open,
            NULL, err);
    }
    return status;
}

int main(int argc, char **argv)
{
    struct aisle_options options = {.vault_key = getenv("AISLE_KEY")};
    struct aisle_err err = {0};
    struct aisle *a;
    enum aisle_status status;

    if (argc != 3) {
        fprintf(stderr, "usage: %s STORE PRODUCTS\n", argv[0]);
        return 2;
    }
    options.store = argv[1];
    status = aisle_open(&options, &a, &err);
    if (status == AISLE_OK) {
        to_stop = a;
        signal(SIGINT, on_interrupt);
        status = main_job(a, argv[2], &err);
        signal(SIGINT, SIG_DFL);
        aisle_close(a);
    }
    if (status != AISLE_OK)
        fprintf(stderr, "%s: %s (%s)\n", argv[0], err.text, aisle_status_name(status));
    return status == AISLE_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}

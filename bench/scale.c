/* scale.c - how many pieces of work a store does in a second
 *
 *   bench_scale LOCATION NAME [WHAT]   fills an empty store and prints "what threads
 *                                      per_second" of all, or of one measure
 *
 * What a worker does: a step of a map run (run, answer, item, decision with its mapping,
 * in one piece), a claim, reads of one row; and an import.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { PRODUCTS = 20000, PIECE = 1000, SECONDS = 2, MAX_THREADS = 16 };
#define TARGET STR_LIT("toko:v2:TIKTOK_SHOP")

struct hand {
    struct store *s;
    int number;
    bool (*work)(struct store *s, int hand, int i);
    _Atomic bool *stop;
    long done;
};

static void die(const char *what, const struct aisle_err *err)
{
    fprintf(stderr, "%s: %s\n", what, err->text);
    exit(1);
}

static bool step(struct store *s, int hand, int i)
{
    char key[32], run_id[16];
    struct run run = {
        .kind = STR_LIT("map"), .target_id = TARGET, .seller_id = STR_LIT("acme")};
    struct decision_write d = {.d = {.seller_id = STR_LIT("acme"),
                                     .target_id = TARGET,
                                     .state = DECISION_ACCEPTED,
                                     .category_id = STR_LIT("600001"),
                                     .who = STR_LIT("aisle"),
                                     .batch_id = STR_LIT("b-1")},
                               .expected = EXPECT_ANY,
                               .skip_if_settled = true};
    struct answer answer = {.seller_id = STR_LIT("acme"), .target_id = TARGET};
    struct step_item item = {
        .item = {.seller_id = STR_LIT("acme"), .state = ITEM_MAPPED}};
    struct run_step put = {.answer = &answer,
                           .decisions = &d,
                           .decision_count = 1,
                           .items = &item,
                           .item_count = 1,
                           .run = &run};

    snprintf(key, sizeof key, "K-%d-%d", hand, i);
    snprintf(run_id, sizeof run_id, "r-%d", hand);
    run.id = item.item.run_id = str_of(run_id);
    d.d.key = answer.question = item.item.product_id = str_of(key);
    return s->ops->work->put_step(s, &put, NULL) == AISLE_OK;
}

static bool claim(struct store *s, int hand, int i)
{
    struct lease_claim wanted = {.owner = STR_LIT("me"), .now = i, .until = i + 60};
    char name[32];

    snprintf(name, sizeof name, "job-%d-%d", hand, i % 100);
    wanted.name = str_of(name);
    return s->ops->leases->claim(s, &wanted, NULL, NULL, NULL) == AISLE_OK;
}

static bool read_one(struct store *s, int hand, int i)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct product product;
    char id[32];
    bool ok;

    snprintf(id, sizeof id, "P-%06d", (hand * 7919 + i * 31) % PRODUCTS);
    ok = s->ops->catalogue->get_product(s, STR_LIT("acme"), str_of(id), &arena, &product,
                                        NULL) == AISLE_OK;
    arena_clear(&arena);
    return ok;
}

static void *work_on(void *ctx)
{
    struct hand *h = ctx;

    for (int i = 0; !*h->stop; i++) {
        if (!h->work(h->s, h->number, i))
            break;
        h->done++;
    }
    return NULL;
}

static void measure(struct store *s, const char *name, const char *what, int threads,
                    bool (*work)(struct store *s, int hand, int i))
{
    struct hand hands[MAX_THREADS];
    pthread_t ids[MAX_THREADS];
    _Atomic bool stop = false;
    int64_t began = clock_mono_ms(clock_system()), took;
    long done = 0;

    for (int i = 0; i < threads; i++) {
        hands[i] = (struct hand){
            .s = s, .number = threads * 100 + i, .work = work, .stop = &stop};
        pthread_create(&ids[i], NULL, work_on, &hands[i]);
    }
    clock_sleep_ms(clock_system(), SECONDS * 1000);
    stop = true;
    for (int i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        done += hands[i].done;
    }
    took = clock_mono_ms(clock_system()) - began;
    printf("%s %s %d %.0f\n", name, what, threads, (double)done * 1000 / (double)took);
    fflush(stdout);
}

static void import(struct store *s, const char *name, int turn)
{
    static char ids[PIECE][16], categories[PIECE][16], places[PIECE][40];
    static struct product list[PIECE];
    static const char *const what[] = {"import-new", "import-same"};
    int64_t began = clock_mono_ms(clock_system()), took;
    struct aisle_err err = {0};

    for (int at = 0; at < PRODUCTS; at += PIECE) {
        for (int i = 0; i < PIECE; i++) {
            snprintf(ids[i], sizeof ids[i], "P-%06d", at + i);
            snprintf(categories[i], sizeof categories[i], "C-%d", (at + i) % 300);
            snprintf(places[i], sizeof places[i], "https://cdn.example/%d.jpg", at + i);
            list[i] =
                (struct product){.seller_id = STR_LIT("acme"),
                                 .id = str_of(ids[i]),
                                 .title = STR_LIT("Kaos Polos Katun Pria Lengan Pendek"),
                                 .description = STR_LIT("Katun adem, nyaman dipakai."),
                                 .seller_category_id = str_of(categories[i]),
                                 .image_location = str_of(places[i]),
                                 .currency = STR_LIT("IDR"),
                                 .price_minor = 4999900};
        }
        if (s->ops->catalogue->put_products(s, list, PIECE, 1, NULL, &err) != AISLE_OK)
            die("import", &err);
    }
    took = clock_mono_ms(clock_system()) - began;
    printf("%s %s 1 %.0f\n", name, what[turn],
           PRODUCTS * 1000.0 / (double)(took ? took : 1));
    fflush(stdout);
}

static const struct {
    const char *what;
    int threads;
    bool (*work)(struct store *s, int hand, int i);
} measures[] = {
    {"read", 1, read_one}, {"read", 8, read_one}, {"claim", 1, claim},
    {"claim", 8, claim},   {"step", 1, step},     {"step", 16, step},
};

int main(int argc, char **argv)
{
    struct aisle_err err = {0};
    struct store *s = NULL;

    if (argc != 3 && argc != 4) {
        fprintf(stderr, "bench_scale LOCATION NAME [read|claim|step]\n");
        return 2;
    }
    if (store_open(str_of(argv[1]), NULL, &s, &err) != AISLE_OK)
        die("open", &err);
    import(s, argv[2], 0);
    import(s, argv[2], 1);
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        if (argc == 3 || strcmp(argv[3], measures[i].what) == 0)
            measure(s, argv[2], measures[i].what, measures[i].threads, measures[i].work);
    store_close(s);
    return 0;
}

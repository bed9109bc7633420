/* What was taught: from labelled rows to a model's bytes, and what those answer. */
#include "tree.h"

#include "match/ask.h"
#include "match/paths.h"
#include "match/train.h"

#include <math.h>
#include <unistd.h>

enum { ROWS_MOST = 256 };

struct world {
    struct arena arena;
    struct taxonomy tree;
    struct labelled rows[ROWS_MOST];
    size_t count;
    struct buf bytes;
    struct model *model;
    struct feature_maker maker;
    struct feature_list features;
    struct model_scratch scratch;
};

/* The titles of preferences.tsv, each taught as its better leaf. */
static void add_preferences(struct world *w)
{
    struct buf file = match_file("preferences.tsv");
    struct str rest = arena_str(&w->arena, buf_str(&file)), f[3];

    while (table_row(&rest, f, 3))
        w->rows[w->count++] =
            (struct labelled){.text = {.title = f[0]}, .category_id = f[1]};
    buf_clear(&file);
}

static struct world *world_new(void)
{
    struct world *w = test_calloc(1, sizeof *w);
    struct aisle_err err = {0};

    w->arena = (struct arena)ARENA_INIT(64 << 20);
    w->bytes = (struct buf)BUF_INIT(MODEL_MAX_BYTES);
    w->tree = small_tree(&w->arena, LOCALES_BOTH);
    assert_ok(feature_maker_init(&w->maker, &err), &err);
    add_preferences(w);
    return w;
}

static void world_train(struct world *w)
{
    struct model_options options = {.stamp = 42};
    struct aisle_err err = {0};

    model_close(w->model);
    w->model = NULL;
    buf_reset(&w->bytes);
    assert_ok(model_train(&w->tree, w->rows, w->count, &options, &w->bytes, &err), &err);
    assert_ok(model_open_bytes(buf_str(&w->bytes), &w->model, &err), &err);
}

static void world_free(struct world *w)
{
    model_close(w->model);
    model_scratch_clear(&w->scratch);
    feature_maker_clear(&w->maker);
    buf_clear(&w->bytes);
    arena_clear(&w->arena);
    test_free(w);
}

static size_t ask(struct world *w, const struct model *m, struct str title,
                  struct model_hit hits[CALIBRATE_TOP])
{
    struct product_text text = {.title = title};
    struct aisle_err err = {0};

    assert_ok(features_make(&w->maker, &text, &w->features, &err), &err);
    assert_ok(model_score(m, &w->scratch, &w->features, &err), &err);
    return model_rank(m, &w->scratch, hits, CALIBRATE_TOP);
}

/* ---- what it learns ---- */

static void a_taught_title_is_answered_with_what_it_was_taught_as(void **state)
{
    struct world *w = world_new();
    struct model_hit hits[CALIBRATE_TOP];
    (void)state;

    world_train(w);
    for (size_t i = 0; i < w->count; i++) {
        struct str id;

        assert_true(ask(w, w->model, w->rows[i].text.title, hits) > 0);
        id = model_node_id(w->model, hits[0].leaf);
        if (!str_eq(id, w->rows[i].category_id))
            fail_msg("%.*s: %.*s", STR_ARG(w->rows[i].text.title), STR_ARG(id));
    }
    world_free(w);
}

static void a_leaf_that_no_row_was_taught_as_is_found_by_its_name(void **state)
{
    struct world *w = world_new();
    struct model_hit hits[CALIBRATE_TOP];
    size_t kept = 0;
    (void)state;

    for (size_t i = 0; i < w->count; i++)
        if (!str_is(w->rows[i].category_id, "23"))
            w->rows[kept++] = w->rows[i];
    assert_true(kept < w->count);
    w->count = kept;
    world_train(w);
    assert_true(ask(w, w->model, STR_LIT("Rok plisket panjang"), hits) > 0);
    assert_str(model_node_id(w->model, hits[0].leaf), "23");
    world_free(w);
}

/* They write no spaces, or words of two signs, so that four in a row are rarely met. */
static void chinese_japanese_and_korean_words_are_known_by_two_signs(void **state)
{
    static const struct {
        const char *taught, *leaf, *asked;
    } rows[] = {
        {"고양이사료", "23", "강아지사료"},
        {"접시세트", "31", "머그세트"},
        {"女士运动鞋", "111", "儿童鞋"},
        {"ランニングシューズ", "121", "ゴルフシューズ"},
    };
    struct world *w = world_new();
    struct model_hit hits[CALIBRATE_TOP];
    (void)state;

    w->count = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        w->rows[w->count++] =
            (struct labelled){{.title = str_of(rows[i].taught)}, str_of(rows[i].leaf)};
    world_train(w);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(ask(w, w->model, str_of(rows[i].asked), hits) > 0);
        assert_true(w->scratch.value_count > 0);
        assert_str(model_node_id(w->model, hits[0].leaf), rows[i].leaf);
    }
    world_free(w);
}

/* The squared length of the words of the title asked last. */
static double words_length(const struct world *w)
{
    double sum = 0;

    for (uint32_t i = 0; i < w->scratch.value_count; i++)
        if (w->scratch.blocks[i] == BLOCK_WORDS)
            sum += (double)w->scratch.values[i].x * (double)w->scratch.values[i].x;
    return sum;
}

static void words_that_no_row_had_leave_the_others_no_louder(void **state)
{
    struct world *w = world_new();
    struct model_hit hits[CALIBRATE_TOP];
    double alone, beside_one, beside_four;
    char title[512];
    (void)state;

    world_train(w);
    ask(w, w->model, w->rows[0].text.title, hits);
    alone = words_length(w);
    assert_true(fabs(alone - 1) < 1e-3);
    snprintf(title, sizeof title, "%.*s qvorbu", STR_ARG(w->rows[0].text.title));
    ask(w, w->model, str_of(title), hits);
    beside_one = words_length(w);
    snprintf(title, sizeof title, "%.*s qvorbu zzipt mmerk wogga",
             STR_ARG(w->rows[0].text.title));
    ask(w, w->model, str_of(title), hits);
    beside_four = words_length(w);
    assert_true(alone > beside_one && beside_one > beside_four && beside_four > 0.1);
    world_free(w);
}

/* Nothing has to be told apart, so that no word gets a weight. */
static void where_there_is_one_leaf_alone_what_was_taught_is_known(void **state)
{
    static const char *const colours[] = {"merah", "biru", "hitam", "putih"};
    struct world *w = world_new();
    const struct str path = STR_LIT("Fashion > Kaos");
    struct product_text text = {.title = STR_LIT("kaos merah")};
    struct model_hit hits[CALIBRATE_TOP];
    struct asker *asker = NULL;
    struct aisle_err err = {0};
    size_t count = 0;
    (void)state;

    assert_ok(paths_build(&path, 1, &w->arena, &w->tree, &err), &err);
    for (w->count = 0; w->count < 100; w->count++)
        w->rows[w->count] = (struct labelled){
            {.title = arena_fmt(&w->arena, "kaos polos %s", colours[w->count % 4])},
            path,
        };
    world_train(w);
    assert_ok(asker_new(w->model, &asker, &err), &err);
    assert_ok(asker_rank(asker, &text, hits, CALIBRATE_TOP, &count, &err), &err);
    assert_int_equal(count, 1);
    assert_true(hits[0].confidence > 0.9);
    text.title = STR_LIT("wajan");
    assert_ok(asker_rank(asker, &text, hits, CALIBRATE_TOP, &count, &err), &err);
    assert_int_equal(count, 0);
    asker_free(asker);
    world_free(w);
}

static void confidences_fall_along_the_list_and_sum_to_at_most_one(void **state)
{
    struct world *w = world_new();
    struct model_hit hits[CALIBRATE_TOP];
    (void)state;

    world_train(w);
    for (size_t i = 0; i < w->count; i++) {
        size_t n = ask(w, w->model, w->rows[i].text.title, hits);
        double sum = 0;

        for (size_t k = 0; k < n; k++) {
            assert_true(hits[k].confidence >= 0 && hits[k].confidence <= 1);
            assert_true(k == 0 || hits[k].confidence <= hits[k - 1].confidence);
            assert_true(k == 0 || hits[k].score <= hits[k - 1].score);
            sum += hits[k].confidence;
        }
        assert_true(sum <= 1 + 1e-6);
    }
    world_free(w);
}

static void rows_of_categories_that_the_tree_lacks_are_counted(void **state)
{
    struct world *w = world_new();
    size_t known = w->count;
    (void)state;

    w->rows[w->count++] = (struct labelled){{.title = STR_LIT("Kaos")}, STR_LIT("nope")};
    w->rows[w->count++] = (struct labelled){{.title = STR_LIT("Kaos")}, STR_LIT("1")};
    world_train(w);
    assert_int_equal(model_header(w->model)->left_out, 2);
    assert_int_equal(model_header(w->model)->taught, known);
    assert_int_equal(model_header(w->model)->stamp, 42);
    world_free(w);
}

static void the_order_of_the_rows_does_not_matter(void **state)
{
    struct world *w = world_new();
    struct buf first;
    (void)state;

    world_train(w);
    first = w->bytes;
    w->bytes = (struct buf)BUF_INIT(MODEL_MAX_BYTES);
    for (size_t i = 0; i < w->count / 2; i++) {
        struct labelled swap = w->rows[i];

        w->rows[i] = w->rows[w->count - 1 - i];
        w->rows[w->count - 1 - i] = swap;
    }
    world_train(w);
    assert_int_equal(first.n, w->bytes.n);
    assert_memory_equal(first.p, w->bytes.p, first.n);
    buf_clear(&first);
    world_free(w);
}

static void one_thread_learns_what_two_do(void **state)
{
    struct model_options options = {.stamp = 42, .one_thread = true};
    struct world *w = world_new();
    struct buf alone = BUF_INIT(MODEL_MAX_BYTES);
    (void)state;

    world_train(w);
    assert_ok(model_train(&w->tree, w->rows, w->count, &options, &alone, NULL), NULL);
    assert_int_equal(alone.n, w->bytes.n);
    assert_memory_equal(alone.p, w->bytes.p, alone.n);
    buf_clear(&alone);
    world_free(w);
}

/* Of a tree made of the labels, a leaf whose only title is held out would not be there:
 * it counts as one that could not be answered. A target's tree has it, and its name
 * helps. */
static void
a_leaf_nobody_else_has_counts_as_unknown_where_labels_made_the_tree(void **state)
{
    struct world *w = world_new();
    struct buf bytes = BUF_INIT(MODEL_MAX_BYTES);
    struct str shared = w->rows[0].category_id;
    uint32_t right[2], many = 0;
    (void)state;

    for (size_t i = 0; i < w->count; i++) {
        many += str_eq(w->rows[i].category_id, shared);
        for (size_t k = i + 1; k < w->count; k++)
            if (str_eq(w->rows[i].category_id, w->rows[k].category_id) &&
                !str_eq(w->rows[i].category_id, shared))
                w->rows[k--] = w->rows[--w->count];
    }
    assert_true(many > 1);
    for (int paths = 0; paths < 2; paths++) {
        struct model_options options = {.paths = paths == 1};
        struct model *m;

        buf_reset(&bytes);
        assert_ok(model_train(&w->tree, w->rows, w->count, &options, &bytes, NULL), NULL);
        assert_ok(model_open_bytes(buf_str(&bytes), &m, NULL), NULL);
        assert_int_equal(model_header(m)->measure.titles, w->count);
        right[paths] = model_header(m)->measure.right;
        model_close(m);
    }
    assert_true(right[0] > many);
    assert_true(right[1] > 0 && right[1] <= many);
    buf_clear(&bytes);
    world_free(w);
}

static struct str made_path(struct world *w, const char *format, const char *name)
{
    char path[80];

    snprintf(path, sizeof path, format, name);
    return arena_str(&w->arena, str_of(path));
}

/* Every second brand has a shelf of its own, as its label says, and one shirt on it. */
static void add_brands(struct world *w, size_t count)
{
    struct str paths[ROWS_MOST];

    w->count = 0;
    for (size_t i = 0; i < count; i++) {
        char brand[] = {
            'b', "aeiou"[i % 5], "dfglmn"[i / 5 % 6], "aeiou"[i / 30 % 5], 'x', 0};

        paths[i] =
            i % 2 ? STR_LIT("Shirts > Plain") : made_path(w, "Shirts > %s Shirts", brand);
        w->rows[w->count++] =
            (struct labelled){.text.title = made_path(w, "%s cotton shirt", brand),
                              .category_id = paths[i]};
    }
    assert_ok(paths_build(paths, count, &w->arena, &w->tree, NULL), NULL);
}

/* A brand never heard of may be one with a shelf of its own that is not there yet. What
 * tells so are the brands whose only title was held out, if the name of their shelf is
 * held out with it. */
static void a_shelf_that_is_not_there_yet_is_allowed_for(void **state)
{
    struct world *w = world_new();
    struct model_options options = {.paths = true};
    struct model_hit hits[CALIBRATE_TOP];
    (void)state;

    add_brands(w, 120);
    assert_ok(model_train(&w->tree, w->rows, w->count, &options, &w->bytes, NULL), NULL);
    assert_ok(model_open_bytes(buf_str(&w->bytes), &w->model, NULL), NULL);
    assert_true(ask(w, w->model, STR_LIT("Zurpo cotton shirt"), hits) > 0);
    assert_str(model_node_id(w->model, hits[0].leaf), "Shirts > Plain");
    if (hits[0].confidence < 0.3 || hits[0].confidence > 0.7)
        fail_msg("%.2f sure", hits[0].confidence);
    world_free(w);
}

/* One title of each leaf: none can be held out and asked about, so that nothing measured
 * says what they are worth, and nothing is told as measured. */
static void one_title_of_each_leaf_is_believed_in_a_measure(void **state)
{
    struct world *w = world_new();
    struct model_options options = {.paths = true};
    struct model_hit hits[CALIBRATE_TOP];
    struct str paths[ROWS_MOST];
    size_t count = 0;
    (void)state;

    add_brands(w, 120);
    for (size_t i = 0; i < w->count; i += 2) {
        paths[count] = w->rows[i].category_id;
        w->rows[count++] = w->rows[i];
    }
    w->count = count;
    assert_ok(paths_build(paths, count, &w->arena, &w->tree, NULL), NULL);
    assert_ok(model_train(&w->tree, w->rows, w->count, &options, &w->bytes, NULL), NULL);
    assert_ok(model_open_bytes(buf_str(&w->bytes), &w->model, NULL), NULL);
    assert_int_equal(model_header(w->model)->measure.titles, 0);
    for (size_t i = 0; i < count; i++) {
        assert_true(ask(w, w->model, w->rows[i].text.title, hits) > 0);
        assert_true(str_eq(model_node_id(w->model, hits[0].leaf), paths[i]));
        if (hits[0].confidence < 0.3)
            fail_msg("%.2f sure", hits[0].confidence);
    }
    world_free(w);
}

static void a_title_under_several_leaves_is_measured_as_one(void **state)
{
    struct world *w = world_new();
    size_t titles = w->count, twice = 8;
    (void)state;

    for (size_t i = 0; i < twice; i++) {
        w->rows[w->count] = w->rows[i];
        w->rows[w->count++].category_id = str_is(w->rows[i].category_id, "23")
                                              ? w->rows[i + twice].category_id
                                              : STR_LIT("23");
    }
    world_train(w);
    assert_int_equal(model_header(w->model)->taught, titles + twice);
    assert_int_equal(model_header(w->model)->measure.titles, titles);
    world_free(w);
}

static void the_words_that_decided_get_the_credit(void **state)
{
    struct world *w = world_new();
    struct model_hit hits[CALIBRATE_TOP];
    float credit[WORDS_MAX] = {0};
    (void)state;

    world_train(w);
    assert_true(ask(w, w->model, STR_LIT("Zzyzx rok plisket"), hits) > 0);
    model_explain(w->model, &w->scratch, hits[0].leaf, credit);
    assert_true(credit[1] > 0 && credit[1] > credit[0]);
    world_free(w);
}

static void a_look_alike_is_a_row_of_the_same_leaf(void **state)
{
    struct world *w = world_new();
    struct model_hit hits[CALIBRATE_TOP];
    uint32_t row;
    (void)state;

    world_train(w);
    assert_true(ask(w, w->model, STR_LIT("Rok plisket panjang"), hits) > 0);
    row = model_lookalike(w->model, &w->scratch, hits[0].leaf);
    assert_true(row != UINT32_MAX);
    assert_str(model_row_text(w->model, model_row(w->model, row)), "Rok plisket panjang");
    world_free(w);
}

/* ---- strange titles ---- */

static void strange_titles_are_survived(void **state)
{
    static char text[65536];
    struct world *w = world_new();
    struct model_hit hits[CALIBRATE_TOP];
    (void)state;

    world_train(w);
    ask(w, w->model, STR_LIT(""), hits);
    for (int c = 0; c < 256; c++) {
        char one = (char)c;

        ask(w, w->model, str_n(&one, 1), hits);
    }
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "rok plisket panjang "[i % 20];
    ask(w, w->model, str_n(text, sizeof text), hits);
    assert_str(model_node_id(w->model, hits[0].leaf), "23");
    memset(text, 'k', sizeof text);
    ask(w, w->model, str_n(text, sizeof text), hits);
    memset(text, 0xE0, sizeof text);
    ask(w, w->model, str_n(text, sizeof text), hits);
    ask(w, w->model, STR_LIT("rok \xFF\xFE \xE6\x97\xA5\xE6\x9C\xAC plisket"), hits);
    assert_str(model_node_id(w->model, hits[0].leaf), "23");
    world_free(w);
}

static void strange_rows_are_learnt_from(void **state)
{
    static char text[65536];
    struct world *w = world_new();
    (void)state;

    memset(text, 'k', sizeof text);
    w->rows[w->count++] =
        (struct labelled){{.title = str_n(text, sizeof text)}, STR_LIT("23")};
    w->rows[w->count++] = (struct labelled){{.title = STR_LIT("")}, STR_LIT("23")};
    w->rows[w->count++] =
        (struct labelled){{.title = STR_LIT("\xFF\xC0")}, STR_LIT("23")};
    w->rows[w->count++] = (struct labelled){
        {.title = STR_LIT("rok"), .description = str_n(text, sizeof text)},
        STR_LIT("23"),
    };
    world_train(w);
    world_free(w);
}

static void nothing_to_learn_from_is_no_failure(void **state)
{
    struct world *w = world_new();
    struct model_hit hits[CALIBRATE_TOP];
    (void)state;

    w->count = 0;
    world_train(w);
    assert_int_equal(model_header(w->model)->taught, 0);
    assert_true(ask(w, w->model, STR_LIT("Kaos kaki"), hits) > 0);
    w->tree = (struct taxonomy){0};
    world_train(w);
    assert_int_equal(ask(w, w->model, STR_LIT("Kaos kaki"), hits), 0);
    world_free(w);
}

/* ---- the file ---- */

/* Flips bytes at a place of the file and puts the header's digest right again when asked,
 * as a writer with bad intent would. */
struct damage {
    const char *what; /* words of the error */
    size_t at;
    char value;
    bool signed_again;
};

static enum aisle_status open_copy(const struct world *w, const struct damage *d,
                                   size_t bytes, struct aisle_err *err)
{
    char *copy = test_malloc(bytes + 1);
    struct model *m = NULL;
    enum aisle_status status;

    memcpy(copy, w->bytes.p, bytes);
    if (d && d->at < bytes)
        copy[d->at] = d->value;
    if (d && d->signed_again) {
        struct model_header *h = (struct model_header *)(void *)copy;

        h->digest = model_header_digest(h);
    }
    status = model_open_bytes(str_n(copy, bytes), &m, err);
    model_close(m);
    test_free(copy);
    return status;
}

static void a_damaged_foreign_or_newer_file_is_told_apart(void **state)
{
    const struct damage damages[] = {
        {"no model", 0, 'X', false},
        {"byte order", offsetof(struct model_header, mark), 1, false},
        {"version 77", offsetof(struct model_header, version), 77, false},
        {"damaged", offsetof(struct model_header, leaves), 1, false},
        {"damaged", offsetof(struct model_header, nodes) + 3, 1, true},
        {"damaged", offsetof(struct model_header, sections) + 5, 1, true},
        {"cut short", offsetof(struct model_header, bytes) + 2, 127, true},
    };
    struct world *w = world_new();
    (void)state;

    world_train(w);
    for (size_t i = 0; i < COUNT(damages); i++) {
        struct aisle_err err = {0};

        assert_int_equal(open_copy(w, &damages[i], w->bytes.n, &err), AISLE_GARBLED);
        if (!strstr(err.text, damages[i].what))
            fail_msg("not '%s': %s", damages[i].what, err.text);
    }
    world_free(w);
}

static void a_file_cut_short_anywhere_is_refused(void **state)
{
    struct world *w = world_new();
    (void)state;

    world_train(w);
    for (size_t n = 0; n < w->bytes.n; n += n < 400 ? 1 : 997)
        assert_int_equal(open_copy(w, NULL, n, NULL), AISLE_GARBLED);
    world_free(w);
}

/* Where it was not read through before: damage behind the header may make answers wrong,
 * and nothing worse. */
static void damage_behind_the_header_only_makes_answers_wrong(void **state)
{
    struct world *w = world_new();
    uint32_t seed = 11;
    char *copy;
    (void)state;

    world_train(w);
    copy = test_malloc(w->bytes.n);
    for (int round = 0; round < 60; round++) {
        struct model_hit hits[CALIBRATE_TOP];
        float credit[WORDS_MAX] = {0};
        struct model *m;
        size_t n;

        memcpy(copy, w->bytes.p, w->bytes.n);
        for (int k = 0; k < 2000; k++) {
            seed = seed * 1664525u + 1013904223u;
            copy[sizeof(struct model_header) +
                 (seed >> 4) % (w->bytes.n - sizeof(struct model_header))] =
                (char)(seed >> 3);
        }
        assert_ok(model_open_bytes(str_n(copy, w->bytes.n), &m, NULL), NULL);
        n = ask(w, m, STR_LIT("Kaos polos pria lengan pendek katun"), hits);
        for (size_t k = 0; k < n; k++) {
            uint32_t row = model_lookalike(m, &w->scratch, hits[k].leaf);

            model_node_id(m, hits[k].leaf);
            model_explain(m, &w->scratch, hits[k].leaf, credit);
            if (row != UINT32_MAX)
                model_row_text(m, model_row(m, row));
        }
        model_close(m);
    }
    test_free(copy);
    world_free(w);
}

static void a_model_on_disk_answers_as_the_one_in_memory(void **state)
{
    struct world *w = world_new();
    struct model_hit here[CALIBRATE_TOP], there[CALIBRATE_TOP];
    char dir[] = "/tmp/aisle-model-XXXXXX", path[64];
    struct aisle_err err = {0};
    struct model *m;
    size_t n;
    (void)state;

    world_train(w);
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/m", dir);
    assert_int_equal(model_open(path, &m, &err), AISLE_NOT_FOUND);
    assert_ok(model_save(buf_str(&w->bytes), path, &err), &err);
    assert_ok(model_open(path, &m, &err), &err);
    n = ask(w, w->model, STR_LIT("Rok plisket panjang"), here);
    assert_int_equal(n, ask(w, m, STR_LIT("Rok plisket panjang"), there));
    assert_memory_equal(here, there, n * sizeof *here);
    model_close(m);
    unlink(path);
    rmdir(dir);
    world_free(w);
}

static void a_bit_that_flipped_anywhere_on_disk_is_noticed(void **state)
{
    struct world *w = world_new();
    char dir[] = "/tmp/aisle-model-XXXXXX", path[64];
    struct aisle_err err = {0};
    struct model *m = NULL;
    (void)state;

    world_train(w);
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/m", dir);
    for (size_t i = 0; i <= 24; i++) { /* the last byte too */
        size_t at = i * (w->bytes.n - 1) / 24;

        w->bytes.p[at] ^= 0x40;
        assert_ok(model_save(buf_str(&w->bytes), path, &err), &err);
        w->bytes.p[at] ^= 0x40;
        assert_int_equal(model_open(path, &m, NULL), AISLE_GARBLED);
        assert_int_equal(model_open_whole(path, &m, NULL), AISLE_GARBLED);
    }
    unlink(path);
    rmdir(dir);
    world_free(w);
}

static void where_a_model_cannot_be_saved_is_known_beforehand(void **state)
{
    struct aisle_err err = {0};
    char dir[] = "/tmp/aisle-model-XXXXXX", path[64];
    (void)state;

    assert_non_null(mkdtemp(dir));
    assert_int_equal(model_may_save(dir, &err), AISLE_IO);
    assert_int_equal(model_may_save("/dev/null", &err), AISLE_CONFLICT);
    snprintf(path, sizeof path, "%s/m", dir);
    assert_ok(model_may_save(path, &err), &err);
    assert_int_equal(symlink("m", path), 0); /* to itself: nobody can look into it */
    assert_int_equal(model_may_save(path, &err), AISLE_IO);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0); /* nothing was left in it */
    assert_int_equal(model_may_save(path, &err), AISLE_IO);
}

static void a_training_ends_when_it_is_asked_to(void **state)
{
    struct world *w = world_new();
    atomic_bool stop = true;
    struct model_options options = {.stop = &stop};
    struct buf out = BUF_INIT(MODEL_MAX_BYTES);
    struct aisle_err err = {0};
    (void)state;

    assert_int_equal(model_train(&w->tree, w->rows, w->count, &options, &out, &err),
                     AISLE_STOPPED);
    assert_int_equal(out.n, 0);
    buf_clear(&out);
    world_free(w);
}

/* ---- without memory ---- */

static enum aisle_status train_and_ask(void *ctx, struct aisle_err *err)
{
    struct world *w = ctx;
    struct model_options options = {.one_thread = true};
    struct product_text text = {.title = STR_LIT("kaos pria")};
    struct buf out = BUF_INIT(MODEL_MAX_BYTES);
    struct model_scratch scratch = {0};
    struct model *m = NULL;
    enum aisle_status status =
        model_train(&w->tree, w->rows, w->count, &options, &out, err);

    if (status == AISLE_OK)
        status = model_open_bytes(buf_str(&out), &m, err);
    if (status == AISLE_OK)
        status = features_make(&w->maker, &text, &w->features, err);
    if (status == AISLE_OK)
        status = model_score(m, &scratch, &w->features, err);
    model_scratch_clear(&scratch);
    model_close(m);
    buf_clear(&out);
    return status;
}

static void failing_memory_is_reported_and_nothing_leaks(void **state)
{
    struct world *w = world_new();
    (void)state;

    w->count = 8;
    assert_true(each_allocation_failing(train_and_ask, w) > 20);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_taught_title_is_answered_with_what_it_was_taught_as),
        cmocka_unit_test(a_leaf_that_no_row_was_taught_as_is_found_by_its_name),
        cmocka_unit_test(chinese_japanese_and_korean_words_are_known_by_two_signs),
        cmocka_unit_test(words_that_no_row_had_leave_the_others_no_louder),
        cmocka_unit_test(where_there_is_one_leaf_alone_what_was_taught_is_known),
        cmocka_unit_test(confidences_fall_along_the_list_and_sum_to_at_most_one),
        cmocka_unit_test(rows_of_categories_that_the_tree_lacks_are_counted),
        cmocka_unit_test(the_order_of_the_rows_does_not_matter),
        cmocka_unit_test(one_thread_learns_what_two_do),
        cmocka_unit_test(
            a_leaf_nobody_else_has_counts_as_unknown_where_labels_made_the_tree),
        cmocka_unit_test(a_shelf_that_is_not_there_yet_is_allowed_for),
        cmocka_unit_test(one_title_of_each_leaf_is_believed_in_a_measure),
        cmocka_unit_test(a_title_under_several_leaves_is_measured_as_one),
        cmocka_unit_test(the_words_that_decided_get_the_credit),
        cmocka_unit_test(a_look_alike_is_a_row_of_the_same_leaf),
        cmocka_unit_test(strange_titles_are_survived),
        cmocka_unit_test(strange_rows_are_learnt_from),
        cmocka_unit_test(nothing_to_learn_from_is_no_failure),
        cmocka_unit_test(a_damaged_foreign_or_newer_file_is_told_apart),
        cmocka_unit_test(a_file_cut_short_anywhere_is_refused),
        cmocka_unit_test(damage_behind_the_header_only_makes_answers_wrong),
        cmocka_unit_test(a_model_on_disk_answers_as_the_one_in_memory),
        cmocka_unit_test(a_bit_that_flipped_anywhere_on_disk_is_noticed),
        cmocka_unit_test(where_a_model_cannot_be_saved_is_known_beforehand),
        cmocka_unit_test(a_training_ends_when_it_is_asked_to),
        cmocka_unit_test(failing_memory_is_reported_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

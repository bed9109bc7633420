/* image.c - images by hand: judged, mended into a folder, brought to a shop */
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "cli/wire.h"
#include "flows/one_image.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { FOLDER_MAX = 100000 };

enum doing { CHECK, FIX, PUSH };

struct imaging {
    struct cli *cli;
    enum doing doing;
    struct images *images;
    struct str *list; /* locations: operands, folders opened */
    size_t count, cap;
    bool begun; /* the first row, or their end, was come to */
    bool folder_made;
    size_t right, mended, wrong, failed, sent, there;
    enum aisle_status worst; /* of those that failed */
};

/* ---- which ones ---- */

static enum aisle_status add(struct imaging *m, struct str location,
                             struct aisle_err *err)
{
    if (m->count == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 64;
        struct str *list = arena_alloc(&m->cli->arena, cap * sizeof *list);

        if (!list)
            return aisle_nomem(err);
        if (m->count)
            memcpy(list, m->list, m->count * sizeof *list);
        m->list = list;
        m->cap = cap;
    }
    m->list[m->count++] = location;
    return AISLE_OK;
}

static bool names_image(struct str name)
{
    static const char *const endings[] = {".jpg", ".jpeg", ".png",  ".webp", ".gif",
                                          ".bmp", ".heic", ".heif", ".tif",  ".tiff"};

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct str ending = str_of(endings[i]);

        if (name.n > ending.n && str_eq_nocase(str_skip(name, name.n - ending.n), ending))
            return true;
    }
    return false;
}

static int by_name(const void *a, const void *b)
{
    const struct str *x = a, *y = b;

    return strcmp(x->p, y->p);
}

/* What lies in it and is named like an image, by name; folders within are left alone. */
static enum aisle_status add_folder(struct imaging *m, struct str folder,
                                    struct aisle_err *err)
{
    struct str path = arena_str(&m->cli->arena, folder);
    DIR *d = path.p ? opendir(path.p) : NULL;
    size_t first = m->count;
    enum aisle_status status = AISLE_OK;
    const struct dirent *e;

    if (!d)
        return aisle_fail(err, AISLE_IO, "cannot read %.*s: %s", STR_ARG(folder),
                          strerror(errno));
    while (status == AISLE_OK && (e = readdir(d))) {
        struct str name = str_of(e->d_name), whole;

        if (!names_image(name))
            continue;
        whole =
            arena_fmt(&m->cli->arena, "%.*s/%.*s",
                      (int)(folder.n - str_ends(folder, "/")), folder.p, STR_ARG(name));
        status = whole.p ? add(m, whole, err) : aisle_nomem(err);
        if (status == AISLE_OK && m->count - first > FOLDER_MAX)
            status = aisle_fail(err, AISLE_LIMIT, "%.*s has over %d images",
                                STR_ARG(folder), FOLDER_MAX);
    }
    closedir(d);
    if (status == AISLE_OK && m->count > first)
        qsort(m->list + first, m->count - first, sizeof *m->list, by_name);
    return status;
}

static bool is_folder(struct imaging *m, struct str path)
{
    struct str z = arena_str(&m->cli->arena, path);
    struct stat st;

    return z.p && stat(z.p, &st) == 0 && S_ISDIR(st.st_mode);
}

static enum aisle_status gather(struct imaging *m, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < m->cli->args.operand_count; i++) {
        struct str operand = m->cli->args.operands[i];

        status =
            is_folder(m, operand) ? add_folder(m, operand, err) : add(m, operand, err);
    }
    return status;
}

/* ---- one ---- */

static void say_findings(const struct image_taken *t, struct buf *out)
{
    for (size_t i = 0; i < t->findings.count; i++) {
        const struct finding *f = &t->findings.rows[i];

        buf_addf(out, "%s%.*s", i ? "; " : "", STR_ARG(f->what));
        if (f->found.n || f->allowed.n)
            buf_addf(out, " (%.*s%s%.*s)", STR_ARG(f->found),
                     f->found.n && f->allowed.n ? "; allowed " : "", STR_ARG(f->allowed));
    }
}

static void put_facts(struct out *out, const struct image_facts *f)
{
    out_str(out, str_of(image_kind_name(f->kind)));
    out_int(out, f->width);
    out_int(out, f->height);
    out_int(out, (int64_t)f->bytes);
}

static const char *codes_of(const struct image_taken *t)
{
    for (size_t i = 0; i < t->findings.count; i++)
        if (t->findings.rows[i].code[0])
            return t->findings.rows[i].code;
    return "";
}

static enum aisle_status put_row(struct imaging *m, const struct image_taken *t,
                                 const char *verdict, struct str what, struct str where,
                                 struct aisle_err *err)
{
    struct out *out = &m->cli->out;

    out_str(out, t->location);
    out_str(out, str_of(verdict));
    put_facts(out, &t->facts);
    out_opt(out, what);
    if (m->doing != CHECK)
        out_opt(out, where);
    out_opt(out, str_of(codes_of(t)));
    out_int(out, (int64_t)t->findings.errors);
    out_int(out, (int64_t)t->findings.warnings);
    return out_row(out, err);
}

/* "a file.gif" that became a JPEG is "FOLDER/a file.jpg". */
static struct str output_path(struct imaging *m, const struct image_taken *t)
{
    struct str folder = cli_text(m->cli, "output"), name = t->location;
    const char *ending = t->facts.kind == IMAGE_PNG ? "png" : "jpg";

    if (str_starts(name, "http://") || str_starts(name, "https://"))
        name = str_head(name, str_find_char(name, '?'));
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '/') {
            name = str_skip(name, i);
            break;
        }
    for (size_t i = name.n; i > 1; i--)
        if (name.p[i - 1] == '.') {
            name = str_head(name, i - 1);
            break;
        }
    return arena_fmt(&m->cli->arena, "%.*s/%.*s.%s", STR_ARG(folder), STR_ARG(name),
                     ending);
}

/* The folder for mended images, and those it lies in. */
static enum aisle_status make_folder(struct str folder, struct aisle_err *err)
{
    char path[4096];

    if (folder.n >= sizeof path)
        return aisle_fail(err, AISLE_INVALID, "the folder's name is too long");
    memcpy(path, folder.p, folder.n);
    path[folder.n] = '\0';
    for (size_t end = 1; end <= folder.n; end++) {
        if (end < folder.n && folder.p[end] != '/')
            continue;
        path[end] = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            return aisle_fail(err, AISLE_IO, "cannot make the folder %s: %s", path,
                              strerror(errno));
        path[end] = end < folder.n ? '/' : '\0';
    }
    return AISLE_OK;
}

static enum aisle_status write_mended(struct imaging *m, const struct image_taken *t,
                                      struct str *where, struct aisle_err *err)
{
    struct str path = output_path(m, t);

    *where = STR_LIT("");
    if (!path.p)
        return aisle_nomem(err);
    *where = path;
    if (cli_switch(m->cli, "dry-run"))
        return AISLE_OK;
    if (!m->folder_made) {
        enum aisle_status status = make_folder(cli_text(m->cli, "output"), err);

        if (status != AISLE_OK)
            return status;
        m->folder_made = true;
    }
    return cli_write(path, t->bytes, 0644, cli_switch(m->cli, "replace"), err);
}

static enum aisle_status push(struct imaging *m, const struct image_taken *t,
                              struct str what, struct aisle_err *err)
{
    struct pushed_image pushed;
    bool is_new;
    enum aisle_status status = images_push(m->images, t, &pushed, &is_new, err);

    if (status != AISLE_OK)
        return status;
    m->sent += is_new;
    m->there += !is_new;
    return put_row(m, t, is_new ? "pushed" : "there", what, pushed.uri, err);
}

static enum aisle_status tell_one(struct imaging *m, const struct image_taken *t,
                                  struct buf *words, struct aisle_err *err)
{
    struct str where = STR_LIT("");
    enum aisle_status status = AISLE_OK;
    bool wrong = t->findings.errors > 0;

    if (t->mended)
        buf_add(words, t->told);
    else if (t->unmended.n)
        buf_add(words, t->unmended);
    else
        say_findings(t, words);
    m->wrong += wrong && !t->mendable;
    m->right += !wrong && !t->mended && !t->mendable;
    m->mended += t->mended || t->mendable;
    if (m->doing == PUSH && !wrong)
        return push(m, t, buf_str(words), err);
    if (m->doing == FIX && t->mended)
        status = write_mended(m, t, &where, err);
    if (status != AISLE_OK)
        return status;
    return put_row(m, t,
                   t->mended     ? "mended"
                   : t->mendable ? "mendable"
                   : wrong       ? "wrong"
                                 : "right",
                   buf_str(words), where, err);
}

/* One that is not to be had, is none or was refused does not keep the others waiting. */
static bool goes_on(enum aisle_status status)
{
    return status == AISLE_NOT_FOUND || status == AISLE_INVALID ||
           status == AISLE_REFUSED || status == AISLE_CONFLICT || status == AISLE_LIMIT;
}

/* Nothing is written before it is known that there will be rows. */
static enum aisle_status begin_rows(struct imaging *m, struct aisle_err *err)
{
    bool begun = m->begun;

    m->begun = true;
    return begun ? AISLE_OK : out_begin_work(&m->cli->out, m->cli->command->columns, err);
}

static enum aisle_status each(void *ctx, struct images *of, struct str location,
                              const struct image_taken *t, const struct aisle_err *why,
                              struct aisle_err *err)
{
    struct imaging *m = ctx;
    struct buf words = BUF_INIT(BUF_MAX_LINE);
    struct aisle_err one = *why;
    enum aisle_status status = begin_rows(m, err);

    if (status != AISLE_OK)
        return status;
    m->images = of;
    status = why->status;
    if (t)
        status = tell_one(m, t, &words, &one);
    buf_clear(&words);
    if (status == AISLE_OK)
        return AISLE_OK;
    aisle_note(&one, "in %.*s", STR_ARG(location));
    if (!goes_on(status)) {
        aisle_pass(err, &one);
        return status;
    }
    m->failed++;
    m->worst = status;
    say_error(&m->cli->voice, &one, STR_LIT(""));
    return AISLE_OK;
}

/* ---- the end of it ---- */

static void tell_end(struct imaging *m)
{
    static const char *const mended[] = {"can be mended", "mended", "mended"};
    struct buf text = BUF_INIT(BUF_MAX_LINE);

    buf_addf(&text, "%zu %s: %zu right, %zu %s, %zu wrong", m->count,
             say_noun((int64_t)m->count, "image", "images"), m->right, m->mended,
             mended[m->doing], m->wrong);
    if (m->failed)
        buf_addf(&text, ", %zu failed", m->failed);
    if (m->doing == PUSH)
        buf_addf(&text, "; %zu pushed, %zu there already", m->sent, m->there);
    say(&m->cli->voice, "%.*s", STR_ARG(buf_str(&text)));
    buf_clear(&text);
}

static void set_exit(struct imaging *m)
{
    if (m->failed)
        m->cli->exit_code = m->failed < m->count ? EXIT_PARTLY : exit_of(m->worst);
    else if (m->wrong || (m->doing == CHECK && m->mended))
        m->cli->exit_code = EXIT_FINDINGS;
}

static enum aisle_status open_terms(struct imaging *m, struct images_terms *out,
                                    struct aisle_err *err)
{
    struct cli *cli = m->cli;

    *out = (struct images_terms){.push = m->doing == PUSH,
                                 .fix = m->doing == FIX,
                                 .root = cli_text(cli, "image-root"),
                                 .allow_private = cli_switch(cli, "allow-private")};
    image_use_parse(cli_text(cli, "use"), &out->use); /* a choice */
    if (m->doing == PUSH) {
        out->fix = cli_switch(cli, "fix");
        out->target = cli_text(cli, "target");
        out->seller_id = cli_text(cli, "seller");
        return cli_open(cli, err);
    }
    listing_profile_parse(cli_text(cli, "profile"), &out->profile);
    out->market = cli_text(cli, "market");
    return cli_open_bare(cli, err);
}

static enum aisle_status run(struct cli *cli, enum doing doing, struct aisle_err *err)
{
    struct imaging m = {.cli = cli, .doing = doing};
    struct images_terms terms;
    enum aisle_status status = gather(&m, err);

    if (status == AISLE_OK)
        status = open_terms(&m, &terms, err);
    if (status == AISLE_OK)
        status = images_each(&cli->app, &terms, m.list, m.count, each, &m, err);
    if (status == AISLE_OK)
        status = begin_rows(&m, err);
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (status == AISLE_OK) {
        tell_end(&m);
        set_exit(&m);
    }
    return status;
}

static enum aisle_status run_check(struct cli *cli, struct aisle_err *err)
{
    return run(cli, CHECK, err);
}

static enum aisle_status run_fix(struct cli *cli, struct aisle_err *err)
{
    if (str_empty(cli_text(cli, "output")))
        return cli_misuse(cli, err, "say with --output which folder mended images go to");
    return run(cli, FIX, err);
}

static enum aisle_status run_push(struct cli *cli, struct aisle_err *err)
{
    return run(cli, PUSH, err);
}

/* clang-format off */
#define OPTION_USE {.name = "use", .kind = OPTION_CHOICE, .argument = "USE", \
     .choices = "main variant description certificate size-chart", .fallback = "main", \
     .help = "what they are for: it decides sides and shape"}
#define OPTIONS_WHERE \
    {.name = "image-root", .kind = OPTION_FILE, .argument = "FOLDER", \
     .help = "folder that relative image paths are under"}, \
    {.name = "allow-private", .kind = OPTION_SWITCH, \
     .help = "fetch images from private addresses too"}
#define OPTIONS_RULES \
    {.name = "market", .kind = OPTION_TEXT, .argument = "REGION", \
     .help = "such as ID; without it what is alike in all"}, \
    {.name = "profile", .kind = OPTION_CHOICE, .argument = "WHICH", \
     .choices = "current 202309", .fallback = "current", \
     .help = "the rules as they read now, or as they did"}
#define COLUMNS_FACTS \
    {.name = "kind", .kind = COLUMN_ID, .help = "found in its bytes, not its name"}, \
    {.name = "width", .kind = COLUMN_COUNT, .help = "pixels"}, \
    {.name = "height", .kind = COLUMN_COUNT, .help = "pixels"}, \
    {.name = "bytes", .kind = COLUMN_COUNT, .help = "of the file"}, \
    {.name = "what", .kind = COLUMN_TEXT, .help = "what is wrong, or was done"}
#define COLUMNS_MORE \
    {.name = "code", .kind = COLUMN_ID, .detail = true, .help = "the marketplace's"}, \
    {.name = "errors", .kind = COLUMN_COUNT, .detail = true, .help = "would be refused"}, \
    {.name = "warnings", .kind = COLUMN_COUNT, .detail = true, .help = "would be changed"}
/* clang-format on */

static const struct column check_columns[] = {
    {.name = "image", .kind = COLUMN_PATH, .help = "as it was named"},
    {.name = "verdict", .kind = COLUMN_ID, .help = "right, mendable or wrong"},
    COLUMNS_FACTS,
    COLUMNS_MORE,
    END_OF_COLUMNS,
};

static const struct option check_options[] = {OPTION_USE, OPTIONS_RULES, OPTIONS_WHERE,
                                              END_OF_OPTIONS};

static const struct example check_examples[] = {
    {"aisle image check images", "every image in a folder"},
    {"aisle image check --use size-chart https://example.com/sizes.png",
     "one by its address, as a size chart"},
    END_OF_EXAMPLES,
};

const struct command command_image_check = {
    .noun = "image",
    .verb = "check",
    .operands = "IMAGE...",
    .summary = "whether the marketplace will take images, and which can be mended",
    .about =
        "IMAGE is a file, an address or a folder. What an image is comes from its bytes, "
        "not from its name. Nothing is changed and nothing is sent. Exit code 6 when one "
        "is not right as it is.\n\n"
        "A picture that is too small is wrong: pictures are not enlarged.",
    .examples = check_examples,
    .options = check_options,
    .columns = check_columns,
    .uses = USES_ROWS | USES_SETTINGS,
    .run = run_check,
};

static const struct column fix_columns[] = {
    {.name = "image", .kind = COLUMN_PATH, .help = "as it was named"},
    {.name = "verdict", .kind = COLUMN_ID, .help = "right, mended or wrong"},
    COLUMNS_FACTS,
    {.name = "file", .kind = COLUMN_PATH, .help = "where the mended one is"},
    COLUMNS_MORE,
    END_OF_COLUMNS,
};

static const struct option fix_options[] = {
    {.name = "output",
     .letter = 'o',
     .kind = OPTION_FILE,
     .argument = "FOLDER",
     .help = "where mended images go; made with the first of them"},
    {.name = "replace", .kind = OPTION_SWITCH, .help = "write over what is there"},
    OPTION_USE,
    OPTIONS_RULES,
    OPTIONS_WHERE,
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example fix_examples[] = {
    {"aisle image fix images --output mended", "what can be mended, into another folder"},
    END_OF_EXAMPLES,
};

const struct command command_image_fix = {
    .noun = "image",
    .verb = "fix",
    .operands = "IMAGE...",
    .summary = "mend images into another folder; the originals stay",
    .about =
        "Turned upright, sRGB without metadata, shrunk to fit, on white where they have "
        "to be square, a JPEG where their format is not taken, lighter where they are "
        "too heavy. Images that are right are not copied. Exit code 6 when one cannot be "
        "mended.\n\n"
        "Each image is decoded in a process of its own with limits on memory, time and "
        "files. What was mended is kept (image-cache), so that it is mended once.",
    .examples = fix_examples,
    .options = fix_options,
    .columns = fix_columns,
    .uses = USES_ROWS | USES_SETTINGS,
    .run = run_fix,
};

static const struct column push_columns[] = {
    {.name = "image", .kind = COLUMN_PATH, .help = "as it was named"},
    {.name = "verdict", .kind = COLUMN_ID, .help = "pushed, there or wrong"},
    COLUMNS_FACTS,
    {.name = "uri", .kind = COLUMN_ID, .help = "what calls refer to it by"},
    COLUMNS_MORE,
    END_OF_COLUMNS,
};

static const struct option push_options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    OPTION_USE,
    {.name = "fix", .kind = OPTION_SWITCH, .help = "mend what can be mended first"},
    OPTIONS_WHERE,
    END_OF_OPTIONS,
};

static const struct example push_examples[] = {
    {"aisle image push sizes.png --use size-chart --fix", "bring one to the shop"},
    {"aisle image push images --fields image,uri", "a folder, and the uris they got"},
    END_OF_EXAMPLES,
};

const struct command command_image_push = {
    .noun = "image",
    .verb = "push",
    .operands = "IMAGE...",
    .summary = "bring images to a shop and tell their uris",
    .about = "Equal bytes are sent once a shop and use: a uri that is known already is "
             "told again. An image that would be refused is not sent; exit code 6 then.",
    .examples = push_examples,
    .options = push_options,
    .columns = push_columns,
    .uses = USES_STORE | USES_ROWS | USES_CALLS,
    .run = run_push,
};

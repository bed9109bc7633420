/* model_open.c - the newest model of a seller and target, from wherever it is kept
 *
 * Where objects are files of this machine, it is mapped as it lies there. From an object
 * store it is fetched once into a folder of this machine, and mapped from there by every
 * process that comes after.
 */
#include "flows/models.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_NAME = 200, FILE_PATH = 4096 };

/* "SELLER/models/TARGET/STAMP-HASH.model" */
bool model_key_is(struct str key)
{
    struct str rest = str_skip(key, str_find_char(key, '/') + 1);

    return str_starts(rest, "models/");
}

/* ---- the folder of this machine ---- */

/* Its copies of one seller's models of one target begin alike. */
static void name_of(const struct trained_model *m, char out[FILE_NAME], size_t *alike)
{
    struct str last = m->key;
    size_t at;

    while ((at = str_find_char(last, '/')) < last.n)
        last = str_skip(last, at + 1);
    *alike =
        (size_t)snprintf(out, FILE_NAME, "%016llx-",
                         (unsigned long long)(str_hash(m->seller_id) * 1099511628211u ^
                                              str_hash(m->target_id)));
    snprintf(out + *alike, FILE_NAME - *alike, "%.*s", STR_ARG(last));
}

/* Those before go; who has one mapped keeps it. */
static void drop_others(const char *folder, const char *name, size_t alike)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    char path[FILE_PATH];

    while (dir && (entry = readdir(dir)))
        if (strncmp(entry->d_name, name, alike) == 0 &&
            strcmp(entry->d_name, name) != 0 &&
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) <
                (int)sizeof path)
            unlink(path);
    if (dir)
        closedir(dir);
}

static enum aisle_status make_folder(char *path, struct aisle_err *err)
{
    for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return aisle_fail(err, AISLE_IO, "cannot make the folder %s", path);
        *at = '/';
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return aisle_fail(err, AISLE_IO, "cannot make the folder %s", path);
    return AISLE_OK;
}

static enum aisle_status fetch(const struct app *app, const struct trained_model *m,
                               const char *path, struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(MODEL_MAX_BYTES);
    enum aisle_status status =
        app->objects ? objects_get(app->objects, m->key, MODEL_MAX_BYTES, &bytes, err)
                     : aisle_fail(err, AISLE_NOT_FOUND,
                                  "there is no place it could be fetched from");

    if (status == AISLE_OK)
        status = model_save(buf_str(&bytes), path, err);
    buf_clear(&bytes);
    return status;
}

static enum aisle_status open_copy(const struct app *app, const struct trained_model *m,
                                   struct model **out, struct aisle_err *err)
{
    char folder[FILE_PATH], name[FILE_NAME], path[FILE_PATH + FILE_NAME];
    struct aisle_err none = {0};
    size_t alike;
    enum aisle_status status;

    if (str_empty(app->model_folder) ||
        snprintf(folder, sizeof folder, "%.*s", STR_ARG(app->model_folder)) >=
            (int)sizeof folder)
        return aisle_fail(err, AISLE_NOT_FOUND, "this machine has no folder for models");
    name_of(m, name, &alike);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    status = model_open_whole(path, out, &none);
    if (status == AISLE_OK)
        return AISLE_OK;
    status = make_folder(folder, err);
    if (status == AISLE_OK)
        status = fetch(app, m, path, err);
    if (status == AISLE_OK)
        status = model_open_whole(path, out, err);
    if (status == AISLE_OK)
        drop_others(folder, name, alike);
    return status;
}

static enum aisle_status open_one(const struct app *app, const struct trained_model *m,
                                  struct model **out, struct aisle_err *err)
{
    char path[FILE_PATH];

    if (m->version > MODEL_VERSION)
        return aisle_fail(err, AISLE_INVALID, "it was trained by a newer program");
    if (m->version < MODEL_VERSION)
        return aisle_fail(
            err, AISLE_INVALID,
            "it was trained by an older program, and workers or aisle model "
            "train make it anew");
    if (app->objects && objects_path(app->objects, m->key, path, sizeof path))
        return model_open_whole(path, out, err);
    return open_copy(app, m, out, err);
}

enum aisle_status flow_model_check(const struct app *app, const struct trained_model *m,
                                   struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(MODEL_MAX_BYTES);
    struct model *opened = NULL;
    char path[FILE_PATH];
    enum aisle_status status;

    if (objects_path(app->objects, m->key, path, sizeof path)) {
        status = model_open_whole(path, &opened, err);
    } else {
        status = objects_get(app->objects, m->key, MODEL_MAX_BYTES, &bytes, err);
        if (status == AISLE_OK)
            status = model_open_bytes(buf_str(&bytes), &opened, err);
    }
    model_close(opened);
    buf_clear(&bytes);
    return status;
}

/* ---- the newest ---- */

static bool is_gone(enum aisle_status status)
{
    return status == AISLE_NOT_FOUND || status == AISLE_GARBLED;
}

enum aisle_status flow_model_open(const struct app *app, struct str seller_id,
                                  struct str target_id, struct arena *arena,
                                  struct model **out, struct str *key,
                                  struct aisle_err *err)
{
    struct aisle_err why = {0};
    struct trained_model m;
    enum aisle_status status =
        app->store->ops->models->get(app->store, seller_id, target_id, arena, &m, &why);

    *out = NULL;
    *key = STR_LIT("");
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    if (status == AISLE_OK) {
        *key = m.key;
        status = open_one(app, &m, out, &why);
        if (status != AISLE_OK && status != AISLE_NOMEM && status != AISLE_STOPPED) {
            log_line(app->log, LOG_WARN,
                     "%.*s: %s; going on with names and approvals alone%s",
                     STR_ARG(m.key), why.text,
                     app->objects && is_gone(status) ? "; aisle model train makes it anew"
                                                     : "");
            return AISLE_OK;
        }
    }
    if (status != AISLE_OK)
        aisle_pass(err, &why);
    return status;
}

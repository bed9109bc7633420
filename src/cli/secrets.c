#include "cli/secrets.h"

#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const struct secret_variable secret_variables[] = {
    {"AISLE_KEY", "the key that shops' tokens are sealed with, 64 hexadecimal digits"},
    {"TIKTOK_APP_KEY", "a TikTok Shop app's key"},
    {"TIKTOK_APP_SECRET", "its secret"},
    {"TIKTOK_APP_ACCESS_KEY", "a shop's access token"},
    {"TIKTOK_REFRESH_TOKEN", "the refresh token that came with it"},
    {"TIKTOK_SHOP_CIPHER", "the shop's cipher"},
    {"TOKOPEDIA_CLIENT_ID", "a Tokopedia app's client id"},
    {"TOKOPEDIA_CLIENT_SECRET", "its secret"},
    {"TOKOPEDIA_FS_ID", "the fs_id it acts for"},
    {"AISLE_S3_KEY_ID", "the id of an object store's key"},
    {"AISLE_S3_SECRET", "its secret"},
    {"AISLE_S3_SESSION", "the session that came with a temporary key"},
    {"AISLE_SANDBOX_URL", "where a sandbox is"},
    {"AISLE_SANDBOX_TOKEN", "what lets one steer it"},
    {NULL, NULL},
};

static enum aisle_status check_rights(int fd, struct str path, struct aisle_err *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return aisle_fail(err, AISLE_CONFIG, "%.*s is not a file", STR_ARG(path));
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return aisle_fail(err, AISLE_CONFIG, "%.*s belongs to another user",
                          STR_ARG(path));
    if (st.st_mode & 077)
        return aisle_fail(err, AISLE_CONFIG,
                          "%.*s holds a secret and others may read it (mode %03o); "
                          "chmod 400 it",
                          STR_ARG(path), (unsigned)st.st_mode & 0777);
    return AISLE_OK;
}

enum aisle_status secret_read_file(struct str path, struct buf *out,
                                   struct aisle_err *err)
{
    char zpath[4096], piece[4096];
    enum aisle_status status;
    ssize_t n;
    int fd;

    if (path.n >= sizeof(zpath))
        return aisle_fail(err, AISLE_CONFIG, "path of %zu bytes is too long", path.n);
    memcpy(zpath, path.p, path.n);
    zpath[path.n] = '\0';
    fd = open(zpath, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return aisle_fail(err, errno == ENOENT ? AISLE_NOT_FOUND : AISLE_CONFIG,
                          "cannot read %s: %s", zpath, strerror(errno));
    status = check_rights(fd, path, err);
    while (status == AISLE_OK && (n = read(fd, piece, sizeof(piece))) != 0) {
        if (n < 0)
            status = aisle_fail(err, AISLE_CONFIG, "cannot read %s: %s", zpath,
                                strerror(errno));
        else
            buf_add(out, str_n(piece, (size_t)n));
    }
    secret_wipe(piece, sizeof(piece));
    close(fd);
    return status == AISLE_OK ? buf_check(out, "secret file", err) : status;
}

/* Keys of a file; *found false when there is no such file. */
static enum aisle_status vault_from_file(struct str path, struct vault *out, bool *found,
                                         struct aisle_err *err)
{
    struct buf text = BUF_INIT(SECRET_MAX_FILE);
    struct aisle_err mine = {0};
    enum aisle_status status = secret_read_file(path, &text, &mine);

    *found = status != AISLE_NOT_FOUND;
    if (status == AISLE_OK) {
        status = vault_parse(buf_str(&text), out, &mine);
        if (status != AISLE_OK)
            aisle_note(&mine, "in %.*s", STR_ARG(path));
    }
    if (text.p)
        secret_wipe(text.p, text.n);
    buf_clear(&text);
    if (status != AISLE_OK && *found) {
        aisle_pass(err, &mine);
        return status;
    }
    return AISLE_OK;
}

enum aisle_status secret_vault(struct str key_file, struct arena *arena,
                               struct vault *out, struct str *from, struct aisle_err *err)
{
    const char *variable = getenv("AISLE_KEY"), *folder = getenv("CREDENTIALS_DIRECTORY");
    enum aisle_status status;
    struct str path;
    bool found;

    *out = (struct vault){0};
    if (from)
        *from = STR_LIT("");
    if (variable && *variable) {
        if (from)
            *from = STR_LIT("AISLE_KEY");
        status = vault_parse(str_of(variable), out, err);
        if (status != AISLE_OK)
            aisle_note(err, "in AISLE_KEY");
        return status;
    }
    if (folder && *folder) {
        path = arena_fmt(arena, "%s/aisle.key", folder);
        if (!path.p)
            return aisle_nomem(err);
        status = vault_from_file(path, out, &found, err);
        if (from && found)
            *from = path;
        if (status != AISLE_OK || found)
            return status;
    }
    status = vault_from_file(key_file, out, &found, err);
    if (from && found)
        *from = key_file;
    return status;
}

/* ---- the key of an object store ---- */

static enum aisle_status objects_from_text(struct str text, struct arena *arena,
                                           struct objects_settings *out,
                                           struct aisle_err *err)
{
    struct str *const lines[] = {&out->key_id, &out->secret, &out->session};

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        *lines[i] = arena_str(arena, str_trim(str_cut(&text, '\n')));
        if (!lines[i]->p)
            return aisle_nomem(err);
    }
    return AISLE_OK;
}

static enum aisle_status objects_from_file(struct str path, struct arena *arena,
                                           struct objects_settings *out,
                                           struct aisle_err *err)
{
    struct buf text = BUF_INIT(SECRET_MAX_FILE);
    struct aisle_err mine = {0};
    enum aisle_status status = secret_read_file(path, &text, &mine);

    if (status == AISLE_OK)
        status = objects_from_text(buf_str(&text), arena, out, &mine);
    if (text.p)
        secret_wipe(text.p, text.n);
    buf_clear(&text);
    aisle_pass(status == AISLE_NOT_FOUND ? NULL : err, &mine);
    return status;
}

enum aisle_status secret_objects(struct str key_file, struct arena *arena,
                                 struct objects_settings *out, struct aisle_err *err)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    enum aisle_status status = AISLE_NOT_FOUND;
    struct str path;

    out->key_id = str_of(getenv("AISLE_S3_KEY_ID"));
    out->secret = str_of(getenv("AISLE_S3_SECRET"));
    out->session = str_of(getenv("AISLE_S3_SESSION"));
    if (!str_empty(out->key_id))
        return AISLE_OK;
    if (folder && *folder) {
        path = arena_fmt(arena, "%s/aisle.s3", folder);
        if (!path.p)
            return aisle_nomem(err);
        status = objects_from_file(path, arena, out, err);
    }
    if (status == AISLE_NOT_FOUND)
        status = objects_from_file(key_file, arena, out, err);
    return status == AISLE_NOT_FOUND ? AISLE_OK : status;
}

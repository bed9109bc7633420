#include "feeds/seen.h"

#include "base/mem.h"
#include "base/status.h"

enum { FIRST_ROOM = 1024 };

void seen_clear(struct seen *s)
{
    mem_free(s->hashes);
    mem_free(s->lines);
    *s = (struct seen){0};
}

/* FNV's low bits are its best, but 0 is taken. */
static uint64_t hash_of(struct str id)
{
    uint64_t hash = str_hash(id);

    return hash ? hash : 1;
}

static size_t place_of(const struct seen *s, uint64_t hash)
{
    size_t at = (size_t)(hash ^ hash >> 32) & (s->room - 1);

    while (s->hashes[at] != 0 && s->hashes[at] != hash)
        at = (at + 1) & (s->room - 1);
    return at;
}

static enum aisle_status grow(struct seen *s, struct aisle_err *err)
{
    struct seen larger = {.room = s->room ? s->room * 2 : FIRST_ROOM, .count = s->count};

    larger.hashes = mem_zalloc(larger.room, sizeof *larger.hashes);
    larger.lines = mem_zalloc(larger.room, sizeof *larger.lines);
    if (!larger.hashes || !larger.lines) {
        seen_clear(&larger);
        return aisle_nomem(err);
    }
    for (size_t i = 0; i < s->room; i++) {
        size_t at;

        if (s->hashes[i] == 0)
            continue;
        at = place_of(&larger, s->hashes[i]);
        larger.hashes[at] = s->hashes[i];
        larger.lines[at] = s->lines[i];
    }
    seen_clear(s);
    *s = larger;
    return AISLE_OK;
}

size_t seen_line(const struct seen *s, struct str id)
{
    return s->room ? s->lines[place_of(s, hash_of(id))] : 0;
}

enum aisle_status seen_note(struct seen *s, struct str id, size_t at, size_t *line,
                            struct aisle_err *err)
{
    uint64_t hash = hash_of(id);
    size_t place;

    if (s->count * 4 >= s->room * 3 && s->room < SEEN_MAX) {
        enum aisle_status status = grow(s, err);

        if (status != AISLE_OK)
            return status;
    }
    *line = 0;
    place = place_of(s, hash);
    if (s->hashes[place] == hash) {
        *line = s->lines[place];
    } else if (s->count >= SEEN_MAX / 4 * 3) {
        return aisle_fail(err, AISLE_LIMIT, "over %d products in one file: cut it in two",
                          SEEN_MAX / 4 * 3);
    } else {
        s->hashes[place] = hash;
        s->lines[place] = at > UINT32_MAX ? UINT32_MAX : (uint32_t)at;
        s->count++;
    }
    return AISLE_OK;
}

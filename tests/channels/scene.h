/* scene.h - a channel's session, and a peer that plays its marketplace */
#ifndef TESTS_CHANNELS_SCENE_H
#define TESTS_CHANNELS_SCENE_H

#include "peer.h"

#include "channels/channel.h"

/* The app and the time of the signatures in their page's worked example. */
#define SCENE_APP_KEY "29a39d"
#define SCENE_APP_SECRET "e59af819cc"
#define SCENE_CIPHER "GCP_XF90igAAAABh00qsWgtvOiGFNqyubMt3"
#define SCENE_NOW 1623812664

struct scene {
    struct peer peer;
    struct clock_still clock;
    struct rng_seeded rng;
    struct shop shop;
    struct channel_session s;
    struct arena arena;
    struct channel_meta meta;
    struct aisle_err err;
    struct buf log; /* lines, when asked for */
    struct log lines;
};

static inline void scene_hear(void *ctx, enum log_level level, struct str line)
{
    struct scene *scene = ctx;

    (void)level;
    buf_add(&scene->log, line);
    buf_addc(&scene->log, '\n');
}

static inline void scene_begin(struct scene *scene, const struct channel_ops *ops,
                               const struct peer_answer *answers, size_t count)
{
    struct net_settings net = {.timeout_ms = 60000};
    struct pace_settings pace = {0};

    memset(scene, 0, sizeof *scene);
    clock_still_init(&scene->clock, (int64_t)SCENE_NOW * 1000);
    rng_seeded_init(&scene->rng, 1);
    peer_start(&scene->peer, answers, count);
    scene->arena = (struct arena)ARENA_INIT(1 << 24);
    scene->log = (struct buf)BUF_INIT(1 << 20);
    scene->lines = (struct log){.level = LOG_DEBUG,
                                .clock = &scene->clock.clock,
                                .sink = scene_hear,
                                .ctx = scene};
    scene->shop = (struct shop){.id = STR_LIT("toko-a"),
                                .channel = str_of(ops->name),
                                .remote_id = STR_LIT("13004"),
                                .app_key = STR_LIT(SCENE_APP_KEY),
                                .api_url = str_of(scene->peer.url),
                                .auth_url = str_of(scene->peer.url)};
    net.clock = pace.clock = &scene->clock.clock;
    pace.rng = &scene->rng.rng;
    scene->s = (struct channel_session){.ops = ops,
                                        .clock = &scene->clock.clock,
                                        .rng = &scene->rng.rng,
                                        .log = &scene->lines,
                                        .shop = &scene->shop,
                                        .keys = {.app_secret = STR_LIT(SCENE_APP_SECRET),
                                                 .access_token = STR_LIT("TTP_S3CR3T"),
                                                 .refresh_token = STR_LIT("TTR_S3CR3T"),
                                                 .cipher = STR_LIT(SCENE_CIPHER)}};
    assert_ok(net_new(&net, &scene->s.net, &scene->err), &scene->err);
    assert_ok(pace_new(&pace, &scene->s.pace, &scene->err), &scene->err);
}

static inline void scene_end(struct scene *scene)
{
    net_free(scene->s.net);
    pace_free(scene->s.pace);
    peer_stop(&scene->peer);
    arena_clear(&scene->arena);
    buf_clear(&scene->log);
}

/* Seconds the clock was slept on. */
static inline double scene_waited_s(const struct scene *scene)
{
    return (double)(scene->clock.ms - (int64_t)SCENE_NOW * 1000) / 1000;
}

static inline enum aisle_status scene_fetch(struct scene *scene)
{
    const struct channel_tree_request request = {0};
    struct category_rows rows;

    scene->err = (struct aisle_err){0};
    return scene->s.ops->fetch_categories(&scene->s, &request, &scene->arena, &rows,
                                          &scene->meta, &scene->err);
}

#endif

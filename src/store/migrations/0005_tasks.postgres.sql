-- 0005 - tasks: work that waits, who is at it, how often shops may be called;
-- 0005_tasks.sqlite.sql tells what stands in them

CREATE TABLE task (
    seller_id     TEXT COLLATE "C" NOT NULL,
    shop_id       TEXT COLLATE "C" NOT NULL,
    id            TEXT COLLATE "C" NOT NULL,
    kind          TEXT COLLATE "C" NOT NULL,
    target_id     TEXT COLLATE "C" NOT NULL,
    parameters    TEXT COLLATE "C" NOT NULL,
    urgent        BIGINT NOT NULL,
    state         TEXT COLLATE "C" NOT NULL,
    attempts      BIGINT NOT NULL,
    most_attempts BIGINT NOT NULL,
    due_at        BIGINT NOT NULL,
    fence         BIGINT NOT NULL,
    owner         TEXT COLLATE "C" NOT NULL,
    text          TEXT COLLATE "C" NOT NULL,
    created_at    BIGINT NOT NULL,
    started_at    BIGINT NOT NULL,
    finished_at   BIGINT NOT NULL,
    PRIMARY KEY (seller_id, shop_id, id)
);
CREATE INDEX task_due ON task (seller_id, shop_id, urgent, due_at);

CREATE TABLE lane (
    seller_id TEXT COLLATE "C" NOT NULL,
    shop_id   TEXT COLLATE "C" NOT NULL,
    urgent_at BIGINT NOT NULL,
    due_at    BIGINT NOT NULL,
    served    BIGINT NOT NULL,
    PRIMARY KEY (seller_id, shop_id)
);
CREATE INDEX lane_in_turn ON lane (served);

CREATE TABLE worker (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    started_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    slots      BIGINT NOT NULL,
    busy       BIGINT NOT NULL,
    done       BIGINT NOT NULL,
    failed     BIGINT NOT NULL,
    lost       BIGINT NOT NULL,
    doing      TEXT COLLATE "C" NOT NULL,
    last_error TEXT COLLATE "C" NOT NULL
);

CREATE TABLE call_limit (
    key             TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version         BIGINT NOT NULL,
    per_second      DOUBLE PRECISION NOT NULL,
    most            DOUBLE PRECISION NOT NULL,
    best            DOUBLE PRECISION NOT NULL,
    next_ms         BIGINT NOT NULL,
    grown_ms        BIGINT NOT NULL,
    window_ms       BIGINT NOT NULL,
    turns           BIGINT NOT NULL,
    answers         BIGINT NOT NULL,
    refused         BIGINT NOT NULL,
    asking          BIGINT NOT NULL,
    asked_from      DOUBLE PRECISION NOT NULL,
    asked_share     DOUBLE PRECISION NOT NULL,
    put_up_with     DOUBLE PRECISION NOT NULL,
    put_up_until_ms BIGINT NOT NULL,
    calls           BIGINT NOT NULL,
    throttled       BIGINT NOT NULL
);

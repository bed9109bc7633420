-- Tasks: work that waits for whichever worker is free, who the workers are, and how often
-- shops may be called.

-- A piece of work of one shop.
CREATE TABLE task (
    seller_id     TEXT NOT NULL,
    shop_id       TEXT NOT NULL,        -- '' about the seller
    id            TEXT NOT NULL,        -- made by whoever added it
    kind          TEXT NOT NULL,        -- 'map', 'sync', 'requirements', 'publish', 'status', 'webhooks'
    target_id     TEXT NOT NULL,
    parameters    TEXT NOT NULL,        -- JSON
    urgent        INTEGER NOT NULL,     -- 1: a person waits
    state         TEXT NOT NULL,        -- 'waiting', 'taken', 'done', 'dead'
    attempts      INTEGER NOT NULL,
    most_attempts INTEGER NOT NULL,
    due_at        INTEGER NOT NULL,     -- waiting: not before; taken: the lease's end; else never, the largest number
    fence         INTEGER NOT NULL,     -- grows with each taking: who holds an older one has lost it
    owner         TEXT NOT NULL,
    text          TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    started_at    INTEGER NOT NULL,
    finished_at   INTEGER NOT NULL,
    PRIMARY KEY (seller_id, shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_due ON task (seller_id, shop_id, urgent, due_at);

-- A shop's tasks as a whole: whose turn it is. Both times are never later than the
-- earliest due_at of its tasks.
CREATE TABLE lane (
    seller_id TEXT NOT NULL,
    shop_id   TEXT NOT NULL,
    urgent_at INTEGER NOT NULL,         -- when an urgent task is due, or earlier
    due_at    INTEGER NOT NULL,         -- when another is, or earlier
    served    INTEGER NOT NULL,         -- milliseconds, UTC: when a task was taken last
    PRIMARY KEY (seller_id, shop_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lane_in_turn ON lane (served);

-- A process that takes tasks, as it last said of itself.
CREATE TABLE worker (
    id         TEXT NOT NULL PRIMARY KEY, -- host/pid/start
    started_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    slots      INTEGER NOT NULL,
    busy       INTEGER NOT NULL,
    done       INTEGER NOT NULL,
    failed     INTEGER NOT NULL,
    lost       INTEGER NOT NULL,
    doing      TEXT NOT NULL,
    last_error TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How often an app may call a shop, as all who do have found out. Times in milliseconds,
-- UTC.
CREATE TABLE call_limit (
    key             TEXT NOT NULL PRIMARY KEY,
    version         INTEGER NOT NULL,
    per_second      REAL NOT NULL,      -- 0: no limit known
    most            REAL NOT NULL,      -- it may grow to; 0: no limit known
    best            REAL NOT NULL,      -- got through a second, lately
    next_ms         INTEGER NOT NULL,   -- turns before it are given out
    grown_ms        INTEGER NOT NULL,
    window_ms       INTEGER NOT NULL,   -- since when the next three are counted
    turns           INTEGER NOT NULL,
    answers         INTEGER NOT NULL,
    refused         INTEGER NOT NULL,
    asking          INTEGER NOT NULL,   -- 1: slowed down, to see whether it helps
    asked_from      REAL NOT NULL,
    asked_share     REAL NOT NULL,
    put_up_with     REAL NOT NULL,      -- share of 429s that slowing down did not change,
    put_up_until_ms INTEGER NOT NULL,   -- until then
    calls           INTEGER NOT NULL,   -- ever
    throttled       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 5;

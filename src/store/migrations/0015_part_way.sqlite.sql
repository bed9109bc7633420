-- 0015 - part way: what a task that gives way, or fails, has done already

-- When it was first taken since it was added or tried again; 0 not yet.
ALTER TABLE task ADD COLUMN begun_at INTEGER NOT NULL DEFAULT 0;

-- A locale of a tree that was fetched by a sync that has not got them all. The next sync
-- that is kept drops it.
CREATE TABLE tree_part (
    target_id  TEXT NOT NULL,
    locale     TEXT NOT NULL,
    fetched_at INTEGER NOT NULL,
    body       TEXT NOT NULL,    -- as tree_part_format writes it
    PRIMARY KEY (target_id, locale)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 15;

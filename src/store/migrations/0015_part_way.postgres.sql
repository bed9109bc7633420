-- 0015 - part way: what a task that gives way, or fails, has done already
-- 0015_part_way.sqlite.sql tells what stands in it

ALTER TABLE task ADD COLUMN begun_at BIGINT NOT NULL DEFAULT 0;

CREATE TABLE tree_part (
    target_id  TEXT COLLATE "C" NOT NULL,
    locale     TEXT COLLATE "C" NOT NULL,
    fetched_at BIGINT NOT NULL,
    body       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (target_id, locale)
);

-- 0016 - labels: sets of labelled products, and what of them is in a model
-- 0016_labels.sqlite.sql tells what stands in them

CREATE TABLE label_set (
    seller_id TEXT COLLATE "C" NOT NULL,
    target_id TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    seq       BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    hash      TEXT COLLATE "C" NOT NULL,
    who       TEXT COLLATE "C" NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (seller_id, target_id, name)
);

CREATE TABLE label (
    seller_id       TEXT COLLATE "C" NOT NULL,
    set_seq         BIGINT NOT NULL,
    place           BIGINT NOT NULL,
    id              TEXT COLLATE "C" NOT NULL,
    title           TEXT COLLATE "C" NOT NULL,
    category        TEXT COLLATE "C" NOT NULL,
    description     TEXT COLLATE "C" NOT NULL,
    brand           TEXT COLLATE "C" NOT NULL,
    seller_category TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seller_id, set_seq, place)
);

CREATE TABLE label_change (
    seller_id TEXT COLLATE "C" NOT NULL,
    target_id TEXT COLLATE "C" NOT NULL,
    seq       BIGINT NOT NULL,
    PRIMARY KEY (seller_id, target_id)
);

ALTER TABLE trained_model ADD COLUMN labels BIGINT NOT NULL DEFAULT 0;
ALTER TABLE trained_model ADD COLUMN labelled BIGINT NOT NULL DEFAULT 0;

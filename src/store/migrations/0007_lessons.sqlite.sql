-- 0007 - lessons: what people taught about sellers' columns

-- A log; of rows with one key the one with the highest seq stands.
CREATE TABLE lesson (
    seller_id    TEXT NOT NULL,
    channel      TEXT NOT NULL,
    region       TEXT NOT NULL,
    category_id  TEXT NOT NULL,         -- a leaf; '' every leaf
    attribute_id TEXT NOT NULL,
    seller_name  TEXT NOT NULL,         -- the column, folded; '' none
    seller_value TEXT NOT NULL,         -- folded; '' any
    seq          INTEGER NOT NULL,
    value_id     TEXT NOT NULL,         -- the attribute's; '' none of its own
    value_name   TEXT NOT NULL,         -- a text instead; both '' the seller's as it is
    taught       INTEGER NOT NULL,      -- 0: taken back
    who          TEXT NOT NULL,
    batch_id     TEXT NOT NULL,
    undoes       INTEGER NOT NULL,      -- seq; 0 none
    at           INTEGER NOT NULL,
    PRIMARY KEY (seller_id, channel, region, category_id, attribute_id, seller_name,
                 seller_value, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX lesson_by_batch ON lesson (seller_id, batch_id);

PRAGMA user_version = 7;

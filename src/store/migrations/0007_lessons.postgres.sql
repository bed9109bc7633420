-- 0007 - lessons: what people taught about sellers' columns
-- 0007_lessons.sqlite.sql tells what stands in them

CREATE TABLE lesson (
    seller_id    TEXT COLLATE "C" NOT NULL,
    channel      TEXT COLLATE "C" NOT NULL,
    region       TEXT COLLATE "C" NOT NULL,
    category_id  TEXT COLLATE "C" NOT NULL,
    attribute_id TEXT COLLATE "C" NOT NULL,
    seller_name  TEXT COLLATE "C" NOT NULL,
    seller_value TEXT COLLATE "C" NOT NULL,
    seq          BIGINT NOT NULL,
    value_id     TEXT COLLATE "C" NOT NULL,
    value_name   TEXT COLLATE "C" NOT NULL,
    taught       BIGINT NOT NULL,
    who          TEXT COLLATE "C" NOT NULL,
    batch_id     TEXT COLLATE "C" NOT NULL,
    undoes       BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (seller_id, channel, region, category_id, attribute_id, seller_name,
                 seller_value, seq)
);
CREATE INDEX lesson_by_batch ON lesson (seller_id, batch_id);

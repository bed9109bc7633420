-- 0003 - words of a marketplace that are kept
-- 0003_words.sqlite.sql tells what stands in them

CREATE TABLE refused_image (
    seller_id  TEXT COLLATE "C" NOT NULL,
    shop_id    TEXT COLLATE "C" NOT NULL,
    bytes_hash TEXT COLLATE "C" NOT NULL,
    use_case   TEXT COLLATE "C" NOT NULL,
    code       TEXT COLLATE "C" NOT NULL,
    text       TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (seller_id, shop_id, bytes_hash, use_case)
);

ALTER TABLE run ADD COLUMN answer_code    TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN answer_message TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN answer_reason  TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN process_time_s DOUBLE PRECISION NOT NULL DEFAULT 0;

-- 0003 - words of a marketplace that are kept: the images it refused, and what it said
-- last in a run

-- Bytes a marketplace would not take for a shop.
CREATE TABLE refused_image (
    seller_id  TEXT NOT NULL,
    shop_id    TEXT NOT NULL,
    bytes_hash TEXT NOT NULL,           -- SHA-256 of the bytes, hex
    use_case   TEXT NOT NULL,           -- 'MAIN_IMAGE'
    code       TEXT NOT NULL,           -- the marketplace's
    text       TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (seller_id, shop_id, bytes_hash, use_case)
) STRICT, WITHOUT ROWID;

-- Of the last answer, as it was sent.
ALTER TABLE run ADD COLUMN answer_code    TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN answer_message TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN answer_reason  TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN process_time_s REAL NOT NULL DEFAULT 0;

PRAGMA user_version = 3;

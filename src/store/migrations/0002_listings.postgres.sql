-- 0002 - listings: what became of products in shops, what leaves demand, the inbox;
-- 0002_listings.sqlite.sql tells what stands in them

CREATE TABLE listing (
    seller_id    TEXT COLLATE "C" NOT NULL,
    shop_id      TEXT COLLATE "C" NOT NULL,
    product_id   TEXT COLLATE "C" NOT NULL,
    remote_id    TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL,
    audit        TEXT COLLATE "C" NOT NULL,
    reason       TEXT COLLATE "C" NOT NULL,
    category_id  TEXT COLLATE "C" NOT NULL,
    version      TEXT COLLATE "C" NOT NULL,
    platforms    TEXT COLLATE "C" NOT NULL,
    skus         TEXT COLLATE "C" NOT NULL,
    warnings     TEXT COLLATE "C" NOT NULL,
    sent_hash    TEXT COLLATE "C" NOT NULL,
    refused_hash TEXT COLLATE "C" NOT NULL,
    doing        TEXT COLLATE "C" NOT NULL,
    attempt      TEXT COLLATE "C" NOT NULL,
    code         TEXT COLLATE "C" NOT NULL,
    request_id   TEXT COLLATE "C" NOT NULL,
    attempted_at BIGINT NOT NULL,
    retry_at     BIGINT NOT NULL,
    status_at    BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    version_no   BIGINT NOT NULL,
    PRIMARY KEY (seller_id, shop_id, product_id)
);
CREATE INDEX listing_by_remote ON listing (seller_id, shop_id, remote_id);

CREATE TABLE requirement (
    channel     TEXT COLLATE "C" NOT NULL,
    region      TEXT COLLATE "C" NOT NULL,
    version     TEXT COLLATE "C" NOT NULL,
    category_id TEXT COLLATE "C" NOT NULL,
    locale      TEXT COLLATE "C" NOT NULL,
    first_at    BIGINT NOT NULL,
    seq         BIGINT NOT NULL,
    hash        TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    checked_at  BIGINT NOT NULL,
    PRIMARY KEY (channel, region, version, category_id, locale, seq)
);

CREATE TABLE category_move (
    channel TEXT COLLATE "C" NOT NULL,
    region  TEXT COLLATE "C" NOT NULL,
    from_id TEXT COLLATE "C" NOT NULL,
    to_id   TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (channel, region, from_id)
);

CREATE TABLE hook (
    seller_id   TEXT COLLATE "C" NOT NULL,
    shop_id     TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    text        TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL,
    settled_at  BIGINT NOT NULL,
    PRIMARY KEY (seller_id, shop_id, id)
);
CREATE INDEX hook_by_time ON hook (seller_id, shop_id, received_at, id);

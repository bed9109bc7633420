-- 0002 - listings: what became of products in shops, what leaves demand, the inbox

-- A product as the marketplace has it, and what we last asked of it.
CREATE TABLE listing (
    seller_id    TEXT NOT NULL,
    shop_id      TEXT NOT NULL,
    product_id   TEXT NOT NULL,
    remote_id    TEXT NOT NULL,         -- the marketplace's; '' until known
    state        TEXT NOT NULL,         -- 'draft' 'pending' 'live' 'failed' …
    audit        TEXT NOT NULL,         -- the marketplace's word
    reason       TEXT NOT NULL,
    category_id  TEXT NOT NULL,
    version      TEXT NOT NULL,         -- of the tree that leaf is of
    platforms    TEXT NOT NULL,
    skus         TEXT NOT NULL,         -- JSON
    warnings     TEXT NOT NULL,         -- JSON
    sent_hash    TEXT NOT NULL,         -- of the body that was last taken
    refused_hash TEXT NOT NULL,         -- of the one last refused
    doing        TEXT NOT NULL,         -- 'idle' 'creating' 'editing'
    attempt      TEXT NOT NULL,         -- idempotency key
    code         TEXT NOT NULL,         -- of the last refusal
    request_id   TEXT NOT NULL,
    attempted_at INTEGER NOT NULL,
    retry_at     INTEGER NOT NULL,
    status_at    INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    version_no   INTEGER NOT NULL,      -- grows with each change
    PRIMARY KEY (seller_id, shop_id, product_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX listing_by_remote ON listing (seller_id, shop_id, remote_id);

-- What a leaf demands, kept once for all shops of a market; one row a change.
CREATE TABLE requirement (
    channel     TEXT NOT NULL,
    region      TEXT NOT NULL,
    version     TEXT NOT NULL,
    category_id TEXT NOT NULL,
    locale      TEXT NOT NULL,
    first_at    INTEGER NOT NULL,
    seq         INTEGER NOT NULL,       -- 1, 2, … of this leaf
    hash        TEXT NOT NULL,
    body        TEXT NOT NULL,          -- JSON
    checked_at  INTEGER NOT NULL,
    PRIMARY KEY (channel, region, version, category_id, locale, seq)
) STRICT, WITHOUT ROWID;

-- The marketplace moved what lay in one leaf to another, and said so.
CREATE TABLE category_move (
    channel TEXT NOT NULL,
    region  TEXT NOT NULL,
    from_id TEXT NOT NULL,
    to_id   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (channel, region, from_id)
) STRICT, WITHOUT ROWID;

-- What marketplaces sent of their own accord, as it came.
CREATE TABLE hook (
    seller_id   TEXT NOT NULL,
    shop_id     TEXT NOT NULL,
    id          TEXT NOT NULL,          -- the marketplace's, of the notification
    body        TEXT NOT NULL,
    state       TEXT NOT NULL,          -- 'waiting' 'applied' 'passed' 'failed'
    text        TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    settled_at  INTEGER NOT NULL,
    PRIMARY KEY (seller_id, shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX hook_by_time ON hook (seller_id, shop_id, received_at, id);

PRAGMA user_version = 2;

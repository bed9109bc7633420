-- 0001 - the first schema, as PostgreSQL reads it
--
-- The same tables as 0001_first.sqlite.sql, which tells what stands in them; here is only
-- what differs. Text sorts by its bytes, as SQLite's does; numbers and flags are BIGINT.
-- Habits, so that the same tables can stand in PostgreSQL's distributed relatives: ids are
-- text and made by us; what belongs to a seller is keyed by seller_id first; numbers that
-- must grow come from a row of `counter`, kept until the commit, so that they become
-- visible in their order; no sequence, trigger, advisory lock, LISTEN or deferred
-- constraint; ON CONFLICT names plain keys. tests/store/test_postgres.c reads them.

CREATE TABLE counter (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO counter (name, last) VALUES ('content', 0), ('decision', 0), ('snapshot', 0);

-- A program that writes: the number of its last transaction, by which it learns what
-- became of one whose answer was lost.
CREATE TABLE writer (
    id    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    batch BIGINT NOT NULL,
    at    BIGINT NOT NULL
);

---- Who: a few rows each ----------------------------------------------------------------

CREATE TABLE seller (
    id   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL
);

CREATE TABLE shop (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seller_id    TEXT COLLATE "C" NOT NULL REFERENCES seller (id),
    channel      TEXT COLLATE "C" NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    remote_id    TEXT COLLATE "C" NOT NULL,
    region       TEXT COLLATE "C" NOT NULL,
    app_key      TEXT COLLATE "C" NOT NULL,
    api_url      TEXT COLLATE "C" NOT NULL,
    auth_url     TEXT COLLATE "C" NOT NULL,
    sealed       TEXT COLLATE "C" NOT NULL,
    keys_version BIGINT NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX shop_of_seller ON shop (seller_id);

CREATE TABLE target (
    id       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    shop_id  TEXT COLLATE "C" NOT NULL REFERENCES shop (id),
    version  TEXT COLLATE "C" NOT NULL,
    platform TEXT COLLATE "C" NOT NULL
);
CREATE INDEX target_of_shop ON target (shop_id);

---- What people decided: nothing below ever rewrites it ---------------------------------

CREATE TABLE decision (
    seller_id   TEXT COLLATE "C" NOT NULL,
    seq         BIGINT NOT NULL,
    target_id   TEXT COLLATE "C" NOT NULL,
    scope       TEXT COLLATE "C" NOT NULL,
    key         TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    category_id TEXT COLLATE "C" NOT NULL,
    advisor     TEXT COLLATE "C" NOT NULL,
    confidence  DOUBLE PRECISION NOT NULL,
    who         TEXT COLLATE "C" NOT NULL,
    reasons     TEXT COLLATE "C" NOT NULL,
    batch_id    TEXT COLLATE "C" NOT NULL,
    run_id      TEXT COLLATE "C" NOT NULL,
    snapshot_id BIGINT NOT NULL,
    conflict    BIGINT NOT NULL,
    provisional BIGINT NOT NULL,
    undoes      BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (seller_id, seq)
);
CREATE INDEX decision_in_order ON decision (seq);
CREATE INDEX decision_of_key ON decision (seller_id, key, seq);
CREATE INDEX decision_of_batch ON decision (batch_id, seq);
CREATE INDEX decision_of_run ON decision (run_id, seq);

CREATE TABLE mapping (
    seller_id   TEXT COLLATE "C" NOT NULL,
    target_id   TEXT COLLATE "C" NOT NULL,
    scope       TEXT COLLATE "C" NOT NULL,
    key         TEXT COLLATE "C" NOT NULL,
    category_id TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    settled     BIGINT NOT NULL,
    seq         BIGINT NOT NULL,
    PRIMARY KEY (seller_id, target_id, scope, key),
    FOREIGN KEY (seller_id, seq) REFERENCES decision (seller_id, seq)
);
CREATE INDEX mapping_in_order ON mapping (seller_id, target_id, seq);
CREATE INDEX mapping_to_category ON mapping (target_id, category_id);

---- What the seller has -----------------------------------------------------------------

CREATE TABLE product_image (
    seller_id      TEXT COLLATE "C" NOT NULL,
    id             TEXT COLLATE "C" NOT NULL,
    file_name      TEXT COLLATE "C" NOT NULL,
    local_image_id TEXT COLLATE "C" NOT NULL,
    location       TEXT COLLATE "C" NOT NULL,
    products       BIGINT NOT NULL,
    PRIMARY KEY (seller_id, id)
);

CREATE TABLE seller_category (
    seller_id TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    path      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seller_id, id)
);

CREATE TABLE product (
    seller_id          TEXT COLLATE "C" NOT NULL REFERENCES seller (id),
    id                 TEXT COLLATE "C" NOT NULL,
    title              TEXT COLLATE "C" NOT NULL,
    description        TEXT COLLATE "C" NOT NULL,
    brand              TEXT COLLATE "C" NOT NULL,
    seller_category_id TEXT COLLATE "C" NOT NULL,
    image_id           TEXT COLLATE "C",
    attributes         TEXT COLLATE "C" NOT NULL,
    price_minor        BIGINT NOT NULL,-- -1 unknown
    currency           TEXT COLLATE "C" NOT NULL,
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL,
    version            BIGINT NOT NULL,-- grows with each change
    PRIMARY KEY (seller_id, id)
);
CREATE INDEX product_of_category ON product (seller_id, seller_category_id, id);

---- What a marketplace keeps for a shop -------------------------------------------------

CREATE TABLE channel_image (
    seller_id  TEXT COLLATE "C" NOT NULL,
    shop_id    TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    uri        TEXT COLLATE "C" NOT NULL,
    url        TEXT COLLATE "C" NOT NULL,
    bytes_hash TEXT COLLATE "C" NOT NULL,
    width      BIGINT NOT NULL,
    height     BIGINT NOT NULL,
    use_case   TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    pushed_at  BIGINT NOT NULL,
    PRIMARY KEY (seller_id, shop_id, id)
);
CREATE INDEX channel_image_of_bytes
    ON channel_image (seller_id, shop_id, bytes_hash, use_case, pushed_at);

CREATE TABLE image_link (
    seller_id        TEXT COLLATE "C" NOT NULL,
    image_id         TEXT COLLATE "C" NOT NULL,
    shop_id          TEXT COLLATE "C" NOT NULL,
    channel_image_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seller_id, image_id, shop_id),
    FOREIGN KEY (seller_id, image_id) REFERENCES product_image (seller_id, id),
    FOREIGN KEY (seller_id, shop_id, channel_image_id)
        REFERENCES channel_image (seller_id, shop_id, id)
);
CREATE INDEX image_link_to_channel
    ON image_link (seller_id, shop_id, channel_image_id);

CREATE TABLE answer (
    seller_id    TEXT COLLATE "C" NOT NULL,
    target_id    TEXT COLLATE "C" NOT NULL,
    question     TEXT COLLATE "C" NOT NULL,
    category_id  TEXT COLLATE "C" NOT NULL,
    failed       BIGINT NOT NULL,
    refusal_code TEXT COLLATE "C" NOT NULL,
    refusal_text TEXT COLLATE "C" NOT NULL,
    request_id   TEXT COLLATE "C" NOT NULL,
    with_image   BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (seller_id, target_id, question)
);

CREATE TABLE suggestion (
    seller_id   TEXT COLLATE "C" NOT NULL,
    target_id   TEXT COLLATE "C" NOT NULL,
    product_id  TEXT COLLATE "C" NOT NULL,
    place       BIGINT NOT NULL,
    category_id TEXT COLLATE "C" NOT NULL,
    confidence  DOUBLE PRECISION NOT NULL,
    advisor     TEXT COLLATE "C" NOT NULL,
    reasons     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seller_id, target_id, product_id, place)
);
CREATE INDEX suggestion_of_product ON suggestion (seller_id, product_id);

---- What a sync brings back: trees -------------------------------------------------------

CREATE TABLE tree_content (
    id       BIGINT NOT NULL PRIMARY KEY,
    channel  TEXT COLLATE "C" NOT NULL,
    region   TEXT COLLATE "C" NOT NULL,
    version  TEXT COLLATE "C" NOT NULL,
    platform TEXT COLLATE "C" NOT NULL,
    locale   TEXT COLLATE "C" NOT NULL,
    digest   TEXT COLLATE "C" NOT NULL,
    UNIQUE (channel, region, version, platform, locale, digest)
);

CREATE TABLE category (
    content    BIGINT NOT NULL REFERENCES tree_content (id),
    place      BIGINT NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    parent_id  TEXT COLLATE "C" NOT NULL,
    local_name TEXT COLLATE "C" NOT NULL,
    is_leaf    BIGINT NOT NULL,
    PRIMARY KEY (content, place)
);

CREATE TABLE snapshot (
    target_id   TEXT COLLATE "C" NOT NULL,
    id          BIGINT NOT NULL,
    taken_at    BIGINT NOT NULL,
    checked_at  BIGINT NOT NULL,
    locales     TEXT COLLATE "C" NOT NULL,
    content     TEXT COLLATE "C" NOT NULL,
    permissions TEXT COLLATE "C" NOT NULL,
    categories  BIGINT NOT NULL,
    leaves      BIGINT NOT NULL,
    run_id      TEXT COLLATE "C" NOT NULL,
    commonest   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (target_id, id)
);

CREATE TABLE snapshot_content (
    target_id   TEXT COLLATE "C" NOT NULL,
    snapshot_id BIGINT NOT NULL,
    place       BIGINT NOT NULL,
    content     BIGINT NOT NULL REFERENCES tree_content (id),
    PRIMARY KEY (target_id, snapshot_id, place),
    FOREIGN KEY (target_id, snapshot_id) REFERENCES snapshot (target_id, id)
);

CREATE TABLE permission (
    target_id   TEXT COLLATE "C" NOT NULL,
    snapshot_id BIGINT NOT NULL,
    category_id TEXT COLLATE "C" NOT NULL,
    permissions TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (target_id, snapshot_id, category_id),
    FOREIGN KEY (target_id, snapshot_id) REFERENCES snapshot (target_id, id)
);

CREATE TABLE provisional_category (
    target_id TEXT COLLATE "C" NOT NULL,
    id        TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    parent_id TEXT COLLATE "C" NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (target_id, id)
);

---- What is under way, and what was done -------------------------------------------------

CREATE TABLE run (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind        TEXT COLLATE "C" NOT NULL,
    seller_id   TEXT COLLATE "C" NOT NULL,
    target_id   TEXT COLLATE "C" NOT NULL,
    policy      TEXT COLLATE "C" NOT NULL,
    parameters  TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    text        TEXT COLLATE "C" NOT NULL,
    request_ids TEXT COLLATE "C" NOT NULL,
    total       BIGINT NOT NULL,
    done        BIGINT NOT NULL,
    mapped      BIGINT NOT NULL,
    refused     BIGINT NOT NULL,
    without_image BIGINT NOT NULL,
    failed      BIGINT NOT NULL,
    conflicts   BIGINT NOT NULL,
    need_person BIGINT NOT NULL,
    skipped     BIGINT NOT NULL,
    by_local    BIGINT NOT NULL,
    by_marketplace     BIGINT NOT NULL,
    by_seller_category BIGINT NOT NULL,
    by_rule     BIGINT NOT NULL,
    calls       BIGINT NOT NULL,
    uploads     BIGINT NOT NULL,
    recommends  BIGINT NOT NULL,
    saved       BIGINT NOT NULL,
    started_at  BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    owner       TEXT COLLATE "C" NOT NULL,
    lease_until BIGINT NOT NULL
);
CREATE INDEX run_in_order ON run (started_at, id);

CREATE TABLE run_item (
    run_id      TEXT COLLATE "C" NOT NULL,
    seller_id   TEXT COLLATE "C" NOT NULL,
    product_id  TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    category_id TEXT COLLATE "C" NOT NULL,
    decided_by  TEXT COLLATE "C" NOT NULL,
    code        TEXT COLLATE "C" NOT NULL,
    text        TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (run_id, seller_id, product_id)
);

CREATE TABLE lease (
    name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    owner TEXT COLLATE "C" NOT NULL,
    until BIGINT NOT NULL
);

---- For whoever looks in by hand ---------------------------------------------------------

CREATE VIEW local_image AS
    SELECT DISTINCT seller_id, local_image_id AS id, location
    FROM product_image;

CREATE VIEW product_image_mapping AS
    SELECT i.seller_id, s.id AS shop_id, i.id AS image_id, i.file_name,
           i.local_image_id, k.channel_image_id
    FROM product_image i
    JOIN shop s ON s.seller_id = i.seller_id
    LEFT JOIN image_link k
        ON k.seller_id = i.seller_id AND k.image_id = i.id AND k.shop_id = s.id;

CREATE VIEW category_mapping AS
    SELECT seller_id, target_id, key AS local_category_id, category_id
    FROM mapping
    WHERE scope = 'seller-category' AND state = 'accepted';

CREATE VIEW category_now AS
    SELECT c.target_id, t.locale, k.id, k.parent_id, k.local_name, k.is_leaf
    FROM snapshot_content c
    JOIN tree_content t ON t.id = c.content
    JOIN category k ON k.content = c.content
    WHERE c.snapshot_id =
          (SELECT max(s.id) FROM snapshot s WHERE s.target_id = c.target_id);

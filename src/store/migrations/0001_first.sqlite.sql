-- 0001 - the first schema, as SQLite reads it
--
-- Habits, so that the same tables can stand in PostgreSQL and its distributed relatives:
-- ids are text and made by us; times are UTC seconds, 0 where there is none; what belongs
-- to a seller is keyed by seller_id first; numbers that must grow come from the table
-- `counter`, in the transaction that uses them; no trigger, no deferred constraint.
-- Words ('accepted', 'product') stand where C has enums, so that the tables read well.
-- "The guide" is TikTok Shop's "Map product categories"; its names stand in brackets.

-- Where it counts, the last number given.
CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,     -- 'decision', 'snapshot', 'content'
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

---- Who: a few rows each ----------------------------------------------------------------

-- A business, the tenant of all that follows.
CREATE TABLE seller (
    id   TEXT NOT NULL PRIMARY KEY,     -- a short word, 'acme'
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A seller's account on a channel.
CREATE TABLE shop (
    id           TEXT NOT NULL PRIMARY KEY,   -- a short word, 'toko-a'
    seller_id    TEXT NOT NULL REFERENCES seller (id),
    channel      TEXT NOT NULL,               -- 'tiktok', 'tokopedia'
    name         TEXT NOT NULL,               -- as the marketplace has it
    remote_id    TEXT NOT NULL,               -- the marketplace's id
    region       TEXT NOT NULL,               -- 'ID'
    app_key      TEXT NOT NULL,               -- the app it is connected through
    api_url      TEXT NOT NULL,               -- '' for the real host
    auth_url     TEXT NOT NULL,
    sealed       TEXT NOT NULL,               -- its keys; only the vault opens them
    keys_version INTEGER NOT NULL,            -- grows with each change of the keys
    created_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX shop_of_seller ON shop (seller_id);

-- Where a product may be listed: a shop, and where the channel has them a category
-- version and a listing platform.
CREATE TABLE target (
    id       TEXT NOT NULL PRIMARY KEY,       -- 'toko-a:v2:TIKTOK_SHOP'
    shop_id  TEXT NOT NULL REFERENCES shop (id),
    version  TEXT NOT NULL,
    platform TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX target_of_shop ON target (shop_id);

---- What people decided: nothing below ever rewrites it ---------------------------------

-- The log. Rows are added and never changed; what stands is in `mapping`.
CREATE TABLE decision (
    seller_id   TEXT NOT NULL,
    seq         INTEGER NOT NULL,       -- place in the log, of all sellers together
    target_id   TEXT NOT NULL,
    scope       TEXT NOT NULL,          -- 'product', 'rule', 'seller-category'
    key         TEXT NOT NULL,          -- id of the product or seller category
    state       TEXT NOT NULL,          -- 'proposed' 'accepted' 'rejected' 'none' 'cleared'
    category_id TEXT NOT NULL,          -- the leaf; '' for none and cleared
    advisor     TEXT NOT NULL,          -- 'local', 'marketplace', 'rule', 'person'
    confidence  REAL NOT NULL,
    who         TEXT NOT NULL,          -- a user's name, or 'aisle' for a run
    reasons     TEXT NOT NULL,
    batch_id    TEXT NOT NULL,          -- what undo takes back together
    run_id      TEXT NOT NULL,          -- '' when a person decided
    snapshot_id INTEGER NOT NULL,       -- of the tree it was decided on; 0 unknown
    conflict    INTEGER NOT NULL,       -- 1: differs from its seller category's mapping
    provisional INTEGER NOT NULL,       -- 1: the stored tree lacked the leaf
    undoes      INTEGER NOT NULL,       -- seq it reverses; 0
    at          INTEGER NOT NULL,
    PRIMARY KEY (seller_id, seq)
) STRICT;
CREATE INDEX decision_in_order ON decision (seq);
CREATE INDEX decision_of_key ON decision (seller_id, key, seq);
CREATE INDEX decision_of_batch ON decision (batch_id, seq);
CREATE INDEX decision_of_run ON decision (run_id, seq);

-- The newest decision of each key [category mapping: localCategoryId is key where scope
-- is 'seller-category', TikTokShopCategoryId is category_id]. Moved along in the same
-- transaction as the log; state, settled and category_id repeat the decision's.
CREATE TABLE mapping (
    seller_id   TEXT NOT NULL,
    target_id   TEXT NOT NULL,
    scope       TEXT NOT NULL,
    key         TEXT NOT NULL,
    category_id TEXT NOT NULL,
    state       TEXT NOT NULL,
    settled     INTEGER NOT NULL,       -- 1: needs no more asking
    seq         INTEGER NOT NULL,
    PRIMARY KEY (seller_id, target_id, scope, key),
    FOREIGN KEY (seller_id, seq) REFERENCES decision (seller_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX mapping_in_order ON mapping (seller_id, target_id, seq);
CREATE INDEX mapping_to_category ON mapping (target_id, category_id);

---- What the seller has -----------------------------------------------------------------

-- An image a product has, and where it is: one row for the guide's two [product image
-- mapping] [local image], which have one row each for an image. Its TikTokShopImageId is
-- in `image_link`. So that a million products need no index more, the products that have
-- it are counted.
CREATE TABLE product_image (
    seller_id      TEXT NOT NULL,
    id             TEXT NOT NULL,       -- [imageId]
    file_name      TEXT NOT NULL,       -- [fileName]
    local_image_id TEXT NOT NULL,       -- [localImageId]
    location       TEXT NOT NULL,       -- [localImageUrl]: https://…, or a path
    products       INTEGER NOT NULL,    -- that have it; the row ends with the last one
    PRIMARY KEY (seller_id, id)
) STRICT, WITHOUT ROWID;

-- The seller's own categories.
CREATE TABLE seller_category (
    seller_id TEXT NOT NULL,
    id        TEXT NOT NULL,            -- [localCategoryId]
    path      TEXT NOT NULL,            -- 'Fashion > Kaos'
    PRIMARY KEY (seller_id, id)
) STRICT, WITHOUT ROWID;

-- [product]
CREATE TABLE product (
    seller_id          TEXT NOT NULL REFERENCES seller (id),
    id                 TEXT NOT NULL,   -- [productId]: the seller's own sku or handle
    title              TEXT NOT NULL,   -- [name]
    description        TEXT NOT NULL,
    brand              TEXT NOT NULL,
    seller_category_id TEXT NOT NULL,   -- [localCategoryId]; '' for none
    image_id           TEXT,            -- [imageId]; null for none
    attributes         TEXT NOT NULL,   -- JSON: columns we know no other place for
    price_minor        INTEGER NOT NULL,-- -1 unknown
    currency           TEXT NOT NULL,   -- 'IDR'
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    version            INTEGER NOT NULL,-- grows with each change
    PRIMARY KEY (seller_id, id)
) STRICT;
CREATE INDEX product_of_category ON product (seller_id, seller_category_id, id);

---- What a marketplace keeps for a shop -------------------------------------------------

-- [TikTok Shop image] An image uploaded for a shop. Equal bytes are uploaded once.
CREATE TABLE channel_image (
    seller_id  TEXT NOT NULL,
    shop_id    TEXT NOT NULL,
    id         TEXT NOT NULL,           -- [TikTokShopImageId]: a UUID of ours
    uri        TEXT NOT NULL,           -- [uri]
    url        TEXT NOT NULL,           -- [url]
    bytes_hash TEXT NOT NULL,           -- SHA-256 of the bytes, hex
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    use_case   TEXT NOT NULL,           -- 'MAIN_IMAGE'
    request_id TEXT NOT NULL,
    pushed_at  INTEGER NOT NULL,
    PRIMARY KEY (seller_id, shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_image_of_bytes
    ON channel_image (seller_id, shop_id, bytes_hash, use_case, pushed_at);

-- Which uploaded image is a product image's, as one shop sees it. No row: null yet.
CREATE TABLE image_link (
    seller_id        TEXT NOT NULL,
    image_id         TEXT NOT NULL,     -- [imageId]
    shop_id          TEXT NOT NULL,
    channel_image_id TEXT NOT NULL,     -- [TikTokShopImageId]
    PRIMARY KEY (seller_id, image_id, shop_id),
    FOREIGN KEY (seller_id, image_id) REFERENCES product_image (seller_id, id),
    FOREIGN KEY (seller_id, shop_id, channel_image_id)
        REFERENCES channel_image (seller_id, shop_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_link_to_channel
    ON image_link (seller_id, shop_id, channel_image_id);

-- What a marketplace answered to a question; equal questions are asked once.
CREATE TABLE answer (
    seller_id    TEXT NOT NULL,
    target_id    TEXT NOT NULL,
    question     TEXT NOT NULL,         -- digest of all that was asked, hex
    category_id  TEXT NOT NULL,         -- '': it refused, or
    failed       INTEGER NOT NULL,      -- 1: it cannot be asked about like that
    refusal_code TEXT NOT NULL,
    refusal_text TEXT NOT NULL,
    request_id   TEXT NOT NULL,
    with_image   INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (seller_id, target_id, question)
) STRICT, WITHOUT ROWID;

-- Leaves proposed for a product, when it was last looked at.
CREATE TABLE suggestion (
    seller_id   TEXT NOT NULL,
    target_id   TEXT NOT NULL,
    product_id  TEXT NOT NULL,
    place       INTEGER NOT NULL,       -- as it was told, from 0
    category_id TEXT NOT NULL,
    confidence  REAL NOT NULL,          -- 0 to 1
    advisor     TEXT NOT NULL,
    reasons     TEXT NOT NULL,
    PRIMARY KEY (seller_id, target_id, product_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX suggestion_of_product ON suggestion (seller_id, product_id);

---- What a sync brings back: trees -------------------------------------------------------

-- One locale's answer, kept once whoever was told it.
CREATE TABLE tree_content (
    id       INTEGER NOT NULL PRIMARY KEY,
    channel  TEXT NOT NULL,
    region   TEXT NOT NULL,
    version  TEXT NOT NULL,
    platform TEXT NOT NULL,
    locale   TEXT NOT NULL,             -- 'id-ID'
    digest   TEXT NOT NULL,             -- SHA-256 of the rows, hex
    UNIQUE (channel, region, version, platform, locale, digest)
) STRICT;

-- Its rows, as they were sent [TikTok Shop product category].
CREATE TABLE category (
    content    INTEGER NOT NULL REFERENCES tree_content (id),
    place      INTEGER NOT NULL,        -- in the order sent, from 0
    id         TEXT NOT NULL,           -- [id]: means something only inside its tree
    parent_id  TEXT NOT NULL,           -- [parent_id]; '' or '0' for a root
    local_name TEXT NOT NULL,           -- [local_name]
    is_leaf    INTEGER NOT NULL,        -- [is_leaf]
    PRIMARY KEY (content, place)
) STRICT, WITHOUT ROWID;

-- A target's tree as it was at one time.
CREATE TABLE snapshot (
    target_id   TEXT NOT NULL,          -- which may be gone by now: trees outlive shops
    id          INTEGER NOT NULL,       -- grows with time
    taken_at    INTEGER NOT NULL,
    checked_at  INTEGER NOT NULL,       -- when a sync last found it still so
    locales     TEXT NOT NULL,          -- 'en-US,id-ID'; the first has the say
    content     TEXT NOT NULL,          -- digest of all locales, hex
    permissions TEXT NOT NULL,          -- digest of the permissions, hex
    categories  INTEGER NOT NULL,
    leaves      INTEGER NOT NULL,
    run_id      TEXT NOT NULL,          -- the run that brought it
    commonest   TEXT NOT NULL,          -- permission of the rows not in `permission`
    PRIMARY KEY (target_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshot_content (
    target_id   TEXT NOT NULL,
    snapshot_id INTEGER NOT NULL,
    place       INTEGER NOT NULL,       -- of the locale, from 0
    content     INTEGER NOT NULL REFERENCES tree_content (id),
    PRIMARY KEY (target_id, snapshot_id, place),
    FOREIGN KEY (target_id, snapshot_id) REFERENCES snapshot (target_id, id)
) STRICT, WITHOUT ROWID;

-- What this target may do in a category, where it differs from most others.
CREATE TABLE permission (
    target_id   TEXT NOT NULL,
    snapshot_id INTEGER NOT NULL,
    category_id TEXT NOT NULL,
    permissions TEXT NOT NULL,          -- 'INVITE_ONLY'; '' nothing was said
    PRIMARY KEY (target_id, snapshot_id, category_id),
    FOREIGN KEY (target_id, snapshot_id) REFERENCES snapshot (target_id, id)
) STRICT, WITHOUT ROWID;

-- A leaf the marketplace recommended and the newest snapshot lacks, until the next sync.
CREATE TABLE provisional_category (
    target_id TEXT NOT NULL,
    id        TEXT NOT NULL,
    name      TEXT NOT NULL,
    parent_id TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (target_id, id)
) STRICT, WITHOUT ROWID;

---- What is under way, and what was done -------------------------------------------------

CREATE TABLE run (
    id          TEXT NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL,          -- 'sync', 'map'
    seller_id   TEXT NOT NULL,          -- '' where it is about every seller
    target_id   TEXT NOT NULL,
    policy      TEXT NOT NULL,
    parameters  TEXT NOT NULL,          -- JSON: enough to take it up again
    state       TEXT NOT NULL,          -- 'under-way' 'done' 'stopped' 'budget' 'failed'
    text        TEXT NOT NULL,
    request_ids TEXT NOT NULL,
    total       INTEGER NOT NULL,       -- items it is about; -1 unknown
    done        INTEGER NOT NULL,
    mapped      INTEGER NOT NULL,
    refused     INTEGER NOT NULL,
    without_image INTEGER NOT NULL,
    failed      INTEGER NOT NULL,
    conflicts   INTEGER NOT NULL,
    need_person INTEGER NOT NULL,
    skipped     INTEGER NOT NULL,
    by_local    INTEGER NOT NULL,       -- of mapped, who decided
    by_marketplace     INTEGER NOT NULL,
    by_seller_category INTEGER NOT NULL,
    by_rule     INTEGER NOT NULL,
    calls       INTEGER NOT NULL,       -- of the marketplace, answered
    uploads     INTEGER NOT NULL,
    recommends  INTEGER NOT NULL,
    saved       INTEGER NOT NULL,       -- calls not made
    started_at  INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,       -- 0 while under way
    owner       TEXT NOT NULL,          -- 'host/pid/start'; '' when nobody has it
    lease_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX run_in_order ON run (started_at, id);

-- What became of a product in a run. A run may be about several sellers.
CREATE TABLE run_item (
    run_id      TEXT NOT NULL,
    seller_id   TEXT NOT NULL,
    product_id  TEXT NOT NULL,
    state       TEXT NOT NULL,          -- 'mapped', 'refused', 'no-image', …
    category_id TEXT NOT NULL,
    decided_by  TEXT NOT NULL,          -- 'none', 'local', 'marketplace', …
    code        TEXT NOT NULL,          -- of a refusal or failure
    text        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (run_id, seller_id, product_id)
) STRICT, WITHOUT ROWID;

-- Who may do something alone just now.
CREATE TABLE lease (
    name  TEXT NOT NULL PRIMARY KEY,    -- 'sync/toko-a:v2:TIKTOK_SHOP'
    owner TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

---- For whoever looks in by hand ---------------------------------------------------------

-- [local image]
CREATE VIEW local_image AS
    SELECT DISTINCT seller_id, local_image_id AS id, location
    FROM product_image;

-- [product image mapping] as each shop sees it: channel_image_id is null until the image
-- was pushed for the shop.
CREATE VIEW product_image_mapping AS
    SELECT i.seller_id, s.id AS shop_id, i.id AS image_id, i.file_name,
           i.local_image_id, k.channel_image_id
    FROM product_image i
    JOIN shop s ON s.seller_id = i.seller_id
    LEFT JOIN image_link k
        ON k.seller_id = i.seller_id AND k.image_id = i.id AND k.shop_id = s.id;

-- [category mapping] what stands for the seller's own categories
CREATE VIEW category_mapping AS
    SELECT seller_id, target_id, key AS local_category_id, category_id
    FROM mapping
    WHERE scope = 'seller-category' AND state = 'accepted';

-- The categories of each target's newest snapshot.
CREATE VIEW category_now AS
    SELECT c.target_id, t.locale, k.id, k.parent_id, k.local_name, k.is_leaf
    FROM snapshot_content c
    JOIN tree_content t ON t.id = c.content
    JOIN category k ON k.content = c.content
    WHERE c.snapshot_id =
          (SELECT max(s.id) FROM snapshot s WHERE s.target_id = c.target_id);

PRAGMA application_id = 1097429868;     -- 'Aisl'
PRAGMA user_version = 1;

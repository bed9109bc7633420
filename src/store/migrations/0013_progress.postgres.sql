-- 0013 - progress: how far a seller's categories are, counted as it changes
-- 0013_progress.sqlite.sql tells what stands in it

ALTER TABLE mapping ADD COLUMN stands TEXT COLLATE "C" NOT NULL DEFAULT 'open';
ALTER TABLE mapping ADD COLUMN advisor TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE mapping ADD COLUMN tenth BIGINT NOT NULL DEFAULT 0;
ALTER TABLE mapping ADD COLUMN provisional BIGINT NOT NULL DEFAULT 0;
UPDATE mapping m SET
    stands = CASE
                 WHEN d.state = 'proposed' AND d.conflict = 1 THEN 'contested'
                 WHEN d.state = 'proposed' AND d.confidence >= 0.8 THEN 'agreed'
                 WHEN d.state = 'proposed' THEN 'open'
                 WHEN d.state = 'rejected' THEN 'refused'
                 WHEN d.state = 'accepted' AND d.conflict = 1 THEN 'conflict'
                 WHEN d.state = 'accepted' THEN 'done'
                 ELSE d.state
             END,
    advisor = d.advisor,
    tenth = greatest(0, least(9, floor(d.confidence * 10)))::BIGINT,
    provisional = d.provisional
    FROM decision d WHERE d.seller_id = m.seller_id AND d.seq = m.seq;

CREATE INDEX mapping_apart ON mapping (seller_id, target_id, scope, stands, seq)
    WHERE stands IN ('refused', 'contested', 'conflict', 'none');

CREATE TABLE progress (
    seller_id          TEXT COLLATE "C" NOT NULL,
    seller_category_id TEXT COLLATE "C" NOT NULL,
    target_id          TEXT COLLATE "C" NOT NULL,
    stands             TEXT COLLATE "C" NOT NULL,
    advisor            TEXT COLLATE "C" NOT NULL,
    tenth              BIGINT NOT NULL,
    provisional        BIGINT NOT NULL,
    products           BIGINT NOT NULL,
    PRIMARY KEY (seller_id, seller_category_id, target_id, stands, advisor, tenth,
                 provisional)
);
INSERT INTO progress
    SELECT seller_id, seller_category_id, '', '', '', 0, 0, count(*)
    FROM product GROUP BY seller_id, seller_category_id;
INSERT INTO progress
    SELECT p.seller_id, p.seller_category_id, m.target_id, m.stands, m.advisor, m.tenth,
           m.provisional, count(*)
    FROM mapping m JOIN product p ON p.seller_id = m.seller_id AND p.id = m.key
    WHERE m.scope = 'product'
    GROUP BY 1, 2, 3, 4, 5, 6, 7;

CREATE INDEX run_item_apart ON run_item (run_id, state, seller_id, product_id)
    WHERE state <> 'mapped';

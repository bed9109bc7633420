-- 0013 - progress: how far a seller's categories are, counted as it changes

-- What stands, as it is counted: repeated from the decision.
ALTER TABLE mapping ADD COLUMN stands TEXT NOT NULL DEFAULT 'open';
                                        -- 'open' 'refused' 'cleared' 'agreed' 'contested'
                                        -- 'conflict' 'none' 'done'
ALTER TABLE mapping ADD COLUMN advisor TEXT NOT NULL DEFAULT '';
ALTER TABLE mapping ADD COLUMN tenth INTEGER NOT NULL DEFAULT 0;
                                        -- of confidence: 0 to 9
ALTER TABLE mapping ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0;
UPDATE mapping SET (stands, advisor, tenth, provisional) = (
    SELECT CASE
               WHEN d.state = 'proposed' AND d.conflict = 1 THEN 'contested'
               WHEN d.state = 'proposed' AND d.confidence >= 0.8 THEN 'agreed'
               WHEN d.state = 'proposed' THEN 'open'
               WHEN d.state = 'rejected' THEN 'refused'
               WHEN d.state = 'accepted' AND d.conflict = 1 THEN 'conflict'
               WHEN d.state = 'accepted' THEN 'done'
               ELSE d.state
           END,
           d.advisor, max(0, min(9, CAST(d.confidence * 10 AS INTEGER))), d.provisional
    FROM decision d
    WHERE d.seller_id = mapping.seller_id AND d.seq = mapping.seq);

-- Those few that wait apart from the others.
CREATE INDEX mapping_apart ON mapping (seller_id, target_id, scope, stands, seq)
    WHERE stands IN ('refused', 'contested', 'conflict', 'none');

-- How many products of a seller category have a word of their own, by how it stands; and
-- with an empty target, stands and advisor, how many it has. Moved along in the
-- transaction that moves a mapping or a product. Rows may be 0.
CREATE TABLE progress (
    seller_id          TEXT NOT NULL,
    seller_category_id TEXT NOT NULL,   -- '': products without one
    target_id          TEXT NOT NULL,
    stands             TEXT NOT NULL,
    advisor            TEXT NOT NULL,
    tenth              INTEGER NOT NULL,
    provisional        INTEGER NOT NULL,
    products           INTEGER NOT NULL,
    PRIMARY KEY (seller_id, seller_category_id, target_id, stands, advisor, tenth,
                 provisional)
) STRICT, WITHOUT ROWID;
INSERT INTO progress
    SELECT seller_id, seller_category_id, '', '', '', 0, 0, count(*)
    FROM product GROUP BY seller_id, seller_category_id;
INSERT INTO progress
    SELECT p.seller_id, p.seller_category_id, m.target_id, m.stands, m.advisor, m.tenth,
           m.provisional, count(*)
    FROM mapping m CROSS JOIN product p
    WHERE p.seller_id = m.seller_id AND p.id = m.key AND m.scope = 'product'
    GROUP BY 1, 2, 3, 4, 5, 6, 7;

-- A run's items but the many that went well.
CREATE INDEX run_item_apart ON run_item (run_id, state, seller_id, product_id)
    WHERE state <> 'mapped';

PRAGMA user_version = 13;

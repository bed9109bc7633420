-- 0008 - sharing: which sellers let their approvals inform each other

-- Given by seller_id; in force when with_id gave its own.
CREATE TABLE consent (
    seller_id TEXT NOT NULL,
    with_id   TEXT NOT NULL,
    who       TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (seller_id, with_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX consent_given_to ON consent (with_id, seller_id);

PRAGMA user_version = 8;

-- 0008 - sharing: which sellers let their approvals inform each other
-- 0008_sharing.sqlite.sql tells what stands in it

CREATE TABLE consent (
    seller_id TEXT COLLATE "C" NOT NULL,
    with_id   TEXT COLLATE "C" NOT NULL,
    who       TEXT COLLATE "C" NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (seller_id, with_id)
);
CREATE INDEX consent_given_to ON consent (with_id, seller_id);

-- 0010 - models: the newest that was trained from a seller's decisions on a target
-- 0010_models.sqlite.sql tells what stands in them

CREATE TABLE trained_model (
    seller_id   TEXT COLLATE "C" NOT NULL,
    target_id   TEXT COLLATE "C" NOT NULL,
    object_key  TEXT COLLATE "C" NOT NULL,
    stamp       BIGINT NOT NULL,
    rows_taught BIGINT NOT NULL,
    left_out    BIGINT NOT NULL,
    leaves      BIGINT NOT NULL,
    bytes       BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    held_out    BIGINT NOT NULL,
    right_first BIGINT NOT NULL,
    right_in_3  BIGINT NOT NULL,
    ece         DOUBLE PRECISION NOT NULL,
    trained_at  BIGINT NOT NULL,
    owner       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (seller_id, target_id)
);

-- 0010 - models: the newest that was trained from a seller's decisions on a target

-- A cache: without the row, or the bytes it names, nothing is lost.
CREATE TABLE trained_model (
    seller_id   TEXT NOT NULL,
    target_id   TEXT NOT NULL,
    object_key  TEXT NOT NULL,    -- of its bytes, among the objects
    stamp       INTEGER NOT NULL, -- seq of the last decision in it
    rows_taught INTEGER NOT NULL,
    left_out    INTEGER NOT NULL, -- rows of a category that the tree lacked
    leaves      INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    version     INTEGER NOT NULL, -- of the file's layout
    held_out    INTEGER NOT NULL, -- titles kept back once, to measure by
    right_first INTEGER NOT NULL, -- of these, with the first leaf
    right_in_3  INTEGER NOT NULL,
    ece         REAL NOT NULL,
    trained_at  INTEGER NOT NULL,
    owner       TEXT NOT NULL,
    PRIMARY KEY (seller_id, target_id)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 10;

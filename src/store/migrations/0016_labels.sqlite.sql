-- 0016 - labels: sets of labelled products, and what of them is in a model

CREATE TABLE label_set (
    seller_id TEXT NOT NULL,
    target_id TEXT NOT NULL,
    name      TEXT NOT NULL,
    seq       INTEGER NOT NULL,   -- grows with every change of any set
    row_count INTEGER NOT NULL,
    hash      TEXT NOT NULL,      -- of the rows, in their order
    who       TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (seller_id, target_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE label (
    seller_id       TEXT NOT NULL,
    set_seq         INTEGER NOT NULL, -- of its set
    place           INTEGER NOT NULL, -- in the file, from 1
    id              TEXT NOT NULL,    -- as the file has it; '' none
    title           TEXT NOT NULL,
    category        TEXT NOT NULL,    -- an id or a path, as the file has it
    description     TEXT NOT NULL,
    brand           TEXT NOT NULL,
    seller_category TEXT NOT NULL,
    PRIMARY KEY (seller_id, set_seq, place)
) STRICT, WITHOUT ROWID;

-- The last change of a seller's sets on a target; stays when the sets are gone.
CREATE TABLE label_change (
    seller_id TEXT NOT NULL,
    target_id TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (seller_id, target_id)
) STRICT, WITHOUT ROWID;

-- The last change of the sets that is in it, and the rows of sets it was taught.
ALTER TABLE trained_model ADD COLUMN labels INTEGER NOT NULL DEFAULT 0;
ALTER TABLE trained_model ADD COLUMN labelled INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 16;

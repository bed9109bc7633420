-- 0006 - shops of cross-border sellers, and global products in their markets

-- 'LOCAL', 'CROSS_BORDER'; '' not told.
ALTER TABLE shop ADD COLUMN seller_type TEXT NOT NULL DEFAULT '';

-- JSON: where a global product is, by market; '' of a local one.
ALTER TABLE listing ADD COLUMN markets TEXT NOT NULL DEFAULT '';

PRAGMA user_version = 6;

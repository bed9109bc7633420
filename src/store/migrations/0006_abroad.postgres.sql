-- 0006 - shops of cross-border sellers, and global products in their markets
-- 0006_abroad.sqlite.sql tells what stands in them

ALTER TABLE shop ADD COLUMN seller_type TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE listing ADD COLUMN markets TEXT COLLATE "C" NOT NULL DEFAULT '';

-- 0012 - a number that the schema of PostgreSQL needs; nothing changes here

PRAGMA user_version = 12;

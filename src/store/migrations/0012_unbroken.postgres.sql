-- 0012 - whether the server has lost anything since
--
-- Decisions become visible a moment before the disk has them, so that their writers need
-- not wait for one another's disks; whoever wrote them is told once it has. A server that
-- fails in that moment forgets them, though others may have seen their numbers. Tables
-- that are not logged are emptied by its recovery (and by a standby's promotion): where
-- the row is gone, numbers go on a million further. It says nothing else, is not copied,
-- and may be made an ordinary table in a database that knows no other.

CREATE UNLOGGED TABLE unbroken (
    id BIGINT NOT NULL PRIMARY KEY
);
INSERT INTO unbroken (id) VALUES (1);

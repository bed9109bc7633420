-- 0011 - lost work: tasks whose worker was lost go before the rest

-- Of a lane: when the first lease of what is taken in it is over, or earlier.
ALTER TABLE lane ADD COLUMN lost_at INTEGER NOT NULL DEFAULT 9223372036854775807;
CREATE INDEX task_taken ON task (seller_id, shop_id, due_at) WHERE state = 'taken';
UPDATE lane SET lost_at = (SELECT coalesce(min(t.due_at), 9223372036854775807) FROM task t
    WHERE t.seller_id = lane.seller_id AND t.shop_id = lane.shop_id AND t.state = 'taken');

PRAGMA user_version = 11;

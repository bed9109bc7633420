-- 0014 - what a kept answer said beside its body

-- Without its quotes; '' none.
ALTER TABLE kept_answer ADD COLUMN etag TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Path of what was made; '' nothing was.
ALTER TABLE kept_answer ADD COLUMN location TEXT COLLATE "C" NOT NULL DEFAULT '';

-- 0009 - logins: shops that are being connected in a browser
-- 0009_logins.sqlite.sql tells what stands in it

CREATE TABLE shop_login (
    state      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    shop_id    TEXT COLLATE "C" NOT NULL,
    user_name  TEXT COLLATE "C" NOT NULL,
    proof      TEXT COLLATE "C" NOT NULL,
    browser    TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX shop_login_to_sweep ON shop_login (expires_at);

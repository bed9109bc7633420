-- 0009 - logins: shops that are being connected in a browser

-- Until the marketplace sends the browser back with the state, or the time is over. The
-- state is in the address only.
CREATE TABLE shop_login (
    state      TEXT NOT NULL PRIMARY KEY, -- SHA-256 of it, hex
    shop_id    TEXT NOT NULL,
    user_name  TEXT NOT NULL,           -- who began it
    proof      TEXT NOT NULL,           -- SHA-256 of the session's or token's secret, hex
    browser    TEXT NOT NULL,           -- of a cookie's secret; zeros: any browser
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX shop_login_to_sweep ON shop_login (expires_at);

PRAGMA user_version = 9;

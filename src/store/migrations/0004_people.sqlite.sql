-- People: users, what proves who they are, and what they changed.

-- Who may sign in.
CREATE TABLE users (
    name       TEXT NOT NULL PRIMARY KEY,
    seller_id  TEXT NOT NULL,           -- whose affairs; '' every seller's
    role       TEXT NOT NULL,           -- 'viewer', 'mapper', 'admin'
    password   TEXT NOT NULL,           -- argon2id; '' nobody signs in with one
    created_at INTEGER NOT NULL,
    version    INTEGER NOT NULL         -- grows with each change of the above
) STRICT, WITHOUT ROWID;

-- Browsers signed in. The secret is in their cookie only.
CREATE TABLE session (
    digest       TEXT NOT NULL PRIMARY KEY, -- SHA-256 of the secret, hex
    user_name    TEXT NOT NULL,
    user_version INTEGER NOT NULL,      -- at sign-in
    csrf         TEXT NOT NULL,         -- said with each write
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of_user ON session (user_name);
CREATE INDEX session_to_sweep ON session (expires_at);

-- Programs' proofs. The secret was shown once.
CREATE TABLE api_token (
    id         TEXT NOT NULL PRIMARY KEY,
    user_name  TEXT NOT NULL,           -- whose rights it has
    name       TEXT NOT NULL,           -- what it is for
    scopes     INTEGER NOT NULL,        -- bits: 1 read, 2 decide, 4 edit, 8 admin
    digest     TEXT NOT NULL UNIQUE,    -- SHA-256 of the secret, hex
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,        -- 0 never
    used_at    INTEGER NOT NULL         -- to the hour; 0 never
) STRICT, WITHOUT ROWID;
CREATE INDEX api_token_of_user ON api_token (user_name, id);

-- Failures to sign in, without a success between.
CREATE TABLE attempts (
    key      TEXT NOT NULL PRIMARY KEY, -- 'user/dewi', 'peer/192.0.2.7'
    failures INTEGER NOT NULL,
    last_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_to_sweep ON attempts (last_at);

-- Who changed what. Rows are added and never changed.
CREATE TABLE audit (
    seq        INTEGER NOT NULL PRIMARY KEY,
    at         INTEGER NOT NULL,
    who        TEXT NOT NULL,           -- user name
    by         TEXT NOT NULL,           -- 'session', 'token ab12', 'command', 'scheduler'
    what       TEXT NOT NULL,           -- 'decision.add', 'user.remove'
    seller_id  TEXT NOT NULL,           -- '' of no one seller
    about      TEXT NOT NULL,
    detail     TEXT NOT NULL,
    peer       TEXT NOT NULL,           -- address; '' of a command
    request_id TEXT NOT NULL,
    outcome    INTEGER NOT NULL         -- HTTP's status; 0 of a command
) STRICT;
CREATE INDEX audit_of_seller ON audit (seller_id, seq);
CREATE INDEX audit_of_user ON audit (who, seq);

-- What a client's key for a write was answered, so that a write sent twice is done once.
CREATE TABLE kept_answer (
    who      TEXT NOT NULL,
    key      TEXT NOT NULL,             -- the client's Idempotency-Key
    question TEXT NOT NULL,             -- SHA-256 of method, path and body, hex
    outcome  INTEGER NOT NULL,          -- HTTP's status; 0 under way
    type     TEXT NOT NULL,
    body     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (who, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_answer_to_sweep ON kept_answer (at);

PRAGMA user_version = 4;

-- 0004 - people: users, what proves who they are, what they changed;
-- 0004_people.sqlite.sql tells what stands in them

CREATE TABLE users (
    name       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seller_id  TEXT COLLATE "C" NOT NULL,
    role       TEXT COLLATE "C" NOT NULL,
    password   TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    version    BIGINT NOT NULL
);

CREATE TABLE session (
    digest       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_name    TEXT COLLATE "C" NOT NULL,
    user_version BIGINT NOT NULL,
    csrf         TEXT COLLATE "C" NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX session_of_user ON session (user_name);
CREATE INDEX session_to_sweep ON session (expires_at);

CREATE TABLE api_token (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_name  TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    scopes     BIGINT NOT NULL,
    digest     TEXT COLLATE "C" NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);
CREATE INDEX api_token_of_user ON api_token (user_name, id);

CREATE TABLE attempts (
    key      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at  BIGINT NOT NULL
);
CREATE INDEX attempts_to_sweep ON attempts (last_at);

CREATE TABLE audit (
    seq        BIGINT NOT NULL PRIMARY KEY,
    at         BIGINT NOT NULL,
    who        TEXT COLLATE "C" NOT NULL,
    by         TEXT COLLATE "C" NOT NULL,
    what       TEXT COLLATE "C" NOT NULL,
    seller_id  TEXT COLLATE "C" NOT NULL,
    about      TEXT COLLATE "C" NOT NULL,
    detail     TEXT COLLATE "C" NOT NULL,
    peer       TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    outcome    BIGINT NOT NULL
);
CREATE INDEX audit_of_seller ON audit (seller_id, seq);
CREATE INDEX audit_of_user ON audit (who, seq);

CREATE TABLE kept_answer (
    who      TEXT COLLATE "C" NOT NULL,
    key      TEXT COLLATE "C" NOT NULL,
    question TEXT COLLATE "C" NOT NULL,
    outcome  BIGINT NOT NULL,
    type     TEXT COLLATE "C" NOT NULL,
    body     TEXT COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (who, key)
);
CREATE INDEX kept_answer_to_sweep ON kept_answer (at);

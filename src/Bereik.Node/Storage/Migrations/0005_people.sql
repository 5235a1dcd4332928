-- Who signed in here at least once, so that a colleague can be attested. No national number, ever.
CREATE TABLE colleague (
    subject      TEXT    NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL,
    roles        TEXT    NOT NULL,
    first_at     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Sessions: the cookie holds 32 random bytes, the store their SHA-256.
CREATE TABLE session (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    key           TEXT    NOT NULL UNIQUE,
    former        TEXT    UNIQUE,
    former_until  INTEGER,
    subject       TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    roles         TEXT    NOT NULL,
    browser       TEXT    NOT NULL,
    started_at    INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL,
    rotated_at    INTEGER NOT NULL,
    ends_at       INTEGER NOT NULL,
    proven_at     INTEGER,
    challenge     TEXT,
    challenge_until INTEGER
) STRICT;
CREATE INDEX session_subject ON session (subject);

-- Passkeys, and the codes with which one may be enrolled. The code is handed over by a colleague, not by the login.
CREATE TABLE passkey (
    id          TEXT    NOT NULL PRIMARY KEY,
    subject     TEXT    NOT NULL,
    public_key  BLOB    NOT NULL,
    sign_count  INTEGER NOT NULL,
    enrolled_at INTEGER NOT NULL,
    used_at     INTEGER,
    revoked_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_subject ON passkey (subject);

CREATE TABLE enrolment_code (
    code        TEXT    NOT NULL PRIMARY KEY,
    subject     TEXT    NOT NULL,
    made_at     INTEGER NOT NULL,
    ends_at     INTEGER NOT NULL,
    used_at     INTEGER
) STRICT, WITHOUT ROWID;

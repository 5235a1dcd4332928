-- Steps of work that must survive a kill: one row a step, done once.
CREATE TABLE work (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    run_after    INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    lease_owner  TEXT,
    lease_until  INTEGER,
    code         TEXT,
    created_at   INTEGER NOT NULL,
    started_at   INTEGER,
    finished_at  INTEGER,
    UNIQUE (kind, subject)
) STRICT;
CREATE INDEX work_due ON work (state, run_after);

-- Ids of signed requests seen within their minute, so that none counts twice.
CREATE TABLE seen_request (
    issuer       TEXT    NOT NULL,
    request_id TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_request_expires ON seen_request (expires_at);

-- Orders of letters too. A check cannot be changed in SQLite, so the table is made anew; the counts wait beside it, since dropping the old one would take them along.
CREATE TABLE request_new (
    id                TEXT PRIMARY KEY,
    sequence          INTEGER NOT NULL,
    order_jws         TEXT    NOT NULL,
    context           TEXT    NOT NULL UNIQUE,
    recipient         TEXT    NOT NULL,
    flow              TEXT    NOT NULL CHECK (flow IN ('match', 'unknown', 'messenger')),
    protocol          TEXT    NOT NULL,
    protocol_version  TEXT    NOT NULL,
    nis               TEXT    NOT NULL,
    reference_month   TEXT    NOT NULL,
    epoch             TEXT    NOT NULL,
    known_count       INTEGER,
    issued_at         INTEGER NOT NULL,
    expires_at        INTEGER NOT NULL,
    received_at       INTEGER NOT NULL,
    state             TEXT    NOT NULL CHECK (state IN ('new', 'ready', 'approved', 'refused', 'deposited', 'failed', 'expired')),
    reasons           TEXT    NOT NULL,
    held              INTEGER NOT NULL CHECK (held IN (0, 1)),
    selected          INTEGER,
    revision          INTEGER,
    decision_jws      TEXT,
    decided_at        INTEGER,
    decided_by        TEXT,
    refusal           TEXT,
    code              TEXT,
    counted_on        TEXT,
    refusal_note      TEXT,
    manifest          TEXT
) STRICT;
INSERT INTO request_new (
    id, sequence, order_jws, context, recipient, flow, protocol, protocol_version, nis, reference_month, epoch, known_count, issued_at, expires_at, received_at, state, reasons, held, selected, revision,
    decision_jws, decided_at, decided_by, refusal, code, counted_on, refusal_note, manifest)
SELECT
    id, sequence, order_jws, context, recipient, flow, protocol, protocol_version, nis, reference_month, epoch, known_count, issued_at, expires_at, received_at, state, reasons, held, selected, revision,
    decision_jws, decided_at, decided_by, refusal, code, counted_on, refusal_note, manifest
FROM request;
CREATE TABLE request_count_kept AS SELECT request, kind, reason, count FROM request_count;
DROP TABLE request_count;
DROP TABLE request;
ALTER TABLE request_new RENAME TO request;
CREATE INDEX request_list ON request (recipient, protocol, reference_month);
CREATE TABLE request_count (
    request TEXT    NOT NULL REFERENCES request (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    kind    TEXT    NOT NULL CHECK (kind IN ('withheld', 'reported')),
    reason  TEXT    NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (request, kind, reason)
) STRICT, WITHOUT ROWID;
INSERT INTO request_count (request, kind, reason, count) SELECT request, kind, reason, count FROM request_count_kept;
DROP TABLE request_count_kept;

-- A wave of letters that was approved; its id is its order's. The key of its codes is there, encrypted, until the wave was opened. Nothing of what anybody answers ever comes here.
CREATE TABLE wave (
    id             TEXT PRIMARY KEY REFERENCES request (id) DEFERRABLE INITIALLY DEFERRED,
    state          TEXT    NOT NULL CHECK (state IN ('making', 'opened', 'stopped', 'closed')),
    opens_on       TEXT    NOT NULL,
    answer_by      TEXT    NOT NULL,
    reminder       INTEGER NOT NULL CHECK (reminder IN (0, 1)),
    reminder_on    TEXT    NOT NULL,
    letters        INTEGER NOT NULL,
    parts          INTEGER NOT NULL,
    wave_key       BLOB,
    notice         TEXT,
    opening_jws    TEXT,
    files_made_at  INTEGER,
    files_gone_at  INTEGER,
    posted_at      INTEGER,
    denied         INTEGER NOT NULL,
    unresolved     INTEGER NOT NULL
) STRICT;

-- What was left at the hub: SHA-256 of each part, base64url.
CREATE TABLE wave_part (
    wave   TEXT    NOT NULL REFERENCES wave (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    part   INTEGER NOT NULL CHECK (part >= 0),
    digest TEXT    NOT NULL,
    PRIMARY KEY (wave, part)
) STRICT, WITHOUT ROWID;

-- Which letter went to whom; its place says which code it has. Gone thirty days after the last day to answer.
CREATE TABLE wave_letter (
    wave   TEXT    NOT NULL REFERENCES wave (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    place  INTEGER NOT NULL CHECK (place >= 0),
    number TEXT    NOT NULL UNIQUE,
    person TEXT    NOT NULL,
    PRIMARY KEY (wave, place)
) STRICT, WITHOUT ROWID;

-- That somebody was written to for a month, so that nobody is twice. Stays when the letter is forgotten.
CREATE TABLE written_to (
    protocol        TEXT NOT NULL,
    reference_month TEXT NOT NULL,
    person          TEXT NOT NULL,
    wave            TEXT NOT NULL,
    PRIMARY KEY (protocol, reference_month, person)
) STRICT, WITHOUT ROWID;

-- Somebody said: never write to me again. It counts from when it came in, also while it is held because a wave brought unusually many. It keeps its letter number: by that it is undone.
CREATE TABLE objection (
    number       TEXT PRIMARY KEY,
    person       TEXT    NOT NULL,
    wave         TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('held', 'taken')),
    at           INTEGER NOT NULL,
    batch        TEXT,
    confirmed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX objection_person ON objection (person);

-- A file of letters that confirm objections.
CREATE TABLE objection_file (
    batch   TEXT PRIMARY KEY,
    letters INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    gone_at INTEGER
) STRICT, WITHOUT ROWID;

-- How far the hub's messages were read, and up to which the hub was told that they were.
CREATE TABLE message_cursor (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL,
    taken    INTEGER NOT NULL
) STRICT;
INSERT INTO message_cursor (id, sequence, taken) VALUES (1, 0, 0);

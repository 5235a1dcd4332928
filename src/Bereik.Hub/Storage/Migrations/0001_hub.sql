-- Orders of lists: one row an order, also when it was refused at once.
CREATE TABLE list_order (
    sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
    id               TEXT    NOT NULL UNIQUE,
    jws              TEXT    NOT NULL,
    hash             TEXT    NOT NULL,
    context          TEXT    NOT NULL UNIQUE,
    flow             TEXT    NOT NULL CHECK (flow IN ('match', 'unknown')),
    protocol         TEXT    NOT NULL,
    protocol_version TEXT    NOT NULL,
    source           TEXT    NOT NULL,
    recipient        TEXT    NOT NULL,
    reference_month  TEXT    NOT NULL,
    known_count      INTEGER,
    placed_at        INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('requested', 'held', 'approved', 'refused', 'delivered', 'received', 'rejected', 'failed', 'expired')),
    refused_at_once  INTEGER NOT NULL,
    reasons          TEXT    NOT NULL,
    decision         TEXT,
    tokens_at        INTEGER,
    tokens_digest    TEXT,
    envelope_at      INTEGER,
    manifest_hash    TEXT,
    delivered_at     INTEGER,
    fetched_at       INTEGER,
    receipt_hash     TEXT,
    ended_at         INTEGER
) STRICT;
CREATE INDEX list_order_of_source ON list_order (source, sequence);
CREATE INDEX list_order_of_list ON list_order (recipient, protocol, reference_month);
CREATE INDEX list_order_expires ON list_order (state, expires_at);

-- Every step of every order, refusals too. Never a person, never a token.
CREATE TABLE order_event (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    reasons  TEXT    NOT NULL,
    hash     TEXT
) STRICT;
CREATE INDEX order_event_of_order ON order_event (order_id, sequence);

-- INVARIANT: what happened is only ever added to. The third trigger stops INSERT OR REPLACE, which deletes without a delete trigger.
CREATE TRIGGER order_event_keeps BEFORE UPDATE ON order_event BEGIN SELECT RAISE(ABORT, 'order_event is append-only'); END;
CREATE TRIGGER order_event_stays BEFORE DELETE ON order_event BEGIN SELECT RAISE(ABORT, 'order_event is append-only'); END;
CREATE TRIGGER order_event_once BEFORE INSERT ON order_event
WHEN EXISTS (SELECT 1 FROM order_event WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'order_event is append-only'); END;

-- What lives until the set operation: the local node's token set, and the tokens of the source's rows.
CREATE TABLE known_set (
    order_sequence INTEGER PRIMARY KEY REFERENCES list_order (sequence) DEFERRABLE INITIALLY DEFERRED,
    agreement      BLOB NOT NULL
) STRICT;
CREATE TABLE known_token (
    order_sequence INTEGER NOT NULL,
    token          BLOB    NOT NULL,
    PRIMARY KEY (order_sequence, token)
) STRICT, WITHOUT ROWID;
CREATE TABLE row_token (
    order_sequence INTEGER NOT NULL,
    slot           INTEGER NOT NULL,
    token          BLOB    NOT NULL,
    PRIMARY KEY (order_sequence, slot, token)
) STRICT, WITHOUT ROWID;

-- What lives until the receipt: the manifest and the lines that are delivered.
CREATE TABLE manifest_line (
    order_sequence INTEGER PRIMARY KEY REFERENCES list_order (sequence) DEFERRABLE INITIALLY DEFERRED,
    line           BLOB NOT NULL
) STRICT;
CREATE TABLE envelope_row (
    order_sequence INTEGER NOT NULL,
    slot           INTEGER NOT NULL,
    line           BLOB    NOT NULL,
    PRIMARY KEY (order_sequence, slot)
) STRICT;

-- A wave of letters is an order too: its flow, and its states. What refers to an order is made anew before the old table goes.
CREATE TABLE list_order_next (
    sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
    id               TEXT    NOT NULL UNIQUE,
    jws              TEXT    NOT NULL,
    hash             TEXT    NOT NULL,
    context          TEXT    NOT NULL UNIQUE,
    flow             TEXT    NOT NULL CHECK (flow IN ('match', 'unknown', 'messenger')),
    protocol         TEXT    NOT NULL,
    protocol_version TEXT    NOT NULL,
    source           TEXT    NOT NULL,
    recipient        TEXT    NOT NULL,
    reference_month  TEXT    NOT NULL,
    known_count      INTEGER,
    placed_at        INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('requested', 'held', 'approved', 'refused', 'delivered', 'received', 'rejected', 'failed', 'expired', 'open', 'closed')),
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
    ended_at         INTEGER,
    handle           TEXT,
    root_hash        TEXT,
    CHECK (state NOT IN ('open', 'closed') OR flow = 'messenger')
) STRICT;
INSERT INTO list_order_next (sequence, id, jws, hash, context, flow, protocol, protocol_version, source, recipient, reference_month, known_count, placed_at, expires_at, state, refused_at_once, reasons, decision,
    tokens_at, tokens_digest, envelope_at, manifest_hash, delivered_at, fetched_at, receipt_hash, ended_at, handle, root_hash)
SELECT sequence, id, jws, hash, context, flow, protocol, protocol_version, source, recipient, reference_month, known_count, placed_at, expires_at, state, refused_at_once, reasons, decision,
    tokens_at, tokens_digest, envelope_at, manifest_hash, delivered_at, fetched_at, receipt_hash, ended_at, handle, root_hash
FROM list_order;
CREATE TABLE known_set_next (
    order_sequence INTEGER PRIMARY KEY REFERENCES list_order_next (sequence) DEFERRABLE INITIALLY DEFERRED,
    agreement      BLOB NOT NULL
) STRICT;
INSERT INTO known_set_next (order_sequence, agreement) SELECT order_sequence, agreement FROM known_set;
CREATE TABLE manifest_line_next (
    order_sequence INTEGER PRIMARY KEY REFERENCES list_order_next (sequence) DEFERRABLE INITIALLY DEFERRED,
    line           BLOB NOT NULL
) STRICT;
INSERT INTO manifest_line_next (order_sequence, line) SELECT order_sequence, line FROM manifest_line;
DROP TABLE known_set;
DROP TABLE manifest_line;
DROP TABLE list_order;
ALTER TABLE list_order_next RENAME TO list_order;
ALTER TABLE known_set_next RENAME TO known_set;
ALTER TABLE manifest_line_next RENAME TO manifest_line;
CREATE INDEX list_order_of_source ON list_order (source, sequence);
CREATE INDEX list_order_of_list ON list_order (recipient, protocol, reference_month);
CREATE INDEX list_order_expires ON list_order (state, expires_at);
CREATE UNIQUE INDEX list_order_handle ON list_order (handle);

-- The word of the source that opened a wave: nothing of a person.
CREATE TABLE wave (
    order_sequence INTEGER PRIMARY KEY REFERENCES list_order (sequence),
    opening        TEXT    NOT NULL,
    notice         TEXT    NOT NULL,
    protocol_hash  TEXT    NOT NULL,
    recipient_kid  TEXT    NOT NULL,
    letters        INTEGER NOT NULL,
    opens_on       TEXT    NOT NULL,
    answer_by      TEXT    NOT NULL,
    -- The last day on which any yes to it can hold.
    last_until     TEXT    NOT NULL,
    opened_at      INTEGER NOT NULL
) STRICT;
CREATE TABLE wave_part (
    order_sequence INTEGER NOT NULL REFERENCES list_order (sequence),
    part           INTEGER NOT NULL,
    digest         TEXT    NOT NULL,
    letters        INTEGER NOT NULL,
    PRIMARY KEY (order_sequence, part)
) STRICT, WITHOUT ROWID;

-- Numbers of letters, in their own order and not in that in which they came. They stay while a yes can hold, the same for each, so that a number says nothing of an answer.
CREATE TABLE letter (
    number         TEXT    PRIMARY KEY,
    order_sequence INTEGER NOT NULL REFERENCES list_order (sequence),
    part           INTEGER NOT NULL,
    has_objected   INTEGER NOT NULL DEFAULT 0 CHECK (has_objected IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX letter_of_wave ON letter (order_sequence, part);

-- What waits for a code: until the yes, or until the wave is over.
CREATE TABLE invitation (
    number         TEXT    PRIMARY KEY REFERENCES letter (number),
    order_sequence INTEGER NOT NULL REFERENCES list_order (sequence),
    part           INTEGER NOT NULL,
    salt           TEXT    NOT NULL,
    sealed         BLOB    NOT NULL
) STRICT;
CREATE INDEX invitation_of_wave ON invitation (order_sequence, part);

-- Every yes. There is no row for a no, for later, or for silence.
CREATE TABLE answer (
    sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
    id               TEXT    NOT NULL UNIQUE,
    order_sequence   INTEGER NOT NULL REFERENCES wave (order_sequence),
    wave             TEXT    NOT NULL,
    recipient        TEXT    NOT NULL,
    protocol         TEXT    NOT NULL,
    -- How to know the holder again; all three are forgotten together.
    number           TEXT    UNIQUE,
    salt             TEXT,
    holder           TEXT,
    state            TEXT    NOT NULL CHECK (state IN ('held', 'given', 'released', 'received', 'confirmed', 'denied', 'withdrawn', 'objected', 'expired', 'closed')),
    is_handed_out    INTEGER NOT NULL,
    is_erased        INTEGER NOT NULL,
    assurance        TEXT    NOT NULL CHECK (assurance IN ('assisted', 'bearer')),
    is_confirmed     INTEGER NOT NULL,
    method           TEXT    NOT NULL CHECK (method IN ('web', 'slip', 'phone', 'counter')),
    given_at         INTEGER NOT NULL,
    until            TEXT    NOT NULL,
    release_at       INTEGER NOT NULL,
    released_at      INTEGER,
    -- Working days within which the recipient proves that it erased.
    certificate_days INTEGER NOT NULL,
    erase_by         TEXT,
    erased_at        INTEGER,
    late_told_on     TEXT,
    -- Grows with every change that the recipient sees, each recipient's without a gap: what it does not see has no number.
    changed          INTEGER,
    sealed           TEXT,
    choices          TEXT,
    UNIQUE (recipient, changed),
    CHECK ((number IS NULL) = (salt IS NULL) AND (number IS NULL) = (holder IS NULL)),
    -- INVARIANT: what is sealed is here until the recipient has it, and not an instant after it stopped.
    CHECK ((sealed IS NULL AND choices IS NULL) OR state IN ('held', 'given', 'released'))
) STRICT;
CREATE INDEX answer_of_wave ON answer (order_sequence, state);
CREATE INDEX answer_due ON answer (state, release_at);

-- What happened to a yes, each with what its recipient signed where it signed.
CREATE TABLE consent_event (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    answer      TEXT    NOT NULL,
    act         TEXT    NOT NULL CHECK (act IN ('give', 'countersign', 'release', 'handOut', 'receive', 'confirm', 'deny', 'withdraw', 'never', 'expire', 'close', 'erase')),
    side        TEXT    NOT NULL CHECK (side IN ('holder', 'hub', 'recipient')),
    at          INTEGER NOT NULL,
    -- SHA-256 of what was signed, without the signature, of which one signing can have two forms.
    said        TEXT,
    step        TEXT,
    certificate TEXT,
    UNIQUE (answer, said)
) STRICT;

-- INVARIANT: what happened is only ever added to. The third trigger stops INSERT OR REPLACE, which deletes without a delete trigger.
CREATE TRIGGER consent_event_keeps BEFORE UPDATE ON consent_event BEGIN SELECT RAISE(ABORT, 'consent_event is append-only'); END;
CREATE TRIGGER consent_event_stays BEFORE DELETE ON consent_event BEGIN SELECT RAISE(ABORT, 'consent_event is append-only'); END;
CREATE TRIGGER consent_event_once BEFORE INSERT ON consent_event
WHEN EXISTS (SELECT 1 FROM consent_event WHERE sequence = NEW.sequence OR (answer = NEW.answer AND said = NEW.said))
BEGIN SELECT RAISE(ABORT, 'consent_event is append-only'); END;

-- Commitments of receipts, whose salts only the holders have; and the round of the hub that each came into.
CREATE TABLE consent_commitment (
    commitment TEXT    PRIMARY KEY,
    answer     TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('consent', 'withdrawal')),
    at         INTEGER NOT NULL,
    day        TEXT,
    slot       INTEGER,
    UNIQUE (answer, kind),
    CHECK ((day IS NULL) = (slot IS NULL))
) STRICT, WITHOUT ROWID;
CREATE TABLE hub_round (
    day      TEXT    PRIMARY KEY,
    document TEXT    NOT NULL,
    -- Of its entry in the log; NULL until it is in.
    position INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE hub_round_tree (
    day    TEXT NOT NULL,
    kind   TEXT NOT NULL,
    leaves BLOB NOT NULL,
    PRIMARY KEY (day, kind)
) STRICT;

-- What a source is told, with the round and not before: that somebody objected, and that somebody else than the person said yes.
CREATE TABLE source_message (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    source    TEXT    NOT NULL,
    wave      TEXT    NOT NULL,
    protocol  TEXT    NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind IN ('objection', 'denied')),
    number    TEXT,
    told_from INTEGER NOT NULL,
    -- Without a gap for each source, in random order within a round; NULL until it is told.
    sequence  INTEGER,
    UNIQUE (source, sequence),
    CHECK ((kind = 'objection') = (number IS NOT NULL))
) STRICT;
CREATE TABLE source_message_count (
    source TEXT    PRIMARY KEY,
    last   INTEGER NOT NULL
) STRICT;

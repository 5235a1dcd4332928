-- Waves of letters are orders as lists are; what a yes to a letter brings is a household of such a wave. So lists, states and purposes have new words. A table whose words change is made anew; what refers to it is
-- held against it at the end of this step.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE ordered_list_kept AS SELECT * FROM ordered_list;
DROP TABLE ordered_list;
CREATE TABLE ordered_list (
    id               TEXT    PRIMARY KEY,
    flow             TEXT    NOT NULL CHECK (flow IN ('match', 'unknown', 'messenger')),
    protocol_id      TEXT    NOT NULL,
    protocol_version TEXT    NOT NULL,
    protocol_hash    TEXT    NOT NULL,
    source           TEXT    NOT NULL,
    nis              TEXT    NOT NULL,
    reference_month  TEXT    NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('asked', 'sent', 'held', 'approved', 'refused', 'tokensSent', 'delivered', 'received', 'rejected', 'failed', 'expired', 'open', 'closed')),
    order_jws        TEXT    NOT NULL,
    receipt_jws      TEXT,
    known_count      INTEGER,
    offered          INTEGER NOT NULL,
    delivered        INTEGER,
    check_choice     TEXT,
    code             TEXT,
    signed_by        TEXT    NOT NULL,
    asked_at         INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    received_on      TEXT,
    inform_by        TEXT,
    delete_by        TEXT,
    erased_at        INTEGER,
    decision_jws     TEXT,
    team             TEXT    NOT NULL DEFAULT '',
    CONSTRAINT state_of_flow CHECK (CASE WHEN flow = 'messenger' THEN state NOT IN ('held', 'tokensSent', 'delivered', 'received', 'rejected') ELSE state NOT IN ('open', 'closed') END)
) STRICT;
INSERT INTO ordered_list SELECT id, flow, protocol_id, protocol_version, protocol_hash, source, nis, reference_month, state, order_jws, receipt_jws, known_count, offered, delivered, check_choice, code, signed_by, asked_at, expires_at,
    received_on, inform_by, delete_by, erased_at, decision_jws, team FROM ordered_list_kept;
DROP TABLE ordered_list_kept;

CREATE TABLE household_next (
    id               TEXT    PRIMARY KEY,
    list_id          TEXT    NOT NULL REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    protocol_id      TEXT    NOT NULL,
    protocol_version TEXT    NOT NULL,
    protocol_hash    TEXT    NOT NULL,
    clause           TEXT    NOT NULL,
    purpose          TEXT    NOT NULL CHECK (purpose IN ('outreach', 'requestedHelp')),
    received_on      TEXT    NOT NULL,
    inform_by        TEXT    NOT NULL,
    delete_by        TEXT    NOT NULL,
    assigned_name    TEXT,
    assigned_to      TEXT,
    contacted_on     TEXT,
    informed_on      TEXT,
    next_on          TEXT,
    outcome          TEXT,
    closed_as        TEXT    CHECK (closed_as IN ('outcome', 'ownFile', 'objection', 'withdrawn')),
    record           BLOB    NOT NULL
) STRICT;
INSERT INTO household_next SELECT id, list_id, protocol_id, protocol_version, protocol_hash, clause, purpose, received_on, inform_by, delete_by, assigned_name, assigned_to, contacted_on, informed_on, next_on, outcome, closed_as, record FROM household;
CREATE TABLE household_attempt_next (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT    NOT NULL UNIQUE,
    household_id TEXT    NOT NULL REFERENCES household_next (id) ON DELETE CASCADE,
    day          TEXT    NOT NULL,
    channel      TEXT    NOT NULL CHECK (channel IN ('phone', 'letter', 'visit', 'desk')),
    reached      INTEGER NOT NULL,
    notice       INTEGER NOT NULL,
    by_name      TEXT    NOT NULL,
    at           INTEGER NOT NULL
) STRICT;
INSERT INTO household_attempt_next SELECT sequence, id, household_id, day, channel, reached, notice, by_name, at FROM household_attempt;
DROP TABLE household_attempt;
DROP TABLE household;
ALTER TABLE household_next RENAME TO household;
ALTER TABLE household_attempt_next RENAME TO household_attempt;
CREATE INDEX household_work ON household (list_id, purpose, closed_as, contacted_on, informed_on, inform_by, delete_by, next_on, assigned_to, assigned_name, id);
CREATE INDEX household_attempt_of ON household_attempt (household_id);

-- A household that asked for help came with a wave of letters and no other did; and what it came for never changes.
CREATE TRIGGER household_purpose_of_flow AFTER INSERT ON household
WHEN (NEW.purpose = 'requestedHelp') <> ((SELECT flow FROM ordered_list WHERE id = NEW.list_id) = 'messenger')
BEGIN SELECT RAISE(ABORT, 'household.purpose'); END;
CREATE TRIGGER household_purpose_fixed AFTER UPDATE OF purpose, list_id ON household WHEN OLD.purpose <> NEW.purpose OR OLD.list_id <> NEW.list_id
BEGIN SELECT RAISE(ABORT, 'household.purpose'); END;

-- The source's word that a wave is ready, once it was verified: what every answer to it is held against.
CREATE TABLE opened_wave (
    list_id   TEXT    PRIMARY KEY REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    document  TEXT    NOT NULL,
    letters   INTEGER NOT NULL,
    opens_on  TEXT    NOT NULL,
    answer_by TEXT    NOT NULL
) STRICT;

-- A yes to a letter, as far as this organisation may know of it: a random id, how it stands, and which worker helped or confirmed. Who said it stands in the household of the same id alone, under its own key; the
-- number of the letter stands nowhere.
CREATE TABLE answer (
    id             TEXT    PRIMARY KEY,
    wave           TEXT    REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    changed        INTEGER NOT NULL,
    state          TEXT    NOT NULL CHECK (state IN ('asked', 'held', 'given', 'released', 'received', 'confirmed', 'denied', 'withdrawn', 'objected', 'expired', 'closed')),
    is_handed_out  INTEGER NOT NULL,
    is_erased      INTEGER NOT NULL,
    assurance      TEXT    NOT NULL CHECK (assurance IN ('assisted', 'bearer')),
    method         TEXT    NOT NULL CHECK (method IN ('web', 'slip', 'phone', 'counter')),
    given_on       TEXT    NOT NULL,
    until          TEXT,
    erase_by       TEXT,
    received_on    TEXT,
    confirmed_on   TEXT,
    denied_on      TEXT,
    code           TEXT,
    helped_by      TEXT,
    helped_at      INTEGER,
    checked_by     TEXT,
    seconded_by    TEXT,
    CONSTRAINT answer_own_help CHECK (helped_by IS NULL OR (helped_by IS NOT checked_by AND helped_by IS NOT seconded_by)),
    CONSTRAINT answer_asked CHECK ((state = 'asked') = (wave IS NULL))
) STRICT;
CREATE INDEX answer_wave ON answer (wave);
CREATE TRIGGER answer_helper_fixed BEFORE UPDATE OF helped_by ON answer WHEN OLD.helped_by IS NOT NULL AND OLD.helped_by IS NOT NEW.helped_by BEGIN SELECT RAISE(ABORT, 'answer.helperKept'); END;

-- What this organisation said of a yes, signed once, in its order. It grows only.
CREATE TABLE answer_step (
    sequence  INTEGER PRIMARY KEY AUTOINCREMENT,
    answer_id TEXT    NOT NULL REFERENCES answer (id) DEFERRABLE INITIALLY DEFERRED,
    act       TEXT    NOT NULL CHECK (act IN ('countersign', 'receive', 'confirm', 'deny', 'withdraw', 'never', 'close', 'erase')),
    document  TEXT    NOT NULL,
    attest_id TEXT    REFERENCES erasure_attest (id) DEFERRABLE INITIALLY DEFERRED,
    at        INTEGER NOT NULL,
    sent_at   INTEGER,
    code      TEXT,
    UNIQUE (answer_id, act)
) STRICT;
CREATE INDEX answer_step_unsent ON answer_step (answer_id) WHERE sent_at IS NULL;
CREATE TRIGGER answer_step_kept BEFORE DELETE ON answer_step BEGIN SELECT RAISE(ABORT, 'answer.stepKept'); END;

-- How far the changes of answers at the hub were read.
CREATE TABLE answer_reading (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    changed INTEGER NOT NULL
) STRICT;

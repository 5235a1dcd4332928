-- A file of people that the organisation itself loaded. One of each kind is current; an offered one waits for a yes.
CREATE TABLE person_file (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     TEXT    NOT NULL CHECK (kind IN ('known', 'residents')),
    state    TEXT    NOT NULL CHECK (state IN ('offered', 'current')),
    accepted INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX person_file_one ON person_file (kind, state);

-- Where a row could not be read, and why. Never what stood there.
CREATE TABLE file_error (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id     INTEGER NOT NULL REFERENCES person_file (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    row_number  INTEGER NOT NULL,
    column_name TEXT    NOT NULL,
    code        TEXT    NOT NULL
) STRICT;
CREATE INDEX file_error_file ON file_error (file_id);

-- One row a help file of the OCMW.
CREATE TABLE known_person (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id INTEGER NOT NULL REFERENCES person_file (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    insz    TEXT    NOT NULL,
    opened  TEXT    NOT NULL,
    closed  TEXT
) STRICT;
CREATE INDEX known_person_file ON known_person (file_id, insz);

-- One row a resident of the gemeente.
CREATE TABLE resident (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    file_id     INTEGER NOT NULL REFERENCES person_file (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    insz        TEXT    NOT NULL,
    given_name  TEXT,
    family_name TEXT
) STRICT;
CREATE INDEX resident_file ON resident (file_id, insz);

-- Other numbers of the same person.
CREATE TABLE linked_number (
    file_id INTEGER NOT NULL REFERENCES person_file (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    insz    TEXT    NOT NULL,
    linked  TEXT    NOT NULL,
    PRIMARY KEY (file_id, insz, linked)
) STRICT, WITHOUT ROWID;

-- A list that was asked for. The order is stored before it is sent, the secret choice of check rows before the token set is made.
CREATE TABLE ordered_list (
    id               TEXT    PRIMARY KEY,
    flow             TEXT    NOT NULL CHECK (flow IN ('match', 'unknown')),
    protocol_id      TEXT    NOT NULL,
    protocol_version TEXT    NOT NULL,
    protocol_hash    TEXT    NOT NULL,
    source           TEXT    NOT NULL,
    nis              TEXT    NOT NULL,
    reference_month  TEXT    NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('asked', 'sent', 'held', 'approved', 'refused', 'tokensSent', 'delivered', 'received', 'rejected', 'failed', 'expired')),
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
    erased_at        INTEGER
) STRICT;

CREATE TABLE list_reason (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    list_id      TEXT NOT NULL REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    code         TEXT NOT NULL,
    text         TEXT NOT NULL
) STRICT;
CREATE INDEX list_reason_list ON list_reason (list_id);

-- When a list came into each state.
CREATE TABLE list_event (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    list_id TEXT    NOT NULL REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    state   TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    UNIQUE (list_id, state)
) STRICT;

-- A household that the OCMW did not know yet. Its purpose never changes; rows of the other flow have another table.
CREATE TABLE household (
    id               TEXT    PRIMARY KEY,
    list_id          TEXT    NOT NULL REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    protocol_id      TEXT    NOT NULL,
    protocol_version TEXT    NOT NULL,
    protocol_hash    TEXT    NOT NULL,
    clause           TEXT    NOT NULL,
    purpose          TEXT    NOT NULL CHECK (purpose = 'outreach'),
    received_on      TEXT    NOT NULL,
    inform_by        TEXT    NOT NULL,
    delete_by        TEXT    NOT NULL,
    names            TEXT    NOT NULL,
    street           TEXT    NOT NULL,
    house_number     TEXT    NOT NULL,
    box              TEXT,
    postcode         TEXT    NOT NULL,
    place            TEXT    NOT NULL,
    reference_month  TEXT    NOT NULL,
    street_key       TEXT    NOT NULL,
    search_key       TEXT    NOT NULL,
    assigned_to      TEXT
) STRICT;
CREATE INDEX household_deadline ON household (inform_by, id);
CREATE INDEX household_street ON household (street_key, id);
CREATE INDEX household_delete ON household (delete_by);

-- A resident that the source also has. Purpose and table differ from households: it can never become one.
CREATE TABLE grant_row (
    id               TEXT    PRIMARY KEY,
    list_id          TEXT    NOT NULL REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    protocol_id      TEXT    NOT NULL,
    protocol_version TEXT    NOT NULL,
    protocol_hash    TEXT    NOT NULL,
    clause           TEXT    NOT NULL,
    purpose          TEXT    NOT NULL CHECK (purpose = 'automaticGrant'),
    received_on      TEXT    NOT NULL,
    inform_by        TEXT    NOT NULL,
    delete_by        TEXT    NOT NULL,
    insz             TEXT    NOT NULL,
    reference_month  TEXT    NOT NULL
) STRICT;
CREATE INDEX grant_row_deadline ON grant_row (inform_by, id);
CREATE INDEX grant_row_delete ON grant_row (delete_by);

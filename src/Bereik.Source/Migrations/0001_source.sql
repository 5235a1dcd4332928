-- One thing that was read: a MAGDA answer, or a row of the CSV register. Read again only when its bytes changed.
CREATE TABLE register_record (
    id     INTEGER PRIMARY KEY,
    origin TEXT    NOT NULL CHECK (origin IN ('magda', 'csv')),
    name   TEXT    NOT NULL,
    sha256 BLOB    NOT NULL,
    UNIQUE (origin, name)
) STRICT;

-- What a record says of a person. Rank 1: asked about that person; rank 2: as a member of a household.
CREATE TABLE person (
    record       INTEGER NOT NULL REFERENCES register_record (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    number       TEXT    NOT NULL,
    rank         INTEGER NOT NULL CHECK (rank IN (1, 2)),
    household    TEXT,
    given_names  TEXT    NOT NULL,
    family_name  TEXT    NOT NULL,
    birth_day    TEXT,
    deceased     INTEGER NOT NULL CHECK (deceased IN (0, 1)),
    address_kind TEXT    NOT NULL CHECK (address_kind IN ('main', 'reference', 'collective', 'safe', 'none')),
    safe_until   TEXT,
    nis          TEXT,
    street       TEXT,
    house_number TEXT,
    box          TEXT,
    postcode     TEXT,
    place        TEXT,
    PRIMARY KEY (record, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_number ON person (number, rank, record);
CREATE INDEX person_household ON person (household) WHERE household IS NOT NULL;
CREATE INDEX person_nis ON person (nis) WHERE nis IS NOT NULL;

-- Months, both inclusive, in which something is paid for a child to a beneficiary. Of other categories than the social supplement
-- (some say something about health) only that there is one is kept.
CREATE TABLE benefit (
    record      INTEGER NOT NULL REFERENCES register_record (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    child       TEXT    NOT NULL,
    beneficiary TEXT    NOT NULL,
    category    TEXT    NOT NULL CHECK (category IN ('SOCIAAL', 'ANDERE')),
    begin_month TEXT    NOT NULL,
    end_month   TEXT,
    PRIMARY KEY (record, child, beneficiary, category, begin_month)
) STRICT, WITHOUT ROWID;
CREATE INDEX benefit_supplement ON benefit (begin_month, end_month, beneficiary, child) WHERE category = 'SOCIAAL';
CREATE INDEX benefit_beneficiary ON benefit (beneficiary, child);
CREATE INDEX benefit_child ON benefit (child, beneficiary);

-- Two numbers of one person, as the register told.
CREATE TABLE number_link (
    record     INTEGER NOT NULL REFERENCES register_record (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    old_number TEXT    NOT NULL,
    new_number TEXT    NOT NULL,
    PRIMARY KEY (record, old_number, new_number)
) STRICT, WITHOUT ROWID;

-- Derived from the links: every number that has a link, and the one number that stands for the person.
CREATE TABLE number_subject (
    number  TEXT PRIMARY KEY,
    subject TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX number_subject_subject ON number_subject (subject);

-- One row: what is decided on must be what leaves, so the register stands still between approval and deposit.
CREATE TABLE register_state (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    revision  INTEGER NOT NULL,
    importing INTEGER NOT NULL CHECK (importing IN (0, 1))
) STRICT;
INSERT INTO register_state (id, revision, importing) VALUES (1, 0, 0);

CREATE TABLE import_run (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    ended_at  INTEGER,
    state     TEXT    NOT NULL CHECK (state IN ('waiting', 'busy', 'done', 'failed')),
    added     INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    in_error  INTEGER NOT NULL
) STRICT;

-- What could not be read, and where; never what stood there. A file is often named after a number, so this table holds personal data.
CREATE TABLE import_error (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    run       INTEGER NOT NULL REFERENCES import_run (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    file      TEXT    NOT NULL,
    line      INTEGER NOT NULL,
    column_at TEXT    NOT NULL,
    code      TEXT    NOT NULL
) STRICT;
CREATE INDEX import_error_run ON import_error (run, id);

-- Orders addressed to this source, as signed, with what it decided. Nothing of what happened after the deposit ever comes here.
CREATE TABLE request (
    id                TEXT PRIMARY KEY,
    sequence          INTEGER NOT NULL,
    order_jws         TEXT    NOT NULL,
    context           TEXT    NOT NULL UNIQUE,
    recipient         TEXT    NOT NULL,
    flow              TEXT    NOT NULL CHECK (flow IN ('match', 'unknown')),
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
    code              TEXT
) STRICT;
CREATE INDEX request_list ON request (recipient, protocol, reference_month);

-- How many households or children a preview held back or could not route, by reason.
CREATE TABLE request_count (
    request TEXT    NOT NULL REFERENCES request (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    kind    TEXT    NOT NULL CHECK (kind IN ('withheld', 'reported')),
    reason  TEXT    NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (request, kind, reason)
) STRICT, WITHOUT ROWID;

-- Orders that were not taken up at all: their signature does not hold, or their context was used before.
CREATE TABLE rejected_order (
    sequence INTEGER PRIMARY KEY,
    order_id TEXT    NOT NULL,
    code     TEXT    NOT NULL,
    place    TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;

-- How far the hub's list of orders was read.
CREATE TABLE order_cursor (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL
) STRICT;
INSERT INTO order_cursor (id, sequence) VALUES (1, 0);

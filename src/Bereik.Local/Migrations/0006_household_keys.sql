-- What is kept of a household of a list lies under a key of its own, outside this store: names, address, and the salts of what was committed to. A row of before has no such key and
-- cannot be read any more, so it goes, with its commitments: there is no installation with real people yet. The root of its list stays.
DELETE FROM committed_person WHERE row_id IN (SELECT id FROM household);
DROP TABLE household;
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
    assigned_to      TEXT,
    record           BLOB    NOT NULL
) STRICT;
CREATE INDEX household_list ON household (list_id, purpose, inform_by, delete_by);
CREATE INDEX household_inform ON household (inform_by);
CREATE INDEX household_delete ON household (delete_by);

-- Of a resident of a match list no name was received.
ALTER TABLE committed_person DROP COLUMN given_names;
ALTER TABLE committed_person DROP COLUMN family_name;

-- What was signed of things that were erased at once, for one cause and with one last day; ids only. Both tables grow only.
CREATE TABLE erasure_attest (
    id        TEXT    PRIMARY KEY,
    kind      TEXT    NOT NULL CHECK (kind IN ('household', 'grant', 'referral')),
    list_id   TEXT    REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    cause     TEXT    NOT NULL CHECK (cause IN ('deadline', 'outcome', 'ownFile', 'objection', 'withdrawn')),
    due       TEXT    NOT NULL,
    erased_at INTEGER NOT NULL,
    things    INTEGER NOT NULL CHECK (things > 0),
    days_late INTEGER NOT NULL CHECK (days_late >= 0),
    document  TEXT    NOT NULL
) STRICT;
CREATE INDEX erasure_attest_at ON erasure_attest (erased_at);

-- One line for each thing that was erased.
CREATE TABLE erasure (
    id        TEXT    PRIMARY KEY,
    kind      TEXT    NOT NULL CHECK (kind IN ('household', 'grant', 'referral')),
    list_id   TEXT    REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    cause     TEXT    NOT NULL CHECK (cause IN ('deadline', 'outcome', 'ownFile', 'objection', 'withdrawn')),
    due       TEXT    NOT NULL,
    erased_at INTEGER NOT NULL,
    is_late   INTEGER NOT NULL,
    attest_id TEXT    NOT NULL REFERENCES erasure_attest (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE TRIGGER erasure_kept BEFORE DELETE ON erasure BEGIN SELECT RAISE(ABORT, 'erasure.kept'); END;
CREATE TRIGGER erasure_fixed BEFORE UPDATE ON erasure BEGIN SELECT RAISE(ABORT, 'erasure.kept'); END;
CREATE TRIGGER erasure_attest_kept BEFORE DELETE ON erasure_attest BEGIN SELECT RAISE(ABORT, 'erasure.kept'); END;
CREATE TRIGGER erasure_attest_fixed BEFORE UPDATE ON erasure_attest BEGIN SELECT RAISE(ABORT, 'erasure.kept'); END;

-- The register of protocols: signed steps in their order. The chain binds each to all before it, so that one that was changed or taken out shows.
CREATE TABLE register_entry (
    sequence INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    event    TEXT    NOT NULL UNIQUE,
    chain    TEXT    NOT NULL
) STRICT;

-- INVARIANT: what was signed is only ever added to. The third trigger stops INSERT OR REPLACE, which deletes without a delete trigger.
CREATE TRIGGER register_entry_keeps BEFORE UPDATE ON register_entry BEGIN SELECT RAISE(ABORT, 'register_entry is append-only'); END;
CREATE TRIGGER register_entry_stays BEFORE DELETE ON register_entry BEGIN SELECT RAISE(ABORT, 'register_entry is append-only'); END;
CREATE TRIGGER register_entry_once BEFORE INSERT ON register_entry
WHEN EXISTS (SELECT 1 FROM register_entry WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'register_entry is append-only'); END;

-- When the register was last read from the hub, whether or not there was news.
CREATE TABLE register_reading (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    read_at INTEGER NOT NULL
) STRICT;

-- Decisions are also made on making a text public and on joining it.
CREATE TABLE decision_record_next (
    sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
    id               TEXT    NOT NULL UNIQUE,
    at               INTEGER NOT NULL,
    point            TEXT    NOT NULL CHECK (point IN ('order', 'release', 'use', 'publish', 'accede')),
    act              TEXT    NOT NULL,
    subject          TEXT    NOT NULL,
    who              TEXT    NOT NULL,
    protocol         TEXT    NOT NULL,
    protocol_version TEXT    NOT NULL,
    protocol_hash    TEXT    NOT NULL,
    outcome          TEXT    NOT NULL CHECK (outcome IN ('permit', 'hold', 'refuse')),
    reasons          TEXT    NOT NULL,
    facts            TEXT    NOT NULL,
    households       INTEGER
) STRICT;
INSERT INTO decision_record_next SELECT * FROM decision_record;
DROP TABLE decision_record;
ALTER TABLE decision_record_next RENAME TO decision_record;

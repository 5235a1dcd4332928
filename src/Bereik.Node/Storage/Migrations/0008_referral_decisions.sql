-- Decisions are also made on referring somebody.
CREATE TABLE decision_record_next (
    sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
    id               TEXT    NOT NULL UNIQUE,
    at               INTEGER NOT NULL,
    point            TEXT    NOT NULL CHECK (point IN ('order', 'release', 'use', 'publish', 'accede', 'refer')),
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

-- Every decision, permitted or refused, with what it was made on. Never about one person: a release counts the households that it came out the same for.
CREATE TABLE decision_record (
    sequence         INTEGER PRIMARY KEY AUTOINCREMENT,
    id               TEXT    NOT NULL UNIQUE,
    at               INTEGER NOT NULL,
    point            TEXT    NOT NULL CHECK (point IN ('order', 'release', 'use')),
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

-- Who works with what was received: the organisation's own statement on each person, made by two others. Nothing in it is ever changed but its end: a renewal is a new row.
CREATE TABLE attestation (
    id               TEXT    NOT NULL PRIMARY KEY,
    subject          TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    function         TEXT    NOT NULL CHECK (function IN ('socialWorker', 'teamLead', 'benefitClerk')),
    team             TEXT    NOT NULL,
    secrecy          TEXT    NOT NULL CHECK (secrecy IN ('professionalSecrecy', 'officialSecrecy', 'discretion')),
    bound_since      TEXT    NOT NULL,
    bound_until      TEXT,
    proof            TEXT    NOT NULL,
    proposed_by      TEXT    NOT NULL,
    proposed_by_name TEXT    NOT NULL,
    proposed_at      INTEGER NOT NULL,
    confirmed_by      TEXT CHECK (confirmed_by <> proposed_by),
    confirmed_by_name TEXT,
    confirmed_at      INTEGER,
    ended_at         INTEGER,
    ended_by         TEXT,
    ended_by_name    TEXT,
    ended_because    TEXT,
    CHECK (proposed_by <> subject AND (confirmed_by IS NULL OR confirmed_by <> subject))
) STRICT, WITHOUT ROWID;
CREATE INDEX attestation_subject ON attestation (subject);

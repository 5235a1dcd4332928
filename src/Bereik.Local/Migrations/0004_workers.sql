-- Who works with what was received: the organisation's own statement on each person, made by two others. Nothing in it is ever changed but that it is confirmed and
-- that it ends, each once: a renewal is a new row. What the program checks first is refused here again.
CREATE TABLE attestation (
    id                TEXT    NOT NULL PRIMARY KEY,
    subject           TEXT    NOT NULL,
    name              TEXT    NOT NULL,
    function          TEXT    NOT NULL CHECK (function IN ('socialWorker', 'teamLead', 'benefitClerk')),
    team              TEXT    NOT NULL,
    secrecy           TEXT    NOT NULL CHECK (secrecy IN ('professionalSecrecy', 'officialSecrecy', 'discretion')),
    bound_since       TEXT    NOT NULL,
    bound_until       TEXT,
    proof             TEXT    NOT NULL,
    proposed_by       TEXT    NOT NULL,
    proposed_by_name  TEXT    NOT NULL,
    proposed_at       INTEGER NOT NULL,
    confirmed_by      TEXT,
    confirmed_by_name TEXT,
    confirmed_at      INTEGER,
    ended_at          INTEGER,
    ended_by          TEXT,
    ended_by_name     TEXT,
    ended_because     TEXT,
    CONSTRAINT attestation_self CHECK (proposed_by <> subject AND (confirmed_by IS NULL OR confirmed_by <> subject)),
    CONSTRAINT attestation_two_persons CHECK (confirmed_by IS NULL OR confirmed_by <> proposed_by),
    CONSTRAINT attestation_confirmed CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL) AND (confirmed_by_name IS NULL) = (confirmed_at IS NULL)),
    CONSTRAINT attestation_too_old CHECK (confirmed_at IS NULL OR confirmed_at BETWEEN proposed_at AND proposed_at + 14 * 86400000),
    CONSTRAINT attestation_ended CHECK ((ended_by IS NULL) = (ended_at IS NULL) AND (ended_by_name IS NULL) = (ended_at IS NULL) AND (ended_because IS NULL) = (ended_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX attestation_subject ON attestation (subject);
CREATE UNIQUE INDEX attestation_one_open ON attestation (subject) WHERE confirmed_at IS NULL AND ended_at IS NULL;

-- What happened to attestations and to codes for keys, in its order. It grows only.
CREATE TABLE attestation_event (
    sequence       INTEGER PRIMARY KEY AUTOINCREMENT,
    attestation_id TEXT    REFERENCES attestation (id),
    subject        TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    act            TEXT    NOT NULL CHECK (act IN ('proposed', 'confirmed', 'withdrawn', 'suspended', 'codeMade')),
    done_by        TEXT    NOT NULL,
    done_by_name   TEXT    NOT NULL,
    because        TEXT,
    at             INTEGER NOT NULL
) STRICT;
CREATE INDEX attestation_event_subject ON attestation_event (subject);

CREATE TRIGGER attestation_kept BEFORE DELETE ON attestation BEGIN SELECT RAISE(ABORT, 'attestation.kept'); END;
CREATE TRIGGER attestation_event_kept BEFORE DELETE ON attestation_event BEGIN SELECT RAISE(ABORT, 'attestation.eventKept'); END;
CREATE TRIGGER attestation_event_fixed BEFORE UPDATE ON attestation_event BEGIN SELECT RAISE(ABORT, 'attestation.eventKept'); END;

CREATE TRIGGER attestation_fixed BEFORE UPDATE ON attestation
WHEN (OLD.id, OLD.subject, OLD.name, OLD.function, OLD.team, OLD.secrecy, OLD.bound_since, OLD.bound_until, OLD.proof, OLD.proposed_by, OLD.proposed_by_name, OLD.proposed_at)
    IS NOT (NEW.id, NEW.subject, NEW.name, NEW.function, NEW.team, NEW.secrecy, NEW.bound_since, NEW.bound_until, NEW.proof, NEW.proposed_by, NEW.proposed_by_name, NEW.proposed_at)
    OR ((OLD.confirmed_by, OLD.confirmed_by_name, OLD.confirmed_at) IS NOT (NEW.confirmed_by, NEW.confirmed_by_name, NEW.confirmed_at) AND (OLD.confirmed_at IS NOT NULL OR OLD.ended_at IS NOT NULL))
    OR (OLD.ended_at IS NOT NULL AND (OLD.ended_by, OLD.ended_by_name, OLD.ended_at, OLD.ended_because) IS NOT (NEW.ended_by, NEW.ended_by_name, NEW.ended_at, NEW.ended_because))
BEGIN SELECT RAISE(ABORT, 'attestation.fixed'); END;

-- Whoever runs the node attests nobody.
CREATE TRIGGER attestation_operator_proposes BEFORE INSERT ON attestation
WHEN EXISTS (SELECT 1 FROM colleague WHERE subject IN (NEW.proposed_by, NEW.confirmed_by) AND instr(' ' || roles || ' ', ' beheerder ') > 0)
BEGIN SELECT RAISE(ABORT, 'attestation.operator'); END;
CREATE TRIGGER attestation_operator_confirms BEFORE UPDATE OF confirmed_by ON attestation
WHEN EXISTS (SELECT 1 FROM colleague WHERE subject = NEW.confirmed_by AND instr(' ' || roles || ' ', ' beheerder ') > 0)
BEGIN SELECT RAISE(ABORT, 'attestation.operator'); END;

CREATE TRIGGER attestation_proposed AFTER INSERT ON attestation
BEGIN
    INSERT INTO attestation_event (attestation_id, subject, name, act, done_by, done_by_name, at) VALUES (NEW.id, NEW.subject, NEW.name, 'proposed', NEW.proposed_by, NEW.proposed_by_name, NEW.proposed_at);
    INSERT INTO attestation_event (attestation_id, subject, name, act, done_by, done_by_name, at)
        SELECT NEW.id, NEW.subject, NEW.name, 'confirmed', NEW.confirmed_by, NEW.confirmed_by_name, NEW.confirmed_at WHERE NEW.confirmed_at IS NOT NULL;
END;
CREATE TRIGGER attestation_confirmed AFTER UPDATE OF confirmed_at ON attestation WHEN OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL
BEGIN
    INSERT INTO attestation_event (attestation_id, subject, name, act, done_by, done_by_name, at) VALUES (NEW.id, NEW.subject, NEW.name, 'confirmed', NEW.confirmed_by, NEW.confirmed_by_name, NEW.confirmed_at);
END;
CREATE TRIGGER attestation_ended AFTER UPDATE OF ended_at ON attestation WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
BEGIN
    INSERT INTO attestation_event (attestation_id, subject, name, act, done_by, done_by_name, because, at)
        VALUES (NEW.id, NEW.subject, NEW.name, CASE WHEN NEW.confirmed_at IS NULL THEN 'withdrawn' ELSE 'suspended' END, NEW.ended_by, NEW.ended_by_name, NEW.ended_because, NEW.ended_at);
END;

-- For which team a list came. One that came before this was known is nobody's own.
ALTER TABLE ordered_list ADD COLUMN team TEXT NOT NULL DEFAULT '';

-- Who looked beyond the own team, why, and what the data protection officer said of it.
CREATE TABLE wider_access (
    id               TEXT    NOT NULL PRIMARY KEY,
    subject          TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    team             TEXT    NOT NULL,
    list_id          TEXT    NOT NULL REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    list_team        TEXT    NOT NULL,
    reason           TEXT    NOT NULL CHECK (length(reason) BETWEEN 3 AND 280),
    day              TEXT    NOT NULL,
    at               INTEGER NOT NULL,
    reviewed_by      TEXT,
    reviewed_by_name TEXT,
    reviewed_at      INTEGER,
    remark           TEXT,
    CONSTRAINT wider_access_reviewed CHECK ((reviewed_by IS NULL) = (reviewed_at IS NULL) AND (reviewed_by_name IS NULL) = (reviewed_at IS NULL) AND (remark IS NULL) = (reviewed_at IS NULL)),
    CONSTRAINT wider_access_self CHECK (reviewed_by IS NULL OR reviewed_by <> subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX wider_access_today ON wider_access (subject, day);
CREATE TRIGGER wider_access_kept BEFORE DELETE ON wider_access BEGIN SELECT RAISE(ABORT, 'access.kept'); END;
CREATE TRIGGER wider_access_fixed BEFORE UPDATE ON wider_access
WHEN OLD.reviewed_at IS NOT NULL
    OR (OLD.id, OLD.subject, OLD.name, OLD.team, OLD.list_id, OLD.list_team, OLD.reason, OLD.day, OLD.at) IS NOT (NEW.id, NEW.subject, NEW.name, NEW.team, NEW.list_id, NEW.list_team, NEW.reason, NEW.day, NEW.at)
BEGIN SELECT RAISE(ABORT, 'access.fixed'); END;

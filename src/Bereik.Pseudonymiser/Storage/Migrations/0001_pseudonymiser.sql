-- Who asked, when, and how many points; the organisation is absent when an unsigned request was allowed. Nothing else is kept.
CREATE TABLE evaluation (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    organisation TEXT,
    at           INTEGER NOT NULL,
    points       INTEGER NOT NULL CHECK (points > 0)
) STRICT;

-- INVARIANT: what happened is only ever added to. The third trigger stops INSERT OR REPLACE, which deletes without a delete trigger.
CREATE TRIGGER evaluation_keeps BEFORE UPDATE ON evaluation BEGIN SELECT RAISE(ABORT, 'evaluation is append-only'); END;
CREATE TRIGGER evaluation_stays BEFORE DELETE ON evaluation BEGIN SELECT RAISE(ABORT, 'evaluation is append-only'); END;
CREATE TRIGGER evaluation_once BEFORE INSERT ON evaluation
WHEN EXISTS (SELECT 1 FROM evaluation WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'evaluation is append-only'); END;

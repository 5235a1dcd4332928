-- What a worker did for a household of a list: contact, what was told, what is next, and how it ended. Nothing of it says who they are.
DROP INDEX household_list;
DROP INDEX household_inform;
DROP INDEX household_delete;
ALTER TABLE household RENAME COLUMN assigned_to TO assigned_name;
ALTER TABLE household ADD COLUMN assigned_to TEXT;
ALTER TABLE household ADD COLUMN contacted_on TEXT;
ALTER TABLE household ADD COLUMN informed_on TEXT;
ALTER TABLE household ADD COLUMN next_on TEXT;
ALTER TABLE household ADD COLUMN outcome TEXT;

-- Why it is to be erased, from the moment a worker ended it: what a kill leaves of that, the next start finishes.
ALTER TABLE household ADD COLUMN closed_as TEXT CHECK (closed_as IN ('outcome', 'ownFile', 'objection', 'withdrawn'));

-- All that the pages of the worklist ask of rows but the record, so that they are read without it.
CREATE INDEX household_work ON household (list_id, purpose, closed_as, contacted_on, informed_on, inform_by, delete_by, next_on, assigned_to, assigned_name, id);

-- Attempts to reach the household: channel and whether it worked, nothing that was said. They go with the row.
CREATE TABLE household_attempt (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT    NOT NULL UNIQUE,
    household_id TEXT    NOT NULL REFERENCES household (id) ON DELETE CASCADE,
    day          TEXT    NOT NULL,
    channel      TEXT    NOT NULL CHECK (channel IN ('phone', 'letter', 'visit', 'desk')),
    reached      INTEGER NOT NULL,
    notice       INTEGER NOT NULL,
    by_name      TEXT    NOT NULL,
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX household_attempt_of ON household_attempt (household_id);

-- The outcome that a worker chose for what was erased; null where nobody did.
ALTER TABLE erasure ADD COLUMN outcome TEXT;

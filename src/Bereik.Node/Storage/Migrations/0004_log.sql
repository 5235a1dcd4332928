-- The public log as this node follows it. Its files lie beside the store; here is how far they were read, and what is about this node.
CREATE TABLE log_view (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    log         TEXT    NOT NULL,
    size        INTEGER NOT NULL,
    root        TEXT    NOT NULL,
    cosigned_at INTEGER NOT NULL,
    told_at     INTEGER NOT NULL
) STRICT;

-- INVARIANT: what was seen of the log never shrinks.
CREATE TRIGGER log_view_grows BEFORE UPDATE ON log_view WHEN NEW.size < OLD.size BEGIN SELECT RAISE(ABORT, 'log_view only grows'); END;

-- Entries about this node, about its orders, of every key and of the register.
CREATE TABLE log_fact (
    idx          INTEGER PRIMARY KEY,
    type         TEXT    NOT NULL,
    organisation TEXT    NOT NULL,
    order_id     TEXT,
    handle       TEXT,
    entry        BLOB    NOT NULL,
    read_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX log_fact_order ON log_fact (order_id);
CREATE INDEX log_fact_handle ON log_fact (handle);
CREATE INDEX log_fact_type ON log_fact (type, organisation);
CREATE TRIGGER log_fact_keeps BEFORE UPDATE ON log_fact BEGIN SELECT RAISE(ABORT, 'log_fact is append-only'); END;
CREATE TRIGGER log_fact_stays BEFORE DELETE ON log_fact BEGIN SELECT RAISE(ABORT, 'log_fact is append-only'); END;

-- The steps of the register that the log shows, to hold against those that the hub tells.
CREATE TABLE log_step (
    idx      INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL,
    document TEXT    NOT NULL,
    read_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX log_step_sequence ON log_step (sequence);

-- Keys that organisations stated, as far as their statements hold.
CREATE TABLE log_key (
    organisation TEXT    NOT NULL,
    use          TEXT    NOT NULL,
    kid          TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    revoked      INTEGER NOT NULL CHECK (revoked IN (0, 1)),
    PRIMARY KEY (organisation, use, kid)
) STRICT, WITHOUT ROWID;

-- What the hub promised to have logged, until the log shows it.
CREATE TABLE log_promise (
    idx       INTEGER NOT NULL,
    leaf      TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    is_broken INTEGER NOT NULL DEFAULT 0 CHECK (is_broken IN (0, 1)),
    PRIMARY KEY (idx, leaf)
) STRICT, WITHOUT ROWID;

-- Checkpoints of others that are larger than what was read, until the log reaches them.
CREATE TABLE log_ahead (
    size      INTEGER NOT NULL,
    root      TEXT    NOT NULL,
    note      TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    is_broken INTEGER NOT NULL DEFAULT 0 CHECK (is_broken IN (0, 1)),
    PRIMARY KEY (size, root)
) STRICT, WITHOUT ROWID;

-- Steps that the register told and the log does not show yet.
CREATE TABLE log_unlogged (
    sequence INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL
) STRICT;

-- Every key that this node ever held: nothing else is stated in its name.
CREATE TABLE own_key (
    kid   TEXT PRIMARY KEY,
    use   TEXT    NOT NULL,
    key   TEXT    NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Statements on own keys, signed once and sent until they are in the log.
CREATE TABLE own_statement (
    kid      TEXT PRIMARY KEY,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What did not hold in the log, and what was done about it. Nothing of it is ever changed.
CREATE TABLE log_alarm (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    code     TEXT    NOT NULL,
    place    TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    evidence TEXT,
    UNIQUE (code, place)
) STRICT;
CREATE TRIGGER log_alarm_keeps BEFORE UPDATE ON log_alarm BEGIN SELECT RAISE(ABORT, 'log_alarm is append-only'); END;
CREATE TRIGGER log_alarm_stays BEFORE DELETE ON log_alarm BEGIN SELECT RAISE(ABORT, 'log_alarm is append-only'); END;

CREATE TABLE log_alarm_settled (
    alarm INTEGER PRIMARY KEY REFERENCES log_alarm (id),
    who   TEXT    NOT NULL,
    why   TEXT    NOT NULL,
    at    INTEGER NOT NULL
) STRICT;
CREATE TRIGGER log_alarm_settled_keeps BEFORE UPDATE ON log_alarm_settled BEGIN SELECT RAISE(ABORT, 'log_alarm_settled is append-only'); END;
CREATE TRIGGER log_alarm_settled_stays BEFORE DELETE ON log_alarm_settled BEGIN SELECT RAISE(ABORT, 'log_alarm_settled is append-only'); END;

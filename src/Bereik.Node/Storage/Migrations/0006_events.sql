-- What this node told its own organisation's software: signed once, numbered in all and in each exchange. due_at says when it is sent next; null once it need not be.
CREATE TABLE node_event (
    sequence        INTEGER PRIMARY KEY CHECK (sequence > 0),
    exchange        TEXT    NOT NULL,
    number          INTEGER NOT NULL CHECK (number > 0),
    type            TEXT    NOT NULL,
    at              INTEGER NOT NULL,
    document        TEXT    NOT NULL,
    due_at          INTEGER,
    attempts        INTEGER NOT NULL DEFAULT 0,
    acknowledged_at INTEGER,
    given_up_at     INTEGER,
    UNIQUE (exchange, number)
) STRICT;
CREATE INDEX node_event_due ON node_event (exchange, sequence) WHERE due_at IS NOT NULL;

-- INVARIANT: what was told is only ever added to.
CREATE TRIGGER node_event_keeps BEFORE UPDATE OF sequence, exchange, number, type, at, document ON node_event BEGIN SELECT RAISE(ABORT, 'node_event is append-only'); END;
CREATE TRIGGER node_event_stays BEFORE DELETE ON node_event BEGIN SELECT RAISE(ABORT, 'node_event is append-only'); END;
CREATE TRIGGER node_event_once BEFORE INSERT ON node_event
WHEN EXISTS (SELECT 1 FROM node_event WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'node_event is append-only'); END;

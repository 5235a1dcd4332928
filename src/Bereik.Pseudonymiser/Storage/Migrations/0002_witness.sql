-- Every checkpoint that this witness cosigned, with the log's signature and its own; the last is what the next must continue.
CREATE TABLE cosigned (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    size     INTEGER NOT NULL CHECK (size >= 0),
    root     TEXT    NOT NULL,
    note     TEXT    NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX cosigned_size ON cosigned (size, root);

-- INVARIANT: what was cosigned is only ever added to, and never shrinks. The third trigger stops INSERT OR REPLACE, which deletes without a delete trigger.
CREATE TRIGGER cosigned_keeps BEFORE UPDATE ON cosigned BEGIN SELECT RAISE(ABORT, 'cosigned is append-only'); END;
CREATE TRIGGER cosigned_stays BEFORE DELETE ON cosigned BEGIN SELECT RAISE(ABORT, 'cosigned is append-only'); END;
CREATE TRIGGER cosigned_once BEFORE INSERT ON cosigned
WHEN EXISTS (SELECT 1 FROM cosigned WHERE sequence = NEW.sequence OR size > NEW.size OR (size = NEW.size AND root <> NEW.root))
BEGIN SELECT RAISE(ABORT, 'cosigned is append-only'); END;

-- Checkpoints that the log signed and that do not continue what was cosigned, as they came: proof for anybody.
CREATE TABLE witness_evidence (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    code     TEXT    NOT NULL,
    size     INTEGER NOT NULL,
    root     TEXT    NOT NULL,
    note     TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    UNIQUE (code, size, root)
) STRICT;
CREATE TRIGGER witness_evidence_keeps BEFORE UPDATE ON witness_evidence BEGIN SELECT RAISE(ABORT, 'witness_evidence is append-only'); END;
CREATE TRIGGER witness_evidence_stays BEFORE DELETE ON witness_evidence BEGIN SELECT RAISE(ABORT, 'witness_evidence is append-only'); END;

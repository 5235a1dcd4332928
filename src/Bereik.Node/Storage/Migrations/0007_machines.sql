-- The software of suppliers that may call this node, and the keys with which it proves itself: several while it changes from one to the next.
CREATE TABLE machine_client (
    id         TEXT PRIMARY KEY,
    name       TEXT    NOT NULL,
    scopes     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE machine_client_key (
    kid        TEXT PRIMARY KEY,
    client_id  TEXT    NOT NULL REFERENCES machine_client (id),
    key        TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    ends_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX machine_client_key_client ON machine_client_key (client_id);

-- INVARIANT: what was revoked stays so, and no client or key goes away: who called when can be told afterwards.
CREATE TRIGGER machine_client_stays BEFORE DELETE ON machine_client BEGIN SELECT RAISE(ABORT, 'machine_client keeps its rows'); END;
CREATE TRIGGER machine_client_revoked BEFORE UPDATE ON machine_client WHEN OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NOT OLD.revoked_at BEGIN SELECT RAISE(ABORT, 'a client stays revoked'); END;
CREATE TRIGGER machine_client_key_stays BEFORE DELETE ON machine_client_key BEGIN SELECT RAISE(ABORT, 'machine_client_key keeps its rows'); END;

-- The public log that this hub keeps: one row, and how far this store knows it. What ought to be there is never silently made again.
CREATE TABLE hub_log (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    verifier TEXT    NOT NULL,
    -- Index of the last entry that this store knows; NULL until the first is in.
    highest  INTEGER,
    -- Steps of the register that are in the log, and entries that are in log_day.
    steps    INTEGER NOT NULL DEFAULT 0,
    counted  INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Entries by day (Europe/Brussels) and type, so that nobody counts millions of them again.
CREATE TABLE log_day (
    day     TEXT    NOT NULL,
    type    TEXT    NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (day, type)
) STRICT, WITHOUT ROWID;

-- Documents of other nodes that are in the log, so that the same one again is no second entry. What it is about happens once.
CREATE TABLE log_document (
    hash         TEXT    PRIMARY KEY,
    typ          TEXT    NOT NULL,
    organisation TEXT    NOT NULL,
    about        TEXT    NOT NULL,
    position     INTEGER NOT NULL,
    taken_at     INTEGER NOT NULL,
    UNIQUE (typ, organisation, about)
) STRICT;

-- Keys that organisations stated. Of the signing keys, the last that is not revoked is the present one.
CREATE TABLE stated_key (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    organisation TEXT    NOT NULL,
    use          TEXT    NOT NULL CHECK (use IN ('signing', 'sealing', 'token', 'oprf')),
    kid          TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    stated_at    INTEGER NOT NULL,
    revoked_at   INTEGER,
    UNIQUE (organisation, use, kid)
) STRICT;

-- The random name of a disclosure, by which delivery, erasure and withdrawal are told in the log; and the root over its persons.
ALTER TABLE list_order ADD COLUMN handle TEXT;
ALTER TABLE list_order ADD COLUMN root_hash TEXT;
CREATE UNIQUE INDEX list_order_handle ON list_order (handle);

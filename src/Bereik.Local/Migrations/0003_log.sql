-- The source's own decision on an order, as it was shown here: the public log must show the same.
ALTER TABLE ordered_list ADD COLUMN decision_jws TEXT;

-- The padded tree over everybody in a package. Its leaf hashes go with the last row; what was signed and is in the log stays.
CREATE TABLE person_root (
    list_id   TEXT    PRIMARY KEY REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    handle    TEXT    NOT NULL,
    root      TEXT    NOT NULL,
    slots     INTEGER NOT NULL,
    leaves    BLOB,
    document  TEXT    NOT NULL,
    log_index INTEGER
) STRICT;

-- One person of a row: salt and slot, and the names as they came, which the row has as one line. Gone with the row.
CREATE TABLE committed_person (
    row_id       TEXT    NOT NULL,
    person       INTEGER NOT NULL,
    list_id      TEXT    NOT NULL REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    slot         INTEGER NOT NULL,
    salt         BLOB    NOT NULL CHECK (length(salt) = 32),
    given_names  TEXT    NOT NULL,
    family_name  TEXT    NOT NULL,
    PRIMARY KEY (row_id, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX committed_person_salt ON committed_person (salt);

-- What this organisation says in the log on the end of a disclosure, signed once.
CREATE TABLE ended_disclosure (
    list_id  TEXT    PRIMARY KEY REFERENCES ordered_list (id) DEFERRABLE INITIALLY DEFERRED,
    document TEXT    NOT NULL,
    sent_at  INTEGER
) STRICT;

-- The roots of each day, signed once.
CREATE TABLE round (
    day      TEXT    PRIMARY KEY,
    document TEXT    NOT NULL,
    sent_at  INTEGER
) STRICT;

-- The leaf hashes under a root of a day, where the day had anything of that kind.
CREATE TABLE round_tree (
    day    TEXT NOT NULL REFERENCES round (day) DEFERRABLE INITIALLY DEFERRED,
    kind   TEXT NOT NULL CHECK (kind IN ('access', 'consent', 'withdrawal', 'erasure')),
    leaves BLOB NOT NULL,
    PRIMARY KEY (day, kind)
) STRICT;

-- Salt and slot of each thing that a day's root is over, as long as the thing itself is kept.
CREATE TABLE round_leaf (
    day     TEXT    NOT NULL REFERENCES round (day) DEFERRABLE INITIALLY DEFERRED,
    kind    TEXT    NOT NULL CHECK (kind IN ('access', 'consent', 'withdrawal', 'erasure')),
    subject TEXT    NOT NULL,
    salt    BLOB    NOT NULL CHECK (length(salt) = 32),
    slot    INTEGER NOT NULL,
    PRIMARY KEY (day, kind, subject)
) STRICT, WITHOUT ROWID;

-- What was filled in of an accession and is not signed yet, so that it can be finished on another day. One for each text of a protocol; nothing about a person.
CREATE TABLE accession_draft (
    protocol_hash TEXT    PRIMARY KEY,
    fields        TEXT    NOT NULL,
    changed_at    INTEGER NOT NULL
) STRICT;

-- One person handed over with consent, from here or to here. Who it is stands in the record alone, under a key of its own that lies outside this store.
CREATE TABLE referral (
    id               TEXT    PRIMARY KEY,
    direction        TEXT    NOT NULL CHECK (direction IN ('out', 'in')),
    protocol_id      TEXT    NOT NULL,
    protocol_version TEXT    NOT NULL,
    protocol_hash    TEXT    NOT NULL,
    purpose          TEXT    NOT NULL CHECK (purpose = 'requestedHelp'),
    partner          TEXT    NOT NULL,
    service          TEXT    NOT NULL,
    team             TEXT    NOT NULL,
    from_id          TEXT,
    state            TEXT    NOT NULL CHECK (state IN ('waiting', 'sent', 'accepted', 'declined', 'contacted', 'closed', 'revoked', 'expired', 'refused')),
    is_received      INTEGER NOT NULL,
    is_erased        INTEGER NOT NULL,
    offer            TEXT,
    sealed           TEXT,
    record           BLOB,
    made_by          TEXT,
    assigned_to      TEXT,
    assigned_name    TEXT,
    received_on      TEXT    NOT NULL,
    contact_by       TEXT    NOT NULL,
    inform_by        TEXT    NOT NULL,
    delete_by        TEXT    NOT NULL,
    confirm_by       TEXT,
    contacted_on     TEXT,
    informed_on      TEXT,
    next_on          TEXT,
    outcome          TEXT,
    code             TEXT,
    created_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    erased_at        INTEGER
) STRICT;
CREATE INDEX referral_open ON referral (direction, team, state);

-- What either service said, signed, in the order in which this node said or heard it. It grows only.
CREATE TABLE said_step (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    referral_id TEXT    NOT NULL REFERENCES referral (id) DEFERRABLE INITIALLY DEFERRED,
    act         TEXT    NOT NULL,
    side        TEXT    NOT NULL CHECK (side IN ('sender', 'recipient')),
    cause       TEXT,
    document    TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    send_after  INTEGER NOT NULL,
    sent_at     INTEGER,
    UNIQUE (referral_id, document)
) STRICT;
CREATE INDEX said_step_unsent ON said_step (referral_id) WHERE sent_at IS NULL;
CREATE TRIGGER said_step_kept BEFORE DELETE ON said_step BEGIN SELECT RAISE(ABORT, 'referral.stepKept'); END;

-- Attempts to reach the person: channel and whether it worked, nothing that was said.
CREATE TABLE referral_attempt (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    referral_id TEXT    NOT NULL REFERENCES referral (id) DEFERRABLE INITIALLY DEFERRED,
    day         TEXT    NOT NULL,
    channel     TEXT    NOT NULL CHECK (channel IN ('phone', 'letter', 'visit', 'desk')),
    reached     INTEGER NOT NULL,
    by_name     TEXT    NOT NULL,
    at          INTEGER NOT NULL
) STRICT;
CREATE INDEX referral_attempt_of ON referral_attempt (referral_id);

-- The signed sheet of a consent on paper, as it was scanned, under the key of the referral. It never leaves this node, and goes with everything else that is erased.
CREATE TABLE consent_scan (
    referral_id TEXT    PRIMARY KEY REFERENCES referral (id) DEFERRABLE INITIALLY DEFERRED,
    type        TEXT    NOT NULL CHECK (type IN ('application/pdf', 'image/png', 'image/jpeg')),
    content     BLOB    NOT NULL,
    kept_at     INTEGER NOT NULL
) STRICT;
CREATE TRIGGER consent_scan_erased AFTER UPDATE OF erased_at ON referral WHEN NEW.erased_at IS NOT NULL BEGIN DELETE FROM consent_scan WHERE referral_id = NEW.id; END;
CREATE TRIGGER consent_scan_late BEFORE INSERT ON consent_scan WHEN (SELECT erased_at FROM referral WHERE id = NEW.referral_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'referral.erased'); END;

-- How far the changes of referrals at the hub were read.
CREATE TABLE referral_reading (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    changed INTEGER NOT NULL
) STRICT;

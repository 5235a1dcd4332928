-- Referrals that were let through: from which service to which, never whom.
CREATE TABLE referral (
    sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    sender      TEXT    NOT NULL,
    recipient   TEXT    NOT NULL,
    service     TEXT    NOT NULL,
    protocol    TEXT    NOT NULL,
    version     TEXT    NOT NULL,
    hash        TEXT    NOT NULL,
    offer       TEXT    NOT NULL,
    offer_hash  TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('sent', 'accepted', 'declined', 'contacted', 'closed', 'revoked', 'expired')),
    is_received INTEGER NOT NULL,
    is_erased   INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    -- Grows with every change of any referral: who asks for what changed after a number misses nothing.
    changed     INTEGER NOT NULL UNIQUE,
    sealed      TEXT,
    -- INVARIANT: what is sealed is here while it can be fetched, and not an instant longer.
    CHECK (sealed IS NULL OR (state = 'sent' AND is_received = 0))
) STRICT;
CREATE INDEX referral_of_sender ON referral (sender, changed);
CREATE INDEX referral_of_recipient ON referral (recipient, changed);
CREATE INDEX referral_expires ON referral (state, expires_at);

-- What the two services said of it, each as it was signed.
CREATE TABLE referral_step (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    referral INTEGER NOT NULL REFERENCES referral (sequence),
    -- SHA-256 of what was signed, without the signature, of which one signing can have two forms.
    said     TEXT    NOT NULL,
    step     TEXT    NOT NULL,
    act      TEXT    NOT NULL CHECK (act IN ('receive', 'accept', 'decline', 'contact', 'close', 'revoke', 'erase')),
    by       TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    UNIQUE (referral, said)
) STRICT;

-- INVARIANT: what was said is only ever added to. The third trigger stops INSERT OR REPLACE, which deletes without a delete trigger.
CREATE TRIGGER referral_step_keeps BEFORE UPDATE ON referral_step BEGIN SELECT RAISE(ABORT, 'referral_step is append-only'); END;
CREATE TRIGGER referral_step_stays BEFORE DELETE ON referral_step BEGIN SELECT RAISE(ABORT, 'referral_step is append-only'); END;
CREATE TRIGGER referral_step_once BEFORE INSERT ON referral_step
WHEN EXISTS (SELECT 1 FROM referral_step WHERE sequence = NEW.sequence OR (referral = NEW.referral AND said = NEW.said))
BEGIN SELECT RAISE(ABORT, 'referral_step is append-only'); END;

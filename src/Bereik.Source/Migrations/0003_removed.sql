-- Records that a run found gone or unreadable, and took away.
ALTER TABLE import_run ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

-- The steward's own words on a refusal, which stay here; what the recipient reads is the sentence of the code.
ALTER TABLE request ADD COLUMN refusal_note TEXT;

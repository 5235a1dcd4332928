-- Whether a record changed is told by a digest under this key: a number is never hashed without one. What was read before is read once more.
ALTER TABLE register_state ADD COLUMN digest_key BLOB;
UPDATE register_state SET digest_key = randomblob(32);
UPDATE register_record SET sha256 = zeroblob(32);
ALTER TABLE register_record RENAME COLUMN sha256 TO digest;

-- The day on which a preview counted ages and shielded addresses (yyyy-MM-dd): the envelope is made for the same day.
ALTER TABLE request ADD COLUMN counted_on TEXT;

-- The manifest of the envelope that was made for a request: SHA-256 of its compact JWS, base64url. What the public log says was deposited must be it.
ALTER TABLE request ADD COLUMN manifest TEXT;

-- Every decision that this source signed. Another one in the public log in its name is not its own, also when it stopped a request that it had approved.
CREATE TABLE own_decision (
    jws     TEXT PRIMARY KEY,
    request TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO own_decision (jws, request) SELECT decision_jws, id FROM request WHERE decision_jws IS NOT NULL;

-- Bases of numbers for one epoch. As secret as the numbers themselves: encrypted under the node's store key, gone after the epoch.
CREATE TABLE pseudonym_base (
    epoch  TEXT NOT NULL,
    number TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (epoch, number)
) STRICT, WITHOUT ROWID;

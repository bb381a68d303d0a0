-- What waits for review: a record or a change that its author may not, or not alone, put into the register.

-- +goose Up
CREATE TABLE proposals (
    id integer PRIMARY KEY AUTOINCREMENT,
    subject text NOT NULL CHECK (subject IN ('agreement', 'meeting', 'party', 'person')),
    subject_key text NOT NULL DEFAULT '', -- empty for a new record
    action text NOT NULL CHECK (action IN ('record', 'revise', 'withdraw')),
    base integer NOT NULL DEFAULT 0, -- the version that it was made on
    draft text NOT NULL,
    comment text NOT NULL DEFAULT '',
    key text NOT NULL DEFAULT '', -- the submission's one-time key
    account_id integer NOT NULL REFERENCES accounts (id),
    actor text NOT NULL,
    address text NOT NULL DEFAULT '',
    made_at datetime NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'returned', 'accepted', 'withdrawn')),
    note text NOT NULL DEFAULT '',
    decided_by text NOT NULL DEFAULT '',
    decided_at datetime,
    seen boolean NOT NULL DEFAULT TRUE, -- the author has seen the decision
    version integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX proposals_by_submission ON proposals (account_id, key) WHERE key <> '';
CREATE INDEX proposals_by_state ON proposals (state, id DESC);
CREATE INDEX proposals_by_account ON proposals (account_id, id DESC);

-- +goose Down
DROP TABLE proposals;

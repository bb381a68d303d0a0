-- Who may do what: accounts with their sessions, passkeys and tokens, what waits for review, what happened, and a chain
-- of hashes over all revisions.

-- +goose Up
CREATE TABLE accounts (
    id integer PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL CHECK (name <> ''),
    folded text NOT NULL UNIQUE,
    email text NOT NULL DEFAULT '',
    language text NOT NULL,
    role text NOT NULL CHECK (role IN ('reader', 'contributor', 'editor', 'administrator')),
    password text NOT NULL DEFAULT '', -- Argon2id, in the PHC string format
    totp_secret text NOT NULL DEFAULT '',
    totp_step integer NOT NULL DEFAULT 0, -- of the last code taken: each is taken once
    handle text NOT NULL UNIQUE, -- by which passkeys know the account
    version integer NOT NULL DEFAULT 1,
    created_at datetime NOT NULL,
    disabled_at datetime
);
CREATE UNIQUE INDEX accounts_by_email ON accounts (email) WHERE email <> '';
CREATE TABLE recovery_codes (
    hash text PRIMARY KEY,
    account_id integer NOT NULL REFERENCES accounts (id) ON DELETE CASCADE
);
CREATE INDEX recovery_codes_by_account ON recovery_codes (account_id);
CREATE TABLE passkeys (
    id text PRIMARY KEY,
    account_id integer NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name text NOT NULL,
    credential text NOT NULL,
    created_at datetime NOT NULL,
    used_at datetime
);
CREATE INDEX passkeys_by_account ON passkeys (account_id);
CREATE TABLE identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    account_id integer NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at datetime NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_by_account ON identities (account_id);
CREATE TABLE sessions (
    token text PRIMARY KEY, -- a hash of the one in the cookie
    account_id integer REFERENCES accounts (id) ON DELETE CASCADE,
    data blob NOT NULL,
    started_at datetime NOT NULL,
    seen_at datetime NOT NULL,
    expires_at datetime NOT NULL,
    address text NOT NULL DEFAULT '',
    agent text NOT NULL DEFAULT ''
);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE TABLE tokens (
    id integer PRIMARY KEY AUTOINCREMENT,
    account_id integer NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name text NOT NULL,
    hash text NOT NULL UNIQUE,
    scope text NOT NULL CHECK (scope IN ('read', 'draft', 'publish')),
    created_at datetime NOT NULL,
    expires_at datetime NOT NULL,
    used_at datetime,
    revoked_at datetime
);
CREATE INDEX tokens_by_account ON tokens (account_id);
CREATE TABLE links (
    hash text PRIMARY KEY,
    account_id integer NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at datetime NOT NULL
);
CREATE INDEX links_by_account ON links (account_id);
CREATE TABLE audit (
    id integer PRIMARY KEY AUTOINCREMENT,
    at datetime NOT NULL,
    event text NOT NULL,
    account_id integer,
    actor text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    detail text NOT NULL DEFAULT ''
);
CREATE INDEX audit_by_time ON audit (at DESC, id DESC);
CREATE TABLE settings (
    name text PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE revisions_new (
    id integer PRIMARY KEY AUTOINCREMENT,
    subject text NOT NULL CHECK (subject IN ('agreement', 'meeting', 'party', 'person', 'account')),
    subject_key text NOT NULL,
    number integer NOT NULL,
    action text NOT NULL CHECK (action IN ('recorded', 'revised', 'restored', 'withdrawn', 'imported', 'purged')),
    actor text NOT NULL,
    at datetime NOT NULL,
    comment text NOT NULL DEFAULT '',
    record text NOT NULL,
    account_id integer,
    address text NOT NULL DEFAULT '',
    place integer NOT NULL DEFAULT 0, -- in the chain, from 1; 0 is not yet in it
    previous text NOT NULL DEFAULT '',
    digest text NOT NULL DEFAULT '',
    purged boolean NOT NULL DEFAULT FALSE,
    UNIQUE (subject, subject_key, number)
);
INSERT INTO revisions_new (id, subject, subject_key, number, action, actor, at, comment, record)
    SELECT id, subject, subject_key, number, action, actor, at, comment, record FROM revisions;
DROP TABLE revisions;
ALTER TABLE revisions_new RENAME TO revisions;
CREATE INDEX revisions_by_time ON revisions (subject, at DESC, id DESC);
CREATE UNIQUE INDEX revisions_by_place ON revisions (place) WHERE place > 0;
CREATE INDEX revisions_without_place ON revisions (id) WHERE place = 0;
ALTER TABLE register ADD COLUMN head text NOT NULL DEFAULT '';
ALTER TABLE register ADD COLUMN length integer NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE register DROP COLUMN length;
ALTER TABLE register DROP COLUMN head;
DROP INDEX revisions_without_place;
DROP INDEX revisions_by_place;
CREATE TABLE revisions_old (
    id integer PRIMARY KEY AUTOINCREMENT,
    subject text NOT NULL CHECK (subject IN ('agreement', 'meeting', 'party', 'person')),
    subject_key text NOT NULL,
    number integer NOT NULL,
    action text NOT NULL CHECK (action IN ('recorded', 'revised', 'restored', 'withdrawn', 'imported')),
    actor text NOT NULL,
    at datetime NOT NULL,
    comment text NOT NULL DEFAULT '',
    record text NOT NULL,
    UNIQUE (subject, subject_key, number)
);
INSERT INTO revisions_old (id, subject, subject_key, number, action, actor, at, comment, record)
    SELECT id, subject, subject_key, number, action, actor, at, comment, record FROM revisions WHERE action <> 'purged' AND subject <> 'account';
DROP TABLE revisions;
ALTER TABLE revisions_old RENAME TO revisions;
CREATE INDEX revisions_by_time ON revisions (subject, at DESC, id DESC);
DROP TABLE settings;
DROP TABLE audit;
DROP TABLE links;
DROP TABLE tokens;
DROP TABLE sessions;
DROP TABLE identities;
DROP TABLE passkeys;
DROP TABLE recovery_codes;
DROP TABLE accounts;

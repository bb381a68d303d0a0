-- Operations change many records at once and are undone as one; imports are the largest of them.

-- +goose Up
CREATE TABLE operations (
    id integer PRIMARY KEY AUTOINCREMENT,
    kind text NOT NULL CHECK (kind IN ('import', 'edit', 'merge')),
    title text NOT NULL,
    account_id integer,
    actor text NOT NULL,
    address text NOT NULL DEFAULT '',
    comment text NOT NULL DEFAULT '',
    at datetime NOT NULL,
    detail text NOT NULL DEFAULT '',
    undo_asked_at datetime,
    undone_at datetime,
    undone_by text NOT NULL DEFAULT '',
    undone_by_id integer,
    undone_address text NOT NULL DEFAULT ''
);
CREATE TABLE operation_changes (
    operation_id integer NOT NULL REFERENCES operations (id),
    agreement_id integer NOT NULL REFERENCES agreements (id),
    before integer NOT NULL, -- the version before, 0 for none
    after integer NOT NULL,
    undone integer NOT NULL DEFAULT 0, -- 1 undone, 2 left because it was changed since
    PRIMARY KEY (operation_id, agreement_id)
) WITHOUT ROWID;
CREATE INDEX operation_changes_by_agreement ON operation_changes (agreement_id);
CREATE INDEX operation_changes_open ON operation_changes (operation_id, agreement_id) WHERE undone = 0;

CREATE TABLE imports (
    id integer PRIMARY KEY AUTOINCREMENT,
    name text NOT NULL,
    state text NOT NULL CHECK (state IN ('mapping', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled')),
    mapping text NOT NULL,
    account_id integer,
    actor text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    made_at datetime NOT NULL,
    started_at datetime,
    ended_at datetime,
    operation_id integer REFERENCES operations (id),
    total integer NOT NULL DEFAULT 0, -- steps: an agreement each, or a row that belongs to none
    done integer NOT NULL DEFAULT 0,
    counts text NOT NULL DEFAULT '',
    unknown text NOT NULL DEFAULT '', -- parties that nobody is known by
    problem text NOT NULL DEFAULT '', -- why it failed
    problem_args text NOT NULL DEFAULT '',
    holder text NOT NULL DEFAULT '', -- the process that works on it, and until when it has it
    held_until datetime
);
CREATE INDEX imports_at_work ON imports (id) WHERE state IN ('checking', 'running');
CREATE TABLE import_files (
    import_id integer NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    number integer NOT NULL,
    name text NOT NULL,
    size integer NOT NULL,
    PRIMARY KEY (import_id, number)
);
CREATE TABLE import_chunks (
    import_id integer NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    file integer NOT NULL,
    number integer NOT NULL,
    data blob NOT NULL,
    PRIMARY KEY (import_id, file, number)
);
CREATE TABLE import_refusals (
    id integer PRIMARY KEY AUTOINCREMENT,
    import_id integer NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    file integer NOT NULL,
    line integer NOT NULL,
    name text NOT NULL DEFAULT '', -- of the column
    value text NOT NULL DEFAULT '',
    problem text NOT NULL,
    args text NOT NULL DEFAULT '',
    whole boolean NOT NULL -- the row, not only the value
);
CREATE INDEX import_refusals_by_import ON import_refusals (import_id, id);
CREATE TABLE mappings (
    name text PRIMARY KEY,
    mapping text NOT NULL,
    actor text NOT NULL,
    at datetime NOT NULL
);

-- +goose Down
DROP TABLE mappings;
DROP TABLE import_refusals;
DROP TABLE import_chunks;
DROP TABLE import_files;
DROP TABLE imports;
DROP TABLE operation_changes;
DROP TABLE operations;

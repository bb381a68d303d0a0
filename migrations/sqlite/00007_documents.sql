-- The texts of agreements as files; the files themselves lie in a folder or a bucket under their SHA-256.

-- +goose Up
CREATE TABLE documents (
    id integer PRIMARY KEY AUTOINCREMENT,
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    language text NOT NULL DEFAULT '',
    name text NOT NULL CHECK (name <> ''),
    media_type text NOT NULL,
    size integer NOT NULL,
    sha256 text NOT NULL,
    words text NOT NULL DEFAULT '', -- what is said in it, for searching
    added_by text NOT NULL,
    added_at datetime NOT NULL,
    removed_at datetime
);
CREATE INDEX documents_by_agreement ON documents (agreement_id, id);

-- +goose Down
DROP TABLE documents;

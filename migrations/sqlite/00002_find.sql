-- +goose Up
-- The register's changes are numbered in the order in which they can be seen: each transaction raises this, last of all.
CREATE TABLE register (change integer NOT NULL);
INSERT INTO register (change) SELECT coalesce(max(id), 0) FROM revisions;

-- Derived (models.derive): what lists, counts and pictures need of an agreement; empty for a withdrawn one. It takes the
-- place of the status by day, of which it holds all.
DROP TABLE spans;
CREATE TABLE cards (
    agreement_id integer PRIMARY KEY REFERENCES agreements (id) ON DELETE CASCADE,
    change integer NOT NULL DEFAULT 0,
    card text NOT NULL
);
CREATE INDEX cards_by_change ON cards (change);

-- Derived: the place of an event among those of its agreement and kind, by which a calendar knows it again.
ALTER TABLE events ADD COLUMN ordinal integer NOT NULL DEFAULT 0;
-- Of a multilateral agreement most events are those of single parties: what befell the whole is found without them.
CREATE INDEX events_of_whole ON events (agreement_id) WHERE participation_id IS NULL;
CREATE INDEX revisions_by_time ON revisions (at DESC, id DESC);

-- Derived: what a search finds.
CREATE VIRTUAL TABLE search_agreements USING fts5 (title, names, body, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '='");
CREATE VIRTUAL TABLE search_people USING fts5 (title, names, body, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '='");
CREATE VIRTUAL TABLE search_meetings USING fts5 (title, names, body, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '='");
CREATE TABLE search_words (word text PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE search_trigrams USING fts5 (word, tokenize = 'trigram');

-- +goose Down
DROP TABLE search_trigrams;
DROP TABLE search_words;
DROP TABLE search_meetings;
DROP TABLE search_people;
DROP TABLE search_agreements;
DROP INDEX revisions_by_time;
DROP INDEX events_of_whole;
ALTER TABLE events DROP COLUMN ordinal;
DROP TABLE cards;
DROP TABLE register;
CREATE TABLE spans (
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    party text NOT NULL,
    from_day text NOT NULL,
    until_day text NOT NULL,
    state integer NOT NULL,
    PRIMARY KEY (agreement_id, party, from_day)
) WITHOUT ROWID;

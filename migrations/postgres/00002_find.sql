-- +goose Up
-- The register's changes are numbered in the order in which they can be seen: each transaction raises this, last of all.
CREATE TABLE register (change bigint NOT NULL);
INSERT INTO register (change) SELECT coalesce(max(id), 0) FROM revisions;

-- Derived (models.derive): what lists, counts and pictures need of an agreement; empty for a withdrawn one. It takes the
-- place of the status by day, of which it holds all.
DROP TABLE spans;
CREATE TABLE cards (
    agreement_id bigint PRIMARY KEY REFERENCES agreements (id) ON DELETE CASCADE,
    change bigint NOT NULL DEFAULT 0,
    card text NOT NULL
);
CREATE INDEX cards_by_change ON cards (change);

-- Derived: the place of an event among those of its agreement and kind, by which a calendar knows it again.
ALTER TABLE events ADD COLUMN ordinal integer NOT NULL DEFAULT 0;
-- Of a multilateral agreement most events are those of single parties: what befell the whole is found without them.
CREATE INDEX events_of_whole ON events (agreement_id) WHERE participation_id IS NULL;
CREATE INDEX revisions_by_time ON revisions (at DESC, id DESC);

-- Folded names compare by their bytes, so that an index finds those that begin with a word.
ALTER TABLE party_names ALTER COLUMN folded TYPE text COLLATE "C";

-- Derived: what a search finds.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE search_agreements (
    id bigint PRIMARY KEY REFERENCES agreements (id) ON DELETE CASCADE,
    dated text COLLATE "C" NOT NULL,
    words tsvector NOT NULL
);
-- A document is read whole whenever it is looked through: not packed, and in the row where it fits.
ALTER TABLE search_agreements ALTER COLUMN words SET STORAGE EXTERNAL;
ALTER TABLE search_agreements SET (toast_tuple_target = 8160);
CREATE INDEX search_agreements_by_word ON search_agreements USING gin (words);
CREATE INDEX search_agreements_by_date ON search_agreements (dated DESC, id DESC);
CREATE TABLE search_people (
    id bigint PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    dated text COLLATE "C" NOT NULL,
    words tsvector NOT NULL
);
CREATE INDEX search_people_by_word ON search_people USING gin (words);
CREATE TABLE search_meetings (
    id bigint PRIMARY KEY REFERENCES meetings (id) ON DELETE CASCADE,
    dated text COLLATE "C" NOT NULL,
    words tsvector NOT NULL
);
CREATE INDEX search_meetings_by_word ON search_meetings USING gin (words);
CREATE TABLE search_words (word text COLLATE "C" PRIMARY KEY);
CREATE INDEX search_words_by_trigram ON search_words USING gin (word gin_trgm_ops);

-- +goose Down
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
    agreement_id bigint NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    party text COLLATE "C" NOT NULL,
    from_day text COLLATE "C" NOT NULL,
    until_day text COLLATE "C" NOT NULL,
    state smallint NOT NULL,
    PRIMARY KEY (agreement_id, party, from_day)
);

-- The party whose deed an event is stands with it: the events of a pair are found by one index. Of the dates
-- that reach into a span the first is found among those longer than a day.

-- +goose Up
ALTER TABLE events ADD COLUMN party text COLLATE "C" NOT NULL DEFAULT '';
UPDATE events SET party = p.party FROM participations p WHERE p.id = events.participation_id;
DROP INDEX events_of_whole;
DROP INDEX events_by_agreement;
CREATE INDEX events_by_agreement ON events (agreement_id, party);
CREATE INDEX events_imprecise ON events (date_latest, date_earliest) WHERE date_earliest <> date_latest;
DROP INDEX revisions_by_time;
CREATE INDEX revisions_by_time ON revisions (subject, at DESC, id DESC);

-- +goose Down
DROP INDEX revisions_by_time;
CREATE INDEX revisions_by_time ON revisions (at DESC, id DESC);
DROP INDEX events_imprecise;
DROP INDEX events_by_agreement;
CREATE INDEX events_by_agreement ON events (agreement_id, date_earliest);
CREATE INDEX events_of_whole ON events (agreement_id) WHERE participation_id IS NULL;
ALTER TABLE events DROP COLUMN party;

-- A record can be restricted to those who sign in.

-- +goose Up
ALTER TABLE agreements ADD COLUMN restricted boolean NOT NULL DEFAULT FALSE;
CREATE INDEX agreements_restricted ON agreements (id) WHERE restricted;

-- +goose Down
DROP INDEX agreements_restricted;
ALTER TABLE agreements DROP COLUMN restricted;

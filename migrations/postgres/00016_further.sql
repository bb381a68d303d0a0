-- +goose Up
-- What the source of an import says beside: names and values, as JSON.
ALTER TABLE agreements ADD COLUMN further text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE agreements DROP COLUMN further;

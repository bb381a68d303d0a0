-- +goose Up
-- The number of the depositary's notification: C.N.123.2025.TREATIES-XXVII.7.d.
ALTER TABLE agreements ADD COLUMN notification_number text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE agreements DROP COLUMN notification_number;

-- What is done now and then by one instance at a time.

-- +goose Up
CREATE TABLE chores (
    name text PRIMARY KEY,
    holder text NOT NULL DEFAULT '',
    held_until datetime,
    done_at datetime,
    problem text NOT NULL DEFAULT '' -- why it failed last
);

-- +goose Down
DROP TABLE chores;

-- What several instances of the program must know of each other.

-- +goose Up
CREATE TABLE chores ( -- what is done now and then by one instance at a time
    name text PRIMARY KEY,
    holder text NOT NULL DEFAULT '',
    held_until datetime,
    done_at datetime,
    problem text NOT NULL DEFAULT '' -- why it failed last
);
CREATE TABLE tries ( -- failures to sign in and the like
    key text PRIMARY KEY, -- the hash of what is tried and from where
    n integer NOT NULL,
    last_at datetime NOT NULL,
    wait_until datetime
);
CREATE INDEX tries_by_time ON tries (last_at);

-- +goose Down
DROP TABLE tries;
DROP TABLE chores;

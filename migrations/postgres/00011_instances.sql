-- What several instances of the program must know of each other.

-- +goose Up
CREATE TABLE chores ( -- what is done now and then by one instance at a time
    name text PRIMARY KEY,
    holder text NOT NULL DEFAULT '',
    held_until timestamptz,
    done_at timestamptz,
    problem text NOT NULL DEFAULT '' -- why it failed last
);
CREATE TABLE tries ( -- failures to sign in and the like
    key text PRIMARY KEY, -- the hash of what is tried and from where
    n integer NOT NULL,
    last_at timestamptz NOT NULL,
    wait_until timestamptz
);
CREATE INDEX tries_by_time ON tries (last_at);
CREATE UNLOGGED TABLE buckets ( -- how many requests are left; a crash may forget it
    key text PRIMARY KEY,
    tokens double precision NOT NULL,
    at timestamptz NOT NULL,
    taken boolean NOT NULL
);

-- +goose Down
DROP TABLE buckets;
DROP TABLE tries;
DROP TABLE chores;

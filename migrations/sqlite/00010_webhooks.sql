-- Other programs are told what happens.

-- +goose Up
CREATE TABLE webhooks (
    id integer PRIMARY KEY AUTOINCREMENT,
    url text NOT NULL,
    secret text NOT NULL,
    events text NOT NULL, -- joined with a space
    active boolean NOT NULL DEFAULT TRUE,
    place integer NOT NULL, -- in the chain of revisions, up to which it was told
    day text NOT NULL, -- up to which it was told of beginnings and ends
    made_by text NOT NULL,
    made_at datetime NOT NULL
);
CREATE TABLE deliveries (
    id integer PRIMARY KEY AUTOINCREMENT,
    webhook_id integer NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    message text NOT NULL, -- its number, the same at each try
    event text NOT NULL,
    payload text NOT NULL,
    made_at datetime NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    tries integer NOT NULL DEFAULT 0,
    next_at datetime NOT NULL,
    tried_at datetime,
    status integer NOT NULL DEFAULT 0,
    answer text NOT NULL DEFAULT '',
    UNIQUE (webhook_id, message)
);
CREATE INDEX deliveries_waiting ON deliveries (next_at, id) WHERE state = 'waiting';
CREATE INDEX deliveries_by_webhook ON deliveries (webhook_id, id DESC);

-- +goose Down
DROP TABLE deliveries;
DROP TABLE webhooks;

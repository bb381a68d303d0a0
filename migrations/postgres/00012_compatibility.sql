-- +goose Up
-- The oldest schema whose programs may still serve the register beside those of this one, while instances are upgraded one
-- after the other. A migration that takes something away raises it to its own number or that of the one that made it useless.
CREATE TABLE compatibility (serves_from bigint NOT NULL);
INSERT INTO compatibility VALUES (12);

-- +goose Down
DROP TABLE compatibility;

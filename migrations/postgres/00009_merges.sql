-- Two records of one agreement become one; what was looked at and found to be two stays two.

-- +goose Up
ALTER TABLE agreements ADD COLUMN merged_into bigint REFERENCES agreements (id);
CREATE TABLE distinctions (
    first_id bigint NOT NULL REFERENCES agreements (id),
    second_id bigint NOT NULL REFERENCES agreements (id),
    actor text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (first_id, second_id),
    CHECK (first_id < second_id)
);

-- +goose Down
DROP TABLE distinctions;
ALTER TABLE agreements DROP COLUMN merged_into;

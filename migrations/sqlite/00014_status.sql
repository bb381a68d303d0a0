-- +goose Up
-- What holds, for whom, on which day: how fully the acts are recorded, how an agreement takes effect, whose side a party is
-- on, until when an act extends, and what could not be read. The types of acts, of relations, of meetings' relations and the bases of
-- periods are closed lists of the program alone from here on: they grow with the law.
ALTER TABLE agreements ADD COLUMN takes_effect text NOT NULL DEFAULT '';
ALTER TABLE agreements ADD COLUMN chart text NOT NULL DEFAULT '';
ALTER TABLE agreements ADD COLUMN unread text NOT NULL DEFAULT '';
ALTER TABLE participations ADD COLUMN side integer NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN published_time text NOT NULL DEFAULT '';
ALTER TABLE meetings ADD COLUMN relation text NOT NULL DEFAULT '';
ALTER TABLE meetings ADD COLUMN related_id integer;
ALTER TABLE successions ADD COLUMN kind text NOT NULL DEFAULT 'succeeds';
ALTER TABLE successions ADD COLUMN date text NOT NULL DEFAULT '';
CREATE TABLE acts_new (
    id integer PRIMARY KEY AUTOINCREMENT,
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    participation_id integer REFERENCES participations (id) ON DELETE CASCADE,
    position integer NOT NULL,
    type text NOT NULL CHECK (type <> ''),
    date text NOT NULL,
    date_earliest text,
    date_latest text,
    effective text NOT NULL DEFAULT '',
    effective_earliest text,
    effective_latest text,
    until text NOT NULL DEFAULT '',
    until_earliest text,
    until_latest text,
    territory text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT '',
    source text NOT NULL DEFAULT '',
    quotation text NOT NULL DEFAULT '',
    CHECK (date_earliest <= date_latest)
);
INSERT INTO acts_new (id, agreement_id, participation_id, position, type, date, date_earliest, date_latest, effective, effective_earliest, effective_latest, note) SELECT id, agreement_id, participation_id, position, type, date, date_earliest, date_latest, effective, effective_earliest, effective_latest, note FROM acts;
DROP TABLE acts;
ALTER TABLE acts_new RENAME TO acts;
CREATE INDEX acts_by_agreement ON acts (agreement_id, position);
CREATE INDEX acts_by_participation ON acts (participation_id);
CREATE TABLE validity_periods_new (
    id integer PRIMARY KEY AUTOINCREMENT,
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    position integer NOT NULL,
    valid_from text NOT NULL DEFAULT '',
    from_day text,
    valid_until text NOT NULL DEFAULT '',
    until_day text,
    basis text NOT NULL CHECK (basis <> ''),
    renewal text NOT NULL CHECK (renewal IN ('none', 'tacit', 'by-agreement')),
    renewal_months integer NOT NULL DEFAULT 0 CHECK (renewal_months >= 0),
    notice_months integer NOT NULL DEFAULT 0 CHECK (notice_months >= 0),
    counted_from text NOT NULL DEFAULT '',
    CHECK (from_day <= until_day)
);
INSERT INTO validity_periods_new (id, agreement_id, position, valid_from, from_day, valid_until, until_day, basis, renewal, renewal_months, notice_months) SELECT id, agreement_id, position, valid_from, from_day, valid_until, until_day, basis, renewal, renewal_months, notice_months FROM validity_periods;
DROP TABLE validity_periods;
ALTER TABLE validity_periods_new RENAME TO validity_periods;
CREATE INDEX validity_periods_by_agreement ON validity_periods (agreement_id, position);
CREATE TABLE relations_new (
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    position integer NOT NULL,
    type text NOT NULL CHECK (type <> ''),
    target_id integer NOT NULL REFERENCES agreements (id),
    PRIMARY KEY (agreement_id, type, target_id),
    CHECK (agreement_id <> target_id)
);
INSERT INTO relations_new (agreement_id, position, type, target_id) SELECT agreement_id, position, type, target_id FROM relations;
DROP TABLE relations;
ALTER TABLE relations_new RENAME TO relations;
CREATE INDEX relations_by_target ON relations (target_id);
CREATE TABLE agreement_meetings_new (
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    meeting_id integer NOT NULL REFERENCES meetings (id),
    position integer NOT NULL,
    relation text NOT NULL CHECK (relation <> ''),
    PRIMARY KEY (agreement_id, meeting_id)
);
INSERT INTO agreement_meetings_new (agreement_id, meeting_id, position, relation) SELECT agreement_id, meeting_id, position, relation FROM agreement_meetings;
DROP TABLE agreement_meetings;
ALTER TABLE agreement_meetings_new RENAME TO agreement_meetings;
CREATE INDEX agreement_meetings_by_meeting ON agreement_meetings (meeting_id);
DELETE FROM cards;
UPDATE compatibility SET serves_from = 14;

-- +goose Down
ALTER TABLE meetings DROP COLUMN related_id;
ALTER TABLE meetings DROP COLUMN relation;
ALTER TABLE successions DROP COLUMN date;
ALTER TABLE successions DROP COLUMN kind;
ALTER TABLE sources DROP COLUMN published_time;
ALTER TABLE validity_periods DROP COLUMN counted_from;
ALTER TABLE participations DROP COLUMN side;
ALTER TABLE agreements DROP COLUMN unread;
ALTER TABLE agreements DROP COLUMN chart;
ALTER TABLE agreements DROP COLUMN takes_effect;
ALTER TABLE acts DROP COLUMN quotation;
ALTER TABLE acts DROP COLUMN source;
ALTER TABLE acts DROP COLUMN territory;
ALTER TABLE acts DROP COLUMN until_latest;
ALTER TABLE acts DROP COLUMN until_earliest;
ALTER TABLE acts DROP COLUMN until;
DELETE FROM cards;
UPDATE compatibility SET serves_from = 12;

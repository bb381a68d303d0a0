-- +goose Up
-- What holds, for whom, on which day: how fully the acts are recorded, how an agreement takes effect, whose side a party is
-- on, until when an act extends, and what could not be read. The types of acts, of relations, of meetings' relations and the bases of
-- periods are closed lists of the program alone from here on: they grow with the law.
ALTER TABLE agreements ADD COLUMN takes_effect text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE agreements ADD COLUMN chart text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE agreements ADD COLUMN unread text NOT NULL DEFAULT '';
ALTER TABLE participations ADD COLUMN side integer NOT NULL DEFAULT 0;
ALTER TABLE validity_periods ADD COLUMN counted_from text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN published_time text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE meetings ADD COLUMN relation text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE meetings ADD COLUMN related_id bigint;
ALTER TABLE successions ADD COLUMN kind text NOT NULL DEFAULT 'succeeds';
ALTER TABLE successions ADD COLUMN date text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE acts DROP CONSTRAINT IF EXISTS acts_type_check;
ALTER TABLE acts ALTER COLUMN date_earliest DROP NOT NULL;
ALTER TABLE acts ALTER COLUMN date_latest DROP NOT NULL;
ALTER TABLE acts ADD COLUMN until text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE acts ADD COLUMN until_earliest text COLLATE "C";
ALTER TABLE acts ADD COLUMN until_latest text COLLATE "C";
ALTER TABLE acts ADD COLUMN territory text NOT NULL DEFAULT '';
ALTER TABLE acts ADD COLUMN source text NOT NULL DEFAULT '';
ALTER TABLE acts ADD COLUMN quotation text NOT NULL DEFAULT '';
ALTER TABLE validity_periods DROP CONSTRAINT IF EXISTS validity_periods_basis_check;
ALTER TABLE relations DROP CONSTRAINT IF EXISTS relations_type_check;
ALTER TABLE agreement_meetings DROP CONSTRAINT IF EXISTS agreement_meetings_relation_check;
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

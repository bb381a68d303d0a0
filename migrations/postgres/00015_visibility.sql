-- What of a register is for those who sign in: a meeting is known to be recorded by itself, or along with an agreement; a
-- revision or a document of a time when its agreement was restricted stays so after it. Changes that everybody can see are
-- numbered apart from all.

-- +goose Up
ALTER TABLE meetings ADD COLUMN alone boolean NOT NULL DEFAULT FALSE;
UPDATE meetings SET alone = TRUE
    WHERE id IN (SELECT CAST(subject_key AS bigint) FROM revisions WHERE subject = 'meeting' AND number = 1);
ALTER TABLE revisions ADD COLUMN restricted boolean NOT NULL DEFAULT FALSE;
UPDATE revisions SET restricted = TRUE WHERE subject = 'agreement' AND record LIKE '%"restricted":true%';
ALTER TABLE documents ADD COLUMN restricted boolean NOT NULL DEFAULT FALSE;
UPDATE documents SET restricted = TRUE WHERE EXISTS (SELECT 1 FROM revisions r WHERE r.subject = 'agreement' AND r.restricted
    AND r.subject_key = CAST(documents.agreement_id AS text) AND r.at = documents.added_at);
ALTER TABLE register ADD COLUMN open_change bigint NOT NULL DEFAULT 0;
ALTER TABLE register ADD COLUMN open_at timestamptz;
UPDATE register SET open_change = change, open_at = (SELECT max(at) FROM revisions);

-- +goose Down
ALTER TABLE register DROP COLUMN open_at;
ALTER TABLE register DROP COLUMN open_change;
ALTER TABLE documents DROP COLUMN restricted;
ALTER TABLE revisions DROP COLUMN restricted;
ALTER TABLE meetings DROP COLUMN alone;

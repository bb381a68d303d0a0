-- +goose Up

-- Every date stands three times: as written (EDTF), and as the earliest and latest day it can mean,
-- both ISO 8601 and inclusive, so that days compare as text in either engine. NULL is an open bound.

CREATE TABLE parties (
    code text PRIMARY KEY CHECK (length(code) BETWEEN 2 AND 24 AND code = upper(code)),
    kind text NOT NULL CHECK (kind IN ('state', 'former-state', 'organisation', 'territory', 'region')),
    alpha3 text NOT NULL DEFAULT '',
    cow integer,
    gw integer,
    existed_from text NOT NULL DEFAULT '',
    existed_until text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1
);

CREATE TABLE party_names (
    id integer PRIMARY KEY AUTOINCREMENT,
    party text NOT NULL REFERENCES parties (code) ON DELETE CASCADE,
    language text NOT NULL,
    text text NOT NULL CHECK (text <> ''),
    main boolean NOT NULL,
    used_from text NOT NULL DEFAULT '',
    used_until text NOT NULL DEFAULT '',
    folded text NOT NULL
);
CREATE INDEX party_names_by_party ON party_names (party, main);
CREATE INDEX party_names_by_folded ON party_names (folded);

-- What other lists call a party, and when: RUS in 1954 is the Soviet Union.
CREATE TABLE party_codes (
    scheme text NOT NULL,
    code text NOT NULL,
    party text NOT NULL REFERENCES parties (code) ON DELETE CASCADE,
    used_from text NOT NULL DEFAULT '',
    used_until text NOT NULL DEFAULT '',
    PRIMARY KEY (scheme, code, party, used_from)
);

CREATE TABLE successions (
    predecessor text NOT NULL REFERENCES parties (code) ON DELETE CASCADE,
    successor text NOT NULL REFERENCES parties (code) ON DELETE CASCADE,
    PRIMARY KEY (predecessor, successor),
    CHECK (predecessor <> successor)
);
CREATE INDEX successions_by_successor ON successions (successor);

CREATE TABLE memberships (
    organisation text NOT NULL REFERENCES parties (code) ON DELETE CASCADE,
    member text NOT NULL REFERENCES parties (code) ON DELETE CASCADE,
    status text NOT NULL DEFAULT 'member' CHECK (status IN ('member', 'observer')),
    member_from text NOT NULL DEFAULT '',
    member_until text NOT NULL DEFAULT '',
    PRIMARY KEY (organisation, member, member_from)
);
CREATE INDEX memberships_by_member ON memberships (member);

CREATE TABLE institutions (
    id integer PRIMARY KEY AUTOINCREMENT,
    party text NOT NULL REFERENCES parties (code)
);
CREATE TABLE institution_names (
    id integer PRIMARY KEY AUTOINCREMENT,
    institution_id integer NOT NULL REFERENCES institutions (id) ON DELETE CASCADE,
    party text NOT NULL,
    text text NOT NULL CHECK (text <> ''),
    folded text NOT NULL,
    UNIQUE (party, folded)
);

CREATE TABLE people (
    id integer PRIMARY KEY AUTOINCREMENT,
    version integer NOT NULL DEFAULT 1
);
CREATE TABLE person_names (
    id integer PRIMARY KEY AUTOINCREMENT,
    person_id integer NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    position integer NOT NULL,
    language text NOT NULL DEFAULT '',
    text text NOT NULL CHECK (text <> ''),
    folded text NOT NULL UNIQUE
);
CREATE INDEX person_names_by_person ON person_names (person_id, position);

CREATE TABLE meetings (
    id integer PRIMARY KEY AUTOINCREMENT,
    title text NOT NULL CHECK (title <> ''),
    kind text NOT NULL,
    series text NOT NULL DEFAULT '',
    held text NOT NULL DEFAULT '',
    held_earliest text,
    held_latest text,
    place text NOT NULL DEFAULT '',
    host text REFERENCES parties (code),
    agenda text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    folded text NOT NULL,
    CHECK (held_earliest <= held_latest)
);
CREATE INDEX meetings_by_date ON meetings (held_earliest DESC, id DESC);
CREATE TABLE meeting_participants (
    id integer PRIMARY KEY AUTOINCREMENT,
    meeting_id integer NOT NULL REFERENCES meetings (id) ON DELETE CASCADE,
    position integer NOT NULL,
    party text REFERENCES parties (code),
    institution text NOT NULL DEFAULT '',
    person_id integer REFERENCES people (id),
    person text NOT NULL DEFAULT ''
);
CREATE INDEX meeting_participants_by_meeting ON meeting_participants (meeting_id, position);
CREATE INDEX meeting_participants_by_party ON meeting_participants (party);
CREATE INDEX meeting_participants_by_person ON meeting_participants (person_id);

CREATE TABLE agreements (
    id integer PRIMARY KEY AUTOINCREMENT,
    kind text NOT NULL CHECK (kind IN ('treaty', 'convention', 'agreement', 'protocol', 'notes', 'memorandum',
        'plan', 'programme', 'declaration', 'communique', 'amendment', 'other')),
    level text NOT NULL CHECK (level IN ('interstate', 'intergovernmental', 'interagency', 'unknown')),
    binding text NOT NULL CHECK (binding IN ('yes', 'no', 'unknown')),
    title text NOT NULL CHECK (title <> ''),
    title_language text NOT NULL,
    signed text NOT NULL DEFAULT '',
    signed_earliest text,
    signed_latest text,
    place text NOT NULL DEFAULT '',
    entry_condition text NOT NULL DEFAULT '',
    depositary text NOT NULL DEFAULT '',
    authentic_languages text NOT NULL DEFAULT '',
    summary text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    recorded_at datetime NOT NULL,
    revised_at datetime NOT NULL,
    withdrawn_at datetime,
    withdrawn_reason text NOT NULL DEFAULT '',
    -- kept for the index, all written by models.derive
    dated_earliest text NOT NULL,
    dated_latest text NOT NULL,
    bilateral boolean NOT NULL,
    parties text NOT NULL,
    search_title text NOT NULL,
    CHECK (signed_earliest <= signed_latest),
    CHECK (dated_earliest <= dated_latest)
);
CREATE INDEX agreements_by_date ON agreements (dated_earliest DESC, dated_latest DESC, id DESC);
CREATE INDEX agreements_by_parties ON agreements (parties) WHERE bilateral;

CREATE TABLE titles (
    id integer PRIMARY KEY AUTOINCREMENT,
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    position integer NOT NULL,
    language text NOT NULL,
    text text NOT NULL CHECK (text <> ''),
    authentic boolean NOT NULL
);
CREATE INDEX titles_by_agreement ON titles (agreement_id, position);

CREATE TABLE participations (
    id integer PRIMARY KEY AUTOINCREMENT,
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    party text NOT NULL REFERENCES parties (code),
    position integer NOT NULL,
    role text NOT NULL CHECK (role IN ('party', 'signatory', 'depositary', 'guarantor', 'observer')),
    institution_id integer REFERENCES institutions (id),
    institution text NOT NULL DEFAULT '',
    UNIQUE (agreement_id, party)
);
CREATE INDEX participations_by_party ON participations (party, agreement_id, role);

CREATE TABLE signatories (
    id integer PRIMARY KEY AUTOINCREMENT,
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    participation_id integer NOT NULL REFERENCES participations (id) ON DELETE CASCADE,
    position integer NOT NULL,
    person_id integer NOT NULL REFERENCES people (id),
    person text NOT NULL,
    office text NOT NULL DEFAULT '',
    signed text NOT NULL DEFAULT '',
    signed_earliest text,
    signed_latest text,
    place text NOT NULL DEFAULT '',
    full_powers boolean NOT NULL
);
CREATE INDEX signatories_by_agreement ON signatories (agreement_id);
CREATE INDEX signatories_by_participation ON signatories (participation_id);
CREATE INDEX signatories_by_person ON signatories (person_id);

CREATE TABLE acts (
    id integer PRIMARY KEY AUTOINCREMENT,
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    participation_id integer REFERENCES participations (id) ON DELETE CASCADE,
    position integer NOT NULL,
    type text NOT NULL CHECK (type IN ('signature', 'ratification', 'acceptance', 'approval', 'accession', 'succession',
        'provisional-application', 'entry-into-force', 'reservation', 'declaration', 'objection', 'amendment',
        'extension', 'renewal', 'suspension', 'resumption', 'denunciation', 'withdrawal', 'termination')),
    date text NOT NULL,
    date_earliest text NOT NULL,
    date_latest text NOT NULL,
    effective text NOT NULL DEFAULT '',
    effective_earliest text,
    effective_latest text,
    note text NOT NULL DEFAULT '',
    CHECK (date_earliest <= date_latest)
);
CREATE INDEX acts_by_agreement ON acts (agreement_id, position);
CREATE INDEX acts_by_participation ON acts (participation_id);

CREATE TABLE validity_periods (
    id integer PRIMARY KEY AUTOINCREMENT,
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    position integer NOT NULL,
    valid_from text NOT NULL DEFAULT '',
    from_day text,
    valid_until text NOT NULL DEFAULT '',
    until_day text,
    basis text NOT NULL CHECK (basis IN ('term', 'entry-into-force', 'provisional', 'renewal', 'extension')),
    renewal text NOT NULL CHECK (renewal IN ('none', 'tacit', 'by-agreement')),
    renewal_months integer NOT NULL DEFAULT 0 CHECK (renewal_months >= 0),
    notice_months integer NOT NULL DEFAULT 0 CHECK (notice_months >= 0),
    CHECK (from_day <= until_day)
);
CREATE INDEX validity_periods_by_agreement ON validity_periods (agreement_id, position);

CREATE TABLE agreement_meetings (
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    meeting_id integer NOT NULL REFERENCES meetings (id),
    position integer NOT NULL,
    relation text NOT NULL CHECK (relation IN ('signed-at', 'in-the-margins-of', 'reviewed-at')),
    PRIMARY KEY (agreement_id, meeting_id)
);
CREATE INDEX agreement_meetings_by_meeting ON agreement_meetings (meeting_id);

CREATE TABLE relations (
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    position integer NOT NULL,
    type text NOT NULL CHECK (type IN ('succeeds', 'amends', 'supplements', 'implements', 'replaces', 'terminates')),
    target_id integer NOT NULL REFERENCES agreements (id),
    PRIMARY KEY (agreement_id, type, target_id),
    CHECK (agreement_id <> target_id)
);
CREATE INDEX relations_by_target ON relations (target_id);

CREATE TABLE subjects (
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    position integer NOT NULL,
    text text NOT NULL CHECK (text <> ''),
    PRIMARY KEY (agreement_id, text)
);

CREATE TABLE external_ids (
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    position integer NOT NULL,
    scheme text NOT NULL CHECK (scheme <> ''),
    value text NOT NULL CHECK (value <> ''),
    UNIQUE (scheme, value)
);
CREATE INDEX external_ids_by_agreement ON external_ids (agreement_id);

CREATE TABLE sources (
    id integer PRIMARY KEY AUTOINCREMENT,
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    position integer NOT NULL,
    url text NOT NULL DEFAULT '',
    publisher text NOT NULL DEFAULT '',
    title text NOT NULL DEFAULT '',
    language text NOT NULL DEFAULT '',
    published text NOT NULL DEFAULT '',
    accessed text NOT NULL DEFAULT '',
    quotation text NOT NULL DEFAULT '',
    supports text NOT NULL DEFAULT '',
    UNIQUE (agreement_id, position)
);

-- Every change of the register, with what the record said after it.
CREATE TABLE revisions (
    id integer PRIMARY KEY AUTOINCREMENT,
    subject text NOT NULL CHECK (subject IN ('agreement', 'meeting', 'party', 'person')),
    subject_key text NOT NULL,
    number integer NOT NULL,
    action text NOT NULL CHECK (action IN ('recorded', 'revised', 'restored', 'withdrawn', 'imported')),
    actor text NOT NULL,
    at datetime NOT NULL,
    comment text NOT NULL DEFAULT '',
    record text NOT NULL,
    UNIQUE (subject, subject_key, number)
);

-- A form or a client that sends the same thing twice records it once.
CREATE TABLE submissions (
    key text PRIMARY KEY,
    digest text NOT NULL,
    agreement_id integer NOT NULL REFERENCES agreements (id),
    at datetime NOT NULL
);

-- Derived (models.derive): the status of an agreement (party '') and of each participation, day by day.
CREATE TABLE spans (
    agreement_id integer NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    party text NOT NULL,
    from_day text NOT NULL,
    until_day text NOT NULL,
    state integer NOT NULL,
    PRIMARY KEY (agreement_id, party, from_day)
) WITHOUT ROWID;

-- Derived (models.derive): the timeline. The words of a row are joined in when it is read.
CREATE TABLE events (
    id integer PRIMARY KEY AUTOINCREMENT,
    agreement_id integer REFERENCES agreements (id) ON DELETE CASCADE,
    participation_id integer REFERENCES participations (id) ON DELETE CASCADE,
    signatory_id integer REFERENCES signatories (id) ON DELETE CASCADE,
    meeting_id integer REFERENCES meetings (id) ON DELETE CASCADE,
    event text NOT NULL,
    date text NOT NULL,
    date_earliest text NOT NULL,
    date_latest text NOT NULL,
    known_from text NOT NULL,
    place text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT ''
);
CREATE INDEX events_by_date ON events (date_earliest, date_latest, agreement_id, id);
CREATE INDEX events_by_agreement ON events (agreement_id, date_earliest);
CREATE INDEX events_by_meeting ON events (meeting_id);
CREATE INDEX events_by_participation ON events (participation_id);
CREATE INDEX events_by_signatory ON events (signatory_id);

-- +goose Down
DROP TABLE events;
DROP TABLE spans;
DROP TABLE submissions;
DROP TABLE revisions;
DROP TABLE sources;
DROP TABLE external_ids;
DROP TABLE subjects;
DROP TABLE relations;
DROP TABLE agreement_meetings;
DROP TABLE validity_periods;
DROP TABLE acts;
DROP TABLE signatories;
DROP TABLE participations;
DROP TABLE titles;
DROP TABLE agreements;
DROP TABLE meeting_participants;
DROP TABLE meetings;
DROP TABLE person_names;
DROP TABLE people;
DROP TABLE institution_names;
DROP TABLE institutions;
DROP TABLE memberships;
DROP TABLE successions;
DROP TABLE party_codes;
DROP TABLE party_names;
DROP TABLE parties;

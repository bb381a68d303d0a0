package models

// What is kept of one part of the register stands on a type of its own, with what
// all of them need of the store.

// Accounts keeps accounts, their passwords, factors, sessions and tokens, what was
// tried in vain, the audit, and the settings.
type Accounts struct{ *Store }

// Accounts gives what is kept of accounts.
func (s *Store) Accounts() Accounts { return Accounts{s} }

// Bulk keeps operations over many records: imports and their mappings, edits,
// merges, and undoing them.
type Bulk struct{ *Store }

// Bulk gives what is kept of operations over many records.
func (s *Store) Bulk() Bulk { return Bulk{s} }

// Proposals keeps changes that wait for an editor.
type Proposals struct{ *Store }

// Proposals gives what is kept of proposals.
func (s *Store) Proposals() Proposals { return Proposals{s} }

// Webhooks keeps the addresses that are told of changes, and what they are still to
// be told.
type Webhooks struct{ *Store }

// Webhooks gives what is kept of webhooks.
func (s *Store) Webhooks() Webhooks { return Webhooks{s} }

// Parties keeps parties, their names, codes and ties.
type Parties struct{ *Store }

// Parties gives what is kept of parties.
func (s *Store) Parties() Parties { return Parties{s} }

// People keeps people and what they signed.
type People struct{ *Store }

// People gives what is kept of people.
func (s *Store) People() People { return People{s} }

// Meetings keeps meetings.
type Meetings struct{ *Store }

// Meetings gives what is kept of meetings.
func (s *Store) Meetings() Meetings { return Meetings{s} }

// Documents keeps what is known of documents; the files lie elsewhere.
type Documents struct{ *Store }

// Documents gives what is kept of documents.
func (s *Store) Documents() Documents { return Documents{s} }

// Upkeep looks after the register as a whole: deriving anew, checking, the chain of
// hashes, writing everything out and reading it in, purging.
type Upkeep struct{ *Store }

// Upkeep gives what looks after the register as a whole.
func (s *Store) Upkeep() Upkeep { return Upkeep{s} }

// Statistics count, and draw up what pictures and panels show: matrices, years,
// calendars, news.
type Statistics struct{ *Store }

// Statistics gives what counts.
func (s *Store) Statistics() Statistics { return Statistics{s} }

// Timelines are events in the order of their dates.
type Timelines struct{ *Store }

// Timelines gives what lists events.
func (s *Store) Timelines() Timelines { return Timelines{s} }

// Searches find things by any of their words.
type Searches struct{ *Store }

// Searches gives what finds.
func (s *Store) Searches() Searches { return Searches{s} }

// A derivation writes what is derived of records: cards, events, words to search
// for.
type derivation struct{ *Store }

func (s *Store) derivation() derivation { return derivation{s} }

// History keeps the revisions of each record.
type History struct{ *Store }

// History gives what is kept of revisions.
func (s *Store) History() History { return History{s} }

// replays are the register as it stood at an earlier moment, made of revisions.
type replays struct{ *Store }

func (s *Store) replays() replays { return replays{s} }

// Drafts are looked at before they are recorded.
type Drafts struct{ *Store }

// Drafts gives what looks at drafts.
func (s *Store) Drafts() Drafts { return Drafts{s} }

// Lists are of agreements under a filter.
type Lists struct{ *Store }

// Lists gives what lists agreements.
func (s *Store) Lists() Lists { return Lists{s} }

package models

// What is kept of one part of the register stands on a type of its own, with what all of them need of the store.

// Accounts keeps accounts, their passwords, factors, sessions and tokens, what was tried in vain, the audit, and the settings.
type Accounts struct{ *Store }

// Accounts gives what is kept of accounts.
func (s *Store) Accounts() Accounts { return Accounts{s} }

// Bulk keeps operations over many records: imports and their mappings, edits, merges, and undoing them.
type Bulk struct{ *Store }

// Bulk gives what is kept of operations over many records.
func (s *Store) Bulk() Bulk { return Bulk{s} }

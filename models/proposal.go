package models

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// A Proposal is a record or a change that waits for an editor. Its draft is that of
// its subject, as typed.
type Proposal struct {
	ID         int64      `json:"id"`
	Subject    string     `json:"subject"` // agreement, meeting, party, person
	SubjectKey string     `json:"subject_key"`
	Action     string     `json:"action"` // record, revise, withdraw
	Base       int        `json:"base"`   // the version that it was made on
	Draft      string     `json:"-"`      // JSON
	Comment    string     `json:"comment"`
	Key        string     `json:"-"`
	AccountID  int64      `json:"account"`
	Actor      string     `json:"actor"`
	Address    string     `json:"-"`
	MadeAt     time.Time  `json:"made_at"`
	State      string     `json:"state"` // waiting, returned, accepted, withdrawn
	Note       string     `json:"note"`  // of the editor who decided
	DecidedBy  string     `json:"decided_by"`
	DecidedAt  *time.Time `json:"decided_at"`
	Seen       bool       `json:"-"`
	Version    int        `json:"version"`
}

// Kind is the kind of change, of ReviewKinds.
func (p *Proposal) Kind() string {
	if p.Subject == "agreement" {
		return p.Action
	}
	return p.Subject
}

// AgreementDraft is the draft of a proposal about an agreement.
func (p *Proposal) AgreementDraft() (d AgreementDraft, err error) {
	err = json.Unmarshal([]byte(p.Draft), &d)
	return d, err
}

// Propose keeps a change of an account until an editor decides. It must have been
// rehearsed. The same submission sent again is kept once.
func (s Proposals) Propose(ctx context.Context, p Proposal, draft any, change Change) (int64, error) {
	text, err := json.Marshal(draft)
	if err != nil {
		return 0, fmt.Errorf("proposing: %w", err)
	}
	if change.AccountID == nil {
		return 0, fmt.Errorf("proposing: %w", ErrSignIn)
	}
	p.Draft, p.Comment, p.Key, p.AccountID, p.Actor, p.Address = string(text), change.Comment, change.Key,
		*change.AccountID, change.Actor, change.Address
	p.MadeAt, p.State, p.Seen, p.Version = s.Now().UTC().Truncate(time.Millisecond), "waiting", true, 1
	err = s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		if p.Key != "" {
			var same []Proposal
			if err := tx.Where("account_id = ? AND key = ?", p.AccountID, p.Key).Find(&same).Error; err != nil {
				return err
			}
			if len(same) > 0 {
				if same[0].Draft != p.Draft {
					return ErrKeyReused
				}
				p.ID = same[0].ID
				return nil
			}
		}
		return tx.Create(&p).Error
	})
	if err != nil {
		return 0, fmt.Errorf("proposing: %w", err)
	}
	return p.ID, nil
}

// Proposal reads one.
func (s Proposals) Proposal(ctx context.Context, id int64) (*Proposal, error) {
	var found []Proposal
	if err := s.reader(ctx).Where("id = ?", id).Find(&found).Error; err != nil {
		return nil, fmt.Errorf("reading proposal %d: %w", id, err)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("reading proposal %d: %w", id, ErrNotFound)
	}
	return &found[0], nil
}

// List lists those of an account, or all (0), in a state or in any (""), before a
// number (0 is the newest), the newest first.
func (s Proposals) List(ctx context.Context, account int64, state string, before int64, limit int) (list []Proposal,
	err error) {
	tx := s.reader(ctx).Order("id DESC").Limit(limit)
	if account > 0 {
		tx = tx.Where("account_id = ?", account)
	}
	if state != "" {
		tx = tx.Where("state = ?", state)
	}
	if before > 0 {
		tx = tx.Where("id < ?", before)
	}
	if err = tx.Find(&list).Error; err != nil {
		return nil, fmt.Errorf("listing proposals: %w", err)
	}
	return list, nil
}

// Waiting counts what waits for an account: for an editor the proposals of others,
// and for everybody the decisions on their own that they have not seen.
func (s Proposals) Waiting(ctx context.Context, a *Account) (n int, err error) {
	sql, args := "SELECT count(*) FROM proposals WHERE account_id = ? AND NOT seen", []any{a.ID}
	if a.AtLeast("editor") {
		sql, args = "SELECT count(*) FROM proposals WHERE account_id <> ? AND state = 'waiting' OR account_id = ? AND NOT "+
			"seen", []any{a.ID, a.ID}
	}
	if err = s.reader(ctx).Raw(sql, args...).Scan(&n).Error; err != nil {
		return 0, fmt.Errorf("counting proposals: %w", err)
	}
	return n, nil
}

// SeeProposal notes that the author has seen what was decided.
func (s Proposals) SeeProposal(ctx context.Context, id int64) error {
	if err := s.noted(ctx, "UPDATE proposals SET seen = TRUE WHERE id = ? AND NOT seen", id); err != nil {
		return fmt.Errorf("noting a proposal as seen: %w", err)
	}
	return nil
}

// decide moves a proposal that is in one of some states to another, in a
// transaction.
func (s Proposals) decide(tx *gorm.DB, p *Proposal, from []string, to, note, by string) error {
	done := tx.Exec(
		"UPDATE proposals SET state = ?, note = ?, decided_by = ?, decided_at = ?, seen = ?, version = version + 1 WHERE id = ? AND version = ? AND state IN ?",
		to, note, by, s.Now().UTC(), to == "withdrawn", p.ID, p.Version, from)
	if done.Error == nil && done.RowsAffected == 0 {
		return &Conflict{p.Version, p.Version + 1}
	}
	return done.Error
}

// CheckProposal tells whether a draft could be put into the register in place of a
// proposal's; nothing is written. The error is Invalid when fields are bad.
func (s Proposals) CheckProposal(ctx context.Context, p *Proposal, draft any, version int, change Change) error {
	text, err := json.Marshal(draft)
	if err != nil {
		return err
	}
	if err = s.apply(Rehearsal(ctx), p, string(text), version, change); errors.Is(err, ErrRehearsed) {
		return nil
	}
	return err
}

// AcceptProposal puts a proposal into the register, as it stands or with another
// draft, over the version that the editor saw. It stands in the history in its
// author's name, with who accepted it.
func (s Proposals) AcceptProposal(ctx context.Context, p *Proposal, corrected any, version int, by Change) error {
	draft := p.Draft
	if corrected != nil {
		text, err := json.Marshal(corrected)
		if err != nil {
			return err
		}
		draft = string(text)
	}
	comment := cmp.Or(p.Comment, p.Action) + " (" + by.Actor + ")"
	change := Change{Actor: p.Actor, AccountID: &p.AccountID, Address: p.Address, Comment: comment}
	ctx = alongside(ctx, func(tx *gorm.DB) error {
		return s.decide(tx, p, []string{"waiting"}, "accepted", by.Comment, by.Actor)
	})
	return s.apply(ctx, p, draft, version, change)
}

// apply makes the change that a proposal is of.
func (s Proposals) apply(ctx context.Context, p *Proposal, draft string, version int, change Change) (err error) {
	id, _ := strconv.ParseInt(p.SubjectKey, 10, 64)
	read := func(into any) error { return json.Unmarshal([]byte(draft), into) }
	switch p.Subject {
	case "agreement":
		var d AgreementDraft
		if p.Action == "withdraw" {
			var reason string
			if err = read(&reason); err == nil {
				err = s.Withdraw(ctx, id, version, reason, change)
			}
		} else if err = read(&d); err == nil && id == 0 {
			_, err = s.Record(ctx, d, change)
		} else if err == nil {
			_, err = s.Revise(ctx, id, version, d, change)
		}
	case "meeting":
		var d MeetingDraft
		if err = read(&d); err == nil && id == 0 {
			_, err = s.Meetings().RecordMeeting(ctx, d, change)
		} else if err == nil {
			err = s.Meetings().ReviseMeeting(ctx, id, version, d, change)
		}
	case "person":
		var d PersonDraft
		if err = read(&d); err == nil {
			err = s.People().RevisePerson(ctx, id, version, d, change)
		}
	case "party":
		var d PartyDraft
		if err = read(&d); err == nil {
			err = s.Parties().RecordParty(ctx, version, d, change)
		}
	}
	return err
}

// ReturnProposal gives a proposal back to its author with a note.
func (s Proposals) ReturnProposal(ctx context.Context, p *Proposal, by Change) error {
	if by.Comment == "" {
		return Invalid{"note": {Code: "required"}}
	}
	err := s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		return s.decide(tx, p, []string{"waiting"}, "returned", by.Comment, by.Actor)
	})
	if err != nil {
		return fmt.Errorf("returning proposal %d: %w", p.ID, err)
	}
	return nil
}

// TakeBackProposal withdraws one's own.
func (s Proposals) TakeBackProposal(ctx context.Context, p *Proposal) error {
	err := s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		return s.decide(tx, p, []string{"waiting", "returned"}, "withdrawn", "", p.Actor)
	})
	if err != nil {
		return fmt.Errorf("taking back proposal %d: %w", p.ID, err)
	}
	return nil
}

// ReviseProposal puts another draft in place of one's own that waits or was
// returned, on the version of its record that was read; it waits again. It must
// have been rehearsed.
func (s Proposals) ReviseProposal(ctx context.Context, p *Proposal, draft any, base int, comment string) error {
	text, err := json.Marshal(draft)
	if err == nil {
		err = s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
			if err := s.decide(tx, p, []string{"waiting", "returned"}, "waiting", "", ""); err != nil {
				return err
			}
			return tx.Exec("UPDATE proposals SET draft = ?, base = ?, comment = ?, seen = TRUE, decided_at = NULL WHERE id = ?",
				string(text), base, comment, p.ID).Error
		})
	}
	if err != nil {
		return fmt.Errorf("revising proposal %d: %w", p.ID, err)
	}
	return nil
}

// ProposalChanges tells what a proposal would change: the fields in which its draft
// differs from its record as it stands, or all of them for a new one; and the
// version of that record.
func (s Proposals) ProposalChanges(ctx context.Context, p *Proposal) (changes []FieldChange, version int, err error) {
	now := &Revision{Record: "{}"}
	if p.SubjectKey != "" {
		// a party or person of the gazetteer has none yet
		if now, err = s.History().Revision(ctx, p.Subject, p.SubjectKey, 0); errors.Is(err, ErrNotFound) {
			now, err = &Revision{Record: "{}"}, nil
		}
		if err != nil {
			return nil, 0, err
		}
		if version, err = s.versionOf(ctx, p); err != nil {
			return nil, 0, err
		}
	}
	if p.Action == "withdraw" {
		return nil, version, nil
	}
	then := &Revision{Record: p.Draft}
	if p.Subject == "agreement" { // as saving would write it
		d, err := p.AgreementDraft()
		if err != nil {
			return nil, version, err
		}
		id, _ := strconv.ParseInt(p.SubjectKey, 10, 64)
		made, err := s.Drafts().Preview(ctx, id, d)
		var problems Invalid
		switch {
		case err == nil:
			then = made
		case !errors.As(err, &problems):
			return nil, version, err
		}
	}
	changes, err = Compare(now, then)
	return changes, version, err
}

// versionOf is the version at which a proposal's record stands.
func (s Proposals) versionOf(ctx context.Context, p *Proposal) (version int, err error) {
	tables := map[string][2]string{"agreement": {"agreements", "id"}, "meeting": {"meetings", "id"},
		"party": {"parties", "code"}, "person": {"people", "id"}}
	t := tables[p.Subject]
	key := any(p.SubjectKey)
	if t[1] == "id" {
		id, err := strconv.ParseInt(p.SubjectKey, 10, 64)
		if err != nil {
			return 0, ErrNotFound
		}
		key = id
	}
	if err = s.reader(ctx).Raw("SELECT version FROM "+t[0]+" WHERE "+t[1]+" = ?", key).Scan(&version).Error; err != nil {
		return 0, fmt.Errorf("reading a record's version: %w", err)
	}
	return version, nil
}

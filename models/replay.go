package models

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"gorm.io/gorm"

	"chancery/models/edtf"
)

// asRecorded reads the register as it stood at a moment, in the transaction that is
// pinned to the snapshot. It is kept for the next reading of the same moment.
func (s replays) asRecorded(ctx context.Context, moment time.Time) (*asRecorded, error) {
	x := pinned(ctx).view()
	if x == nil {
		return nil, errNotPinned
	}
	key := moment.Format(time.RFC3339)
	if p := s.index.cache.asRecorded(x, key); p != nil {
		return p, nil
	}
	p, err := s.replay(ctx, moment)
	if err != nil {
		return nil, fmt.Errorf("reading the register as it stood at %s: %w", key, err)
	}
	for _, a := range p.agreements {
		c, err := parseCard(a.ID, a.cardText(a.replacedOn), x.words.add, x.parties.add)
		if err != nil {
			return nil, err
		}
		p.cards[uint32(a.ID)] = &c
	}
	s.index.cache.putAsRecorded(x, key, p)
	return p, nil
}

// replay makes anew the agreements that said something else at a moment.
func (s replays) replay(ctx context.Context, moment time.Time) (*asRecorded, error) {
	p := &asRecorded{hidden: roaring.New(), agreements: map[uint32]*Agreement{}, cards: map[uint32]*card{}}
	tx := s.reader(ctx)
	var changed []string
	if err := tx.Raw("SELECT DISTINCT subject_key FROM revisions WHERE subject = 'agreement' AND at > ?",
		moment).Scan(&changed).Error; err != nil {
		return nil, err
	}
	for _, key := range changed {
		if id, err := strconv.ParseUint(key, 10, 32); err == nil {
			p.hidden.Add(uint32(id))
		}
	}
	var standing []Revision
	for chunk := range slices.Chunk(changed, 500) {
		var rows []Revision
		err := tx.Raw(`SELECT r.* FROM revisions r WHERE r.subject = 'agreement' AND r.subject_key IN ? AND r.at <= ?
			AND NOT EXISTS (SELECT 1 FROM revisions later WHERE later.subject = 'agreement' AND later.subject_key = r.subject_key AND later.number > r.number AND later.at <= ?)`,
			chunk, moment, moment).Scan(&rows).Error
		if err != nil {
			return nil, err
		}
		standing = append(standing, rows...)
	}
	first := map[string]time.Time{}
	for chunk := range slices.Chunk(standing, 500) {
		keys := make([]string, len(chunk))
		for i, r := range chunk {
			keys[i] = r.SubjectKey
		}
		var rows []Revision
		if err := tx.Raw(
			"SELECT subject_key, at FROM revisions WHERE subject = 'agreement' AND number = 1 AND subject_key IN ?",
			keys).Scan(&rows).Error; err != nil {
			return nil, err
		}
		for _, r := range rows {
			first[r.SubjectKey] = r.At
		}
	}
	standing = slices.DeleteFunc(standing, func(r Revision) bool { return r.Action == "withdrawn" })
	made, err := s.fromRevisions(tx, standing)
	if err != nil {
		return nil, err
	}
	for id, a := range made {
		a.RecordedAt = first[fmt.Sprint(id)]
		p.agreements[uint32(id)] = a
	}
	return p, s.replayReplacements(ctx, p)
}

// fromRevisions makes agreements anew from what revisions of them say.
func (s replays) fromRevisions(tx *gorm.DB, revisions []Revision) (map[int64]*Agreement, error) {
	made := make(map[int64]*Agreement, len(revisions))
	for chunk := range slices.Chunk(revisions, 500) {
		drafts := make([]AgreementDraft, len(chunk))
		for i := range chunk {
			draft, err := chunk[i].Draft()
			if err != nil {
				return nil, err
			}
			draft.Tidy()
			drafts[i] = draft
		}
		resolver := s.newResolver(tx)
		resolver.dry, resolver.lenient = true, true
		if err := resolver.load(drafts); err != nil {
			return nil, err
		}
		for i := range drafts {
			r := &chunk[i]
			resolver.self = r.subjectID()
			a, problems, err := resolver.build(&drafts[i])
			if err != nil {
				return nil, err
			}
			if len(problems) > 0 {
				return nil, fmt.Errorf("revision %d of agreement %s cannot be read any more: %w", r.Number, r.SubjectKey, problems)
			}
			a.ID, a.Version, a.RevisedAt, a.asRecorded = r.subjectID(), r.Number, r.At, true
			made[a.ID] = a
		}
	}
	return made, nil
}

// replayReplacements finds which agreements were replaced then: by what was
// recorded then, not by what is now.
func (s replays) replayReplacements(ctx context.Context, p *asRecorded) error {
	tx := s.reader(ctx)
	var now []Relation
	if err := tx.Raw(
		"SELECT r.* FROM relations r JOIN agreements a ON a.id = r.agreement_id WHERE r.type = 'replaces' AND a.withdrawn_at IS NULL").Scan(&now).Error; err != nil {
		return err
	}
	by := map[int64][]int64{}     // of each agreement, those that replaced it then
	touched := map[int64]bool{}   // agreements whose replacement is another than now
	unchanged := map[int64]bool{} // replacing agreements that are read as they stand
	for _, r := range now {
		if p.hidden.Contains(uint32(r.AgreementID)) {
			touched[r.TargetID] = true
			continue
		}
		by[r.TargetID] = append(by[r.TargetID], r.AgreementID)
		unchanged[r.AgreementID] = true
	}
	for _, a := range p.agreements {
		touched[a.ID] = true
		for _, target := range a.replaces() {
			by[target] = append(by[target], a.ID)
			touched[target] = true
		}
	}
	firsts := map[int64]edtf.Day{}
	err := s.loadInChunks(tx, slices.Collect(maps.Keys(unchanged)),
		func(a *Agreement) { firsts[a.ID] = a.Facts("").FirstInForce() })
	if err != nil {
		return err
	}
	var standing []int64 // read as they stand but for what replaces them; one that is hidden was not there then
	for id := range touched {
		if p.agreements[uint32(id)] == nil && !p.hidden.Contains(uint32(id)) {
			standing = append(standing, id)
		}
	}
	err = s.loadInChunks(tx, standing, func(a *Agreement) {
		if a.WithdrawnAt == nil {
			a.asRecorded = true
			p.hidden.Add(uint32(a.ID))
			p.agreements[uint32(a.ID)] = a
		}
	})
	if err != nil {
		return err
	}
	for id := range touched {
		if a := p.agreements[uint32(id)]; a != nil {
			p.replace(a, by[id], firsts)
		}
	}
	return nil
}

// replace dates since when an agreement was replaced then: by the first of those
// that replaced it to come into force.
func (p *asRecorded) replace(a *Agreement, by []int64, firsts map[int64]edtf.Day) {
	for _, replacing := range by {
		first := firsts[replacing]
		if then := p.agreements[uint32(replacing)]; then != nil {
			first = then.Facts("").FirstInForce()
		}
		if first != "" && (a.replacedOn == "" || first < a.replacedOn) {
			a.replacedOn = first
		}
	}
}

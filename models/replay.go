package models

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm"

	"chancery/models/bitmap"
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
		c, err := parseCard(a.ID, a.cardText(a.Facts(a.elsewhere).Outcome(), a.elsewhere), x.words.add, x.parties.add)
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
	p := &asRecorded{hidden: bitmap.New(), agreements: map[uint32]*Agreement{}, cards: map[uint32]*card{}}
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
	return p, s.replayInfluences(ctx, p)
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

// replayInfluences finds what agreements did to each other then: by what was
// recorded then, not by what is now.
func (s replays) replayInfluences(ctx context.Context, p *asRecorded) error {
	tx := s.reader(ctx)
	now, then := standing{s.Store, tx}, recordedThen{standing{s.Store, tx}, p}
	changed := make([]int64, 0, p.hidden.Len())
	for id := range p.hidden.All() {
		changed = append(changed, int64(id))
	}
	touched := map[int64]bool{} // agreements to which something else was done than now
	for _, by := range []relationReader{now, then} {
		for chunk := range slices.Chunk(changed, 500) {
			ids, err := s.derivation().influenced(by, chunk)
			if err != nil {
				return err
			}
			for _, id := range ids {
				touched[id] = true
			}
		}
	}
	var standing []int64 // read as they stand but for what is done to them; one that is hidden was not there then
	for id := range touched {
		if p.agreements[uint32(id)] == nil && !p.hidden.Contains(uint32(id)) {
			standing = append(standing, id)
		}
	}
	err := s.loadInChunks(tx, standing, func(a *Agreement) {
		if a.WithdrawnAt == nil {
			a.asRecorded = true
			p.hidden.Add(uint32(a.ID))
			p.agreements[uint32(a.ID)] = a
		}
	})
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(slices.Collect(maps.Values(p.agreements)), 500) {
		from, err := s.derivation().elsewhereBy(tx, then, chunk)
		if err != nil {
			return err
		}
		for _, a := range chunk {
			a.elsewhere = from
		}
	}
	return nil
}

// recordedThen reads relations as the register stood.
type recordedThen struct {
	standing
	then *asRecorded
}

func (r recordedThen) relations(ids []int64, types []string, to bool) (list []Relation, err error) {
	// A target that is withdrawn now may have stood then.
	unchanged, err := r.relationsWhere(ids, types, to, "a.withdrawn_at IS NULL")
	if err != nil {
		return nil, err
	}
	for _, rel := range unchanged {
		if !r.then.hidden.Contains(uint32(rel.AgreementID)) {
			list = append(list, rel)
		}
	}
	for _, a := range r.then.agreements {
		for _, rel := range a.Relations {
			rel.AgreementID = a.ID
			end := rel.AgreementID
			if to {
				end = rel.TargetID
			}
			if slices.Contains(types, rel.Type) && slices.Contains(ids, end) {
				list = append(list, rel)
			}
		}
	}
	away, err := r.away(list)
	list = slices.DeleteFunc(list, func(rel Relation) bool { return away[rel.TargetID] })
	slices.SortFunc(list, func(a, b Relation) int {
		return cmp.Or(cmp.Compare(a.AgreementID, b.AgreementID), a.Position-b.Position)
	})
	return list, err
}

// away are the targets that were not there then.
func (r recordedThen) away(list []Relation) (map[int64]bool, error) {
	away := map[int64]bool{}
	var unchanged, withdrawn []int64
	for _, rel := range list {
		id := rel.TargetID
		if !r.then.hidden.Contains(uint32(id)) {
			unchanged = append(unchanged, id)
		} else if r.then.agreements[uint32(id)] == nil {
			away[id] = true
		}
	}
	if len(unchanged) == 0 {
		return away, nil
	}
	err := r.tx.Raw("SELECT id FROM agreements WHERE id IN ? AND withdrawn_at IS NOT NULL", unchanged).Scan(&withdrawn).Error
	for _, id := range withdrawn {
		away[id] = true
	}
	return away, err
}

func (r recordedThen) agreements(ids []int64) (list []*Agreement, err error) {
	var now []int64
	for _, id := range ids {
		if a := r.then.agreements[uint32(id)]; a != nil {
			list = append(list, a)
		} else if !r.then.hidden.Contains(uint32(id)) {
			now = append(now, id)
		}
	}
	if len(now) == 0 {
		return list, nil
	}
	found, err := r.standing.agreements(now)
	return append(list, found...), err
}

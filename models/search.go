package models

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chancery/models/search"
)

// looked is how many agreements, the newest first, a search ranks.
const looked = 60

// Search finds agreements, parties, people and meetings, at most limit of each. It
// reads the filter's words, day and moment; its other conditions are those of
// lists.
func (s Searches) Search(ctx context.Context, f Filter, lang string, limit int) (*Results, error) {
	ctx, done, err := s.asRecorded(ctx, f.Recorded)
	if err != nil {
		return nil, err
	}
	defer done()
	r := &Results{}
	if r.Query, err = s.understand(ctx, ParseSearch(f.Query)); err != nil || r.Query.Empty() {
		return r, err
	}
	if err := s.searchAgreements(ctx, f, lang, limit, r); err != nil {
		return nil, fmt.Errorf("searching agreements: %w", err)
	}
	if r.Parties, err = s.searchParties(ctx, r.Query, lang, limit); err != nil {
		return nil, err
	}
	tx := s.reader(ctx)
	sql, args := s.engine.best(searchPeople, r.Query, limit)
	err = tx.Raw(`SELECT n.person_id AS id, n.text AS name, `+signedBy(ctx, "n.person_id")+` AS agreements
		FROM person_names n WHERE n.position = 0 AND n.person_id IN (`+sql+`) AND `+readablePerson(ctx, "n.person_id")+
		` ORDER BY n.folded`, args...).Scan(&r.People).Error
	if err != nil {
		return nil, fmt.Errorf("searching people: %w", err)
	}
	sql, args = s.engine.best(searchMeetings, r.Query, limit)
	if err = tx.Raw("SELECT * FROM meetings WHERE id IN ("+sql+") AND "+readableMeeting(ctx, "meetings.id")+" ORDER BY coalesce(held_earliest, '') DESC, id DESC",
		args...).Scan(&r.Meetings).Error; err != nil {
		return nil, fmt.Errorf("searching meetings: %w", err)
	}
	return r, nil
}

// searchParties finds the parties that terms name or begin to name.
func (s Searches) searchParties(ctx context.Context, q SearchQuery, lang string, limit int) (list []PartyEntry,
	err error) {
	var codes []string
	for _, t := range q.Terms {
		if !t.Exclude {
			codes = append(codes, t.Parties...)
		}
	}
	if len(codes) == 0 {
		return nil, nil
	}
	err = s.reader(ctx).Raw(`SELECT p.code, p.kind, p.existed_until, m.text AS name FROM parties p
		JOIN party_names m ON m.party = p.code AND m.main AND m.language = ? WHERE p.code IN ?
		ORDER BY CASE WHEN p.kind = 'state' THEN 0 WHEN p.kind = 'former-state' THEN 2 ELSE 1 END, m.text LIMIT ?`, lang, codes, limit).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("searching parties: %w", err)
	}
	return list, nil
}

// searchAgreements reads the agreements that were found, the best first, with
// where each was.
func (s Searches) searchAgreements(ctx context.Context, f Filter, lang string, limit int, r *Results) error {
	var ids []uint32
	var then *asRecorded
	var err error
	if f.Recorded.IsZero() {
		sql, args := s.engine.best(searchAgreements, r.Query, looked+1)
		if err := s.reader(ctx).Raw(sql, args...).Scan(&ids).Error; err != nil {
			return err
		}
		if id, err := strconv.ParseUint(strings.TrimSpace(f.Query), 10, 32); err == nil && !slices.Contains(ids, uint32(id)) {
			ids = append(ids, uint32(id))
		}
	} else {
		if then, err = s.replays().asRecorded(ctx, f.Recorded); err != nil {
			return err
		}
		set, err := s.matching(ctx, Filter{Query: f.Query}, then)
		if err != nil {
			return err
		}
		ids = set.Slice()
		slices.Reverse(ids)
	}
	if r.More = len(ids) > looked; r.More {
		ids = ids[:looked]
	}
	sel, err := s.query(ctx, Filter{On: f.On, Recorded: f.Recorded})
	if err != nil {
		return err
	}
	there := sel.matched()
	ids = slices.DeleteFunc(ids, func(id uint32) bool { return !there.Contains(id) })
	states := sel.states(ids)
	sel.release()
	r.Count = len(ids)
	entries, err := s.Lists().entries(ctx, sel, ids, states, lang)
	if err != nil {
		return err
	}
	found := make([]Hit, len(entries))
	matchers := r.Query.matchers()
	for i, e := range entries {
		found[i] = Hit{AgreementSummary: e, score: r.Query.score(matchers, e, f.Query)}
	}
	slices.SortStableFunc(found, func(a, b Hit) int {
		return cmp.Or(b.score-a.score, cmp.Compare(b.DatedEarliest, a.DatedEarliest), cmp.Compare(b.ID, a.ID))
	})
	r.Agreements = found[:min(limit, len(found))]
	return s.explain(ctx, then, matchers, r)
}

// score ranks an agreement by how well its title fits: a term as it stands in it
// before one only begun or inflected, before one that is elsewhere; its own number
// before all.
func (q SearchQuery) score(matchers []*matcher, e AgreementSummary, typed string) (score int) {
	if strings.TrimSpace(typed) == strconv.FormatInt(e.ID, 10) {
		return 1000
	}
	words := search.Tokens(e.Title)
	for i, t := range q.Terms {
		switch {
		case t.Exclude:
		case alternative{t.Words, false}.in(words):
			score += 4
		case t.names(e):
			score += 3
		case slices.ContainsFunc(words, matchers[i].word):
			score += 2
		}
	}
	return score
}

package models

import (
	"slices"

	"chancery/models/edtf"
	"chancery/models/status"

	"gorm.io/gorm"
)

// A relationReader finds agreements and what leads from one to another, as the
// register stands or as it stood.
type relationReader interface {
	// relations are those of some types that lead to any of the agreements, or
	// from them.
	relations(ids []int64, types []string, to bool) ([]Relation, error)
	agreements(ids []int64) ([]*Agreement, error)
}

// standing reads relations as the register stands.
type standing struct {
	*Store
	tx *gorm.DB
}

func (s standing) relations(ids []int64, types []string, to bool) (list []Relation, err error) {
	return s.relationsWhere(ids, types, to, "a.withdrawn_at IS NULL AND t.withdrawn_at IS NULL")
}

// relationsWhere reads relations on a condition on their two agreements, a and t.
func (s standing) relationsWhere(ids []int64, types []string, to bool, both string) (list []Relation, err error) {
	column := "agreement_id"
	if to {
		column = "target_id"
	}
	err = s.tx.Raw(`SELECT r.* FROM relations r JOIN agreements a ON a.id = r.agreement_id JOIN agreements t ON t.id = r.target_id
		WHERE r.`+column+` IN ? AND r.type IN ? AND `+both+`
		ORDER BY r.agreement_id, r.position`, ids, types).Scan(&list).Error
	return list, err
}

func (s standing) agreements(ids []int64) ([]*Agreement, error) {
	return s.loadParts(s.tx, ids, statusParts...)
}

// statusParts are the parts of a record that a status follows from.
var statusParts = []string{"Participations", "Acts", "ValidityPeriods", "Relations"}

// mostGenerations bounds how far the relations of agreements are followed.
const mostGenerations = 50

// elsewhere reads what the status of some agreements follows from beside their own
// records.
func (s derivation) elsewhere(tx *gorm.DB, list []*Agreement) (surroundings, error) {
	return s.elsewhereBy(tx, standing{s.Store, tx}, list)
}

// elsewhereOfNew is elsewhere for agreements that were recorded just now: nothing
// leads to or from them but what they say themselves.
func (s derivation) elsewhereOfNew(tx *gorm.DB, list []*Agreement) (surroundings, error) {
	if related(list) {
		return s.elsewhere(tx, list)
	}
	from := surroundings{lives: map[string]life{}}
	return from, s.readLives(tx, list, from.lives)
}

// related tells whether any of some agreements leads to another.
func related(list []*Agreement) bool {
	return slices.ContainsFunc(list, func(a *Agreement) bool { return len(a.Relations) > 0 })
}

// rederiveInfluenced derives anew what follows from agreements that were recorded
// just now.
func (s derivation) rederiveInfluenced(tx *gorm.DB, list []*Agreement) error {
	if !related(list) {
		return nil
	}
	var ids []int64
	for _, a := range list {
		ids = append(ids, a.ID)
	}
	touched, err := s.influenced(standing{s.Store, tx}, ids)
	if err != nil {
		return err
	}
	return s.rederiveAll(tx, touched)
}

func (s derivation) elsewhereBy(tx *gorm.DB, by relationReader, list []*Agreement) (from surroundings, err error) {
	g := &generations{from: surroundings{lives: map[string]life{}, of: map[int64]*influence{}},
		agreements: map[int64]*Agreement{}, to: map[int64][]Relation{}, ends: map[int64][]Relation{}, settled: map[int64]bool{}}
	frontier := list
	for generation := 0; len(frontier) > 0 && generation < mostGenerations; generation++ {
		if err = s.readLives(tx, frontier, g.from.lives); err == nil {
			frontier, err = g.next(by, frontier)
		}
		if err != nil {
			return g.from, err
		}
	}
	for _, a := range list {
		g.settle(a.ID)
	}
	return g.from, nil
}

// generations are agreements with those that change their status, with those that
// change the status of these, and so on.
type generations struct {
	from       surroundings
	agreements map[int64]*Agreement
	to         map[int64][]Relation // by the agreement whose status is changed
	ends       map[int64][]Relation // by the agreement that ends with another
	settled    map[int64]bool
}

// next reads what leads to some agreements, and gives those that were not known.
func (g *generations) next(by relationReader, list []*Agreement) ([]*Agreement, error) {
	ids := make([]int64, 0, len(list))
	for _, a := range list {
		g.agreements[a.ID] = a
		ids = append(ids, a.ID)
	}
	to, err := by.relations(ids, influencing, true)
	if err != nil {
		return nil, err
	}
	ends, err := by.relations(ids, []string{"coterminous"}, false)
	if err != nil {
		return nil, err
	}
	var unknown []int64
	add := func(id int64) {
		if g.agreements[id] == nil {
			g.agreements[id] = &Agreement{} // asked for
			unknown = append(unknown, id)
		}
	}
	for _, r := range to {
		g.to[r.TargetID] = append(g.to[r.TargetID], r)
		add(r.AgreementID)
	}
	for _, r := range ends {
		g.ends[r.AgreementID] = append(g.ends[r.AgreementID], r)
		add(r.TargetID)
	}
	if len(unknown) == 0 {
		return nil, nil
	}
	return by.agreements(unknown)
}

// settle finds what others do to an agreement, first to those others. Agreements
// that lead to each other in a circle do nothing to each other.
func (g *generations) settle(id int64) {
	if g.settled[id] {
		return
	}
	g.settled[id] = true
	for _, r := range g.to[id] {
		g.settle(r.AgreementID)
		if a := g.agreements[r.AgreementID]; a.ID != 0 {
			facts := a.Facts(g.from)
			facts.Later = nil // what was replaced does not revive when what replaced it is replaced in its turn
			g.from.influence(id).add(r, facts.Outcome())
		}
	}
	for _, r := range g.ends[id] {
		g.settle(r.TargetID)
		a := g.agreements[r.TargetID]
		if a.ID == 0 {
			continue
		}
		spells := a.Facts(g.from).Outcome().Whole
		if last := spells[len(spells)-1]; last.Status >= status.Replaced {
			of := g.from.influence(id)
			of.coterminous = append(of.coterminous, status.Ending{Agreement: r.TargetID, From: last.From, Status: last.Status})
		}
	}
}

// add takes in what an agreement does to the target of its relation.
func (of *influence) add(r Relation, o *status.Outcome) {
	if r.Type == "extends" {
		until := edtf.Day("")
		if held := status.StretchesInForce(o.Whole); len(held) > 0 && held[len(held)-1].Until < edtf.LastDay {
			until = held[len(held)-1].Until
		}
		of.extensions = append(of.extensions, status.Extended{Agreement: r.AgreementID, Until: until})
		return
	}
	later := status.Later{Agreement: r.AgreementID, Terminates: r.Type == "terminates",
		InForce: make(map[string][]status.Stretch, len(o.Parties))}
	for code, spells := range o.Parties {
		if held := status.StretchesInForce(spells); len(held) > 0 {
			later.InForce[code] = held
		}
	}
	of.later = append(of.later, later)
}

// readLives reads from when until when the parties of some agreements existed.
func (s derivation) readLives(tx *gorm.DB, list []*Agreement, lives map[string]life) error {
	var codes []string
	for _, a := range list {
		for _, p := range a.Participations {
			if _, there := lives[p.Party]; !there {
				lives[p.Party] = life{}
				codes = append(codes, p.Party)
			}
		}
	}
	for chunk := range slices.Chunk(codes, 500) {
		var rows []struct{ Code, Alpha3, ExistedFrom, ExistedUntil, Continuator, Before string }
		err := tx.Raw(`SELECT p.code, p.alpha3, p.existed_from, p.existed_until, coalesce(s.successor, '') AS continuator, coalesce(b.existed_from, '') AS before
			FROM parties p LEFT JOIN successions s ON s.predecessor = p.code AND s.kind = 'continues'
			LEFT JOIN successions t ON t.successor = p.code AND t.kind = 'continues' LEFT JOIN parties b ON b.code = t.predecessor
			WHERE p.code IN ?`, chunk).Scan(&rows).Error
		if err != nil {
			return err
		}
		for _, r := range rows {
			one := life{from: within(r.ExistedFrom).Earliest, until: within(r.ExistedUntil).Latest, continuator: r.Continuator,
				alpha3: r.Alpha3}
			if before := within(r.Before).Earliest; before != "" && before < one.from {
				one.from = before
			}
			lives[r.Code] = one
		}
	}
	return nil
}

// influenced are the agreements whose status can follow from that of some, near
// and far, without these.
func (s derivation) influenced(by relationReader, ids []int64) (all []int64, err error) {
	seen := map[int64]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	for range mostGenerations {
		if len(ids) == 0 {
			break
		}
		of, err := by.relations(ids, influencing, false)
		if err != nil {
			return nil, err
		}
		ends, err := by.relations(ids, []string{"coterminous"}, true)
		if err != nil {
			return nil, err
		}
		ids = nil
		add := func(id int64) {
			if !seen[id] {
				seen[id] = true
				ids, all = append(ids, id), append(all, id)
			}
		}
		for _, r := range of {
			add(r.TargetID)
		}
		for _, r := range ends {
			add(r.AgreementID)
		}
	}
	return all, nil
}

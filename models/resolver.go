package models

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"chancery/models/edtf"
	"chancery/models/search"

	"gorm.io/gorm"
)

// A resolver turns drafts into rows: it finds the parties, people, institutions and
// meetings that drafts name, makes those that are new, and notes every problem by
// its field. It lives as long as one transaction.
type resolver struct {
	another      bool // the party last found is not the one named, but the one that it continues
	askAll       bool // an agreement must have two parties and a date
	tx           *gorm.DB
	engine       engine
	parties      map[string][]candidate // what was typed, folded: the parties it can mean
	people       map[string]int64
	institutions map[string]int64
	targets      map[int64]bool       // agreements that relations lead to, and whether they are there
	taken        map[ExternalID]int64 // external numbers that agreements have already
	self         int64                // the agreement being revised
	on           edtf.Day             // the day of the agreement, by which a name that several bore is told apart
	meetings     map[int64]*Meeting
	dry          bool // only look: make no person, institution or meeting
	lenient      bool // read what was recorded before: what it led to may be gone since

	change     Change    // by whom what is made along with an agreement is made
	now        time.Time // and when
	restricted bool      // the agreement being built is
}

// A candidate is a party that a name can mean, and the days between which it
// existed and bore that name.
type candidate struct {
	Code        string
	From, Until string
	Before      *candidate // whose legal person it continues
}

// newResolver makes one that knows nothing yet.
func (s *Store) newResolver(tx *gorm.DB) *resolver {
	return &resolver{tx: tx, askAll: asksAll(tx.Statement.Context), engine: s.engine,
		parties: map[string][]candidate{}, people: map[string]int64{},
		institutions: map[string]int64{},
		targets:      map[int64]bool{}, taken: map[ExternalID]int64{}, meetings: map[int64]*Meeting{}}
}

// load looks up all that drafts name, in a few statements however many they are.
func (r *resolver) load(drafts []AgreementDraft) error {
	if err := r.loadParties(drafts); err != nil {
		return err
	}
	byScheme := map[string][]string{}
	var targets, meetings []int64
	for _, d := range drafts {
		for _, m := range d.Meetings {
			meetings = append(meetings, m.Meeting.Int())
		}
		for _, e := range d.ExternalIDs {
			byScheme[e.Scheme] = append(byScheme[e.Scheme], e.Value)
		}
		for _, rel := range d.Relations {
			targets = append(targets, rel.Target.Int())
		}
	}
	if err := r.loadExternal(byScheme); err != nil {
		return err
	}
	if err := r.loadMeetings(unique(meetings)); err != nil {
		return err
	}
	if r.lenient {
		return r.loadPeople(drafts)
	}
	return r.loadTargets(unique(targets))
}

// loadExternal looks up which agreements have external numbers.
func (r *resolver) loadExternal(byScheme map[string][]string) error {
	for scheme, values := range byScheme {
		for chunk := range slices.Chunk(values, 500) {
			var rows []ExternalID
			if err := r.tx.Where("scheme = ? AND value IN ?", scheme, chunk).Find(&rows).Error; err != nil {
				return fmt.Errorf("looking up external numbers: %w", err)
			}
			for _, row := range rows {
				r.taken[ExternalID{Scheme: row.Scheme, Value: row.Value}] = row.AgreementID
			}
		}
	}
	return nil
}

// loadTargets looks up which agreements are there to be related to.
func (r *resolver) loadTargets(ids []int64) error {
	for chunk := range slices.Chunk(ids, 500) {
		var found []int64
		if err := r.tx.Raw("SELECT id FROM agreements WHERE id IN ? AND withdrawn_at IS NULL",
			chunk).Scan(&found).Error; err != nil {
			return fmt.Errorf("looking up related agreements: %w", err)
		}
		for _, id := range found {
			r.targets[id] = true
		}
	}
	return nil
}

// loadMeetings reads meetings by their numbers.
func (r *resolver) loadMeetings(ids []int64) error {
	for chunk := range slices.Chunk(ids, 500) {
		var rows []*Meeting
		if err := r.tx.Where("id IN ?", chunk).Find(&rows).Error; err != nil {
			return fmt.Errorf("looking up meetings: %w", err)
		}
		for _, m := range rows {
			r.meetings[m.ID] = m
		}
	}
	return nil
}

// loadPeople looks up all people that drafts name.
func (r *resolver) loadPeople(drafts []AgreementDraft) error {
	for _, d := range drafts {
		for _, p := range d.Participations {
			for _, s := range p.Signatories {
				r.people[search.Fold(s.Person)] = 0
			}
		}
	}
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(r.people)), 500) {
		var rows []PersonName
		if err := r.tx.Where("folded IN ?", chunk).Find(&rows).Error; err != nil {
			return fmt.Errorf("looking up people: %w", err)
		}
		for _, row := range rows {
			r.people[row.Folded] = row.PersonID
		}
	}
	return nil
}

// loadParties looks up all parties that drafts name, in two statements however many
// they are.
func (r *resolver) loadParties(drafts []AgreementDraft) error {
	var typed []string
	for _, d := range drafts {
		for _, p := range d.Participations {
			typed = append(typed, p.Party)
		}
		for _, a := range d.Acts {
			typed = append(typed, a.Party)
		}
		for _, m := range d.Meetings {
			typed = append(typed, m.Host)
			for _, p := range m.participants() {
				typed = append(typed, string(p.Party))
			}
		}
	}
	return r.lookUp(typed)
}

// lookUp finds the parties of names and codes, each once: as they are written, or
// else as lists turn them round.
func (r *resolver) lookUp(typed []string) error {
	wanted := map[string]string{} // what is looked up, with the key that it is for
	written := map[string]string{}
	for _, t := range typed {
		if key := partyKey(t); key != "" && r.parties[key] == nil {
			r.parties[key] = []candidate{}
			wanted[key], written[key] = key, t
		}
	}
	if err := r.lookUpKeys(wanted); err != nil {
		return err
	}
	turned := map[string]string{}
	for key, t := range written {
		if len(r.parties[key]) == 0 {
			if other := turnedRound(t); other != "" {
				turned[search.Fold(other)] = key
			}
		}
	}
	return r.lookUpKeys(turned)
}

// turnedRound writes a name that a list has turned round for its order as it is
// said: "Congo, Democratic Republic of the", "Bolivia (Plurinational State of)",
// "The Netherlands"; empty where it is not.
func turnedRound(name string) string {
	name = strings.TrimSpace(name)
	if rest, ok := strings.CutPrefix(name, "The "); ok {
		return rest
	}
	if before, after, ok := strings.Cut(name, ", "); ok {
		return after + " " + before
	}
	if before, after, ok := strings.Cut(name, "("); ok && strings.HasSuffix(after, ")") {
		return strings.TrimSuffix(after, ")") + " " + before
	}
	return ""
}

// lookUpKeys adds the bearers of folded names and of codes to those of their keys.
func (r *resolver) lookUpKeys(wanted map[string]string) error {
	for chunk := range slices.Chunk(slices.Sorted(maps.Keys(wanted)), 400) {
		codes := make([]string, len(chunk))
		for i, key := range chunk {
			codes[i] = strings.ToUpper(strings.ReplaceAll(key, " ", ""))
		}
		var found []struct{ Key, Code, ExistedFrom, ExistedUntil, UsedFrom, UsedUntil, Before, BeforeFrom, BeforeUntil string }
		err := r.tx.Raw(`SELECT f.*, coalesce(b.code, '') AS before, coalesce(b.existed_from, '') AS before_from, coalesce(b.existed_until, '') AS before_until
			FROM (SELECT n.folded AS key, p.code, p.existed_from, p.existed_until, n.used_from, n.used_until
				FROM party_names n JOIN parties p ON p.code = n.party WHERE n.folded IN ?
			UNION SELECT code, code, existed_from, existed_until, '', '' FROM parties WHERE code IN ?
			UNION SELECT c.code, p.code, p.existed_from, p.existed_until, '', '' FROM party_codes c JOIN parties p ON p.code = c.party
				WHERE c.scheme = 'alpha3' AND c.code IN ?) f
			LEFT JOIN successions s ON s.successor = f.code AND s.kind = 'continues' LEFT JOIN parties b ON b.code = s.predecessor
			ORDER BY 1, 2`, chunk, codes, codes).Scan(&found).Error
		if err != nil {
			return fmt.Errorf("looking up parties: %w", err)
		}
		for _, f := range found {
			key, asked := wanted[strings.ToLower(f.Key)]
			if !asked {
				continue
			}
			c := candidate{Code: f.Code, From: max(f.ExistedFrom, f.UsedFrom), Until: earlierText(f.ExistedUntil, f.UsedUntil)}
			if f.Before != "" {
				c.Before = &candidate{Code: f.Before, From: f.BeforeFrom, Until: f.BeforeUntil}
			}
			r.parties[key] = append(r.parties[key], c)
		}
	}
	return nil
}

// earlierText is the lesser of two days, of which either may be missing.
func earlierText(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// partyKey is what a typed party is looked up by; "Belarus (BY)", as a list of
// suggestions writes it, means BY.
func partyKey(typed string) string {
	if before, code, ok := strings.Cut(typed, "("); ok && strings.HasSuffix(code, ")") && before != "" {
		if code = strings.TrimSuffix(code, ")"); code == strings.ToUpper(code) && len(code) >= 2 &&
			!strings.Contains(code, " ") {
			return search.Fold(code)
		}
	}
	return search.Fold(typed)
}

// party finds the one party that was meant. A code means its bearer even where it
// is also somebody's name (a long one, such as ENGLAND, only in capitals); a name
// that several have borne means the one that bore it on the day of the agreement.
func (r *resolver) party(typed, field string, problems Invalid) string {
	found := r.parties[partyKey(typed)]
	exact := strings.ToUpper(partyKey(typed))
	var all, then []string
	for _, c := range found {
		if c.Code == exact && (len(exact) <= 4 || strings.Contains(typed, exact)) {
			return exact
		}
		if !slices.Contains(all, c.Code) {
			all = append(all, c.Code)
		}
		if r.borne(c.From, c.Until) && !slices.Contains(then, c.Code) {
			then = append(then, c.Code)
		}
	}
	switch {
	case len(all) == 0:
		problems.add(field, "unknown_party", "value", typed)
		return ""
	case len(all) == 1:
		return r.then(found, all[0])
	case len(then) == 1:
		return r.then(found, then[0])
	}
	problems.add(field, "ambiguous_party", "value", typed, "codes", strings.Join(all, ", "))
	return ""
}

// then is the party that a name meant on the day of the agreement: of a party that
// goes on as the same legal person as another, the other while that existed.
// "Russian Federation" in 1977 is the Soviet Union.
func (r *resolver) then(found []candidate, code string) string {
	for _, c := range found {
		if b := c.Before; c.Code == code && b != nil && r.on != "" && b.From <= string(r.on) && string(r.on) <= b.Until {
			r.another = true
			return b.Code
		}
	}
	return code
}

// borne tells whether a name that was used from one day to another, either empty
// where it is not known, was so on the day of the agreement, or is still.
func (r *resolver) borne(from, until string) bool {
	day := string(r.on)
	if day == "" {
		return until == ""
	}
	return from <= day && (until == "" || day <= until)
}

// institution finds the body of a party by any of its names, or makes it.
func (r *resolver) institution(party, name string) (int64, error) {
	key := party + "\n" + search.Fold(name)
	if id := r.institutions[key]; id != 0 || r.lenient {
		return id, nil
	}
	var id int64
	err := r.tx.Raw("SELECT institution_id FROM institution_names WHERE party = ? AND folded = ?", party,
		search.Fold(name)).Scan(&id).Error
	if err == nil && id == 0 && !r.dry {
		institution := Institution{Party: party}
		if err = r.tx.Create(&institution).Error; err == nil {
			id = institution.ID
			err = r.tx.Create(&InstitutionName{InstitutionID: id, Party: party, Text: name, Folded: search.Fold(name)}).Error
		}
	}
	r.institutions[key] = id
	return id, err
}

// person finds a person by any spelling recorded, or makes one.
func (r *resolver) person(name string) (int64, error) {
	key := search.Fold(name)
	if id := r.people[key]; id != 0 || r.lenient {
		return id, nil
	}
	var id int64
	err := r.tx.Raw("SELECT person_id FROM person_names WHERE folded = ?", key).Scan(&id).Error
	if err == nil && id == 0 && !r.dry {
		person := Person{Version: 1}
		if err = r.tx.Omit("Names").Create(&person).Error; err == nil {
			id = person.ID
			person.Names = []PersonName{{PersonID: id, Text: name, Folded: key}}
			err = insertAll(r.tx, person.Names)
		}
		if err == nil {
			err = r.engine.write(r.tx, searchPeople, []document{person.document()})
		}
	}
	r.people[key] = id
	return id, err
}

package models

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"chancery/models/edtf"
	"chancery/models/search"
)

// VerifyBeside holds what stands beside agreements against the history: parties,
// with their names, existence and ties; people and institutions, by every name that
// a revision gives; meetings. What has revisions of its own must say what the last
// of them says; a party that nobody revised what every register starts with; what
// was made along with an agreement what some revision says of it. It tells of each
// that differs, and how many were looked at.
func (s Upkeep) VerifyBeside(ctx context.Context, differs func(Break)) (checked int, err error) {
	tx := s.reader(ctx)
	v := &besides{tx: tx, differs: differs, last: map[string]Revision{}, said: map[string]bool{}}
	for _, step := range []func() error{func() error { return v.gather(ctx, s) }, v.parties, v.ties, v.people, v.institutions,
		v.meetings} {
		if err := step(); err != nil {
			return v.checked, fmt.Errorf("verifying what stands beside agreements: %w", err)
		}
	}
	return v.checked, nil
}

// besides gathers what the history says of what is not an agreement.
type besides struct {
	tx      *gorm.DB
	differs func(Break)
	checked int
	last    map[string]Revision // the last of each, by subject and key
	said    map[string]bool     // names that any revision says
}

// tell tells of one that differs.
func (v *besides) tell(subject string, key any, what BreakKind) {
	v.differs(Break{Subject: subject, Key: fmt.Sprint(key), What: what})
}

// names notes that names are said.
func (v *besides) names(list ...string) {
	for _, name := range list {
		v.said["name "+search.Fold(name)] = true
	}
}

func (v *besides) hasName(name string) bool {
	return v.said["name "+search.Fold(name)] || strings.HasPrefix(name, Purged)
}

// meetingKey is what a meeting says of itself in one text each.
func meetingKey(d MeetingDraft) string {
	d.tidy()
	date, _ := edtf.ParseDate(d.Held)
	return strings.Join([]string{"meeting", d.Title, d.Kind, d.Series, date.Written, d.Place}, "\n")
}

// gather goes through the whole chain once.
func (v *besides) gather(ctx context.Context, s Upkeep) error {
	var problem error
	err := s.eachChained(ctx, func(r *Revision) bool {
		if r.Subject != "agreement" && r.Action != "purged" {
			v.last[r.Subject+" "+r.SubjectKey] = *r
		}
		problem = v.read(r)
		return problem == nil
	})
	if err != nil {
		return err
	}
	return problem
}

// read notes the names that a revision says.
func (v *besides) read(r *Revision) error {
	meeting := func(d MeetingDraft) {
		for _, p := range d.participants() {
			v.names(p.Person, p.Institution, string(p.Party))
		}
	}
	switch r.Subject {
	case "agreement":
		if r.Action == "withdrawn" || r.Action == "purged" {
			return nil
		}
		draft, err := r.Draft()
		if err != nil {
			return err
		}
		draft.Tidy()
		for _, p := range draft.Participations {
			v.names(p.Institution)
			for _, signatory := range p.Signatories {
				v.names(signatory.Person)
			}
		}
		for _, m := range draft.Meetings {
			meeting(m.meeting())
		}
	case "meeting":
		var d MeetingDraft
		if err := json.Unmarshal([]byte(r.Record), &d); err != nil {
			return err
		}
		meeting(d)
	case "person":
		var d PersonDraft
		if r.Action == "purged" {
			return nil
		}
		if err := json.Unmarshal([]byte(r.Record), &d); err != nil {
			return err
		}
		for _, n := range d.Names {
			v.names(n.Text)
		}
	}
	return nil
}

// people holds their names against what revisions say, and against those under which
// they signed.
func (v *besides) people() error {
	var rows []PersonName
	if err := v.tx.Order("person_id, position").Find(&rows).Error; err != nil {
		return err
	}
	has := map[string]bool{}
	wrong := map[int64]bool{}
	for _, n := range rows {
		has[strconv.FormatInt(n.PersonID, 10)+" "+search.Fold(n.Text)] = true
		wrong[n.PersonID] = wrong[n.PersonID] || !v.hasName(n.Text) || n.Folded != search.Fold(n.Text)
	}
	var signed []struct {
		PersonID int64
		Person   string
	}
	if err := v.tx.Raw("SELECT DISTINCT person_id, person FROM signatories").Scan(&signed).Error; err != nil {
		return err
	}
	for _, s := range signed {
		if !has[strconv.FormatInt(s.PersonID, 10)+" "+search.Fold(s.Person)] {
			wrong[s.PersonID] = true
		}
	}
	var ids []int64
	if err := v.tx.Raw("SELECT id FROM people ORDER BY id").Scan(&ids).Error; err != nil {
		return err
	}
	v.checked += len(ids)
	for _, id := range ids {
		if r, revised := v.last[fmt.Sprintf("person %d", id)]; revised && !r.Purged {
			var d PersonDraft
			if err := json.Unmarshal([]byte(r.Record), &d); err != nil {
				return err
			}
			for _, n := range d.Names {
				wrong[id] = wrong[id] || !has[strconv.FormatInt(id, 10)+" "+search.Fold(n.Text)]
			}
		}
		if wrong[id] {
			v.tell("person", id, BreakRecord)
		}
	}
	return nil
}

// institutions holds their names against what revisions say.
func (v *besides) institutions() error {
	var rows []InstitutionName
	if err := v.tx.Order("institution_id").Find(&rows).Error; err != nil {
		return err
	}
	v.checked += len(rows)
	for _, n := range rows {
		if !v.hasName(n.Text) || n.Folded != search.Fold(n.Text) {
			v.tell("institution", n.InstitutionID, BreakRecord)
		}
	}
	return nil
}

// meetings holds them against their last revision.
func (v *besides) meetings() error {
	var rows []Meeting
	return v.tx.Preload("Participants", func(db *gorm.DB) *gorm.DB { return db.Order("position") }).
		FindInBatches(&rows, 400, func(*gorm.DB, int) error {
			v.checked += len(rows)
			for i := range rows {
				m := &rows[i]
				is := m.Draft()
				r, revised := v.last[fmt.Sprintf("meeting %d", m.ID)]
				if !revised {
					v.tell("meeting", m.ID, BreakNoHistory)
					continue
				}
				var d MeetingDraft
				if err := json.Unmarshal([]byte(r.Record), &d); err != nil {
					return err
				}
				d.tidy()
				is.tidy()
				if meetingKey(d) != meetingKey(is) || d.Agenda != is.Agenda || d.Relation != is.Relation || d.Related != is.Related ||
					len(d.participants()) != len(m.Participants) || (d.Host == "") != (is.Host == "") {
					v.tell("meeting", m.ID, BreakRecord)
				}
			}
			return nil
		}).Error
}

// parties holds them and their names against their last revision, or what every
// register starts with.
func (v *besides) parties() error {
	start, err := readGazetteer("parties.csv")
	if err != nil {
		return err
	}
	names, err := gazetteerNames(start, func(string) bool { return true })
	if err != nil {
		return err
	}
	begun, known := map[string]Party{}, map[string]bool{}
	for _, p := range start {
		begun[p[0]] = Party{Code: p[0], Kind: p[1], Alpha3: p[2], ExistedFrom: p[5], ExistedUntil: p[6]}
	}
	for _, n := range names {
		known[strings.Join([]string{n.Party, n.Language, n.Text}, "\n")] = true
	}
	var rows []Party
	if err := v.tx.Preload("Names").Order("code").Find(&rows).Error; err != nil {
		return err
	}
	v.checked += len(rows)
	for i := range rows {
		p := &rows[i]
		said, there := begun[p.Code]
		delete(begun, p.Code)
		var d *PartyDraft
		if r, revised := v.last["party "+p.Code]; revised {
			d, there = &PartyDraft{}, true
			if err := json.Unmarshal([]byte(r.Record), d); err != nil {
				return err
			}
			said = Party{Kind: d.Kind, Alpha3: d.Alpha3, ExistedFrom: d.ExistedFrom, ExistedUntil: d.ExistedUntil, Note: d.Note}
		}
		if !there || p.Kind != said.Kind || p.Alpha3 != said.Alpha3 || p.ExistedFrom != said.ExistedFrom ||
			p.ExistedUntil != said.ExistedUntil || p.Note != said.Note || !p.bears(d, known) {
			v.tell("party", p.Code, BreakRecord)
		}
	}
	for code := range begun {
		v.tell("party", code, BreakNoRecord)
	}
	return nil
}

// bears tells whether a party's names are those of its last revision, or without one
// of those that every register starts with.
func (p *Party) bears(d *PartyDraft, known map[string]bool) bool {
	key := func(language, text string) string { return strings.Join([]string{p.Code, language, text}, "\n") }
	if d != nil {
		known = map[string]bool{}
		for _, n := range d.Names {
			known[key(n.Language, n.Text)] = true
			if !slices.ContainsFunc(p.Names, func(is PartyName) bool { return is.Text == n.Text }) {
				return false
			}
		}
		for _, language := range Languages { // without a name in one of them it bears its first
			known[key(language, d.Names[0].Text)] = true
		}
	}
	return len(p.Names) > 0 && !slices.ContainsFunc(p.Names, func(n PartyName) bool {
		return !known[key(n.Language, n.Text)] || n.Folded != search.Fold(n.Text)
	})
}

// ties holds how parties follow each other against the last revision of the later
// one, or what every register starts with.
func (v *besides) ties() error {
	start, err := readGazetteer("successions.csv")
	if err != nil {
		return err
	}
	begun := map[string][]string{}
	for _, r := range start {
		begun[r[1]] = append(begun[r[1]], strings.Join(r[:4], " "))
	}
	var rows []Succession
	if err := v.tx.Order("successor, predecessor").Find(&rows).Error; err != nil {
		return err
	}
	is := map[string][]string{}
	for _, r := range rows {
		is[r.Successor] = append(is[r.Successor], strings.Join([]string{r.Predecessor, r.Successor, r.Kind, r.Date}, " "))
	}
	for code := range begun {
		if is[code] == nil {
			is[code] = []string{}
		}
	}
	for code, list := range is {
		wrong := false
		if r, revised := v.last["party "+code]; revised {
			var d PartyDraft
			if err := json.Unmarshal([]byte(r.Record), &d); err != nil {
				return err
			}
			wrong = len(splitList([]string{d.Predecessors})) != len(list)
		} else {
			slices.Sort(list)
			slices.Sort(begun[code])
			wrong = !slices.Equal(list, begun[code])
		}
		if wrong {
			v.tell("party", code, BreakRecord)
		}
	}
	return nil
}

package models

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"chancery/models/edtf"
	"chancery/models/search"
	"chancery/models/status"

	"golang.org/x/text/language"
	"gorm.io/gorm"
)

// A resolver turns drafts into rows: it finds the parties, people, institutions and meetings that drafts name, makes
// those that are new, and notes every problem by its field. It lives as long as one transaction.
type resolver struct {
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
}

// A candidate is a party that a name can mean, and the days between which it existed and bore that name.
type candidate struct {
	Code        string
	From, Until string
}

func (s *Store) newResolver(tx *gorm.DB) *resolver {
	return &resolver{tx: tx, engine: s.engine, parties: map[string][]candidate{}, people: map[string]int64{}, institutions: map[string]int64{},
		targets: map[int64]bool{}, taken: map[ExternalID]int64{}, meetings: map[int64]*Meeting{}}
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
		if err := r.tx.Raw("SELECT id FROM agreements WHERE id IN ? AND withdrawn_at IS NULL", chunk).Scan(&found).Error; err != nil {
			return fmt.Errorf("looking up related agreements: %w", err)
		}
		for _, id := range found {
			r.targets[id] = true
		}
	}
	return nil
}

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

// loadParties looks up all parties that drafts name, in two statements however many they are.
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

func (r *resolver) lookUp(typed []string) error {
	var wanted []string
	for _, t := range typed {
		if key := partyKey(t); key != "" && r.parties[key] == nil {
			r.parties[key] = []candidate{}
			wanted = append(wanted, key)
		}
	}
	for chunk := range slices.Chunk(wanted, 400) {
		codes := make([]string, len(chunk))
		for i, key := range chunk {
			codes[i] = strings.ToUpper(strings.ReplaceAll(key, " ", ""))
		}
		var found []struct{ Key, Code, ExistedFrom, ExistedUntil, UsedFrom, UsedUntil string }
		err := r.tx.Raw(`SELECT n.folded AS key, p.code, p.existed_from, p.existed_until, n.used_from, n.used_until
				FROM party_names n JOIN parties p ON p.code = n.party WHERE n.folded IN ?
			UNION SELECT code, code, existed_from, existed_until, '', '' FROM parties WHERE code IN ?
			UNION SELECT c.code, p.code, p.existed_from, p.existed_until, '', '' FROM party_codes c JOIN parties p ON p.code = c.party
				WHERE c.scheme = 'alpha3' AND c.code IN ?
			ORDER BY 1, 2`, chunk, codes, codes).Scan(&found).Error
		if err != nil {
			return fmt.Errorf("looking up parties: %w", err)
		}
		for _, f := range found {
			key := strings.ToLower(f.Key)
			if list, asked := r.parties[key]; asked {
				r.parties[key] = append(list, candidate{f.Code, max(f.ExistedFrom, f.UsedFrom), earlier(f.ExistedUntil, f.UsedUntil)})
			}
		}
	}
	return nil
}

func earlier(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// partyKey is what a typed party is looked up by; "Belarus (BY)", as a list of suggestions writes it, means BY.
func partyKey(typed string) string {
	if before, code, ok := strings.Cut(typed, "("); ok && strings.HasSuffix(code, ")") && before != "" {
		if code = strings.TrimSuffix(code, ")"); code == strings.ToUpper(code) && len(code) >= 2 && !strings.Contains(code, " ") {
			return search.Fold(code)
		}
	}
	return search.Fold(typed)
}

// party finds the one party that was meant. A code means its bearer even where it is also somebody's name (a long one,
// such as ENGLAND, only in capitals); a name
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
		day := string(r.on)
		if (day == "" && c.Until == "" || day != "" && c.From <= day && (c.Until == "" || day <= c.Until)) && !slices.Contains(then, c.Code) {
			then = append(then, c.Code)
		}
	}
	switch {
	case len(all) == 0:
		problems.add(field, "unknown_party", "value", typed)
		return ""
	case len(all) == 1:
		return all[0]
	case len(then) == 1:
		return then[0]
	}
	problems.add(field, "ambiguous_party", "value", typed, "codes", strings.Join(all, ", "))
	return ""
}

// build checks a tidied draft and makes the rows of its agreement; resolved texts (a party's code, a meeting's
// number) are written back into the draft, which becomes the revision.
func (r *resolver) build(d *AgreementDraft) (*Agreement, Invalid, error) {
	problems := Invalid{}
	if !r.lenient { // what was recorded is read as it is
		if checkLengths(d, problems); len(problems) > 0 {
			return nil, problems, nil
		}
	}
	a := &Agreement{Kind: oneOf(d.Kind, Kinds, "kind", problems), Level: oneOf(d.Level, Levels, "level", problems),
		Binding: oneOf(d.Binding, Bindings, "binding", problems), Place: d.Place, EntryCondition: d.EntryCondition,
		Depositary: d.Depositary, AuthenticLanguages: d.AuthenticLanguages, Summary: d.Summary, Restricted: d.Restricted}
	r.buildTitles(a, d, problems)
	if date, ok := readDate(d.Signed, "signed", true, problems); ok {
		a.Signed, a.SignedEarliest, a.SignedLatest = date.Written, date.Earliest, date.Latest
	}
	r.on = a.SignedLatest
	if err := r.buildParticipations(a, d, problems); err != nil {
		return nil, nil, err
	}
	r.buildActs(a, d, problems)
	buildPeriods(a, d, problems)
	if err := r.buildMeetings(a, d, problems); err != nil {
		return nil, nil, err
	}
	r.buildRelations(a, d, problems)
	for i, text := range d.Subjects {
		a.Subjects = append(a.Subjects, Subject{Position: i, Text: text})
	}
	r.buildExternalIDs(a, d, problems)
	buildSources(a, d, problems)
	a.signFromSignatories()
	if first, _ := a.dated(); first == "" && !problems.has("signed", "validity_periods", "acts", "participations") {
		problems.add("signed", "one_date")
	}
	if len(problems) == 0 {
		a.deriveColumns()
	}
	return a, problems, nil
}

func (e Invalid) has(prefixes ...string) bool {
	for field := range e {
		for _, p := range prefixes {
			if strings.HasPrefix(field, p) && e[field].Code != "two_parties" {
				return true
			}
		}
	}
	return false
}

func oneOf(value string, list []string, field string, problems Invalid) string {
	if !slices.Contains(list, value) {
		problems.add(field, "choice", "value", value, "choices", strings.Join(list, ", "))
	}
	return value
}

// readDate reads an optional date, and notes what is wrong with it.
func readDate(written, field string, interval bool, problems Invalid) (edtf.Date, bool) {
	if written == "" {
		return edtf.Date{}, false
	}
	parse := edtf.ParsePoint
	if interval {
		parse = edtf.ParseDate
	}
	d, err := parse(written)
	var refused *edtf.DateError
	if errors.As(err, &refused) {
		problems.add(field, "date_"+refused.Code, "value", written)
		return edtf.Date{}, false
	}
	return d, true
}

func (r *resolver) buildTitles(a *Agreement, d *AgreementDraft, problems Invalid) {
	if len(d.Titles) == 0 {
		problems.add("titles[0].text", "required")
		return
	}
	for i, t := range d.Titles {
		if _, err := language.Parse(t.Language); err != nil {
			problems.add(fmt.Sprintf("titles[%d].language", i), "language", "value", t.Language)
		}
		a.Titles = append(a.Titles, Title{Position: i, Language: t.Language, Text: t.Text, Authentic: t.Authentic})
	}
	a.Title, a.TitleLanguage = d.Titles[0].Text, d.Titles[0].Language
}

func (r *resolver) buildParticipations(a *Agreement, d *AgreementDraft, problems Invalid) error {
	seen := map[string]bool{}
	for i := range d.Participations {
		p := &d.Participations[i]
		field := fmt.Sprintf("participations[%d].", i)
		if p.Party == "" {
			problems.add(field+"party", "required")
			continue
		}
		code := r.party(p.Party, field+"party", problems)
		if code == "" {
			continue
		}
		if seen[code] {
			problems.add(field+"party", "party_twice", "value", p.Party)
			continue
		}
		seen[code], p.Party = true, code
		row := Participation{Party: code, Position: i, Role: oneOf(p.Role, Roles, field+"role", problems), Institution: p.Institution}
		if p.Institution != "" && len(problems) == 0 {
			id, err := r.institution(code, p.Institution)
			if err != nil {
				return err
			}
			row.InstitutionID = &id
		}
		for j := range p.Signatories {
			s, err := r.signatory(&p.Signatories[j], j, fmt.Sprintf("%ssignatories[%d].", field, j), problems)
			if err != nil {
				return err
			}
			row.Signatories = append(row.Signatories, s)
		}
		a.Participations = append(a.Participations, row)
	}
	if parties := len(d.Participations); parties < 2 {
		problems.add(fmt.Sprintf("participations[%d].party", parties), "two_parties")
	}
	return nil
}

func (r *resolver) signatory(s *SignatoryDraft, position int, field string, problems Invalid) (row Signatory, err error) {
	row = Signatory{Position: position, Person: s.Person, Office: s.Office, Place: s.Place, FullPowers: s.FullPowers}
	if s.Person == "" {
		problems.add(field+"person", "required")
	}
	if date, ok := readDate(s.Signed, field+"signed", false, problems); ok {
		row.Signed, row.SignedEarliest, row.SignedLatest = date.Written, date.Earliest, date.Latest
	}
	if len(problems) == 0 {
		row.PersonID, err = r.person(s.Person)
	}
	return row, err
}

// signFromSignatories dates an agreement that has no date of its own by those of its signatories: their day, or the
// span from the first to the last when each side signs on its own.
func (a *Agreement) signFromSignatories() {
	if a.Signed != "" {
		return
	}
	var first, last edtf.Date
	for _, p := range a.Participations {
		for _, s := range p.Signatories {
			if s.Signed == "" {
				continue
			}
			d := edtf.Date{Written: s.Signed, Earliest: s.SignedEarliest, Latest: s.SignedLatest}
			if !first.Known() || d.Earliest < first.Earliest {
				first = d
			}
			if !last.Known() || d.Latest > last.Latest {
				last = d
			}
		}
	}
	if !first.Known() {
		return
	}
	a.Signed, a.SignedEarliest, a.SignedLatest = first.Written, first.Earliest, last.Latest
	if first.Written != last.Written {
		a.Signed = first.Written + "/" + last.Written
		if _, err := edtf.ParseDate(a.Signed); err != nil {
			a.Signed = string(first.Earliest) + "/" + string(last.Latest)
		}
	}
}

func (r *resolver) buildActs(a *Agreement, d *AgreementDraft, problems Invalid) {
	for i := range d.Acts {
		act := &d.Acts[i]
		field := fmt.Sprintf("acts[%d].", i)
		row := Act{Position: i, Type: status.ActType(oneOf(act.Type, status.ActTypes, field+"type", problems)), Note: act.Note}
		if act.Party != "" {
			if code := r.party(act.Party, field+"party", problems); code != "" {
				if !slices.ContainsFunc(a.Participations, func(p Participation) bool { return p.Party == code }) {
					problems.add(field+"party", "not_a_party", "value", act.Party)
				}
				act.Party, row.Party = code, code
			}
		}
		if act.Date == "" {
			problems.add(field+"date", "required")
		}
		if date, ok := readDate(act.Date, field+"date", false, problems); ok {
			row.Date, row.DateEarliest, row.DateLatest = date.Written, date.Earliest, date.Latest
		}
		if date, ok := readDate(act.Effective, field+"effective", false, problems); ok {
			row.Effective, row.EffectiveEarliest, row.EffectiveLatest = date.Written, date.Earliest, date.Latest
		}
		a.Acts = append(a.Acts, row)
	}
}

func buildPeriods(a *Agreement, d *AgreementDraft, problems Invalid) {
	for i, p := range d.ValidityPeriods {
		field := fmt.Sprintf("validity_periods[%d].", i)
		row := ValidityPeriod{Position: i, Basis: oneOf(p.Basis, Bases, field+"basis", problems),
			Renewal: oneOf(p.Renewal, Renewals, field+"renewal", problems)}
		if from, ok := readDate(p.ValidFrom, field+"valid_from", false, problems); ok {
			row.ValidFrom, row.FromDay = from.Written, from.Earliest
		}
		if until, ok := readDate(p.ValidUntil, field+"valid_until", false, problems); ok {
			row.ValidUntil, row.UntilDay = until.Written, until.Latest
		}
		if row.FromDay != "" && row.UntilDay != "" && row.FromDay > row.UntilDay {
			problems.add(field+"valid_until", "date_order", "value", p.ValidUntil)
		}
		row.RenewalMonths = months(p.RenewalMonths, field+"renewal_months", problems)
		row.NoticeMonths = months(p.NoticeMonths, field+"notice_months", problems)
		if p.Renewal == "tacit" && row.RenewalMonths == 0 {
			problems.add(field+"renewal_months", "renewal_length")
		}
		a.ValidityPeriods = append(a.ValidityPeriods, row)
	}
}

func months(n Number, field string, problems Invalid) int {
	if n.bad() || n.Int() > 1200 {
		problems.add(field, "months", "value", string(n))
		return 0
	}
	return int(n.Int())
}

func (r *resolver) buildMeetings(a *Agreement, d *AgreementDraft, problems Invalid) error {
	for i := range d.Meetings {
		m := &d.Meetings[i]
		field := fmt.Sprintf("meetings[%d].", i)
		oneOf(m.Relation, MeetingRelations, field+"relation", problems)
		var meeting *Meeting
		if m.Meeting != "" {
			if meeting = r.meetings[m.Meeting.Int()]; meeting == nil || m.Meeting.bad() {
				problems.add(field+"meeting", "unknown_meeting", "value", string(m.Meeting))
				continue
			}
		} else {
			built, err := r.newMeeting(m.meeting(), field, problems)
			if err != nil {
				return err
			}
			meeting = built
		}
		if len(problems) > 0 || meeting.ID == 0 {
			continue
		}
		*m = MeetingLinkDraft{Meeting: Number(fmt.Sprint(meeting.ID)), Relation: m.Relation}
		a.Meetings = append(a.Meetings, AgreementMeeting{MeetingID: meeting.ID, Position: i, Relation: m.Relation, Meeting: meeting})
	}
	return nil
}

func (r *resolver) buildRelations(a *Agreement, d *AgreementDraft, problems Invalid) {
	for i, rel := range d.Relations {
		field := fmt.Sprintf("relations[%d].", i)
		oneOf(rel.Type, RelationTypes, field+"type", problems)
		target := rel.Target.Int()
		switch {
		case rel.Target.bad() || !r.targets[target] && !r.lenient:
			problems.add(field+"target", "unknown_agreement", "value", string(rel.Target))
		case target == r.self:
			problems.add(field+"target", "itself")
		case slices.ContainsFunc(a.Relations, func(o Relation) bool { return o.Type == rel.Type && o.TargetID == target }):
			problems.add(field+"target", "stated_twice")
		default:
			a.Relations = append(a.Relations, Relation{Position: i, Type: rel.Type, TargetID: target})
		}
	}
}

func (r *resolver) buildExternalIDs(a *Agreement, d *AgreementDraft, problems Invalid) {
	for i, e := range d.ExternalIDs {
		field := fmt.Sprintf("external_ids[%d].", i)
		if e.Scheme == "" {
			problems.add(field+"scheme", "required")
		}
		if e.Value == "" {
			problems.add(field+"value", "required")
		}
		row := ExternalID{Position: i, Scheme: e.Scheme, Value: e.Value}
		taken := r.taken[ExternalID{Scheme: e.Scheme, Value: e.Value}]
		twice := slices.ContainsFunc(a.ExternalIDs, func(o ExternalID) bool { return o.Scheme == e.Scheme && o.Value == e.Value })
		if taken != 0 && taken != r.self && !r.lenient || twice {
			problems.add(field+"value", "taken", "value", e.Value, "agreement", fmt.Sprint(taken))
		}
		a.ExternalIDs = append(a.ExternalIDs, row)
	}
}

func buildSources(a *Agreement, d *AgreementDraft, problems Invalid) {
	for i, s := range d.Sources {
		field := fmt.Sprintf("sources[%d].", i)
		if s.URL != "" {
			u, err := url.Parse(s.URL)
			if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
				problems.add(field+"url", "url", "value", s.URL)
			}
		}
		if s.Language != "" {
			if _, err := language.Parse(s.Language); err != nil {
				problems.add(field+"language", "language", "value", s.Language)
			}
		}
		published, _ := readDate(s.Published, field+"published", false, problems)
		accessed, _ := readDate(s.Accessed, field+"accessed", false, problems)
		for _, fact := range s.Supports {
			oneOf(fact, SupportedFacts, field+"supports", problems)
		}
		if s.URL+s.Publisher+s.Title == "" {
			problems.add(field+"publisher", "source")
		}
		a.Sources = append(a.Sources, Source{Position: i, URL: s.URL, Publisher: s.Publisher, Title: s.Title, Language: s.Language,
			Published: published.Written, Accessed: accessed.Written, Quotation: s.Quotation, Supports: strings.Join(s.Supports, " ")})
	}
}

// institution finds the body of a party by any of its names, or makes it.
func (r *resolver) institution(party, name string) (int64, error) {
	key := party + "\n" + search.Fold(name)
	if id := r.institutions[key]; id != 0 || r.lenient {
		return id, nil
	}
	var id int64
	err := r.tx.Raw("SELECT institution_id FROM institution_names WHERE party = ? AND folded = ?", party, search.Fold(name)).Scan(&id).Error
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

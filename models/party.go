package models

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"chancery/models/edtf"
	"chancery/models/search"

	"gorm.io/gorm"
)

// A Party is a subject that can be bound: a state, former state, organisation, territory or region. Its code is ISO
// 3166-1 alpha-2 for today's states, ISO 3166-3 for withdrawn ones, our own in capitals for all others.
type Party struct {
	Code         string `json:"code" gorm:"primaryKey"`
	Kind         string `json:"kind"`
	Alpha3       string `json:"alpha3"`
	COW          *int   `json:"cow"` // Correlates of War number
	GW           *int   `json:"gw"`  // Gleditsch–Ward number
	ExistedFrom  string `json:"existed_from"`
	ExistedUntil string `json:"existed_until"`
	Note         string `json:"note"`
	Version      int    `json:"version"`

	Names []PartyName `json:"names" gorm:"foreignKey:Party;references:Code"`
}

// A PartyName is one name of a party; the main one of each of the three languages is shown, all are found.
type PartyName struct {
	Party     string `json:"-"`
	Language  string `json:"language"`
	Text      string `json:"text"`
	Main      bool   `json:"main"`
	UsedFrom  string `json:"used_from"`
	UsedUntil string `json:"used_until"`
	Folded    string `json:"-"`
}

// A PartyCode is what another list calls a party, and between which days.
type PartyCode struct {
	Scheme    string
	Code      string
	Party     string
	UsedFrom  string
	UsedUntil string
}

// A Succession says which party took another's place.
type Succession struct {
	Predecessor string `json:"predecessor"`
	Successor   string `json:"successor"`
}

// A Membership says that a party belongs to an organisation; either day may be unknown or open.
type Membership struct {
	Organisation string `json:"organisation"`
	Member       string `json:"member"`
	Status       string `json:"status"` // member, observer
	MemberFrom   string `json:"member_from"`
	MemberUntil  string `json:"member_until"`
}

// Name is the party's name in a language, or its first, or its code.
func (p *Party) Name(lang string) string {
	for _, n := range p.Names {
		if n.Main && n.Language == lang {
			return n.Text
		}
	}
	for _, n := range p.Names {
		if n.Main {
			return n.Text
		}
	}
	return p.Code
}

// Party reads one party by its code, with all names.
func (s *Store) Party(ctx context.Context, code string) (*Party, error) {
	var found []Party
	err := s.reader(ctx).Preload("Names", func(db *gorm.DB) *gorm.DB { return db.Order("main DESC, id") }).
		Where("code = ?", code).Find(&found).Error
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("reading party %s: %w", code, err)
	}
	return &found[0], nil
}

// FindParty finds the one party that a code, in capitals or not, of two letters or three, or a name in any language
// means today. The error is Invalid with the field "party" when none or several do.
func (s *Store) FindParty(ctx context.Context, typed string) (string, error) {
	r := s.newResolver(s.reader(ctx))
	if err := r.lookUp([]string{typed}); err != nil {
		return "", err
	}
	problems := Invalid{}
	code := r.party(typed, "party", problems)
	return code, problems.orNil()
}

// PartyNames maps codes to names in a language, AllPartyNames those of every party.
func (s *Store) PartyNames(ctx context.Context, lang string, codes []string) (map[string]string, error) {
	slices.Sort(codes)
	return s.namesWhere(ctx, "party IN ? AND main AND language = ?", slices.Compact(codes), lang)
}

// AllPartyNames maps the codes of all parties to their names in a language.
func (s *Store) AllPartyNames(ctx context.Context, lang string) (map[string]string, error) {
	return s.namesWhere(ctx, "main AND language = ?", lang)
}

// EveryPartyName are all names of all parties, in all languages.
func (s *Store) EveryPartyName(ctx context.Context) (names []PartyName, err error) {
	if err := s.reader(ctx).Order("party, main DESC, language, text").Find(&names).Error; err != nil {
		return nil, fmt.Errorf("reading the names of parties: %w", err)
	}
	return names, nil
}

func (s *Store) namesWhere(ctx context.Context, condition string, args ...any) (map[string]string, error) {
	var rows []struct{ Party, Text string }
	err := s.reader(ctx).Raw("SELECT party, text FROM party_names WHERE "+condition, args...).Scan(&rows).Error // #nosec G202 -- one of the two above
	if err != nil {
		return nil, fmt.Errorf("reading the names of parties: %w", err)
	}
	names := make(map[string]string, len(rows))
	for _, r := range rows {
		names[r.Party] = r.Text
	}
	return names, nil
}

// A PartyEntry is a line of a list of parties.
type PartyEntry struct {
	Code         string `json:"code"`
	Kind         string `json:"kind"`
	Name         string `json:"name"`
	Matched      string `json:"matched,omitempty"` // the name that was found, where it is another
	ExistedUntil string `json:"existed_until"`
	Agreements   int    `json:"agreements"`
}

// SuggestParties finds parties whose code or any name begins with what was typed, or has a word that does, the
// nearest first.
func (s *Store) SuggestParties(ctx context.Context, lang, typed string, limit int) (list []PartyEntry, err error) {
	folded := search.Fold(typed)
	if folded == "" {
		return nil, nil
	}
	code := strings.ToUpper(strings.TrimSpace(typed))
	err = s.reader(ctx).Raw(`
		SELECT p.code, p.kind, p.existed_until, min(m.text) AS name, min(n.text) AS matched,
			min(CASE WHEN p.code = ? OR p.alpha3 = ? THEN 0 WHEN n.folded = ? THEN 1 WHEN n.folded LIKE ? ESCAPE '\' THEN 2 ELSE 3 END) AS rank
		FROM parties p JOIN party_names n ON n.party = p.code JOIN party_names m ON m.party = p.code AND m.main AND m.language = ?
		WHERE n.folded LIKE ? ESCAPE '\' OR n.folded LIKE ? ESCAPE '\' OR p.code = ? OR p.alpha3 = ?
		GROUP BY p.code, p.kind, p.existed_until
		ORDER BY 6, CASE WHEN p.kind = 'state' THEN 0 WHEN p.kind = 'former-state' THEN 2 ELSE 1 END, 4 LIMIT ?`,
		code, code, folded, likePrefix(folded), lang, likePrefix(folded), "% "+likePrefix(folded), code, code, limit).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("suggesting parties: %w", err)
	}
	return list, nil
}

// Parties lists all parties of a kind (or of all, "") by name in a language, with the number of their agreements.
func (s *Store) Parties(ctx context.Context, lang, kind, text string) (list []PartyEntry, err error) {
	err = s.reader(ctx).Raw(`
		SELECT p.code, p.kind, p.existed_until, coalesce(m.text, p.code) AS name, coalesce(c.n, 0) AS agreements
		FROM parties p LEFT JOIN party_names m ON m.party = p.code AND m.main AND m.language = ?
		LEFT JOIN (SELECT party, count(*) AS n FROM participations WHERE ? OR NOT EXISTS (SELECT 1 FROM agreements a WHERE a.restricted AND a.id = agreement_id) GROUP BY party) c ON c.party = p.code
		WHERE (? = '' OR p.kind = ?) AND (? = '' OR EXISTS (SELECT 1 FROM party_names n WHERE n.party = p.code AND n.folded LIKE ? ESCAPE '\'))
		ORDER BY coalesce(m.folded, p.code) LIMIT 2000`, lang, insider(ctx), kind, kind, search.Fold(text), likeWithin(search.Fold(text))).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("listing parties: %w", err)
	}
	return list, nil
}

// Ties are a party's predecessors, successors and memberships, both ways.
type Ties struct {
	Predecessors []string     `json:"predecessors"`
	Successors   []string     `json:"successors"`
	MemberOf     []Membership `json:"member_of"`
	Members      []Membership `json:"members"`
}

// Ties reads what ties a party to others.
func (s *Store) Ties(ctx context.Context, code string) (t Ties, err error) {
	tx := s.reader(ctx)
	var successions []Succession
	if err = tx.Where("predecessor = ? OR successor = ?", code, code).Order("predecessor, successor").Find(&successions).Error; err == nil {
		err = tx.Where("member = ?", code).Order("status, organisation").Find(&t.MemberOf).Error
	}
	if err == nil {
		err = tx.Where("organisation = ?", code).Order("status, member").Find(&t.Members).Error
	}
	if err != nil {
		return t, fmt.Errorf("reading the ties of party %s: %w", code, err)
	}
	for _, sc := range successions {
		if sc.Predecessor == code {
			t.Successors = append(t.Successors, sc.Successor)
		} else {
			t.Predecessors = append(t.Predecessors, sc.Predecessor)
		}
	}
	return t, nil
}

// Lineage lists a party's predecessors, theirs and so on, the nearest first, without the party itself.
func (s *Store) Lineage(ctx context.Context, code string) ([]string, error) {
	var all []Succession
	if err := s.reader(ctx).Order("predecessor").Find(&all).Error; err != nil {
		return nil, fmt.Errorf("reading the predecessors of %s: %w", code, err)
	}
	line := []string{code}
	for i := 0; i < len(line); i++ {
		for _, sc := range all {
			if sc.Successor == line[i] && !slices.Contains(line, sc.Predecessor) {
				line = append(line, sc.Predecessor)
			}
		}
	}
	return line[1:], nil
}

// A PartyDraft is a party as typed. Ties are codes or names joined with commas.
type PartyDraft struct {
	Code         string      `json:"code,omitempty" form:"code" max:"24"`
	Kind         string      `json:"kind,omitempty" form:"kind" max:"40"`
	Alpha3       string      `json:"alpha3,omitempty" form:"alpha3" max:"3"`
	Names        []NameDraft `json:"names,omitempty" form:"names"` // the first of a language is its main one
	ExistedFrom  string      `json:"existed_from,omitempty" form:"existed_from" max:"100"`
	ExistedUntil string      `json:"existed_until,omitempty" form:"existed_until" max:"100"`
	Predecessors string      `json:"predecessors,omitempty" form:"predecessors" max:"4000"`
	Members      string      `json:"members,omitempty" form:"members" max:"20000"`
	Note         string      `json:"note,omitempty" form:"note" max:"10000"`
}

// Draft is the party as a form shows it.
func (p *Party) Draft(ties Ties) PartyDraft {
	d := PartyDraft{Code: p.Code, Kind: p.Kind, Alpha3: p.Alpha3, ExistedFrom: p.ExistedFrom, ExistedUntil: p.ExistedUntil,
		Predecessors: strings.Join(ties.Predecessors, ", "), Note: p.Note}
	for _, n := range p.Names {
		d.Names = append(d.Names, NameDraft{n.Language, n.Text})
	}
	var members []string
	for _, m := range ties.Members {
		if m.Status == "member" && m.MemberUntil == "" {
			members = append(members, m.Member)
		}
	}
	d.Members = strings.Join(members, ", ")
	return d
}

// RecordParty checks a draft and writes it as a new party (version 0), or over one that is still at the version read.
func (s *Store) RecordParty(ctx context.Context, version int, draft PartyDraft, change Change) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		trim(&draft.Code, &draft.Kind, &draft.Alpha3, &draft.ExistedFrom, &draft.ExistedUntil, &draft.Note)
		draft.Code, draft.Alpha3 = strings.ToUpper(draft.Code), strings.ToUpper(draft.Alpha3)
		problems := Invalid{}
		predecessors, members, err := draft.check(s.newResolver(tx), version == 0, problems)
		if err != nil {
			return err
		}
		if len(problems) > 0 {
			return problems
		}
		party := Party{Code: draft.Code, Kind: draft.Kind, Alpha3: draft.Alpha3, ExistedFrom: draft.ExistedFrom, ExistedUntil: draft.ExistedUntil, Note: draft.Note, Version: 1}
		if version == 0 {
			err = tx.Omit("Names").Create(&party).Error
		} else if err = claimVersion(tx, "parties", "code", draft.Code, version); err == nil {
			err = tx.Exec("UPDATE parties SET kind = ?, alpha3 = ?, existed_from = ?, existed_until = ?, note = ? WHERE code = ?",
				draft.Kind, draft.Alpha3, draft.ExistedFrom, draft.ExistedUntil, draft.Note, draft.Code).Error
		}
		if err != nil {
			return err
		}
		if err := draft.writeNames(tx); err != nil {
			return err
		}
		if err := draft.writeTies(tx, predecessors, members); err != nil {
			return err
		}
		var words []string
		for _, n := range draft.Names {
			words = append(words, search.Tokens(n.Text)...)
		}
		if err := s.engine.learnWords(tx, words); err != nil {
			return err
		}
		action := "revised"
		if version == 0 {
			action = "recorded"
		}
		return writeRevision(tx, "party", draft.Code, version+1, action, change, s.Now(), draft)
	})
	if err != nil {
		return fmt.Errorf("recording party %s: %w", draft.Code, err)
	}
	return nil
}

func (d *PartyDraft) check(r *resolver, isNew bool, problems Invalid) (predecessors, members []string, err error) {
	if checkLengths(d, problems); len(problems) > 0 {
		return nil, nil, nil
	}
	oneOf(d.Kind, PartyKinds, "kind", problems)
	if !partyCode.MatchString(d.Code) {
		problems.add("code", "code", "value", d.Code)
	} else if isNew {
		var taken int64
		if err := r.tx.Model(&Party{}).Where("code = ?", d.Code).Count(&taken).Error; err != nil {
			return nil, nil, err
		}
		if taken > 0 {
			problems.add("code", "code_taken", "value", d.Code)
		}
	}
	for i := range d.Names {
		trim(&d.Names[i].Language, &d.Names[i].Text)
		setDefault(&d.Names[i].Language, "und")
	}
	d.Names = slices.DeleteFunc(d.Names, func(n NameDraft) bool { return n.Text == "" })
	if len(d.Names) == 0 {
		problems.add("names[0].text", "required")
	}
	readDate(d.ExistedFrom, "existed_from", false, problems)
	readDate(d.ExistedUntil, "existed_until", false, problems)
	before, belong := splitList([]string{d.Predecessors}), splitList([]string{d.Members})
	if err := r.lookUp(append(slices.Clone(before), belong...)); err != nil {
		return nil, nil, err
	}
	for _, p := range before {
		predecessors = append(predecessors, r.party(p, "predecessors", problems))
	}
	for _, m := range belong {
		members = append(members, r.party(m, "members", problems))
	}
	return predecessors, members, nil
}

func (d *PartyDraft) writeNames(tx *gorm.DB) error {
	var old []PartyName
	if err := tx.Where("party = ?", d.Code).Find(&old).Error; err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM party_names WHERE party = ?", d.Code).Error; err != nil {
		return err
	}
	var rows []PartyName
	mains := map[string]bool{}
	for _, n := range d.Names {
		row := PartyName{Party: d.Code, Language: n.Language, Text: n.Text, Folded: search.Fold(n.Text)}
		row.Main = !mains[n.Language] && slices.Contains(Languages, n.Language)
		mains[n.Language] = true
		for _, o := range old {
			if o.Text == n.Text && o.Language == n.Language {
				row.UsedFrom, row.UsedUntil = o.UsedFrom, o.UsedUntil
			}
		}
		rows = append(rows, row)
	}
	for _, lang := range Languages { // a party without a name in one of the three languages bears its first
		if !mains[lang] {
			rows = append(rows, PartyName{Party: d.Code, Language: lang, Text: d.Names[0].Text, Main: true, Folded: search.Fold(d.Names[0].Text)})
		}
	}
	return insertAll(tx, rows)
}

// writeTies sets the predecessors and the present members; former members and observers stay as recorded.
func (d *PartyDraft) writeTies(tx *gorm.DB, predecessors, members []string) error {
	if err := tx.Exec("DELETE FROM successions WHERE successor = ?", d.Code).Error; err != nil {
		return err
	}
	var successions []Succession
	for _, p := range predecessors {
		if p != d.Code {
			successions = append(successions, Succession{p, d.Code})
		}
	}
	if err := insertAll(tx, successions); err != nil {
		return err
	}
	var present []Membership
	if err := tx.Where("organisation = ? AND status = 'member' AND member_until = ''", d.Code).Find(&present).Error; err != nil {
		return err
	}
	for _, m := range present {
		if !slices.Contains(members, m.Member) {
			err := tx.Exec("DELETE FROM memberships WHERE organisation = ? AND member = ? AND member_from = ?", m.Organisation, m.Member, m.MemberFrom).Error
			if err != nil {
				return err
			}
		}
	}
	var added []Membership
	for _, code := range members {
		if !slices.ContainsFunc(present, func(m Membership) bool { return m.Member == code }) {
			added = append(added, Membership{Organisation: d.Code, Member: code, Status: "member"})
		}
	}
	return insertAll(tx, added)
}

// CodesOf reads another list's codes. A code without an entry of its own in the list is looked up as ISO 3166 alpha-3.
func (s *Store) CodesOf(ctx context.Context, scheme string) (*Codes, error) {
	c := &Codes{byCode: map[string][]PartyCode{}}
	var rows []PartyCode
	err := s.reader(ctx).Where("scheme IN ?", []string{scheme, "alpha3"}).
		Order("CASE WHEN scheme = 'alpha3' THEN 1 ELSE 0 END, used_until DESC, used_from DESC").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("reading the codes of %s: %w", scheme, err)
	}
	for _, r := range rows {
		c.byCode[r.Code] = append(c.byCode[r.Code], r)
	}
	return c, nil
}

// Codes are another list's codes with the days on which each means which party.
type Codes struct{ byCode map[string][]PartyCode }

// On finds who bore a code on a day; an empty day is any. The party named for a stretch of days comes before the one
// named without.
func (c *Codes) On(code string, day edtf.Day) (party string, ok bool) {
	fallback := ""
	for _, r := range c.byCode[code] {
		dated := r.UsedFrom != "" || r.UsedUntil != ""
		if !dated {
			if fallback == "" {
				fallback = r.Party
			}
			continue
		}
		if day != "" && r.UsedFrom <= string(day) && (r.UsedUntil == "" || string(day) <= r.UsedUntil) {
			return r.Party, true
		}
	}
	return fallback, fallback != ""
}

// likeness is from which share of common trigrams on a name is taken for a similar one.
const likeness = 0.35

// SimilarParties finds for each name the parties that have the most similar names, the most similar first, at most so many.
func (s *Store) SimilarParties(ctx context.Context, lang string, names []string, limit int) (map[string][]PartyEntry, error) {
	var rows []struct{ Party, Folded, Name, Kind string }
	err := s.reader(ctx).Raw(`SELECT n.party, n.folded, coalesce(m.text, n.text) AS name, p.kind FROM party_names n JOIN parties p ON p.code = n.party
		LEFT JOIN party_names m ON m.party = n.party AND m.main AND m.language = ?`, lang).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("looking for similar parties: %w", err)
	}
	known := make([]map[string]bool, len(rows))
	for i, r := range rows {
		known[i] = trigrams(r.Folded)
	}
	found := map[string][]PartyEntry{}
	for _, name := range names {
		wanted := trigrams(search.Fold(name))
		best := map[string]float64{}
		entries := map[string]PartyEntry{}
		for i, r := range rows {
			if like := dice(wanted, known[i]); like >= likeness && like > best[r.Party] {
				best[r.Party], entries[r.Party] = like, PartyEntry{Code: r.Party, Kind: r.Kind, Name: r.Name, Matched: r.Folded}
			}
		}
		var list []PartyEntry
		for _, e := range entries {
			list = append(list, e)
		}
		slices.SortFunc(list, func(a, b PartyEntry) int {
			return cmp.Or(cmp.Compare(best[b.Code], best[a.Code]), strings.Compare(a.Code, b.Code))
		})
		found[name] = list[:min(len(list), limit)]
	}
	return found, nil
}

func trigrams(folded string) map[string]bool {
	runes := []rune("  " + folded + " ")
	set := make(map[string]bool, len(runes))
	for i := 0; i+3 <= len(runes); i++ {
		set[string(runes[i:i+3])] = true
	}
	return set
}

// dice is the share of what two sets have in common (Sørensen–Dice).
func dice(a, b map[string]bool) float64 {
	common := 0
	for g := range a {
		if b[g] {
			common++
		}
	}
	return 2 * float64(common) / float64(max(1, len(a)+len(b)))
}

// NewParty records a party of which nothing is known but its name, unless one bears it; its code is made of that.
func (s *Store) NewParty(ctx context.Context, name, kind, lang string, change Change) (string, error) {
	if code, err := s.FindParty(ctx, name); err == nil {
		return code, nil
	}
	code := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToUpper(search.Fold(name)))
	code = code[:min(len(code), 20)]
	if len(code) < 3 { // shorter ones are those of ISO 3166
		code = "PARTY" + code
	}
	for n := 1; ; n++ {
		try := code
		if n > 1 {
			try = fmt.Sprintf("%s%d", code, n)
		}
		err := s.RecordParty(ctx, 0, PartyDraft{Code: try, Kind: kind, Names: []NameDraft{{lang, name}}}, change)
		var problems Invalid
		if errors.As(err, &problems) && problems["code"].Code == "code_taken" && n < 100 {
			continue
		}
		return try, err
	}
}

package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"chancery/models/search"
)

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
		Predecessors: strings.Join(ties.successions(), ", "), Note: p.Note}
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

// RecordParty checks a draft and writes it as a new party (version 0), or over one
// that is still at the version read.
func (s Parties) RecordParty(ctx context.Context, version int, draft PartyDraft, change Change) error {
	err := s.transaction(ctx, func(tx *gorm.DB) error {
		trim(&draft.Code, &draft.Kind, &draft.Alpha3, &draft.ExistedFrom, &draft.ExistedUntil, &draft.Note)
		tidyDates(&draft.ExistedFrom, &draft.ExistedUntil)
		draft.Code, draft.Alpha3 = strings.ToUpper(draft.Code), strings.ToUpper(draft.Alpha3)
		problems := Invalid{}
		predecessors, members, err := draft.check(s.newResolver(tx), version == 0, problems)
		if err != nil {
			return err
		}
		if len(problems) > 0 {
			return problems
		}
		party := Party{Code: draft.Code, Kind: draft.Kind, Alpha3: draft.Alpha3, ExistedFrom: draft.ExistedFrom,
			ExistedUntil: draft.ExistedUntil, Note: draft.Note, Version: 1}
		before, err := s.life(tx, draft.Code)
		if err != nil {
			return err
		}
		if version == 0 {
			err = tx.Omit("Names").Create(&party).Error
		} else if err = claimVersion(tx, "parties", "code", draft.Code, version); err == nil {
			err = tx.Exec(
				"UPDATE parties SET kind = ?, alpha3 = ?, existed_from = ?, existed_until = ?, note = ? WHERE code = ?",
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
		if after, err := s.life(tx, draft.Code); err != nil {
			return err
		} else if before != after { // what holds for whom follows from it
			if err := s.rederiveOf(tx, draft.Code, predecessors); err != nil {
				return err
			}
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

// check tells what is wrong with a party, and finds the parties that it names.
func (d *PartyDraft) check(r *resolver, isNew bool, problems Invalid) (predecessors []Succession, members []string, err error) {
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
	belong := splitList([]string{d.Members})
	names := slices.Clone(belong)
	for _, item := range splitList([]string{d.Predecessors}) { // SUHH=continues=1991-12-26
		parts := append(strings.SplitN(item, "=", 3), "", "")
		s := Succession{Predecessor: strings.TrimSpace(parts[0]), Successor: d.Code, Kind: strings.TrimSpace(parts[1]),
			Date: strings.TrimSpace(parts[2])}
		if s.Kind != "" {
			oneOf(s.Kind, SuccessionKinds, "predecessors", problems)
		}
		readDate(s.Date, "predecessors", false, problems)
		predecessors, names = append(predecessors, s), append(names, s.Predecessor)
	}
	if err := r.lookUp(names); err != nil {
		return nil, nil, err
	}
	for i := range predecessors {
		predecessors[i].Predecessor = r.party(predecessors[i].Predecessor, "predecessors", problems)
	}
	for _, m := range belong {
		members = append(members, r.party(m, "members", problems))
	}
	return predecessors, members, nil
}

// writeNames writes a party's names anew.
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
			rows = append(rows, PartyName{Party: d.Code, Language: lang, Text: d.Names[0].Text, Main: true,
				Folded: search.Fold(d.Names[0].Text)})
		}
	}
	return insertAll(tx, rows)
}

// writeTies sets the predecessors and the present members; former members and
// observers stay as recorded.
func (d *PartyDraft) writeTies(tx *gorm.DB, predecessors []Succession, members []string) error {
	var successions []Succession
	if err := tx.Where("successor = ?", d.Code).Find(&successions).Error; err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM successions WHERE successor = ?", d.Code).Error; err != nil {
		return err
	}
	var stay []Succession // what is not said of one that was there stays
	for _, row := range predecessors {
		if row.Predecessor == d.Code {
			continue
		}
		i := slices.IndexFunc(successions, func(s Succession) bool { return s.Predecessor == row.Predecessor })
		switch {
		case row.Kind == "" && i >= 0:
			row = successions[i]
		case row.Kind == "":
			row.Kind = "succeeds"
		}
		stay = append(stay, row)
	}
	if err := insertAll(tx, stay); err != nil {
		return err
	}
	var present []Membership
	if err := tx.Where("organisation = ? AND status = 'member' AND member_until = ''",
		d.Code).Find(&present).Error; err != nil {
		return err
	}
	for _, m := range present {
		if !slices.Contains(members, m.Member) {
			err := tx.Exec("DELETE FROM memberships WHERE organisation = ? AND member = ? AND member_from = ?", m.Organisation,
				m.Member, m.MemberFrom).Error
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

// NewParty records a party of which nothing is known but its name, unless one bears
// it; its code is made of that.
func (s Parties) NewParty(ctx context.Context, name, kind, lang string, change Change) (string, error) {
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

// life tells from when until when a party existed, and what it continues and what
// continues it, in one text.
func (s Parties) life(tx *gorm.DB, code string) (text string, err error) {
	var rows []Succession
	err = tx.Where("predecessor = ? OR successor = ?", code, code).Order("predecessor, successor").Find(&rows).Error
	if err != nil {
		return "", err
	}
	var p Party
	err = tx.Where("code = ?", code).Find(&p).Error
	return fmt.Sprint(p.ExistedFrom, "/", p.ExistedUntil, rows), err
}

// rederiveOf derives anew the agreements of a party and of those before it.
func (s Parties) rederiveOf(tx *gorm.DB, code string, predecessors []Succession) error {
	codes := []string{code}
	for _, p := range predecessors {
		codes = append(codes, p.Predecessor)
	}
	var ids []int64
	err := tx.Raw("SELECT DISTINCT agreement_id FROM participations WHERE party IN ? ORDER BY 1", codes).Scan(&ids).Error
	if err != nil {
		return err
	}
	all := ids
	for chunk := range slices.Chunk(ids, 500) {
		more, err := s.derivation().influenced(standing{s.Store, tx}, chunk)
		if err != nil {
			return err
		}
		all = append(all, more...)
	}
	return s.derivation().rederiveAll(tx, unique(all))
}

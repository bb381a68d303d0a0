package models

import (
	"context"
	"embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"

	"chancery/models/search"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"gorm.io/gorm"
)

// The parties that every register starts with: tables of our own for former states,
// organisations, other lists' codes and further names; the names of today's states
// and territories come from Unicode CLDR unless a table says otherwise.
//
//go:embed gazetteer/*.csv
var gazetteer embed.FS

// aliasLanguages are those whose names for a state find it as well.
var aliasLanguages = []string{"be", "uk", "pl", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "et", "lv", "lt",
	"cs", "sk", "hu", "ro", "bg", "sr", "hr", "sl", "el", "tr", "ar", "fa", "he", "hi", "zh", "ja", "ko", "kk", "ky",
	"uz", "az", "hy", "ka", "mn", "vi", "id"}

// readGazetteer reads an embedded table without its header.
func readGazetteer(name string) ([][]string, error) {
	f, err := gazetteer.Open("gazetteer/" + name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return rows[1:], nil
}

// fillGazetteer records the parties that the register does not have yet, with what
// belongs to them; what is recorded already is left as it is.
func (s Parties) fillGazetteer(ctx context.Context) error {
	parties, err := readGazetteer("parties.csv")
	if err != nil {
		return err
	}
	var have []string
	if err := s.write.WithContext(ctx).Raw("SELECT code FROM parties").Scan(&have).Error; err != nil {
		return fmt.Errorf("reading the parties: %w", err)
	}
	known := map[string]bool{}
	for _, code := range have {
		known[code] = true
	}
	missing := map[string]bool{}
	for _, p := range parties {
		if !known[p[0]] {
			missing[p[0]] = true
		}
	}
	if err := s.learnGazetteer(ctx, parties, known); err != nil {
		return fmt.Errorf("filling the parties: %w", err)
	}
	if len(missing) == 0 {
		return nil
	}
	err = s.transaction(ctx, func(tx *gorm.DB) error {
		if err := writeGazetteer(tx, parties, missing); err != nil {
			return err
		}
		return s.Upkeep().learnParties(tx)
	})
	if err != nil {
		return fmt.Errorf("filling the parties: %w", err)
	}
	return nil
}

// learnGazetteer adds to the parties of an older register what it could not hold:
// their spells in the state systems by day, from when until when they existed, how
// one came after another, names that were not known. What somebody recorded stays.
func (s Parties) learnGazetteer(ctx context.Context, parties [][]string, known map[string]bool) error {
	var systems int64
	err := s.write.WithContext(ctx).Raw("SELECT count(*) FROM party_codes WHERE scheme = 'gw'").Scan(&systems).Error
	if err != nil || systems > 0 || len(known) == 0 {
		return err
	}
	spells, err := readGazetteer("systems.csv")
	if err != nil {
		return err
	}
	successions, err := readGazetteer("successions.csv")
	if err != nil {
		return err
	}
	names, err := gazetteerNames(parties, func(code string) bool { return known[code] })
	if err != nil {
		return err
	}
	return s.transaction(ctx, func(tx *gorm.DB) error {
		for _, p := range parties {
			if !known[p[0]] {
				continue
			}
			if err := tx.Exec(`UPDATE parties SET cow = ?, gw = ?, existed_from = CASE WHEN existed_from = '' THEN ? ELSE existed_from END,
				existed_until = CASE WHEN existed_until = '' THEN ? ELSE existed_until END WHERE code = ?`,
				number(p[3]), number(p[4]), p[5], p[6], p[0]).Error; err != nil {
				return err
			}
		}
		if err := tx.Exec("DELETE FROM party_codes WHERE scheme = 'cow'").Error; err != nil {
			return err
		}
		var codes []PartyCode
		for _, r := range spells {
			if known[r[2]] {
				codes = append(codes, PartyCode{r[0], r[1], r[2], r[3], r[4]})
			}
		}
		if err := insertAll(tx, codes); err != nil {
			return err
		}
		for _, r := range successions {
			if err := tx.Exec("UPDATE successions SET kind = ?, date = ? WHERE predecessor = ? AND successor = ?", r[2], r[3],
				r[0], r[1]).Error; err != nil {
				return err
			}
		}
		var have []PartyName
		if err := tx.Find(&have).Error; err != nil {
			return err
		}
		there := map[[2]string]bool{}
		for _, n := range have {
			there[[2]string{n.Party, n.Folded}] = true
		}
		names = slices.DeleteFunc(names, func(n PartyName) bool { return n.Main || there[[2]string{n.Party, n.Folded}] })
		return insertAll(tx, names)
	})
}

// writeGazetteer records the parties that are missing, with their codes.
func writeGazetteer(tx *gorm.DB, parties [][]string, missing map[string]bool) error {
	var rows []Party
	for _, p := range parties {
		if missing[p[0]] {
			rows = append(rows, Party{Code: p[0], Kind: p[1], Alpha3: p[2], COW: number(p[3]), GW: number(p[4]),
				ExistedFrom: p[5], ExistedUntil: p[6], Version: 1})
		}
	}
	names, err := gazetteerNames(parties, func(code string) bool { return missing[code] })
	if err != nil {
		return err
	}
	if err := insertAll(tx, rows); err != nil {
		return err
	}
	if err := insertAll(tx, names); err != nil {
		return err
	}
	return writeTies(tx, missing)
}

// GazetteerNames are the names of the parties that every register starts with.
func GazetteerNames() ([]PartyName, error) {
	parties, err := readGazetteer("parties.csv")
	if err != nil {
		return nil, err
	}
	return gazetteerNames(parties, func(string) bool { return true })
}

// gazetteerNames are the names of parties that are wanted, with the days between
// which they were used.
func gazetteerNames(parties [][]string, wanted func(code string) bool) (names []PartyName, err error) {
	seen := map[string]bool{}
	name := func(party, lang, text, from, until string, main bool) {
		key := party + "\n" + search.Fold(text)
		if text == "" || !main && seen[key] {
			return
		}
		seen[key] = true
		names = append(names, PartyName{Party: party, Language: lang, Text: text, Main: main, UsedFrom: from,
			UsedUntil: until, Folded: search.Fold(text)})
	}
	for _, p := range parties {
		code := p[0]
		if !wanted(code) {
			continue
		}
		for i, lang := range Languages {
			text := p[7+i]
			if text == "" {
				text = regionName(lang, code)
			}
			name(code, lang, text, "", "", true)
		}
		if p[1] != "state" && p[1] != "territory" {
			continue
		}
		for _, lang := range append(Languages, aliasLanguages...) {
			name(code, lang, regionName(lang, code), "", "", false)
		}
	}
	more, err := readGazetteer("names.csv")
	if err != nil {
		return nil, err
	}
	for _, n := range more {
		if wanted(n[0]) {
			name(n[0], n[1], n[2], n[3], n[4], false)
		}
	}
	return names, nil
}

// writeTies records successions and memberships of the parties that were missing.
func writeTies(tx *gorm.DB, missing map[string]bool) error {
	var codes []PartyCode
	rows, err := readGazetteer("codes.csv")
	if err != nil {
		return err
	}
	for _, c := range rows {
		if missing[c[2]] {
			codes = append(codes, PartyCode{c[0], c[1], c[2], c[3], c[4]})
		}
	}
	if rows, err = readGazetteer("systems.csv"); err != nil {
		return err
	}
	for _, r := range rows {
		if missing[r[2]] {
			codes = append(codes, PartyCode{r[0], r[1], r[2], r[3], r[4]})
		}
	}
	var successions []Succession
	if rows, err = readGazetteer("successions.csv"); err != nil {
		return err
	}
	for _, r := range rows {
		if missing[r[0]] || missing[r[1]] {
			successions = append(successions, Succession{r[0], r[1], r[2], r[3]})
		}
	}
	var members []Membership
	if rows, err = readGazetteer("memberships.csv"); err != nil {
		return err
	}
	for _, r := range rows {
		if missing[r[0]] || missing[r[1]] {
			members = append(members, Membership{r[0], r[1], r[2], r[3], r[4]})
		}
	}
	if err := insertAll(tx, codes); err != nil {
		return err
	}
	if err := insertAll(tx, successions); err != nil {
		return err
	}
	return insertAll(tx, members)
}

// regionName is CLDR's name of a state or territory, "" where it has none.
func regionName(lang, code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return ""
	}
	namer := display.Regions(language.MustParse(lang))
	if namer == nil {
		return ""
	}
	return namer.Name(region)
}

// number reads a number that may be missing.
func number(s string) *int {
	if n, err := strconv.Atoi(s); err == nil {
		return &n
	}
	return nil
}

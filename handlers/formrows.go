package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"chancery/frontend/components"
	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"
	"chancery/models/edtf"
	"chancery/models/status"

	"github.com/gin-gonic/gin"
)

// addRows puts the rows into a draft that everybody needs, and an empty one into
// each list that a fold shows.
func addRows(d *models.AgreementDraft, language string) {
	if len(d.Titles) == 0 {
		d.Titles = []models.TitleDraft{{Language: language}}
	}
	for len(d.Participations) < 2 {
		d.Participations = append(d.Participations, models.ParticipationDraft{})
	}
	for i := range d.Participations {
		if len(d.Participations[i].Signatories) == 0 {
			d.Participations[i].Signatories = []models.SignatoryDraft{{}}
		}
	}
	d.ValidityPeriods = atLeastOne(d.ValidityPeriods)
	d.Sources = atLeastOne(d.Sources)
	d.Meetings = atLeastOne(d.Meetings)
	if named(*d) == 0 {
		d.Acts = atLeastOne(d.Acts) // there is no chart
	}
	d.Relations = atLeastOne(d.Relations)
	d.ExternalIDs = atLeastOne(d.ExternalIDs)
}

func atLeastOne[T any](rows []T) []T {
	if len(rows) == 0 {
		return make([]T, 1)
	}
	return rows
}

// firstFields are the fields with which a row of a list begins.
var firstFields = map[string]string{"titles": "text", "participations": "party", "signatories": "person", "validity_periods": "valid_from",
	"acts": "party", "meetings": "meeting", "relations": "type", "external_ids": "scheme", "sources": "url", "unread": "value", "further": "name"}

// changeRows adds empty rows to a list of the form, or removes one, and says where to
// go on: at the new row, or beside the one that is gone.
func changeRows(c *gin.Context, store *models.Store, today edtf.Day, f *pages.FormView, button []string) error {
	if len(button) < 2 {
		return nil
	}
	verb, list, at := button[0], button[1], indexes(button[2:])
	place := list
	if list == "signatories" && len(at) > 0 {
		place, at = fmt.Sprintf("participations[%d].signatories", at[0]), at[1:]
	}
	before, change := rowsAt(&f.Draft, place)
	if change == nil {
		return nil
	}
	speaker := locales.In(c.Request.Context())
	what := components.RowName(speaker, list, before)
	switch verb {
	case "many":
		had := named(f.Draft)
		if err := addParties(c, store, today, &f.Draft); err != nil && !errors.As(err, &f.Problems) {
			return err
		}
		what = speaker.N("count.parties", int64(named(f.Draft)-had))
	case "chart":
		f.Draft.Acts = slices.DeleteFunc(f.Draft.Acts, func(a models.ActDraft) bool { return a == models.ActDraft{} })
		f.Open, f.Said = list, speaker.T("form.chart.drawn")
		return nil
	default:
		change(verb, at)
	}
	next, said := before, "form.row.added"
	if verb == "remove" && len(at) > 0 {
		next, said = max(0, min(at[0], before-2)), "form.row.removed"
		what = components.RowName(speaker, list, at[0])
	}
	f.Open, f.Focus = list, fmt.Sprintf("%s[%d].%s", place, next, firstFields[list])
	f.Said = speaker.T(said, "Row", what)
	return nil
}

// named is how many parties a draft names.
func named(d models.AgreementDraft) (n int) {
	for _, p := range d.Participations {
		if p.Party != "" {
			n++
		}
	}
	return n
}

// rowsAt is how many rows a list of the draft has, and what changes them; nil where
// there is no such list.
func rowsAt(d *models.AgreementDraft, place string) (n int, change func(verb string, at []int)) {
	switch place {
	case "titles":
		return changing(&d.Titles)
	case "participations":
		return changing(&d.Participations)
	case "validity_periods":
		return changing(&d.ValidityPeriods)
	case "acts":
		return changing(&d.Acts)
	case "meetings":
		return changing(&d.Meetings)
	case "relations":
		return changing(&d.Relations)
	case "external_ids":
		return changing(&d.ExternalIDs)
	case "sources":
		return changing(&d.Sources)
	case "further":
		return changing((*[]models.FurtherValue)(&d.Further))
	case "unread":
		return changing((*[]models.UnreadValue)(&d.Unread))
	}
	for i := range d.Participations {
		if place == fmt.Sprintf("participations[%d].signatories", i) {
			return changing(&d.Participations[i].Signatories)
		}
	}
	return 0, nil
}

func changing[T any](rows *[]T) (int, func(verb string, at []int)) {
	return len(*rows), func(verb string, at []int) { *rows = changeRow(*rows, verb, at) }
}

// longestMany is how much of a list of parties is read, in bytes.
const longestMany = 20_000

// addParties adds the parties of a pasted list, and the members of an organisation
// on the day of signature, or today; those that stand there already are left out.
func addParties(c *gin.Context, store *models.Store, on edtf.Day, d *models.AgreementDraft) error {
	ctx := c.Request.Context()
	finder, err := store.Bulk().PartyFinder(ctx, "", nil)
	if err != nil {
		return err
	}
	if read, err := edtf.Read(d.Signed); err == nil && read.Date.Earliest != "" {
		on = read.Date.Earliest
	}
	var codes []string
	if group := c.PostForm("group"); group != "" {
		members, err := store.Parties().Members(ctx, group, on)
		if err != nil {
			return err
		}
		codes = members
	}
	list := c.PostForm("many")
	if len(list) > longestMany {
		return models.Invalid{"many": {Code: "too_long", Args: map[string]string{"limit": strconv.Itoa(longestMany)}}}
	}
	for _, name := range partiesIn(list) {
		code, err := codeOf(finder, name, on)
		if err != nil {
			return err
		}
		codes = append(codes, code)
	}
	d.Participations = slices.DeleteFunc(d.Participations, func(p models.ParticipationDraft) bool {
		return p.Party+p.Institution == "" && !slices.ContainsFunc(p.Signatories, func(s models.SignatoryDraft) bool { return s.Person != "" })
	})
	return joinParties(finder, d, codes, on)
}

// codeOf is the code of a party that was typed, or what was typed: checking says that
// there is none.
func codeOf(finder *models.PartyFinder, name string, on edtf.Day) (string, error) {
	code, _, err := finder.Find(name, on)
	return cmp.Or(code, name), err
}

// joinParties adds to a draft those of some parties, by their codes, that do not stand
// there already.
func joinParties(finder *models.PartyFinder, d *models.AgreementDraft, codes []string, on edtf.Day) error {
	has := map[string]bool{}
	for _, p := range d.Participations {
		code, err := codeOf(finder, p.Party, on)
		if err != nil {
			return err
		}
		has[code] = true
	}
	for _, code := range codes {
		if !has[code] {
			d.Participations = append(d.Participations, models.ParticipationDraft{Party: code, Role: "party"})
			has[code] = true
		}
	}
	return nil
}

// partiesIn are the names of a list that was pasted: a line each, or parted by
// commas or semicolons, the last by "and".
func partiesIn(list string) (names []string) {
	separate := func(r rune) bool { return r == '\n' || r == '\r' || r == ';' || r == ',' || r == '\t' || r == '•' }
	for _, name := range strings.FieldsFunc(list, separate) {
		name = strings.TrimSpace(strings.Trim(strings.TrimSpace(name), "-–*."))
		for _, and := range []string{"and ", "und ", "и ", "et "} {
			name = strings.TrimPrefix(name, and)
		}
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// tidyChart leaves out the cells of the chart in which nothing stands, and tells which
// acts of the draft they were, in order.
func tidyChart(d *models.AgreementDraft, cells []string) (dropped []int) {
	for _, n := range indexes(cells) {
		if n < 0 || n >= len(d.Acts) {
			continue
		}
		said := d.Acts[n]
		said.Party = ""
		if status.ActType(said.Type).Effect() == status.Signs {
			said.Type = "" // the column says it
		}
		if said == (models.ActDraft{}) {
			dropped = append(dropped, n)
		}
	}
	slices.Sort(dropped)
	dropped = slices.Compact(dropped)
	for _, n := range slices.Backward(dropped) {
		d.Acts = slices.Delete(d.Acts, n, n+1)
	}
	return dropped
}

// tidyForm tidies a draft that came by the form, and takes in as a party whoever is
// said to have acceded or succeeded.
func tidyForm(ctx context.Context, store *models.Store, d *models.AgreementDraft) error {
	d.Tidy()
	for i, p := range d.Participations { // a day on which nobody is named is the party's act
		d.Participations[i].Signatories = slices.DeleteFunc(p.Signatories, func(s models.SignatoryDraft) bool {
			if s.Person+s.Office+s.Place != "" || s.Signed == "" || p.Party == "" {
				return false
			}
			d.Acts = append(d.Acts, models.ActDraft{Party: p.Party, Type: string(status.SignatureAct), Date: s.Signed})
			return true
		})
	}
	finder, err := store.Bulk().PartyFinder(ctx, "", nil)
	if err != nil {
		return err
	}
	var joined []string
	for _, a := range d.Acts {
		if status.ActType(a.Type).Effect() != status.Joins || a.Party == "" {
			continue
		}
		code, err := codeOf(finder, a.Party, "")
		if err != nil {
			return err
		}
		joined = append(joined, code)
	}
	if len(joined) == 0 {
		return nil
	}
	return joinParties(finder, d, joined, "")
}

// likeness is a new draft like a recorded agreement, without what is that one's
// alone: its identifiers, acts, relations and sources.
func likeness(ctx context.Context, store *models.Store, number string) (models.AgreementDraft, error) {
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return models.AgreementDraft{}, models.ErrNotFound
	}
	if err := store.Visible(ctx, id); err != nil {
		return models.AgreementDraft{}, err
	}
	revision, err := store.History().Revision(ctx, "agreement", number, 0)
	if err != nil {
		return models.AgreementDraft{}, err
	}
	d, err := revision.Draft()
	if err != nil {
		return d, fmt.Errorf("reading revision %d of agreement %d: %w", revision.Number, id, err)
	}
	d.ExternalIDs, d.Acts, d.Relations, d.Sources, d.Unread, d.Signed, d.Summary = nil, nil, nil, nil, nil, "", ""
	return d, nil
}

// actorCookie remembers on a device who records, where nobody signs in.
const (
	actorCookie   = "actor"
	actorRemember = 365 * 24 * 60 * 60 // seconds
)

// rememberedActor is who recorded from this browser before, or whom the operator has
// set.
func rememberedActor(c *gin.Context, set string) string {
	if name, err := c.Cookie(actorCookie); err == nil && name != "" && principalOf(c).account == nil {
		return name
	}
	return set
}

func rememberActor(c *gin.Context, name, site string) {
	if principalOf(c).account == nil && name != "" {
		c.SetSameSite(http.SameSiteLaxMode)
		c.SetCookie(actorCookie, name, actorRemember, "/", "", strings.HasPrefix(site, "https://"), true)
	}
}

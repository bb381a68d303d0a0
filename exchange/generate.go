package exchange

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"chancery/models"
)

// Generate fills a register with n made-up agreements, the same each time: 80 %
// bilateral, 18 % of 3 to 12 parties, 2 % of 20 to 190; a few parties take part in
// most, as real ones do.
func Generate(ctx context.Context, store *models.Store, n int) error {
	parties, err := store.Parties().List(ctx, "en", "state", "")
	if err != nil {
		return err
	}
	slices.SortFunc(parties, func(a, b models.PartyEntry) int { return cmpBusy(a.Code, b.Code) })
	g := &generator{random: rand.New(rand.NewPCG(2026, 11)),
		parties: parties} // #nosec G404 -- the same register each time
	left := n
	next := func() ([]models.AgreementDraft, error) {
		size := min(left, 500)
		left -= size
		drafts := make([]models.AgreementDraft, size)
		for i := range drafts {
			drafts[i] = g.agreement()
		}
		return drafts, ctx.Err()
	}
	refused := func(_ int, bad models.Invalid) { err = fmt.Errorf("generating: %w", bad) }
	if e := store.RecordAll(ctx, models.Change{Actor: "chancery generate"}, next, refused, func([]int64) {}); e != nil {
		return e
	}
	return err
}

// busy are the parties that take part most; all others follow by code.
var busy = []string{"US", "RU", "FR", "GB", "DE", "CN", "IT", "JP", "CA", "BY", "KZ", "UA", "PL", "ES", "NL", "SE",
	"IN", "BR", "AU", "TR"}

func cmpBusy(a, b string) int {
	rank := func(code string) string {
		if i := slices.Index(busy, code); i >= 0 {
			return fmt.Sprintf("%02d", i)
		}
		return "X" + code
	}
	if rank(a) < rank(b) {
		return -1
	}
	return 1
}

type generator struct {
	random  *rand.Rand
	parties []models.PartyEntry
	made    int
}

// some picks n different parties, the first of the list far more often than the
// last.
func (g *generator) some(n int) (codes []string) {
	for len(codes) < min(n, len(g.parties)) {
		i := int(math.Pow(g.random.Float64(), 2.5) * float64(len(g.parties)))
		if n > 60 {
			i = g.random.IntN(len(g.parties))
		}
		if code := g.parties[i].Code; !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

var madeUpSubjects = []string{"trade", "fisheries", "security", "culture", "air transport", "investment", "visas",
	"science", "taxation", "health"}

func (g *generator) agreement() models.AgreementDraft {
	g.made++
	size := 2
	switch share := g.random.Float64(); {
	case share > .98:
		size = 20 + g.random.IntN(171)
	case share > .80:
		size = 3 + g.random.IntN(10)
	}
	year := 1945 + int(80*math.Sqrt(g.random.Float64()))
	signed := fmt.Sprintf("%04d-%02d-%02d", year, 1+g.random.IntN(12), 1+g.random.IntN(28))
	if g.random.IntN(20) == 0 {
		signed = signed[:4+3*g.random.IntN(2)]
	}
	kind := models.Kinds[g.random.IntN(len(models.Kinds))]
	subject := madeUpSubjects[g.random.IntN(len(madeUpSubjects))]
	d := models.AgreementDraft{
		Titles: []models.TitleDraft{{Language: "en", Text: fmt.Sprintf("%s No. %d on cooperation in the field of %s", kind,
			g.made, subject)}},
		Kind: kind, Level: models.Levels[g.random.IntN(3)], Signed: signed, Place: "Geneva", Subjects: []string{subject},
		Sources: []models.SourceDraft{{Publisher: "Gazette", Published: signed,
			URL: fmt.Sprintf("https://gazette.example/%d", g.made)}},
	}
	period := models.PeriodDraft{ValidFrom: fmt.Sprint(year + 1), Basis: "entry-into-force"}
	if g.random.IntN(2) == 0 {
		period.ValidUntil = fmt.Sprint(year + 1 + g.random.IntN(60))
	}
	if period.ValidUntil != "" && g.random.IntN(5) == 0 {
		period.Renewal, period.RenewalMonths, period.NoticeMonths = "tacit", "60", "6"
	}
	d.ValidityPeriods = []models.PeriodDraft{period}
	for _, code := range g.some(size) {
		p := models.ParticipationDraft{Party: code}
		if size <= 12 {
			person := g.random.IntN(2000)
			p.Institution = "Ministry of " + subject
			p.Signatories = []models.SignatoryDraft{{Person: fmt.Sprintf("Person %04d", person), Office: "Minister"}}
		} else {
			ratified := year + 1 + g.random.IntN(15)
			d.Acts = append(d.Acts, models.ActDraft{Party: code, Type: "ratification",
				Date: fmt.Sprintf("%d-%02d-01", ratified, 1+g.random.IntN(12))})
		}
		d.Participations = append(d.Participations, p)
	}
	return d
}

package status

import (
	"slices"

	"chancery/models/edtf"
)

// A record is the facts with what is looked up in them more than once, so that the
// acts of 190 parties are not read again for each of them.
type record struct {
	Facts
	parties   map[string]*Party
	own       map[string][]int // acts by party
	sides     [][]string       // of an agreement of two sides the parties of each; nil for one of many
	concluded Date             // the earliest act that shows it, where no signature is dated
	shown     []int            // the acts that concluded was read from
	byParty   map[string]bool  // original parties of which a consent or an entry into force is recorded
}

// newRecord looks the facts over.
func newRecord(f Facts) *record {
	r := &record{Facts: f, parties: make(map[string]*Party, len(f.Parties)), own: map[string][]int{},
		byParty: map[string]bool{}}
	for i := range f.Parties {
		if p := &f.Parties[i]; r.parties[p.Code] == nil || r.parties[p.Code].Role > p.Role {
			r.parties[p.Code] = p
		}
	}
	r.findSides()
	r.conclude()
	r.dateActs()
	for i, a := range r.Acts {
		if a.Party != "" {
			r.own[a.Party] = append(r.own[a.Party], i)
		}
	}
	for _, acts := range r.own {
		slices.SortStableFunc(acts, func(i, j int) int { return r.Acts[i].compare(r.Acts[j]) })
	}
	for code, p := range r.parties {
		if first, _ := r.firstBond(code); first >= 0 && p.Role != RoleNone && r.original(p) {
			r.byParty[code] = true
		}
	}
	return r
}

// compare orders acts by their dates; of one day, what binds comes before what ends
// it.
func (a Act) compare(b Act) int {
	switch {
	case a.Date.Latest < b.Date.Latest:
		return -1
	case a.Date.Latest > b.Date.Latest:
		return 1
	}
	return int(a.Type.Effect()) - int(b.Type.Effect())
}

// findSides parts the parties into two sides, where they are two or say so.
func (r *record) findSides() {
	parties := make([]Party, 0, len(r.parties))
	for _, p := range r.parties {
		parties = append(parties, *p)
	}
	r.sides = Sides(parties)
}

// Sides are the parties of each of the sides of an agreement that has two at the
// most: those that say so, or two parties; nil is one of many. Guarantors and
// signatories make no side, unless nobody else takes part.
func Sides(parties []Party) [][]string {
	for _, role := range []Role{RoleParty, RoleSignatory, RoleGuarantor} {
		var sides [3][]string
		var codes []string
		for _, p := range parties {
			if p.Role == role {
				codes, sides[p.Side] = append(codes, p.Code), append(sides[p.Side], p.Code)
			}
		}
		if len(codes) == 0 {
			continue
		}
		if len(sides[0]) == 0 && len(sides[1]) > 0 && len(sides[2]) > 0 {
			return sides[1:]
		}
		if len(codes) > 2 {
			return nil
		}
		slices.Sort(codes)
		apart := [][]string{}
		for _, code := range codes {
			apart = append(apart, []string{code})
		}
		return apart
	}
	return [][]string{}
}

// bilateral tells an agreement of two sides.
func (r *record) bilateral() bool { return r.sides != nil }

// speaks tells whether a party's act is that of a whole side: all of a bilateral
// agreement follow it.
func (r *record) speaks(party string) bool {
	return slices.ContainsFunc(r.sides, func(side []string) bool { return len(side) == 1 && side[0] == party })
}

// conclude finds when the agreement was concluded: by its signature, or else by the
// earliest act that shows it, and never after it began.
func (r *record) conclude() {
	begun := r.begun()
	if r.Signed.Known() {
		r.concluded = Date{orElse(r.Signed.Earliest, edtf.FirstDay),
			orElse(r.Signed.Latest, orElse(r.Recorded, edtf.LastDay))}
	} else {
		for i, a := range r.Acts {
			switch a.Type.Effect() {
			case Signs, Adopts, Consents, Joins:
				if a.Date.Known() && (len(r.shown) == 0 || a.Date.Latest < r.concluded.Latest) {
					r.shown = append(r.shown, i)
				}
				r.concluded = earlier(r.concluded, a.Date)
			}
		}
	}
	for _, b := range begun { // it was not concluded after it began
		if b.Latest != "" && r.concluded.Earliest <= b.Latest && b.Latest < r.concluded.Latest {
			r.concluded.Latest = b.Latest
		}
	}
	if !r.concluded.Known() {
		for _, b := range begun {
			r.concluded = earlier(r.concluded, b)
		}
	}
	if r.concluded.Latest == "" { // nothing is dated
		r.concluded = Date{edtf.FirstDay, orElse(r.Recorded, edtf.LastDay)}
	}
	r.concluded.Earliest = orElse(r.concluded.Earliest, edtf.FirstDay)
}

// begun are the dates of what is not before the conclusion: consents, entries into
// force, periods.
func (r *record) begun() (dates []Date) {
	for _, a := range r.Acts {
		switch a.Type.Effect() {
		case Consents:
			dates = append(dates, a.Date)
		case Begins:
			dates = append(dates, a.takesEffect())
		}
	}
	for _, p := range r.Periods {
		if p.Basis != BasisRetroactive {
			dates = append(dates, p.From)
		}
	}
	return dates
}

// earlier takes of two dates the earlier bounds that are known.
func earlier(d, other Date) Date {
	if other.Earliest != "" && (d.Earliest == "" || other.Earliest < d.Earliest) {
		d.Earliest = other.Earliest
	}
	if other.Latest != "" && (d.Latest == "" || other.Latest < d.Latest) {
		d.Latest = other.Latest
	}
	return d
}

// takesEffect is when an act has effect, as recorded.
func (a Act) takesEffect() Date {
	if a.Effective.Known() {
		return a.Effective
	}
	return a.Date
}

// dateActs dates the acts of which no date is known: they happened between the
// conclusion and their recording.
func (r *record) dateActs() {
	acts := slices.Clone(r.Acts)
	last := orElse(r.Recorded, edtf.LastDay)
	for i := range acts {
		a := &acts[i]
		if !a.Date.Known() && a.Effective.Known() && a.Type.Effect() != Leaves {
			a.Date = a.Effective
		}
		a.Date.Earliest = orElse(a.Date.Earliest, min(r.concluded.Earliest, orElse(a.Date.Latest, last)))
		a.Date.Latest = orElse(a.Date.Latest, max(last, a.Date.Earliest))
		if a.Effective.Known() {
			a.Effective.Earliest = orElse(a.Effective.Earliest, min(a.Date.Earliest, a.Effective.Latest))
			a.Effective.Latest = orElse(a.Effective.Latest, max(last, a.Effective.Earliest))
		}
	}
	r.Acts = acts
}

func orElse(day, other edtf.Day) edtf.Day {
	if day == "" {
		return other
	}
	return day
}

// original tells whether a party took part from the beginning: it existed then, and
// the first that is recorded of it is not an accession or a succession.
func (r *record) original(p *Party) bool {
	if p.ExistedFrom != "" && p.ExistedFrom > r.concluded.Latest {
		return false
	}
	for _, i := range r.own[p.Code] {
		switch r.Acts[i].Type.Effect() {
		case Joins:
			return false
		case Signs, Consents, Begins, Leaves, UndoesConsent, UndoesSignature:
			return true
		}
	}
	return true
}

// firstBond finds the first act that binds a party before it ever leaves, an entry
// into force or a consent; -1 where none is recorded.
func (r *record) firstBond(code string) (bond, leaving int) {
	for _, i := range r.own[code] {
		switch r.Acts[i].Type.Effect() {
		case Consents, Joins, Begins:
			return i, -1
		case Leaves:
			return -1, i
		}
	}
	return -1, -1
}

// A reading takes every date of a record for one day: its latest, or its earliest
// when early, and the date at flip (if any) the other way round.
type reading struct {
	*record
	early bool
	flip  int
}

// The places of dates that a reading can flip: an act stands by its index, then the
// two bounds of each period, then the signature.
const noFlip = -1

func (r *record) boundAt(period int) int { return len(r.Acts) + 2*period }
func (r *record) signatureAt() int       { return len(r.Acts) + 2*len(r.Periods) }

// on is the day that a reading takes a date for.
func (r *reading) on(place int, d Date) edtf.Day {
	if r.early != (r.flip == place) {
		return d.Earliest
	}
	return d.Latest
}

// concludedOn is the day on which the agreement was concluded.
func (r *reading) concludedOn() edtf.Day { return r.on(r.signatureAt(), r.concluded) }

// date is the day on which an act was done.
func (r *reading) date(i int) edtf.Day { return r.on(i, r.Acts[i].Date) }

// effect is the day from which an act has effect, and by which rule where that is
// not recorded and the act leaves.
func (r *reading) effect(i int) (edtf.Day, Rule) {
	a := &r.Acts[i]
	if a.Effective.Known() {
		return r.on(i, a.Effective), Left
	}
	day := r.date(i)
	if a.Type.Effect() != Leaves {
		return day, Left
	}
	p := r.noticed(day)
	switch {
	case p == nil && r.early != (r.flip == i):
		return day, LeftByLaw
	case p == nil:
		return day.AddMonths(12), LeftByLaw
	case !p.Until.Known():
		return day.AddMonths(p.NoticeMonths), LeftByNotice
	}
	end := p.NextEnd(day)
	if day > p.NoticeBy(end) && p.renews() {
		end = p.Renewed(end)
	}
	return orElse(end, day.Add(-1)).Add(1), LeftByTerm
}

// noticed is the period that runs on a day, or else the last, where it says how
// long before one must give notice.
func (r *reading) noticed(day edtf.Day) (found *Period) {
	for i := range r.Periods {
		p := &r.Periods[i]
		if p.provisional() || p.NoticeMonths == 0 {
			continue
		}
		running := orElse(p.From.Earliest, edtf.FirstDay) <= day && (!p.Until.Known() || p.NextEnd(day) != "")
		if found == nil || running || found.Until.Known() && found.Until.Latest < p.Until.Latest {
			found = p
		}
		if running {
			return p
		}
	}
	return found
}

// open lists the dates of the whole that can be read either way, at most maxFlips
// of them.
func (r *record) open() (places []int) {
	for i, a := range r.Acts {
		if (a.Party == "" || r.bilateral()) && r.openAct(i) {
			places = append(places, i)
		}
	}
	for i, p := range r.Periods {
		for n, d := range []Date{p.From, p.Until} {
			if d.Earliest != d.Latest {
				places = append(places, r.boundAt(i)+n)
			}
		}
	}
	if r.concluded.Earliest != r.concluded.Latest {
		places = append(places, r.signatureAt())
	}
	return places[:min(len(places), maxFlips)]
}

// maxFlips bounds how many dates are tried one by one.
const maxFlips = 48

// openAct tells whether an act's effect can have begun on one day or another.
func (r *record) openAct(i int) bool {
	a := &r.Acts[i]
	if a.Type.Effect() == NoEffect {
		return false
	}
	if a.Date.Earliest != a.Date.Latest || a.Effective.Earliest != a.Effective.Latest {
		return true
	}
	if a.Type.Effect() != Leaves || a.Effective.Known() {
		return false
	}
	_, rule := (&reading{r, false, noFlip}).effect(i)
	return rule == LeftByLaw
}

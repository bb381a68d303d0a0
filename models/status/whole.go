package status

import (
	"fmt"
	"slices"
	"strings"

	"chancery/models/edtf"
)

// The names of facts in reasons.
const (
	signedFact      = "signed"
	takesEffectFact = "takes_effect"
	chartFact       = "chart"
)

func actFact(i int) string               { return fmt.Sprintf("acts[%d]", i) }
func periodFact(i int) string            { return fmt.Sprintf("validity_periods[%d]", i) }
func partyFact(code string) string       { return "parties/" + code }
func agreementFact(number int64) string  { return fmt.Sprintf("agreements/%d", number) }
func because(reasons ...Reason) []Reason { return reasons }

// A whole is what one reading says of the agreement as such.
type whole struct {
	*reading
	concluded   edtf.Day
	conclusion  []Reason // what shows that it was concluded
	began       edtf.Day // empty where nothing says that it began
	beginning   []Reason
	terms       []term // of full periods, by their beginnings
	termEnd     edtf.Day
	termReasons []Reason
	extended    []Reason // after the end of the last term, until when is not recorded
	provisional []applied
	suspended   []applied
	notInForce  edtf.Day // the last day for which that is stated
	notBy       []Reason
	consents    edtf.Day // before which nothing can bind two sides
	consentsBy  []Reason
	end         ending
	spells      []Spell
}

// A term is a full period as the whole reads it; without a beginning from is empty.
type term struct {
	from, until edtf.Day
	period      int
}

// applied is a stretch of provisional application or of suspension, until the day
// before until.
type applied struct {
	from, until edtf.Day
	party       string
	because     []Reason
	ended       []Reason
}

// An ending is why and from which day the whole has ended; the day is empty while
// it has not.
type ending struct {
	day     edtf.Day
	status  Status
	because []Reason
}

// whole reads the record as one whole.
func (r *reading) whole() *whole {
	w := &whole{reading: r, concluded: r.concludedOn()}
	w.findConclusion()
	w.findTerms()
	w.findBeginning()
	w.findTermEnd()
	w.findProvisional()
	w.suspended = r.stretches("", Suspends, Resumes)
	w.findStatements()
	w.findConsents()
	w.findEnd()
	w.spells = lay(w.turningDays(), w.at)
	return w
}

func (w *whole) findConclusion() {
	if w.Signed.Known() {
		w.conclusion = because(Reason{ConcludedThen, signedFact, w.concluded})
		return
	}
	for _, i := range w.shown {
		if w.date(i) <= w.concluded {
			w.conclusion = append(w.conclusion, Reason{ConcludedThen, actFact(i), w.date(i)})
		}
	}
	if w.conclusion == nil {
		w.conclusion = because(Reason{Rule: Undated})
	}
}

// entry is the first day on which the agreement entered into force for all, or for
// any, or took effect by being signed.
func (w *whole) entry() (first edtf.Day, reasons []Reason) {
	add := func(day edtf.Day, reason Reason) {
		switch {
		case first == "" || day < first:
			first, reasons = day, because(reason)
		case day == first:
			reasons = append(reasons, reason)
		}
	}
	for i, a := range w.Acts {
		if a.Type.Effect() == Begins {
			day, _ := w.effect(i)
			add(max(day, w.concluded), Reason{Entered, actFact(i), day})
		}
	}
	if w.TakesEffect == OnSignature {
		add(w.concluded, Reason{EffectOnSignature, takesEffectFact, w.concluded})
	}
	return first, reasons
}

// findTerms reads the full periods. One that begins before the recorded entry into
// force counts from the entry, unless it is retroactive; a renewal or extension of
// a term that is not recorded itself goes on from the entry.
func (w *whole) findTerms() {
	entry, _ := w.entry()
	first := true
	for i, p := range w.Periods {
		if p.provisional() {
			continue
		}
		t := term{w.on(w.boundAt(i), p.From), w.on(w.boundAt(i)+1, p.Until), i}
		if p.renews() || t.until == "" {
			t.until = edtf.LastDay
		}
		switch {
		case entry == "" || p.Basis == BasisRetroactive && t.from != "":
		case t.from < entry:
			t.from = entry
		}
		if t.from != "" {
			t.from = max(t.from, w.concluded)
		}
		w.terms = append(w.terms, t)
		first = first && p.Basis == BasisProlonged
	}
	slices.SortStableFunc(w.terms, func(a, b term) int { return strings.Compare(string(a.from), string(b.from)) })
	if len(w.terms) > 0 && first && entry != "" {
		w.terms[0].from = entry
	}
}

// findBeginning finds the first day of effect: of the first period that has one, or
// of the entry into force.
func (w *whole) findBeginning() {
	entry, reasons := w.entry()
	w.began = entry
	for i, t := range w.terms {
		if t.from != "" && (i == 0 || w.terms[i-1].from == "" || t.from < w.began) {
			w.began = t.from
		}
	}
	for _, t := range w.terms { // all that begin on that day by themselves
		from := w.on(w.boundAt(t.period), w.Periods[t.period].From)
		if from != "" && t.from == w.began && max(from, w.concluded) == w.began {
			w.beginning = append(w.beginning, Reason{PeriodBegan, periodFact(t.period), w.began})
		}
	}
	if entry == w.began {
		w.beginning = append(w.beginning, reasons...)
	}
}

// findTermEnd finds the end of the last term, extensions taken in; it is empty
// where there is none.
func (w *whole) findTermEnd() {
	tacit := false
	for _, t := range w.terms {
		if t.until > w.termEnd {
			w.termEnd, w.termReasons = t.until, because(Reason{PeriodEnded, periodFact(t.period), t.until})
			tacit = w.Periods[t.period].renews()
		}
	}
	limited := len(w.terms) > 0 && w.termEnd < edtf.LastDay
	for _, i := range w.lengthenings() {
		a := &w.Acts[i]
		switch until := w.on(i, a.Until); {
		case tacit: // a term that goes on by itself has no end that could be put off
		case a.Until.Known():
			w.termEnd, w.extended = until, nil
			w.termReasons = append(slices.Clip(w.termReasons), Reason{ExtendedUntil, actFact(i), until})
			limited = true
		case limited:
			w.extended = append(w.extended, Reason{ExtendedOpen, actFact(i), w.date(i)})
		}
	}
	for _, e := range w.Extensions {
		switch {
		case tacit:
		case e.Until == "":
			w.extended = append(w.extended, Reason{ExtendedOpen, agreementFact(e.Agreement), ""})
		case e.Until > w.termEnd || !limited:
			w.termEnd, w.extended, limited = e.Until, nil, true
			w.termReasons = append(slices.Clip(w.termReasons), Reason{ExtendedUntil, agreementFact(e.Agreement), e.Until})
		}
	}
	if !limited || w.termEnd == edtf.LastDay {
		w.termEnd = ""
	}
	if n := len(w.terms); n > 0 && w.termEnd != "" {
		last := &w.terms[0]
		for i := range w.terms {
			if w.terms[i].until > last.until {
				last = &w.terms[i]
			}
		}
		last.until = w.termEnd
	}
}

// lengthenings are the extensions and renewals of the whole, in order.
func (w *whole) lengthenings() (acts []int) {
	for i, a := range w.Acts {
		if a.Type.Effect() == Lengthens && (a.Party == "" || w.speaks(a.Party)) {
			acts = append(acts, i)
		}
	}
	slices.SortStableFunc(acts, func(i, j int) int { return w.Acts[i].compare(w.Acts[j]) })
	return acts
}

// findProvisional lays out provisional application, by periods and by acts of all
// or of any party, until the agreement begins.
func (w *whole) findProvisional() {
	for i, p := range w.Periods {
		if from := w.on(w.boundAt(i), p.From); p.provisional() && from != "" {
			a := applied{from: from, because: because(Reason{AppliedProvisional, periodFact(i), from})}
			if until := w.on(w.boundAt(i)+1, p.Until); until != "" && until != edtf.LastDay {
				a.until = until.Add(1)
				a.ended = because(Reason{ProvisionalEnded, periodFact(i), until})
			}
			w.provisional = append(w.provisional, a)
		}
	}
	parties := []string{""}
	for i, a := range w.Acts {
		if a.Type.Effect() == Applies && a.Party != "" && !slices.Contains(parties, w.Acts[i].Party) {
			parties = append(parties, a.Party)
		}
	}
	for _, party := range parties {
		for _, a := range w.stretches(party, Applies, StopsApplying) {
			a.party = party
			w.provisional = append(w.provisional, a)
		}
	}
	for i := range w.provisional {
		w.provisional[i].from = max(w.provisional[i].from, w.concluded)
	}
}

// stretches pairs the acts that begin something for a party, or for all (party ""),
// with those that end it; a side's act is one of all, in an agreement of two sides
// when it suspends.
func (r *reading) stretches(party string, begins, ends Effect) (list []applied) {
	type turn struct {
		day edtf.Day
		act int
	}
	var turns []turn
	for i, a := range r.Acts {
		effect := a.Type.Effect()
		ours := a.Party == party || effect == ends && a.Party == "" ||
			party == "" && begins == Suspends && r.speaks(a.Party)
		if ours && (effect == begins || effect == ends) {
			day, _ := r.effect(i)
			turns = append(turns, turn{day, i})
		}
	}
	slices.SortStableFunc(turns, func(a, b turn) int { return r.Acts[a.act].compare(r.Acts[b.act]) })
	for n := 1; n < len(turns); n++ { // however dates are read, what ends follows what begins
		turns[n].day = max(turns[n].day, turns[n-1].day)
	}
	by := map[string]bool{} // who has begun it and not ended it
	for _, t := range turns {
		a := &r.Acts[t.act]
		running := len(by) > 0
		if a.Type.Effect() == begins {
			by[a.Party] = true
			if running {
				continue
			}
			rule := AppliedProvisional
			if begins == Suspends {
				rule = SuspendedThen
			}
			next := applied{from: t.day, because: because(Reason{rule, actFact(t.act), t.day})}
			if until := r.on(t.act, a.Until); until != "" {
				next.until = until.Add(1)
				delete(by, a.Party)
			}
			list = append(list, next)
			continue
		}
		if by[a.Party] {
			delete(by, a.Party)
		} else {
			clear(by)
		}
		if n := len(list); running && len(by) == 0 {
			list[n-1].until = t.day
			list[n-1].ended = because(Reason{ProvisionalEnded, actFact(t.act), t.day})
		}
	}
	return list
}

// covering finds the stretch that covers a day.
func covering(list []applied, day edtf.Day) *applied {
	for i := range list {
		if a := &list[i]; a.from <= day && (a.until == "" || day < a.until) {
			return a
		}
	}
	return nil
}

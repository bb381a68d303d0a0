package status

import (
	"slices"
	"strings"

	"chancery/models/edtf"
)

// findStatements finds the last day for which it is stated that the agreement was
// not in force.
func (w *whole) findStatements() {
	for i, a := range w.Acts {
		if a.Type.Effect() == NotInForce && (a.Party == "" || w.speaks(a.Party)) {
			if day := w.date(i); day > w.notInForce {
				w.notInForce, w.notBy = day, because(Reason{StatedNotInForce, actFact(i), day})
			}
		}
	}
}

// findConsents finds the first day on which two sides can have consented: nothing
// is in force for a state before (VCLT article 24).
func (w *whole) findConsents() {
	type consent struct {
		day edtf.Day
		act int
	}
	firsts := map[string]consent{}
	side := func(party string) string {
		for n, codes := range w.sides {
			if slices.Contains(codes, party) {
				return string(rune('1' + n))
			}
		}
		return party
	}
	for i, a := range w.Acts {
		if effect := a.Type.Effect(); a.Party != "" && (effect == Consents || effect == Joins) {
			if c, there := firsts[side(a.Party)]; !there || w.date(i) < c.day {
				firsts[side(a.Party)] = consent{w.date(i), i}
			}
		}
	}
	if len(firsts) == 0 {
		return
	}
	silent := map[string]bool{} // sides of which no consent is recorded
	for code, p := range w.parties {
		if _, there := firsts[side(code)]; p.Role == RoleParty && !there {
			silent[side(code)] = true
		}
	}
	var known []consent
	for _, c := range firsts {
		known = append(known, c)
	}
	slices.SortFunc(known, func(a, b consent) int {
		if c := strings.Compare(string(a.day), string(b.day)); c != 0 {
			return c
		}
		return a.act - b.act
	})
	if n := 1 - len(silent); n >= 0 && n < len(known) {
		w.consents = known[n].day
		for _, c := range known[n:] {
			w.consentsBy = append(w.consentsBy, Reason{ConsentToCome, actFact(c.act), c.day})
		}
	}
}

// findEnd finds the first that ends the whole; of one day, the most final.
func (w *whole) findEnd() {
	w.endByActs()
	if w.termEnd != "" && w.extended == nil {
		w.endOn(w.termEnd.Add(1), Expired, w.termReasons...)
	}
	for _, e := range w.Coterminous {
		w.endOn(e.From, e.Status, Reason{EndedWith, agreementFact(e.Agreement), e.From})
	}
	for i := range w.Later {
		l := &w.Later[i]
		s, rule := l.rule()
		if day := w.replacedFor(l); day != "" {
			w.endOn(day, s, Reason{rule, agreementFact(l.Agreement), day})
		}
	}
}

// endOn notes that something ends the whole on a day.
func (w *whole) endOn(day edtf.Day, s Status, reasons ...Reason) {
	if day == "" {
		return
	}
	day = max(day, w.concluded)
	switch {
	case day == w.end.day && s == w.end.status:
		w.end.because = append(slices.Clip(w.end.because), reasons...)
	case w.end.day == "" || day < w.end.day || day == w.end.day && s > w.end.status:
		w.end = ending{day, s, reasons}
	}
}

// endByActs finds the terminations, and when so many have left that it is no more.
func (w *whole) endByActs() {
	for i, a := range w.Acts {
		switch effect := a.Type.Effect(); {
		case effect == Ends && (a.Party == "" || w.speaks(a.Party)), effect == Leaves && a.Party == "":
			day, rule := w.effect(i)
			if effect == Ends {
				rule = Ended
			}
			w.endOn(day, Terminated, Reason{rule, actFact(i), day})
		}
	}
	for _, side := range w.sides {
		day, reasons := w.lastOf(side, 0)
		w.endOn(day, Terminated, reasons...)
	}
	if !w.bilateral() {
		day, reasons := w.lastOf(w.bindable(), 1)
		if day != "" {
			w.endOn(day, Terminated, append(because(Reason{Rule: FewerThanTwo}), reasons...)...)
		}
	}
}

// rule is what a later agreement does to this one.
func (l *Later) rule() (Status, Rule) {
	if l.Terminates {
		return Terminated, TerminatedBy
	}
	return Replaced, ReplacedBy
}

// bindable are the parties that can be bound, and are not known never to have been.
func (w *whole) bindable() (codes []string) {
	for code, p := range w.parties {
		first, _ := w.firstBond(code)
		known := first >= 0
		switch {
		case p.Role == RoleNone, !known && p.Role != RoleParty:
		case !known && w.Chart == Complete, w.undone(code):
		default:
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes
}

// undone tells whether a party has withdrawn its signature or consent for good.
func (r *record) undone(code string) bool {
	undone := false
	for _, i := range r.own[code] {
		switch r.Acts[i].Type.Effect() {
		case UndoesSignature, UndoesConsent:
			undone = true
		case Signs, Consents, Joins, Begins:
			undone = false
		}
	}
	return undone
}

// lastOf is the day from which only so many of some parties are left, where the
// end of each is recorded.
func (w *whole) lastOf(codes []string, left int) (edtf.Day, []Reason) {
	type leaving struct {
		day    edtf.Day
		reason Reason
	}
	var list []leaving
	for _, code := range codes {
		day, reason := w.leftFor(code)
		if day == "" {
			return "", nil
		}
		list = append(list, leaving{day, reason})
	}
	if len(list) <= left {
		return "", nil
	}
	slices.SortStableFunc(list, func(a, b leaving) int { return strings.Compare(string(b.day), string(a.day)) })
	var reasons []Reason
	for _, l := range list[left:] {
		reasons = append(reasons, l.reason)
	}
	return list[left].day, reasons
}

// leftFor is the day from which a party is bound no longer and for good: it left,
// or ceased to exist and nobody goes on in its place.
func (r *reading) leftFor(code string) (day edtf.Day, reason Reason) {
	acts := r.own[code]
	for n := len(acts) - 1; n >= 0; n-- {
		effect := r.Acts[acts[n]].Type.Effect()
		if effect == Consents || effect == Joins || effect == Begins {
			break
		}
		if effect == Leaves || effect == Ends {
			from, rule := r.effect(acts[n])
			day, reason = from, Reason{rule, actFact(acts[n]), from}
		}
	}
	if p := r.parties[code]; p != nil && p.ExistedUntil != "" && p.Continuator == "" {
		if gone := p.ExistedUntil.Add(1); day == "" || gone < day {
			day, reason = gone, Reason{CeasedToExist, partyFact(code), gone}
		}
	}
	return day, reason
}

// replacedFor is the first day on which a later agreement binds all parties that
// this one still bound.
func (w *whole) replacedFor(l *Later) edtf.Day {
	codes := w.bindable()
	left := make(map[string]edtf.Day, len(codes))
	var days []edtf.Day
	for _, code := range codes {
		left[code], _ = w.leftFor(code)
		for _, s := range l.binding(w.parties[code]) {
			days = append(days, s.From)
		}
		if day := left[code]; day != "" {
			days = append(days, day)
		}
	}
	slices.Sort(days)
	for _, day := range slices.Compact(days) {
		bound := 0
		all := !slices.ContainsFunc(codes, func(code string) bool {
			if left[code] != "" && left[code] <= day {
				return false
			}
			in := covers(l.binding(w.parties[code]), day)
			bound += bit(in)
			return !in
		})
		if all && bound > 0 {
			return day
		}
	}
	return ""
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// binding are the days on which a later agreement binds a party, or the one that
// goes on as the same legal person.
func (l *Later) binding(p *Party) []Stretch {
	if p == nil {
		return nil
	}
	if list := l.InForce[p.Code]; len(list) > 0 || p.Continuator == "" {
		return list
	}
	return l.InForce[p.Continuator]
}

func covers(list []Stretch, day edtf.Day) bool {
	return slices.ContainsFunc(list, func(s Stretch) bool { return s.From <= day && day <= s.Until })
}

// turningDays are the days on which the status of the whole can change.
func (w *whole) turningDays() (days []edtf.Day) {
	after := func(day edtf.Day) {
		if day != "" && day < edtf.LastDay {
			days = append(days, day.Add(1))
		}
	}
	days = append(days, w.concluded, w.began, w.consents, w.end.day)
	for _, t := range w.terms {
		days = append(days, t.from)
		after(t.until)
	}
	after(w.termEnd)
	after(w.notInForce)
	for _, list := range [][]applied{w.provisional, w.suspended} {
		for _, a := range list {
			days = append(days, a.from, a.until)
		}
	}
	return days
}

// at is the status of the whole on a day, from the strongest rule to the weakest.
func (w *whole) at(day edtf.Day) finding {
	if w.end.day != "" && day >= w.end.day {
		return finding{w.end.status, w.end.because}
	}
	if day < w.concluded {
		return finding{Proposed, notYet(w.conclusion, NotConcluded)}
	}
	var found finding
	switch {
	case w.began != "" && day >= w.began:
		found = w.inEffect(day)
	case covering(w.provisional, day) != nil:
		found = finding{Provisional, covering(w.provisional, day).because}
	default:
		return w.notBegun(day)
	}
	if s := covering(w.suspended, day); s != nil && found.Status < Suspended {
		return finding{Suspended, s.because}
	}
	return found
}

// notYet gives reasons another rule.
func notYet(reasons []Reason, rule Rule) []Reason {
	list := slices.Clone(reasons)
	for i := range list {
		if list[i].Rule != Undated {
			list[i].Rule = rule
		}
	}
	return list
}

// inEffect is the status on a day after the beginning.
func (w *whole) inEffect(day edtf.Day) finding {
	var ran *term
	for i := range w.terms {
		t := &w.terms[i]
		from := orElse(t.from, w.began)
		if from <= day && day <= t.until {
			return w.inForce(from, t)
		}
		if t.until < day {
			ran = t
		}
	}
	switch {
	case len(w.terms) == 0 && (w.termEnd == "" || day <= w.termEnd):
		return w.inForce(w.began, nil)
	case w.extended != nil && day > w.termEnd:
		return finding{Unknown, w.extended}
	case ran != nil:
		return finding{Expired, because(Reason{PeriodEnded, periodFact(ran.period), ran.until})}
	}
	return finding{Expired, w.termReasons}
}

// inForce is in force since a day, unless the end could not be read.
func (w *whole) inForce(from edtf.Day, t *term) finding {
	if len(w.EndUnread) > 0 {
		var reasons []Reason
		for _, fact := range w.EndUnread {
			reasons = append(reasons, Reason{Rule: EndUnreadable, Fact: fact})
		}
		return finding{Unknown, reasons}
	}
	if from == w.began || t == nil {
		return finding{InForce, w.beginning}
	}
	return finding{InForce, because(Reason{PeriodBegan, periodFact(t.period), from})}
}

// notBegun is the status on a day after the conclusion on which nothing says that
// the agreement has begun.
func (w *whole) notBegun(day edtf.Day) finding {
	switch {
	case w.began != "":
		return finding{Signed, notYet(w.beginning, BeginsLater)}
	case w.notInForce != "" && day <= w.notInForce:
		return finding{Signed, w.notBy}
	case w.Chart == Complete:
		return finding{Signed, because(Reason{ChartComplete, chartFact, ""})}
	case w.consents != "" && day < w.consents:
		return finding{Signed, w.consentsBy}
	}
	for i := range w.provisional {
		if a := &w.provisional[i]; a.until != "" && a.until <= day && len(a.ended) > 0 {
			return finding{Unknown, append(slices.Clone(w.conclusion), a.ended...)}
		}
	}
	return finding{Unknown, w.conclusion}
}

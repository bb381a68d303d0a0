package models

import (
	"errors"
	"fmt"
	"iter"

	"chancery/models/edtf"
)

// Dates are the dates of a draft as typed, each with the path of its field.
func (d *AgreementDraft) Dates() iter.Seq2[string, *string] {
	return func(yield func(string, *string) bool) {
		more := true
		add := func(path string, date *string) { more = more && yield(path, date) }
		add("signed", &d.Signed)
		for i := range d.Participations {
			for j := range d.Participations[i].Signatories {
				add(fmt.Sprintf("participations[%d].signatories[%d].signed", i, j), &d.Participations[i].Signatories[j].Signed)
			}
		}
		for i := range d.ValidityPeriods {
			p, path := &d.ValidityPeriods[i], fmt.Sprintf("validity_periods[%d].", i)
			add(path+"valid_from", &p.ValidFrom)
			add(path+"valid_until", &p.ValidUntil)
			add(path+"counted_from", &p.CountedFrom)
		}
		for i := range d.Acts {
			a, path := &d.Acts[i], fmt.Sprintf("acts[%d].", i)
			add(path+"date", &a.Date)
			add(path+"effective", &a.Effective)
			add(path+"until", &a.Until)
		}
		for i := range d.Meetings {
			add(fmt.Sprintf("meetings[%d].held", i), &d.Meetings[i].Held)
		}
		for i := range d.Sources {
			add(fmt.Sprintf("sources[%d].published", i), &d.Sources[i].Published)
			add(fmt.Sprintf("sources[%d].accessed", i), &d.Sources[i].Accessed)
		}
	}
}

// tidyDates puts dates that people wrote (edtf.Read) into EDTF; what cannot be read,
// or can mean two dates, stays for Check.
func tidyDates(dates ...*string) {
	for _, date := range dates {
		if read, err := edtf.Read(*date); err == nil && !read.Ambiguous() {
			*date = read.Date.Written
		}
	}
}

// readDate reads an optional date, and notes what is wrong with it.
func readDate(written, field string, interval bool, problems Invalid) (edtf.Date, bool) {
	if written == "" {
		return edtf.Date{}, false
	}
	read, err := edtf.Read(written)
	if err == nil && read.Date.Interval && !interval {
		err = &edtf.DateError{Written: written, Code: "interval"}
	}
	var refused *edtf.DateError
	switch {
	case errors.As(err, &refused):
		problems.add(field, "date_"+refused.Code, "value", written)
	case read.Ambiguous():
		problems.add(field, "date_ambiguous", "value", written, "first", read.Date.Written, "second", read.Other.Written)
	default:
		return read.Date, true
	}
	return edtf.Date{}, false
}

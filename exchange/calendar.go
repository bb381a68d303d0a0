package exchange

import (
	"fmt"
	"io"
	"time"

	"chancery/models"
	"chancery/models/edtf"

	ics "github.com/arran4/golang-ical"
)

// A CalendarView says what a calendar file is of and how it speaks.
type CalendarView struct {
	Name   string // of the calendar
	Site   string // scheme and host of the register
	Host   string // for what identifies events: it must not change
	Alarm  int    // days before the day on which a reader is reminded; 0 is never
	Lang   string
	Title  func(models.Coming) string
	Due    func(models.DueMeeting) string
	Detail func(models.Coming) string
}

// WriteCalendar writes what is to come as iCalendar (RFC 5545, 7986): all-day
// events with stable identities, so that a revised date moves its event. An event
// whose date is known to the month alone lasts for the month, and says so: no day
// is made up.
func WriteCalendar(w io.Writer, view CalendarView, list []models.Coming, due []models.DueMeeting) error {
	cal := ics.NewCalendar()
	cal.SetProductId("-//Chancery//Register of agreements//" + view.Lang)
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(view.Name)
	cal.SetXWRCalName(view.Name)
	cal.SetRefreshInterval("P1D")
	cal.SetXPublishedTTL("P1D")
	seen := map[string]bool{}
	for _, c := range list {
		uid := fmt.Sprintf("%s-%d-agreement-%d@%s", c.Event.Event, c.Ordinal, c.Agreement, view.Host)
		if c.Agreement == 0 || c.Event.Event == "meeting" {
			uid = fmt.Sprintf("meeting-%d@%s", c.MeetingID, view.Host)
		}
		if seen[uid] { // a meeting that several agreements name
			continue
		}
		seen[uid] = true
		e := event(cal, uid, c.DateEarliest, c.DateLatest)
		e.SetDtStampTime(stamp(c.RevisedAt))
		e.SetSequence(max(0, c.Version-1))
		e.SetSummary(view.Title(c))
		e.SetDescription(view.Detail(c))
		address := fmt.Sprintf("%s/agreements/%d", view.Site, c.Agreement)
		if c.Agreement == 0 {
			address = fmt.Sprintf("%s/meetings/%d", view.Site, c.MeetingID)
		}
		e.SetURL(address)
		if c.Place != "" {
			e.SetLocation(c.Place)
		}
		if view.Alarm > 0 {
			remind(e, view.Alarm, view.Title(c))
		}
	}
	for _, d := range due {
		e := event(cal, fmt.Sprintf("due-after-%d@%s", d.MeetingN, view.Host), d.Earliest, d.Latest)
		e.SetDtStampTime(stamp(time.Time{}))
		e.SetSummary(view.Due(d))
		e.SetStatus(ics.ObjectStatusTentative)
		e.SetURL(fmt.Sprintf("%s/meetings/%d", view.Site, d.MeetingN))
	}
	if err := cal.SerializeTo(w, ics.WithNewLineWindows); err != nil {
		return fmt.Errorf("writing the calendar: %w", err)
	}
	return nil
}

// event adds an all-day event from the first day to the last; the end that is
// written is the day after.
func event(cal *ics.Calendar, uid string, first, last edtf.Day) *ics.VEvent {
	e := cal.AddEvent(uid)
	day := func(d edtf.Day) string { return string(d[:4] + d[5:7] + d[8:10]) }
	e.SetProperty(ics.ComponentPropertyDtStart, day(first), ics.WithValue(string(ics.ValueDataTypeDate)))
	e.SetProperty(ics.ComponentPropertyDtEnd, day(last.Add(1)), ics.WithValue(string(ics.ValueDataTypeDate)))
	e.SetTimeTransparency(ics.TransparencyTransparent)
	e.SetClass(ics.ClassificationPublic)
	return e
}

// stamp is when an event was last changed; one that nobody recorded was not.
func stamp(t time.Time) time.Time {
	if t.IsZero() {
		return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return t.UTC().Truncate(time.Second)
}

func remind(e *ics.VEvent, days int, text string) {
	alarm := e.AddAlarm()
	alarm.SetAction(ics.ActionDisplay)
	alarm.SetTrigger(fmt.Sprintf("-P%dD", days))
	alarm.SetProperty(ics.ComponentPropertyDescription, text)
}

package handlers

import (
	"fmt"
	"net/http"
	"strconv"

	"chancery/exchange"
	"chancery/frontend/components"
	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// shownResults is how many of each kind a search shows.
const shownResults = 20

// search serves GET /search?q=…: agreements, parties, people and meetings by any of
// their words.
func (s readingPages) search(c *gin.Context) error {
	ctx := c.Request.Context()
	f, err := models.ParseFilter(query(c), s.today(), "lang", "exact", "bom")
	if err != nil {
		return err
	}
	if tabular(c) {
		return s.csv(c, exchange.AgreementsTable, func() error {
			return exchange.WriteAgreementsCSV(c.Writer, s.store.Lists().AllAgreements(ctx, f, lang(c)), s.site(c),
				csvOptions(c))
		})
	}
	results, err := s.store.Searches().Search(ctx, f, lang(c), shownResults)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, results)
	}
	var codes []string
	for _, found := range results.Agreements {
		if len(found.Parties) <= 6 || found.Where == "party" {
			codes = append(codes, found.Parties...)
		}
	}
	title := tr(c, "search.title")
	if f.Query != "" {
		title = tr(c, "search.for", "Query", f.Query)
	}
	v, err := s.view(c, title, codes, "json", "csv")
	if err != nil {
		return err
	}
	return html(c, http.StatusOK, pages.Search(v, f, results))
}

// suggestSearch serves GET /search/suggest?q=…, the options of the search box: what
// the words typed so far begin.
func (s readingPages) suggestSearch(c *gin.Context) error {
	ctx := c.Request.Context()
	f, err := models.ParseFilter(query(c), s.today(), "lang")
	if err != nil {
		return err
	}
	results, err := s.store.Searches().Search(ctx, f, lang(c), 4)
	if err != nil {
		return err
	}
	v, err := s.view(c, "", nil)
	if err != nil {
		return err
	}
	speaker := locales.In(ctx)
	var options []pages.Suggestion
	for _, p := range results.Parties {
		options = append(options, pages.Suggestion{Value: p.Name, Text: p.Name, More: tr(c, "partykind."+p.Kind),
			Href: v.To("/parties/" + p.Code)})
	}
	for _, p := range results.People {
		options = append(options, pages.Suggestion{Value: p.Name, Text: p.Name, More: tr(c, "nav.person"),
			Href: v.To(fmt.Sprintf("/people/%d", p.ID))})
	}
	for _, a := range results.Agreements {
		options = append(options, pages.Suggestion{Value: a.Title, Text: a.Title,
			More: speaker.Date(a.Date()) + " · " + tr(c, "agreement.no", "Number", a.ID),
			Href: v.To(components.AgreementAddress(a.ID))})
	}
	for _, m := range results.Meetings {
		options = append(options, pages.Suggestion{Value: m.Title, Text: m.Title,
			More: tr(c, "meetingkind."+m.Kind) + " · " + speaker.Date(m.HeldDate()),
			Href: v.To(fmt.Sprintf("/meetings/%d", m.ID))})
	}
	return html(c, http.StatusOK, pages.Suggestions(options))
}

// showOpenSearch serves GET /opensearch.xml, by which a browser takes the search
// box in.
func (s readingPages) showOpenSearch(c *gin.Context) error {
	c.Header("Cache-Control", "public, max-age=3600")
	c.Header("Content-Type", "application/opensearchdescription+xml; charset=utf-8")
	c.Status(http.StatusOK)
	return exchange.WriteOpenSearch(c.Writer, tr(c, "app.name"), tr(c, "app.claim"), s.site(c))
}

// showCalendar serves GET /calendar?months=12: what is to come; as .ics a calendar
// to subscribe to.
func (s readingPages) showCalendar(c *gin.Context) error {
	ctx := c.Request.Context()
	f, err := s.filtered(c, "lang", "exact", "bom", "months", "alarm")
	if err != nil {
		return err
	}
	months, err := within(c, "months", 12, 600)
	if err != nil {
		return err
	}
	alarm, err := within(c, "alarm", 14, 365)
	if err != nil {
		return err
	}
	list, err := s.store.Statistics().Calendar(ctx, f, months, models.MaxComing)
	if err != nil {
		return err
	}
	due, err := s.store.Statistics().DueMeetings(ctx, f, months)
	if err != nil {
		return err
	}
	switch format(c) {
	case "csv", "csvw":
		return s.csv(c, exchange.CalendarTable, func() error {
			return exchange.CalendarTable.Write(c.Writer, csvOptions(c), exchange.ComingRows(list, due))
		})
	case "json":
		return writeJSON(c, http.StatusOK, calendarJSON{whole(list), due})
	}
	var codes []string
	for _, e := range list {
		if all := e.PartyCodes(); len(all) <= 4 {
			codes = append(codes, all...)
		}
	}
	v, err := s.view(c, tr(c, "calendar.title"), append(codes, append(f.Parties, f.Pair[:]...)...), "json", "csv", "ics")
	if err != nil {
		return err
	}
	if format(c) == "ics" {
		c.Header("Content-Type", "text/calendar; charset=utf-8")
		c.Header("Content-Disposition", `inline; filename="chancery.ics"`)
		return exchange.WriteCalendar(c.Writer, s.calendarView(c, v, f, alarm), list, due)
	}
	return html(c, http.StatusOK, pages.Calendar(v, f, months, list, due))
}

// calendarView says how a calendar speaks: in the reader's language, reminding as
// they ask.
func (s readingPages) calendarView(c *gin.Context, v *components.View, f models.Filter,
	alarm int) exchange.CalendarView {
	speaker := locales.In(c.Request.Context())
	name := tr(c, "app.name")
	if f.Pair[0] != "" {
		name += ": " + v.PairName(f.Pair[0], f.Pair[1])
	} else if len(f.Parties) > 0 {
		name += ": " + v.NamesOf(f.Parties)
	}
	title := func(e models.Coming) string {
		if e.Event.Event == "meeting" {
			return e.Meeting
		}
		return speaker.T("event."+e.Event.Event) + ": " + e.Title
	}
	return exchange.CalendarView{Name: name, Site: v.Site, Host: s.feedHost(), Alarm: alarm, Lang: v.Lang, Title: title,
		Due: func(d models.DueMeeting) string {
			return speaker.T("calendar.due", "Series", d.Series, "Date", speaker.Written(d.Expected))
		},
		Detail: func(e models.Coming) string {
			return speaker.T("event."+e.Event.Event) + ", " + speaker.Written(e.Date) + "\n" + v.NamesOf(e.PartyCodes()) +
				"\n" + speaker.T("agreement.no", "Number", e.Agreement)
		}}
}

// within reads a number from 0 to a limit; def when it is not given.
func within(c *gin.Context, name string, def, limit int) (int, error) {
	text := c.Query(name)
	if text == "" {
		return def, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > limit {
		return 0, models.Invalid{name: {Code: "up_to", Args: map[string]string{"value": text, "limit": strconv.Itoa(limit)}}}
	}
	return n, nil
}

// feedSize is how many entries one page of a feed has.
const feedSize = 50

// showFeed serves GET /feed.atom: what was recorded, revised, has begun and has
// ended, under any filter.
func (s readingPages) showFeed(c *gin.Context) error {
	ctx := c.Request.Context()
	f, err := models.ParseFilter(query(c), s.today(), "lang", "before")
	if err != nil {
		return err
	}
	before, err := models.ParseMoment(c.Query("before"))
	if c.Query("before") != "" && err != nil {
		return models.Invalid{"before": {Code: "moment", Args: map[string]string{"value": c.Query("before")}}}
	}
	list, err := s.store.Statistics().News(ctx, f, before, feedSize)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, whole(list))
	}
	host := s.feedHost()
	q := f.Values(s.today())
	address := func(more ...string) string {
		q := f.Values(s.today())
		for i := 0; i+1 < len(more); i += 2 {
			q.Set(more[i], more[i+1])
		}
		return components.Address(s.site(c)+"/feed.atom", q)
	}
	page := f
	page.Limit = 1
	total, err := s.store.Lists().Agreements(ctx, page, lang(c))
	if err != nil {
		return err
	}
	codes := append(append([]string{}, f.Parties...), f.Pair[:]...)
	for _, n := range list {
		if len(n.Parties) <= 6 {
			codes = append(codes, n.Parties...)
		}
	}
	v, err := s.view(c, "", codes)
	if err != nil {
		return err
	}
	feed := exchange.Feed{Lang: v.Lang, ID: "tag:" + host + ",2026:feed?" + q.Encode(),
		Title: tr(c, "app.name") + ": " + pages.Sentence(ctx, v, pages.ListView{Filter: f, Page: total}),
		Links: []exchange.FeedLink{
			{Rel: "self", Href: address(), Type: "application/atom+xml"},
			{Rel: "alternate", Href: components.Address(s.site(c)+"/agreements", q), Type: "text/html"}}}
	if len(list) > 0 {
		feed.Updated = exchange.Moment(list[0].At)
	} else {
		state, err := s.store.State(ctx)
		if err != nil {
			return err
		}
		feed.Updated = exchange.Moment(state.OpenAt)
	}
	if len(list) == feedSize {
		feed.Links = append(feed.Links, exchange.FeedLink{Rel: "next",
			Href: address("before", list[feedSize-1].At.UTC().Format("2006-01-02T15:04:05Z")), Type: "application/atom+xml"})
	}
	for _, n := range list {
		feed.Entries = append(feed.Entries, s.feedEntry(c, v, host, n))
	}
	c.Header("Content-Type", "application/atom+xml; charset=utf-8")
	c.Status(http.StatusOK)
	return exchange.WriteFeed(c.Writer, feed)
}

// feedEntry is a piece of news as a feed has it.
func (s readingPages) feedEntry(c *gin.Context, v *components.View, host string, n models.News) exchange.FeedEntry {
	ctx := c.Request.Context()
	entry := exchange.FeedEntry{ID: fmt.Sprintf("tag:%s,2026:agreements/%d/%s/%d", host, n.Agreement, n.What,
		n.Revision), Title: tr(c, "news."+n.What, "Title", n.Title),
		Updated: exchange.Moment(n.At), Author: n.Actor, Summary: v.NamesOf(n.Parties),
		Links: []exchange.FeedLink{{Rel: "alternate", Href: s.site(c) + components.AgreementAddress(n.Agreement),
			Type: "text/html"}}}
	if n.Day != "" {
		entry.ID = fmt.Sprintf("tag:%s,2026:agreements/%d/%s/%s", host, n.Agreement, n.What, n.Day)
		entry.Summary = locales.In(ctx).Day(n.Day) + ". " + entry.Summary
	}
	if n.Comment != "" {
		entry.Summary = n.Comment + ". " + entry.Summary
	}
	if entry.Author == "" {
		entry.Author = tr(c, "app.name")
	}
	return entry
}

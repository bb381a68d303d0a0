// Package locales speaks to people in English, German and Russian: messages, dates,
// numbers.
package locales

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"chancery/models"
	"chancery/models/edtf"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
)

//go:embed *.json
var files embed.FS

// Tags are the three languages; the first is used where none fits.
var Tags = []language.Tag{language.English, language.German, language.Russian}

var matcher = language.NewMatcher(Tags)

var speakers = func() map[string]*Localizer {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	all := map[string]*Localizer{}
	for _, lang := range models.Languages {
		if _, err := bundle.LoadMessageFileFS(files, lang+".json"); err != nil {
			panic(err) // an embedded file of ours is broken
		}
		all[lang] = &Localizer{Lang: lang, localizer: i18n.NewLocalizer(bundle, lang),
			printer: message.NewPrinter(language.MustParse(lang)), forms: plainMessages(lang)}
	}
	return all
}()

// A Localizer says things in one language.
type Localizer struct {
	Lang      string
	localizer *i18n.Localizer
	printer   *message.Printer
	said      sync.Map          // messages without values, as they are said
	forms     map[string]string // those of one form, in which names stand for values and nothing else
}

// plainMessages are the messages of a language that have one form: a page says
// hundreds, and putting values in their places takes a tenth of what a template
// does.
func plainMessages(lang string) map[string]string {
	text, err := files.ReadFile(lang + ".json")
	if err != nil {
		panic(err) // it is embedded
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		panic(err)
	}
	plain := make(map[string]string, len(all))
	for id, message := range all {
		if text, ok := message.(string); ok && !otherActions.MatchString(text) {
			plain[id] = text
		}
	}
	return plain
}

// otherActions are those of a template that do more than name a value.
var otherActions = regexp.MustCompile(`\{\{(?:[^.]|\.[A-Za-z]*[^A-Za-z}])`)

// Choose finds the best of the three languages: the one chosen before, or else by
// an Accept-Language header.
func Choose(chosen, accept string) string {
	if slices.Contains(models.Languages, chosen) {
		return chosen
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return models.Languages[0]
	}
	_, i, _ := matcher.Match(wanted...)
	return models.Languages[i]
}

type key struct{}

// With makes a context in which a language is spoken.
func With(ctx context.Context, lang string) context.Context {
	return context.WithValue(ctx, key{}, lang)
}

// In is the speaker of a context's language.
func In(ctx context.Context) *Localizer {
	lang, _ := ctx.Value(key{}).(string)
	if s := speakers[lang]; s != nil {
		return s
	}
	return speakers[models.Languages[0]]
}

// T says a message in a context's language; values come as name, value, name,
// value.
func T(ctx context.Context, id string, values ...any) string { return In(ctx).T(id, values...) }

// N says a message with a number in its right plural form.
func N(ctx context.Context, id string, n int64) string { return In(ctx).N(id, n) }

// T says a message; values come as name, value, name, value. An unknown message is
// said by its name.
func (s *Localizer) T(id string, values ...any) string {
	var data map[string]any
	if len(values) == 0 {
		if text, ok := s.said.Load(id); ok {
			return text.(string)
		}
	} else if text, ok := s.forms[id]; ok {
		pairs := make([]string, 0, len(values))
		for i := 0; i+1 < len(values); i += 2 {
			pairs = append(pairs, "{{."+values[i].(string)+"}}", fmt.Sprint(values[i+1]))
		}
		return strings.NewReplacer(pairs...).Replace(text)
	} else {
		data = make(map[string]any, len(values)/2)
		for i := 0; i+1 < len(values); i += 2 {
			data[values[i].(string)] = values[i+1]
		}
	}
	text, err := s.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: data})
	if err != nil {
		return id
	}
	if data == nil {
		s.said.Store(id, text)
	}
	return text
}

// N says a message with a number in its right plural form.
func (s *Localizer) N(id string, n int64) string {
	text, err := s.localizer.Localize(&i18n.LocalizeConfig{MessageID: id, PluralCount: n,
		TemplateData: map[string]any{"Count": s.Number(n)}})
	if err != nil {
		return id
	}
	return text
}

// Number writes a whole number with the language's separators.
func (s *Localizer) Number(n int64) string { return s.printer.Sprintf("%d", n) }

// Problem says what is wrong with a field.
func (s *Localizer) Problem(p models.Problem) string {
	values := make([]any, 0, 2*len(p.Args))
	for name, value := range p.Args {
		if p.Code == "date_ambiguous" && name != "value" {
			value = s.Written(value)
		}
		values = append(values, name, value)
	}
	return s.T("problem."+p.Code, values...)
}

// Language is a language's name in this one.
func (s *Localizer) Language(tag string) string {
	t, err := language.Parse(tag)
	if err != nil || tag == "und" || tag == "" {
		return s.T("form.language.other")
	}
	if name := display.Languages(language.MustParse(s.Lang)).Name(t); name != "" {
		return name
	}
	return tag
}

// Day writes a day: 5 November 2025.
func (s *Localizer) Day(d edtf.Day) string {
	if d == "" {
		return s.T("date.open")
	}
	year, month, day := parts(d)
	return s.T("date.day", "Day", day, "Month", s.T("month."+strconv.Itoa(month)), "Year", year)
}

// ShortDay writes a day for a picture's label: 5 Nov 2025.
func (s *Localizer) ShortDay(d edtf.Day) string {
	year, month, day := parts(d)
	return strings.TrimSuffix(s.T("date.day", "Day", day, "Month", s.T("month.short."+strconv.Itoa(month)), "Year", year),
		" г.")
}

// Moment writes a day and time, in UTC.
func (s *Localizer) Moment(t time.Time) string {
	t = t.UTC()
	return s.Day(edtf.Day(t.Format(time.DateOnly))) + ", " + t.Format("15:04") + " UTC"
}

func parts(d edtf.Day) (year, month, day int) {
	fmt.Sscanf(string(d), "%d-%d-%d", &year, &month, &day)
	return year, month, day
}

// Date writes a partial date as precisely as it is known, never more.
func (s *Localizer) Date(d edtf.Date) string {
	if !d.Known() {
		return s.T("date.unknown")
	}
	if d.Interval {
		return s.span(d)
	}
	if from, until, ok := strings.Cut(strings.Trim(d.Written, "[]"), ".."); ok {
		switch {
		case from == "":
			return s.T("date.by", "Until", s.Written(until))
		case until == "":
			return s.T("date.later", "From", s.Written(from))
		}
		return s.T("date.between", "From", s.Written(from), "Until", s.Written(until))
	}
	plain := strings.TrimRight(d.Written, "?~%")
	text := s.plain(plain, d)
	if strings.ContainsAny(d.Written, "~%") {
		text = s.T("date.about", "Date", text)
	}
	if strings.ContainsAny(d.Written, "?%") {
		text = s.T("date.uncertain", "Date", text)
	}
	return text
}

func (s *Localizer) plain(written string, d edtf.Date) string {
	switch {
	case len(written) == 4 && strings.HasSuffix(written, "X") && !strings.HasSuffix(written, "XX"):
		return s.T("date.decade", "Year", d.Earliest.Year())
	case strings.Contains(written, "X"):
		return s.T("date.someday", "From", s.Day(d.Earliest), "Until", s.Day(d.Latest))
	case len(written) == 4:
		return s.T("date.year", "Year", d.Earliest.Year())
	case len(written) == 7:
		year, month, _ := parts(d.Earliest)
		return s.T("date.month", "Month", s.T("month.alone."+strconv.Itoa(month)), "Year", year)
	}
	return s.Day(d.Earliest)
}

func (s *Localizer) span(d edtf.Date) string {
	from, until, _ := strings.Cut(d.Written, "/")
	switch {
	case until == "..":
		return s.T("date.from", "From", s.Written(from))
	case from == "..":
		return s.T("date.until", "Until", s.Written(until))
	case len(from) == 4 && len(until) == 4:
		return s.T("date.years", "From", from, "Until", until)
	}
	return s.T("date.span", "From", s.Written(from), "Until", s.Written(until))
}

// Written writes a date given as EDTF; what is none is written as it stands.
func (s *Localizer) Written(plain string) string {
	if plain == "" {
		return ""
	}
	d, err := edtf.ParseDate(plain)
	if err != nil {
		return plain
	}
	return s.Date(d)
}

// Span writes the two bounds of a period as they were written.
func (s *Localizer) Span(from, until string) string {
	switch {
	case from == "":
		return s.T("date.until", "Until", s.Written(until))
	case until == "":
		return s.T("date.from", "From", s.Written(from))
	case len(from) == 4 && len(until) == 4:
		return s.T("date.years", "From", from, "Until", until)
	}
	return s.T("date.span", "From", s.Written(from), "Until", s.Written(until))
}

// Of is the speaker of a language.
func Of(lang string) *Localizer { return In(With(context.Background(), lang)) }

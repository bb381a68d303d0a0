// Package components are the parts that several pages use.
package components

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"chancery/models"
	"chancery/models/edtf"
)

// A View is what every page knows: where it is, in which language, on which day,
// and the names of parties.
type View struct {
	Title   string
	Path    string            // the page's address without query
	Query   url.Values        // its query, without the language
	Lang    string            // en, de, ru
	Today   edtf.Day          // by the server's zone
	Zone    string            // that zone's name
	Names   map[string]string // party names by code, in Lang
	Flags   bool              // whether flags are shown
	Formats []string          // other representations under the same address: json, csv
	Media   map[string]string // media types by representation
	Exports []string          // representations of whole records
	Tables  []string          // tables that records part into
	Site    string            // scheme and host under which the register is read
	Feed    string            // address of the feed of what the page shows, or empty
	Away    bool              // nothing can be written at the moment

	Reads    bool      // the page can be read as at another day
	On       edtf.Day  // as at which it is read
	Recorded time.Time // as recorded when; the zero time is now
	Problems models.Invalid
}

// Elsewhere tells that the page is not read as of now.
func (v *View) Elsewhere() bool { return v.On != v.Today || !v.Recorded.IsZero() }

// BadReading tells that the day or the moment asked for is none.
func (v *View) BadReading() bool {
	_, day := v.Problems["on"]
	_, moment := v.Problems["recorded"]
	return day || moment
}

// AsOfNow is the address of this page read as of now.
func (v *View) AsOfNow() string {
	q := clone(v.Query)
	for _, name := range []string{"on", "recorded", "after"} {
		q.Del(name)
	}
	return Address(v.Path, q)
}

// Name is a party's name in the page's language.
func (v *View) Name(code string) string {
	if name := v.Names[code]; name != "" {
		return name
	}
	return code
}

// PairName names both parties of a pair.
func (v *View) PairName(a, b string) string { return v.Name(a) + " – " + v.Name(b) }

// NamesOf joins the names of parties.
func (v *View) NamesOf(codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = v.Name(code)
	}
	return strings.Join(names, ", ")
}

// In is the address of this page in a language.
func (v *View) In(lang string) string {
	q := clone(v.Query)
	q.Set("lang", lang)
	return v.Path + "?" + q.Encode()
}

// AsTable is the address of one of the tables of this page's records.
func (v *View) AsTable(name string) string {
	q := clone(v.Query)
	q.Set("table", name)
	return Address(v.Path+".csv", q)
}

// As is the address of another representation of this page.
func (v *View) As(format string) string {
	path := v.Path
	if path == "/" {
		return path
	}
	if len(v.Query) == 0 {
		return path + "." + format
	}
	return path + "." + format + "?" + v.Query.Encode()
}

// With is the address of this page with one parameter set, or taken out when empty;
// the list begins anew.
func (v *View) With(name, value string) string { return v.WithAll(name, value) }

// WithAll is the address of this page with several parameters set or, when empty,
// taken out: name, value, name, value.
func (v *View) WithAll(set ...string) string {
	q := clone(v.Query)
	q.Del("after")
	for i := 0; i+1 < len(set); i += 2 {
		if q.Set(set[i], set[i+1]); set[i+1] == "" {
			q.Del(set[i])
		}
	}
	return Address(v.Path, q)
}

// To is the address of another page of ours, read as at the same day and moment as
// this one.
func (v *View) To(path string) string {
	q := url.Values{}
	for _, name := range []string{"on", "recorded"} {
		if value := v.Query.Get(name); value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return path
	}
	if strings.Contains(path, "?") {
		return path + "&" + q.Encode()
	}
	return Address(path, q)
}

// Without is the address of this page without one value of a parameter; the list
// begins anew.
func (v *View) Without(name, value string) string {
	q := clone(v.Query)
	q.Del("after")
	kept := q[name][:0]
	for _, given := range q[name] {
		var parts []string
		for _, part := range strings.Split(given, ",") {
			if strings.TrimSpace(part) != value && given != value {
				parts = append(parts, part)
			}
		}
		if len(parts) > 0 {
			kept = append(kept, strings.Join(parts, ","))
		}
	}
	if q[name] = kept; len(kept) == 0 {
		q.Del(name)
	}
	return Address(v.Path, q)
}

// Address joins a path and a query.
func Address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func clone(q url.Values) url.Values {
	c := url.Values{}
	for name, values := range q {
		c[name] = append([]string(nil), values...)
	}
	return c
}

// HasFlag tells whether a code is that of a state or territory of today: a former
// one has no flag here.
func HasFlag(code string) bool { return len(code) == 2 }

// ID makes an element's id of a field's name: titles[0].text is titles-0-text.
func ID(name string) string {
	return strings.NewReplacer("[", "-", "].", "-", "]", "", ".", "-").Replace(name)
}

// AgreementAddress is the permanent address of an agreement.
func AgreementAddress(id int64) string { return "/agreements/" + strconv.FormatInt(id, 10) }

// Step makes a crumb.
func Step(text, href string) Crumb { return Crumb{Text: text, Href: href} }

package exchange

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"chancery/models/edtf"
)

// WriteBibTeX streams records for BibTeX.
func WriteBibTeX(w io.Writer, records iter.Seq2[Linked, error]) error {
	return citations(w, records, func(out *bufio.Writer, l Linked) {
		fmt.Fprintf(out, "@misc{chancery-%d,\n  title = {{%s}},\n", l.ID, bib(l.Title))
		if y := year(l); y != "" {
			fmt.Fprintf(out, "  year = {%s},\n", y)
		}
		if day := fullDay(l.Signed); day != "" {
			fmt.Fprintf(out, "  date = {%s},\n", day)
		}
		if l.Place != "" {
			fmt.Fprintf(out, "  address = {%s},\n", bib(l.Place))
		}
		fmt.Fprintf(out, "  type = {%s},\n  note = {%s},\n  url = {%s},\n  langid = {%s}\n}\n\n", bib(l.Kind),
			bib(l.partiesText()), bib(l.Address), bib(l.TitleLanguage))
	})
}

func (l Linked) partiesText() string {
	var names []string
	for i, code := range l.PartyCodes() {
		if i == 10 {
			names = append(names, "…")
			break
		}
		names = append(names, l.name(code))
	}
	return strings.Join(names, "; ")
}

func year(l Linked) string {
	if d, err := edtf.ParseDate(l.Signed); err == nil && d.Earliest != "" {
		return string(d.Earliest[:4])
	}
	return ""
}

var bibEscapes = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "&", `\&`, "%", `\%`, "$", `\$`,
	"#", `\#`, "_", `\_`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`, "\n", " ", "\r", " ")

func bib(text string) string { return bibEscapes.Replace(text) }

// WriteRIS streams records as RIS, lines ended as its definition wants.
func WriteRIS(w io.Writer, records iter.Seq2[Linked, error]) error {
	return citations(w, records, func(out *bufio.Writer, l Linked) {
		line := func(tag, value string) {
			if value = oneLine(value); value != "" {
				fmt.Fprintf(out, "%s  - %s\r\n", tag, value)
			}
		}
		line("TY", "LEGAL")
		line("ID", "chancery-"+strconv.FormatInt(l.ID, 10))
		line("TI", l.Title)
		for _, code := range l.PartyCodes() {
			line("A2", l.name(code))
		}
		line("PY", year(l))
		if day := fullDay(l.Signed); day != "" {
			line("DA", strings.ReplaceAll(day, "-", "/"))
		}
		line("CY", l.Place)
		for _, s := range l.Subjects {
			line("KW", s.Text)
		}
		line("LA", l.TitleLanguage)
		line("AB", l.Summary)
		line("UR", l.Address)
		fmt.Fprint(out, "ER  - \r\n\r\n")
	})
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// WriteCSL streams records as CSL-JSON.
func WriteCSL(w io.Writer, records iter.Seq2[Linked, error]) error {
	return writeJSON(w, "[", "]\n", "CSL-JSON", records, Linked.csl)
}

// csl is an agreement as CSL has it, of the type treaty.
func (l Linked) csl() map[string]any {
	m := map[string]any{"id": "chancery-" + strconv.FormatInt(l.ID, 10), "type": "treaty", "title": l.Title,
		"genre": l.Kind, "URL": l.Address, "language": l.TitleLanguage}
	if d, err := edtf.ParseDate(l.Signed); err == nil && d.Earliest != "" {
		parts := []int{}
		for i, p := range strings.Split(string(d.Earliest), "-") {
			n, _ := strconv.Atoi(p)
			if i == 0 || fullDay(l.Signed) != "" {
				parts = append(parts, n)
			}
		}
		m["issued"] = map[string]any{"date-parts": [][]int{parts}}
	}
	if l.Place != "" {
		m["event-place"] = l.Place
	}
	if text := l.partiesText(); text != "" {
		m["note"] = text
	}
	return m
}

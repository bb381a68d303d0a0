// Package press reads reports of signings: which agreements were signed, by whom,
// when, where and for how long, with the place in the text that says so. It works
// by rules and lists of words, one file a language (german.go, english.go,
// russian.go); the same text is always read the same way, and nothing leaves the
// machine.
package press

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"chancery/models"
)

// Most is how many bytes of a text are read; what follows is left out, and the
// draft says so.
const Most = 64 << 10

// A Reader reads reports. It is safe for use by several goroutines.
type Reader struct {
	names []models.PartyName
	tools [](func() *tools) // of each language, made when it is first needed
}

// New makes a reader that knows parties by these names, those of the register or of
// models.GazetteerNames.
func New(names []models.PartyName) *Reader {
	r := &Reader{names: names}
	for _, l := range Languages {
		r.tools = append(r.tools, sync.OnceValue(func() *tools { return newTools(l, Languages, names) }))
	}
	return r
}

// Read reads a report.
func (r *Reader) Read(report Report) Draft {
	text, cut := report.Text, false
	if len(text) > Most {
		text, cut = text[:Most], true
	}
	text = strings.ToValidUTF8(text, "?")
	head, body := headers(text)
	i := languageOf(text[body:])
	w := &reading{}
	w.grammar = grammars[i]
	w.page = page{tools: r.tools[i](), text: text, body: body, head: head}
	draft := w.read(report.Published)
	draft.Truncated = cut
	return draft
}

// headers are the lines before the text itself, and where that begins.
func headers(text string) (map[string]Span, int) {
	head := map[string]Span{}
	at := 0
	for at < len(text) {
		end := at + strings.IndexByte(text[at:]+"\n", '\n')
		name, value, ok := strings.Cut(text[at:end], ":")
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		if !ok || !slices.Contains([]string{"url", "title", "date", "publisher", "language"}, name) {
			break
		}
		trimmed := strings.TrimSpace(value)
		start := end - len(value) + strings.Index(value, trimmed)
		head[name] = Span{start, start + len(trimmed)}
		at = min(end+1, len(text))
	}
	return head, at
}

// languageOf is the index of the language that most of the text's words are of.
func languageOf(text string) int {
	text = text[:min(len(text), 8<<10)]
	best, most := 0, -1
	tokens := tokenise(text)
	for i, l := range Languages {
		score := 0
		for _, t := range tokens {
			if t.word && slices.Contains(l.Stop, t.low) {
				score += 2
			}
			if t.word {
				if first, _ := firstRune(t.low); first > unicode.MaxASCII && strings.ContainsRune(l.Letters, first) {
					score++
				}
			}
		}
		if score > most {
			best, most = i, score
		}
	}
	return best
}

// Languages that reports are read in.
var Languages = []*Language{german, english, russian}

// grammars are those of the languages.
var grammars = []grammar{{germanBody, germanDescribed}, {englishBody, englishDescribed},
	{russianBody, russianDescribed}}

package press

import (
	"embed"
	"fmt"
	"strings"
)

// Lists of words stand in a file a language: after "[name]" the list, up to the
// next one. An empty line parts them; a list of phrases has one a line.
//
//go:embed words/*.txt
var wordFiles embed.FS

// wordLists are the lists of a language by their names.
type wordLists map[string]string

// readWords reads the lists of a language. They are part of the program.
func readWords(code string) wordLists {
	text, err := wordFiles.ReadFile("words/" + code + ".txt")
	if err != nil {
		panic(err)
	}
	lists := wordLists{}
	for section := range strings.SplitSeq("\n"+string(text), "\n[") {
		if name, list, ok := strings.Cut(section, "]\n"); ok {
			lists[name] = strings.TrimSpace(list)
		}
	}
	return lists
}

// lines is a list of phrases, one a line.
func (l wordLists) lines(name string) []string { return strings.Split(l.of(name), "\n") }

// of is the list of a name, which must be there.
func (l wordLists) of(name string) string {
	list, ok := l[name]
	if !ok {
		panic(fmt.Sprintf("there is no list of words %q", name))
	}
	return list
}

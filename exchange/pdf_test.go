package exchange_test

import (
	"strings"
	"testing"

	"chancery/exchange"
)

// What a document says is searched without what cannot be stored.
func TestTheWordsOfADocumentAreMadePlain(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "",
		" Treaty \n on\tfish ":          "Treaty   on fish",
		"a\x00b\x07c\u0085d":            "abcd",
		"broken \xff\xfe UTF-8 \ufffd!": "broken  UTF-8 !",
		"Ümläute и кириллица":           "Ümläute и кириллица",
	} {
		if got := exchange.Plain(text); got != want {
			t.Errorf("%q is made %q, want %q", text, got, want)
		}
	}
	long := exchange.Plain(strings.Repeat("ж", 10_000_000))
	if len(long) > 10_000_000 || strings.Trim(long, "ж") != "" {
		t.Errorf("a long text becomes %d bytes", len(long))
	}
}

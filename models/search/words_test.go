package search

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// wordWork is all that is done to the words of a text from outside: when it is
// recorded, looked up, or searched for.
func wordWork(text string) {
	Fold(text)
	Tokens(text)
	Sounds(text)
	NameTokens(text)
	SoundAlike(text, text)
	for language := range stemmers {
		Stem(language, text)
	}
}

// Nothing that is done to words takes more than its share of the text's length:
// were it the square, these would take minutes.
func TestLongTextsAreReadInTime(t *testing.T) {
	for _, part := range []string{"a", "Schtsch", "yayayu", "ж", "é", "ё\u0301", "x ", "' ", "国", "yY", "ß", "\u0301",
		"“", "c-z"} {
		begun := time.Now()
		wordWork(strings.Repeat(part, 200_000/len(part)))
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("200,000 letters of %q took %v", part, took)
		}
	}
}

// FuzzWords holds that no text, repeated to a hundred thousand letters, keeps a
// core busy for long, and that what is made of words is the same each time.
func FuzzWords(f *testing.F) {
	for _, seed := range []string{"Wolfowitsch", "Вольфович", "Щукин", "O’Neil", "Ærø", "國", "schtschtsch", "\xff\xfe",
		"a\u0301\u0302"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" {
			return
		}
		begun := time.Now()
		wordWork(strings.Repeat(text, 1+100_000/len(text)))
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("took %v", took)
		}
		if readings := Sounds(text); len(readings) > maxSounds || !slices.Equal(readings, Sounds(text)) {
			t.Errorf("%q sounds like %q", text, readings)
		}
	})
}

// What a name sounds like, by examples of each spelling that is read in more than
// one way.
func TestSounds(t *testing.T) {
	for word, want := range map[string]string{
		"Вольфович": "volfovic", "Wolfowitsch": "volfovic", "Volfovich": "volfovic volfovih", "Щукин": "xcukin",
		"Schtschukin": "xcukin",
		"Cech":        "kec keh sec seh", "Szabo": "sabo xabo", "Müller": "muler", "Ñandú": "nandu", "國": "國", "": "",
		"Chachachacha": "cacacaca cahacaca hacacaca hahacaca",
	} {
		if got := strings.Join(Sounds(word), " "); got != want {
			t.Errorf("%s sounds like %q, not %q", word, got, want)
		}
	}
}

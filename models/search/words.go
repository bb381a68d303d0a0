package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/russian"
	"golang.org/x/text/unicode/norm"
)

// tokens are the words of a text as a search compares them: folded, each character
// of a script that writes without spaces on its own.
func Tokens(text string) (list []string) {
	for _, word := range strings.Fields(Fold(text)) {
		start := 0
		for i, r := range word {
			if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
				if start < i {
					list = append(list, word[start:i])
				}
				start = i + utf8.RuneLen(r)
				list = append(list, word[i:start])
			}
		}
		if start < len(word) {
			list = append(list, word[start:])
		}
	}
	return list
}

// stemmers reduce a folded word to its stem, by the Snowball algorithms.
var stemmers = map[string]func(*snowballstem.Env) bool{"en": english.Stem, "de": german.Stem, "ru": russian.Stem}

// maxStemmed is the longest word that is stemmed, in bytes: the longest that a
// dictionary of these languages has is a third of it, and some of the algorithms
// take the square of a word's length.
const maxStemmed = 192

func Stem(language, word string) string {
	stemmer := stemmers[language]
	if stemmer == nil || len(word) > maxStemmed {
		return word
	}
	env := snowballstem.NewEnv(word)
	stemmer(env)
	return env.Current()
}

// Names are spelled as each language spells them: Вольфович is Wolfowitsch in
// German, Volfovich in English, Vol'fovič by ISO 9. A spelling is reduced to how it
// sounds, in letters of which c stands for ч, x for ш and ж, h for х, s for с, з
// and ц, so that all of these meet; where a letter is read in two ways, both are
// kept.

var cyrillic = map[rune]string{'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "e", 'ж': "x",
	'з': "s", 'и': "i", 'й': "i",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f",
	'х': "h", 'ц': "s",
	'ч': "c", 'ш': "x", 'щ': "xc", 'ъ': "", 'ы': "i", 'ь': "", 'э': "e", 'ю': "iu", 'я': "ia", 'є': "e", 'і': "i",
	'ї': "i", 'ґ': "g", 'ў': "u"}

// marked letters of Latin scripts that sound otherwise than the letter without its
// mark (ISO 9, Czech, Polish, Turkish).
var marked = map[rune]string{'š': "x", 'ž': "x", 'č': "c", 'ŝ': "xc", 'û': "iu", 'ş': "x", 'ç': "c", 'ł': "l",
	'ß': "s", 'ø': "o", 'đ': "d", 'æ': "e"}

// A spelling is read as any of its sounds.
type spelling struct {
	letters string
	sounds  []string
}

// spelled are what several Latin letters together sound like, the longest first.
var spelled = []spelling{
	{"schtsch", []string{"xc"}}, {"shch", []string{"xc"}}, {"szcz", []string{"xc"}}, {"tsch", []string{"c"}},
	{"tch", []string{"c"}}, {"sch", []string{"x"}},
	{"sh", []string{"x"}}, {"zh", []string{"x"}}, {"kh", []string{"h"}}, {"ch", []string{"c", "h"}},
	{"cz", []string{"c"}}, {"sz", []string{"x", "s"}},
	{"ts", []string{"s"}}, {"tz", []string{"s"}}, {"ck", []string{"k"}}, {"ph", []string{"f"}}, {"th", []string{"t"}},
	{"ja", []string{"ia"}}, {"ya", []string{"ia"}},
	{"ju", []string{"iu"}}, {"yu", []string{"iu"}}, {"je", []string{"e"}}, {"ye", []string{"e"}}, {"jo", []string{"e"}},
	{"yo", []string{"e"}},
	{"y", []string{"i"}}, {"j", []string{"i"}}, {"w", []string{"v"}}, {"x", []string{"ks"}}, {"q", []string{"k"}},
	{"z", []string{"s"}}, {"c", []string{"k", "s"}},
}

// maxSounds is how many readings of one word are kept.
const maxSounds = 4

// sounds are how one word of a name can sound, each reading once. A word of another
// script sounds as it is written. The time that it takes grows with the word alone:
// readings are copied only until there are maxSounds of them.
func Sounds(word string) (readings []string) {
	heard := readingsOf{{}}
	latin := 0 // where the Latin letters begin that were not heard yet
	lower := norm.NFC.String(strings.ToLower(word))
	for i, r := range lower {
		sound, fixed := marked[r]
		if !fixed {
			sound, fixed = cyrillic[r]
		}
		if fixed {
			heard.latin(lower[latin:i])
			heard.add(sound)
			latin = i + utf8.RuneLen(r)
		}
	}
	heard.latin(lower[latin:])
	for _, reading := range heard {
		readings = append(readings, withoutDoubles(string(reading)))
	}
	slices.Sort(readings)
	return slices.Compact(readings)
}

// readingsOf are the ways in which what was heard of a word so far can sound,
// maxSounds of them at the most.
type readingsOf [][]byte

// add goes on with one of several sounds.
func (h *readingsOf) add(options ...string) {
	before := len(*h)
	for _, sound := range options[1:] {
		for _, reading := range (*h)[:before] {
			if len(*h) < maxSounds {
				*h = append(*h, append(slices.Clone(reading), sound...))
			}
		}
	}
	for i, reading := range (*h)[:before] {
		(*h)[i] = append(reading, options[0]...)
	}
}

// latin goes on with a text in Latin letters, whose marks are left out.
func (h *readingsOf) latin(text string) {
	if text == "" {
		return
	}
	for part := strings.ReplaceAll(Fold(text), " ", ""); part != ""; {
		i := slices.IndexFunc(spelled, func(s spelling) bool { return strings.HasPrefix(part, s.letters) })
		if i >= 0 {
			h.add(spelled[i].sounds...)
			part = part[len(spelled[i].letters):]
			continue
		}
		_, n := utf8.DecodeRuneInString(part)
		h.add(part[:n])
		part = part[n:]
	}
}

func withoutDoubles(s string) string {
	var b strings.Builder
	last := rune(-1)
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// skeleton is what is left of a sound without its vowels, which languages write
// most differently; "" where that is too little to know a name by.
func Skeleton(sound string) string {
	var b strings.Builder
	for i, r := range sound {
		if i == 0 || !strings.ContainsRune("aeiou", r) {
			b.WriteRune(r)
		}
	}
	if s := withoutDoubles(b.String()); utf8.RuneCountInString(s) >= 4 {
		return s
	}
	return ""
}

// nameTokens are the words of a name with what they sound like, as a search finds
// them: n= before a sound, k= before its skeleton.
func NameTokens(name string) (list []string) {
	list = Tokens(name)
	for _, word := range NameWords(name) {
		for _, sound := range Sounds(word) {
			list = append(list, "n="+sound)
			if k := Skeleton(sound); k != "" {
				list = append(list, "k="+k)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// nameWords parts a name where words part, not at an apostrophe, which stands for a
// soft sign.
func NameWords(name string) []string {
	return strings.FieldsFunc(strings.NewReplacer("'", "", "’", "", "ʹ", "", "ʺ", "", "`", "").Replace(name),
		func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
		})
}

// SoundAlike tells whether two names can be one, spelled by the rules of two
// languages or scripts: "Wolfowitsch" and "Вольфович". Only the last words are
// looked at.
func SoundAlike(a, b string) bool {
	marks := strings.NewReplacer("ć", "č", "Ć", "Č") // one sound to those who write in Cyrillic
	x, y := NameWords(marks.Replace(a)), NameWords(marks.Replace(b))
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	heard := map[string]bool{}
	for _, sound := range Sounds(x[len(x)-1]) {
		heard[sound] = true
		if k := Skeleton(sound); k != "" {
			heard[k] = true
		}
	}
	for _, sound := range Sounds(y[len(y)-1]) {
		if heard[sound] || Skeleton(sound) != "" && heard[Skeleton(sound)] {
			return true
		}
	}
	return false
}

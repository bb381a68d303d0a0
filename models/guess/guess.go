// Package guess estimates how many guesses a password withstands that somebody makes
// who begins with what people choose: common passwords, words and names, the account's
// own words, runs on the keyboard, repetitions, sequences and dates.
//
// It follows zxcvbn (Wheeler, USENIX Security 2016), as far as is needed to refuse
// what is weak: a password of three parts and more is not looked into. words.txt.gz
// are zxcvbn's lists (MIT), the most frequent first; they are read when asked for and
// not kept, for passwords are rarely set.
package guess

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed" // the words
	"math"
	"strings"
	"unicode"
)

//go:embed words.txt.gz
var words []byte

// longest is how much of a password is looked at, in characters.
const longest = 64

// growing is what finding another part costs, at the least (zxcvbn's
// MIN_GUESSES_BEFORE_GROWING_SEQUENCE).
const growing = 1e4

// Guesses is about how many guesses find a password; from 1e8 on it is a bound from
// below. The account's own words are guessed first.
func Guesses(password string, own []string) float64 {
	p := []rune(password)
	p = p[:min(len(p), longest)]
	e := estimate{text: p, ranks: ranks(p, own)}
	return e.whole(0, len(p))
}

// An estimate is of one password, whose parts' ranks among words are known.
type estimate struct {
	text  []rune
	ranks map[string]float64
}

// whole is about how many guesses find a stretch as one part or two.
func (e *estimate) whole(from, to int) float64 {
	least := e.part(from, to)
	for at := from + 1; at < to; at++ {
		least = min(least, 2*e.part(from, at)*e.part(at, to)+growing)
	}
	return least
}

// part is about how many guesses find a stretch that is one thing.
func (e *estimate) part(from, to int) float64 {
	text := e.text[from:to]
	least := math.Pow(10, float64(len(text))) // each character tried for itself
	if len(text) < 2 {
		return least + 1
	}
	least = max(least, 51)
	for _, guesses := range []float64{e.word(text), sequence(text), keyboard(text), date(text), e.repetition(from, to)} {
		if guesses > 0 {
			least = min(least, guesses)
		}
	}
	return least
}

// word is how many words and ways of writing them come before this one; 0 if it is
// none.
func (e *estimate) word(text []rune) float64 {
	least := 0.0
	for _, f := range forms(text) {
		if rank, is := e.ranks[f.word]; is && (least == 0 || rank*f.ways < least) {
			least = rank * f.ways
		}
	}
	if least > 0 {
		least *= capitals(text)
	}
	return least
}

// A form is what a stretch may stand for, and in how many ways that could be
// written.
type form struct {
	word string
	ways float64
}

// likeness are the letters that signs stand for; 1 and the like stand for two.
var likeness = [2]map[rune]rune{
	{'4': 'a', '@': 'a', '8': 'b', '(': 'c', '{': 'c', '[': 'c', '<': 'c', '3': 'e', '6': 'g', '9': 'g', '1': 'i', '!': 'i',
		'|': 'i', '0': 'o', '$': 's', '5': 's', '7': 't', '+': 't', '%': 'x', '2': 'z'},
	{'4': 'a', '@': 'a', '8': 'b', '(': 'c', '{': 'c', '[': 'c', '<': 'c', '3': 'e', '6': 'g', '9': 'g', '1': 'l', '!': 'i',
		'|': 'l', '0': 'o', '$': 's', '5': 's', '7': 'l', '+': 't', '%': 'x', '2': 'z'},
}

func forms(text []rune) []form {
	lower := []rune(strings.ToLower(string(text)))
	back := make([]rune, len(lower))
	for i, c := range lower {
		back[len(lower)-1-i] = c
	}
	list := []form{{string(lower), 1}, {string(back), 2}}
	for _, like := range likeness {
		read, ways := make([]rune, len(lower)), 1.0
		for i, c := range lower {
			read[i] = c
			if letter, is := like[c]; is {
				read[i], ways = letter, ways*2
			}
		}
		if ways > 1 {
			list = append(list, form{string(read), min(ways, 64)})
		}
	}
	return list
}

// capitals is in how many ways a word's capitals could stand as these do.
func capitals(text []rune) float64 {
	upper, lower := 0, 0
	for _, c := range text {
		switch {
		case unicode.IsUpper(c):
			upper++
		case unicode.IsLower(c):
			lower++
		}
	}
	switch {
	case upper == 0:
		return 1
	case lower == 0, upper == 1 && (unicode.IsUpper(text[0]) || unicode.IsUpper(text[len(text)-1])):
		return 2
	}
	ways, choose := 0.0, 1.0
	for k := 1; k <= min(upper, lower); k++ {
		choose = choose * float64(upper+lower-k+1) / float64(k)
		ways += choose
	}
	return ways
}

// sequence is how many sequences come before abcd, 2468 or zyx; 0 if it is none.
func sequence(text []rune) float64 {
	step := text[1] - text[0]
	if len(text) < 3 || step == 0 || step > 5 || step < -5 {
		return 0
	}
	for i := 2; i < len(text); i++ {
		if text[i]-text[i-1] != step {
			return 0
		}
	}
	starts := 26.0
	switch {
	case strings.ContainsRune("aAzZ019", text[0]):
		starts = 4
	case unicode.IsDigit(text[0]):
		starts = 10
	}
	if step < 0 {
		starts *= 2
	}
	return starts * float64(len(text))
}

// keys are the keys of a keyboard, by rows; a row's keys stand half a key further to
// the right than the one's above.
var keys = [2][4]string{
	{"`1234567890-=", " qwertyuiop[]\\", " asdfghjkl;'", " zxcvbnm,./"},
	{"~!@#$%^&*()_+", " QWERTYUIOP{}|", " ASDFGHJKL:\"", " ZXCVBNM<>?"},
}

func keyAt(c rune) (row, column int, is bool) {
	for _, plane := range keys {
		for row, line := range plane {
			if column := strings.IndexRune(line, c); column >= 0 && c != ' ' {
				return row, column, true
			}
		}
	}
	return 0, 0, false
}

// keyboard is how many runs over the keyboard come before this one, by its length
// and how often it turns; 0 if it is none.
func keyboard(text []rune) float64 {
	if len(text) < 3 {
		return 0
	}
	const starts, ways = 47, 4.6
	turns, last := 0, [2]int{}
	row, column, is := keyAt(text[0])
	for _, c := range text[1:] {
		r, k, known := keyAt(c)
		way := [2]int{r - row, k - column}
		near := way[0] == 0 && (way[1] == 1 || way[1] == -1) || way[0] == 1 && (way[1] == 0 || way[1] == -1) ||
			way[0] == -1 && (way[1] == 0 || way[1] == 1)
		if !is || !known || !near {
			return 0
		}
		if way != last {
			turns++
		}
		row, column, last = r, k, way
	}
	guesses := 0.0 // of all runs that are no longer and turn no more often
	for length := 2; length <= len(text); length++ {
		choose := 1.0
		for turn := 1; turn <= min(turns, length-1); turn++ {
			guesses += choose * starts * math.Pow(ways, float64(turn))
			choose = choose * float64(length-1-turn) / float64(turn)
		}
	}
	return guesses
}

// date is how many years or days come before this one; 0 if it is none.
func date(text []rune) float64 {
	digits, signs := 0, 0
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case strings.ContainsRune("./-_ \\", c):
			signs++
		default:
			return 0
		}
	}
	const years = 100
	switch {
	case digits == 4 && signs == 0 && (text[0] == '1' && text[1] == '9' || text[0] == '2' && text[1] == '0'):
		return years
	case digits >= 4 && digits <= 8 && signs == 0:
		return 365 * years
	case digits >= 4 && digits <= 8 && signs == 2:
		return 4 * 365 * years
	}
	return 0
}

// repetition is about how many guesses find a stretch that repeats a shorter one; 0
// if it does not.
func (e *estimate) repetition(from, to int) float64 {
	for length := 1; length <= (to-from)/2; length++ {
		if (to-from)%length != 0 {
			continue
		}
		same := true
		for i := from + length; i < to && same; i++ {
			same = e.text[i] == e.text[i-length]
		}
		if same {
			return e.whole(from, from+length) * float64((to-from)/length)
		}
	}
	return 0
}

// ranks tells for each stretch of a password that is a word, as it may be written,
// how many words come before it.
func ranks(text []rune, own []string) map[string]float64 {
	wanted := map[string]bool{}
	for from := range text {
		for to := from + 1; to <= len(text); to++ {
			for _, f := range forms(text[from:to]) {
				wanted[f.word] = true
			}
		}
	}
	found := map[string]float64{}
	unpacked, err := gzip.NewReader(bytes.NewReader(words))
	if err != nil {
		panic(err) // the file is embedded above
	}
	lines := bufio.NewScanner(unpacked)
	for n := 0.0; lines.Scan(); n++ {
		if wanted[string(lines.Bytes())] {
			found[lines.Text()] = 1 + math.Floor(n/5) // of some five lists, the most frequent of each first
		}
	}
	if err := lines.Err(); err != nil {
		panic(err) // so is its content
	}
	for n, word := range own {
		if word = strings.ToLower(word); word != "" {
			found[word] = min(float64(n+1), max(1, found[word]))
		}
	}
	return found
}

package exchange

import (
	"fmt"
	"os"
	"strings"
	"unicode"

	"github.com/ledongthuc/pdf"
)

// longestWords is how much of a document's text is kept for searching, in bytes.
const longestWords = 1 << 20

// PDFWords reads what a PDF says, for searching, up to a megabyte; a scanned one
// says nothing. It must be run where a hostile file can do no harm: the reader may
// take any time and memory. The error tells why a file cannot be read.
func PDFWords(path string) (words string, err error) {
	defer func() { // the library panics at much that is not as it should be
		if p := recover(); p != nil {
			err = fmt.Errorf("reading a PDF: %v", p)
		}
	}()
	file, reader, err := pdf.Open(path)
	if err != nil {
		return "", fmt.Errorf("reading a PDF: %w", err)
	}
	defer file.Close()
	var b strings.Builder
	fonts := map[string]*pdf.Font{}
	for n := 1; n <= reader.NumPage() && b.Len() < longestWords; n++ {
		page := reader.Page(n)
		if page.V.IsNull() {
			continue
		}
		for _, name := range page.Fonts() {
			if fonts[name] == nil {
				font := page.Font(name)
				fonts[name] = &font
			}
		}
		text, err := page.GetPlainText(fonts)
		if err != nil {
			return "", fmt.Errorf("reading page %d of a PDF: %w", n, err)
		}
		b.WriteString(text)
		b.WriteByte('\n')
	}
	return Plain(b.String()), nil
}

// TextWords reads a plain text, up to a megabyte.
func TextWords(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	content := make([]byte, longestWords)
	n, err := file.Read(content)
	if err != nil {
		return "", err
	}
	return Plain(string(content[:n])), nil
}

// Plain keeps of a text what can be searched and stored: valid, without control
// characters, not too long.
func Plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if len(text) > longestWords {
		text = strings.ToValidUTF8(text[:longestWords], "")
	}
	return strings.TrimSpace(text)
}

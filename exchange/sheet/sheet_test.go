package sheet

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"chancery/models"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// opened reads a file and joins what it says, cells with | and rows with /.
func opened(content []byte, said models.FileFormat) (format models.FileFormat, columns, rows string, err error) {
	f, err := Open(bytes.NewReader(content), int64(len(content)), said)
	if err != nil {
		return format, "", "", err
	}
	var list []string
	for row, err := range f.Rows() {
		if err != nil {
			return f.Format, strings.Join(f.Columns, "|"), strings.Join(list, "/"), err
		}
		if row.Problem != nil {
			list = append(list, "!"+row.Problem.Code)
			continue
		}
		list = append(list, strings.Join(row.Cells, "|"))
	}
	return f.Format, strings.Join(f.Columns, "|"), strings.Join(list, "/"), nil
}

func TestTextTablesAreRead(t *testing.T) {
	tests := map[string]struct {
		content         string
		columns, rows   string
		kind, delimiter string
	}{
		"commas":                   {"a,b\n1,2\n3,4\n", "a|b", "1|2/3|4", "csv", ","},
		"semicolons":               {"a;b\n1,5;2\n3;4\n", "a|b", "1,5|2/3|4", "csv", ";"},
		"tabs":                     {"a\tb\n1\t2\n", "a|b", "1|2", "csv", "tab"},
		"bars":                     {"a|b\n1|2\n", "a|b", "1|2", "csv", "|"},
		"quotes":                   {"a,b\n\"1,2\",\"say \"\"x\"\"\"\n", "a|b", `1,2|say "x"`, "csv", ","},
		"a line break in a cell":   {"a,b\n\"1\n2\",3\n", "a|b", "1\n2|3", "csv", ","},
		"line ends of two bytes":   {"a,b\r\n1,2\r\n", "a|b", "1|2", "csv", ","},
		"a byte-order mark":        {"\ufeffa,b\n1,2\n", "a|b", "1|2", "csv", ","},
		"no line end at the end":   {"a,b\n1,2", "a|b", "1|2", "csv", ","},
		"empty rows":               {"a,b\n\n1,2\n,\n3,4\n", "a|b", "1|2/3|4", "csv", ","},
		"a name that stands twice": {"a,a,b\n1,2,3\n", "a|a (2)|b", "1|2|3", "csv", ","},
		"a list of objects":        {`[{"a":"1","b":2},{"a":"3","c":{"d":4}}]`, "a|b|c.d", "1|2|/3||4", "json", ""},
		"objects on lines":         {"{\"a\":1}\n{\"a\":2}\n", "a", "1/2", "json", ""},
		"null and flags":           {`[{"a":null,"b":true}]`, "a|b", "|true", "json", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			format, columns, rows, err := opened([]byte(test.content), models.FileFormat{})
			if err != nil || columns != test.columns || rows != test.rows {
				t.Errorf("%q: %q (%v)\nwant %q: %q", columns, rows, err, test.columns, test.rows)
			}
			if format.Kind != test.kind || format.Delimiter != test.delimiter {
				t.Errorf("%s parted by %q", format.Kind, format.Delimiter)
			}
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			w.Write([]byte(test.content))
			w.Close()
			if _, c, r, err := opened(packed.Bytes(), models.FileFormat{}); err != nil || c != columns || r != rows {
				t.Errorf("packed: %q: %q (%v)", c, r, err)
			}
		})
	}
}

// A text is read in the encoding that its bytes tell; what is said, when it can be
// right, is believed.
func TestEncodingsAreFoundOut(t *testing.T) {
	const text = "Название;Страна\nСоглашение о рыболовстве между странами;Беларусь\nДоговор о дружбе и " +
		"сотрудничестве;Россия\n"
	latin, err := charmap.Windows1252.NewEncoder().String("Titel;Land\nÜbereinkommen über Größe;Österreich\n")
	if err != nil {
		t.Fatal(err)
	}
	cyrillic, err := charmap.Windows1251.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	little, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	big, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for encoding, content := range map[string]string{"utf-8": text, "windows-1252": latin, "windows-1251": cyrillic,
		"utf-16le": little, "utf-16be": big} {
		format, columns, rows, err := opened([]byte(content), models.FileFormat{})
		if err != nil || format.Encoding != encoding {
			t.Errorf("%s is read as %s (%v)", encoding, format.Encoding, err)
		}
		if !strings.Contains(columns+rows, "Страна") && !strings.Contains(columns+rows, "Österreich") {
			t.Errorf("%s: %q: %q", encoding, columns, rows)
		}
	}
	if format, _, _, err := opened([]byte(cyrillic), models.FileFormat{Encoding: "windows-1251"}); err != nil ||
		format.Encoding != "windows-1251" {
		t.Errorf("what was said is not believed: %s (%v)", format.Encoding, err)
	}
}

func TestWorkbooksAreReadByTheirSheets(t *testing.T) {
	book := excelize.NewFile()
	for cell, value := range map[string]any{"A1": "title", "B1": "signed", "A2": "Treaty", "B2": 45966, "A4": "Pact",
		"B4": "2001"} {
		if err := book.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := book.NewSheet("Other"); err != nil {
		t.Fatal(err)
	}
	if err := book.SetSheetRow("Other", "A1", &[]string{"x", "y"}); err != nil {
		t.Fatal(err)
	}
	if err := book.SetSheetRow("Other", "A2", &[]string{"1", "2"}); err != nil {
		t.Fatal(err)
	}
	var content bytes.Buffer
	if err := book.Write(&content); err != nil {
		t.Fatal(err)
	}
	format, columns, rows, err := opened(content.Bytes(), models.FileFormat{})
	if err != nil || format.Sheet != "Sheet1" || columns != "title|signed" || rows != "Treaty|45966/Pact|2001" {
		t.Errorf("%+v: %q: %q (%v)", format, columns, rows, err)
	}
	if _, columns, rows, err := opened(content.Bytes(), models.FileFormat{Sheet: "Other"}); err != nil ||
		columns != "x|y" ||
		rows != "1|2" {
		t.Errorf("the other sheet: %q: %q (%v)", columns, rows, err)
	}
	var invalid models.Invalid
	if _, _, _, err := opened(content.Bytes(), models.FileFormat{Sheet: "Nowhere"}); !errors.As(err, &invalid) ||
		invalid["sheet"].Code != "choice" || invalid["sheet"].Args["choices"] != "Sheet1, Other" {
		t.Errorf("a sheet that is not there: %v", err)
	}
}

// A file that is no table is refused in a word that says why.
func TestWhatIsNoTableIsRefused(t *testing.T) {
	packed := func(content string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write([]byte(content))
		w.Close()
		return b.Bytes()[:b.Len()-6]
	}
	for name, test := range map[string]struct {
		content []byte
		said    models.FileFormat
		code    string
	}{
		"nothing": {nil, models.FileFormat{}, "file_empty"},
		"a program": {[]byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00"), models.FileFormat{},
			"file_binary"},
		"an old workbook":               {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), models.FileFormat{}, "file_xls"},
		"a broken archive":              {[]byte("PK\x03\x04broken"), models.FileFormat{}, "file_not_xlsx"},
		"a text that is to be a book":   {[]byte("a,b\n1,2\n"), models.FileFormat{Kind: "xlsx"}, "file_not_xlsx"},
		"broken JSON":                   {[]byte(`[{"a":1},{"a":`), models.FileFormat{}, "file_json"},
		"JSON that is no list":          {[]byte(`{"a" 1}`), models.FileFormat{Kind: "json"}, "file_json"},
		"a packed file that is cut off": {packed(strings.Repeat("a,b\n1,2\n", 100)), models.FileFormat{}, "file_gzip"},
	} {
		_, _, _, err := opened(test.content, test.said)
		var invalid models.Invalid
		if !errors.As(err, &invalid) || invalid["file"].Code != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
}

func TestARowOfAnotherLengthIsFitted(t *testing.T) {
	_, columns, rows, err := opened([]byte("a,b,c\n1,2\n3,4,5\n6,7,8,9\n"), models.FileFormat{})
	if err != nil || columns != "a|b|c" {
		t.Fatalf("%q (%v)", columns, err)
	}
	list := strings.Split(rows, "/")
	if len(list) != 3 || list[0] != "1|2|" || list[1] != "3|4|5" {
		t.Errorf("the rows are %q", list)
	}
}

// What stands above a header is left out: a title, a date, an empty line.
func TestTheHeaderIsFound(t *testing.T) {
	for name, content := range map[string]string{
		"in the first line": "title,signed,party\nTreaty,2001,BY\nPact,2002,RU\n",
		"under a title":     "List of treaties,,\n,,\ntitle,signed,party\nTreaty,2001,BY\nPact,2002,RU\n",
	} {
		_, columns, rows, err := opened([]byte(content), models.FileFormat{})
		if err != nil || columns != "title|signed|party" || rows != "Treaty|2001|BY/Pact|2002|RU" {
			t.Errorf("%s: %q: %q (%v)", name, columns, rows, err)
		}
	}
}

func TestNamesOfColumnsAreToldApart(t *testing.T) {
	for given, want := range map[string]string{"a b c": "a b c", "a a a": "a a (2) a (3)", "a b a": "a b a (2)"} {
		got := strings.Join(distinct(strings.Fields(given)), " ")
		if got != want {
			t.Errorf("%s: %s, want %s", given, got, want)
		}
	}
	names := distinct([]string{"", "x", ""})
	if names[1] != "x" || names[0] == "" || names[0] == names[2] || slices.Contains(names, "") {
		t.Errorf("empty names are %q", names)
	}
}

// A file is read again from its beginning, as often as is asked.
func TestAFileIsReadAgain(t *testing.T) {
	var content strings.Builder
	content.WriteString("n,text\n")
	for i := range 5000 {
		fmt.Fprintf(&content, "%d,%s\n", i, strings.Repeat("x", 60))
	}
	f, err := Open(strings.NewReader(content.String()), int64(content.Len()), models.FileFormat{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		n := 0
		for row, err := range f.Rows() {
			if err != nil || row.Cells[0] != fmt.Sprint(n) || row.Line != n+2 {
				t.Fatalf("row %d: %+v (%v)", n, row, err)
			}
			n++
		}
		if n != 5000 {
			t.Errorf("%d rows", n)
		}
	}
	for range f.Rows() {
		break // who stops early may
	}
}

package exchange

import (
	"bytes"
	"mime"
	"strings"
	"testing"

	"chancery/models"
)

// Formats are told apart by their endings and media types, which are well formed.
func TestFormatsAreToldApart(t *testing.T) {
	endings, types := map[string]bool{}, map[string]bool{}
	for _, f := range Formats {
		if endings[f.Name] || types[f.MediaType] {
			t.Errorf("%s stands twice", f.Name)
		}
		endings[f.Name], types[f.MediaType] = true, true
		for _, text := range append([]string{f.ContentType()}, f.Also...) {
			if _, _, err := mime.ParseMediaType(text); err != nil {
				t.Errorf("%s: %q: %v", f.Name, text, err)
			}
			if types[text] && text != f.MediaType {
				t.Errorf("%s: %q is another's", f.Name, text)
			}
		}
		if strings.Contains(f.ContentType(), "utf-8") != f.UTF8 {
			t.Errorf("%s is given as %q", f.Name, f.ContentType())
		}
		if found, ok := FormatNamed(f.Name); !ok || found.MediaType != f.MediaType {
			t.Errorf("%s is not found", f.Name)
		}
	}
	if _, ok := FormatNamed("exe"); ok {
		t.Error("what is no format is found")
	}
}

func noRecords(yield func(*models.Agreement, error) bool) {}

// Every format of whole records writes something well formed of no record at all;
// others refuse.
func TestNoRecordsAreWrittenInEveryFormat(t *testing.T) {
	for _, f := range Formats {
		var out bytes.Buffer
		err := WriteRecords(&out, f.Name, Records{All: noRecords, Site: "https://treaties.example"})
		if written := f.write != nil; (err == nil) != written {
			t.Errorf("%s: %v", f.Name, err)
		}
		if f.Records != (f.write != nil || f.Name == "zip") {
			t.Errorf("%s: whole records %v", f.Name, f.Records)
		}
	}
	if err := WriteRecords(&bytes.Buffer{}, "nothing", Records{All: noRecords}); err == nil {
		t.Error("a format that is none is written")
	}
}

func TestRecordFormatsAreInTheOrderOfMenus(t *testing.T) {
	if got := strings.Join(RecordFormats(), " "); got != "xlsx jsonl jsonld ttl bib ris csl zip" {
		t.Error(got)
	}
}

// The columns of the table of records keep their places: a program may read them by
// number.
func TestTheColumnsOfRecordsKeepTheirPlaces(t *testing.T) {
	table, _ := RecordTableOf("records")
	const want = "agreement title title_language kind level binding signed signed_earliest signed_latest place parties " +
		"bilateral " +
		"entry_condition depositary authentic_languages subjects summary"
	if got := strings.Join(table.Header(), " "); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, " address") {
		t.Errorf("the columns are %s", got)
	}
	for _, name := range RecordTableNames() {
		table, ok := RecordTableOf(name)
		if !ok || len(table.Header()) < 3 {
			t.Errorf("%s: %v", name, table.Header())
		}
	}
	if _, ok := RecordTableOf("nothing"); ok {
		t.Error("a table that is none is found")
	}
}

// A row of the table of records says what the record says.
func TestARowOfRecordsSaysWhatTheRecordSays(t *testing.T) {
	a := &models.Agreement{ID: 7, Title: "Treaty", TitleLanguage: "en", Kind: "treaty", Level: "interstate",
		Binding: "yes",
		Signed:  "2001-02", Place: "Minsk", Parties: "BY;RU", Bilateral: true, EntryCondition: "after ratification",
		Depositary:         "BY",
		AuthenticLanguages: "be, ru", Summary: "S", NotificationNumber: "C.N.1", TakesEffect: "signature", Chart: "complete",
		Subjects: []models.Subject{{Text: "fish"}, {Text: "grain"}}}
	table, _ := RecordTableOf("records")
	var got []string
	for row := range table.of(a, "https://treaties.example") {
		got = row
	}
	const want = "7|Treaty|en|treaty|interstate|yes|2001-02|2001-02-01|2001-02-28|Minsk|BY;RU|true|after " +
		"ratification|BY|be, ru|" +
		"fish;grain|S|C.N.1|signature|complete|https://treaties.example/agreements/7"
	if joined := strings.Join(got, "|"); joined != want {
		t.Errorf("got  %s\nwant %s", joined, want)
	}
}

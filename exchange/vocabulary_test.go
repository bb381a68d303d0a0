package exchange

import (
	"slices"
	"testing"

	"chancery/models"
	"chancery/models/search"
)

// What a column is called means one field: none has a name of another's.
func TestNoTwoFieldsShareAName(t *testing.T) {
	seen := map[string]string{}
	for _, c := range columnNames {
		for _, name := range c.names {
			if other := seen[name]; other != "" {
				t.Errorf("%q means %s and %s", name, other, c.field)
			}
			if search.Fold(name) != name {
				t.Errorf("%q is not folded", name)
			}
			seen[name] = c.field
		}
	}
}

// Every name stands for a field that a mapping can have, every word for a value of
// its closed list.
func TestNamesAndWordsMeanWhatThereIs(t *testing.T) {
	for _, c := range columnNames {
		m := models.Mapping{Scheme: "x", Tables: []models.TableMapping{{Columns: []models.ColumnMapping{
			{Column: "a", Field: "title"}, {Column: "b", Field: c.field}}}}}
		if err := m.Check(); err != nil {
			t.Errorf("%s: %v", c.field, err)
		}
	}
	for field, list := range words {
		for meant := range list {
			if !slices.Contains(models.ClosedLists[field], meant) {
				t.Errorf("%s cannot say %q", field, meant)
			}
		}
	}
	for field, list := range models.ClosedLists {
		if words[field] == nil && field != "basis" {
			t.Errorf("nobody knows what people call what %s can say: %q", field, list)
		}
	}
}

func TestWordsAreUnderstood(t *testing.T) {
	for _, test := range []struct{ field, typed, want string }{
		{"kind", "Vertrag", "treaty"}, {"kind", "СОГЛАШЕНИЕ", "agreement"}, {"kind", "MoU", "memorandum"},
		{"kind", "Übereinkommen", "convention"}, {"kind", "treaty", "treaty"}, {"kind", "Pakt", ""}, {"kind", "", ""},
		{"level", "Zwischenstaatlich", "interstate"}, {"level", "межведомственное", "interagency"},
		{"binding", "ja", "yes"}, {"binding", "0", "no"}, {"binding", "?", "unknown"}, {"binding", "maybe", ""},
		{"role", "member", "party"}, {"role", "Verwahrer", "depositary"},
		{"act_type", "Beitritt", "accession"}, {"act_type", "ратификация", "ratification"},
		{"act_type", "Denounced", "denunciation"},
		{"renewal", "automatic", "tacit"}, {"nothing", "x", ""},
	} {
		if got := meaning(test.field, test.typed); got != test.want {
			t.Errorf("%s %q means %q, want %q", test.field, test.typed, got, test.want)
		}
	}
}

func TestTitlesTellTheirKind(t *testing.T) {
	for title, want := range map[string]string{
		"Protocol to the Agreement on fish": "protocol", "Vertrag über Freundschaft": "treaty",
		"Exchange of notes on visas":  "notes",
		"Memorandum of Understanding": "memorandum", "Convention on the Law of the Sea": "convention",
		"Договор о дружбе":  "treaty",
		"Agreement on fish": "", "On the Treaty": "", "": "", "Kooperationsplan 2026–2027": "plan",
	} {
		if got := beginsAs(title); got != want {
			t.Errorf("%q begins as %q, want %q", title, got, want)
		}
	}
}

func TestLanguagesAreToldByTheirSigns(t *testing.T) {
	for text, want := range map[string]string{
		"Agreement between Belarus and Russia on fish":        "en",
		"Abkommen zwischen Belarus und Russland über Fische":  "de",
		"Соглашение между Беларусью и Россией о рыболовстве":  "ru",
		"Accord entre la France et la Suisse":                 "fr",
		"Пагадненне паміж Рэспублікай Беларусь і Расіяй аб ў": "be",
		"Угода між Україною та Польщею":                       "uk",
		"":      "und",
		"12345": "und",
	} {
		if got := languageOf(text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

package exchange_test

import (
	"strings"
	"testing"

	"chancery/testdb"
)

// What columns mean is guessed of their names, if what stands in them does not
// speak against it, and else of what stands in them.
func TestColumnsAreGuessedByNameAndContent(t *testing.T) {
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	for _, test := range []struct{ name, table, want string }{
		{"plain names", "title,party 1,party 2,signed\nTreaty on fish,BY,RU,2020-01-02\n", "title party party signed"},
		{"names of a program", "treaty_title,partyA,partyB,date_signed\nTreaty on fish,BY,RU,2020-01-02\n",
			"title party party signed"},
		{"German names", "Titel;Vertragsparteien;Unterzeichnet am;Ort\nVertrag über Fisch;BY, RU;2.1.2020;Minsk\n" +
			"Vertrag über Korn;BY, KZ;3.1.2020;Astana\n", "title party signed place, parted by ,"},
		{"Russian names",
			"Название;Стороны;Подписан;Место\nДоговор о рыбе;BY|RU;02.01.2020;Минск\nДоговор о зерне;BY|KZ;03.01.2020;" +
				"Астана\n", "title party signed place, parted by |"},
		{"no names that mean anything", "a,b,c,d\nTreaty of peace and friendship,Belarus,Russia,2020-01-02\n" +
			"Treaty of commerce and navigation,Belarus,China,2021-02-03\n", "title party party signed"},
		{"a date that is none", "title,party 1,party 2,signed\nTreaty on fish,BY,RU,see note\nTreaty on grain,BY,KZ,later\n",
			"title party party -"},
		{"parties that nobody knows", "title,party 1,party 2\nTreaty on fish,Alpha,Beta\nTreaty on grain,Gamma,Delta\n",
			"title party party"},
		{"states that are none", "title,state a,state b\nTreaty on fish,Alpha,Beta\nTreaty on grain,Gamma,Delta\n", "title - -"},
		{"addresses", "title,party 1,party 2,x\nTreaty on fish,BY,RU,https://example.org/1\n",
			"title party party source_url"},
		{"kinds", "title,party 1,party 2,x\nTreaty on fish,BY,RU,treaty\nOn grain,BY,RU,protocol\n",
			"title party party kind"},
		{"the month first", "title,party 1,party 2,signed\nTreaty,BY,RU,11/25/2020\nTreaty,BY,KZ,01/02/2021\n",
			"title party party signed, mdy"},
		{"the day first", "title,party 1,party 2,signed\nTreaty,BY,RU,25/11/2020\nTreaty,BY,KZ,01/02/2021\n",
			"title party party signed, dmy"},
		{"what stands for nothing", "title,party 1,party 2,signed,place\nTreaty,BY,RU,2020,NA\nTreaty,BY,KZ,2021,-\n",
			"title party party signed place, nothing -"},
		{"a party a row", "id,title,party,signed\n7,Treaty,BY,2020\n7,Treaty,RU,2020\n8,Accord,BY,2021\n8,Accord,KZ,2021\n",
			"id title party signed, a party a row"},
		{"several columns of one field",
			"title,party 1,party 2,institution,ministry\nTreaty,BY,RU,Council,Security Council\n",
			"title party party institution institution"},
		{"two columns of one date", "title,party 1,party 2,signed,date signed\nTreaty,BY,RU,2020,2021\n",
			"title party party signed -"},
		{"an empty column", "title,party 1,party 2,signed,\nTreaty,BY,RU,2020,\n", "title party party signed -"},
		{"all that a record can say", "title,party 1,party 2,kind,level,binding,place,depositary,summary,subjects\n" +
			"Treaty,BY,RU,treaty,interstate,yes,Minsk,UN,On fish,fish\n",
			"title party party kind level binding place depositary summary subject"},
	} {
		m := guess(t, store, test.table)
		var list []string
		for _, c := range m.Tables[0].Columns {
			if c.Field == "" {
				c.Field = "-"
			}
			list = append(list, c.Field)
		}
		got := strings.Join(list, " ")
		if m.Separator != "" {
			got += ", parted by " + m.Separator
		}
		if m.Order != "" {
			got += ", " + m.Order
		}
		if len(m.Nothing) > 0 {
			got += ", nothing " + strings.Join(m.Nothing, " ")
		}
		if m.Tables[0].Rows == "party" {
			got += ", a party a row"
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

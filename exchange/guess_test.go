package exchange_test

import (
	"net/netip"
	"strings"
	"testing"

	"chancery/exchange"
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
		{"parties that are none", "title,party 1,party 2\nTreaty on fish,Alpha,Beta\nTreaty on grain,Gamma,Delta\n",
			"title - -"},
		{"addresses", "title,party 1,party 2,x\nTreaty on fish,BY,RU,https://example.org/1\n",
			"title party party source_url"},
		{"kinds", "title,party 1,party 2,x\nTreaty on fish,BY,RU,treaty\nOn grain,BY,RU,protocol\n",
			"title party party kind"},
		{"the month first", "title,party 1,party 2,signed\nTreaty,BY,RU,11/25/2020\nTreaty,BY,KZ,01/02/2021\n",
			"title party party signed, mdy"},
		{"the day first", "title,party 1,party 2,signed\nTreaty,BY,RU,25/11/2020\nTreaty,BY,KZ,01/02/2021\n",
			"title party party signed"},
		{"what stands for nothing", "title,party 1,party 2,signed,place\nTreaty,BY,RU,2020,NA\nTreaty,BY,KZ,2021,-\n",
			"title party party signed place, nothing NA -"},
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

// Every mapping that comes with the program is one, and is known again by its
// columns however they are ordered.
func TestKnownMappingsAreFoundByTheirColumns(t *testing.T) {
	store := testdb.Open(t, testdb.Address(t, "sqlite"))
	for _, m := range exchange.KnownMappings() {
		if err := m.Check(); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
		var files []string
		for _, table := range m.Tables {
			var names []string
			for _, c := range table.Columns {
				names = append([]string{`"` + c.Column + `"`}, names...)
			}
			files = append(files, strings.Join(names, ",")+"\n"+strings.Repeat("x,", len(names)-1)+"x\n")
		}
		if found := guess(t, store, files...); found.Name != m.Name {
			t.Errorf("the columns of %s are those of %q", m.Name, found.Name)
		}
	}
}

// Addresses of this machine, its networks and the metadata of clouds are not asked,
// however they are written.
func TestWhichAddressesAreTheWorlds(t *testing.T) {
	for address, public := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1:248:1893:25c8:1946": true, "1.1.1.1": true,
		"127.0.0.1": false, "::1": false, "10.1.2.3": false, "172.16.0.1": false, "172.32.0.1": true, "192.168.0.1": false,
		"169.254.169.254": false, "fe80::1": false, "fd00:ec2::254": false, "0.0.0.0": false, "::": false,
		"255.255.255.255": false, "224.0.0.1": false, "ff02::1": false, "100.64.0.1": false, "100.128.0.1": true,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:1.1.1.1": true, "64:ff9b::7f00:1": false,
		"2002:7f00:1::": false, "2001:0:1::": false, "2001:db8::1": false, "192.0.2.1": false, "198.18.0.1": false,
		"203.0.113.9": false, "240.0.0.1": false,
	} {
		if got := exchange.IsPublic(netip.MustParseAddr(address)); got != public {
			t.Errorf("%s is public: %v", address, got)
		}
	}
	if exchange.IsPublic(netip.Addr{}) {
		t.Error("no address is public")
	}
}

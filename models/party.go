package models

// A Party is a subject that can be bound: a state, former state, organisation,
// territory or region. Its code is ISO 3166-1 alpha-2 for today's states, ISO
// 3166-3 for withdrawn ones, our own in capitals for all others.
type Party struct {
	Code         string `json:"code" gorm:"primaryKey"`
	Kind         string `json:"kind"`
	Alpha3       string `json:"alpha3"`
	COW          *int   `json:"cow"` // Correlates of War number
	GW           *int   `json:"gw"`  // Gleditsch–Ward number
	ExistedFrom  string `json:"existed_from"`
	ExistedUntil string `json:"existed_until"`
	Note         string `json:"note"`
	Version      int    `json:"version"`

	Names []PartyName `json:"names" gorm:"foreignKey:Party;references:Code"`
}

// A PartyName is one name of a party; the main one of each of the three languages
// is shown, all are found.
type PartyName struct {
	Party     string `json:"-"`
	Language  string `json:"language"`
	Text      string `json:"text"`
	Main      bool   `json:"main"`
	UsedFrom  string `json:"used_from"`
	UsedUntil string `json:"used_until"`
	Folded    string `json:"-"`
}

// A PartyCode is what another list calls a party, and between which days.
type PartyCode struct {
	Scheme    string
	Code      string
	Party     string
	UsedFrom  string
	UsedUntil string
}

// A Succession says how a party came after another.
type Succession struct {
	Predecessor string `json:"predecessor"`
	Successor   string `json:"successor"`
	Kind        string `json:"kind"` // one of SuccessionKinds
	Date        string `json:"date"` // the successor's first day in its place
}

// A Membership says that a party belongs to an organisation; either day may be
// unknown or open.
type Membership struct {
	Organisation string `json:"organisation"`
	Member       string `json:"member"`
	Status       string `json:"status"` // member, observer
	MemberFrom   string `json:"member_from"`
	MemberUntil  string `json:"member_until"`
}

// Name is the party's name in a language, or its first, or its code.
func (p *Party) Name(lang string) string {
	for _, n := range p.Names {
		if n.Main && n.Language == lang {
			return n.Text
		}
	}
	for _, n := range p.Names {
		if n.Main {
			return n.Text
		}
	}
	return p.Code
}

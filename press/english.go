package press

import (
	"slices"
	"strings"
)

// english is the grammar of signing in English.
var english = &Language{
	Code:       "en",
	MonthFirst: true,
	Letters:    "abcdefghijklmnopqrstuvwxyz",
	Stop:       words("the of and to in on was were has have by for with between"),
	Articles:   words("the a an its their his her this that these those"),
	And:        words("and & as well"),
	Inflect: func(word string, last bool) []string {
		if last {
			return []string{word, word + "’s", word + "'s"}
		}
		return []string{word}
	},
	Months: months("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
		"september sept sep",
		"october oct", "november nov", "december dec"),
	Weekdays: months("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
	Relative: map[string]int{"today": 0, "tonight": 0, "yesterday": -1},
	Abbreviations: words(
		"mr mrs ms dr prof gen col lt st no nos art vs etc u.s u.k h.e rev hon jan feb mar apr jun jul aug sept sep oct nov dec " +
			"inc ltd co gov sen rep amb e.g i.e"),
	Styles: words(
		"republic kingdom federal arab islamic democratic people's socialist state sultanate principality grand duchy union commonwealth cooperative bolivarian plurinational royal"),
	Names: `US: U.S., U.S, USA, america, united states of america
GB: UK, U.K., U.K, britain, great britain, united kingdom of great britain and northern ireland
RU: russian federation
CN: people’s republic of china, people's republic of china, PRC, mainland china
KR: republic of korea, ROK, south korea
KP: DPRK, democratic people’s republic of korea, democratic people's republic of korea, north korea
VN: viet nam, vietnam
TR: türkiye, turkey, turkiye
CZ: czechia, czech republic
CI: ivory coast, côte d’ivoire, cote d'ivoire
LA: laos, lao pdr
SS: south sudan, s. sudan, s sudan
SY: syria, syrian arab republic
IR: iran, islamic republic of iran
MD: moldova, republic of moldova
MK: north macedonia, macedonia
CD: dr congo, DRC, democratic republic of the congo, democratic republic of congo
CG: republic of the congo, republic of congo, congo
TZ: tanzania, united republic of tanzania
VE: venezuela, bolivarian republic of venezuela
BO: bolivia, plurinational state of bolivia
AE: UAE, emirates, united arab emirates
SA: saudi arabia, kingdom of saudi arabia
VA: holy see, vatican
PS: palestine, state of palestine, palestinian authority
BY: belarus, republic of belarus, byelorussia
KG: kyrgyzstan, kyrgyz republic
SZ: eswatini, swaziland
MM: myanmar, burma
CV: cape verde, cabo verde
TL: timor-leste, east timor
ST: são tomé and príncipe, sao tome and principe
BA: bosnia and herzegovina, bosnia
GM: gambia, the gambia
BS: bahamas, the bahamas
NL: netherlands, holland
EU: EU, european union, european commission
UN: UN, U.N., united nations
WHO: WHO
AFRICANUNION: AU
ASEAN: ASEAN
NATO: NATO
CIS: CIS
EAEU: EAEU, eurasian economic commission
CSTO: CSTO
SCO: SCO`,
	Demonyms: `AF afghan; AL albanian; DZ algerian; AD andorran; AO angolan; AG antiguan; AR argentine argentinian argentinean; AM armenian; AU australian; AT austrian; AZ azerbaijani azeri; BS bahamian
BH bahraini; BD bangladeshi; BB barbadian; BY belarusian belarusan byelorussian belorussian; BE belgian; BZ belizean; BJ beninese; BT bhutanese; BO bolivian; BA bosnian; BW botswanan; BR brazilian; BN bruneian
BG bulgarian; BF burkinabe; BI burundian; KH cambodian; CM cameroonian; CA canadian; CV capeverdean; CF centralafrican; TD chadian; CL chilean; CN chinese; CO colombian; KM comorian; CD congolese; CR costarican; HR croatian
CU cuban; CY cypriot; CZ czech; DK danish; DJ djiboutian; DM dominican; DO dominican; TL timorese; EC ecuadorian ecuadorean; EG egyptian; SV salvadoran salvadorean; GQ equatoguinean; ER eritrean; EE estonian; SZ swazi; ET ethiopian
FJ fijian; FI finnish; FR french; GA gabonese; GM gambian; GE georgian; DE german; GH ghanaian; GR greek; GD grenadian; GT guatemalan; GN guinean; GY guyanese; HT haitian; HN honduran; HU hungarian; IS icelandic; IN indian
ID indonesian; IR iranian; IQ iraqi; IE irish; IL israeli; IT italian; CI ivorian; JM jamaican; JP japanese; JO jordanian; KZ kazakh kazakhstani; KE kenyan; KI kiribatian; XK kosovar; KW kuwaiti; KG kyrgyz kyrgyzstani; LA lao laotian
LV latvian; LB lebanese; LS basotho; LR liberian; LY libyan; LI liechtensteiner; LT lithuanian; LU luxembourgish; MG malagasy; MW malawian; MY malaysian; MV maldivian; ML malian; MT maltese; MH marshallese; MR mauritanian
MU mauritian; MX mexican; FM micronesian; MD moldovan; MC monegasque; MN mongolian; ME montenegrin; MA moroccan; MZ mozambican; MM burmese; NA namibian; NR nauruan; NP nepalese nepali; NL dutch; NZ newzealander; NI nicaraguan
NE nigerien; NG nigerian; KP northkorean; MK macedonian; NO norwegian; OM omani; PK pakistani; PW palauan; PS palestinian; PA panamanian; PG papuan; PY paraguayan; PE peruvian; PH philippine filipino; PL polish; PT portuguese; QA qatari
RO romanian; RU russian; RW rwandan; WS samoan; SM sammarinese; SA saudi; SN senegalese; RS serbian; SC seychellois; SL sierraleonean; SG singaporean; SK slovak; SI slovenian slovene; SB solomon; SO somali somalian; ZA southafrican
KR southkorean korean; SS southsudanese; ES spanish; LK srilankan; SD sudanese; SR surinamese; SE swedish; CH swiss; SY syrian; TW taiwanese; TJ tajik tajikistani; TZ tanzanian; TH thai; TG togolese; TO tongan; TT trinidadian; TN tunisian
TR turkish; TM turkmen turkmenistani; TV tuvaluan; UG ugandan; UA ukrainian; AE emirati; GB british; US american; UY uruguayan; UZ uzbek uzbekistani; VU vanuatuan; VE venezuelan; VN vietnamese; YE yemeni; ZM zambian; ZW zimbabwean
SUHH soviet`,
	Cities: `AF Kabul; AL Tirana; DZ Algiers; AO Luanda; AR Buenos Aires; AM Yerevan; AU Canberra, Sydney, Melbourne, Perth; AT Vienna, Salzburg; AZ Baku; BH Manama; BD Dhaka; BY Minsk, Brest, Grodno, Gomel, Vitebsk, Mogilev; BE Brussels, Antwerp
BO La Paz; BA Sarajevo; BW Gaborone; BR Brasília, Brasilia, Rio de Janeiro, São Paulo, Sao Paulo; BN Bandar Seri Begawan; BG Sofia; BF Ouagadougou; BI Bujumbura, Gitega; KH Phnom Penh; CM Yaoundé, Yaounde; CA Ottawa, Toronto, Montreal, Vancouver; CV Praia; TD N'Djamena
CL Santiago; CN Beijing, Shanghai, Xi'an, Tianjin, Qingdao, Shenzhen, Guangzhou, Urumqi, Hong Kong; CO Bogotá, Bogota; CD Kinshasa; CG Brazzaville; CR San José; HR Zagreb; CU Havana; CY Nicosia; CZ Prague; DK Copenhagen; DJ Djibouti City; DO Santo Domingo; EC Quito
EG Cairo, Sharm el-Sheikh; SV San Salvador; ER Asmara; EE Tallinn; ET Addis Ababa; FJ Suva; FI Helsinki; FR Paris, Strasbourg, Nice, Lyon; GA Libreville; GE Tbilisi, Batumi; DE Berlin, Munich, Hamburg, Frankfurt, Bonn, Dresden, Leipzig; GH Accra; GR Athens, Thessaloniki
GT Guatemala City; GN Conakry; GY Georgetown; HT Port-au-Prince; HN Tegucigalpa; HU Budapest; IS Reykjavik, Reykjavík; IN New Delhi, Delhi, Mumbai, Goa, Bengaluru; ID Jakarta, Bali; IR Tehran, Isfahan; IQ Baghdad, Erbil; IE Dublin; IL Jerusalem, Tel Aviv; IT Rome, Milan, Trieste, Venice
CI Abidjan, Yamoussoukro; JM Kingston; JP Tokyo, Osaka, Kyoto, Hiroshima; JO Amman; KZ Astana, Almaty, Nur-Sultan, Shymkent, Aktau, Turkistan; KE Nairobi, Mombasa; XK Pristina; KW Kuwait City; KG Bishkek, Osh, Cholpon-Ata; LA Vientiane; LV Riga; LB Beirut; LS Maseru; LR Monrovia
LY Tripoli, Benghazi; LI Vaduz; LT Vilnius; MG Antananarivo; MW Lilongwe; MY Kuala Lumpur, Putrajaya; MV Malé, Male; ML Bamako; MT Valletta; MR Nouakchott; MU Port Louis; MX Mexico City; MD Chisinau, Chișinău; MN Ulaanbaatar, Ulan Bator; ME Podgorica; MA Rabat, Marrakesh, Marrakech, Casablanca
MZ Maputo; MM Naypyidaw, Yangon; NA Windhoek; NP Kathmandu; NL The Hague, Amsterdam, Rotterdam; NZ Wellington, Auckland; NI Managua; NE Niamey; NG Abuja, Lagos; KP Pyongyang; MK Skopje; NO Oslo; OM Muscat; PK Islamabad, Karachi, Lahore; PS Ramallah; PG Port Moresby; PY Asunción, Asuncion
PE Lima; PH Manila; PL Warsaw, Kraków, Krakow, Gdansk; PT Lisbon; QA Doha; RO Bucharest; RU Moscow, St. Petersburg, Saint Petersburg, Kazan, Sochi, Vladivostok, Yekaterinburg, Kaliningrad, Novosibirsk, Ufa; RW Kigali; SA Riyadh, Jeddah; SN Dakar; RS Belgrade, Novi Sad; SL Freetown; SK Bratislava
SI Ljubljana; SO Mogadishu, Hargeisa; ZA Pretoria, Cape Town, Johannesburg, Durban; KR Seoul, Busan; SS Juba; ES Madrid, Barcelona; LK Colombo; SD Khartoum; SR Paramaribo; SE Stockholm; CH Bern, Berne, Geneva, Zurich, Davos, Lausanne; SY Damascus; TW Taipei; TJ Dushanbe, Khujand; TZ Dar es Salaam, Dodoma
TH Bangkok; TG Lomé, Lome; TT Port of Spain; TN Tunis; TR Ankara, Istanbul, Antalya; TM Ashgabat, Avaza, Awaza, Turkmenbashi; UG Kampala, Entebbe; UA Kyiv, Kiev, Lviv, Odesa; AE Abu Dhabi, Dubai, Sharjah; GB London, Edinburgh, Glasgow, Belfast; US Washington, New York, San Francisco, Houston
UY Montevideo; UZ Tashkent, Samarkand, Bukhara; VA Vatican City; VE Caracas; VN Hanoi, Ho Chi Minh City, Da Nang; YE Sanaa, Aden; ZM Lusaka; ZW Harare; LU Luxembourg`,
	Kinds: `memorandum: memorandum of understanding, memoranda of understanding, memorandum of cooperation, memoranda of cooperation, memorandum, memoranda, memorandums, mou, mous, mou's, letter of intent, letters of intent, statement of intent, declaration of intent
plan: cooperation plan, plan of cooperation, plan of action, action plan, action plans, joint action plan, work plan, plan, plans, plan of consultations
programme: programme, programmes, program, programs, roadmap, road map, roadmaps, road maps
treaty: treaty, treaties
convention: convention, conventions
protocol: protocol, protocols
notes: exchange of notes, exchange of letters, exchanged notes
declaration: joint declaration, joint statement, declaration, declarations, joint statements, statement on, political declaration, charter
communique: communiqué, communique, joint communiqué, joint communique, communiqués
amendment: amendment, amendments
agreement: agreement, agreements, framework agreement, deal, deals, accord, accords, pact, pacts, arrangement, arrangements, contract, contracts`,
	Generic: words("document documents paper papers text instrument instruments"),
	Qualifiers: words(
		"new bilateral joint intergovernmental interagency trilateral framework comprehensive strategic landmark historic respective several two three four five six seven eight nine ten number series package signed other another further additional corresponding important key following separate"),
	Numbers: map[string]int{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
		"ten": 10, "several": 0, "number": 0, "series": 0, "package": 0},
	Another: words("another further additional separate second third also"),
	Signed: `done: signed, co-signed, cosigned, inked, initialled, initialed, penned, put their signatures, put his signature, affixed their signatures
done: concluded, sealed, entered into, clinched, struck
done: were exchanged, formalised, formalized
head: sign, signs, ink, inks, conclude, concludes, seal, seals, strike, strikes
event: signing ceremony, signing of, ceremony of signing, signature of, signature ceremony, signing took place
list: documents include, documents included, agreements include, agreements included, among them, documents are
adopt: adopted, issued, released, adopt, issue`,
	Happened: words(
		"took place|was held|were held|was followed|ended with|culminated|resulted|attended|witnessed|oversaw|presided|marked|during|following|after the signing|after signing|the signing of"),
	Planned: words(
		"will sign|will be signed|to be signed|to sign|would sign|would be signed|plan to|plans to|planning to|planned to|expected to|intend to|intends to|intended to|is due to|are due to|is set to|are set to|set to|ready to|prepared to|preparing to|could sign|could be signed|may sign|may be signed|" +
			"might sign|might be signed|should be signed|should sign|must be signed|agreed to sign|agree to sign|hopes to|hope to|hoped to|wants to|want to|likely to|soon be signed|can be signed|shall sign|before signing|prior to signing|possibility of signing|possible signing|upcoming signing|future signing|planned signing|prepare for the signing|preparation for signing|preparing for the signing|about to|going to|scheduled to|aims to|seeks to|proposed to|proposes to|propose to|invited to|urged to|called for the signing|ready for signing|ready for signature|for signing|awaiting signature|discussed the signing|discussed signing|talks on signing|negotiat"),
	Denied: words(
		"not signed|did not sign|have not signed|has not signed|had not signed|was not signed|were not signed|not been signed|never signed|refused to sign|refuses to sign|declined to sign|without signing|failed to sign|no agreement was signed|no agreements were signed|no documents were signed|no document was signed|unsigned|yet to sign|yet to be signed|not sign|not be signed|postponed|cancelled|canceled|called off|denied"),
	Drafts: words("draft|drafts|drafting|text of the draft|proposed|possible|future|potential|planned|upcoming"),
	Alone: words(
		"decree decrees law laws bill order orders legislation executive resolution regulation act amendments-law directive proclamation petition letter letters autograph autographs book guestbook condolences condolence cheque check budget loan waiver visa register edict ukase ordinance instruction instructions postcard postcards shirt shirts poster"),
	Between: words("between"), With: words("with"),
	Counterpart: words("counterpart counterparts colleague"),
	Both:        words("both|two countries|two states|two nations|two sides|both sides|the sides|the parties|the two"),
	Governments: words("government governments cabinet"),
	By:          words("by"),
	OnBehalf:    words("on behalf of|for the|from the|from|representing|for"),
	Side:        words("side part"),
	Presence: words(
		"in the presence of|attended by|witnessed by|under the patronage of|presided over by|overseen by|in front of|presence of|ceremony was attended|witnessed|attended|oversaw"),
	Offices: `defence attaché, military attaché, defense attaché, attaché, ministers, presidents, prime ministers, secretaries, ambassadors, heads, leaders, chairmen, directors, deputy ministers, governors, representatives, leader, co-chair, co-chairman, co-chairperson, co-chairs, prime minister, deputy prime minister, vice prime minister, first deputy prime minister, foreign minister, minister of foreign affairs, minister for foreign affairs, foreign affairs minister, foreign secretary, external affairs minister, minister of external relations, deputy foreign minister, first deputy foreign minister, deputy minister, first deputy minister, vice minister, vice-minister, minister of state, cabinet secretary, permanent secretary, principal secretary, state secretary, secretary of state, under secretary, undersecretary, assistant secretary, secretary general, secretary-general, general secretary, executive secretary, deputy secretary general, deputy secretary-general, secretary of the security council, security council secretary, national security adviser, national security advisor, minister, secretary, president, vice president, vice-president, deputy president, king, queen, crown prince, emir, sultan, prince, chancellor, ambassador, ambassador extraordinary and plenipotentiary, chargé d'affaires, charge d'affaires, chargé d’affaires, high commissioner, consul, consul general, envoy, special envoy, permanent representative, representative, resident representative, resident coordinator, special representative, director, director general, director-general, deputy director general, deputy director, executive director, head, deputy head, chief, chief of staff, chairman, chairwoman, chairperson, chair, deputy chairman, first deputy chairman, vice chairman, governor, deputy governor, commissioner, speaker, mayor, attorney general, prosecutor general, chief justice, commander, general, lieutenant general, lieutenant-general, major general, admiral, premier, premier minister, high representative, rector, administrator, managing director, country director, acting minister, acting foreign minister, interior minister, defence minister, defense minister, justice minister, finance minister, economy minister, trade minister, energy minister, health minister, education minister, culture minister, agriculture minister, transport minister, labour minister, labor minister, environment minister, tourism minister, sports minister, industry minister, commerce minister, digital minister, science minister`,
	Portfolios: words(
		"foreign affairs|foreign|affairs|defence|defense|energy|health|education|agriculture|culture|justice|interior|finance|economy|economic|trade|transport|transportation|labour|labor|environment|tourism|sports|sport|youth|industry|commerce|science|technology|innovation|higher education|communications|digital|development|cooperation|international|social|protection|internal|external|external relations|public|natural resources|natural|resources|water|emergency situations|emergency|situations|information|investment|investments|infrastructure|planning|security|national|regional|climate|fisheries|mining|petroleum|women|family|home|housing|construction|food|forestry|religious affairs|immigration|telecommunications|space|nuclear|civil aviation|aviation|railways|ports|maritime|roads|media|welfare|employment|veterans|state|expatriates|integration|european|relations|business|entrepreneurship|oil|gas|electricity|minerals"),
	OfficeTail: words("of for and to the on"),
	Honours: words(
		"mr mrs ms dr h.e he prof lord lady sir dame gen col his her excellency majesty highness dato datuk sheikh shaikh eng hon madam mme comrade lt maj adm brig"),
	Institutions: `councils, security councils, agencies, committees, offices, parliaments, academies, secretariats, services, departments, central banks, ministry, ministries, department, agency, council, security council, committee, state committee, commission, office, central bank, national bank, bank, academy, parliament, senate, national assembly, academy of sciences, service, authority, administration, directorate, institute, secretariat, executive committee, chamber, federation, fund, foundation, inspectorate, bureau, court, supreme court, board, state secretariat, prosecutor general's office, general prosecutor's office, foreign ministry, defence ministry, defense ministry, interior ministry, finance ministry, economy ministry, justice ministry, education ministry, health ministry, culture ministry, agriculture ministry, transport ministry, energy ministry, government, governments, university`,
	Occasions: `margins: on the sidelines of, on the margins of, in the margins of, at the sidelines of, on the fringes of
at: as part of, within the framework of, in the framework of, during, at the end of, following, in the course of, on the occasion of, at the conclusion of, after, at`,
	Events:   `visit, summit, meeting, session, talks, negotiations, conference, forum, consultations, congress, assembly, ceremony, round table, council, week, exhibition, expo, symposium, gathering, trip, tour, dialogue, event`,
	Validity: `for the period from $1 to $2; for the period of $1-$2; for the period $1-$2; for the years $1-$2; for the years $1 to $2; for the years $1 and $2; for $1-$2; for $1/$2; for $1 and $2; for $1 to $2; for $1–$2; from $1 to $2; in $1-$2; through $1-$2; $1-$2; for the year $1; for the period until $=1; for $1; until $=1; through $=1; to $=1; by $=1; for the next $n years; for a period of $n years; for a term of $n years; for $n years; $n-year; valid for $n years`,
	Earlier: words(
		"previous|earlier|former|preceding|last|expired|expiring|already implemented|fulfilled|implementation of the"),
	Years:      words("years year"),
	Unreal:     englishUnreal,
	Bare:       true,
	Plural:     englishPlural,
	PluralBody: func(word string) bool { return strings.HasSuffix(word, "s") },
	Adjective: func(word string) bool {
		return ending(word, "al", "ive", "ary", "ent", "ing", "ous", "ic", "year", "term", "free", "trade", "security",
			"defence", "defense", "cooperation", "economic", "tax", "investment", "extradition", "peace", "ceasefire", "border",
			"partnership", "visa", "air", "services", "energy", "gas", "grain", "loan", "protection", "action", "work")
	},
	Verbal:    words("to"),
	Announced: words("to will may could would can should must not"),
	Under: words(
		"against under with to implementing amending of on within by from per following since at in for into"),
	UnderAlone: words(
		"under|implementing|amending|within|per|since|into|framework of|implementation of|basis of|ratification of|anniversary of|text of|drafts of|terms of|accordance with|line with|pursuant to|according to|thanks to"),
	Auxiliaries:  words("was were has have"),
	OccasionEnds: words("in on at by was were has have is that which where who held to"),
	In:           words("in at near"),
	On:           words("on about concerning regarding"),
	Towards:      words("to from into visiting"),
	Town:         words("city of|capital of|the city of|capital|city"),
	Indefinite:   words("a an"),
	Relatives:    words("that which"),
	We:           words("we i our us"),
	Firms:        words("company|companies|firm|firms|corporation|ltd|llc|jsc|gmbh|inc|club|universit*"),
	Managers: words(
		"director*|managing director|executive director|director general|head*|chief*|chairman|chairmen|chairwoman|rector|administrator"),
	Ministries: words("ministry|ministries"),
	Levels:     "intergovernmental: intergovernmental\ninteragency: interagency\ninterstate: interstate",
	Heads: words(
		"president|king|queen|emir|sultan|foreign minister|foreign ministers|minister of foreign affairs|minister for foreign affairs|foreign secretary"),
	Vague:  words("cooperat*|co-operat*|bilateral*|field*|boost*|countr*|area*"),
	Normal: englishNormal,
	Said: words(
		"said|told|noted|stressed|added|stated|commented|emphasised|emphasized|announced|according to|reports|reported|wrote|tweeted|congratulated|hailed|welcomed|expressed|thanked|recalled|remarked|explained|highlighted|underlined|informed"),
}

// englishUnreal: "will be signed", "not signed", "if signed".
func englishUnreal(before, after []token) bool {
	n := len(before)
	for k := n - 1; k >= 0 && k >= n-4; k-- {
		switch before[k].low {
		case "be", "being", "not", "never", "if", "once", "unless", "when", "yet", "without", "cannot", "didn't", "hasn't",
			"haven't", "wasn't", "until":
			return true
		case "to", "would", "will", "could", "might", "may", "should":
			if k < n-1 && before[n-1].low == "have" || k == n-1 {
				return true
			}
		case ",", ";", ":", "and", "was", "were":
			return false
		}
	}
	return false
}

func englishNormal(text string) string {
	for _, plural := range [][2]string{{"Ministries", "Ministry"}, {"Councils", "Council"}, {"Agencies", "Agency"},
		{"Committees", "Committee"}, {"Banks", "Bank"}, {"Secretariats", "Secretariat"}, {"Parliaments", "Parliament"},
		{"Departments", "Department"}} {
		text = strings.Replace(text, plural[0], plural[1], 1)
	}
	return text
}

// englishPlural tells whether a word for an instrument means several.
func englishPlural(word string) bool {
	return word == "memoranda" || strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && word != "notes"
}

// englishDescribed: "the signed agreement", "agreements signed in 2010", "the
// treaty, signed last year,".
func englishDescribed(w *marks, i, n int) bool {
	t := w.tokens
	if i == 0 {
		return false
	}
	before, after := t[i-1].low, i+n
	if (w.articles[before] || before == "all") && t[i].low == "signed" && after < len(t) && t[after].word {
		return true
	}
	lately := slices.Contains([]string{"newly", "recently", "previously"}, before)
	if after < len(t) && w.kindHere(after) && (w.articles[before] || lately) {
		return true
	}
	if w.inKind(i-1) || before == "," && i > 1 && w.inKind(i-2) || before == "previously" || before == "earlier" {
		return !w.sentences[w.sentenceOf(i)].headline && !documentsList(w, i)
	}
	return false
}

// documentsList: "The documents signed include: …" tells what was signed.
func documentsList(w *marks, i int) bool {
	s := w.sentences[w.sentenceOf(i)]
	for k := i; k < s.j; k++ {
		switch w.tokens[k].low {
		case "include", "included", "includes", "are", "were", "was", "is", ":":
			return true
		}
	}
	return false
}

// englishBody takes in the rest of a name: "Foreign, Commonwealth and Development
// Office", "Ministry of Foreign Affairs".
func englishBody(w *marks, b *body) bool {
	t := w.tokens
	if !t[b.i].cap {
		return false
	}
	for b.i > 0 && englishBefore(w, b) {
		b.i--
	}
	// "the office of the Council"
	if k := b.i - 1; k > 1 && t[k].low == "the" && t[k-1].low == "of" && w.bodyAt(k-2) > 0 && !t[k-2].cap {
		b.i = k - 2
	}
	of := false // the body is said to be of something
	for b.j < len(t) && !w.partyWord(b.j) {
		k := b.j
		switch {
		case of && englishMatterOf(w, b):
			b.j++
		case t[k].low == "of" || t[k].low == "for":
			next := englishOf(w, k)
			if next == 0 {
				return true
			}
			b.j, of = next, true
		case englishAnd(w, k):
			b.j += 2
		default:
			return true
		}
	}
	return true
}

// englishBefore tells whether the word before a body's name belongs to it.
func englishBefore(w *marks, b *body) bool {
	t, k := w.tokens, b.i-1
	if w.partyWord(k) {
		return false
	}
	if t[k].cap && !w.articles[t[k].low] && w.sentenceOf(k) == w.sentenceOf(b.i) {
		_, n := w.offices.at(t, k)
		return n == 0
	}
	return (t[k].low == "," || t[k].low == "and" || t[k].low == "&") && k > 0 && t[k-1].cap && k+1 < len(t) &&
		t[k+1].cap &&
		listOfNames(w, k)
}

// englishOf is where "of Foreign Affairs" has its first word, or 0 when a party's
// name or no name follows.
func englishOf(w *marks, k int) int {
	t, m := w.tokens, k+1
	if m < len(t) && t[m].low == "the" {
		m++
	}
	if m >= len(t) || !t[m].cap || w.partyWord(m) {
		return 0
	}
	return m + 1
}

// englishAnd: "and Development", where a matter follows that bodies are of.
func englishAnd(w *marks, k int) bool {
	t := w.tokens
	if t[k].low != "and" && t[k].low != "&" && t[k].text != "," || k+1 >= len(t) || !t[k+1].cap || !w.sameBody(k+1) {
		return false
	}
	return matter(w, k+1) || k+2 < len(t) && t[k+2].cap && matter(w, k+2)
}

// englishMatterOf: "of Foreign Affairs", and not the name that follows.
func englishMatterOf(w *marks, b *body) bool {
	t, k := w.tokens, b.j
	return t[k].cap && !t[k].line && w.sentenceOf(k) == w.sentenceOf(b.i) &&
		(matter(w, k) || !matter(w, k-1) || w.bodyAt(k) > 0)
}

// listOfNames tells whether a comma or "and" before a body's last word is part of
// its name.
func listOfNames(w *marks, k int) bool {
	t := w.tokens
	if k < 1 {
		return false
	}
	if _, ok := w.mentionOver(k - 1); ok {
		return false
	}
	if t[k].low == "," { // "Foreign, Commonwealth and Development Office": an "and" follows soon
		for m := k + 1; m < len(t) && m < k+4; m++ {
			if t[m].low == "and" {
				return true
			}
		}
		return false
	}
	n := w.bodyAt(k - 1)
	if n > 0 {
		return false
	}
	for b := k - 1; b >= 0 && t[b].cap; b-- {
		if n := w.bodyAt(b); n > 0 {
			return false
		}
		if _, n := w.offices.at(t, b); n > 0 {
			return false
		}
	}
	return !w.articles[t[k+1].low]
}

// matter tells whether a word is what a body is for, and not somebody's name.
func matter(w *marks, i int) bool {
	_, n := w.portfolios.at(w.tokens, i)
	return n > 0 || ending(w.tokens[i].low, "ment", "tion", "ture", "ing", "ics", "ity", "ies", "ance", "ship", "ogy",
		"ment", "affairs")
}

package press

import "strings"

// german is the grammar of signing in German.
var german = &Language{
	Code:    "de",
	Letters: "abcdefghijklmnopqrstuvwxyzäöüß",
	Stop:    words("der die das und in den von zu mit im wurde haben hat ist auf eine einen zwischen"),
	Articles: words(
		"der die das den dem des ein eine einen einem einer eines sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer dieser diese dieses diesen diesem"),
	And: words("und sowie & als auch"),
	Inflect: func(word string, last bool) []string {
		switch {
		case strings.HasSuffix(word, "e") && !last:
			return []string{word, word + "n", word + "r", word + "s"}
		case strings.HasSuffix(word, "es") && !last: // Vereinigtes Königreich
			stem := word[:len(word)-2]
			return []string{word, stem + "e", stem + "en", stem + "er", stem + "em"}
		case strings.HasSuffix(word, "en") || strings.HasSuffix(word, "e"):
			return []string{word, word + "s", strings.TrimSuffix(word, "n"), word + "n"}
		}
		return []string{word, word + "s", word + "es", word + "’s", word + "'s"}
	},
	Months: months("januar jänner jan", "februar feber feb", "märz mär", "april apr", "mai", "juni jun", "juli jul",
		"august aug", "september sept sep",
		"oktober okt", "november nov", "dezember dez"),
	Weekdays: months("sonntag", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag sonnabend"),
	Relative: map[string]int{"heute": 0, "gestern": -1, "vorgestern": -2},
	Abbreviations: words(
		"z b d h u a dr prof hr fr nr art abs bzw ca etc usw st gen jan feb jän aug sept sep okt nov dez geb inkl vgl evtl ggf sog " +
			"mio mrd inc ltd co i v o"),
	Styles: words(
		"republik königreich königreichs arabische arabischen islamische islamischen föderative demokratische demokratischen volksrepublik fürstentum sultanat staat staates bundesrepublik sozialistische sozialistischen"),
	Names: `US: USA, US, vereinigte staaten, vereinigten staaten, vereinigten staaten von amerika, amerika
GB: großbritannien, vereinigtes königreich, vereinigten königreich, vereinigten königreichs, UK, vereinigtes königreich großbritannien und nordirland, vereinigten königreichs großbritannien und nordirland
RU: russland, russische föderation, RF, rußland
CN: china, volksrepublik china, vr china
KR: südkorea, republik korea
KP: nordkorea, DVRK, KDVR, demokratische volksrepublik korea
TR: türkei, türkiye
BY: belarus, republik belarus, weißrussland, weissrussland, belarus’
DE: deutschland, bundesrepublik deutschland, bundesrepublik, BRD
DDDE: DDR, deutsche demokratische republik
CZ: tschechien, tschechische republik
SK: slowakei, slowakische republik
CI: elfenbeinküste, côte d’ivoire
CD: dr kongo, demokratische republik kongo
CG: republik kongo, kongo
AE: VAE, emirate, vereinigte arabische emirate, vereinigten arabischen emirate, vereinigten arabischen emiraten
SA: saudi-arabien, saudiarabien, königreich saudi-arabien
IR: iran, islamische republik iran
VA: vatikan, heiliger stuhl, heiligen stuhl
PS: palästina
MD: moldau, moldawien, republik moldau
KG: kirgisistan, kirgistan, kirgisien, kirgisische republik
TJ: tadschikistan
UZ: usbekistan
KZ: kasachstan
TM: turkmenistan
MK: nordmazedonien, mazedonien
VN: vietnam, sozialistische republik vietnam
MM: myanmar, birma, burma
SZ: eswatini, swasiland
VE: venezuela, bolivarische republik venezuela
ZA: südafrika, republik südafrika
NL: niederlande, holland
EU: EU, europäische union, eu-kommission, europäische kommission, europäischen kommission
UN: UNO, UN, UNO, vereinte nationen, vereinten nationen
CIS: GUS
EAEU: EAWU, eurasische wirtschaftskommission, eurasischen wirtschaftskommission
CSTO: OVKS
SCO: SOZ, shanghaier organisation für zusammenarbeit
NATO: NATO
UNIONSTATE: unionsstaat
SUHH: sowjetunion, UDSSR`,
	Demonyms: `AF afghanisch; AL albanisch; DZ algerisch; AD andorranisch; AO angolanisch; AR argentinisch; AM armenisch; AU australisch; AT österreichisch; AZ aserbaidschanisch; BS bahamaisch; BH bahrainisch; BD bangladeschisch; BB barbadisch
BY belarussisch belarusisch weißrussisch weissrussisch belorussisch; BE belgisch; BZ belizisch; BJ beninisch; BT bhutanisch; BO bolivianisch; BA bosnisch; BW botswanisch; BR brasilianisch; BN bruneiisch; BG bulgarisch; BF burkinisch; BI burundisch
KH kambodschanisch; CM kamerunisch; CA kanadisch; CV kapverdisch; CF zentralafrikanisch; TD tschadisch; CL chilenisch; CN chinesisch; CO kolumbianisch; KM komorisch; CD kongolesisch; CR costaricanisch; HR kroatisch; CU kubanisch; CY zyprisch zypriotisch
CZ tschechisch; DK dänisch; DJ dschibutisch; DO dominikanisch; EC ecuadorianisch; EG ägyptisch; SV salvadorianisch; GQ äquatorialguineisch; ER eritreisch; EE estnisch; ET äthiopisch; FJ fidschianisch; FI finnisch; FR französisch; GA gabunisch; GM gambisch
GE georgisch; DE deutsch bundesdeutsch bundesminister bundesinnenminister bundesaußenminister bundeswirtschaftsminister bundesgesundheitsminister bundesforschungsminister bundesbildungsminister bundesverteidigungsminister bundesfinanzminister bundesjustizminister bundesumweltminister bundeslandwirtschaftsminister bundesentwicklungsminister bundesarbeitsminister bundesverkehrsminister bundesregierung; GH ghanaisch; GR griechisch; GT guatemaltekisch; GN guineisch; GY guyanisch; HT haitianisch; HN honduranisch; HU ungarisch; IS isländisch; IN indisch; ID indonesisch; IR iranisch; IQ irakisch; IE irisch; IL israelisch
IT italienisch; CI ivorisch; JM jamaikanisch; JP japanisch; JO jordanisch; KZ kasachisch kasachstanisch; KE kenianisch; XK kosovarisch; KW kuwaitisch; KG kirgisisch; LA laotisch; LV lettisch; LB libanesisch; LS lesothisch; LR liberianisch; LY libysch
LI liechtensteinisch; LT litauisch; LU luxemburgisch; MG madagassisch; MW malawisch; MY malaysisch; MV maledivisch; ML malisch; MT maltesisch; MR mauretanisch; MU mauritisch; MX mexikanisch; MD moldauisch moldawisch; MC monegassisch; MN mongolisch
ME montenegrinisch; MA marokkanisch; MZ mosambikanisch; MM myanmarisch; NA namibisch; NP nepalesisch; NL niederländisch; NZ neuseeländisch; NI nicaraguanisch; NE nigrisch; NG nigerianisch; KP nordkoreanisch; MK nordmazedonisch mazedonisch; NO norwegisch
OM omanisch; PK pakistanisch; PS palästinensisch; PA panamaisch; PY paraguayisch; PE peruanisch; PH philippinisch; PL polnisch; PT portugiesisch; QA katarisch; RO rumänisch; RU russisch russländisch; RW ruandisch; WS samoanisch; SM sanmarinesisch
SA saudisch saudi-arabisch saudiarabisch; SN senegalesisch; RS serbisch; SC seychellisch; SL sierraleonisch; SG singapurisch; SK slowakisch; SI slowenisch; SO somalisch; ZA südafrikanisch; KR südkoreanisch koreanisch; SS südsudanesisch; ES spanisch
LK srilankisch; SD sudanesisch; SR surinamisch; SE schwedisch; CH schweizerisch; SY syrisch; TW taiwanisch taiwanesisch; TJ tadschikisch; TZ tansanisch; TH thailändisch; TG togoisch; TN tunesisch; TR türkisch; TM turkmenisch; UG ugandisch; UA ukrainisch
AE emiratisch; GB britisch; US amerikanisch us-amerikanisch; UY uruguayisch; UZ usbekisch; VE venezolanisch; VN vietnamesisch; YE jemenitisch; ZM sambisch; ZW simbabwisch; SUHH sowjetisch`,
	Cities: `AF Kabul; AL Tirana; DZ Algier; AO Luanda; AR Buenos Aires; AM Eriwan, Jerewan; AU Canberra, Sydney, Melbourne; AT Wien, Salzburg, Graz, Innsbruck; AZ Baku; BH Manama; BD Dhaka; BY Minsk, Brest, Grodno, Gomel, Homel, Witebsk, Mogiljow; BE Brüssel, Antwerpen
BO La Paz; BA Sarajevo; BR Brasília, Brasilia, Rio de Janeiro, São Paulo; BG Sofia; KH Phnom Penh; CM Yaoundé, Jaunde; CA Ottawa, Toronto, Montreal; CL Santiago; CN Peking, Beijing, Shanghai, Schanghai, Xi'an, Tianjin, Urumtschi, Hongkong; CO Bogotá; CD Kinshasa; HR Zagreb
CU Havanna; CY Nikosia; CZ Prag; DK Kopenhagen; EC Quito; EG Kairo, Scharm el-Scheich; EE Tallinn; ET Addis Abeba; FI Helsinki; FR Paris, Straßburg, Nizza, Lyon; GE Tiflis, Batumi; DE Berlin, München, Hamburg, Frankfurt, Bonn, Dresden, Leipzig, Köln, Potsdam, Nürnberg, Weimar; GH Accra; GR Athen, Thessaloniki
HU Budapest; IS Reykjavik, Reykjavík; IN Neu-Delhi, Delhi, Mumbai; ID Jakarta, Bali; IR Teheran, Isfahan; IQ Bagdad, Erbil; IE Dublin; IL Jerusalem, Tel Aviv; IT Rom, Mailand, Triest, Venedig; JP Tokio, Osaka, Kyoto; JO Amman; KZ Astana, Almaty, Nur-Sultan; KE Nairobi; XK Pristina
KW Kuwait-Stadt; KG Bischkek, Osch; LA Vientiane; LV Riga; LB Beirut; LY Tripolis; LI Vaduz; LT Vilnius; LU Luxemburg; MY Kuala Lumpur; MT Valletta; MX Mexiko-Stadt; MD Chișinău, Chisinau, Kischinau; MN Ulan-Bator, Ulaanbaatar; ME Podgorica; MA Rabat, Marrakesch; MZ Maputo; MM Naypyidaw
NA Windhuk, Windhoek; NP Kathmandu; NL Den Haag, Amsterdam; NZ Wellington; NG Abuja, Lagos; KP Pjöngjang; MK Skopje; NO Oslo; OM Maskat; PK Islamabad, Karatschi; PS Ramallah; PE Lima; PH Manila; PL Warschau, Krakau, Danzig; PT Lissabon; QA Doha; RO Bukarest
RU Moskau, Sankt Petersburg, St. Petersburg, Kasan, Sotschi, Wladiwostok, Jekaterinburg, Kaliningrad, Nowosibirsk, Ufa; RW Kigali; SA Riad, Dschidda; SN Dakar; RS Belgrad, Novi Sad; SK Bratislava, Pressburg; SI Ljubljana, Laibach; SO Mogadischu; ZA Pretoria, Kapstadt, Johannesburg; KR Seoul
ES Madrid, Barcelona; LK Colombo; SD Khartum; SE Stockholm; CH Bern, Genf, Zürich, Davos, Lausanne, Basel; SY Damaskus; TW Taipeh; TJ Duschanbe; TZ Daressalam, Dodoma; TH Bangkok; TN Tunis; TR Ankara, Istanbul, Antalya; TM Aschgabat, Aşgabat; UG Kampala; UA Kiew, Kyjiw, Lwiw, Lemberg, Odessa
AE Abu Dhabi, Dubai; GB London, Edinburgh; US Washington, New York; UY Montevideo; UZ Taschkent, Samarkand, Buchara; VA Vatikanstadt; VE Caracas; VN Hanoi; YE Sanaa; ZM Lusaka; ZW Harare`,
	Kinds: `memorandum: memorandum of understanding, memorandum*, memoranden, memoranda, absichtserklärung*, mou, grundsatzvereinbarung*, gemeinsame absichtserklärung
plan: *plan, *plans, *plane, *pläne, *plänen, plan, plans, aktionsplan*, arbeitsplan*
programme: *programm, *programms, *programme, *programmes, *programmen, fahrplan, fahrplans, fahrpläne, roadmap, roadmaps, wegekarte
treaty: *vertrag, *vertrags, *vertrages, *verträge, *verträgen, *staatsvertrag
convention: konvention, konventionen, *übereinkommen, *übereinkommens, *übereinkunft, *übereinkünfte
protocol: *protokoll, *protokolls, *protokolle, *protokollen
notes: notenwechsel, briefwechsel, notenaustausch
declaration: gemeinsame erklärung, gemeinsamen erklärung, gemeinsame deklaration, gemeinsamen deklaration, *deklaration, *erklärung, *deklarationen, *erklärungen, gemeinsames statement, charta
communique: kommuniqué, kommuniqués, kommunique, communiqué, abschlusskommuniqué
amendment: änderungsabkommen, änderungsvertrag
agreement: *abkommen, *abkommens, *vereinbarung, *vereinbarungen, *abmachung, deal, *pakt, *pakts, kontrakt*, kontrakte*`,
	NotKinds: words(
		"rahmenprogramm besuchsprogramm kulturprogramm finanzplan zeitplan spielplan haushaltsplan wirtschaftsplan kriegserklärung regierungserklärung steuererklärung presseerklärung arbeitsvertrag kaufvertrag mietvertrag tarifvertrag atomprogramm raumfahrtprogramm unterprogramm entwicklungsplan fünfjahresplan businessplan sitzungsprotokoll wahlprogramm regierungsprogramm staatsprogramm fernsehprogramm"),
	Generic: words("dokument dokumente dokumenten dokuments papier papiere schriftstück text"),
	Qualifiers: words(
		"neue neues neuen neuer bilaterale bilaterales bilateralen bilateraler gemeinsame gemeinsames gemeinsamen gemeinsamer zwischenstaatliche zwischenstaatliches zwischenstaatlichen dreiseitiges trilaterale mehrere zwei drei vier fünf sechs sieben acht neun zehn reihe weitere weiteres weiterer weiteren entsprechende entsprechendes entsprechenden umfassende umfassendes umfassenden strategische strategisches wichtige wichtiges folgende folgenden unterzeichnete vereinbarte zwischenbehördliche ressortübergreifende"),
	Numbers: map[string]int{"zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
		"zehn": 10, "mehrere": 0, "mehreren": 0, "reihe": 0, "paket": 0, "einige": 0},
	Another: words(
		"weiteres weiterer weiteren weitere anderes zweites drittes zudem außerdem ferner ebenfalls darüber auch"),
	Signed: `done: unterzeichnet, unterzeichnete, unterzeichneten, unterschrieben, unterschrieb, abgeschlossen, geschlossen, schloss, schlossen, schloß, paraphiert, paraphierten, paraphierte, besiegelt, besiegelten, besiegelte, signiert, signierten, setzten ihre unterschrift*, setzten ihre unterschriften
head: unterzeichnen, unterzeichnet, schließen, schließt, unterschreiben, besiegeln, paraphieren
event: unterzeichnung, unterzeichnungszeremonie, vertragsunterzeichnung, feierliche unterzeichnung
list: darunter, zu den dokumenten gehör*, zu den unterzeichneten dokumenten
adopt: angenommen, verabschiedet, verabschiedeten, nahmen, abgegeben, herausgegeben`,
	Happened: words(
		"fand|fanden|stattgefunden|stattfand|erfolgte|erfolgt ist|bei der unterzeichnung|nach der unterzeichnung|nach unterzeichnung|im anschluss an die unterzeichnung|endete mit|gipfelte|mündete|ging zu ende"),
	Planned: words(
		"wird unterzeichnet|werden unterzeichnet|zu unterzeichnen|unterzeichnet werden|unterschrieben werden|abgeschlossen werden|geschlossen werden|paraphiert werden|unterzeichnet wird|soll|sollen|sollten|sollte|will|wollen|wollte|wollten|plant|planen|planten|plante|geplant|beabsichtig*|möchte|möchten|könnte|könnten|kann|können|dürfte|dürften|steht kurz vor|stehen kurz vor|bereit|vorbereitung der unterzeichnung|vorbereitungen|bevorstehende*|geplante*|künftige*|möglichen unterzeichnung|unterzeichnungsreif|unterschriftsreif|vor der unterzeichnung|zur unterzeichnung|würde|würden|hofft|hoffen|vorgesehen|erwartet|werden wird|wird voraussichtlich|diskutier*|besprach|erörter*|verhandel*|in aussicht|schlug vor|vorgeschlagen"),
	Denied: words(
		"nicht unterzeichnet|nicht unterzeichneten|nicht unterschrieben|kein|keine|keinen|keines|ohne unterzeichnung|weigerte|weigerten|verweiger*|abgelehnt|lehnte|lehnten|verschoben|abgesagt|noch nicht|nicht zu unterzeichnen|nie unterzeichnet|nicht unterzeichnen|platzte|gescheitert|dementier*"),
	Drafts: words(
		"entwurf|entwurfs|entwürfe|entwürfen|vertragsentwurf|vertragsentwurfs|abkommensentwurf|künftigen|künftiges|mögliches|möglichen|geplanten|geplantes|geplante|vorgeschlagene"),
	Alone: words(
		"erlass erlasse erlasses erlässe dekret dekrete dekrets gesetz gesetze gesetzes verordnung verordnungen verfügung verfügungen anordnung beschluss beschlüsse befehl petition kondolenzbuch gästebuch ukas autogramm autogramme haushalt brief briefe aufruf urkunde ernennungsurkunde resolution direktive gesetzentwurf gesetzespaket ausführungsbestimmung arbeitsvertrag"),
	Between: words("zwischen"), With: words("mit"),
	Counterpart: words("amtskollege amtskollegen amtskollegin kollege kollegen kollegin pendant homologe"),
	Both:        words("beider|beide|beiden|den seiten|seiten|die parteien"),
	Governments: words("regierung regierungen ministerrat ministerkabinett kabinett"),
	By:          words("von durch"),
	OnBehalf:    words("seitens|von seiten|für die|für|im namen|vonseiten|auf|von der"),
	Side:        words("seite seiten"),
	Presence: words(
		"in anwesenheit|im beisein|in gegenwart|in präsenz|unter der schirmherrschaft|wohnten|wohnte|beiwohnten|nahmen teil|nahm teil|teilgenommen"),
	Offices: `*attaché, *attachés, premierminister, ministerpräsident, außenminister, *minister, *ministerin, *ministers, *ministerinnen, vizepremier, vizepremierminister, vizeministerpräsident, premier, vizeminister, vizeaußenminister, stellvertretende* außenminister*, stellvertretende* *minister, stellvertretende* ministerpräsident*, stellvertretende* premierminister*, erste* stellvertretende* *minister, erste* stellvertretende* außenminister*, erste* vizepremier*, staatssekretär, staatssekretärs, staatssekretäre, staatssekretärin, sekretär, sekretäre, sekretärs, sekretärin, generalsekretär, generalsekretärs, generalsekretärin, exekutivsekretär, staatspräsident*, präsident, präsidenten, präsidentin, vizepräsident*, könig, königs, königin, kronprinz*, emir, sultan, bundeskanzler*, kanzler, kanzlerin, bundespräsident*, botschafter, botschafters, botschafterin, außerordentliche* und bevollmächtigte* botschafter*, ständige* vertreter*, geschäftsträger, geschäftsträgerin, generalkonsul*, konsul, direktor, direktors, direktorin, generaldirektor*, exekutivdirektor*, leiter, leiters, leiterin, stellvertretende* leiter*, chef, chefs, chefin, ressortchef*, behördenchef*, ministeriumschef*, regierungschef*, staatschef*, vorsitzende, vorsitzender, vorsitzenden, stellvertretende* vorsitzende*, vorstandsvorsitzende*, gouverneur*, kommissar, kommissarin, eu-kommissar*, parlamentspräsident*, oberbürgermeister*, bürgermeister*, generalstaatsanwalt*, beauftragte*, sonderbeauftragte*, gesandte*, rektor*, minister, ministerin, vertreter, repräsentant, abteilungsleiter*, staatsminister*, staatsrat, staatsratsvorsitzende*, general, generalleutnant, generalmajor, generaloberst, generalstabschef*, hohe* vertreter*, landeshauptmann`,
	Portfolios: words(
		"energie|gesundheit|inneres|innere|äußeres|auswärtige|auswärtiges|handel|verkehr|umwelt|finanzen|justiz|kultur|sport|soziales|digitales|industrie|tourismus|technologie|technik|wissenschaft|forschung|jugend|familie|frauen|klima|ernährung|bau|wasser|medien|information|informationen|notfälle|katastrophenschutz|naturressourcen|umweltschutz|verteidigung|landwirtschaft|bildung|entwicklung|zusammenarbeit|staatssicherheit|sicherheit|republik|königreich|außenhandel|verkehrswesen|kommunikation"),
	OfficeTail: words("für der des und die von auswärtige auswärtigen"),
	Honours: words(
		"oberst oberstleutnant kapitän admiral dr prof lord lady sir herr frau herrn s e exzellenz scheich"),
	Institutions: `*ministerium, *ministeriums, *ministerien, ministerium, ministeriums, ministerien, *ministerrat, *amt, *amtes, *amts, *behörde, *behörden, *agentur, *agenturen, sicherheitsrat, sicherheitsrates, sicherheitsrats, sicherheitsräte, sicherheitsräten, *rat, *rates, *rats, *räte, *räten, *komitee, *komitees, *komitee*, *ausschuss, *ausschusses, *kommission, *zentralbank, zentralbank, nationalbank, nationalbanken, *bank, akademie, *akademie, parlament, parlaments, parlamente, nationalversammlung, senat, *dienst, *dienstes, *verwaltung, *direktion, *institut, *sekretariat, apparat, apparats, *sekretariats, *kammer, *kammern, fonds, *inspektion, *generalstaatsanwaltschaft, *generalstaatsanwaltschaften, staatsanwaltschaft, gericht, *gericht, *gerichtshof, regierung, regierungen, *universität, *universitäten, *büro, *zentrum`,
	NotInstitutions: words(
		"vertrag beirat staat staaten monat monate heirat vorrat verrat resultat kandidat kandidaten diplomat diplomaten format mandat zitat rat-und-tat sonderstatut grat"),
	Occasions: `margins: am rande, am rand
at: im rahmen, während, bei, im anschluss an, nach, im zuge, anlässlich, zum abschluss, im ergebnis, auf, beim, im verlauf, im laufe, im vorfeld`,
	Events:   `*besuch, *besuchs, *besuches, *gipfel, *gipfels, *gipfeltreffen, *gipfeltreffens, *treffen, *treffens, *sitzung, *tagung, *konferenz, *gespräche, *gesprächen, *gesprächs, *verhandlungen, *verhandlungsgesprächen, *forum, *forums, *konsultationen, *kongress, *kongresses, *versammlung, *zeremonie, *visite, *messe, *ausstellung, *reise, *symposium, *zusammenkunft`,
	Validity: `für die jahre $1-$2; für die jahre $1 und $2; für die jahre $1 bis $2; für den zeitraum $1-$2; für den zeitraum von $1 bis $2; für den zeitraum $1 bis $2; für den zeitraum bis $=1; in den jahren $1-$2; in den jahren $1 und $2; in den jahren $1 bis $2; für die periode $1-$2; für $1-$2; für $1/$2; für $1 und $2; für $1 bis $2; von $1 bis $2; $1-$2; für das jahr $1; für $1; bis $=1; bis zum jahr $=1; bis ende $=1; für die nächsten $n jahre; für die kommenden $n jahre; für die dauer von $n jahren; für einen zeitraum von $n jahren; für $n jahre; auf $n jahre; mit einer laufzeit von $n jahren; eine laufzeit von $n jahren; gilt $n jahre`,
	Earlier:  words("vorherige*|vorige*|früher*|bisherig*|letzte*|ausgelaufen*|auslaufend*|erfüllt|umgesetzt"),
	Years:    words("jahre jahr jahren jahres"),
	Unreal:   germanUnreal,
	Nouns:    true,
	Ordinals: true,
	VerbLast: true,
	Plural: func(word string) bool {
		return ending(word, "verträge", "verträgen", "ungen", "pläne", "plänen", "programme", "programmen", "protokolle",
			"dokumente", "dokumenten", "memoranden", "memoranda", "konventionen", "papiere")
	},
	PluralBody: func(word string) bool {
		return ending(word, "räte", "räten", "ministerien", "behörden", "banken", "agenturen", "schaften", "kammern",
			"parlamente", "akademien", "ämter", "regierungen")
	},
	Adjective:    germanAdjective,
	Noun:         germanNoun,
	InOffice:     func(word string) bool { return ending(word, "en", "er", "e", "es") },
	Announced:    words("zu wollen sollen werden können möchten will soll plant planen nicht"),
	Under:        words("gegen im gemäß nach laut zum zur zu des der aus beim seit vom über rahmen umsetzung bei"),
	UnderAlone:   words("gemäß|laut|seit|im|rahmen|grundlage|umsetzung|jahrestag|ratifizierung|entwurf|basis|text"),
	Auxiliaries:  words("wurde wurden haben hat"),
	OccasionEnds: words("in am im wurde wurden haben hat statt ist sind an"),
	In:           words("in im bei"),
	On:           words("über zur zum für"),
	Towards:      words("nach aus"),
	Regions:      words("gebiet gebiets gebietes region kreis kreises bundesland provinz oblast"),
	Town:         words("stadt|hauptstadt"),
	Indefinite:   words("ein eine einen"),
	Relatives:    words("das der die"),
	We:           words("wir ich unser unsere unseren uns"),
	Firms: words(
		"unternehmen|firma|firmen|konzern|konzerne|betrieb|werk|verein|aktiengesellschaft|gmbh|universit*"),
	Managers:   words("*direktor|*direktors|*direktorin|leiter*|chef|chefs|chefin|vorstandsvorsitzende*|rektor*"),
	Ministries: words("*ministerium|*ministeriums|*ministerien"),
	Levels: "intergovernmental: regierungsabkommen*\ninteragency: ressort*, zwischenbehördlich*\ninterstate: " +
		"zwischenstaatlich*",
	Heads: words(
		"präsident*|staatspräsident*|bundespräsident*|könig*|emir|sultan|außenminister*|vizeaußenminister*"),
	Vague:  words("zusammenarbeit*|kooperation*|bilateral*|bereich*|länder*"),
	Normal: germanNormal,
	Said: words(
		"sagte|erklärte|betonte|teilte|teilten|berichtet|berichtete|meldet|laut|äußerte|unterstrich|hob|bemerkte|kommentierte|gab bekannt|bekanntgab|mitteilte|so|zufolge|fügte|wies|dankte|würdigte|begrüßte"),
}

// germanUnreal: "soll unterzeichnet werden", "wird … unterzeichnet", "nicht
// unterzeichnet".
func germanUnreal(before, after []token) bool {
	if len(after) > 0 {
		switch after[0].low {
		case "werden", "wird", "würde", "würden", "wurden-nicht", "haben-sollen":
			return true
		}
	}
	perfect, modal := false, false
	for k, t := range before {
		switch t.low {
		case "haben", "hat", "hatten", "hatte", "wurde", "wurden", "worden", "ist", "sind", "war", "waren":
			perfect = true
		case "wird", "werden", "soll", "sollen", "sollte", "sollten", "will", "wollen", "kann", "können", "könnte",
			"könnten", "dürfte", "dürften", "möchte", "möchten", "würde", "würden", "muss", "müssen", "sobald", "falls", "wenn",
			"bevor", "ehe":
			modal, perfect = true, false
		case "nicht", "nie", "kein", "keine", "keinen", "keines", "ohne", "weder":
			if k >= len(before)-5 {
				return true
			}
		case ";", ":":
			perfect, modal = false, false
		}
	}
	return modal && !perfect
}

func germanNormal(text string) string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return text
	}
	head := words[0]
	for _, end := range [][2]string{{"ministerien", "ministerium"}, {"Ministerien", "Ministerium"},
		{"ministeriums", "ministerium"}, {"Ministeriums", "Ministerium"}, {"räten", "rat"}, {"räte", "rat"},
		{"rates", "rat"}, {"rats", "rat"}, {"Rates", "Rat"}, {"Räte", "Rat"},
		{"sekretariats", "sekretariat"}, {"sekretariates", "sekretariat"}, {"amtes", "amt"}, {"amts", "amt"},
		{"komitees", "komitee"}, {"Komitees", "Komitee"}, {"agenturen", "agentur"}, {"behörden", "behörde"},
		{"banken", "bank"}, {"kammern", "kammer"}, {"dienstes", "dienst"},
		{"ausschusses", "ausschuss"}, {"parlamente", "parlament"}, {"parlaments", "parlament"}, {"akademien", "akademie"},
		{"schaften", "schaft"}, {"universitäten", "universität"}} {
		if strings.HasSuffix(head, end[0]) {
			words[0] = strings.TrimSuffix(head, end[0]) + end[1]
			break
		}
	}
	return strings.Join(words, " ")
}

func germanAdjective(word string) bool {
	switch word {
	case "unter", "über", "haben", "wurden", "zwischen", "gegen", "neben", "wegen", "sollen", "wollen":
		return false
	}
	return len(word) > 4 && ending(word, "es", "en", "er", "e")
}

// germanDescribed: "das 2010 unterzeichnete Abkommen".
func germanDescribed(w *marks, i, n int) bool {
	t := w.tokens
	return ending(t[i].low, "te", "ten", "geschlossene") && i+n < len(t) && w.kindHere(i+n) && articleBefore(w, i)
}

// articleBefore tells whether an article stands before a participle and what it
// takes with it.
func articleBefore(w *marks, i int) bool {
	for k := i - 1; k >= 0 && k >= i-12; k-- {
		switch w.tokens[k].low {
		case "das", "des", "dem", "die", "der", "den", "im", "vom", "zum":
			return true
		case "haben", "hat", "wurde", "wurden", ",":
			return false
		}
	}
	return false
}

// germanBody takes in what follows: "Staatssekretariat des Sicherheitsrates", "Rat
// für Hochschulausbildung".
func germanBody(w *marks, b *body) bool {
	if k := b.i - 1; k >= 0 && germanStyled(w, k) && w.sentenceOf(k) == w.sentenceOf(b.i) {
		b.i = k
	}
	for b.j < len(w.tokens) {
		if _, ok := w.mentionOver(b.j); ok || w.inPeriod(b.j) {
			return true
		}
		next := germanGoesOn(w, b)
		if next == 0 {
			return true
		}
		b.j = next
	}
	return true
}

// germanStyled: "Nationale Akademie".
func germanStyled(w *marks, k int) bool {
	t := w.tokens[k]
	if !t.cap || w.begins(k) || w.partyWord(k) {
		return false
	}
	switch t.low {
	case "nationalen", "nationaler", "nationale", "obersten", "oberste":
		return true
	}
	return ending(t.low, "ischen", "ische", "lichen", "liche", "alen", "ale")
}

// germanGoesOn is where a body's name goes on to, or 0 when it has ended.
func germanGoesOn(w *marks, b *body) int {
	t, k := w.tokens, b.j
	switch t[k].low {
	case "des", "der", "für", "fur":
		return germanOf(w, k)
	case "-":
		if t[k].text == "-" && !t[k].space && k+1 < len(t) && t[k+1].word {
			return k + 2
		}
	case "und", ",":
		return germanAnd(w, b)
	}
	return 0
}

// germanAnd is where a body's name goes on to after "und" or a comma: "Kultur- und
// Bildungsministerium", "für Arbeit und soziale Sicherheit".
func germanAnd(w *marks, b *body) int {
	t, k := w.tokens, b.j
	capital := func(k int) bool { return k < len(t) && t[k].cap }
	und := t[k].low == "und"
	if und && capital(k+1) && k > 0 && strings.HasSuffix(t[k-1].text, "-") {
		return k + 2
	}
	if b.j-b.i < 2 {
		return 0
	}
	if capital(k + 1) {
		if w.sameBody(k+1) && (!verbSoon(w, k+1) || germanMatter(w, k+1)) {
			return k + 2
		}
		return 0
	}
	if und && capital(k+2) && germanAdjective(t[k+1].low) && !w.articles[t[k+1].low] && germanMatter(w, k+2) &&
		w.sameBody(k+2) {
		return k + 3
	}
	return 0
}

// germanOf is where "des Sicherheitsrates", "für auswärtige Angelegenheiten" ends
// that begins at a token; 0 when it is no part of a body's name.
func germanOf(w *marks, k int) int {
	t, m := w.tokens, k+1
	for m < len(t) && t[m].word && !t[m].cap && m < k+3 && (w.articles[t[m].low] || ending(t[m].low, "en", "e", "es")) {
		if w.partyWord(m) {
			return 0
		}
		m++
	}
	if m >= len(t) || !t[m].cap || w.partyWord(m) {
		return 0
	}
	return m + 1
}

func verbSoon(w *marks, i int) bool {
	for m := i; m < len(w.tokens) && m < i+3; m++ {
		if _, n := w.signed.at(w.tokens, m); n > 0 {
			return true
		}
	}
	return false
}

// germanNoun tells of a German word that it is a noun by its ending, or one of
// those that stand beside names.
func germanNoun(low string) bool {
	for _, end := range []string{"ung", "ungen", "heit", "keit", "keiten", "schaft", "schaften", "tion", "tionen", "tät",
		"ismus", "nis", "politik", "handel", "bereich", "bereichen", "wesen", "recht", "land", "staaten", "staat", "kultur",
		"wirtschaft", "arbeit", "sache", "angelegenheiten", "ministerium", "republik", "föderation", "union", "rates",
		"rats", "zusammenhang", "gebiet", "gebieten", "energie", "sport", "bildung", "kraft", "ebene", "seite", "seiten",
		"jahr", "jahre", "jahren", "tage", "ende", "anfang", "mitte", "präsenz", "anwesenheit", "beisein", "rahmen", "rande",
		"zuge", "namen"} {
		if strings.HasSuffix(low, end) {
			return true
		}
	}
	return false
}

// germanMatter tells whether a word is what a ministry is for.
func germanMatter(w *marks, i int) bool {
	_, n := w.portfolios.at(w.tokens, i)
	return n > 0 || germanNoun(w.tokens[i].low)
}

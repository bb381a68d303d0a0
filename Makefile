# Chancery. make test: everything that must hold; make bench: how fast it is; make run: the register at :8080.

.PHONY: run first-start weight weight-kept quick arch test race-handlers race-models zones tools lint secure generate bench reliability soak attack failover fuzz build package outdated release-check rules atlas vuln pictures

run:
	go run ./cmd/chancery

# How long the first command takes on a machine that has Go alone: nothing downloaded, nothing compiled, until the first page is there.
first-start:
	@folder=$$(mktemp -d); begun=$$(date +%s); trap 'kill -- -$$program 2>/dev/null; wait; rm -rf $$folder' EXIT; \
	GOMODCACHE=$$folder/mod GOCACHE=$$folder/build GOFLAGS=-modcacherw setsid go run ./cmd/chancery --database $$folder/register.db \
		--listen 127.0.0.1:18081 2>$$folder/log & program=$$!; \
	until curl -sf -o /dev/null http://127.0.0.1:18081/; do \
		kill -0 $$program 2>/dev/null || { cat $$folder/log; exit 1; }; \
		sleep 0.2; \
	done; \
	echo "go run ./cmd/chancery, nothing cached: the first page after $$(( $$(date +%s) - begun )) s"

# What each dependency adds: modules, bytes of the program and to download, seconds of processor. weight-kept writes the table that
# CI holds the program against.
weight:
	go run ./cmd/weight
weight-kept:
	go run ./cmd/weight -write docs/weight.tsv

# The loop of a working day: SQLite, no browser, few cases of each property, nothing that waits for a server of its own.
LONG = RealRegisterMoves|RealDataIsImported|MovesBetweenEngines|OtherEngine|ReplicasAreRead|WhatAFailoverLost|HostileFilesAreRefused|WhoWouldWaitLong|CountedByAllInstances|AHugeBody|PasswordsAreKept|InstancesStartWriting|LongTexts|BehindAProxy
quick:
	CHANCERY_QUICK=1 go test -short -skip '$(BROWSER)|$(LONG)' ./models/... ./handlers ./exchange/... ./press ./frontend/...

# What tests need besides Go, from Debian's packages, when it is missing; none of it is started as a service.
tools:
	@missing=""; \
	ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$$missing postgresql"; \
	command -v psql >/dev/null || missing="$$missing postgresql-client"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v strace >/dev/null || missing="$$missing strace"; \
	command -v unzip >/dev/null || missing="$$missing unzip"; \
	test -x /usr/sbin/nginx || missing="$$missing nginx-light"; \
	test -x /usr/sbin/pgbouncer || missing="$$missing pgbouncer"; \
	command -v promtool >/dev/null || missing="$$missing prometheus"; \
	command -v systemd-analyze >/dev/null || missing="$$missing systemd"; \
	if [ -n "$$missing" ]; then \
		echo "installing$$missing"; \
		apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	fi

# Once as it is; once with the race detector where goroutines share anything (the browser drives the same handlers, and an
# import is one goroutine: both are left to the first run, as are tests that do one thing after the other, BROWSER and ALONE); the domain once
# more in two odd zones. The rest of the domain is pure. What comes after the first run goes on at the same time.
BROWSER = Passkey|FewClicks|NotesAndTerms|FewSteps|UnfinishedForm|KeyboardAlone|NothingRestricted|EveryFieldIsInItsPlaces|EveryMethodIs|KeepsNoOwnerOut|OneReader|AnotherSitesPage|ByHand|Accessible|Phone|RunNothing|OwnPolicy|ComeAndGo|ConflictPage|SwitchStays|ByKeyboard|InTheBrowser|EveryRouteIsOpen|RestrictedRecord|CutOff|EveryPicture|HostileTexts
ALONE = StatementsDoNotGrow|ASearchFinds|NewsGoesBack|MisspeltAre|WhateverIsTouched|CopyOpens|MovesBetween|PasswordsAreKept|Tampering|OlderRegister|CasesOfTheLaw|WhatWasCountedFollows
DATED = Date|Day|Dated|Term|Moment|Calendar|Cases|Year|Past|Recorded|Life|Period|Span|Written|Statement|Token|Chore
MODELS = $(shell go list ./models/...)
test: tools
	@begun=$$(date +%s); export CHANCERY_LEFT_OUT=$$(mktemp); trap 'rm -f $$CHANCERY_LEFT_OUT' EXIT; \
	go test -shuffle=on -timeout 15m ./... && \
	$(MAKE) --jobs=3 --output-sync=target race-handlers race-models zones || exit; \
	echo "make test: $$(( $$(date +%s) - begun )) s"; \
	if [ -s $$CHANCERY_LEFT_OUT ]; then echo "left out, for what this machine does not allow:"; sort -u $$CHANCERY_LEFT_OUT; fi
race-handlers:
	CHANCERY_QUICK=1 go test -race -shuffle=on -timeout 15m -skip '$(BROWSER)' ./frontend/... ./handlers
race-models:
	go test -race -shuffle=on -timeout 15m -skip '$(ALONE)' ./models ./models/status -rapid.checks=5
zones:
	TZ=Pacific/Kiritimati CHANCERY_QUICK=1 go test -short -run '$(DATED)' -skip '$(LONG)' -count=1 $(MODELS)
	TZ=America/St_Johns CHANCERY_QUICK=1 go test -short -run '$(DATED)' -skip '$(LONG)' -count=1 $(MODELS)

# The pictures of the documentation, of the main pages on the sample.
PAGES = home=/ record=/agreements/new pair=/pairs/BY-RU agreements=/agreements agreement=/agreements/2926 timeline=/timeline?pair=BY-RU calendar=/calendar?months=60 map=/map matrix=/pairs/matrix?group=CIS network=/network?group=CIS
pictures: tools
	@d=$$(mktemp -d) && export CHANCERY_SETUP_SECRET=pictures-of-the-pages-0 && go build -o $$d/chancery ./cmd/chancery && $$d/chancery sample --database $$d/p.db && \
	{ $$d/chancery serve --database $$d/p.db --listen 127.0.0.1:8097 >$$d/log 2>&1 & } && trap "kill $$!; rm -rf $$d" EXIT && \
	until curl -sf -o /dev/null http://localhost:8097/healthz; do sleep 1; done; \
	shot() { chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync \
		--hide-scrollbars --user-data-dir=$$d/profile --window-size=1280,$$3 --screenshot=$$2 "http://localhost:8097$$1" >/dev/null 2>&1; }; \
	shot /setup/$$CHANCERY_SETUP_SECRET $$d/first.png 900; \
	for page in $(PAGES); do shot "$${page#*=}" docs/images/$${page%%=*}.png 900; done; ls docs/images

# Generated code is committed: making it again changes nothing.
generate:
	go tool templ generate

lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on these"; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go tool templ generate
	git diff --exit-code -- '*_templ.go'

# What keeps the code easy to find one's way in: imports run one way, functions, files and types are small, lines are short.
arch:
	go test -count=1 -run 'TestImportsRunOneWay|TestTheCodeIsEasy' ./cmd/chancery

# What gosec knows of insecure code. Left out: unhandled errors, which staticcheck and the tests look at (G104); whole
# numbers that become smaller ones, bounded where they come in (G115); files that the operator names (G304).
GOSEC = go run github.com/securego/gosec/v2/cmd/gosec@v2.30.0
secure:
	$(GOSEC) -quiet -exclude-generated -exclude=G104,G115,G304 -exclude-dir=testdb -exclude-dir=bench ./...

# Every parser for a minute; FUZZTIME=10m for longer.
FUZZTIME ?= 60s
fuzz:
	go test -run '^$$' -fuzz FuzzParseDate -fuzztime $(FUZZTIME) ./models/edtf
	go test -run '^$$' -fuzz FuzzRead -fuzztime $(FUZZTIME) ./models/edtf
	go test -run '^$$' -fuzz FuzzParseFilter -fuzztime $(FUZZTIME) ./models
	go test -run '^$$' -fuzz FuzzParseSearch -fuzztime $(FUZZTIME) ./models
	go test -run '^$$' -fuzz FuzzFold -fuzztime $(FUZZTIME) ./models/search
	go test -run '^$$' -fuzz FuzzWords -fuzztime $(FUZZTIME) ./models/search
	go test -run '^$$' -fuzz FuzzFormulaEscape -fuzztime $(FUZZTIME) ./exchange
	go test -run '^$$' -fuzz FuzzTable -fuzztime $(FUZZTIME) ./exchange
	go test -run '^$$' -fuzz FuzzWrittenDate -fuzztime $(FUZZTIME) ./exchange
	go test -run '^$$' -fuzz FuzzMapping -fuzztime $(FUZZTIME) ./exchange
	go test -run '^$$' -fuzz FuzzChoose -fuzztime $(FUZZTIME) ./frontend/locales
	go test -run '^$$' -fuzz FuzzRead -fuzztime $(FUZZTIME) ./press
	go test -run '^$$' -fuzz FuzzTokens -fuzztime $(FUZZTIME) ./press
	go test -run '^$$' -fuzz FuzzQuery -fuzztime $(FUZZTIME) ./handlers
	go test -run '^$$' -fuzz FuzzForm -fuzztime $(FUZZTIME) ./handlers

# What takes too long for every change, before a release, on each engine: the program killed CRASHES times while it records; an import of
# ROWS agreements killed KILLS times; every operation killed at each write to PostgreSQL, and the power gone at POWER times as many
# steps of it on SQLite; KEYS one-time keys sent a hundred times each; SEQUENCES of random operations held against a model; SLOW slow
# clients, waited for until all are cut off; the database away for a minute.
ROWS ?= 50000
KILLS ?= 20
SLOW ?= 10000
CRASHES ?= 500
POWER ?= 40
KEYS ?= 100
SEQUENCES ?= 10000
reliability: tools
	CHANCERY_ROWS=$(ROWS) CHANCERY_KILLS=$(KILLS) CHANCERY_SLOW=$(SLOW) CHANCERY_CRASHES=$(CRASHES) CHANCERY_AWAY=60 CHANCERY_EVERY=1 CHANCERY_POWER=$(POWER) CHANCERY_KEYS=$(KEYS) \
		go test -run 'TestNothingAcknowledged|TestAKeyIsUsedOnce|TestAnOperationIsKilled|TestAPowerCut|TestAKilledImportGoesOn|TestSlowClients|TestTheDatabaseIsKilled' -v -count=1 -timeout 180m ./cmd/chancery
	go test -run TestTheRegisterIsAsItsModel -v -count=1 -timeout 600m ./models -rapid.checks=$(SEQUENCES)

# Figures on made-up registers of N agreements, on both engines, each beside bare SQL or psql in the same run.
N ?= 75000
bench: tools
	CHANCERY_BENCH=$(N) go test -run 'TestSpeed|TestImportSpeed' -v -count=1 -timeout 60m ./bench
	CHANCERY_BENCH=$(N) go test -run "^$$" -bench Search -benchtime 40x -timeout 60m ./models
	go test -run "^$$" -bench Read ./press

# An hour at 60 % of what a register of a million agreements on PostgreSQL can answer, then three times as much as it can;
# 85 minutes in all. SOAK=5m for less; CHANCERY_SOAK_DATABASE for a database to use, and to write to.
SOAK ?= 60m
soak: tools
	CHANCERY_SOAK=$(SOAK) go test -run TestSoak -v -count=1 -timeout 150m ./bench

# What the dearest addresses cost, and what a reader notices when somebody asks for twenty of them at once: ten minutes.
attack:
	CHANCERY_ATTACK=1 go test -run TestAttack -v -count=1 -timeout 60m ./bench

# A primary is killed, a replica takes its place, an instance is killed: under load, with three instances.
failover: tools
	go test -run 'TestARegisterSurvivesItsPrimary' -v -count=1 ./cmd/chancery

build:
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$$(git describe --tags --always --dirty)" -o chancery ./cmd/chancery

# A Debian package in packages/, with the unit for systemd; VERSION and ARCH as wanted.
VERSION ?= $(shell git describe --tags --always)
ARCH ?= $(shell go env GOARCH)
package:
	mkdir -p packages
	CGO_ENABLED=0 GOOS=linux GOARCH=$(ARCH) go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o chancery ./cmd/chancery
	go run ./cmd/chancery man | gzip -9n > packages/chancery.1.gz
	ARCH=$(ARCH) VERSION=$(if $(findstring .,$(VERSION)),$(VERSION),0.0.0~$(VERSION)) go run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.44.0 package --config packaging/nfpm.yaml --packager deb --target packages/

# What a release is made of, held against goreleaser, in a clone with a remote, where releases go; the rules of alerts against
# Prometheus; and what the unit lets the program do: an exposure of 1.5 at the most.
release-check:
	go run github.com/goreleaser/goreleaser/v2@v2.14.0 check
rules: tools
	promtool check rules docs/alerts.yml
	systemd-analyze security --offline=true --threshold=15 --no-pager packaging/chancery.service > /dev/null

# The shapes of the map, from npm's world-atlas; only needed when they change.
atlas:
	cd frontend/atlas && npm install --no-save && node build.mjs node_modules/world-atlas/countries-50m.json iso3166.json world.json

# The modules that are linked into the program and have a newer version.
outdated:
	@go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}' ./cmd/chancery | sort -u | \
	xargs go list -m -u -e -f '{{if .Update}}{{.Path}} {{.Version}}, newest {{.Update.Version}}{{end}}' | grep . || echo "none is out of date"

# Known vulnerabilities that our code reaches; needs the vulnerability database (VULNDB=file:///… for a copy).
vuln:
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 $(if $(VULNDB),-db $(VULNDB)) ./...

# make without a target lists what there is.
.DEFAULT_GOAL := help
.PHONY: help build dist quick test soak bench

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/parley
	CGO_ENABLED=0 go build -trimpath -o bin/ ./cmd/parley

dist: ## build dist/: archives for every system, Debian packages, SHA256SUMS
	go run ./scripts/dist

quick: ## format, vet and the tests, for work in progress
	scripts/check.sh quick

test: ## the whole check; installs what it needs where it may
	scripts/prepare.sh
	scripts/check.sh test

soak: ## the whole check with the long tests at their full size: hours
	scripts/prepare.sh
	scripts/check.sh soak

bench: ## every benchmark, then the load generator
	go test -run '^$$' -bench . -benchmem ./...
	go run ./bench

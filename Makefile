# What a contributor runs. The gate is .ci/run; each target below is a part of it, or faster.

MVN ?= ./mvnw -B -ntp

.PHONY: help test fast format all

help:
	@echo "make test T=Class            runs one test class, wherever it is"
	@echo "make test T=Class#method     runs one test"
	@echo "make test T=Class C='text'   runs the tests with this text in their names, such as one line of a table"
	@echo "make fast                    builds and checks all, without the tests tagged slow"
	@echo "make format                  formats the code"
	@echo "make all                     builds and checks all, as .ci/run does"

# The module that has the class, with what it depends on.
hash := \#
class = $(firstword $(subst $(hash), ,$(T)))
module = $(firstword $(subst /, ,$(shell git ls-files -co --exclude-standard '*/$(class).java' | grep '/src/test/')))

test:
	@test -n "$(T)" || { echo "Say which: make test T=Class#method"; exit 2; }
	@test -n "$(module)" || { echo "No module has a test '$(class)'."; exit 2; }
	$(MVN) -q -pl $(module) -am test -Dtest='$(T)' -Dsurefire.failIfNoSpecifiedTests=false $(if $(C),-Dcase='$(C)')

fast:
	$(MVN) -Pfast verify

format:
	$(MVN) -q -pl '!export-bom' spotless:apply

all:
	$(MVN) verify

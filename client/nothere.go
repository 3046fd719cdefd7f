package client

import (
	"errors"

	"parley"
)

// errNotHere is in the chain of an error that is an answer to what was asked, and no problem: a protocol does not have
// it, or somebody is not here.
var errNotHere = errors.New("not here")

// What a protocol does not have.
var (
	errNoFiles  = notHere(parley.CodeInvalid, "this protocol has no files")
	errNoDirect = notHere(parley.CodeInvalid, "this protocol has no direct messages: nothing was sent")
	errNoRoster = notHere(parley.CodeInvalid, "this protocol does not tell who is here")
)

// notHere makes an answer.
func notHere(code parley.Code, sentence string) error { return parley.Wrap(code, errNotHere, sentence) }

//go:build unix

package main

import (
	"syscall"
	"testing"
)

// What somebody sees who starts parley in a terminal, and what comes of what they type.

func TestWhoeverHostsIsAskedForAnAddress(t *testing.T) {
	address := freeAddress()
	p := sitDown(t, nil)
	p.sees("> host a chat on this machine")
	p.types("\r")
	p.sees("┃ Address")
	p.sees("> 127.0.0.1")
	p.types("\x15" + address) // Ctrl-U empties the field
	p.sees("> " + address)
	p.types("\r")
	p.sees("┃ Port")
	p.sees("> 8001")
	p.types("\r")
	p.sees("The command for this is: parley serve --listen plain://" + address + ":8001\n")
	p.sees("Ctrl-C stops the server")
	p.types("#ls\r")
	p.sees("online: server")
	p.types("quit\r")
	p.leaves(statusOK)
}

func TestAWrongAnswerIsToldAtOnce(t *testing.T) {
	p := sitDown(t, nil)
	p.sees("> host a chat on this machine")
	p.types("\r")
	p.sees("┃ Address")
	p.types(":8001\r")
	p.sees("that is neither an IP address nor the name of a host")
	p.types("\x03") // Ctrl-C
	p.leaves(statusInterrupted)
}

func TestQuestionsInPlainLinesForScreenReaders(t *testing.T) {
	address := freeAddress()
	p := sitDown(t, []string{"TERM=dumb"})
	p.sees("1. host a chat on this machine\n")
	p.types("\r")
	p.sees("for your whole network [127.0.0.1]:")
	p.types(address + "\r")
	p.sees("a number up to 65535 [8001]:")
	p.types("99999\r")
	p.sees("a port is a number from 1 to 65535\n")
	p.types("\r")
	p.sees("The command for this is: parley serve --listen plain://" + address + ":8001\n")
	p.sees("Ctrl-C stops the server")
	p.types("\x03")
	p.leaves(statusOK)
}

func TestQuestionsInPlainLinesCanBeLeft(t *testing.T) {
	p := sitDown(t, []string{"ACCESSIBLE=1"})
	p.sees("Enter a number")
	p.types("\x03")
	p.leaves(statusInterrupted)
	p = sitDown(t, []string{"ACCESSIBLE=1"})
	p.sees("Enter a number")
	p.types("\x04") // Ctrl-D, the end of the input
	p.sees("parley: the input ended before every question was answered")
	p.leaves(statusFailure)
}

func TestASignalEndsTheQuestions(t *testing.T) {
	p := sitDown(t, nil)
	p.sees("What would you like to do")
	if err := p.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.leaves(statusInterrupted)
}

package main

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"unicode"

	"parley"
)

// answers are what the questions asked.
type answers struct {
	join    bool
	address string // to host at
	port    string
	url     string // to join
	name    string
}

// usual are the answers of somebody who only presses Enter.
var usual = answers{address: "127.0.0.1", port: "8001"}

// args gives the arguments of the command that does what was answered.
func (a answers) args() []string {
	url := "plain://" + net.JoinHostPort(strings.Trim(a.address, "[]"), a.port)
	switch {
	case !a.join:
		return []string{"serve", "--listen", url}
	case a.name == "":
		return []string{"join", a.url}
	}
	return []string{"join", a.url, "--name", a.name}
}

// commandLine writes args as one types them. What the checks let through needs quotes for brackets and for what stands
// in a URL at most, and double quotes mean the same in every shell.
func commandLine(args []string) string {
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = arg
		if strings.ContainsAny(arg, "[]?&") {
			words[i] = `"` + arg + `"`
		}
	}
	return strings.Join(words, " ")
}

// checkHost accepts an IP address, the name of a host, or nothing, which stands for the usual one.
func checkHost(text string) error {
	text = strings.TrimSpace(text)
	if address, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil && address.Zone() == "" {
		return nil
	}
	strange := func(r rune) bool {
		return r != '.' && r != '-' && r != '_' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	}
	if strings.ContainsFunc(text, strange) || strings.HasPrefix(text, "-") {
		return errors.New("that is neither an IP address nor the name of a host")
	}
	return nil
}

// checkPort accepts the number of a port, or nothing, which stands for the usual one.
func checkPort(text string) error {
	text = strings.TrimSpace(text)
	if n, err := strconv.Atoi(text); text != "" && (err != nil || n < 1 || n > 65535) {
		return errors.New("a port is a number from 1 to 65535")
	}
	return nil
}

// checkName accepts a user name, or nothing.
func checkName(text string) error {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	_, err := parley.ParseName(text)
	return err
}

package certs

import (
	"crypto/tls"
	"os"
	"strings"
	"testing"
	"time"

	"parley"
)

// shown gives the serial number of the certificate that a server shows.
func shown(t *testing.T, server *tls.Config) string {
	t.Helper()
	state, err := shake(t, server, &tls.Config{InsecureSkipVerify: true}, "10.0.0.7:8001")
	if err != nil {
		t.Fatal(err)
	}
	return state.PeerCertificates[0].SerialNumber.String()
}

func serial(pair tls.Certificate) string { return pair.Leaf.SerialNumber.String() }

// TestFilesAreFollowed: a new pair is shown from the first handshake after a minute on, not sooner.
func TestFilesAreFollowed(t *testing.T) {
	c := newClock()
	first, second := leafFor(t, "pc7", c.now(), nil), leafFor(t, "pc7", c.now(), nil)
	p := newPairFiles(t, first, 1)
	f := p.open(t, c)
	server := f.ServerConfig()
	before := f.Fingerprint()
	p.replace(t, second, 1)
	c.add(recheck - time.Second)
	if shown(t, server) != serial(first) {
		t.Error("the files were looked at again within a minute")
	}
	c.add(time.Second)
	if shown(t, server) != serial(second) {
		t.Error("the new certificate is not shown")
	}
	if f.Fingerprint() == before {
		t.Error("the fingerprint is still the old one")
	}
}

// TestFilesThatBreakAreNotFollowed: half a pair, garbage or nothing at all leaves the old one in place and is logged
// once; when the files are whole again they are taken.
func TestFilesThatBreakAreNotFollowed(t *testing.T) {
	c := newClock()
	first, second := leafFor(t, "pc7", c.now(), nil), leafFor(t, "pc7", c.now(), nil)
	p := newPairFiles(t, first, 1)
	log, text := logs()
	f, err := FromFiles(p.cert, p.key, c.now, log)
	if err != nil {
		t.Fatal(err)
	}
	server := f.ServerConfig()
	breaks := map[string]func(){
		"new certificate, old key": func() { write(t, p.cert, certPEM(second, 1)) },
		"garbage":                  func() { write(t, p.cert, "garbage") },
		"gone":                     func() { os.Remove(p.key) },
	}
	for name, spoil := range breaks {
		spoil()
		text.Reset()
		for range 3 {
			c.add(recheck)
			if shown(t, server) != serial(first) {
				t.Errorf("%s: not the old certificate", name)
			}
		}
		if n := strings.Count(text.String(), "cannot be used"); n != 1 {
			t.Errorf("%s: logged %d times: %s", name, n, text)
		}
		p.replace(t, first, 1)
		c.add(recheck)
		shown(t, server)
	}
	p.replace(t, second, 1)
	c.add(recheck)
	if shown(t, server) != serial(second) {
		t.Error("the new certificate is not shown after all")
	}
}

// TestFilesAreLookedAtAfterTheClockWasSetBack, and not only when it has caught up again.
func TestFilesAreLookedAtAfterTheClockWasSetBack(t *testing.T) {
	c := newClock()
	first, second := leafFor(t, "pc7", c.now(), nil), leafFor(t, "pc7", c.now(), nil)
	p := newPairFiles(t, first, 1)
	server := p.open(t, c).ServerConfig()
	p.replace(t, second, 1)
	c.add(-time.Hour)
	if shown(t, server) != serial(second) {
		t.Error("the new certificate is not shown")
	}
}

// TestFilesThatCannotBeUsed: the server does not start, and the sentence names both files.
func TestFilesThatCannotBeUsed(t *testing.T) {
	c := newClock()
	one, two := leafFor(t, "pc7", c.now(), nil), leafFor(t, "pc7", c.now(), nil)
	p, q := newPairFiles(t, one, 1), newPairFiles(t, two, 1)
	for _, files := range []pairFiles{{p.cert, q.key}, {p.key, p.cert}, {p.cert, p.cert}, {"/nowhere", p.key}} {
		_, err := FromFiles(files.cert, files.key, c.now, silent())
		wantError(t, err, parley.CodeInvalid, files.cert, files.key)
	}
}

// TestFilesThatExpired are shown all the same, with a warning: the operator may have no others.
func TestFilesThatExpired(t *testing.T) {
	c := newClock()
	pair := leafFor(t, "pc7", c.now(), nil)
	p := newPairFiles(t, pair, 1)
	c.add(400 * day24)
	log, text := logs()
	if _, err := FromFiles(p.cert, p.key, c.now, log); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "not valid now") {
		t.Errorf("log: %s", text)
	}
}

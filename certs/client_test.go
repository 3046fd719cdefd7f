package certs

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley"
)

// TestFirstUse: the first time the authority is pinned and said so with the fingerprint that the server prints; from
// then on nothing is said, whatever form the address is typed in.
func TestFirstUse(t *testing.T) {
	c := newClock()
	a := authority(t, t.TempDir(), c)
	f := newFriend(t, c, "PC7:8001")
	f.mustJoin(a.ServerConfig())
	f.options.Address = "pc7.:8001"
	f.mustJoin(a.ServerConfig())
	if want := "pc7:8001 ca " + a.Fingerprint() + "\n"; f.pins() != want {
		t.Errorf("pins %q, want %q", f.pins(), want)
	}
	notice := "first time here: pinned the authority of pc7:8001, " + a.Fingerprint()
	if len(f.notices) != 1 || !strings.HasPrefix(f.notices[0], notice) {
		t.Errorf("notices: %q", f.notices)
	}
	wantPrivate(t, f.options.PinsFile)
}

// TestChangedAuthorityIsRefused: the sentence has both fingerprints and the line to remove, and after that it is the
// first time again.
func TestChangedAuthorityIsRefused(t *testing.T) {
	c := newClock()
	before, after := authority(t, t.TempDir(), c), authority(t, t.TempDir(), c)
	f := newFriend(t, c, "10.0.0.7:8001")
	f.setPins("# pins\nother:1 key sha256:" + strings.Repeat("0", 64)) // and no newline at the end
	f.mustJoin(before.ServerConfig())
	pins := f.pins()
	wantRefused(t, f.join(after.ServerConfig()), "the authority of 10.0.0.7:8001 has changed", before.Fingerprint(),
		after.Fingerprint(), "remove line 3 of "+f.options.PinsFile, "operator")
	if f.pins() != pins {
		t.Error("refusing changed the pins file")
	}
	f.setPins(pins[:strings.Index(pins, "10.0.0.7")])
	f.mustJoin(after.ServerConfig())
	if len(f.notices) != 2 {
		t.Errorf("notices: %q", f.notices)
	}
}

// TestOwnKeyIsPinned: of a server with --tls-cert that shows no authority the key is pinned. A certificate renewed for
// that key goes on, whatever its name and dates; another key is refused.
func TestOwnKeyIsPinned(t *testing.T) {
	c := newClock()
	ca := caNamed(t, "a company", c.now())
	pair := leafFor(t, "unrelated", c.now(), &ca)
	p := newPairFiles(t, pair, 1) // without the authority
	files := p.open(t, c)
	f := newFriend(t, c, "10.0.0.7:8001")
	f.mustJoin(files.ServerConfig())
	if want := "10.0.0.7:8001 key " + files.Fingerprint() + "\n"; f.pins() != want {
		t.Errorf("pins %q, want %q", f.pins(), want)
	}
	c.add(400 * day24)
	f.mustJoin(files.ServerConfig())
	p.replace(t, leafFor(t, "unrelated", c.now(), &ca), 1)
	c.add(recheck)
	wantRefused(t, f.join(files.ServerConfig()), "the key of 10.0.0.7:8001 has changed", files.Fingerprint())
}

// TestSelfSignedIsPinnedByItsKey: what `openssl req -x509` makes calls itself an authority and is none of its own.
func TestSelfSignedIsPinnedByItsKey(t *testing.T) {
	c := newClock()
	files := newPairFiles(t, caNamed(t, "pc7", c.now()), 1).open(t, c)
	f := newFriend(t, c, "10.0.0.7:8001")
	f.mustJoin(files.ServerConfig())
	if !strings.Contains(f.pins(), " key ") {
		t.Errorf("pins %q", f.pins())
	}
}

// TestAuthorityInTheFileIsPinned: with --tls-cert too, when the file ends in an authority, so that the certificate may
// be renewed with new keys; but then it has to be for the host, since that authority may certify others as well.
func TestAuthorityInTheFileIsPinned(t *testing.T) {
	c := newClock()
	ca := caNamed(t, "a company", c.now())
	p := newPairFiles(t, leafFor(t, "pc7", c.now(), &ca), 2)
	files := p.open(t, c)
	f := newFriend(t, c, "pc7:8001")
	f.mustJoin(files.ServerConfig())
	if want := "pc7:8001 ca " + files.Fingerprint() + "\n"; f.pins() != want {
		t.Errorf("pins %q, want %q", f.pins(), want)
	}
	p.replace(t, leafFor(t, "pc7", c.now(), &ca), 2)
	c.add(recheck)
	f.mustJoin(files.ServerConfig())
	p.replace(t, leafFor(t, "mallory", c.now(), &ca), 2)
	c.add(recheck)
	wantRefused(t, f.join(files.ServerConfig()), "not for pc7 but for mallory")
}

// TestPinnedAuthorityMustHaveSigned: showing the pinned authority beside a certificate that it did not sign is no use.
func TestPinnedAuthorityMustHaveSigned(t *testing.T) {
	c := newClock()
	a := authority(t, t.TempDir(), c)
	f := newFriend(t, c, "pc7:8001")
	f.mustJoin(a.ServerConfig())
	forged := leafFor(t, "pc7", c.now(), nil)
	forged.Certificate = append(forged.Certificate, a.root.Certificate[0])
	server := &tls.Config{Certificates: []tls.Certificate{forged}}
	wantRefused(t, f.join(server), "not signed by the pinned authority")
}

// TestExpiredIsRefused: a pinned authority's certificate has to be of now, and the sentence thinks of a wrong clock.
func TestExpiredIsRefused(t *testing.T) {
	c := newClock()
	a := authority(t, t.TempDir(), c)
	f := newFriend(t, c, "10.0.0.7:8001")
	f.mustJoin(a.ServerConfig())
	stopped := newClock() // the server's clock stands still
	a.now = stopped.now
	c.add(91 * day24)
	wantRefused(t, f.join(a.ServerConfig()), "until 2026-05-30 12:00 UTC", "the clock here says 2026-05-31 12:00 UTC")
	fresh := newFriend(t, c, "10.0.0.7:8001")
	wantRefused(t, fresh.join(a.ServerConfig()), "the clock here says")
}

// TestSystemTrust: who is trusted by the system needs no pin, and an older pin does not stand against it.
func TestSystemTrust(t *testing.T) {
	c := newClock()
	root := caNamed(t, "a public authority", c.now())
	files := newPairFiles(t, leafFor(t, "chat.example", c.now(), &root), 1).open(t, c)
	f := newFriend(t, c, "chat.example:8001")
	f.mustJoin(authorityNamed(t, c, "chat.example").ServerConfig()) // as it was before it had a public certificate
	pins := f.pins()
	f.options.Roots = poolOf(root.Leaf)
	f.mustJoin(files.ServerConfig())
	if len(f.notices) != 1 || f.pins() != pins {
		t.Errorf("notices %q, pins %q", f.notices, f.pins())
	}
	f = newFriend(t, c, "chat.example:8001")
	f.options.Roots = poolOf(root.Leaf)
	f.mustJoin(files.ServerConfig())
	if len(f.notices) != 0 || f.pins() != "" {
		t.Errorf("notices %q, pins %q", f.notices, f.pins())
	}
	f.options.Address = "10.0.0.7:8001" // a host that the certificate is not for: the system's trust does not hold
	f.mustJoin(files.ServerConfig())
	if len(f.notices) != 1 {
		t.Errorf("notices %q", f.notices)
	}
}

// authorityNamed opens a new authority on a computer of that name.
func authorityNamed(t *testing.T, c *clock, name string) *Authority {
	t.Helper()
	a, err := openAuthority(t.TempDir(), c.now, silent(), &computer{names: []string{name}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestHostIsVerifiedAndAddressIsPinned: the two differ where a name was resolved before dialling.
func TestHostIsVerifiedAndAddressIsPinned(t *testing.T) {
	c := newClock()
	a := authority(t, t.TempDir(), c)
	f := newFriend(t, c, "192.0.2.1:8001")
	f.options.Host = "pc7"
	config, err := ClientConfig(f.options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := shake(t, a.ServerConfig(), config, "10.0.0.7:8001"); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(f.pins(), "192.0.2.1:8001 ca ") {
		t.Errorf("pins %q", f.pins())
	}
}

// TestCAFile: that file alone decides, for names and dates as well, and nothing is pinned.
func TestCAFile(t *testing.T) {
	c := newClock()
	dir := t.TempDir()
	a := authority(t, dir, c)
	f := newFriend(t, c, "pc7:8001")
	f.options.CAFile = filepath.Join(dir, "ca.pem")
	f.options.PinsFile = ""
	f.mustJoin(a.ServerConfig())
	if len(f.notices) != 0 {
		t.Errorf("notices %q", f.notices)
	}
	other := authority(t, t.TempDir(), c)
	f.options.Roots = poolOf(other.root.Leaf) // the system's trust does not count
	wantRefused(t, f.join(other.ServerConfig()), "not signed by anyone in "+f.options.CAFile)
	f.options.Address = "bank.example:8001"
	wantRefused(t, f.join(a.ServerConfig()), "not for bank.example")
}

// TestCAFileWithTheServersOwnCertificate: a self-signed one can be given as it is.
func TestCAFileWithTheServersOwnCertificate(t *testing.T) {
	c := newClock()
	p := newPairFiles(t, leafFor(t, "pc7", c.now(), nil), 1)
	f := newFriend(t, c, "pc7:8001")
	f.options.CAFile = p.cert
	f.mustJoin(p.open(t, c).ServerConfig())
}

// TestInsecure: everybody is trusted, which is said for each connection, and nothing is pinned.
func TestInsecure(t *testing.T) {
	c := newClock()
	f := newFriend(t, c, "bank.example:8001")
	f.options.Insecure = true
	for range 2 {
		f.mustJoin(authority(t, t.TempDir(), c).ServerConfig())
	}
	if len(f.notices) != 2 || !strings.Contains(f.notices[1], "not verified") {
		t.Errorf("notices %q", f.notices)
	}
	if f.pins() != "" {
		t.Errorf("pins %q", f.pins())
	}
}

// TestClientOptionsThatAreOfNoUse are told before anybody is dialled.
func TestClientOptionsThatAreOfNoUse(t *testing.T) {
	c := newClock()
	empty := filepath.Join(t.TempDir(), "empty.pem")
	write(t, empty, "")
	someCert := newPairFiles(t, leafFor(t, "x", c.now(), nil), 1).cert
	tests := map[string]struct {
		change func(*ClientOptions)
		say    string
	}{
		"no port":           {func(o *ClientOptions) { o.Address = "pc7" }, "not a host and a port"},
		"no host":           {func(o *ClientOptions) { o.Address = ":8001" }, "not a host and a port"},
		"a line break":      {func(o *ClientOptions) { o.Address = "a\nb:8001" }, "not a host and a port"},
		"a bad host":        {func(o *ClientOptions) { o.Host = "a b" }, "not a host and a port"},
		"both":              {func(o *ClientOptions) { o.Insecure, o.CAFile = true, empty }, "not both"},
		"no CA":             {func(o *ClientOptions) { o.CAFile = "/nowhere/ca.pem" }, "cannot be read"},
		"an empty CA":       {func(o *ClientOptions) { o.CAFile = empty }, "holds no certificate"},
		"nowhere for pins":  {func(o *ClientOptions) { o.PinsFile = "" }, "no file"},
		"pins that are PEM": {func(o *ClientOptions) { o.PinsFile = someCert }, "line 1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFriend(t, c, "pc7:8001")
			test.change(&f.options)
			_, err := ClientConfig(f.options)
			wantError(t, err, parley.CodeInvalid, test.say)
		})
	}
}

// TestDamagedPinsFile: nobody is trusted on first use while it cannot be known whether it is the first.
func TestDamagedPinsFile(t *testing.T) {
	c := newClock()
	server := authority(t, t.TempDir(), c).ServerConfig()
	zeros := strings.Repeat("0", 64)
	for _, line := range []string{
		"garbage",
		"pc7:8001 ca",
		"pc7:8001 ca sha256:" + zeros + " more",
		"pc7:8001 dog sha256:" + zeros,
		"pc7:8001 ca md5:" + zeros,
		"pc7:8001 ca sha256:" + zeros[1:],
		"pc7:8001 ca sha256:" + zeros[1:] + "g",
		"pc7 ca sha256:" + zeros,
		"OTHER.:1 ca sha256:" + zeros, // the line before, once more
		"\x1b[2J \xff",
	} {
		f := newFriend(t, c, "10.0.0.7:8001")
		config, err := ClientConfig(f.options)
		if err != nil {
			t.Fatal(err)
		}
		f.setPins("\nother:1 ca sha256:" + zeros + "\n" + line + "\n")
		before := f.pins()
		_, err = ClientConfig(f.options)
		wantError(t, err, parley.CodeInvalid, f.options.PinsFile, "line 3")
		_, err = shake(t, server, config, "10.0.0.7:8001") // damaged after it was read
		wantError(t, err, parley.CodeInvalid, "line 3")
		if f.pins() != before {
			t.Errorf("%q: the file was changed", line)
		}
	}
}

// TestPinThatCannotBeKept: a server that cannot be remembered is not trusted.
func TestPinThatCannotBeKept(t *testing.T) {
	c := newClock()
	f := newFriend(t, c, "10.0.0.7:8001")
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	config, err := ClientConfig(f.options)
	if err != nil {
		t.Fatal(err)
	}
	// A file where the folder of the pins should be.
	if err := os.Rename(file, filepath.Dir(f.options.PinsFile)); err != nil {
		t.Fatal(err)
	}
	_, err = shake(t, authority(t, t.TempDir(), c).ServerConfig(), config, "10.0.0.7:8001")
	wantError(t, err, parley.CodeStore, f.options.PinsFile)
	if len(f.notices) != 0 {
		t.Errorf("notices %q", f.notices)
	}
}

// TestManyClientsPinAtOnce: with one pins file and several servers, every server is pinned once, by the one that says
// so.
func TestManyClientsPinAtOnce(t *testing.T) {
	c := newClock()
	a := authority(t, t.TempDir(), c)
	file := filepath.Join(t.TempDir(), "pins")
	var mu sync.Mutex
	var notices []string
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			address := fmt.Sprintf("10.0.0.7:%d", 8001+i%3)
			o := ClientOptions{Address: address, PinsFile: file, Roots: x509.NewCertPool(), Now: c.now}
			o.Notice = func(line string) {
				mu.Lock()
				defer mu.Unlock()
				notices = append(notices, line)
			}
			config, err := ClientConfig(o)
			if err == nil {
				_, err = shake(t, a.ServerConfig(), config, address)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(notices) != 3 {
		t.Errorf("notices %q", notices)
	}
	data, err := os.ReadFile(file)
	if entries, parseErr := parsePins(data); err != nil || parseErr != nil || len(entries) != 3 {
		t.Errorf("pins %q, %v, %v", data, err, parseErr)
	}
}

// TestSecondOfTwoFirstUsesIsHeldAgainstTheFirst: a client that found no pin, and finds one when it comes to write its
// own, trusts what is there and not what it saw.
func TestSecondOfTwoFirstUsesIsHeldAgainstTheFirst(t *testing.T) {
	c := newClock()
	real, false := authority(t, t.TempDir(), c), authority(t, t.TempDir(), c)
	f := newFriend(t, c, "10.0.0.7:8001")
	f.mustJoin(real.ServerConfig())
	s, err := newServer(f.options)
	if err != nil {
		t.Fatal(err)
	}
	late := &firstUse{server: s, roots: f.options.Roots, pins: pinsFile(f.options.PinsFile)}
	pair, err := false.certificate(&tls.ClientHelloInfo{Conn: at{local: "10.0.0.7:8001"}})
	if err != nil {
		t.Fatal(err)
	}
	wantRefused(t, late.pin([]*x509.Certificate{pair.Leaf, false.root.Leaf}), "has changed", real.Fingerprint())
}

// TestServerWithoutItsKey: who shows a copied chain and does not hold the key is refused by TLS itself.
func TestServerWithoutItsKey(t *testing.T) {
	c := newClock()
	a := authority(t, t.TempDir(), c)
	f := newFriend(t, c, "10.0.0.7:8001")
	f.mustJoin(a.ServerConfig())
	copied := leafFor(t, "pc7", c.now(), nil)
	copied.Certificate = a.leaf.pair.Certificate
	if err := f.join(&tls.Config{Certificates: []tls.Certificate{copied}}); err == nil || errors.Is(err, ErrUntrusted) {
		t.Errorf("got %v", err)
	}
}

// TestNamesInACertificateAreCleaned: they are a stranger's and are shown on a terminal.
func TestNamesInACertificateAreCleaned(t *testing.T) {
	c := newClock()
	f := newFriend(t, c, "pc7:8001")
	cert := leafFor(t, "other", c.now(), nil).Leaf
	cert.DNSNames = append([]string{"x\x1b[2J\ny"}, make([]string, 5000)...)
	s, err := newServer(f.options)
	if err != nil {
		t.Fatal(err)
	}
	err = s.verifyBy(poolOf(cert), []*x509.Certificate{cert}, "itself")
	wantRefused(t, err, "not for pc7")
	if n := len(parley.Sentence(err)); n > 300 {
		t.Errorf("a sentence of %d bytes", n)
	}
}

// FuzzPins: whatever the file holds, reading it ends in entries or in an error that names a line, and entries written
// back read the same.
func FuzzPins(f *testing.F) {
	zeros := strings.Repeat("0", 64)
	f.Add("pc7:8001 ca sha256:" + zeros + "\n[::1]:443 key sha256:" + zeros)
	f.Add("# nothing\n\n \t\r\n")
	f.Add("a:1 ca sha256:" + zeros + "\nA.:1 ca sha256:" + zeros)
	f.Fuzz(func(t *testing.T, text string) {
		entries, err := parsePins([]byte(text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Errorf("no line in %q", err)
			}
			return
		}
		var again strings.Builder
		for _, e := range entries {
			fmt.Fprintf(&again, "%s %s\n", e.address, e.pin)
		}
		back, err := parsePins([]byte(again.String()))
		if err != nil || len(back) != len(entries) {
			t.Fatalf("%q: %v", again.String(), err)
		}
		for i := range back {
			if back[i].address != entries[i].address || back[i].pin != entries[i].pin {
				t.Errorf("%v became %v", entries[i], back[i])
			}
		}
	})
}

package certs

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"parley"
)

// TestAuthorityCertifiesItsMachine: names, addresses of interfaces and loopback are good from the first handshake on,
// and nothing else is.
func TestAuthorityCertifiesItsMachine(t *testing.T) {
	c := newClock()
	server := authority(t, t.TempDir(), c).ServerConfig()
	for _, host := range []string{"pc7", "PC7.School.Example.", "localhost", "127.0.0.1", "[::1]", "10.0.0.7"} {
		f := newFriend(t, c, host+":8001")
		f.mustJoin(server)
	}
	f := newFriend(t, c, "bank.example:8001")
	wantRefused(t, f.join(server), "not for bank.example but for pc7, pc7.school.example, localhost, 127.0.0.1, ::1, ",
		"10.0.0.7")
	if f.pins() != "" {
		t.Errorf("a server that was refused is pinned: %q", f.pins())
	}
}

// TestAuthoritySignsNoNameThatAClientAsksFor: whoever connects with any name in SNI gets a certificate for the machine.
// So somebody whose browser trusts the authority cannot be led here under another site's name.
func TestAuthoritySignsNoNameThatAClientAsksFor(t *testing.T) {
	c := newClock()
	a := authority(t, t.TempDir(), c)
	for _, name := range []string{"bank.example", "pc7.evil.example", "xn--bcher-kva.example", strings.Repeat("a", 300)} {
		client := &tls.Config{ServerName: name, InsecureSkipVerify: true}
		state, err := shake(t, a.ServerConfig(), client, "10.0.0.7:8001")
		if err != nil {
			t.Fatal(err)
		}
		if got := state.PeerCertificates[0].DNSNames; len(got) != 3 {
			t.Errorf("SNI %q: a certificate for %q", name, got)
		}
	}
}

// TestAuthorityFollowsNewAddresses: an address that the machine gets later, or one of 127.0.0.0/8 that no interface
// lists, is certified when the first connection comes in on it, and the ones before stay good.
func TestAuthorityFollowsNewAddresses(t *testing.T) {
	c := newClock()
	machine := pc7()
	a, err := openAuthority(t.TempDir(), c.now, silent(), machine)
	if err != nil {
		t.Fatal(err)
	}
	server := a.ServerConfig()
	alice := newFriend(t, c, "10.0.0.7:8001")
	alice.mustJoin(server)
	machine.addresses = append(machine.addresses, netip.MustParseAddr("10.1.1.1"), netip.MustParseAddr("fe80::7"))
	for _, address := range []string{"10.1.1.1:8001", "127.0.0.11:8001", "127.0.0.12:8001", "[fe80::7%eth0]:8001"} {
		newFriend(t, c, address).mustJoin(server)
	}
	alice.mustJoin(server)
	if len(alice.notices) != 1 {
		t.Errorf("a client of the first address noticed: %q", alice.notices)
	}
}

// TestAuthorityRemembersFewAddresses: dialling all of 127.0.0.0/8 makes neither the certificate nor the memory grow,
// and each address works all the same.
func TestAuthorityRemembersFewAddresses(t *testing.T) {
	c := newClock()
	a := authority(t, t.TempDir(), c)
	for i := range 200 {
		hello := &tls.ClientHelloInfo{Conn: at{local: fmt.Sprintf("127.0.1.%d:8001", i)}}
		pair, err := a.certificate(hello)
		if err != nil {
			t.Fatal(err)
		}
		if err := pair.Leaf.VerifyHostname(fmt.Sprintf("127.0.1.%d", i)); err != nil {
			t.Fatal(err)
		}
		if n := len(pair.Leaf.IPAddresses); n > 3+maxReached {
			t.Fatalf("%d addresses in the certificate", n)
		}
	}
}

// TestAuthorityOnAMachineWithThousandsOfAddresses: the certificate stays small and holds the one that counts.
func TestAuthorityOnAMachineWithThousandsOfAddresses(t *testing.T) {
	c := newClock()
	machine := pc7()
	for i := range 5000 {
		machine.addresses = append(machine.addresses, netip.AddrFrom4([4]byte{172, 17, byte(i >> 8), byte(i)}))
	}
	a, err := openAuthority(t.TempDir(), c.now, silent(), machine)
	if err != nil {
		t.Fatal(err)
	}
	f := newFriend(t, c, "172.17.19.100:8001")
	f.mustJoin(a.ServerConfig())
	if n := len(a.leaf.pair.Leaf.IPAddresses); n > 2+maxInterfaces+maxReached {
		t.Errorf("%d addresses in the certificate", n)
	}
}

// TestAuthorityCertifiesWhatTheOperatorNames: an alias or the address of a router in front, added at any time.
func TestAuthorityCertifiesWhatTheOperatorNames(t *testing.T) {
	c := newClock()
	a := authority(t, t.TempDir(), c)
	f := newFriend(t, c, "chat.school.example:8001")
	wantRefused(t, f.join(a.ServerConfig()), "not for chat.school.example")
	if err := a.AddNames("Chat.School.Example.", "203.0.113.5"); err != nil {
		t.Fatal(err)
	}
	f.mustJoin(a.ServerConfig())
	f = newFriend(t, c, "203.0.113.5:443")
	config, err := ClientConfig(f.options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := shake(t, a.ServerConfig(), config, "10.0.0.7:8001"); err != nil {
		t.Errorf("the router's address: %v", err)
	}
	for _, bad := range []string{"", "a b", "*.example", "a..b", "ä.example", "x\x1b[2J"} {
		wantError(t, a.AddNames("good.example", bad), parley.CodeInvalid, "not a host name")
	}
}

// TestAuthorityRenewsOverYears: whoever pinned the authority on the first day joins every week for ten years, across
// restarts of the server, and is told nothing further. Then the authority is over, and server and client say so.
func TestAuthorityRenewsOverYears(t *testing.T) {
	c := newClock()
	dir := t.TempDir()
	a := authority(t, dir, c)
	f := newFriend(t, c, "10.0.0.7:8001")
	seen := make(map[string]bool)
	end := a.root.Leaf.NotAfter
	for week := 0; c.now().Before(end); week++ {
		if week%100 == 99 {
			a = authority(t, dir, c)
		}
		f.mustJoin(a.ServerConfig())
		seen[a.leaf.pair.Leaf.SerialNumber.String()] = true
		if left := a.leaf.pair.Leaf.NotAfter.Sub(c.now()); left < 30*day24-7*day24 && end.Sub(c.now()) > leafLife {
			t.Fatalf("%s: the certificate has %s left", c.now(), left)
		}
		c.add(7 * day24)
	}
	if len(f.notices) != 1 || !strings.Contains(f.notices[0], "first time here") {
		t.Errorf("notices: %q", f.notices)
	}
	if len(seen) < 55 || len(seen) > 80 {
		t.Errorf("%d certificates in ten years", len(seen))
	}
	if err := f.join(a.ServerConfig()); err == nil {
		t.Error("joined with an authority that is over")
	}
	_, err := openAuthority(dir, c.now, silent(), pc7())
	wantError(t, err, parley.CodeInvalid, "expired on 2036-03-01", "ca.pem", "ca-key.pem")
}

// TestAuthorityToleratesSkewedClocks: a client whose clock is most of a day behind joins; a server whose clock was set
// back makes a new certificate.
func TestAuthorityToleratesSkewedClocks(t *testing.T) {
	c := newClock()
	a := authority(t, t.TempDir(), c)
	behind := newClock()
	behind.add(-20 * day24 / 24)
	newFriend(t, behind, "10.0.0.7:8001").mustJoin(a.ServerConfig())

	later := newClock()
	later.add(5 * day24)
	b := authority(t, t.TempDir(), later)
	newFriend(t, later, "10.0.0.7:8001").mustJoin(b.ServerConfig())
	first := b.leaf
	later.add(-30 * day24)
	if _, err := b.certificate(&tls.ClientHelloInfo{Conn: at{local: "10.0.0.7:8001"}}); err != nil || b.leaf == first {
		t.Errorf("no new certificate after the clock was set back: %v", err)
	}
}

// TestAuthorityWarnsInItsLastYear so that nobody is surprised.
func TestAuthorityWarnsInItsLastYear(t *testing.T) {
	c := newClock()
	dir := t.TempDir()
	authority(t, dir, c)
	c.t = c.t.AddDate(9, 1, 0)
	log, text := logs()
	if _, err := openAuthority(dir, c.now, log, pc7()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "expires soon") {
		t.Errorf("log: %s", text)
	}
}

// TestAuthorityIsKept: reopened it is the same; its files are as the package says.
func TestAuthorityIsKept(t *testing.T) {
	c := newClock()
	dir := filepath.Join(t.TempDir(), "data", "tls")
	a := authority(t, dir, c)
	if b := authority(t, dir, c); a.Fingerprint() != b.Fingerprint() {
		t.Error("another authority after reopening")
	}
	data, err := os.ReadFile(filepath.Join(dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	sum := sha256.Sum256(block.Bytes)
	if want := "sha256:" + hex.EncodeToString(sum[:]); a.Fingerprint() != want {
		t.Errorf("fingerprint %s, want %s", a.Fingerprint(), want)
	}
	root, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if !root.IsCA || root.MaxPathLen != 0 || root.KeyUsage != x509.KeyUsageCertSign || root.NotAfter.Year() != 2036 {
		t.Errorf("CA %t, path length %d, usage %b, until %s", root.IsCA, root.MaxPathLen, root.KeyUsage, root.NotAfter)
	}
	if names := filesIn(t, dir); names != "ca-key.pem ca.pem" {
		t.Errorf("in the folder: %s", names)
	}
	wantPrivate(t, filepath.Join(dir, "ca-key.pem"))
}

func filesIn(t *testing.T, dir string) string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

// TestAuthorityKeyIsTightened: a key that others may read is made private, and the log says that it was not.
func TestAuthorityKeyIsTightened(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no file modes")
	}
	c := newClock()
	dir := t.TempDir()
	authority(t, dir, c)
	key := filepath.Join(dir, "ca-key.pem")
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	log, text := logs()
	if _, err := openAuthority(dir, c.now, log, pc7()); err != nil {
		t.Fatal(err)
	}
	wantPrivate(t, key)
	if !strings.Contains(text.String(), "could be read by others") {
		t.Errorf("log: %s", text)
	}
}

// TestAuthorityMakingWasInterrupted: after a crash between the two files, or in the middle of one, the next start makes
// a whole authority, and nothing is left over.
func TestAuthorityMakingWasInterrupted(t *testing.T) {
	c := newClock()
	for _, debris := range []string{"ca-key.pem", "ca-key.pem.new"} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, debris), "-----BEGIN PRIV")
		a := authority(t, dir, c)
		newFriend(t, c, "10.0.0.7:8001").mustJoin(a.ServerConfig())
		if names := filesIn(t, dir); names != "ca-key.pem ca.pem" {
			t.Errorf("after %s: %s", debris, names)
		}
	}
}

// TestAuthorityFilesThatCannotBeUsed: one sentence each, and nothing is overwritten.
func TestAuthorityFilesThatCannotBeUsed(t *testing.T) {
	c := newClock()
	other := t.TempDir()
	authority(t, other, c)
	leaf := leafFor(t, "pc7", c.now(), nil)
	tests := map[string]struct {
		spoil func(f rootFiles)
		code  parley.Code
		say   string
	}{
		"no key":       {func(f rootFiles) { os.Remove(f.key()) }, parley.CodeInvalid, "put the key back"},
		"other key":    {func(f rootFiles) { copyFile(t, rootFiles{other}.key(), f.key()) }, parley.CodeInvalid, "not match"},
		"other cert":   {func(f rootFiles) { copyFile(t, rootFiles{other}.cert(), f.cert()) }, parley.CodeInvalid, "not match"},
		"garbage":      {func(f rootFiles) { write(t, f.cert(), "\x00\x1b[2J") }, parley.CodeInvalid, "cannot be used"},
		"empty":        {func(f rootFiles) { write(t, f.key(), "") }, parley.CodeInvalid, "cannot be used"},
		"no authority": {func(f rootFiles) { pairFiles{f.cert(), f.key()}.replace(t, leaf, 1) }, parley.CodeInvalid, "not the"},
		"a folder": {func(f rootFiles) {
			os.Remove(f.cert())
			os.Mkdir(f.cert(), 0o700)
		}, parley.CodeStore, "cannot be read"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			authority(t, dir, c)
			test.spoil(rootFiles{dir})
			before, _ := os.ReadFile(filepath.Join(dir, "ca.pem"))
			_, err := openAuthority(dir, c.now, silent(), pc7())
			wantError(t, err, test.code, test.say)
			if after, _ := os.ReadFile(filepath.Join(dir, "ca.pem")); !bytes.Equal(before, after) {
				t.Error("ca.pem was overwritten")
			}
		})
	}
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	_, err := openAuthority(filepath.Join(file, "tls"), c.now, silent(), pc7())
	wantError(t, err, parley.CodeStore, "certificate authority cannot be")
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	write(t, to, string(data))
}

// TestServerVersions: 1.3 where both know it, 1.2 where the client does not, nothing older, and no session to resume.
func TestServerVersions(t *testing.T) {
	c := newClock()
	server := authority(t, t.TempDir(), c).ServerConfig()
	for _, test := range []struct{ most, want uint16 }{
		{0, tls.VersionTLS13}, {tls.VersionTLS12, tls.VersionTLS12}, {tls.VersionTLS11, 0},
	} {
		f := newFriend(t, c, "10.0.0.7:8001")
		client, err := ClientConfig(f.options)
		if err != nil {
			t.Fatal(err)
		}
		client.MinVersion, client.MaxVersion = tls.VersionTLS10, test.most
		client.ClientSessionCache = tls.NewLRUClientSessionCache(1)
		for range 2 {
			state, err := shake(t, server, client, "10.0.0.7:8001")
			if (err == nil) != (test.want != 0) || err == nil && (state.Version != test.want || state.DidResume) {
				t.Errorf("client up to %x: version %x, resumed %t, %v", test.most, state.Version, state.DidResume, err)
			}
		}
	}
}

// TestMachine: what this machine says of itself can stand in a certificate.
func TestMachine(t *testing.T) {
	names := host{}.Names()
	for _, n := range names {
		if !isDNSName(n) || n != strings.ToLower(n) {
			t.Errorf("not a name for a certificate: %q", n)
		}
	}
	if names[len(names)-1] != "localhost" {
		t.Errorf("names: %q", names)
	}
	for _, a := range (host{}).Addresses() {
		if a.Zone() != "" || a.Is4In6() || net.IP(a.AsSlice()) == nil {
			t.Errorf("not an address for a certificate: %s", a)
		}
	}
}

package client

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/certs"
)

// identity makes a certificate for 127.0.0.1 that signs itself, and who trusts it.
func identity(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}, pool
}

// secured makes a fake server speak TLS.
func (s *fakeServer) secured(certificate tls.Certificate) *fakeServer {
	return &fakeServer{s.t, tls.NewListener(s.Listener, &tls.Config{Certificates: []tls.Certificate{certificate}})}
}

// welcomeOne answers one client of a TLS server, which does nothing before somebody reads or writes.
func (s *fakeServer) welcomeOne() <-chan *served {
	came := make(chan *served, 1)
	go func() {
		conn, err := s.Accept()
		if err != nil {
			return
		}
		c := &served{s.t, conn}
		_, _ = c.Write([]byte("welcome\n"))
		came <- c
	}()
	return came
}

func TestPlainOverTLS(t *testing.T) {
	certificate, pool := identity(t)
	server := listen(t, "127.0.0.1:0").secured(certificate)
	came := server.welcomeOne()
	target := server.target(SchemePlain)
	target.TLS = true
	j := join(t, Options{Target: target, TLS: &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}})
	c := <-came
	j.expect(Connected{server.Addr().String()}, Line{"welcome"})
	j.do(j.Say(t.Context(), "hello"))
	c.expect("hello\n")
	c.say("<bob> :h")
	c.say("i\n")
	j.expect(Message{From: "bob", Text: "hi"})
	closed := make(chan struct{})
	go func() { j.Close(); close(closed) }()
	c.expectEnd()
	_ = c.Close()
	if err := j.expectEnd(); err != nil {
		t.Errorf("it ended because %v", err)
	}
	<-closed
}

func TestServerThatIsNotTrustedAnyMoreIsNotTriedAgain(t *testing.T) {
	certificate, pool := identity(t)
	server := listen(t, "127.0.0.1:0").secured(certificate)
	came := server.welcomeOne()
	target := server.target(SchemePlain)
	target.TLS = true
	trusted := true
	j := join(t, Options{Target: target, TLS: &tls.Config{
		RootCAs: pool, ServerName: "127.0.0.1",
		VerifyConnection: func(tls.ConnectionState) error {
			if !trusted {
				return parley.Wrap(parley.CodeHandshake, certs.ErrUntrusted, "the key has changed")
			}
			trusted = false
			return nil
		},
	}})
	c := <-came
	j.expect(Connected{server.Addr().String()}, Line{"welcome"})
	server.welcomeOne()
	_ = c.Close()
	j.expectLost("the server has closed it")
	if err := j.expectEnd(); err == nil || parley.Sentence(err) != "the key has changed" {
		t.Errorf("it ended because %v", err)
	}
}

func TestWhyThereIsNoConnection(t *testing.T) {
	closed := listen(t, "127.0.0.1:0")
	_ = closed.Close()
	plain := listen(t, "127.0.0.1:0")
	go func() {
		if conn, err := plain.Accept(); err == nil {
			_, _ = conn.Write([]byte("welcome\n"))
			_, _ = conn.Read(make([]byte, 1000))
			_ = conn.Close()
		}
	}()
	full := listen(t, "127.0.0.1:0")
	go func() {
		if conn, err := full.Accept(); err == nil {
			_ = conn.Close()
		}
	}()
	fullOverTLS := full.target(SchemePlain)
	fullOverTLS.TLS = true
	overTLS := plain.target(SchemePlain)
	overTLS.TLS = true
	for want, o := range map[string]Options{
		"cannot connect to " + closed.Addr().String() + ": ": {Target: closed.target(SchemePlain)},
		"cannot connect to " + plain.Addr().String() + ": it does not speak TLS": {
			Target: overTLS, TLS: &tls.Config{InsecureSkipVerify: true}},
		": the server closed the connection before TLS had begun; it may be full": {
			Target: fullOverTLS, TLS: &tls.Config{InsecureSkipVerify: true}},
		": 192.0.2.1 is no address of this machine": {Target: plain.target(SchemePlain), Bind: netip.MustParseAddr("192.0.2.1")},
	} {
		o.Files = NewFolder(t.TempDir())
		_, err := Open(t.Context(), o)
		if err == nil || !strings.Contains(parley.Sentence(err), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestBindChoosesTheLocalAddress(t *testing.T) {
	needManyLoopbacks(t)
	server := listen(t, "127.0.0.1:0")
	target := server.target(SchemePlain)
	target.Host = "localhost" // which is looked up
	folder := NewFolder("")
	j := join(t, Options{Target: target, Bind: netip.MustParseAddr("127.0.0.11"), Files: folder})
	c := server.accept()
	if got := addressOf(c.RemoteAddr()).String(); got != "127.0.0.11" || folder.Path() != got {
		t.Errorf("it comes from %s, with the folder %s", got, folder.Path())
	}
	c.say("welcome\n")
	j.expect(Connected{target.Address() + " (127.0.0.1)"}, Line{"welcome"})
}

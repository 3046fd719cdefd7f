package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// serveWith gives the options of `parley serve` with these settings and arguments.
func serveWith(t *testing.T, yaml string, args ...string) (*serveOptions, error) {
	t.Helper()
	o, command := newServeOptions(), &cobra.Command{}
	o.define(command.Flags())
	if err := command.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	err := settings{path: "parley.yaml", flags: command.Flags()}.apply([]byte(yaml))
	if err != nil && (strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "parley.yaml:")) {
		t.Errorf("not one line that begins with the file: %q", err)
	}
	return o, err
}

func TestSettingsAreTheFlags(t *testing.T) {
	o, err := serveWith(t, `
# the school's server
listen:
  - plain://0.0.0.0:8001?welcome=hi,%20there
  - "roster://0.0.0.0:5000"
data: /srv/parley
share: 'what we share'
tls-cert: chain.pem
tls-key: key.pem
file-limit: 500MB
quota: 1000000
console: false
log-format: json
log-level: debug
`)
	if err != nil {
		t.Fatal(err)
	}
	listen := []string{"plain://0.0.0.0:8001?welcome=hi,%20there", "roster://0.0.0.0:5000"}
	if !slices.Equal(o.server.Listen, listen) {
		t.Errorf("listen: %q", o.server.Listen)
	}
	got := []any{o.server.Data, o.server.Share, o.server.TLSCert, o.server.TLSKey, o.server.FileLimit, o.server.Quota,
		o.console.or(true), o.logFormat.value, o.logLevel.value}
	want := []any{"/srv/parley", "what we share", "chain.pem", "key.pem", int64(500e6), int64(1e6),
		false, "json", "debug"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestFlagsWinOverSettings(t *testing.T) {
	o, err := serveWith(t, "listen: [plain://a:1, plain://b:2]\ndata: here\nquota: 5GiB\n",
		"--listen", "plain://c:3", "--data", "")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(o.server.Listen, []string{"plain://c:3"}) || o.server.Data != "" || o.server.Quota != 5<<30 {
		t.Errorf("got %+v", o.server)
	}
}

func TestOneListenerNeedsNoList(t *testing.T) {
	o, err := serveWith(t, "listen: plain://a:1\n")
	if err != nil || !slices.Equal(o.server.Listen, []string{"plain://a:1"}) {
		t.Errorf("%q, %v", o.server.Listen, err)
	}
}

func TestEmptySettingsSetNothing(t *testing.T) {
	for _, yaml := range []string{"", "\n", "# nothing yet\n", "---\n"} {
		if o, err := serveWith(t, yaml); err != nil || len(o.server.Listen) > 0 { // the server has its own
			t.Errorf("%q: %v", yaml, err)
		}
	}
}

func TestWrongSettingsNameTheLine(t *testing.T) {
	const known = "listen, lan, data, admit, rooms-by, public-name, share, tls-cert, tls-key, file-limit, quota, capture, tap, console, log-format, log-level"
	for yaml, want := range map[string]string{
		"data: x\n\nlisten-to: y\n":     `:3: there is no setting "listen-to"; there are ` + known,
		"data: x\nconfig: y\n":          `:2: there is no setting "config"; there are ` + known,
		"Data: x\n":                     `:1: there is no setting "Data"; there are ` + known,
		"# sizes\nquota: plenty\n":      `:2: quota: takes a size such as 8GiB, 500MB or 1000000, not "plenty"`,
		"quota: -1\n":                   `:1: quota: takes a size such as 8GiB, 500MB or 1000000, not "-1"`,
		"file-limit: 0\n":               `:1: file-limit: 0 is too small`,
		"console: maybe\n":              `:1: console: takes true or false, not "maybe"`,
		"log-format: xml\n":             `:1: log-format: takes text or json, not "xml"`,
		"\n\ndata:\n":                   `:3: data has no value`,
		"data:\n  - a\n  - b\n":         `:2: data takes one value, not a list`,
		"listen:\n  - a\n  - b: c\n":    `:3: listen takes a plain value`,
		"share: {dir: x}\n":             `:1: share takes a plain value`,
		"- a\n- b\n":                    `:1: settings are written as NAME: VALUE`,
		"serve\n":                       `:1: settings are written as NAME: VALUE`,
		"data: a\nshare: b\ndata: c\n":  `:3: mapping key "data" already defined at [1:1]`,
		"data: a\nshare: \"b\nquota: 1": `:2: could not find end character of double-quoted text`,
		"data: *nowhere\n":              `:1: data takes a plain value`,
	} {
		_, err := serveWith(t, yaml)
		if err == nil {
			t.Errorf("%q: no error", yaml)
			continue
		}
		if _, got, _ := strings.Cut(err.Error(), "parley.yaml"); got != want {
			t.Errorf("%q\ngives %s\nwant  %s", yaml, got, want)
		}
	}
}

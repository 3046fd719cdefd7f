package parley_test

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mayImport says what each package may import besides the standard library: packages of Parley by their full path,
// those of others by their module or a part of it. It is the architecture: everything knows the root, which knows
// nobody; what lies side by side does not know each other; the server wires it all together; and whatever runs on the
// client's side does not know the server's. A new package, or a new direction, is a decision that begins with a line
// here.
var mayImport = map[string][]string{
	"parley": {"golang.org/x/text"},

	// Side by side on the server.
	"parley/hub":         {"parley"},
	"parley/transport":   {"parley", "golang.org/x/sys"},
	"parley/disk":        {"golang.org/x/sys"},
	"parley/sqlite":      {"parley", "parley/disk", "modernc.org/sqlite", "github.com/pressly/goose/v3"},
	"parley/files":       {"parley", "parley/disk"},
	"parley/picture":     {"parley", "golang.org/x/image"},
	"parley/certs":       {"parley", "github.com/gofrs/flock"},
	"parley/plain/wire":  {"parley"},
	"parley/roster/wire": {"parley"},
	"parley/web/wire":    {"parley"},
	"parley/web/routes":  {"parley", "parley/web/wire"},
	"parley/plain":       {"parley", "parley/hub", "parley/transport", "parley/plain/wire", "golang.org/x/text"},
	"parley/roster":      {"parley", "parley/hub", "parley/transport", "parley/roster/wire", "parley/plain/wire"},
	"parley/printer":     {},
	"parley/console":     {"parley", "parley/hub", "parley/printer"},
	"parley/accounts":    {"parley", "golang.org/x/crypto"},
	"parley/admin":       {"parley"},
	"parley/classlist":   {"parley"},
	"parley/discovery":   {"parley", "golang.org/x/net"},
	"parley/web/frame":   {"parley", "github.com/gobwas/ws"},
	"parley/web": {"parley", "parley/hub", "parley/transport", "parley/web/wire", "parley/web/routes", "parley/web/frame",
		"github.com/gobwas/ws"},

	// All of it together. What the others count, metrics shows; none of them knows of it.
	"parley/metrics": {"parley", "parley/accounts", "parley/files", "parley/hub", "parley/plain", "parley/sqlite",
		"parley/transport", "parley/web", "parley/web/routes", "github.com/prometheus/client_golang"},
	"parley/server": {"parley", "parley/accounts", "parley/admin", "parley/capture/tap", "parley/certs", "parley/console",
		"parley/discovery", "parley/files", "parley/hub", "parley/metrics", "parley/picture", "parley/plain", "parley/roster", "parley/sqlite",
		"parley/transport", "parley/web", "github.com/gofrs/flock"},

	// What goes wrong on a server's machine and on a client's is looked for by one package, so it knows both sides; it
	// asks them what they would use, and neither knows of it.
	"parley/doctor": {"parley", "parley/certs", "parley/client", "parley/discovery", "parley/disk", "parley/server",
		"parley/transport", "parley/web/wire", "golang.org/x/sys"},

	// On the client's side.
	"parley/peer": {"parley"},
	"parley/client": {"parley", "parley/certs", "parley/client/api", "parley/client/socket", "parley/peer", "parley/plain/wire",
		"parley/roster/wire", "parley/web/wire", "github.com/schollz/progressbar/v3", "golang.org/x/sys"},
	"parley/client/api":      {"parley", "parley/web/wire"},
	"parley/client/transfer": {"parley", "parley/client", "parley/client/api", "parley/web/wire", "github.com/gofrs/flock"},
	"parley/client/socket":   {"parley", "parley/web/frame", "parley/web/wire", "github.com/gobwas/ws"},

	// The lens: captures, and what they tell. It knows nothing of the server.
	"parley/capture/pcap":   {},
	"parley/capture/tap":    {"parley/capture/pcap"},
	"parley/capture":        {"parley", "parley/capture/pcap", "golang.org/x/net", "golang.org/x/sys"},
	"parley/explain/packet": {"parley/capture/pcap"},
	"parley/explain/tcp":    {"parley/explain/packet"},
	"parley/explain/chat":   {"parley", "parley/plain/wire", "parley/roster/wire", "parley/web/wire", "parley/web/frame"},
	"parley/explain":        {"parley/capture/pcap", "parley/explain/packet", "parley/explain/tcp", "parley/explain/chat"},
	"parley/explain/report": {"parley", "parley/capture/pcap", "parley/explain", "parley/explain/packet", "parley/explain/tcp"},

	// Programs.
	"parley/cmd/parley": {"parley", "parley/accounts", "parley/admin", "parley/capture", "parley/capture/pcap",
		"parley/capture/tap", "parley/certs", "parley/classlist",
		"parley/client", "parley/client/api", "parley/client/socket", "parley/client/transfer", "parley/discovery", "parley/doctor",
		"parley/explain", "parley/explain/report", "parley/peer", "parley/printer", "parley/server", "parley/web/wire",
		"charm.land/bubbletea/v2", "charm.land/huh/v2", "github.com/goccy/go-yaml", "github.com/schollz/progressbar/v3",
		"github.com/spf13/cobra", "github.com/spf13/pflag",
		"golang.org/x/sys", "golang.org/x/term", "rsc.io/qr"},
	"parley/bench":              {"parley", "golang.org/x/sys"},
	"parley/web/schema":         {"parley", "parley/web/routes", "parley/web/wire"},
	"parley/scripts/dist":       {},
	"parley/scripts/lookalikes": {"golang.org/x/text"},
	"parley/scripts/testsum":    {},
}

// listed is what `go list` tells of a package.
type listed struct {
	ImportPath string
	Dir        string
	Standard   bool
	Imports    []string
	GoFiles    []string
}

// list asks `go list` about packages as they are built for a system.
func list(t *testing.T, system string, args ...string) []listed {
	t.Helper()
	command := exec.Command("go", append([]string{"list", "-json=ImportPath,Dir,Standard,Imports,GoFiles"}, args...)...)
	command.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %v", command, err)
	}
	var packages []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, p := range list(t, system, "./...") {
			allowed, known := mayImport[p.ImportPath]
			if !known {
				t.Errorf("%s has no line in mayImport", p.ImportPath)
			}
			for _, imported := range p.Imports {
				permits := func(a string) bool { return covers(a, imported) }
				if !standard(imported) && !slices.ContainsFunc(allowed, permits) {
					t.Errorf("%s imports %s on %s, which it may not", p.ImportPath, imported, system)
				}
			}
		}
	}
}

// standard reports whether an import path is the standard library's: the first element of any other has a dot, or is
// ours.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return first != "parley" && !strings.Contains(first, ".")
}

// covers reports whether a line in mayImport that allows a allows path: ours by name, others with everything below.
func covers(a, path string) bool {
	return a == path || !strings.HasPrefix(a, "parley") && strings.HasPrefix(path, a+"/")
}

func TestTheRootDependsOnNothingButText(t *testing.T) {
	for _, p := range list(t, "linux", "-deps", ".") {
		if !p.Standard && p.ImportPath != "parley" && !covers("golang.org/x/text", p.ImportPath) {
			t.Errorf("the root package depends on %s", p.ImportPath)
		}
	}
}

func TestEveryPackageThatStartsGoroutinesLooksForLeaks(t *testing.T) {
	for _, p := range list(t, "linux", "./...") {
		if startsGoroutines(t, p) && !looksForLeaks(t, p) {
			t.Errorf("%s starts goroutines, and no test of it calls goleak", p.ImportPath)
		}
	}
}

// startsGoroutines reports whether p has a go statement, or calls the Go method of something, a sync.WaitGroup for one.
func startsGoroutines(t *testing.T, p listed) (found bool) {
	t.Helper()
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				found = true
			case *ast.CallExpr:
				method, ok := n.Fun.(*ast.SelectorExpr)
				found = found || ok && method.Sel.Name == "Go"
			}
			return !found
		})
	}
	return found
}

func looksForLeaks(t *testing.T, p listed) bool {
	t.Helper()
	tests, err := filepath.Glob(filepath.Join(p.Dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(tests, func(name string) bool {
		text, err := os.ReadFile(name)
		return err == nil && regexp.MustCompile(`goleak\.(Verify|Find)`).Match(text)
	})
}

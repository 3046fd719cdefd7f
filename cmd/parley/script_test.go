//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"
)

// binary is the program under test: what `go build` makes, with the race detector when the tests have it.
var binary string

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

// runTests builds the program once for all tests.
func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "parley-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // so that other users can run it too
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	binary = filepath.Join(dir, "parley")
	args := []string{"build", "-o", binary}
	if raceEnabled {
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, ".")...).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building parley: %v\n%s", err, out)
		return 1
	}
	status := m.Run()
	if err := goleak.Find(); err != nil && status == 0 {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return status
}

// TestScripts runs the scripts in testdata: several people, each with a program of their own, and the server they meet on.
// They are the manual: what stands there works. people_test.go has the commands that they may use besides testscript's own.
func TestScripts(t *testing.T) {
	folders, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	testscript.Run(t, testscript.Params{
		Files:               folders,
		Setup:               setUp,
		Cmds:                commands(),
		Condition:           condition,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// townCount numbers the scripts, so that each has addresses of its own.
var townCount atomic.Int32

// setUp gives a script its people, and addresses that no other script uses: $SERVER and $IP1 to $IP9, on loopback.
func setUp(env *testscript.Env) error {
	town := &town{people: make(map[string]*person)}
	env.Values[townKey{}] = town
	env.Defer(town.end)
	n := int(townCount.Add(1))
	net := fmt.Sprintf("127.%d.%d.", 16+os.Getpid()%200, n)
	env.Setenv("SERVER", net+"1")
	for i := 1; i <= 9; i++ {
		env.Setenv("IP"+strconv.Itoa(i), net+strconv.Itoa(10+i))
	}
	classroom, err := filepath.Abs("../../testdata/classroom")
	if err != nil {
		return err
	}
	env.Setenv("CLASSROOM", classroom)
	env.Setenv("LARGE", large)
	env.Setenv("PATH", filepath.Dir(binary)+string(os.PathListSeparator)+env.Getenv("PATH"))
	env.Setenv("XDG_DATA_HOME", filepath.Join(env.WorkDir, "data"))
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
	env.Setenv("PYTHONDONTWRITEBYTECODE", "1")
	env.Setenv("PYTHONUNBUFFERED", "1")
	return nil
}

// condition knows [root]: whether the test may make network namespaces and mount file systems.
func condition(name string) (bool, error) {
	if name == "root" {
		return os.Geteuid() == 0, nil
	}
	return false, errors.New("unknown condition")
}

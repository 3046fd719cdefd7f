//go:build unix

package main

import (
	"crypto/sha256"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tusClient is the npm package that pages upload with, in a version that is known to work.
const tusClient = "tus-js-client@4.3.1"

// TestTheReferenceClientOfTus has tus-js-client send files to the real server in every way that it has, and looks at what has come.
func TestTheReferenceClientOfTus(t *testing.T) {
	modules := npmPackage(t, tusClient)
	u := uploader{t: t, base: "http://" + freeAddress() + ":7275"}
	server := runServer(t, filepath.Join(t.TempDir(), "data"), u.base+"?flood=off")
	defer server.kill()
	u.token = u.logIn()
	for _, way := range []string{"whole", "chunks", "resume", "terminate"} {
		t.Run(way, func(t *testing.T) {
			content := make([]byte, 4321)
			random := rand.NewChaCha8([32]byte{2})
			_, _ = random.Read(content) // it never fails
			path := filepath.Join(t.TempDir(), way+".bin")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			client := exec.Command("node", "testdata/tus/client.cjs", u.base+"/v1/rooms/lobby/uploads", u.token, path, way)
			client.Env = append(os.Environ(), "NODE_PATH="+modules)
			url, err := client.Output()
			if failed, ok := err.(*exec.ExitError); ok {
				t.Fatalf("the client: %s %s", failed, failed.Stderr)
			}
			u := uploader{t: t, base: u.base, token: u.token}
			if way == "terminate" {
				u.wantStatus("HEAD", strings.TrimSpace(strings.TrimPrefix(string(url), u.base)), http.StatusNotFound)
				u.wantStatus("GET", "/v1/rooms/lobby/files/"+way+".bin", http.StatusNotFound)
				return
			}
			got := u.ask("GET", "/v1/rooms/lobby/files/"+way+".bin", nil)
			if sha256.Sum256(got.body) != sha256.Sum256(content) {
				t.Errorf("%d bytes came back, and they are others", len(got.body))
			}
		})
	}
}

// wantStatus asks for something, and wants it answered so.
func (u *uploader) wantStatus(method, path string, status int) {
	u.t.Helper()
	if answer, err := u.send(method, path, http.NoBody, 0); err != nil || answer.StatusCode != status {
		u.t.Errorf("%s %s: %v %v, not %d", method, path, answer.Response, err, status)
	}
}

// npmPackage gives a folder of node modules with a package, which it keeps in the user's cache for the next time. Where node or npm
// is missing, or nobody to fetch it from, it says so and skips the test.
func npmPackage(t *testing.T, name string) string {
	t.Helper()
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not tried: %v", name, err)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skipf("%s is not tried: %v", name, err)
	}
	folder := filepath.Join(cache, "parley-test", name)
	modules := filepath.Join(folder, "node_modules")
	if _, err := os.Stat(modules); err == nil {
		return modules
	}
	fetched := t.TempDir()
	install := exec.Command("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", fetched, name)
	if out, err := install.CombinedOutput(); err != nil {
		t.Skipf("%s is not tried, it cannot be fetched: %v\n%s", name, err, out)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(fetched, "node_modules"), modules); err == nil {
		return modules
	} else if _, there := os.Stat(modules); there == nil { // another run was faster
		return modules
	}
	return filepath.Join(fetched, "node_modules") // the cache is on another disk
}

//go:build unix

package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"parley"
	"parley/client"
	"parley/web/wire"
)

// rows writes a list of so many people, pupil1 and so on, each in the line of their number behind the header. Those in
// bad are written as it says.
func rows(t *testing.T, n int, bad map[int]string) (path string) {
	t.Helper()
	text := "\xef\xbb\xbfLogin;Role\r\n"
	for i := 2; i <= n+1; i++ {
		row, isBad := bad[i]
		if !isBad {
			row = fmt.Sprintf("%s;member", pupil(i))
		}
		text += row + "\r\n"
	}
	path = filepath.Join(t.TempDir(), "class.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// slipsIn gives whom the slips of a page are for, and their passwords.
func slipsIn(t *testing.T, path string) map[parley.Name]string {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	slip := regexp.MustCompile(`(?s)<section class="slip">.*?<dt>name</dt><dd>(.*?)</dd>.*?<dd class="password">(.*?)</dd>`)
	found := make(map[parley.Name]string)
	for _, m := range slip.FindAllSubmatch(page, -1) {
		name := parley.Name(m[1])
		if _, twice := found[name]; twice {
			t.Errorf("two slips for %s", name)
		}
		found[name] = string(m[2])
	}
	return found
}

// namesIn gives the names of the accounts in a data directory.
func namesIn(t *testing.T, data string) (names []parley.Name) {
	t.Helper()
	out, err := exec.Command(binary, "user", "list", "--data", data, "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"name":"(.*?)"`).FindAllSubmatch(out, -1) {
		names = append(names, parley.Name(m[1]))
	}
	return names
}

// TestAClassOf300RowsOfWhich5AreBad makes 295 logins and tells 5 rows; the logins work, each once with its password.
func TestAClassOf300RowsOfWhich5AreBad(t *testing.T) {
	list := rows(t, 300, map[int]string{
		18: "Ada Lovelace;", 61: "PUPIL4;", 121: "pupi17;", 201: "somebody;king", 301: ";member",
	})
	data := filepath.Join(t.TempDir(), "data")
	url := "http://" + freeAddress() + ":7275"
	runServer(t, data, url).kills(t)
	slips := filepath.Join(t.TempDir(), "slips.html")
	out, err := exec.Command(binary, "user", "import", list, "--data", data, "--slips", slips, "--url", url).CombinedOutput()
	if ended, ok := err.(*exec.ExitError); !ok || ended.ExitCode() != statusFailure {
		t.Fatalf("%v: %s", err, out)
	}
	want := []string{
		list + `:18: "Ada Lovelace" is no name to log in with; write ada.lovelace, or let --full-names do so`,
		list + ":61: PUPIL4 stands in line 4 already",
		list + ":121: the name pupi17 looks like pupil7 in line 7",
		list + `:201: the role of an account is member, moderator or owner, not "king"`,
		list + ":301: there is no name in this row",
		"295 accounts made, 0 there already, 5 rows wrong; the slips are in " + slips,
	}
	if got := strings.Split(strings.TrimSpace(string(out)), "\n"); !slices.Equal(got, want) {
		t.Errorf("told\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	passwords := slipsIn(t, slips)
	names := namesIn(t, data)
	if len(passwords) != 295 || len(names) != 295 {
		t.Fatalf("%d slips, %d accounts", len(passwords), len(names))
	}
	for i := 2; i <= 301; i += 20 {
		chooses(t, url, parley.Name(pupil(i)), passwords[parley.Name(pupil(i))])
	}
	again, err := exec.Command(binary, "user", "import", list, "--data", data).CombinedOutput()
	if !strings.HasSuffix(string(again), "0 accounts made, 295 there already, 5 rows wrong\n") {
		t.Errorf("once more: %s (%v)", again, err)
	}
}

// kills ends the server with the test.
func (r *running) kills(t *testing.T) { t.Cleanup(r.kill) }

// chooses logs in with a one-time password, which asks for another one, and gives it.
func chooses(t *testing.T, url string, name parley.Name, password string) {
	t.Helper()
	target, err := client.ParseTarget(url)
	if err != nil {
		t.Fatal(err)
	}
	asked := client.API(client.Options{Target: target})
	defer asked.HTTP.CloseIdleConnections()
	login := wire.Login{Name: string(name), Password: password}
	if _, err := asked.Login(t.Context(), login); parley.CodeOf(err) != parley.CodeNewPassword {
		t.Errorf("%s: %v", name, err)
	}
	login.NewPassword = "battery staple"
	if opened, err := asked.Login(t.Context(), login); err != nil || opened.You.Name != string(name) {
		t.Errorf("%s: %+v, %v", name, opened.You, err)
	}
}

// TestAnImportThatIsBrokenOff has made the accounts of which it has written slips, and no others.
func TestAnImportThatIsBrokenOff(t *testing.T) {
	list := rows(t, 200, nil)
	for _, with := range []string{"the server", "the directory"} {
		t.Run("with "+with, func(t *testing.T) {
			data, slips := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "slips.html")
			if with == "the server" {
				runServer(t, data, "plain://"+freeAddress()+":8001").kills(t)
			}
			s := sitDown(t, nil, "user", "import", list, "--data", data, "--slips", slips, "--url", "http://h")
			s.sees("3 of 200")
			if err := s.process.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			s.sees("rows not reached: import the list again for the rest; the slips are in ")
			s.leaves(statusInterrupted)
			first := slipsIn(t, slips)
			if names := namesIn(t, data); len(names) < 3 || len(names) != len(first) {
				t.Errorf("%d accounts, %d slips", len(names), len(first))
			}
			page, err := os.ReadFile(slips)
			if err != nil || !strings.HasSuffix(string(page), "</html>\n") {
				t.Errorf("the page does not end, %v", err)
			}
		})
	}
}

// TestAnImportThatIsKilled loses no password: each account has its slip. At most one slip is of an account that was not
// made any more.
func TestAnImportThatIsKilled(t *testing.T) {
	list := rows(t, 200, nil)
	data, slips := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "slips.html")
	url := "http://" + freeAddress() + ":7275"
	runServer(t, data, url).kills(t)
	s := sitDown(t, nil, "user", "import", list, "--data", data, "--slips", slips, "--url", url)
	s.sees("3 of 200")
	if err := s.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.process.Wait()
	first, names := slipsIn(t, slips), namesIn(t, data)
	for _, name := range names {
		if first[name] == "" {
			t.Errorf("%s has no slip", name)
		}
	}
	if len(names) < 3 || len(first) > len(names)+1 {
		t.Errorf("%d accounts, %d slips", len(names), len(first))
	}
	chooses(t, url, names[0], first[names[0]])
}

func TestAOneTimePasswordIsChangedAtTheTerminal(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	url := "http://" + freeAddress() + ":7275"
	runServer(t, data, url).kills(t)
	importing := exec.Command(binary, "user", "import", "-", "--data", data)
	importing.Stdin = strings.NewReader("ada\nbob\n")
	out, err := importing.Output()
	if err != nil {
		t.Fatal(err)
	}
	made, err := csv.NewReader(strings.NewReader(string(out))).ReadAll()
	if err != nil || len(made) != 3 {
		t.Fatalf("%q, %v", made, err)
	}
	config := []string{"XDG_CONFIG_HOME=" + t.TempDir()}
	s := sitDown(t, config, "login", url, "--name", "ada")
	s.sees("password for ada:")
	s.types(made[1][2] + "\r")
	s.sees("* this password was for one time: choose one of your own now")
	s.sees("new password for ada:")
	s.types("one thing\ranother\r")
	s.sees("* the two passwords are not the same")
	s.types(made[1][2] + "\r" + made[1][2] + "\r")
	s.sees("* the new password has to be another one than the old one")
	s.types("battery staple\rbattery staple\r")
	s.sees("logged in to " + url + " as ada (member)")
	s.leaves(statusOK)
	if shown := s.screen.shown(); strings.Contains(shown, "staple") || strings.Contains(shown, made[1][2]) {
		t.Errorf("a password was shown:\n%s", shown)
	}

	s = sitDown(t, config, "join", url, "--name", "bob")
	s.sees("password for bob:")
	s.types(made[2][2] + "\r")
	s.sees("new password for bob:")
	s.types("battery staple\rbattery staple\r")
	s.sees("* connected to ")
	s.types("exit\r")
	s.leaves(statusOK)

	s = sitDown(t, config, "login", url, "--name", "bob")
	s.types("battery staple\r")
	s.sees("logged in to " + url + " as bob (member)")
	s.leaves(statusOK)
}

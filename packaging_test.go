package parley_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// What a container runs is understood by the program: each service of compose.yaml, and the image by itself.
func TestContainersRunRealCommands(t *testing.T) {
	text, err := os.ReadFile("compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]struct {
			Build, Image string
			Command      []string
			Networks     map[string]struct {
				Address string `yaml:"ipv4_address"`
			}
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	binary := build(t)
	addresses := make(map[string]bool)
	for _, name := range []string{"server", "alice", "bob", "carol"} {
		service := file.Services[name]
		if service.Build != "." || service.Image != "parley" {
			t.Errorf("%s is made of %q, %q", name, service.Build, service.Image)
		}
		addresses[service.Networks["lab"].Address] = true
		commandIsReal(t, binary, "compose.yaml", service.Command)
	}
	if len(file.Services) != 4 || len(addresses) != 4 || addresses[""] {
		t.Errorf("%d services at %v", len(file.Services), addresses)
	}
	commandIsReal(t, binary, "Dockerfile", instruction(t, "CMD"))
	if got := instruction(t, "ENTRYPOINT"); !slices.Equal(got, []string{"/usr/bin/parley"}) {
		t.Errorf("the image runs %q", got)
	}
}

// commandIsReal tries a command, and the URLs in it.
func commandIsReal(t *testing.T, binary, where string, args []string) {
	t.Helper()
	if len(args) == 0 {
		t.Errorf("%s: no command", where)
		return
	}
	understand(t, binary, where, args)
	for _, arg := range args {
		if strings.Contains(arg, "://") {
			if err := tryURL(t.Context(), args[0], arg); err != nil {
				t.Errorf("%s: %s: %v", where, arg, err)
			}
		}
	}
}

// instruction gives the words of an instruction of the Dockerfile that is written as JSON.
func instruction(t *testing.T, name string) (words []string) {
	t.Helper()
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	match := regexp.MustCompile(`(?m)^` + name + ` (\[.*\])$`).FindSubmatch(text)
	if match == nil {
		t.Fatalf("the Dockerfile has no %s", name)
	}
	if err := json.Unmarshal(match[1], &words); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return words
}

// The service's command is one that the program understands, with the settings that are installed with it; and what the
// program reads there, the unit lets it use.
func TestTheServiceIsAsItsSettingsSay(t *testing.T) {
	unit, err := os.ReadFile("packaging/parley.service")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`(?m)^ExecStart=/usr/bin/parley (.*)$`).FindSubmatch(unit)
	if command == nil || string(command[1]) != "serve --config /etc/parley/parley.yaml" {
		t.Fatalf("the service runs %q", command)
	}
	out, _ := exec.Command(build(t), "serve", "--config", "packaging/parley.yaml", "--listen", "nothing://here").CombinedOutput()
	if !strings.HasPrefix(string(out), "parley: listener nothing://here: ") {
		t.Errorf("the settings: %s", out)
	}
	settings, err := os.ReadFile("packaging/parley.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var set struct{ Data string }
	if err := yaml.Unmarshal(settings, &set); err != nil || set.Data != "/var/lib/parley" {
		t.Errorf("the data is in %q, %v", set.Data, err)
	}
	for _, line := range []string{"User=parley", "StateDirectory=parley", "ProtectSystem=strict", "NoNewPrivileges=yes",
		"CapabilityBoundingSet="} {
		if !slices.Contains(strings.Split(string(unit), "\n"), line) {
			t.Error(fmt.Sprint("the unit has no line ", line))
		}
	}
}

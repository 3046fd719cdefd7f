package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"regexp"
	"testing"
	"testing/slogtest"
)

func TestTheLogIsOneLineForAPerson(t *testing.T) {
	var out bytes.Buffer
	log := newLogger(&out, "text", "info").With("listener", "plain://127.0.0.1:8001")
	log.Debug("not shown")
	log.Info("connected", "address", "127.0.0.1:49525", "name", "", "reason", "went away", "n", 3)
	log.WithGroup("disk").Error("full", "error", errors.New("no space"), slog.Group("free", "bytes", 12))
	lines := bytes.Split(bytes.TrimSuffix(out.Bytes(), []byte("\n")), []byte("\n"))
	for i, want := range []string{
		`INFO  connected listener=plain://127.0.0.1:8001 address=127.0.0.1:49525 name="" reason="went away" n=3`,
		`ERROR full listener=plain://127.0.0.1:8001 disk.error="no space" disk.free.bytes=12`,
	} {
		pattern := regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ` + regexp.QuoteMeta(want) + `$`)
		if i >= len(lines) || !pattern.Match(lines[i]) {
			t.Errorf("got %q\nwant %q", lines, want)
		}
	}
}

func TestWhatIsLoggedReachesNoTerminalAsAnEscape(t *testing.T) {
	evil := "a\x1b[2J\u009b1m\u202eb\r\nINFO  forged"
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		newLogger(&out, format, "info").Info(evil, "text", evil, "error", errors.New(evil), slog.Group("g", "in", evil))
		if got := out.String(); bytes.Count(out.Bytes(), []byte("\n")) != 1 ||
			regexp.MustCompile("[\x00-\x09\x0b-\x1f\u0080-\u009f\u202a-\u202e]").MatchString(got) {
			t.Errorf("%s: %q", format, got)
		}
	}
}

func TestTheLogCanBeJSON(t *testing.T) {
	var out bytes.Buffer
	newLogger(&out, "json", "warn").Warn("slow", "bytes", 12)
	var record struct {
		Level, Msg string
		Bytes      int
	}
	err := json.Unmarshal(out.Bytes(), &record)
	if err != nil || record.Level != "WARN" || record.Msg != "slow" || record.Bytes != 12 {
		t.Errorf("%s: %+v, %v", out.Bytes(), record, err)
	}
}

// The handler keeps slog's rules. slogtest reads a record as a map, which the lines of this handler are turned into
// here.
func TestTheHandlerKeepsSlogsRules(t *testing.T) {
	var out bytes.Buffer
	slogtest.Run(t, func(*testing.T) slog.Handler {
		out.Reset()
		return newLogger(&out, "text", "info").Handler()
	}, func(t *testing.T) map[string]any { return parseLine(t, out.String()) })
}

var (
	head = regexp.MustCompile(`^(\d{4}-\S+ \S+ )?(INFO) +(\S+)(.*)\n$`)
	attr = regexp.MustCompile(` ([^ =]+)=(\S+)`)
)

func parseLine(t *testing.T, line string) map[string]any {
	t.Helper()
	parts := head.FindStringSubmatch(line)
	if parts == nil {
		t.Fatalf("not a line: %q", line)
	}
	record := map[string]any{slog.LevelKey: parts[2], slog.MessageKey: parts[3]}
	if parts[1] != "" {
		record[slog.TimeKey] = parts[1]
	}
	for _, a := range attr.FindAllStringSubmatch(parts[4], -1) {
		group := record
		path := regexp.MustCompile(`\.`).Split(a[1], -1)
		for _, name := range path[:len(path)-1] {
			if group[name] == nil {
				group[name] = make(map[string]any)
			}
			group = group[name].(map[string]any)
		}
		group[path[len(path)-1]] = a[2]
	}
	return record
}

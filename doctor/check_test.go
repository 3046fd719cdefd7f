package doctor

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// always makes a check that finds one thing.
func always(name string, status Status, needs ...string) Check {
	return Check{Name: name, Needs: needs, Look: func(context.Context) []Finding {
		return []Finding{about("", status, "so it is", "")}
	}}
}

// statuses gives what came of each check.
func statuses(found []Finding) (texts []string) {
	for _, f := range found {
		texts = append(texts, f.Check+" "+string(f.Status))
	}
	return texts
}

// What is found comes in the order of the checks. Behind what is wrong nothing is looked at that needs it; what was
// skipped because there is nothing to look at, and a warning, keep nobody from going on.
func TestWhatNeedsWhat(t *testing.T) {
	found := Run(t.Context(), time.Minute, []Check{
		always("ground", OK), always("cellar", Skipped, "ground"), always("stairs", Warn, "cellar"),
		always("floor", Wrong, "stairs"), always("wall", OK, "floor", "ground"), always("roof", OK, "wall"), always("tree", OK),
	})
	want := []string{"ground ok", "cellar skipped", "stairs warn", "floor wrong", "wall skipped", "roof skipped", "tree ok"}
	if got := statuses(found); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if !strings.HasSuffix(found[5].Cause, ": floor") {
		t.Errorf("the roof is told of %q", found[5].Cause)
	}
	if Healthy(found) || !Healthy(found[:3]) || !Healthy(nil) {
		t.Error("what is healthy")
	}
}

// Checks that do not need each other run side by side, each within its limit.
func TestChecksRunSideBySide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(ctx context.Context) []Finding {
			<-ctx.Done()
			return []Finding{about("", Wrong, ctx.Err().Error(), "")}
		}
		begin := time.Now()
		found := Run(t.Context(), time.Second, []Check{{Name: "a", Look: slow}, {Name: "b", Look: slow}, {Name: "c", Look: slow}})
		if took := time.Since(begin); took != time.Second || len(found) != 3 {
			t.Errorf("it took %s, and found %v", took, found)
		}
	})
}

// Whoever breaks it off does not wait.
func TestChecksEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	found := Run(ctx, time.Hour, []Check{{Name: "a", Look: func(ctx context.Context) []Finding {
		<-ctx.Done()
		return nil
	}}, always("b", OK, "a")})
	if got := statuses(found); !slices.Equal(got, []string{"b ok"}) {
		t.Errorf("%v", got)
	}
}

// What strangers have made up is one clean line, as text and as JSON.
func TestFindingsAreClean(t *testing.T) {
	found := Run(t.Context(), time.Minute, []Check{{Name: "a", Look: func(context.Context) []Finding {
		return []Finding{about("x\x1b[2J", Wrong, "it says\nok   all is well", "rm\r\n-rf")}
	}}})
	encoded, err := json.Marshal(found[0])
	want := `{"check":"a","of":"x` + "\uFFFD" + `[2J","status":"wrong","cause":"it says ok   all is well","remedy":"rm -rf"}`
	if err != nil || string(encoded) != want {
		t.Errorf("%s, %v", encoded, err)
	}
}

// A word stays one word in a shell.
func TestQuoted(t *testing.T) {
	for word, want := range map[string][2]string{
		"/srv/parley": {"/srv/parley", "/srv/parley"},
		"a b":         {"'a b'", "'a b'"},
		"it's":        {`'it'\''s'`, `'it''s'`},
		"$(reboot)":   {"'$(reboot)'", "'$(reboot)'"},
		"":            {"''", "''"},
		`C:\x`:        {`'C:\x'`, `C:\x`},
	} {
		if got := [2]string{system("linux").quoted(word), system("windows").quoted(word)}; got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

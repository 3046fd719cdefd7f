package main

import (
	"strings"
	"testing"
)

// sum gives what testsum writes for a stream, and the number of failures.
func sum(t *testing.T, stream string) (string, int) {
	t.Helper()
	var out strings.Builder
	s := newSummary(&out)
	if err := s.read(strings.NewReader(stream)); err != nil {
		t.Fatal(err)
	}
	failed := s.finish()
	return out.String(), failed
}

func TestTestsAreCountedAndSkipsToldWithTheirReason(t *testing.T) {
	got, failed := sum(t, `{"Action":"start","Package":"a"}
{"Action":"run","Package":"a","Test":"TestOne"}
{"Action":"output","Package":"a","Test":"TestOne","Output":"=== RUN   TestOne\n"}
{"Action":"output","Package":"a","Test":"TestOne","Output":"    one_test.go:7: of no interest\n"}
{"Action":"pass","Package":"a","Test":"TestOne"}
{"Action":"run","Package":"a","Test":"TestTwo"}
{"Action":"run","Package":"a","Test":"TestTwo/x"}
{"Action":"pass","Package":"a","Test":"TestTwo/x"}
{"Action":"run","Package":"a","Test":"TestTwo/y"}
{"Action":"output","Package":"a","Test":"TestTwo/y","Output":"    two_test.go:9: needs root\n"}
{"Action":"output","Package":"a","Test":"TestTwo/y","Output":"    --- SKIP: TestTwo/y (0.00s)\n"}
{"Action":"skip","Package":"a","Test":"TestTwo/y"}
{"Action":"pass","Package":"a","Test":"TestTwo"}
{"Action":"pass","Package":"a","Elapsed":1.25}
{"Action":"skip","Package":"has no test files"}
`)
	want := `ok   a 1.2s
--- SKIP: a TestTwo/y: two_test.go:9: needs root
2 passed, 0 failed, 1 skipped
`
	if got != want || failed != 0 {
		t.Errorf("%d failed\n%s\nwant\n%s", failed, got, want)
	}
}

func TestAFailureIsShownAndCountedOnce(t *testing.T) {
	got, failed := sum(t, `{"Action":"command","Package":"go test"}
{"Action":"run","Package":"a","Test":"TestTwo"}
{"Action":"run","Package":"a","Test":"TestTwo/x"}
{"Action":"output","Package":"a","Test":"TestTwo/x","Output":"    two_test.go:9: 1, want 2\n"}
{"Action":"fail","Package":"a","Test":"TestTwo/x"}
{"Action":"fail","Package":"a","Test":"TestTwo"}
{"Action":"fail","Package":"a","Elapsed":0.5}
{"Action":"exit","Package":"go test"}
`)
	want := `--- FAIL: a TestTwo/x
    two_test.go:9: 1, want 2
--- FAIL: a TestTwo
FAIL a 0.5s
--- FAIL: a TestTwo/x
0 passed, 1 failed, 0 skipped
`
	if got != want || failed != 1 {
		t.Errorf("%d failed\n%s\nwant\n%s", failed, got, want)
	}
}

func TestAPackageThatFailsWithoutATestCounts(t *testing.T) {
	got, failed := sum(t, `{"ImportPath":"b","Action":"build-output","Output":"b.go:1:1: nonsense\n"}
{"ImportPath":"b","Action":"build-fail"}
{"Action":"output","Package":"b","Output":"FAIL\tb [build failed]\n"}
{"Action":"fail","Package":"b","FailedBuild":"b"}
{"Action":"run","Package":"c","Test":"TestHangs"}
{"Action":"output","Package":"c","Test":"TestHangs","Output":"panic: test timed out\n"}
{"Action":"fail","Package":"c","Elapsed":9}
`)
	for _, want := range []string{
		"b.go:1:1: nonsense\n", "[build failed]", "panic: test timed out\n", "\n0 passed, 2 failed, 0 skipped\n",
	} {
		if !strings.Contains(got, want) || failed != 2 {
			t.Errorf("%d failed, no %q in\n%s", failed, want, got)
		}
	}
}

func TestACommandThatFailsUnaccountedForCounts(t *testing.T) {
	got, failed := sum(t, `{"Action":"fail","Package":"check","Test":"gofmt"}
{"Action":"command","Package":"go test"}
go: no such module
{"Action":"exit","Package":"go test"}
`)
	want := "--- FAIL: check gofmt\ngo: no such module\n" +
		"--- FAIL: check gofmt\n--- FAIL: go test\n0 passed, 2 failed, 0 skipped\n"
	if got != want || failed != 2 {
		t.Errorf("%d failed\n%s\nwant\n%s", failed, got, want)
	}
}

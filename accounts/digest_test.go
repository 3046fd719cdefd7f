package accounts

import (
	"strings"
	"testing"

	"parley"
)

// reference is what the reference implementation of Argon2 writes for "password" with the salt "somesalt".
const reference = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"

func TestWhatTheReferenceWrote(t *testing.T) {
	d, err := parseDigest(reference)
	if err != nil {
		t.Fatal(err)
	}
	v := newVerifier(argon)
	if !v.matches(d, "password") || v.matches(d, "Password") || v.matches(d, "") {
		t.Error("the reference's digest is not of its password alone")
	}
}

func TestANewDigestIsOfItsPassword(t *testing.T) {
	v := newVerifier(argon)
	kept := v.digest("correct horse")
	if !strings.HasPrefix(string(kept), "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("kept as %s", kept)
	}
	d, err := parseDigest(kept)
	if err != nil {
		t.Fatal(err)
	}
	if !v.matches(d, "correct horse") || v.matches(d, "correct horse ") {
		t.Error("it is not of its password alone")
	}
	if v.digest("correct horse") == kept {
		t.Error("two digests of one password are the same")
	}
}

func TestWhatIsNoDigest(t *testing.T) {
	for what, s := range map[string]string{
		"nothing":                "",
		"a password":             "secret",
		"another algorithm":      strings.Replace(reference, "argon2id", "argon2i", 1),
		"another version":        strings.Replace(reference, "v=19", "v=16", 1),
		"no version":             strings.Replace(reference, "$v=19", "", 1),
		"another order":          strings.Replace(reference, "m=256,t=2", "t=2,m=256", 1),
		"a parameter missing":    strings.Replace(reference, ",p=1", "", 1),
		"a parameter too many":   strings.Replace(reference, ",p=1", ",p=1,data=", 1),
		"no memory":              strings.Replace(reference, "m=256", "m=0", 1),
		"all memory":             strings.Replace(reference, "m=256", "m=4294967295", 1),
		"all day":                strings.Replace(reference, "t=2", "t=4294967295", 1),
		"no passes":              strings.Replace(reference, "t=2", "t=0", 1),
		"no lanes":               strings.Replace(reference, "p=1", "p=0", 1),
		"less memory than lanes": strings.Replace(reference, "m=256,t=2,p=1", "m=16,t=2,p=4", 1),
		"a sign":                 strings.Replace(reference, "m=256", "m=+256", 1),
		"a zero before":          strings.Replace(reference, "m=256", "m=0256", 1),
		"padding":                reference + "=",
		"a line break":           reference + "\n",
		"another alphabet":       strings.Replace(reference, "/", "_", 1),
		"a key cut short":        reference[:len(reference)-30],
		"no salt":                strings.Replace(reference, "c29tZXNhbHQ", "", 1),
		"something behind":       reference + "$",
	} {
		if d, err := parseDigest(parley.PasswordHash(s)); err == nil {
			t.Errorf("%s: %s is read as %s", what, s, d)
		}
	}
}

// FuzzDigest: whatever is read is written as it was, and costs no more than a bounded amount.
func FuzzDigest(f *testing.F) {
	for _, s := range []string{reference, newDigest().String(), "", "$$$$$$$", prefix + "m=8,t=1,p=1$$"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := parseDigest(parley.PasswordHash(s))
		if err != nil {
			return
		}
		if d.String() != s {
			t.Errorf("%q is written as %q", s, d)
		}
		if d.cost.memory > 1<<20 || d.cost.passes < 1 || d.cost.passes > 32 || d.cost.lanes < 1 || len(d.key) < 16 {
			t.Errorf("%q has the cost %+v and a key of %d bytes", s, d.cost, len(d.key))
		}
	})
}

// BenchmarkVerification is what one login costs: of a processor and, by the bytes, of memory.
func BenchmarkVerification(b *testing.B) {
	v := newVerifier(argon)
	d, err := parseDigest(v.digest("correct horse"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if !v.matches(d, "correct horse") {
			b.Fatal("refused")
		}
	}
}

package main

import "testing"

func TestSizes(t *testing.T) {
	for text, want := range map[string]int64{
		"0":                   0,
		"1000000":             1000000,
		"512B":                512,
		"500MB":               500_000_000,
		"8GiB":                8 << 30,
		"8 gib":               8 << 30,
		"2tb":                 2_000_000_000_000,
		"9223372036854775807": 1<<63 - 1,
	} {
		if got, err := parseSize(text); got != want || err != nil {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "GiB", "8G", "-1", "+1", "1.5GiB", "8 GiB GiB", "0x10", "1_000", "８GiB", " 1",
		"9223372036854775808", "8388608TiB"} {
		if got, err := parseSize(text); err == nil {
			t.Errorf("%q: taken for %d", text, got)
		}
	}
}

func TestSizesAreShownInTheLargestWholeUnit(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 1: "1B", 1000: "1KB", 1024: "1KiB", 1025: "1025B", 500e6: "500MB", 8 << 30: "8GiB",
	} {
		got := size{&n, 0}.String()
		if again, err := parseSize(got); got != want || again != n || err != nil {
			t.Errorf("%d: %q, want %q; it is read as %d, %v", n, got, want, again, err)
		}
	}
}

package client

import "testing"

func TestParseTyped(t *testing.T) {
	for line, want := range map[string]typed{
		"":                          {typedNothing, ""},
		"  \t":                      {typedNothing, ""},
		"exit":                      {typedLeave, ""},
		" quit ":                    {typedLeave, ""},
		"exit now":                  {typedSay, "exit now"},
		"#ls":                       {typedWho, ""},
		"#ls -l":                    {typedSay, "#ls -l"},
		"@bob: hi":                  {typedDirect, "bob: hi"},
		"@127.0.0.1 : 49525: hi":    {typedDirect, "127.0.0.1 : 49525: hi"},
		"@bob hi":                   {typedSay, "@bob hi"},
		"send file:keep.jpg":        {typedSendFile, "keep.jpg"},
		"send file: a b 2024 ":      {typedSendFile, "a b 2024"},
		"ask for file:出师表.txt":      {typedAskFile, "出师表.txt"},
		"please send file:keep.jpg": {typedSay, "please send file:keep.jpg"},
		"/name bob":                 {typedSay, "/name bob"},
		"  indented":                {typedSay, "  indented"},
	} {
		if got := parseTyped(line); got != want {
			t.Errorf("%q: %+v, want %+v", line, got, want)
		}
	}
}

func FuzzParseTyped(f *testing.F) {
	f.Add("@bob: hi")
	f.Fuzz(func(t *testing.T, line string) {
		if got := parseTyped(line); got.verb == typedSay && got.arg != line {
			t.Errorf("%q becomes the text %q", line, got.arg)
		}
	})
}

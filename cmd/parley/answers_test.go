package main

import (
	"strings"
	"testing"
)

func TestAnswersBecomeACommand(t *testing.T) {
	for want, given := range map[string]answers{
		"serve --listen plain://127.0.0.1:8001":      usual,
		`serve --listen "plain://[::1]:9000"`:        {address: "::1", port: "9000"},
		"join plain://chat.school.example:8001":      {join: true, url: "plain://chat.school.example:8001"},
		`join "plain://[fd00::1]:8001" --name alice`: {join: true, url: "plain://[fd00::1]:8001", name: "alice"},
		"join plain://10.0.0.1:8001 --name Ἀλίκη":    {join: true, url: "plain://10.0.0.1:8001", name: "Ἀλίκη"},
	} {
		if got := commandLine(given.args()); got != want {
			t.Errorf("%+v: parley %s, want %s", given, got, want)
		}
	}
}

func TestAnswersAreChecked(t *testing.T) {
	for _, c := range []struct {
		check     func(string) error
		good, bad string // separated by commas
	}{
		{checkHost, ",127.0.0.1, ::1 ,[::1],localhost,chat-1.school.example,my_pc",
			"-v,a b,127.0.0.1:8001,a/b,fe80::1%eth0,$HOME,münchen"},
		{checkPort, ",1, 8001 ,65535", "0,-1,65536,http,8001x"},
		{checkServer, "192.168.1.20, chat.example ,10.0.0.1:8001,plain://[::1]:8001,::1,[::1]:80,http://10.0.0.1?room=tea",
			",  ,gopher://a,http://,a b,:8001,10.0.0.1:0,10.0.0.1:x,\x1b[2J"},
		{checkName, ",alice, Ἀλίκη ", "two words,127.0.0.1,server,guest-1,-=-"},
	} {
		for text := range strings.SplitSeq(c.good, ",") {
			if err := c.check(text); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
		for text := range strings.SplitSeq(c.bad, ",") {
			if c.check(text) == nil {
				t.Errorf("%q was taken", text)
			}
		}
	}
}

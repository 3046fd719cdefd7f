package report_test

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"testing"

	"parley/explain"
	"parley/explain/report"
)

func TestMessagesStandInTheJSON(t *testing.T) {
	client, server := netip.MustParseAddrPort("10.0.0.2:50000"), netip.MustParseAddrPort("10.0.0.1:8001")
	lab := &explain.Lab{
		Connections: []*explain.Connection{{
			Client: client, Server: server, Protocol: "plain", Said: 3,
			Messages: []explain.Message{
				{From: explain.FromClient, Kind: "text", Text: "hi", Frames: []explain.Ref{{File: 1, Frame: 4}, {File: 1, Frame: 6}}},
				{From: explain.FromServer, Kind: "text", Speaker: "bob", Text: "<b>", Frames: []explain.Ref{{Frame: 7}}, Glued: true},
			},
		}, {Client: client, Server: server}},
		Datagrams: []*explain.Datagrams{{From: client, To: server, Said: 1, Messages: []explain.Message{{Kind: "text", Text: "udp"}}}},
	}
	var out bytes.Buffer
	if err := report.WriteJSON(&out, lab); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Connections []struct {
			Speaks, Messages, Said json.RawMessage
		}
		Datagrams []struct{ Messages json.RawMessage }
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		got  json.RawMessage
		want string
	}{
		{got.Connections[0].Speaks, `"plain"`},
		{got.Connections[0].Said, `3`},
		{got.Connections[0].Messages, `[{"from":"client","kind":"text","speaker":null,"text":"hi",` +
			`"frames":[{"file":1,"frame":4},{"file":1,"frame":6}],"glued":false},` +
			`{"from":"server","kind":"text","speaker":"bob","text":"\u003cb\u003e","frames":[{"file":0,"frame":7}],"glued":true}]`},
		{got.Connections[1].Speaks, `null`},
		{got.Connections[1].Messages, `[]`},
		{got.Datagrams[0].Messages, `[{"from":"10.0.0.2:50000","kind":"text","speaker":null,"text":"udp","frames":[],"glued":false}]`},
	} {
		var compact bytes.Buffer
		if err := json.Compact(&compact, c.got); err != nil || compact.String() != c.want {
			t.Errorf("%s, not %s (%v)", compact.String(), c.want, err)
		}
	}
}

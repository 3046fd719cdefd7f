package doctor

import (
	"strings"
	"testing"
)

// listing makes what nft lists of a chain for what comes in, with a policy and rules, and of further chains.
func listing(policy, rules string, more ...string) string {
	base := `{"chain": {"family": "inet", "table": "filter", "name": "input", "handle": 1, "type": "filter", "hook": "input",
		"prio": 0, "policy": "` + policy + `"}}`
	items := []string{`{"metainfo": {"json_schema_version": 1}}`, base}
	for _, r := range strings.Split(rules, "\n") {
		if r = strings.TrimSpace(r); r != "" {
			items = append(items, `{"rule": {"family": "inet", "table": "filter", "chain": "input", "expr": [`+r+`]}}`)
		}
	}
	return `{"nftables": [` + strings.Join(append(items, more...), ",") + `]}`
}

const (
	fromLo      = `{"match": {"op": "==", "left": {"meta": {"key": "iif"}}, "right": "lo"}}`
	notFromLo   = `{"match": {"op": "!=", "left": {"meta": {"key": "iifname"}}, "right": "lo"}}`
	established = `{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established", "related"]}}`
	isNew       = `{"match": {"op": "==", "left": {"ct": {"key": "state"}}, "right": "new"}}`
	fromHome    = `{"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": {"prefix": {"addr": "10.0.0.0", "len": 8}}}}`
	tcp8001     = `{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 8001}}`
	tcp22       = `{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}}`
	not8001     = `{"match": {"op": "!=", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 8001}}`
	udp8001     = `{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": 8001}}`
	someTCP     = `{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": {"set": [22, {"range": [8000, 9000]}]}}}`
	named       = `{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": "@open"}}`
	isTCP       = `{"match": {"op": "==", "left": {"meta": {"key": "l4proto"}}, "right": "tcp"}}`
	accept      = `{"accept": null}`
	drop        = `{"drop": null}`
	counted     = `{"counter": {"packets": 0, "bytes": 0}}`
	limited     = `{"limit": {"rate": 10, "per": "second"}}`
)

// What becomes of somebody from another machine who comes to TCP port 8001.
func TestJudgeRules(t *testing.T) {
	doors := func(rules string) string {
		return `{"rule": {"family": "inet", "table": "filter", "chain": "doors", "expr": [` + rules + `]}}`
	}
	for name, c := range map[string]struct {
		listed string
		want   verdict
	}{
		"no rules":                {`{"nftables": []}`, passes},
		"an open chain":           {listing("accept", ""), passes},
		"a shut chain":            {listing("drop", ""), dropped},
		"open to this machine":    {listing("drop", fromLo+","+accept+"\n"+established+","+accept), dropped},
		"open to others":          {listing("drop", notFromLo+","+accept), passes},
		"the port is open":        {listing("drop", counted+","+tcp8001+","+accept), passes},
		"another port is open":    {listing("drop", tcp22+","+accept), dropped},
		"a range of ports":        {listing("drop", someTCP+","+accept), passes},
		"all but the port":        {listing("accept", not8001+","+accept+"\n"+drop), dropped},
		"the port over UDP":       {listing("drop", udp8001+","+accept), dropped},
		"all of TCP":              {listing("drop", isTCP+","+accept), passes},
		"who is new is open":      {listing("drop", isNew+","+accept), passes},
		"who is new is rejected":  {listing("accept", isNew+`,{"reject": {"type": "tcp reset"}}`), dropped},
		"open at home":            {listing("drop", fromHome+","+tcp8001+","+accept), perhaps},
		"shut at home":            {listing("accept", fromHome+","+drop), perhaps},
		"as long as few come":     {listing("drop", tcp8001+","+limited+","+accept), perhaps},
		"a set that has a name":   {listing("drop", named+","+accept), perhaps},
		"open, then shut":         {listing("accept", tcp8001+","+accept+"\n"+drop), passes},
		"shut, then open":         {listing("accept", drop+"\n"+tcp8001+","+accept), dropped},
		"a jump that opens":       {listing("drop", `{"jump": {"target": "doors"}}`, doors(tcp8001+","+accept)), passes},
		"a jump that returns":     {listing("accept", `{"jump": {"target": "doors"}}`+"\n"+drop, doors(`{"return": null}`)), dropped},
		"a jump at home":          {listing("drop", fromHome+`,{"jump": {"target": "doors"}}`, doors(accept)), perhaps},
		"a jump to nowhere":       {listing("drop", `{"jump": {"target": "nowhere"}}`), dropped},
		"a jump in a circle":      {listing("drop", `{"jump": {"target": "doors"}}`, doors(`{"jump": {"target": "doors"}}`)), dropped},
		"something of iptables":   {listing("drop", `{"xt": null},`+accept), perhaps},
		"a condition of nonsense": {listing("drop", `{"match": 7},`+accept), perhaps},
	} {
		rules, err := parseRuleset([]byte(c.listed))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, where := rules.judge("tcp", 8001)
		if got != c.want || got != passes && where != "inet filter input" {
			t.Errorf("%s: %d in %q, want %d", name, got, where, c.want)
		}
	}
}

// FuzzRuleset reads what no nft has listed.
func FuzzRuleset(f *testing.F) {
	f.Add(listing("drop", fromLo+","+accept+"\n"+someTCP+","+accept))
	f.Add(listing("accept", `{"goto": {"target": "input"}}`))
	f.Fuzz(func(t *testing.T, listed string) {
		rules, err := parseRuleset([]byte(listed))
		if err != nil {
			return
		}
		if v, where := rules.judge("tcp", 8001); v != passes && where == "" {
			t.Error("somebody is dropped nowhere")
		}
	})
}

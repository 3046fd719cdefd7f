package doctor

import (
	"encoding/json"
	"fmt"
	"slices"
)

// verdict is what becomes of somebody who comes from another machine.
type verdict int

const (
	passes verdict = iota
	dropped
	perhaps // it depends on what is not known here: on who they are, for one
)

// ruleset is what `nft --json list ruleset` tells (libnftables-json(5)), as far as it concerns who comes in.
type ruleset struct {
	base   []chain           // those that a packet comes to by itself
	chains map[string][]rule // by family, table and name
}

// chain is a chain with a hook.
type chain struct {
	key    string // family, table and name, as nft takes them
	policy string // "accept" or "drop"
}

// rule is a list of expressions: conditions, and what is done where they hold.
type rule []map[string]json.RawMessage

// parseRuleset reads what nft has listed.
func parseRuleset(text []byte) (ruleset, error) {
	var listed struct {
		Nftables []struct {
			Chain *struct {
				Family, Table, Name, Type, Hook, Policy string
			}
			Rule *struct {
				Family, Table, Chain string
				Expr                 rule
			}
		}
	}
	r := ruleset{chains: make(map[string][]rule)}
	if err := json.Unmarshal(text, &listed); err != nil {
		return r, err
	}
	for _, item := range listed.Nftables {
		if c := item.Chain; c != nil && c.Type == "filter" && slices.Contains([]string{"prerouting", "input"}, c.Hook) &&
			slices.Contains([]string{"ip", "inet"}, c.Family) {
			r.base = append(r.base, chain{key: c.Family + " " + c.Table + " " + c.Name, policy: c.Policy})
		}
		if c := item.Rule; c != nil {
			key := c.Family + " " + c.Table + " " + c.Chain
			r.chains[key] = append(r.chains[key], c.Expr)
		}
	}
	return r, nil
}

// judge follows somebody through the rules who comes from another machine, over IPv4, to a port, for the first time.
// Where they are dropped, or perhaps are, it names the chain they came to at first: "inet filter input".
func (r ruleset) judge(protocol string, port uint16) (v verdict, where string) {
	for _, c := range r.base {
		w := walk{ruleset: r, protocol: protocol, port: port}
		end := w.through(c.key, 0)
		if end == "" || end == "return" {
			end = c.policy
		}
		switch {
		case end == "drop" && !w.mayPass:
			return dropped, c.key // nobody takes that back
		case end == "drop" || w.mayDrop:
			v, where = perhaps, c.key
		}
	}
	return v, where
}

// walk is one way through the rules of a chain.
type walk struct {
	ruleset
	protocol string
	port     uint16
	mayPass  bool // somebody may have passed who is not known here
	mayDrop  bool // the same of somebody who was dropped
	steps    int  // rules that were looked at
}

// maxDepth is how deep chains may lead into each other; the kernel has the same limit.
const maxDepth = 16

// maxSteps is how many rules are looked at on one way. Where there are more, nothing is certain.
const maxSteps = 100_000

// through goes through a chain, and gives how it ends for certain: "accept", "drop", or "" for at its end.
func (w *walk) through(key string, depth int) string {
	if depth > maxDepth {
		return ""
	}
	for _, r := range w.chains[key] {
		if w.steps++; w.steps > maxSteps {
			w.mayPass, w.mayDrop = true, true
			return ""
		}
		if end := w.rule(r, key, depth); end != "" {
			return end
		}
	}
	return ""
}

// rule applies one rule, and gives how it ends for certain, "" where the next rule comes.
func (w *walk) rule(r rule, key string, depth int) string {
	sure := yes
	for _, e := range r {
		for kind, body := range e {
			switch kind {
			case "match":
				sure = min(sure, w.matches(body))
			case "counter", "log", "comment":
			case "accept", "drop", "reject", "return":
				return w.settle(kind, sure)
			case "jump", "goto":
				return w.follow(kind, body, sure, key, depth)
			default:
				sure = min(sure, maybe)
			}
			if sure == no {
				return ""
			}
		}
	}
	return ""
}

// settle gives how a rule ends whose conditions hold, surely or not.
func (w *walk) settle(kind string, sure tri) string {
	if kind == "reject" {
		kind = "drop"
	}
	switch {
	case sure == yes:
		return kind
	case kind == "accept":
		w.mayPass = true
	case kind == "drop":
		w.mayDrop = true
	default: // from here on nothing in this chain is certain
		w.mayPass, w.mayDrop = true, true
	}
	return ""
}

// follow goes into another chain of the same table.
func (w *walk) follow(kind string, body json.RawMessage, sure tri, key string, depth int) string {
	var to struct{ Target string }
	var family, table string
	if json.Unmarshal(body, &to) != nil {
		return ""
	}
	if _, err := fmt.Sscan(key, &family, &table); err != nil {
		return ""
	}
	end := w.through(family+" "+table+" "+to.Target, depth+1)
	switch {
	case end == "return", end == "" && kind == "jump":
		return ""
	case end == "":
		return w.settle("return", sure)
	}
	return w.settle(end, sure)
}

package doctor

import (
	"encoding/json"
	"slices"
	"strconv"
)

// tri is whether a condition holds.
type tri int

const (
	no tri = iota
	maybe
	yes
)

// not turns one around.
func (t tri) not() tri { return yes - t }

// matches reports whether the condition of a rule holds for who comes from another machine for the first time.
func (w *walk) matches(body json.RawMessage) tri {
	var m struct {
		Op   string
		Left struct {
			Payload *struct{ Protocol, Field string }
			Meta    *struct{ Key string }
			Ct      *struct{ Key string }
		}
		Right json.RawMessage
	}
	if json.Unmarshal(body, &m) != nil {
		return maybe
	}
	holds := maybe
	switch left := m.Left; {
	case left.Payload != nil && slices.Contains([]string{"tcp", "udp"}, left.Payload.Protocol) &&
		left.Payload.Protocol != w.protocol:
		return no // it is not even that protocol
	case left.Payload != nil && left.Payload.Field == "dport":
		holds = contains(m.Right, strconv.Itoa(int(w.port)))
	case left.Payload != nil && slices.Contains([]string{"icmp", "icmpv6", "ip6"}, left.Payload.Protocol):
		return no
	case left.Payload != nil && left.Payload.Field == "protocol", left.Meta != nil && left.Meta.Key == "l4proto":
		holds = contains(m.Right, w.protocol)
	case left.Meta != nil && (left.Meta.Key == "iif" || left.Meta.Key == "iifname"):
		if string(m.Right) == `"lo"` { // where nobody from elsewhere comes in
			holds = no
		}
	case left.Meta != nil && left.Meta.Key == "nfproto":
		holds = contains(m.Right, "ipv4")
	case left.Ct != nil && left.Ct.Key == "state":
		holds = contains(m.Right, "new")
	}
	if m.Op == "!=" {
		return holds.not()
	}
	return holds
}

// contains reports whether the right side of a condition, one value, a range or a set of both, has a value in it.
func contains(right json.RawMessage, value string) tri {
	var any any
	if json.Unmarshal(right, &any) != nil {
		return maybe
	}
	return has(any, value)
}

// has is contains, of what has been read.
func has(right any, value string) tri {
	switch right := right.(type) {
	case string:
		if len(right) > 0 && right[0] == '@' { // a set that has a name, whose elements are elsewhere
			return maybe
		}
		return truth(right == value)
	case float64:
		return truth(strconv.FormatFloat(right, 'f', -1, 64) == value)
	case []any:
		holds := no
		for _, element := range right {
			holds = max(holds, has(element, value))
		}
		return holds
	case map[string]any:
		if set, ok := right["set"]; ok {
			return has(set, value)
		}
		if bounds, ok := right["range"].([]any); ok && len(bounds) == 2 {
			return within(bounds, value)
		}
	}
	return maybe
}

// within reports whether a value is in a range of numbers.
func within(bounds []any, value string) tri {
	least, ok1 := bounds[0].(float64)
	most, ok2 := bounds[1].(float64)
	n, err := strconv.ParseFloat(value, 64)
	if !ok1 || !ok2 || err != nil {
		return maybe
	}
	return truth(least <= n && n <= most)
}

// truth makes one of what is certain.
func truth(b bool) tri {
	if b {
		return yes
	}
	return no
}

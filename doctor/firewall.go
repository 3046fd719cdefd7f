package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// firewall looks whether this machine's own firewall lets others come to the listeners.
func (m Machine) firewall(ctx context.Context) []Finding {
	doors := m.doors()
	if len(doors) == 0 {
		return []Finding{unseen("", "only this machine can join")}
	}
	if m.system() != "linux" {
		return []Finding{unseen("", "its rules are not read on this system; they are shown by "+by{
			darwin:  "/usr/libexec/ApplicationFirewall/socketfilterfw --listapps",
			windows: "Get-NetFirewallRule -Enabled True -Direction Inbound",
		}.on(m.system()))}
	}
	text, err := listRules(ctx)
	if err != nil {
		return []Finding{unseen("", err.Error())}
	}
	rules, err := parseRuleset(text)
	if err != nil {
		return []Finding{unseen("", "the rules that nft lists cannot be read: "+err.Error())}
	}
	return judgeRules(rules, doors)
}

// door is a port that others come to.
type door struct {
	of       string
	protocol string // "tcp" or "udp"
	port     uint16
}

// doors gives the ports that others should reach.
func (m Machine) doors() (doors []door) {
	for _, l := range m.plan.Listeners {
		if at, err := addressOf(l); err == nil && !at.Addr().IsLoopback() && at.Port() != 0 {
			doors = append(doors, door{of: l.URL, protocol: l.Network, port: at.Port()})
		}
	}
	if m.Config.LAN {
		doors = append(doors, door{of: "multicast DNS", protocol: "udp", port: 5353})
	}
	return doors
}

// listRules has nft list the rules of the kernel, which it does for root alone. iptables of today is a part of them.
func listRules(ctx context.Context) ([]byte, error) {
	nft := program("nft")
	if nft == "" {
		return nil, errors.New("its rules cannot be listed: the program nft is not installed")
	}
	if os.Geteuid() != 0 {
		return nil, errors.New("its rules are for root to see: sudo parley doctor")
	}
	text, err := exec.CommandContext(ctx, nft, "--json", "list", "ruleset").Output()
	if err != nil {
		return nil, fmt.Errorf("its rules cannot be listed: nft failed: %w", err)
	}
	return text, nil
}

// program finds a program, also where a user's path does not lead.
func program(name string) string {
	for _, candidate := range []string{name, "/usr/sbin/" + name, "/sbin/" + name} {
		if found, err := exec.LookPath(candidate); err == nil {
			return found
		}
	}
	return ""
}

// judgeRules judges what rules do with those who come to doors.
func judgeRules(rules ruleset, doors []door) (found []Finding) {
	for _, d := range doors {
		name := fmt.Sprintf("%s port %d", strings.ToUpper(d.protocol), d.port)
		switch verdict, where := rules.judge(d.protocol, d.port); verdict {
		case dropped:
			found = append(found, about(d.of, Wrong, "this machine's firewall drops what comes to "+name+": chain "+where,
				allow(d.protocol, d.port, where)))
		case perhaps:
			found = append(found, about(d.of, Warn, "this machine's firewall lets some come to "+name+" and others not: chain "+
				where, "sudo nft list ruleset"))
		default:
			found = append(found, fine(d.of, "this machine's firewall lets others come to "+name))
		}
	}
	return found
}

// allow gives the command that lets others come to a port: with the program that the firewall is managed by, as far as
// the chain where they were dropped tells, "" for not.
func allow(protocol string, port uint16, where string) string {
	switch {
	case (where == "" || strings.Contains(where, " firewalld ")) && program("firewall-cmd") != "":
		return fmt.Sprintf("sudo firewall-cmd --permanent --add-port=%d/%s && sudo firewall-cmd --reload", port, protocol)
	case (where == "" || where == "ip filter INPUT") && program("ufw") != "":
		return fmt.Sprintf("sudo ufw allow %d/%s", port, protocol)
	}
	if where == "" {
		where = "inet filter input"
	}
	return fmt.Sprintf("sudo nft insert rule %s %s dport %d accept", where, protocol, port)
}

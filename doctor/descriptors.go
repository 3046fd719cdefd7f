package doctor

import "fmt"

const (
	// ownFiles is how many files the server has open without anybody in it, generously.
	ownFiles = 100
	// usualClients is for how many connections a listener should have room where nobody has said how many.
	usualClients = 1000
)

// descriptors looks at the limit on open files: each connection is one.
func (m Machine) descriptors() []Finding {
	most, known := openFiles()
	if !known {
		return []Finding{fine("", "this system has no limit on open files that matters")}
	}
	return []Finding{m.judgeDescriptors(most)}
}

// judgeDescriptors judges a limit on open files.
func (m Machine) judgeDescriptors(most uint64) Finding {
	clients, status := 0, Warn
	for _, l := range m.plan.Listeners {
		switch {
		case l.Network != "tcp":
		case l.Clients > 0:
			clients, status = clients+l.Clients, Wrong
		default:
			clients += usualClients
		}
	}
	need := uint64(clients + ownFiles)
	if most >= need {
		return fine("", fmt.Sprintf("%d may be open, and %d connections have room", most, clients))
	}
	return about("", status, fmt.Sprintf("%d may be open, which is too few for %d connections: whoever comes when they "+
		"are used up waits", most, clients), by{
		linux: fmt.Sprintf("sudo prlimit --pid $$ --nofile=%d:%[1]d   # for this shell; for a service LimitNOFILE=%[1]d",
			need),
		darwin:  fmt.Sprintf("sudo launchctl limit maxfiles %d %[1]d", need),
		windows: "",
	}.on(m.system()))
}

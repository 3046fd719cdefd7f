package doctor

// Status is how a check ended.
type Status string

// The statuses. Scripts read them, and there will be no others.
const (
	OK      Status = "ok"
	Warn    Status = "warn"    // it works, and may not go on to, or not for all
	Wrong   Status = "wrong"   // it does not work
	Skipped Status = "skipped" // nothing can be said; the cause says why
)

// Finding is what a check has found about one thing. All of it is one line each, and clean.
type Finding struct {
	Check  string `json:"check"`        // which check: "listener", "certificate"
	Of     string `json:"of,omitempty"` // what it was about: a listener's URL, a directory; "" where there is only one
	Status Status `json:"status"`
	Cause  string `json:"cause"` // what is so, and why; lower case, no final stop
	// Remedy is a command for this system, perhaps with a comment behind #; "" where nothing is to be done.
	Remedy string `json:"remedy,omitempty"`
}

// about makes a Finding about something.
func about(of string, status Status, cause, remedy string) Finding {
	return Finding{Of: of, Status: status, Cause: cause, Remedy: remedy}
}

// fine makes a Finding that nothing is to be done about.
func fine(of, cause string) Finding { return about(of, OK, cause, "") }

// unseen makes a Finding that nothing can be said.
func unseen(of, why string) Finding { return about(of, Skipped, why, "") }

// Healthy reports whether nothing of it is wrong. What was skipped, and warnings, do not count.
func Healthy(found []Finding) bool {
	for _, f := range found {
		if f.Status == Wrong {
			return false
		}
	}
	return true
}

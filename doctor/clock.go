package doctor

import (
	"fmt"
	"time"
)

// earliest is a time that is over since before this program was written.
var earliest = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// clock looks at this machine's clock by itself.
func (m Machine) clock() []Finding {
	kept, known := isClockKept()
	return []Finding{m.judgeClock(m.Now(), kept, known)}
}

// judgeClock judges what the clock says, and whether the system keeps it right by others.
func (m Machine) judgeClock(now time.Time, kept, known bool) Finding {
	switch {
	case now.Before(earliest):
		return about("", Wrong, "the clock says "+day(now)+", which is over since long: messages get wrong times, and "+
			"certificates seem not valid yet", setClock(m.system()))
	case known && !kept:
		return about("", Warn, "the clock says "+day(now)+", and nothing keeps it right (it is not synchronized)",
			setClock(m.system()))
	case known:
		return fine("", "the clock says "+day(now)+", and is kept right")
	}
	return fine("", "the clock says "+day(now))
}

// setClock gives the command that has the clock kept right.
func setClock(s system) string {
	return by{
		linux:   "sudo timedatectl set-ntp true && timedatectl",
		darwin:  "sudo systemsetup -setusingnetworktime on",
		windows: "w32tm /resync",
	}.on(s)
}

// How far two clocks may be apart.
const (
	clocksApart      = time.Minute      // from here on a warning is given
	clocksFarApart   = 10 * time.Minute // from here on it is wrong
	clocksResolution = 2 * time.Second  // what the Date of an answer (RFC 9110, section 6.6.1) and its way leave open
)

// judgeClocks compares this machine's clock with a server's.
func judgeClocks(here, there time.Time, s system) Finding {
	apart := there.Sub(here).Round(time.Second)
	direction := "ahead of"
	if apart < 0 {
		direction, apart = "behind", -apart
	}
	cause := fmt.Sprintf("the server's clock is %s %s this machine's: %s there, %s here; one of the two is wrong, and "+
		"certificates are held against it", apart, direction, day(there), day(here))
	switch remedy := setClock(s) + "   # on the machine whose clock is wrong"; {
	case apart >= clocksFarApart:
		return about("", Wrong, cause, remedy)
	case apart >= clocksApart:
		return about("", Warn, cause, remedy)
	case apart <= clocksResolution:
		return fine("", "the server's clock says the same as this machine's")
	}
	return fine("", fmt.Sprintf("the server's clock is %s %s this machine's", apart, direction))
}

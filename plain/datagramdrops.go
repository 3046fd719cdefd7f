package plain

import (
	"log/slog"
	"sync/atomic"
	"time"
)

// DatagramDrops counts the datagrams that a UDP listener has dropped, by the limit that they were over.
type DatagramDrops struct {
	Forged       int64 // came from an address that nobody can have
	Participants int64 // came from somebody new while there were as many participants as there may be
	Newcomers    int64 // came from somebody new while too many came
	Flood        int64 // came faster than its source may send
	Waiting      int64 // came while too many waited for the disk
	Public       int64 // would have gone to a public address
	Allowance    int64 // would have been too much for where it went
	Outgoing     int64 // could not be sent: too many were on their way, or the system refused
}

// total is how many were dropped altogether.
func (d DatagramDrops) total() int64 {
	return d.Forged + d.Participants + d.Newcomers + d.Flood + d.Waiting + d.Public + d.Allowance + d.Outgoing
}

// LogValue shows the counts that are not 0.
func (d DatagramDrops) LogValue() slog.Value {
	var attrs []slog.Attr
	add := func(name string, n int64) {
		if n > 0 {
			attrs = append(attrs, slog.Int64(name, n))
		}
	}
	add("forged", d.Forged)
	add("participants", d.Participants)
	add("newcomers", d.Newcomers)
	add("flood", d.Flood)
	add("waiting", d.Waiting)
	add("public", d.Public)
	add("allowance", d.Allowance)
	add("outgoing", d.Outgoing)
	return slog.GroupValue(attrs...)
}

// logEvery is how often dropped datagrams are logged at most: a flood must not become one of the log.
const logEvery = 10 * time.Second

// drops counts while the listener runs. Its counters may be used from any goroutine, log from one.
type drops struct {
	forged, participants, newcomers, flood, waiting, public, allowance, outgoing atomic.Int64

	logged int64 // how many were dropped when that was last logged
	next   time.Time
}

// count gives the counts.
func (d *drops) count() DatagramDrops {
	return DatagramDrops{
		Forged: d.forged.Load(), Participants: d.participants.Load(), Newcomers: d.newcomers.Load(), Flood: d.flood.Load(),
		Waiting: d.waiting.Load(), Public: d.public.Load(), Allowance: d.allowance.Load(), Outgoing: d.outgoing.Load(),
	}
}

// log logs the counts if there is something new, and not too soon after the last time.
func (d *drops) log(log *slog.Logger, now time.Time) {
	if now.Before(d.next) {
		return
	}
	d.next = now.Add(logEvery)
	if counts := d.count(); counts.total() != d.logged {
		d.logged = counts.total()
		log.Info("datagrams were dropped", "in all", counts)
	}
}

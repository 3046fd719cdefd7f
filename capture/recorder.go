package capture

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"parley/capture/pcap"
)

// Options say what is captured.
type Options struct {
	Interfaces []Interface // one at least
	Filter     Filter
	Packets    uint64       // after so many it is over; 0 for no end
	About      pcap.Section // what the file says of itself; OS is filled in where it is ""
}

// Recorder captures into a file. Each interface has its packets in the order in which the system saw them; of several
// interfaces, a packet may stand a moment behind younger ones of another.
type Recorder struct {
	most    uint64
	sources []source
	packets atomic.Uint64

	mu     sync.Mutex // guards what follows, and the order of the file
	file   *blocks
	writer *pcap.Writer
}

// Counts are how far a capture has come.
type Counts struct {
	Packets uint64 // in the file
	Dropped uint64 // that the system had to leave out, because they were not taken in time
}

// errEnough ends a capture that has as many packets as it is to have.
var errEnough = errors.New("there are as many packets as wanted")

// Open begins to capture into out, which gets whole blocks only; what comes from then on is kept for Run. The error is
// an *parley.Error where something can be done about it: of CodeForbidden where the right is missing.
func Open(out io.Writer, o Options) (*Recorder, error) {
	r := &Recorder{most: o.Packets, file: &blocks{out: out}}
	if err := r.open(o); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

func (r *Recorder) open(o Options) (err error) {
	for _, i := range o.Interfaces {
		s, err := openSource(i, o.Filter)
		if err != nil {
			return err
		}
		r.sources = append(r.sources, s)
	}
	if o.About.OS == "" {
		o.About.OS = system()
	}
	if r.writer, err = pcap.NewWriter(r.file, o.About); err != nil {
		return err
	}
	for n, i := range o.Interfaces {
		about := pcap.Interface{Link: r.sources[n].link(), SnapLen: snapLen, Name: i.Name, Description: i.What}
		if _, err = r.writer.Interface(about, o.Filter.String()); err != nil {
			return err
		}
	}
	return r.file.flush()
}

// Run writes what is captured until ctx ends, there are as many packets as wanted, or something fails; then what the
// system counted. It is called once.
func (r *Recorder) Run(ctx context.Context) error {
	defer context.AfterFunc(ctx, r.stop)()
	failed := make([]error, len(r.sources))
	var running sync.WaitGroup
	for n, s := range r.sources {
		running.Go(func() {
			failed[n] = s.run(func(p pcap.Packet) error { return r.take(uint32(n), p) }, r.pause)
			r.stop() // one that has failed ends the others
		})
	}
	running.Wait()
	err := errors.Join(failed...)
	if errors.Is(err, errEnough) {
		err = nil
	}
	return errors.Join(err, r.end())
}

func (r *Recorder) stop() {
	for _, s := range r.sources {
		s.stop()
	}
}

// take writes a packet of an interface.
func (r *Recorder) take(n uint32, p pcap.Packet) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.most > 0 && r.packets.Load() >= r.most {
		return errEnough
	}
	if err := r.writer.Packet(n, p); err != nil {
		return err
	}
	if r.packets.Add(1) == r.most {
		return errEnough
	}
	return nil
}

func (r *Recorder) pause() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.file.flush()
}

// end writes what the system counted.
func (r *Recorder) end() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for n, s := range r.sources {
		received, dropped := s.counts()
		if err := r.writer.Statistics(uint32(n), time.Now().UnixNano(), received, dropped); err != nil {
			return err
		}
	}
	return r.file.flush()
}

// Counts may be called at any time before Close.
func (r *Recorder) Counts() Counts {
	c := Counts{Packets: r.packets.Load()}
	for _, s := range r.sources {
		_, dropped := s.counts()
		c.Dropped += dropped
	}
	return c
}

// Close gives everything back but the file, after Run or without it.
func (r *Recorder) Close() {
	for _, s := range r.sources {
		s.close()
	}
}

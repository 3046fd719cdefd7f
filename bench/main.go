//go:build linux

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parseFlags(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err == nil {
		err = o.run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options is what is to be measured, of what.
type options struct {
	server   string
	address  string
	pid      int
	data     string
	only     string
	door     string
	doors    []*door // that it names
	clients  int
	idle     int
	window   int
	size     int
	rate     int
	messages int
	file     int64
	warmUp   time.Duration
	duration time.Duration
	verify   bool
}

// parseFlags reads the command line and writes help to out where it is asked for or needed.
func parseFlags(args []string, out io.Writer) (options, error) {
	var o options
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	set.SetOutput(out)
	set.StringVar(&o.server, "server", "", "binary to run; without it ./cmd/parley is built")
	set.StringVar(&o.address, "address", "", "HOST:PORT of a listener that runs already, instead; with -door")
	set.IntVar(&o.pid, "pid", 0, "with -address: the server's process, for its CPU and memory")
	set.StringVar(&o.data, "data", "", "folder for the server's data (default: the temporary folder)")
	set.StringVar(&o.only, "only", "", "one measurement: floor, window, rate, memory or files")
	set.StringVar(&o.door, "door", "", "plain or websocket (default: one after the other)")
	set.IntVar(&o.clients, "clients", 1000, "people in the room")
	set.IntVar(&o.idle, "idle", 5000, "idle connections, measured at each 1,000")
	set.IntVar(&o.window, "window", 0, "messages in flight (default: once 1, once 64)")
	set.IntVar(&o.size, "size", 200, "bytes of a message's text")
	set.IntVar(&o.rate, "rate", 50_000, "deliveries a second for latency")
	set.IntVar(&o.messages, "messages", 0, "end after so many messages (default: by time)")
	set.Int64Var(&o.file, "file", 1_000_000_000, "bytes of the file that goes to the server and back")
	set.DurationVar(&o.warmUp, "warm", 2*time.Second, "time of each window before measuring")
	set.DurationVar(&o.duration, "for", 10*time.Second, "time measured")
	set.BoolVar(&o.verify, "verify", false, "read every line and check it; slows the load down")
	if err := set.Parse(args); err != nil {
		return o, err
	}
	var err error
	if o.doors, err = doorsNamed(o.door); err != nil {
		return o, err
	}
	return o, o.check()
}

// measurements are those that -only takes.
var measurements = []string{"floor", "window", "rate", "memory", "files"}

// check refuses what makes no sense.
func (o options) check() error {
	switch {
	case o.only != "" && !slices.Contains(measurements, o.only):
		return fmt.Errorf("-only is one of %s, not %q", strings.Join(measurements, ", "), o.only)
	case o.address != "" && o.door == "":
		return errors.New("-address needs a -door")
	case o.clients < 2 || o.clients > 1<<16:
		return errors.New("-clients is from 2 to 65536")
	case o.file < 1:
		return errors.New("-file is above 0")
	case o.window < 0, o.rate < 1, o.messages < 0, o.duration <= 0, o.warmUp < 0, o.idle < 1:
		return errors.New("counts and times are above 0")
	case o.size < minSize || o.size > 32<<10:
		return fmt.Errorf("-size is from %d to %d", minSize, 32<<10)
	}
	return nil
}

// run measures one thing after the other, each on a server of its own.
func (o options) run(ctx context.Context) error {
	runtime.LockOSThread() // one loop, one thread
	temp, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if o.data == "" {
		o.data = temp
	}
	if o.server == "" && o.address == "" {
		if o.server, err = build(ctx, temp); err != nil {
			return err
		}
	}
	r := report{os.Stdout}
	fmt.Fprintf(r.out, "%d people in one room, messages of %d bytes, %d processors, data in %s\n",
		o.clients, o.size, runtime.NumCPU(), o.data)
	if o.wants("floor") {
		if err := o.measureFloor(r); err != nil {
			return err
		}
	}
	if o.wants("window") {
		for _, window := range o.windows() {
			if err := o.measureFlows(ctx, r, window); err != nil {
				return err
			}
		}
	}
	if o.wants("rate") {
		if err := o.atEach(ctx, r, o.measureDelays); err != nil {
			return err
		}
	}
	if o.wants("memory") {
		if err := o.atEach(ctx, r, o.measureMemory); err != nil {
			return err
		}
	}
	if o.wants("files") && o.address == "" {
		return o.measureFiles(ctx, r)
	}
	return nil
}

// atEach measures something at each door.
func (o options) atEach(ctx context.Context, r report, measure func(context.Context, report, *door) error) error {
	for _, d := range o.doors {
		if err := measure(ctx, r, d); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
	}
	return nil
}

// measureFlows measures a flow at each door, and compares them.
func (o options) measureFlows(ctx context.Context, r report, window int) error {
	var flows []flow
	err := o.atEach(ctx, r, func(ctx context.Context, r report, d *door) error {
		result, err := o.measureFlow(ctx, d, window)
		if err == nil {
			r.flow(d, window, result)
			flows = append(flows, result)
		}
		return err
	})
	if err == nil && len(flows) == 2 {
		r.ratio(window, flows[0], flows[1])
	}
	return err
}

func (o options) wants(name string) bool { return o.only == "" || o.only == name }

func (o options) windows() []int {
	if o.window > 0 {
		return []int{o.window}
	}
	return []int{1, 64}
}

func (o options) measureFloor(r report) error {
	f, err := newFloor(o.clients)
	if err != nil {
		return err
	}
	for _, window := range o.windows() {
		spent, failed := f.run(window, o.size+lineFrame)
		if failed != nil {
			return errors.Join(failed, f.close())
		}
		r.floor(window, spent)
	}
	return f.close()
}

func (o options) measureFlow(ctx context.Context, d *door, window int) (result flow, err error) {
	err = o.with(ctx, d, o.clients, func(s *server, c *crowd) error {
		f := flood{window: window, messages: o.messages, duration: o.duration, verify: o.verify, cpu: s.cpu}
		if f.messages == 0 {
			f.warmUp = o.warmUp
		}
		result, err = f.run(ctx, c)
		return err
	})
	return result, err
}

func (o options) measureDelays(ctx context.Context, r report, d *door) error {
	return o.with(ctx, d, o.clients, func(_ *server, c *crowd) error {
		p := pace{deliveries: o.rate, messages: o.messages}
		if p.messages == 0 {
			p.messages = max(1, int(o.duration.Seconds()*float64(o.rate)/float64(d.receivers(o.clients))))
		}
		list, err := p.run(ctx, c)
		if err == nil {
			r.delays(d, o.rate, list)
		}
		return err
	})
}

func (o options) measureMemory(ctx context.Context, r report, d *door) error {
	var counts []int
	for n := min(1000, o.idle); n <= o.idle; n += 1000 {
		counts = append(counts, n)
	}
	return o.with(ctx, d, 0, func(s *server, c *crowd) error {
		if s.process == 0 {
			return errors.New("memory needs the server's -pid")
		}
		list, err := idle(ctx, c, s.address, s.process, counts)
		if err == nil {
			r.footprints(d, list)
		}
		return err
	})
}

// measureFiles sends a file and gets it back, by the door that has HTTP.
func (o options) measureFiles(ctx context.Context, r report) (err error) {
	s, err := startServer(ctx, doors()[1], o.server, o.data, 100)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	m, err := measureTransfers(ctx, s, o.data, o.file)
	if err == nil {
		r.transfers(m)
	}
	return err
}

// with runs something with a server and a crowd of so many that have joined by a door, and ends both.
func (o options) with(ctx context.Context, d *door, clients int, run func(*server, *crowd) error) (err error) {
	s, err := o.open(ctx, d)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	c, err := newCrowd(d, o.size)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	if err := c.connect(ctx, s.address, clients); err != nil {
		return err
	}
	if clients > 0 {
		if err := c.join(ctx); err != nil {
			return err
		}
	}
	return run(s, c)
}

// open gives the server that was named, or starts one with room for all clients.
func (o options) open(ctx context.Context, d *door) (*server, error) {
	if o.address == "" {
		return startServer(ctx, d, o.server, o.data, max(o.clients, o.idle)+1000)
	}
	address, err := netip.ParseAddrPort(o.address)
	if err != nil {
		return nil, fmt.Errorf("-address: %w", err)
	}
	return &server{address: address, process: process(o.pid), stop: func() error { return nil }}, nil
}

// cpu gives the server's processor time, and 0 of a server whose process is not known.
func (s *server) cpu() (time.Duration, error) {
	if s.process == 0 {
		return 0, nil
	}
	return s.process.cpu()
}

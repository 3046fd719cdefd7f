package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// FileName is what the database is called in its directory.
const FileName = "parley.db"

const (
	patience   = 5000 // milliseconds to wait for a lock: a person may look into the file with another program
	hurry      = 100  // milliseconds for which a checkpoint waits for reads
	maxReaders = 4    // connections that read; more than cores do not help
)

// database is the file with the connections to it: one that writes, several that read, one that checkpoints.
//
// The writer's goroutine alone uses write, and alone opens and closes. Everybody else comes through use, and can be
// told to leave.
type database struct {
	path     string
	volatile bool

	mu      sync.RWMutex    // held to read while the fields below are in use, to write while they change
	staying context.Context // ends when everybody in use has to leave
	leave   context.CancelFunc
	write   *sql.DB
	check   *sql.DB
	reads   *reads
}

// errNotOpen is what use says between a failure of the disk and the next write, which opens the database again.
var errNotOpen = errors.New("the database is not open")

// openDatabase opens the file in dir, makes it where there is none, and brings its schema up to date.
func openDatabase(ctx context.Context, dir string, volatile bool) (*database, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	d := &database{path: filepath.Join(dir, FileName), volatile: volatile}
	d.staying, d.leave = context.WithCancel(context.Background())
	keepPrivate(d.path)
	if err := d.open(ctx); err != nil {
		return nil, d.explain(err)
	}
	return d, nil
}

// open makes the connections. On failure it leaves none open.
func (d *database) open(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	if d.write, err = d.pool("rwc", 1, d.writing(patience)); err != nil {
		return err
	}
	if err := migrate(ctx, d.write, filepath.Dir(d.path)); err != nil {
		return err
	}
	if d.check, err = d.pool("rw", 1, d.writing(hurry)); err != nil {
		return err
	}
	readers, err := d.pool("ro", maxReaders, reading())
	if err != nil {
		return err
	}
	d.reads, err = prepareReads(ctx, readers)
	return err
}

// close closes the connections, the writing one last: SQLite then brings the log into the database and removes it.
func (d *database) close() error {
	var errs []error
	if d.reads != nil {
		errs = append(errs, d.reads.close())
	}
	for _, pool := range []*sql.DB{d.check, d.write} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	d.reads, d.check, d.write = nil, nil, nil
	return errors.Join(errs...)
}

// shut closes the connections for good.
func (d *database) shut() error {
	return d.alone(func() error { return d.close() })
}

// reopen closes the connections, whatever that says, and makes new ones. Nobody is in use meanwhile.
func (d *database) reopen(ctx context.Context) error {
	return d.alone(func() error {
		_ = d.close() // it failed already, or it would not be reopened
		return d.open(ctx)
	})
}

// use runs f, whose context also ends when the writer needs the database for itself.
func (d *database) use(ctx context.Context, f func(context.Context) error) error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.reads == nil {
		return errNotOpen
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(d.staying, cancel)()
	return d.explain(f(ctx))
}

// alone runs f while nobody is in use. Whoever was is told to leave.
func (d *database) alone(f func() error) error {
	d.leave()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.staying, d.leave = context.WithCancel(context.Background())
	return f()
}

// writing gives the pragmas of a connection that writes or checkpoints. Pragmas belong to a connection, so they are
// part of its name and every connection of a pool has them.
func (d *database) writing(wait int) []string {
	pragmas := []string{
		fmt.Sprintf("busy_timeout(%d)", wait),
		"journal_mode(WAL)",
		"foreign_keys(1)",
		"wal_autocheckpoint(0)",        // a checkpoint has its own goroutine
		"journal_size_limit(67108864)", // bytes: a log that once grew longer gives the rest back when it starts over
		"temp_store(MEMORY)",
		"cache_size(-16384)", // KiB
		"secure_delete(1)",   // what was deleted is overwritten, not left in a page that is free
	}
	if d.volatile {
		return append(pragmas, "synchronous(OFF)")
	}
	pragmas = append(pragmas, "synchronous(FULL)")
	if runtime.GOOS == "darwin" {
		pragmas = append(pragmas, "fullfsync(1)") // fsync alone leaves it in the drive's cache there
	}
	return pragmas
}

// reading gives the pragmas of a connection that reads.
func reading() []string {
	return []string{fmt.Sprintf("busy_timeout(%d)", patience), "temp_store(MEMORY)", "cache_size(-4096)"}
}

// pool opens up to n connections in one of SQLite's modes, with these pragmas.
func (d *database) pool(mode string, n int, pragmas []string) (*sql.DB, error) {
	pool, err := sql.Open("sqlite", dataSource(d.path, mode, pragmas))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool, nil
}

// dataSource gives the URI of a database (https://www.sqlite.org/uri.html) with what the driver is to do on each
// connection.
func dataSource(path, mode string, pragmas []string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // C:/… on Windows
		path = "/" + path
	}
	options := url.Values{"mode": {mode}, "_pragma": pragmas, "_dqs": {"0"}}
	uri := url.URL{Scheme: "file", Path: path, RawQuery: options.Encode()}
	return uri.String()
}

package sqlite

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley"
)

// spoil writes nonsense over the database in dir from a byte on.
func spoil(t *testing.T, dir string, from int64) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, FileName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	size, err := f.Seek(0, 2)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(bytes.Repeat([]byte("nonsense"), int(max(4096, size-from))/8), from)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// talkedIn makes a database with some pages of messages in it.
func talkedIn(t *testing.T, dir string) (lobby parley.RoomID) {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{Log: testLog(t)})
	if err != nil {
		t.Fatal(err)
	}
	s.Start(func([]parley.Applied) {})
	lobby = openLobby(t, s)
	for n := range 200 {
		appendOne(t, s, said(lobby, alice, id(n), strings.Repeat("many words ", 20)))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return lobby
}

// advises checks that a text names the database in dir as damaged and says what to do.
func advises(t *testing.T, text, dir string) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"the database " + path + " is damaged: ", "move it away", "restore a copy", "-wal"} {
		if !strings.Contains(text, part) {
			t.Errorf("does not say %q: %s", part, text)
		}
	}
}

// TestADamagedDatabaseIsNamed: whoever started the server was told that "file is not a database (26)", not which file, nor
// what to do.
func TestADamagedDatabaseIsNamed(t *testing.T) {
	for name, damage := range map[string]func(dir string){
		"no database": func(dir string) { spoil(t, dir, 0) },
		"a schema that makes no sense": func(dir string) {
			talkedIn(t, dir)
			spoil(t, dir, 100) // behind the header (https://www.sqlite.org/fileformat2.html#the_database_header)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			damage(dir)
			_, err := Open(t.Context(), dir, Options{Log: testLog(t)})
			if parley.CodeOf(err) != parley.CodeStore {
				t.Fatal(err)
			}
			advises(t, parley.Sentence(err), dir)
			if strings.Count(err.Error(), "is damaged") != 1 {
				t.Errorf("says so more than once: %v", err)
			}
		})
	}
}

// TestDamageThatIsMetLaterIsNamedInTheLog: people in the chat are told neither a path nor what the operator should do.
func TestDamageThatIsMetLaterIsNamedInTheLog(t *testing.T) {
	dir := t.TempDir()
	lobby := talkedIn(t, dir)
	info, err := os.Stat(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	spoil(t, dir, info.Size()-20*4096) // the last pages hold messages, and indexes of them
	var log bytes.Buffer
	s, err := Open(t.Context(), dir, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	s.Start(func([]parley.Applied) {})
	_, err = s.Messages(t.Context(), lobby, parley.Page{Limit: parley.MaxPage})
	if parley.Sentence(err) != sentenceUnread {
		t.Errorf("a reader is told %q", parley.Sentence(err))
	}
	advises(t, parley.Sentence(ForOperator(err)), dir)
	_, err = s.Append(t.Context(), said(lobby, alice, id(1000), "one more"))
	if parley.Sentence(err) != sentenceFailed {
		t.Errorf("a sender is told %q", parley.Sentence(err))
	}
	if err := s.Close(); err != nil {
		t.Log(err) // of a damaged database nothing else is expected
	}
	advises(t, log.String(), dir)
}

package files

import (
	"errors"
	"iter"
	"slices"
	"sync"
	"testing"

	"parley"
)

// nobodys and somebodys are what a state says of a content: that no event names it, or that one does.
func nobodys() (bool, error)   { return false, nil }
func somebodys() (bool, error) { return true, nil }

// TestAFileThatIsNotPostedIsGivenUp: a file whose event was refused stayed for ever, and counted.
func TestAFileThatIsNotPostedIsGivenUp(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{Quota: 10}, plenty)
	bring(t, s, []byte("0123456789")).Drop(nobodys)
	if got := tree(t, dir); got != nil {
		t.Errorf("left %v", got)
	}
	_, err := s.Open(sum([]byte("0123456789")))
	code(t, err, parley.CodeNoSuchFile)
	upload(t, s, []byte("9876543210")) // its room is there for others
	idle(t, s)
}

// TestWhatSomebodyElseSentIsNotGivenUp has two send the same content, at the same time or not; the event of one is
// refused.
func TestWhatSomebodyElseSentIsNotGivenUp(t *testing.T) {
	content := []byte("both have it")
	for name, story := range map[string]func(t *testing.T, s *Store){
		"refused while the other sends": func(t *testing.T, s *Store) {
			refused, other := bring(t, s, content), bring(t, s, content)
			refused.Drop(nobodys)
			other.Keep()
		},
		"refused after the other has posted": func(t *testing.T, s *Store) {
			refused, other := bring(t, s, content), bring(t, s, content)
			other.Keep()
			refused.Drop(nobodys) // as the state said before the other's event was there
		},
		"refused while the other sends and posts": func(t *testing.T, s *Store) {
			bring(t, s, content).Drop(func() (bool, error) {
				upload(t, s, content)
				return false, nil
			})
		},
		"refused when the other has long posted": func(t *testing.T, s *Store) {
			upload(t, s, content)
			bring(t, s, content).Drop(somebodys)
		},
		"refused, and the state does not say": func(t *testing.T, s *Store) {
			bring(t, s, content).Drop(func() (bool, error) { return false, errors.New("no state") })
		},
		"dropped after it was kept": func(t *testing.T, s *Store) {
			h := bring(t, s, content)
			h.Keep()
			h.Drop(nobodys)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t, t.TempDir(), Options{}, plenty)
			story(t, s)
			if got := kept(t, s, sum(content)); string(got) != string(content) {
				t.Errorf("kept %q", got)
			}
			if s.kept != int64(len(content)) {
				t.Errorf("%d bytes count", s.kept)
			}
			idle(t, s)
		})
	}
}

// TestOfManyWhoAreRefusedNothingStays: the last one to give up removes the content, whoever that is.
func TestOfManyWhoAreRefusedNothingStays(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{}, plenty)
	var all sync.WaitGroup
	for range 20 {
		h := bring(t, s, []byte("all the same"))
		all.Go(func() { h.Drop(nobodys) })
	}
	all.Wait()
	if got := tree(t, dir); got != nil || s.kept != 0 {
		t.Errorf("left %v, %d bytes", got, s.kept)
	}
	idle(t, s)
}

// TestADamagedBlobCountsOnce: what is replaced takes no room any more.
func TestADamagedBlobCountsOnce(t *testing.T) {
	dir := t.TempDir()
	d := upload(t, openStore(t, dir, Options{}, plenty), []byte("as it was sent"))
	damaged := []byte("as it")
	write(t, dir, "blobs/"+d.String()[:2]+"/"+d.String(), damaged)
	s := openStore(t, dir, Options{}, plenty)
	if s.kept != int64(len(damaged)) {
		t.Fatalf("%d bytes count", s.kept)
	}
	upload(t, s, []byte("as it was sent"))
	if s.kept != int64(len("as it was sent")) {
		t.Errorf("%d bytes count", s.kept)
	}
}

// these gives digests, and then an error where there is one.
func these(err error, digests ...parley.Digest) iter.Seq2[parley.Digest, error] {
	return func(yield func(parley.Digest, error) bool) {
		for _, d := range digests {
			if !yield(d, nil) {
				return
			}
		}
		if err != nil {
			yield(parley.Digest{}, err)
		}
	}
}

// TestWhatACrashLeftUnpostedIsSweptAway: a process that was killed between a file and its event left the file for ever.
func TestWhatACrashLeftUnpostedIsSweptAway(t *testing.T) {
	dir := t.TempDir()
	before := openStore(t, dir, Options{}, plenty)
	posted := bring(t, before, []byte("posted")).Digest()
	bring(t, before, []byte("not posted"))

	s := openStore(t, dir, Options{Quota: 16}, plenty)
	write(t, dir, "blobs/README", []byte("not ours"))
	if err := s.Sweep(these(nil, posted, sum([]byte("gone long ago")))); err != nil {
		t.Fatal(err)
	}
	want := []string{"blobs/README", "blobs/" + posted.String()[:2] + "/" + posted.String()}
	if got := tree(t, dir); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Errorf("left %v", got)
	}
	upload(t, s, []byte("0123456789"))
	idle(t, s)
}

func TestNothingIsSweptAwayWhenTheStateDoesNotSayAll(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{}, plenty)
	one, two := upload(t, s, []byte("one")), upload(t, s, []byte("two"))
	failed := errors.New("no state")
	if err := s.Sweep(these(failed, one)); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	kept(t, s, one)
	kept(t, s, two)
}

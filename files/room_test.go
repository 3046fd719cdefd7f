package files

import (
	"bytes"
	"testing"

	"parley"
)

// Ten people announced files as large as all the room there was, sent nothing, and nobody else could send anything.
func TestWhoAnnouncesMuchAndSendsNothingKeepsLittleFromOthers(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{Quota: 20 * step}, plenty)
	for range 10 {
		create(t, s, 10*step)
	}
	upload(t, s, bytes.Repeat([]byte("x"), step))
}

// Room is taken as a file comes, so it can be gone before the end; then the sender is told, and nothing stays.
func TestRoomThatOthersHaveTakenEndsAnUpload(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{Quota: 3 * step}, plenty)
	slow := create(t, s, 3*step)
	quick := bytes.Repeat([]byte("x"), step+1) // takes two steps of room while it comes, and one and a byte in the end
	upload(t, s, quick)
	part := make([]byte, step)
	if _, err := slow.Write(part); err != nil {
		t.Fatal(err)
	}
	_, err := slow.Write(part)
	code(t, err, parley.CodeTooLarge)
	slow.Abort()
	idle(t, s)
	upload(t, s, bytes.Repeat([]byte("y"), step))
}

func TestRoomIsKeptForAFileOfAnySize(t *testing.T) {
	for _, size := range []int{1, step - 1, step, step + 1, 2*step + 3} {
		s := openStore(t, t.TempDir(), Options{Quota: int64(size)}, plenty)
		upload(t, s, make([]byte, size))
		idle(t, s)
		if _, err := s.Create(1); parley.CodeOf(err) != parley.CodeTooLarge {
			t.Errorf("after %d bytes one more: %v", size, err)
		}
	}
}

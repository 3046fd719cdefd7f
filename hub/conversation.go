package hub

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"parley"
)

// Conversation gives the conversation of two, by the id of one and the name of the other: somebody connected, or an
// account. The error is an *parley.Error, CodeNoSuchUser when there is nobody of that name; or ctx's.
func (h *Hub) Conversation(ctx context.Context, by parley.SenderID, to string) (parley.Room, error) {
	who, err := h.addressee(ctx, to)
	if err != nil {
		return parley.Room{}, err
	}
	return h.readRoom(ctx, parley.DirectRoom(by, who))
}

// addressee gives who is called name: somebody connected, or an account that can be logged in to.
func (h *Hub) addressee(ctx context.Context, name string) (parley.SenderID, error) {
	h.mu.Lock()
	id, here := h.people.find(name)
	h.mu.Unlock()
	if here {
		return id, nil
	}
	if canBeName(name) {
		account, err := h.state.Account(ctx, parley.Name(name).Key())
		if err == nil && !account.Disabled {
			return account.ID, nil
		}
		if err != nil && parley.CodeOf(err) != parley.CodeNoSuchAccount {
			return "", err
		}
	}
	return "", parley.Errorf(parley.CodeNoSuchUser, "nobody here is called %s", parley.CleanLine(name))
}

// Recipient splits what somebody typed after an '@', "NAME: TEXT". Of several names that fit, one of them an address
// perhaps, the longest that somebody here is shown as wins, and then that of an account. Where none fits, ok is false
// and to is what stands before the first colon, for a sentence that says so.
func (s *Session) Recipient(ctx context.Context, rest string) (to, text string, ok bool) {
	const longest = 64 + parley.MaxName*utf8.UTFMax // more than any name or address and port
	head := rest[:min(len(rest), longest)]
	to, text, colon := strings.Cut(rest, ":")
	s.hub.mu.Lock()
	for i := strings.LastIndexByte(head, ':'); i >= 0 && !ok; i = strings.LastIndexByte(head[:i], ':') {
		if _, ok = s.hub.people.find(head[:i]); ok {
			to, text = head[:i], rest[i+1:]
		}
	}
	s.hub.mu.Unlock()
	if !ok && colon {
		_, err := s.hub.addressee(ctx, to)
		ok = err == nil
	}
	return to, strings.TrimLeft(text, " "), ok
}

// conversation gives the room of the conversation between a and b, in which all their connections are from now on, nil
// when neither is here. It holds the mutex.
func (h *Hub) conversation(id parley.RoomID, a, b parley.SenderID) *room {
	r := h.rooms[id]
	for _, who := range slices.Compact([]parley.SenderID{a, b}) {
		for _, s := range h.people.sessions[who] {
			if r == nil {
				r = &room{}
				h.rooms[id] = r
			}
			r.learn(parley.Room{ID: id, Kind: parley.RoomDirect, First: 1})
			s.enter(r, false)
		}
	}
	return r
}

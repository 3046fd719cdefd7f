package hub

import (
	"strconv"

	"parley"
)

// GuestName gives a name, guest-N, for somebody who has picked none: nobody who is here has it, and nobody can choose it. It
// belongs to whoever connects with it.
func (h *Hub) GuestName() parley.Name {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		h.guests++
		name := parley.Name("guest-" + strconv.Itoa(h.guests))
		if _, taken := h.people.find(string(name)); !taken {
			return name
		}
	}
}

package hub

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"parley"
)

// directory is who is connected. The hub's mutex guards it.
type directory struct {
	sessions map[parley.SenderID][]*Session
	names    map[string]parley.SenderID // by Person.key
}

func newDirectory() directory {
	return directory{sessions: make(map[parley.SenderID][]*Session), names: make(map[string]parley.SenderID)}
}

// check tells whether p can have their name: nobody else is here who has it.
func (d *directory) check(p Person) error {
	if id, taken := d.names[p.key()]; taken && id != p.ID && p.Name != "" {
		return parley.Errorf(parley.CodeNameTaken, "name %s is taken", p.Name)
	}
	return nil
}

// add enters s, who is p. Of two people who have no name and look the same (one address on TCP and on UDP), the first
// is the one who can be addressed.
func (d *directory) add(s *Session, p Person) {
	d.sessions[p.ID] = append(d.sessions[p.ID], s)
	if _, taken := d.names[p.key()]; !taken {
		d.names[p.key()] = p.ID
	}
}

// remove takes s out, who was p.
func (d *directory) remove(s *Session, p Person) {
	left := slices.DeleteFunc(d.sessions[p.ID], func(have *Session) bool { return have == s })
	d.sessions[p.ID] = left
	if len(left) == 0 {
		delete(d.sessions, p.ID)
	}
	sameName := func(have *Session) bool { return have.person.Load().key() == p.key() }
	if d.names[p.key()] == p.ID && !slices.ContainsFunc(left, sameName) {
		delete(d.names, p.key())
	}
}

// Free tells whether nobody who is connected is called name: nil, or an *parley.Error of CodeNameTaken. By the next moment
// somebody may be.
func (h *Hub) Free(name parley.Name) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, here := h.people.find(string(name)); here {
		return parley.Errorf(parley.CodeNameTaken, "name %s is taken", parley.CleanLine(string(name)))
	}
	return nil
}

// find gives whoever is shown as name; false for nobody. What cannot be a name is not mapped to a key, which costs some
// time, only to be found nowhere.
func (d *directory) find(name string) (parley.SenderID, bool) {
	if id, ok := d.names[name]; ok && d.isNameless(id, name) {
		return id, true
	}
	if !canBeName(name) {
		return "", false
	}
	id, ok := d.names[string(parley.Name(name).Key())]
	return id, ok
}

// isNameless reports whether somebody is shown as shown because they have no name.
func (d *directory) isNameless(id parley.SenderID, shown string) bool {
	return slices.ContainsFunc(d.sessions[id], func(s *Session) bool {
		p := s.person.Load()
		return p.Name == "" && p.Shown == shown
	})
}

// canBeName reports whether it is worth while to look for an account or a person of that name.
func canBeName(name string) bool {
	return name != "" && len(name) <= parley.MaxName*utf8.UTFMax && !strings.ContainsAny(name, ": ")
}

// Connections gives everybody who is connected, once for each connection, sorted by what they are shown as and where
// they come from.
func (h *Hub) Connections() []Person {
	h.mu.Lock()
	defer h.mu.Unlock()
	var people []Person
	for _, sessions := range h.people.sessions {
		for _, s := range sessions {
			people = append(people, *s.person.Load())
		}
	}
	sortPeople(people)
	return people
}

// sortPeople sorts people as they are listed.
func sortPeople(people []Person) {
	slices.SortFunc(people, func(a, b Person) int { return a.compare(&b) })
}

// compare orders people by what they are shown as.
func (p *Person) compare(other *Person) int {
	return cmp.Or(cmp.Compare(p.Shown, other.Shown), cmp.Compare(p.ID, other.ID), p.Address.Compare(other.Address))
}

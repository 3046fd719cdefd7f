package wire

import "parley"

// Person is somebody, as others see them.
type Person struct {
	ID   parley.SenderID `json:"id"`             // never somebody else's, whatever they are called
	Name string          `json:"name,omitempty"` // as shown then; left out where only the id is known
	Role parley.Role     `json:"role,omitempty"` // on the server; only where people are listed
}

// PersonOf gives who sent something as others see them.
func PersonOf(s parley.Sender) Person { return Person{ID: s.ID, Name: s.Name} }

// Me is the reader, as the server knows them.
type Me struct {
	ID      parley.SenderID `json:"id"`
	Name    string          `json:"name"`              // as others see it
	Role    parley.Role     `json:"role"`              // on the server
	Account bool            `json:"account"`           // the name is an account's; else it is a guest's
	Session parley.LoginID  `json:"session,omitempty"` // the session of the token that was shown
}

// append writes p as a JSON object.
func (p Person) append(dst []byte) []byte {
	dst = appendString(append(dst, `{"id":`...), string(p.ID))
	if p.Name != "" {
		dst = appendString(append(dst, `,"name":`...), p.Name)
	}
	if p.Role != "" {
		dst = appendString(append(dst, `,"role":`...), string(p.Role))
	}
	return append(dst, '}')
}

// appendPeople writes people as a JSON array.
func appendPeople(dst []byte, people []Person) []byte {
	dst = append(dst, '[')
	for i, p := range people {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = p.append(dst)
	}
	return append(dst, ']')
}

package plain

import (
	"context"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"parley"
	"parley/hub"
	"parley/plain/wire"
)

// take deals with one message. An error is why the connection ends.
func (s *session) take(frame wire.Frame) error {
	switch frame.Kind {
	case wire.FrameTooLong:
		s.tooLong()
		return nil
	case wire.FrameHTTP:
		return s.turnAway(s.server.httpAnswer(s.conn.LocalAddr()), "this is HTTP")
	case wire.FrameTLS:
		return s.turnAway(wire.TLSAnswer(), "this is TLS")
	}
	if s.login != nil {
		return s.answer(frame.Text)
	}
	command := wire.ParseCommand(frame.Text)
	if command.Verb != wire.Say {
		s.settle() // what was said before comes before
	}
	switch command.Verb {
	case wire.Leave:
		return errLeft
	case wire.SendFile:
		return s.receive(command)
	case wire.AskFile:
		return s.give(command.Arg)
	}
	switch s.server.options.Respond {
	case RespondUpper:
		s.out = wire.AppendText(s.out, shout(s.server.witness, s.place.Person(), frame.Text))
	case RespondInput:
		s.ask(parley.CleanText(frame.Text))
	default:
		return s.chat(command)
	}
	return nil
}

// chat deals with one message of somebody in a room.
func (s *session) chat(command wire.Command) error {
	switch command.Verb {
	case wire.Who:
		return s.listPeople()
	case wire.Rename:
		s.rename(command.Arg)
	case wire.Private:
		s.whisper(command.Arg)
	default:
		s.texts = append(s.texts, command.Arg)
	}
	return nil
}

// tooLong answers a message that was dropped because of its length. Where it was to be an answer, that is none.
func (s *session) tooLong() {
	err := parley.Errorf(parley.CodeTooLong, "message too long (limit %d bytes)", parley.MaxText)
	if s.login != nil {
		s.refuse(err)
		return
	}
	s.settle()
	s.fail(err)
}

// turnAway answers a client of another protocol in that protocol, and ends the connection.
func (s *session) turnAway(answer []byte, sentence string) error {
	s.out = append(s.out, answer...)
	return parley.Errorf(parley.CodeWrongProtocol, "%s", sentence)
}

// listPeople answers who is here. The answer can be many times as long as the question, so it counts as sent by the
// client.
func (s *session) listPeople() error {
	people := s.place.Online()
	names := make([]string, len(people))
	for i, p := range people {
		names[i] = p.Shown
	}
	before := len(s.out)
	s.out = wire.AppendOnline(s.out, names...)
	return s.spend(len(s.out) - before)
}

// rename gives the client the name it asks for, or asks for its password.
func (s *session) rename(arg string) {
	name, err := parley.ParseName(arg)
	if err == nil {
		name, err = s.claim(name)
	}
	switch parley.CodeOf(err) {
	case "":
		s.out = wire.AppendYouAre(s.out, name)
	case parley.CodePasswordNeeded, parley.CodeUnauthorized:
		s.askPassword(name)
	default:
		s.fail(err)
	}
}

// claim has the client called by a name that needs no password, and gives the name as it is now: an account keeps its
// own, however it is written.
func (s *session) claim(name parley.Name) (parley.Name, error) {
	me := s.place.Person()
	if me.HasAccount() && me.Name.Key() == name.Key() {
		return me.Name, nil
	}
	if _, err := s.server.accounts.Guest(context.Background(), name); err != nil {
		return name, err
	}
	return name, s.place.Rename(name)
}

// whisper sends a private message. What reads as one but is for nobody here is an error and never goes to the room,
// where it would be read by people whom it is not for; what has no colon is a text that starts with an '@'.
func (s *session) whisper(arg string) {
	to, text, ok := s.place.Recipient(context.Background(), arg)
	switch {
	case ok:
		if err := s.place.Direct(context.Background(), to, text); err != nil {
			s.fail(err)
		}
	case !strings.Contains(arg, ":"):
		s.texts = append(s.texts, "@"+arg)
	case len(to) > parley.MaxFileName:
		s.fail(parley.Errorf(parley.CodeNoSuchUser, "nobody here is called that"))
	default:
		s.fail(parley.Errorf(parley.CodeNoSuchUser, "nobody here is called %s", to))
	}
}

// shout answers a text by its upper case, and shows it to the witness, who may be nil.
func shout(w Witness, from hub.Person, text string) string {
	text = parley.CleanText(text)
	if w != nil {
		w.Saw(from, text)
	}
	return upper(text)
}

// upper gives text in upper case by Unicode's full mapping, which strings.ToUpper does not know: it goes character by
// character, and what becomes several (ß SS, ﬁ FI, ŉ ʼN) stays as it is. Programs in other languages expect the full
// one.
func upper(text string) string { return cases.Upper(language.Und).String(text) }

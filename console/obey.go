package console

import (
	"context"
	"errors"
	"io"
	"strings"

	"parley"
)

// obey does what the operator types until they ask for an end, the input ends or ctx does.
func (c *Console) obey(ctx context.Context, typed <-chan line) {
	for {
		select {
		case <-ctx.Done():
			return
		case next := <-typed:
			if !c.take(ctx, next) {
				return
			}
		}
	}
}

// take does what one line asks for, and reports whether another may follow.
func (c *Console) take(ctx context.Context, next line) bool {
	switch command := strings.TrimSpace(next.text); {
	case errors.Is(next.err, errTooLong):
		c.complain(next.err)
	case errors.Is(next.err, io.EOF):
		c.tell("* ", "the input has ended; this console goes on showing")
		return false
	case next.err != nil:
		c.tell("* ", "cannot read any more: "+next.err.Error())
		return false
	case command == "quit", command == "exit":
		c.config.Stop()
		return false
	case command == "":
	case command == "#ls":
		c.list()
	default:
		c.say(ctx, next.text)
	}
	return true
}

// say brings text to whom it is for: whoever it names after an '@', else whoever asked, else the room. A text for
// somebody who is not here goes nowhere: it may be private. One with an '@' in front and no colon is an ordinary one.
func (c *Console) say(ctx context.Context, text string) {
	rest, addressed := strings.CutPrefix(text, "@")
	switch {
	case addressed && strings.Contains(rest, ":"):
		to, private, _ := c.session.Recipient(ctx, rest)
		c.complain(c.session.Direct(ctx, to, private))
	case c.answer(text):
	default:
		c.complain(c.session.Post(ctx, text))
	}
}

// list shows who is in the operator's room, and by which listener.
func (c *Console) list() {
	var names []string
	for _, person := range c.session.Online() {
		name := parley.CleanLine(person.Shown)
		if person.ID != c.session.Person().ID {
			name += " (" + c.form.where(person) + ")"
		}
		names = append(names, name)
	}
	c.tell("* ", "online: "+strings.Join(names, ", "))
}

// complain shows why something was not done; nil is no reason to.
func (c *Console) complain(err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		c.tell("* error: ", parley.CleanLine(err.Error()))
	}
}

package hub

import (
	"slices"

	"parley"
)

// room is a room in which somebody is connected, or about which somebody is asking. The hub's mutex guards it.
type room struct {
	info    parley.Room
	known   bool // info came from the state
	changed bool // info has what was delivered since, which is newer than what is being read from the state
	counted bool // info.Last is the last number that was delivered
	askers  int  // how many are asking about it; it stays meanwhile
	members []*Session
	forms   []formCount
	gather  gather
}

// formCount is a form and how many members read it.
type formCount struct {
	form  Form
	count int
}

// add makes s a member. What is published from now on reaches it, and nothing from before.
func (r *room) add(s *Session) {
	r.members = append(r.members, s)
	i := slices.IndexFunc(r.forms, func(f formCount) bool { return f.form == s.form })
	if i < 0 {
		r.forms = append(r.forms, formCount{form: s.form})
		i = len(r.forms) - 1
	}
	r.forms[i].count++
	s.worker.tasks <- &joining{session: s, room: r}
}

// remove ends s's membership. Nothing that is published from now on reaches it.
func (r *room) remove(s *Session) {
	i := slices.Index(r.members, s)
	if i < 0 {
		return
	}
	r.members[i] = r.members[len(r.members)-1]
	r.members[len(r.members)-1] = nil
	r.members = r.members[:len(r.members)-1]
	i = slices.IndexFunc(r.forms, func(f formCount) bool { return f.form == s.form })
	if r.forms[i].count--; r.forms[i].count == 0 {
		r.forms = slices.Delete(r.forms, i, i+1)
	}
	s.worker.tasks <- &leaving{session: s, room: r}
}

// label is the room as items name it: without the numbers, which depend on when one looks.
func (r *room) label() parley.Room {
	label := r.info
	label.First, label.Last = 0, 0
	return label
}

// batch is some items on their way to the members of a room. It must not change afterwards.
type batch struct {
	items    []Item
	origins  []*Session // by which session each came, nil for none
	arrivals []bool     // for which items that session came itself, and is shown nothing from before; nil for none
	covers   span       // the numbers of the items; empty for what is not kept
}

// publish shows a batch to all members.
func (r *room) publish(workers []*worker, b batch) {
	for _, f := range r.forms {
		r.show(workers, f.form, b)
	}
}

// show shows a batch to those who read a form, and reports whether there was anything to see. Echo is about what lasts:
// of anything else nobody is told that it was they.
func (r *room) show(workers []*worker, form Form, b batch) bool {
	block := encode(form, b.items)
	if len(block.bytes) == 0 {
		return false
	}
	d := &delivery{
		group:    group{r, form},
		echo:     form.Echo() && b.covers.last > 0,
		block:    block,
		covers:   b.covers,
		origins:  b.origins,
		arrivals: b.arrivals,
	}
	for _, w := range workers {
		w.tasks <- d
	}
	return true
}

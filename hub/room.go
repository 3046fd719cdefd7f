package hub

import (
	"slices"

	"parley"
)

// room is a room in which somebody is connected. The hub's mutex guards it.
type room struct {
	info    parley.Room
	members []*Session
	forms   []formCount
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

// publish shows items, all of them messages or none, to all members; origins names the session that each came from, nil
// where there is none. Both must not change afterwards. Echo is about messages only: nobody is told of their own arrival.
func (r *room) publish(workers []*worker, items []Item, origins []*Session) {
	covers := spanOf(items)
	for _, f := range r.forms {
		b := encode(f.form, items)
		if len(b.bytes) == 0 {
			continue
		}
		echo := f.form.Echo() && covers.last > 0
		d := &delivery{group: group{r, f.form}, echo: echo, block: b, covers: covers, origins: origins}
		for _, w := range workers {
			w.tasks <- d
		}
	}
}

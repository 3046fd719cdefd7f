package hub_test

import (
	"context"
	"maps"
	"slices"
	"sync"

	"parley"
)

// memory is a journal and a state that forget when the test ends. They do what the contracts ask and no more.
type memory struct {
	order   sync.Mutex // held from applying to delivering
	deliver func([]parley.Applied)
	gather  *gathering // when set, posts wait for each other and are delivered in one batch
	between func()     // when set, called between applying and delivering
	asked   func()     // when set, called behind each answer about somebody's standing
	fail    error      // when set, nothing can be appended

	mu       sync.Mutex
	rooms    map[parley.RoomID]parley.Room
	roles    map[parley.RoomID]map[parley.SenderID]parley.Role
	banned   map[parley.RoomID]map[parley.SenderID]bool
	accounts map[parley.SenderID]parley.Account
	logins   map[parley.SenderID][]parley.Login
	events   map[parley.RoomID][]parley.Applied
	applied  map[entryID]parley.Outcome
	read     map[parley.Read]bool
	unread   error // when set, history cannot be read
	reads    int   // how often history was
	brief    int   // when set, the most events that one read gives
}

// entryID is what makes an entry a repeat.
type entryID struct {
	by parley.SenderID
	id parley.MessageID
}

func newMemory(rooms ...parley.Room) *memory {
	j := &memory{
		rooms:    map[parley.RoomID]parley.Room{},
		roles:    map[parley.RoomID]map[parley.SenderID]parley.Role{},
		banned:   map[parley.RoomID]map[parley.SenderID]bool{},
		accounts: map[parley.SenderID]parley.Account{},
		logins:   map[parley.SenderID][]parley.Login{},
		events:   map[parley.RoomID][]parley.Applied{},
		applied:  map[entryID]parley.Outcome{},
		read:     map[parley.Read]bool{},
	}
	for _, r := range rooms {
		j.addRoom(r)
	}
	return j
}

func (j *memory) addRoom(r parley.Room) {
	r.First = 1
	j.rooms[r.ID] = r
	j.roles[r.ID] = map[parley.SenderID]parley.Role{}
	j.banned[r.ID] = map[parley.SenderID]bool{}
}

// gathering is what several posts bring to one commit.
type gathering struct {
	want  int
	batch []parley.Applied
	done  chan struct{}
}

func (g *gathering) add(j *memory, applied []parley.Applied) {
	if g.batch = append(g.batch, applied...); len(g.batch) == g.want {
		j.deliver(g.batch)
		close(g.done)
	}
}

func (j *memory) Append(_ context.Context, events ...parley.Event) ([]parley.Outcome, error) {
	if j.fail != nil {
		return nil, j.fail
	}
	j.order.Lock()
	outcomes, applied := j.applyAll(events)
	if j.gather == nil {
		defer j.order.Unlock()
		if j.between != nil && len(events) > 0 {
			j.between()
		}
		j.deliver(applied)
		return outcomes, nil
	}
	j.gather.add(j, applied)
	j.order.Unlock()
	<-j.gather.done
	return outcomes, nil
}

func (j *memory) applyAll(events []parley.Event) ([]parley.Outcome, []parley.Applied) {
	j.mu.Lock()
	defer j.mu.Unlock()
	outcomes := make([]parley.Outcome, len(events))
	var applied []parley.Applied
	for i, e := range events {
		outcomes[i] = j.apply(e)
		if outcomes[i].Err == nil && !outcomes[i].Repeat {
			applied = append(applied, parley.Applied{Event: e, Outcome: outcomes[i]})
		}
	}
	return outcomes, applied
}

// apply applies one event.
func (j *memory) apply(e parley.Event) parley.Outcome {
	switch e := e.(type) {
	case parley.RoomEvent:
		return j.enter(e)
	case parley.RoomOpened:
		for _, r := range j.rooms {
			if r.Name == e.Room.Name {
				return parley.Outcome{Err: parley.Errorf(parley.CodeNameTaken, "there is a room %s already", r.Name)}
			}
		}
		j.addRoom(e.Room)
		j.roles[e.Room.ID][e.By.ID] = parley.RoleOwner
	case parley.Read:
		if j.read[e] {
			return parley.Outcome{Repeat: true}
		}
		j.read[e] = true
	case parley.AccountAdded:
		j.accounts[e.Account.ID] = e.Account
	case parley.AccountClaimed:
		j.accounts[e.Account.ID] = e.Account
	case parley.InviteUsed:
		return j.apply(e.Gives)
	case parley.AccountChanged:
		a := j.accounts[e.ID]
		if e.Role != nil {
			a.Role = *e.Role
		}
		if e.OneTime != nil {
			a.OneTime = *e.OneTime
		}
		if e.Disabled != nil {
			a.Disabled = *e.Disabled
		}
		j.accounts[e.ID] = a
	case parley.AccountRemoved:
		delete(j.accounts, e.ID)
		delete(j.logins, e.ID)
	case parley.LoginOpened:
		j.logins[e.Login.Who.ID] = append(j.logins[e.Login.Who.ID], e.Login)
	case parley.LoginEnded:
		j.endLogins(func(l parley.Login) bool { return l.ID == e.ID })
	case parley.LoginsExpired:
		j.endLogins(func(l parley.Login) bool { return l.Expires.Before(e.Before) })
	case parley.LoginsEnded:
		j.endLogins(func(l parley.Login) bool { return l.Who.ID == e.Who && l.ID != e.Except })
	}
	return parley.Outcome{}
}

func (j *memory) endLogins(which func(parley.Login) bool) {
	for who, logins := range maps.Clone(j.logins) {
		j.logins[who] = slices.DeleteFunc(slices.Clone(logins), which)
	}
}

// enter applies an event that takes a number.
func (j *memory) enter(e parley.RoomEvent) parley.Outcome {
	head := e.Head()
	key := entryID{head.By.ID, head.ID}
	if before, ok := j.applied[key]; ok {
		return parley.Outcome{Seq: before.Seq, Repeat: true}
	}
	room, ok := j.rooms[head.Room]
	if _, _, direct := head.Room.Pair(); direct && !ok {
		room = parley.Room{ID: head.Room, Kind: parley.RoomDirect}
		j.addRoom(room)
	} else if !ok {
		return parley.Outcome{Err: parley.Errorf(parley.CodeNoSuchRoom, "there is no such room")}
	}
	if err := j.may(room, head.By.ID, e); err != nil {
		return parley.Outcome{Err: err}
	}
	room.Last++
	switch e := e.(type) {
	case parley.MemberChanged:
		j.changeMember(e)
	case parley.RoomChanged:
		room.Topic, room.Kind = e.Topic, e.Kind
	}
	j.rooms[room.ID] = room
	outcome := parley.Outcome{Seq: room.Last}
	j.applied[key] = outcome
	j.events[room.ID] = append(j.events[room.ID], parley.Applied{Event: e, Outcome: outcome})
	return outcome
}

// may asks the rules.
func (j *memory) may(room parley.Room, who parley.SenderID, e parley.RoomEvent) error {
	verb := parley.VerbPost
	switch e := e.(type) {
	case parley.RoomChanged:
		verb = parley.VerbSet
	case parley.MemberChanged:
		switch e.Change {
		case parley.MemberInvited:
			verb = parley.VerbInvite
		case parley.MemberAppointed:
			verb = parley.VerbAppoint
		case parley.MemberLeft:
			verb = parley.VerbEnter
		default:
			verb = parley.VerbKick
		}
	}
	if room.Kind == parley.RoomDirect {
		return parley.Participant(room.ID, who)
	}
	return parley.May(j.standing(room.ID, who), room.Kind, verb)
}

func (j *memory) changeMember(e parley.MemberChanged) {
	roles, who := j.roles[e.Entry.Room], e.Who.ID
	switch e.Change {
	case parley.MemberInvited:
		roles[who] = parley.RoleMember
	case parley.MemberAppointed:
		roles[who] = e.Role
	case parley.MemberUnbanned:
		delete(j.banned[e.Entry.Room], who)
	case parley.MemberBanned:
		j.banned[e.Entry.Room][who] = true
		delete(roles, who)
	default:
		delete(roles, who)
	}
}

func (j *memory) standing(room parley.RoomID, who parley.SenderID) parley.Standing {
	s := parley.Standing{Role: parley.RoleGuest, InRoom: j.roles[room][who], Banned: j.banned[room][who]}
	if a, ok := j.accounts[who]; ok {
		s.Role = a.Role
	}
	if who == parley.OperatorID {
		s.Role = parley.RoleOwner
	}
	return s
}

func (j *memory) Events(_ context.Context, room parley.RoomID, after parley.Seq, limit int) ([]parley.Applied, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.unread != nil {
		return nil, j.unread
	}
	j.reads++
	if j.brief > 0 {
		limit = min(limit, j.brief)
	}
	var page []parley.Applied
	for _, e := range j.events[room] {
		if e.Outcome.Seq > after && len(page) < limit {
			page = append(page, e)
		}
	}
	return page, nil
}

func (j *memory) RoomByID(_ context.Context, id parley.RoomID) (parley.Room, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if r, ok := j.rooms[id]; ok {
		return r, nil
	}
	return parley.Room{}, parley.Errorf(parley.CodeNoSuchRoom, "no room %s", id)
}

func (j *memory) Standing(_ context.Context, room parley.RoomID, who parley.SenderID) (parley.Standing, error) {
	j.mu.Lock()
	defer j.behind()
	return j.standing(room, who), nil
}

// behind lets go of the state, and then does what is to happen behind an answer.
func (j *memory) behind() {
	asked := j.asked
	j.mu.Unlock()
	if asked != nil {
		asked()
	}
}

func (j *memory) Account(_ context.Context, key parley.NameKey) (parley.Account, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, a := range j.accounts {
		if a.Name.Key() == key {
			return a, nil
		}
	}
	return parley.Account{}, parley.Errorf(parley.CodeNoSuchAccount, "there is no such account")
}

func (j *memory) AccountByID(_ context.Context, id parley.SenderID) (parley.Account, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if a, ok := j.accounts[id]; ok {
		return a, nil
	}
	return parley.Account{}, parley.Errorf(parley.CodeNoSuchAccount, "there is no such account")
}

func (j *memory) Logins(_ context.Context, who parley.SenderID) ([]parley.Login, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.logins[who], nil
}

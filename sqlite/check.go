package sqlite

import "parley"

// check says what makes an event impossible, whatever the state is: nil, or an *parley.Error.
func check(e parley.Event) error {
	if e, ok := e.(parley.RoomEvent); ok {
		head := e.Head()
		if err := checkHead(head.ID, head.By); err != nil {
			return err
		}
	}
	switch e := e.(type) {
	case parley.MessageEdited:
		return parley.CheckText(e.Text)
	case parley.MessageReacted:
		return parley.CheckReaction(e.Emoji)
	case parley.MemberChanged:
		return checkMemberChange(e)
	case parley.RoomChanged:
		return checkSetting(e.Kind, e.Topic)
	case parley.RoomOpened:
		return checkRoom(e.Room)
	case parley.Read:
		if e.Who == "" {
			return parley.Errorf(parley.CodeInvalid, "somebody has to have read it")
		}
	case parley.AccountAdded:
		return checkAccount(e)
	case parley.AccountChanged:
		if e.Role != nil {
			return checkAccountRole(*e.Role)
		}
	case parley.LoginOpened:
		return checkLogin(e.Login)
	case parley.InviteMade:
		return checkInvite(e.Invite)
	case parley.InviteUsed:
		return checkUse(e)
	case parley.AccountClaimed:
		return checkClaim(e)
	}
	return nil
}

// checkHead is for everything that takes a number.
func checkHead(id parley.MessageID, by parley.Sender) error {
	if !id.Valid() || by.ID == "" {
		return parley.Errorf(parley.CodeInvalid, "a message needs a sender and an id")
	}
	return nil
}

func checkMessage(m *parley.Message) error {
	if err := checkHead(m.ID, m.By); err != nil {
		return err
	}
	if m.File == nil {
		return parley.CheckText(m.Text)
	}
	return parley.CheckFile(*m.File)
}

func checkMemberChange(e parley.MemberChanged) error {
	if e.Who.ID == "" {
		return parley.Errorf(parley.CodeInvalid, "somebody has to be named")
	}
	switch e.Change {
	case parley.MemberInvited, parley.MemberLeft, parley.MemberKicked, parley.MemberBanned, parley.MemberUnbanned:
		return nil
	case parley.MemberAppointed:
		if _, err := parley.ParseRole(string(e.Role)); err != nil {
			return err
		}
		if e.Role == parley.RoleGuest {
			return parley.Errorf(parley.CodeInvalid, "a room makes people members, moderators or owners")
		}
		return nil
	}
	return parley.Errorf(parley.CodeInvalid, "nobody can be %s", parley.CleanLine(string(e.Change)))
}

func checkRoom(r parley.Room) error {
	if _, _, direct := r.ID.Pair(); r.ID == "" || direct {
		return parley.Errorf(parley.CodeInvalid, "a room needs an id of its own")
	}
	if _, err := parley.ParseRoomName(string(r.Name)); err != nil {
		return err
	}
	return checkSetting(r.Kind, r.Topic)
}

func checkSetting(kind parley.RoomKind, topic string) error {
	if _, err := parley.ParseRoomKind(string(kind)); err != nil {
		return err
	}
	return parley.CheckTopic(topic)
}

func checkAccount(e parley.AccountAdded) error {
	if !e.Account.ID.IsAccount() || e.Account.Name == "" || e.Key == "" || e.Lookalike == "" {
		return parley.Errorf(parley.CodeInvalid, "an account needs an id and a name")
	}
	return checkAccountRole(e.Account.Role)
}

func checkAccountRole(role parley.Role) error {
	if _, err := parley.ParseRole(string(role)); err != nil {
		return err
	}
	if role == parley.RoleGuest {
		return parley.Errorf(parley.CodeInvalid, "whoever has an account is no guest")
	}
	return nil
}

func checkLogin(login parley.Login) error {
	if login.ID == "" || login.Who.ID == "" || login.Token == (parley.TokenHash{}) {
		return parley.Errorf(parley.CodeInvalid, "a login needs an id, a token and somebody whose it is")
	}
	return nil
}

func checkInvite(i parley.Invite) error {
	if i.ID == "" || i.Code == (parley.InviteHash{}) || i.By.ID == "" || i.Used != 0 || i.Revoked {
		return parley.Errorf(parley.CodeInvalid, "an invite needs an id, a code and somebody who made it, and is new")
	}
	if i.Uses < 1 || i.Uses > parley.MaxInviteUses {
		return parley.Errorf(parley.CodeInvalid, "an invite can be used 1 to %d times", parley.MaxInviteUses)
	}
	if !i.Created.Before(i.Expires) {
		return parley.Errorf(parley.CodeInvalid, "an invite expires after it was made")
	}
	_, err := parley.ParseInviteKind(string(i.Kind))
	return err
}

func checkUse(e parley.InviteUsed) error {
	kind, who, ok := e.Given()
	if !ok || e.Use == (parley.UseHash{}) || kind == parley.InviteGuest && !who.IsGuest() {
		return parley.Errorf(parley.CodeInvalid, "an invite is used for a guest's login or an account")
	}
	return nil
}

func checkClaim(e parley.AccountClaimed) error {
	if !e.Account.ID.IsGuest() || e.Account.Name == "" || e.Key == "" || e.Lookalike == "" || e.Login == "" {
		return parley.Errorf(parley.CodeInvalid, "a guest who becomes an account needs an id, a name and a login")
	}
	return checkAccountRole(e.Account.Role)
}

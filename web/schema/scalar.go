package main

import (
	"reflect"

	"parley"
	"parley/web/wire"
)

// maxNumber is the highest number that every JSON reader keeps exactly.
const maxNumber int64 = 1<<53 - 1

// scalar gives the schema of a type that is no object and no array; nil for one that is.
func scalar(t reflect.Type) object {
	if known := named(t); known != nil {
		return known
	}
	switch t.Kind() {
	case reflect.String:
		return text()
	case reflect.Bool:
		return object{{"type", "boolean"}}
	case reflect.Int, reflect.Int64:
		return object{{"type", "integer"}, {"minimum", 0}, {"maximum", maxNumber}}
	}
	return nil
}

// named gives the schema of a type about which more is known than Go's types tell.
func named(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[wire.Time]():
		return text().with("format", "date-time")
	case reflect.TypeFor[parley.Digest]():
		return text().with("pattern", "^[0-9a-fA-F]{64}$")
	case reflect.TypeFor[parley.MessageID]():
		return text().with("pattern", "^[!-~]{1,64}$")
	case reflect.TypeFor[parley.UseID]():
		return text().with("pattern", "^[!-~]{16,64}$")
	case reflect.TypeFor[parley.InviteKind]():
		return oneOf([]parley.InviteKind{parley.InviteGuest, parley.InviteAccount})
	case reflect.TypeFor[wire.Text]():
		return text().with("maxLength", parley.MaxText)
	case reflect.TypeFor[wire.Place]():
		return text().with("minLength", 1)
	case reflect.TypeFor[parley.FileName]():
		return text().with("minLength", 1).with("maxLength", parley.MaxFileName)
	case reflect.TypeFor[parley.Name](), reflect.TypeFor[parley.RoomName]():
		return text().with("minLength", 1).with("maxLength", parley.MaxName)
	case reflect.TypeFor[parley.Role]():
		return oneOf(parley.Roles())
	case reflect.TypeFor[parley.Code]():
		return oneOf(parley.Codes())
	case reflect.TypeFor[parley.RoomKind]():
		return oneOf([]parley.RoomKind{parley.RoomPublic, parley.RoomPrivate, parley.RoomAnnounce, parley.RoomDirect})
	case reflect.TypeFor[parley.MemberChange]():
		return oneOf([]parley.MemberChange{parley.MemberInvited, parley.MemberLeft, parley.MemberKicked, parley.MemberBanned,
			parley.MemberUnbanned, parley.MemberAppointed})
	}
	return nil
}

func text() object { return object{{"type", "string"}} }

// oneOf is one of some strings.
func oneOf[T ~string](choices []T) object { return text().with("enum", choices) }

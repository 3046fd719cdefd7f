package parley

import "slices"

// Role says how much somebody may do, on the whole server or in one room. Each role may do what those before it may.
type Role string

// The roles, from the least.
const (
	// RoleGuest is somebody without an account.
	RoleGuest Role = "guest"
	// RoleMember is somebody with an account, or whom a private room has let in.
	RoleMember Role = "member"
	// RoleModerator keeps order: deletes what others said, sends people away.
	RoleModerator Role = "moderator"
	// RoleOwner decides everything, who has which role included.
	RoleOwner Role = "owner"
)

// roles are all of them, from the least.
var roles = []Role{RoleGuest, RoleMember, RoleModerator, RoleOwner}

// Roles gives all roles, from the least.
func Roles() []Role { return slices.Clone(roles) }

// ParseRole reads what a person wrote for a role. The error is an *Error of CodeInvalid that names the choices.
func ParseRole(s string) (Role, error) {
	if i := slices.Index(roles, Role(s)); i >= 0 {
		return roles[i], nil
	}
	return "", Errorf(CodeInvalid, "a role is guest, member, moderator or owner, not %q", CleanLine(s))
}

// AtLeast reports whether r may do all that other may. The empty role is less than every other.
func (r Role) AtLeast(other Role) bool { return slices.Index(roles, r) >= slices.Index(roles, other) }

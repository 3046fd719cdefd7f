package parley_test

import (
	"slices"
	"testing"

	"parley"
)

func TestRolesAreOrdered(t *testing.T) {
	order := []parley.Role{"", parley.RoleGuest, parley.RoleMember, parley.RoleModerator, parley.RoleOwner}
	if !slices.Equal(parley.Roles(), order[1:]) {
		t.Fatalf("roles %v", parley.Roles())
	}
	for i, a := range order {
		for j, b := range order {
			if got := a.AtLeast(b); got != (i >= j) {
				t.Errorf("%q is at least %q: %v", a, b, got)
			}
		}
	}
	parley.Roles()[0] = "changed"
	if parley.Roles()[0] != parley.RoleGuest {
		t.Error("whoever asks for the roles can change them")
	}
}

func TestRolesAreRead(t *testing.T) {
	for _, role := range parley.Roles() {
		if got, err := parley.ParseRole(string(role)); err != nil || got != role {
			t.Errorf("%s: %q, %v", role, got, err)
		}
	}
	for _, s := range []string{"", "Owner", "king", "owner "} {
		if got, err := parley.ParseRole(s); parley.CodeOf(err) != parley.CodeInvalid || got != "" {
			t.Errorf("%q: %q, %v", s, got, err)
		}
	}
	_, err := parley.ParseRole("ki\x1bng")
	if want := `a role is guest, member, moderator or owner, not "ki` + "\uFFFD" + `ng"`; parley.Sentence(err) != want {
		t.Errorf("the sentence is %s", parley.Sentence(err))
	}
}

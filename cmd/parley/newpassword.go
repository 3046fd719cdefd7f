package main

import (
	"context"
	"fmt"
	"io"

	"parley"
	"parley/client/api"
	"parley/web/wire"
)

// choosePassword has somebody at a terminal, who has logged in with a one-time password, choose one of their own, and
// logs in with that. What they type is not shown; hideTyping has been called. They are asked again for what is refused.
func choosePassword(ctx context.Context, asked *api.Client, login wire.Login, in io.Reader, errOut io.Writer,
) (opened wire.LoggedIn, err error) {
	fmt.Fprintln(errOut, "* this password was for one time: choose one of your own now")
	for range tries {
		var same bool
		if login.NewPassword, same, err = askNewPassword(ctx, in, errOut, login.Name); err != nil {
			return opened, err
		}
		if !same {
			err = parley.Errorf(parley.CodeInvalid, "the two passwords are not the same")
		} else if opened, err = asked.Login(ctx, login); parley.CodeOf(err) != parley.CodeInvalid {
			return opened, err
		}
		fmt.Fprintln(errOut, "* "+parley.CleanLine(parley.Sentence(err)))
	}
	return opened, err
}

// askNewPassword asks for a new password twice, and reports whether both times it was the same.
func askNewPassword(ctx context.Context, in io.Reader, errOut io.Writer, name string) (password string, same bool, err error) {
	if password, err = askLine(ctx, in, errOut, "new password for "+parley.CleanLine(name)+": "); err != nil {
		return "", false, err
	}
	again, err := askLine(ctx, in, errOut, "once more: ")
	return password, again == password, err
}

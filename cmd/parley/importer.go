package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"parley"
	"parley/accounts"
	"parley/admin"
	"parley/classlist"
)

// addPatience is how long making one account may take. It is finished also after Ctrl-C, so that it is known what has
// become of it.
const addPatience = 30 * time.Second

// importer makes accounts of the rows of a list, in their order, and tells what becomes of each.
type importer struct {
	flags       *importFlags
	name        string // of the list
	list        classlist.List
	out, errOut io.Writer
	slips       *classlist.Slips // nil without
	bar         rowsBar

	made, existed, wrong int
}

// imported is what becomes of a row, as JSON.
type imported struct {
	Line     int         `json:"line"`
	Name     string      `json:"name"`
	Outcome  string      `json:"outcome"` // made, checked (by --dry-run), exists or wrong
	Role     parley.Role `json:"role,omitempty"`
	Password string      `json:"password,omitempty"` // of one that was made, where it is on no slip
	Code     parley.Code `json:"code,omitempty"`     // of one that is wrong, as is the next
	Error    string      `json:"error,omitempty"`
}

// run makes the accounts of a list that was read.
func (i *importer) run(ctx context.Context, k admin.Keeper) error {
	known, err := k.List(ctx)
	if err != nil {
		return err
	}
	rules := classlist.Rules{FullNames: i.flags.fullNames, Password: accounts.CheckPassword}
	for _, a := range known {
		rules.Accounts = append(rules.Accounts, parley.Account{Name: a.Name})
	}
	i.list.Check(rules)
	if err := i.openSlips(); err != nil {
		return err
	}
	i.bar = newRowsBar(i.out, i.errOut, i.slips != nil, len(i.list.Rows))
	err = i.rows(ctx, k)
	i.bar.clear()
	if i.slips != nil {
		err = errors.Join(err, i.slips.Close())
	}
	i.sum(ctx)
	if err == nil && i.wrong > 0 {
		return &exitError{status: statusFailure} // each was told
	}
	return err
}

// openSlips begins the page of slips, where there will be any.
func (i *importer) openSlips() (err error) {
	if i.flags.slips == "" || i.flags.dryRun {
		return nil
	}
	for _, row := range i.list.Rows {
		if row.New() {
			i.slips, err = classlist.CreateSlips(i.flags.slips, i.flags.url, i.flags.replace)
			return err
		}
	}
	return nil
}

// rows goes through the rows. An error is why it does not come to the end.
func (i *importer) rows(ctx context.Context, k admin.Keeper) error {
	for _, row := range i.list.Rows {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var err error
		switch {
		case row.Err != nil:
			err = i.isWrong(row, row.Err)
		case row.Exists:
			err = i.exists(row)
		case i.flags.dryRun:
			i.made++
			err = i.tell(imported{Line: row.Line, Name: string(row.Name), Outcome: "checked", Role: row.Role})
		default:
			err = i.make(ctx, k, row)
		}
		if err != nil {
			return err
		}
		i.bar.step()
	}
	return nil
}

// isWrong tells that a row is.
func (i *importer) isWrong(row classlist.Row, why error) error {
	i.wrong++
	if !i.flags.json {
		i.note(i.at(row.Line) + parley.Sentence(why))
	}
	return i.tell(imported{
		Line: row.Line, Name: parley.CleanLine(row.Text), Outcome: "wrong", Code: parley.CodeOf(why),
		Error: parley.CleanLine(parley.Sentence(why)),
	})
}

// exists tells that somebody has an account.
func (i *importer) exists(row classlist.Row) error {
	i.existed++
	if !i.flags.json {
		i.note(i.at(row.Line) + string(row.Name) + " has an account already, which is left as it is")
	}
	return i.tell(imported{Line: row.Line, Name: string(row.Name), Outcome: "exists"})
}

// make makes the account of a row. Its slip is written before, and taken back if it is certain that there is no account.
func (i *importer) make(ctx context.Context, k admin.Keeper, row classlist.Row) error {
	password := cmp.Or(row.Password, accounts.NewOneTimePassword())
	if i.slips != nil {
		slip := classlist.Slip{Person: parley.CleanLine(row.Person), Name: row.Name, Password: password}
		if err := i.slips.Add(slip); err != nil {
			return err
		}
	}
	adding, cancel := context.WithTimeout(context.WithoutCancel(ctx), addPatience)
	defer cancel()
	_, err := k.AddOneTime(adding, string(row.Name), password, row.Role)
	if err != nil {
		return i.notMade(row, err)
	}
	i.made++
	answer := imported{Line: row.Line, Name: string(row.Name), Outcome: "made", Role: row.Role}
	if i.slips == nil {
		answer.Password = password
	}
	if err := i.tell(answer); err != nil && i.slips == nil { // nobody has been told the password
		_, undone := k.Remove(adding, string(row.Name))
		i.made--
		return errors.Join(err, undone)
	} else if err != nil {
		return err
	}
	return nil
}

// notMade deals with an account that could not be made. The error is why the others cannot be either.
func (i *importer) notMade(row classlist.Row, why error) error {
	code := parley.CodeOf(why)
	if code == parley.CodeClosed || errors.Is(why, context.DeadlineExceeded) {
		return parley.Wrap(parley.CodeClosed, why,
			"the server has gone away; whether "+string(row.Name)+" has an account is not known: import the list again")
	}
	if i.slips != nil {
		if err := i.slips.TakeBack(); err != nil {
			return errors.Join(why, err)
		}
	}
	switch code {
	case parley.CodeNameTaken, parley.CodeNameInvalid, parley.CodeInvalid:
		return i.isWrong(row, why) // it has become so meanwhile
	}
	return why
}

// tell writes what has become of a row to standard output: as JSON, or an account whose password is on no slip as
// comma-separated values.
func (i *importer) tell(answer imported) error {
	if i.flags.json {
		return json.NewEncoder(i.out).Encode(answer)
	}
	if answer.Password == "" {
		return nil
	}
	lines := csv.NewWriter(i.out)
	if i.made == 1 {
		_ = lines.Write([]string{"name", "role", "password"}) // the error is that of Flush
	}
	_ = lines.Write([]string{answer.Name, string(answer.Role), answer.Password})
	lines.Flush()
	return lines.Error()
}

// sum tells what has become of all.
func (i *importer) sum(ctx context.Context) {
	made := "made"
	if i.flags.dryRun {
		made = "would be made"
	}
	text := fmt.Sprintf("%s %s, %d there already, %s wrong", counted(i.made, "account"), made, i.existed, counted(i.wrong, "row"))
	if left := len(i.list.Rows) - i.made - i.existed - i.wrong; left > 0 {
		text += fmt.Sprintf(", %s not reached", counted(left, "row"))
		if ctx.Err() != nil {
			text += ": import the list again for the rest"
		}
	}
	if i.slips != nil && i.made > 0 {
		text += "; the slips are in " + i.flags.slips
	}
	i.note(text)
}

// counted counts things.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// note tells the person something.
func (i *importer) note(text string) {
	i.bar.clear()
	fmt.Fprintln(i.errOut, parley.CleanLine(text))
}

// at says where a row is, as compilers do.
func (i *importer) at(line int) string { return fmt.Sprintf("%s:%d: ", i.name, line) }

// listError words why a list cannot be read, with the line where it is known.
func listError(name string, err error) error {
	fault, ok := errors.AsType[*classlist.Fault](err)
	switch {
	case err == nil:
		return nil
	case !ok:
		return fmt.Errorf("the list cannot be read: %w", err)
	case fault.Line == 0:
		return fmt.Errorf("%s: %s", name, parley.Sentence(fault.Err))
	}
	return fmt.Errorf("%s:%d: %s", name, fault.Line, parley.Sentence(fault.Err))
}

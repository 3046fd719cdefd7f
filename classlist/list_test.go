package classlist

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley"
)

// people gives of each row line, text, role and password, or that it is wrong.
func people(l List) (all []string) {
	for _, r := range l.Rows {
		if r.Err != nil {
			all = append(all, fmt.Sprintf("%d wrong", r.Line))
			continue
		}
		all = append(all, strings.TrimRight(fmt.Sprintf("%d %s %s %s", r.Line, r.Text, r.Role, r.Password), " "))
	}
	return all
}

func TestListsAsTheyAreExported(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"names alone":                 {"ada\nbob\n", []string{"1 ada", "2 bob"}},
		"without the last line break": {"ada\nbob", []string{"1 ada", "2 bob"}},
		"three columns":               {"ada,owner,secret\nbob\n", []string{"1 ada owner secret", "2 bob"}},
		"the first has the fewest":    {"ada\nbob,owner,\neve,,,x\n", []string{"1 ada", "2 bob owner", "3 wrong"}},
		"a header":                    {"Name,Role\nada,Owner\n", []string{"2 ada owner"}},
		"in another order":            {"password;user name\nsecret;ada\n", []string{"2 ada  secret"}},
		"tabs, and empty values":      {"name\trole\tpassword\nada\t\tsecret\n", []string{"2 ada  secret"}},
		"a byte order mark, CRLF":     {"\xef\xbb\xbfname;role\r\nada;member\r\n", []string{"2 ada member"}},
		"CR alone":                    {"name\rada\rbob\r", []string{"2 ada", "3 bob"}},
		"quotes":                      {"\"name\",\"role\"\n\"ada\",\"mem\"\"ber\"\n", []string{"2 ada mem\"ber"}},
		"white space":                 {" name , role \n\tada , owner \n", []string{"2 ada owner"}},
		"no-break spaces":             {"\u00a0ada\u00a0\n", []string{"1 ada"}},
		"empty rows":                  {"\n\nname;role\n;\n\nada;\n ; \n", []string{"6 ada"}},
		"sep=;":                       {"sep=;\nname;role\nada,b;owner\n", []string{"3 ada,b owner"}},
		"a separator in quotes":       {"name,\"a;b;c;d\"\nada,x\n", []string{"2 ada"}},
		"a line break in quotes":      {"name,notes\nada,\"x\ny\"\nbob,\n", []string{"2 ada", "4 bob"}},
		"wrong quotation marks":       {"name\na\"da\nbob\n", []string{"2 wrong", "3 bob"}},
		"a quotation mark left open":  {"name\n\"ada\nbob\n", []string{"2 wrong"}},
		"a row that is too long":      {"name\nLovelace, Ada\nbob\n", []string{"2 wrong", "3 bob"}},
		"empty values at the end":     {"name,,\nada,,\nbob,,,\n", []string{"2 ada", "3 bob"}},
		"a login and a name":          {"name,login\nAda Lovelace,ada\n", []string{"2 ada"}},
		"a row without a name":        {"name,role\n,owner\n", []string{"2  owner"}},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := Read(strings.NewReader(c.text))
			if err != nil || !slices.Equal(people(l), c.want) {
				t.Errorf("%q, %v, not %q", people(l), err, c.want)
			}
		})
	}
}

func TestListsThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		line int
		says string
	}{
		"empty":               {"", 0, "nobody"},
		"blank":               {"\xef\xbb\xbf\n \n;;\n", 0, "nobody"},
		"a header alone":      {"name,role\n", 0, "nobody"},
		"Latin-1":             {"name\nada\nJ\xfcrgen\n", 3, "Latin-1"},
		"UTF-16":              {"\xff\xfen\x00a\x00", 1, "UTF-16"},
		"UTF-16, big-endian":  {"\xfe\xff\x00n", 1, "UTF-16"},
		"a spreadsheet":       {"PK\x03\x04\x00\x00", 1, "no text"},
		"no names":            {"\nFirst,Last,Role\n", 2, "no column has the names"},
		"two columns of them": {"login,User Name\n", 1, "columns 1 and 2"},
		"two passwords":       {"name,password,PASSWORD\n", 1, "columns 2 and 3"},
		"too long":            {strings.Repeat("x", MaxBytes+1), 0, "too long"},
		"too many rows":       {strings.Repeat("a\n", MaxRows+1), 0, "more than 10000 rows"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.text))
			fault, ok := errors.AsType[*Fault](err)
			if !ok || fault.Line != c.line || !strings.Contains(fault.Error(), c.says) || parley.CodeOf(err) != parley.CodeInvalid {
				t.Errorf("%v", err)
			}
		})
	}
	if l, err := Read(strings.NewReader(strings.Repeat("a\n", MaxRows))); err != nil || len(l.Rows) != MaxRows {
		t.Errorf("as many as there may be: %d, %v", len(l.Rows), err)
	}
	broken, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer broken.Close()
	if _, err := Read(broken); err == nil {
		t.Error("a directory was read")
	}
}

func TestColumnsThatAreLeftAloneAreNamed(t *testing.T) {
	for text, want := range map[string][]string{
		"name,Room,,E-Mail\nada,1,2,3\n":             {"Room", "E-Mail"},
		"ada,owner,secret,ada@example.org,3\n":       {"number 4", "number 5"},
		"login,name,display name,role\nada,Ada,A,\n": nil,
	} {
		if l, err := Read(strings.NewReader(text)); err != nil || !slices.Equal(l.Ignored, want) {
			t.Errorf("%q: %q, %v", text, l.Ignored, err)
		}
	}
}

// TestRowsThatAreWrong has them told why; the others can become accounts.
func TestRowsThatAreWrong(t *testing.T) {
	l, err := Read(strings.NewReader("name,role,password\n" +
		"ada,,\nADA,,\nb0b,owner,\nbob,,\nAda Lovelace,,\ngrace,king,\ngrace,Moderator,secret\n" +
		"eve,guest,\nmallory,,no\nserver,,\n,,x\nguest-7,,\n127.0.0.1,,\ncarol,member,\nca\x1brol,,\ncar0l,,\n"))
	if err != nil {
		t.Fatal(err)
	}
	l.Check(Rules{
		Password: func(p string) error {
			if len(p) < 3 {
				return parley.Errorf(parley.CodeInvalid, "too short")
			}
			return nil
		},
		Accounts: []parley.Account{{Name: "Carol"}},
	})
	var got []string
	for _, r := range l.Rows {
		switch {
		case r.New():
			got = append(got, fmt.Sprintf("%d %s %s", r.Line, r.Name, r.Role))
		case r.Exists:
			got = append(got, fmt.Sprintf("%d exists", r.Line))
		default:
			got = append(got, fmt.Sprintf("%d %s", r.Line, parley.Sentence(r.Err)))
		}
	}
	want := []string{
		"2 ada member",
		"3 ADA stands in line 2 already",
		"4 b0b owner",
		"5 the name bob looks like b0b in line 4",
		`6 "Ada Lovelace" is no name to log in with; write ada.lovelace, or let --full-names do so`,
		`7 the role of an account is member, moderator or owner, not "king"`,
		"8 grace moderator",
		`9 the role of an account is member, moderator or owner, not "guest"`,
		"10 too short",
		`11 "server": the name server is reserved`,
		"12 there is no name in this row",
		`13 "guest-7": the name guest-7 is reserved`,
		`14 "127.0.0.1": a name cannot look like an IP address`,
		"15 exists",
		"16 \"ca\uFFFDrol\": a name has only letters, digits, '_', '-' and '.'",
		"17 the name car0l looks like Carol in line 15",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestLoginsOfFullNames(t *testing.T) {
	for person, want := range map[string]parley.Name{
		"Ada Lovelace":                    "ada.lovelace",
		"Lovelace, Ada":                   "ada.lovelace",
		" Ada  King  Lovelace ":           "ada.king.lovelace",
		"Jürgen O'Neill":                  "jürgen.oneill",
		"J. R. Tolkien":                   "j.r.tolkien",
		"Anne-Marie Müller":               "anne-marie.müller",
		"Ада Лавлейс":                     "ада.лавлейс",
		"Ada":                             "",
		"":                                "",
		"? !":                             "",
		"Ada " + strings.Repeat("x", 32):  "",
		"al!ice":                          "",
		"127 1":                           "",
		"Dr. <script>alert(1)</script> X": "dr.scriptalert1script.x",
	} {
		got, ok := LoginOf(person)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %v", person, got, ok)
		}
	}
	l, err := Read(strings.NewReader("\"Lovelace, Ada\"\nAda Lovelace\nbob\n"))
	if err != nil {
		t.Fatal(err)
	}
	l.Check(Rules{FullNames: true})
	if r := l.Rows[0]; !r.New() || r.Name != "ada.lovelace" || r.Person != "Lovelace, Ada" {
		t.Errorf("%+v", r)
	}
	if r := l.Rows[1]; parley.CodeOf(r.Err) != parley.CodeNameTaken {
		t.Errorf("another of the same name: %+v", r)
	}
	if r := l.Rows[2]; !r.New() || r.Name != "bob" || r.Person != "" {
		t.Errorf("%+v", r)
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{"name;role\nada;owner\n", "\"a\"\"b\",\n", "sep=;\nx", "\xef\xbb\xbf\"", "name\r\r\n\tx"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := Read(strings.NewReader(string(data)))
		if _, ok := errors.AsType[*Fault](err); err != nil && !ok {
			t.Fatal(err)
		}
		l.Check(Rules{FullNames: true, Password: func(string) error { return nil }})
		for _, r := range l.Rows {
			if _, err := parley.ParseName(string(r.Name)); r.New() && err != nil || r.Line < 1 {
				t.Fatalf("%+v: %v", r, err)
			}
		}
	})
}

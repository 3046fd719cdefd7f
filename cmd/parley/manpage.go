package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// pageName names the manual page of a command: parley-user-add for `parley user add`.
func pageName(command *cobra.Command) string {
	return strings.ReplaceAll(command.CommandPath(), " ", "-")
}

// manualPage gives the page of a command in the language of man(7), made of what its help says.
func manualPage(command *cobra.Command) string {
	p := &roff{}
	p.macro("TH", strings.ToUpper(pageName(command)), "1", released(), "parley "+versionName(), "Parley")
	p.section("Name")
	p.line(pageName(command) + ` \- ` + escape(command.Short))
	p.section("Synopsis")
	p.line(`\fB` + escape(command.CommandPath()) + `\fR` + escape(strings.TrimPrefix(command.UseLine(), command.CommandPath())))
	p.section("Description")
	p.text(cmp.Or(command.Long, command.Short))
	p.commands(documented(command))
	p.flags("Options", command.NonInheritedFlags())
	p.flags("Options of every command of this group", command.InheritedFlags())
	if command.Example != "" {
		p.section("Examples")
		p.verbatim(strings.Split(command.Example, "\n"))
	}
	p.seeAlso(command)
	return p.page.String()
}

// roff is a manual page that is being written, in the macros of man(7).
type roff struct{ page strings.Builder }

// line writes a line that is escaped already.
func (p *roff) line(text string) { fmt.Fprintln(&p.page, text) }

// macro writes a macro and its arguments.
func (p *roff) macro(name string, args ...string) {
	fmt.Fprintf(&p.page, ".%s", name)
	for _, a := range args {
		fmt.Fprintf(&p.page, ` "%s"`, strings.ReplaceAll(escape(a), `"`, `\(dq`))
	}
	fmt.Fprintln(&p.page)
}

// section begins a section.
func (p *roff) section(title string) { p.macro("SH", strings.ToUpper(title)) }

// text writes what a help says: paragraphs with blank lines between them, in which lines that begin with a space stay as
// they are.
func (p *roff) text(help string) {
	for i, paragraph := range strings.Split(help, "\n\n") {
		if i > 0 {
			p.macro("PP")
		}
		for lines := strings.Split(paragraph, "\n"); len(lines) > 0; {
			verbatim := strings.HasPrefix(lines[0], " ")
			n := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, " ") != verbatim })
			if n < 0 {
				n = len(lines)
			}
			p.lines(lines[:n], verbatim)
			lines = lines[n:]
		}
	}
}

// lines writes lines that are filled, or left as they are.
func (p *roff) lines(lines []string, verbatim bool) {
	if verbatim {
		p.verbatim(lines)
		return
	}
	for _, l := range lines {
		p.line(escape(l))
	}
}

// verbatim writes lines as they are, indented.
func (p *roff) verbatim(lines []string) {
	p.macro("RS", "4")
	p.macro("nf")
	for _, l := range lines {
		p.line(escape(strings.TrimPrefix(l, "  ")))
	}
	p.macro("fi")
	p.macro("RE")
}

// commands lists commands.
func (p *roff) commands(commands []*cobra.Command) {
	if len(commands) == 0 {
		return
	}
	p.section("Commands")
	for _, c := range commands {
		p.macro("TP")
		p.line(`\fB` + escape(c.CommandPath()) + `\fR`)
		p.line(escape(c.Short))
	}
}

// flags lists flags, in their order in the help.
func (p *roff) flags(title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	p.section(title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		one := pflag.NewFlagSet("", pflag.ContinueOnError)
		one.AddFlag(f)
		// With one flag alone the columns are three spaces apart.
		name, usage, _ := strings.Cut(strings.TrimSpace(one.FlagUsages()), "   ")
		p.macro("TP")
		p.line(`\fB` + escape(name) + `\fR`)
		p.line(escape(usage))
	})
}

// seeAlso names the pages of the command above and of those below.
func (p *roff) seeAlso(command *cobra.Command) {
	var pages []string
	if command.HasParent() {
		pages = append(pages, pageName(command.Parent()))
	}
	for _, below := range documented(command) {
		pages = append(pages, pageName(below))
	}
	if len(pages) == 0 {
		return
	}
	p.section("See also")
	for i, name := range pages {
		end := ","
		if i == len(pages)-1 {
			end = ""
		}
		p.line(fmt.Sprintf(`.BR %s (1)%s`, escape(name), end))
	}
}

// escape makes text that shows itself: a backslash begins an escape in roff, a hyphen is not a minus sign, quotes and
// accents of ASCII become typographic ones, and a full stop or an apostrophe at the beginning of a line is a macro.
func escape(text string) string {
	text = special.Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}

// special is what has to be written in another way, by groff_char(7).
var special = strings.NewReplacer(`\`, `\e`, `-`, `\-`, `'`, `\(aq`, "`", `\(ga`, `^`, `\(ha`, `~`, `\(ti`, `…`, `...`)

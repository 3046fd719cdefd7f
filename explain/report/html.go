package report

import (
	_ "embed" // the page
	"fmt"
	"html/template"
	"io"
	"strings"

	"parley"
	"parley/explain"
)

//go:embed page.html
var pageText string

// htmlPage is a page as the template shows it. Whatever came out of packets and files is cleaned here and escaped there.
type htmlPage struct {
	Title       string
	Captured    []string
	Striking    []string
	Connections []htmlConnection
	Rest        []string // a line for each connection that has no section
	Left        string   // how many have not even that
	Datagrams   []htmlDatagrams
	Hosts       []htmlHost
	Answers     []htmlAnswer
}

// htmlConnection is the section of a connection.
type htmlConnection struct {
	Number         int
	Client, Server string
	Line           string
	Parts          []htmlPart
	Ladder         ladder
	Plots          []plot
}

// htmlPart is what is said about one thing.
type htmlPart struct {
	Title string
	Lines []string
}

// htmlDatagrams is a row about datagrams.
type htmlDatagrams struct {
	From, To             string
	Count, Bytes, Frames string
	Notes                []string
}

// htmlHost is a row about a host.
type htmlHost struct {
	Address string
	Sockets []string
}

// htmlAnswer is a question with its answer.
type htmlAnswer struct {
	Question, Evidence string
	Lines              []string
}

// WriteHTML writes a lab as one page that needs nothing else: no network, no script. The lab is read with Options.Detail for its
// pictures; without it the page has none.
func WriteHTML(out io.Writer, l *explain.Lab) error {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	return t.Execute(out, newNarrator(l).htmlPage())
}

// htmlPage makes the page.
func (n *narrator) htmlPage() htmlPage {
	l := n.lab
	p := htmlPage{Captured: n.captured(), Striking: n.standOut()}
	var names []string
	for _, f := range l.Files {
		names = append(names, parley.CleanLine(f.Name))
	}
	p.Title = strings.Join(names, ", ")
	for i, c := range l.Connections {
		switch {
		case i < explain.MaxDetailed:
			p.Connections = append(p.Connections, n.htmlConnection(i+1, c))
		case i < explain.MaxDetailed+maxListed:
			p.Rest = append(p.Rest, fmt.Sprintf("%d. %s", i+1, n.line(c)))
		}
	}
	if left := len(l.Connections) - explain.MaxDetailed - maxListed; left > 0 {
		p.Left = "And " + many(int64(left), "further connection") + "."
	}
	for _, d := range l.Datagrams[:min(len(l.Datagrams), maxListed)] {
		p.Datagrams = append(p.Datagrams, htmlDatagrams{From: socket(d.From), To: socket(d.To), Count: count(d.Count), Bytes: count(d.Bytes),
			Frames: strings.TrimPrefix(strings.TrimPrefix(n.frames(d.Frames), "frames "), "frame "), Notes: n.datagrams(d)[1:]})
	}
	for _, h := range l.Hosts[:min(len(l.Hosts), maxListed)] {
		p.Hosts = append(p.Hosts, n.htmlHost(h))
	}
	for _, a := range Answers(l) {
		answer := htmlAnswer{Question: a.Question, Lines: a.lines}
		if len(a.Frames) > 0 {
			answer.Evidence = n.evidence(a)
		}
		p.Answers = append(p.Answers, answer)
	}
	return p
}

// htmlConnection makes the section of a connection.
func (n *narrator) htmlConnection(number int, c *explain.Connection) htmlConnection {
	h := htmlConnection{Number: number, Client: socket(c.Client), Server: socket(c.Server), Line: n.line(c)}
	for _, p := range n.whole(c) {
		h.Parts = append(h.Parts, htmlPart{p.title, p.lines})
	}
	if c.Detail != nil {
		h.Ladder = n.ladder(number, c)
		h.Plots = plots(number, c, n.tapped(c.First))
	}
	return h
}

// htmlHost makes the row of a host.
func (n *narrator) htmlHost(h explain.Host) htmlHost {
	row := htmlHost{Address: h.Address.String()}
	for _, s := range h.Sockets[:min(len(h.Sockets), maxSockets)] {
		row.Sockets = append(row.Sockets, n.use(s))
	}
	if more := len(h.Sockets) - maxSockets; more > 0 {
		row.Sockets = append(row.Sockets, fmt.Sprintf("and %s more", count(int64(more))))
	}
	return row
}

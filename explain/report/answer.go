package report

import (
	"slices"
	"strings"

	"parley/explain"
)

// Answer is a question of the labs, and what the capture says to it.
type Answer struct {
	Question string  `json:"question"`
	Answer   string  `json:"answer"` // in sentences; where the capture cannot tell, why
	Frames   []Frame `json:"frames"` // that show it

	lines []string
}

// say adds a sentence or more, with the frames that show it.
func (a *Answer) say(text string, refs ...explain.Ref) {
	a.lines = append(a.lines, text)
	for _, r := range refs {
		if f := frame(r); !slices.Contains(a.Frames, f) && len(a.Frames) < maxFrames {
			a.Frames = append(a.Frames, f)
		}
	}
}

// maxFrames is how many frames an answer has at most.
const maxFrames = 100

// maxAnswered is how many connections an answer speaks of one by one.
const maxAnswered = 10

// Answers answers the questions of the labs.
func Answers(l *explain.Lab) []Answer {
	n := newNarrator(l)
	answers := []Answer{
		n.answer("Which frames set the connection up, and which carry data?", n.whichFrames),
		n.answer("Which socket addresses are there, and how does each side use them?", n.whichSockets),
		n.answer("Did a second server start?", n.secondServer),
		n.answer("Did a second client get served?", n.secondClient),
		n.answer("How do the frames of TCP and UDP differ?", n.difference),
		n.answer("How many sockets and addresses did the server and each client have?", n.howManySockets),
		n.answer("What is the sequence number of the SYN, and what marks it as a SYN?", n.synNumber),
		n.answer("What are the sequence and acknowledgement numbers of the SYN-ACK, and how are they determined?", n.synackNumbers),
		n.answer("What is the smallest buffer space that was advertised, and did it throttle the sender?", n.smallestWindow),
		n.answer("Was anything sent again, and how does one know?", n.sentAgain),
		n.answer("Which fields does the UDP header have, and how long is each?", n.udpFields),
		n.answer("What does the length field of UDP count?", n.udpLength),
		n.answer("What is the largest payload of a UDP datagram?", n.udpLargest),
		n.answer("What is the largest source port?", n.largestPort),
		n.answer("What is the protocol number of UDP?", n.udpNumber),
	}
	return answers
}

// answer lets a question be answered.
func (n *narrator) answer(question string, how func(*Answer)) Answer {
	a := Answer{Question: question, Frames: []Frame{}}
	how(&a)
	a.Answer = strings.Join(a.lines, " ")
	return a
}

// each says something of every connection that a question is about, and why the capture cannot tell where there is none.
func (n *narrator) each(a *Answer, about func(*explain.Connection) bool, say func(i int, c *explain.Connection)) {
	said, skipped, taps := 0, 0, 0
	for i, c := range n.lab.Connections {
		switch {
		case n.tapped(c.First):
			taps++
		case !about(c):
		case said >= maxAnswered:
			skipped++
		default:
			say(i, c)
			said++
		}
	}
	if skipped > 0 {
		a.say("And so on for " + many(int64(skipped), "further connection") + ".")
	}
	if said > 0 {
		return
	}
	switch {
	case taps > 0:
		a.say("The capture cannot tell: " + declined + ".")
	case len(n.lab.Connections) == 0:
		a.say("The capture cannot tell: there is no TCP connection in it.")
	default:
		a.say("The capture cannot tell: what this is about is in none of its connections.")
	}
}

package hub_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"parley/hub"
)

// desk is where a poster's texts are said: each batch when it is let go on.
type desk struct {
	goOn chan struct{}
	said [][]string
}

func (d *desk) say(texts []string) {
	<-d.goOn
	d.said = append(d.said, texts)
}

func TestAPosterKeepsTheOrderAndItsReaderFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &desk{goOn: make(chan struct{})}
		p := &hub.Poster{Say: d.say}
		p.Wait() // for nothing
		for _, text := range []string{"one", "two", "three"} {
			p.Post(text)
			synctest.Wait()
		}
		close(d.goOn)
		p.Wait()
		p.Post("four", "five")
		p.Wait()
		want := [][]string{{"one"}, {"two", "three"}, {"four", "five"}}
		if !slices.EqualFunc(d.said, want, slices.Equal) {
			t.Errorf("said %q, want %q", d.said, want)
		}
	})
}

func TestWhatWaitsInAPosterIsBounded(t *testing.T) {
	for name, texts := range map[string][]string{
		"many":            slices.Repeat([]string{"x"}, 256),
		"long":            {strings.Repeat("x", 64<<10)},
		"all at one time": slices.Repeat([]string{strings.Repeat("x", 1000)}, 1000),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &desk{goOn: make(chan struct{})}
				p := &hub.Poster{Say: d.say}
				p.Post("first")
				synctest.Wait() // it is being said
				p.Post(texts...)
				if p.Try("too much") {
					t.Error("too much may wait")
				}
				posted := false
				go func() {
					p.Post("patient")
					posted = true
				}()
				synctest.Wait()
				if posted {
					t.Error("nobody waits")
				}
				close(d.goOn)
				synctest.Wait()
				p.Wait()
				if last := d.said[len(d.said)-1]; len(last) != 1 || last[0] != "patient" {
					t.Errorf("the last batch is %.50q", last)
				}
			})
		})
	}
}

package hub

import "sync"

// How much waits in a Poster at most, but for texts that come together while nothing waits.
const (
	maxBacklogTexts = 256
	maxBacklogBytes = 64 << 10
)

// Poster has the texts of one session posted in order beside whoever reads them. Posting waits for the disk; a reader
// that waited too would not see the silence on the wire that tells two messages apart. Its goroutine and its memory
// exist only while something waits or is being said, and what waits is bounded.
//
// One goroutine at a time calls its methods. Say must be set before, and whoever uses a Poster calls Wait before they
// leave.
type Poster struct {
	// Say posts texts, as one batch. It is called by the Poster's goroutine, one call at a time.
	Say func(texts []string)

	running sync.WaitGroup

	mu      sync.Mutex // guards what follows
	texts   []string   // that wait; nil while none does
	bytes   int        // in texts
	posting bool       // the goroutine exists
}

// Try has texts said, behind those that wait and in one batch with them; false when too much waits, and then they are
// not.
func (p *Poster) Try(texts ...string) bool {
	n := 0
	for _, text := range texts {
		n += len(text)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.texts) > 0 && (len(p.texts)+len(texts) > maxBacklogTexts || p.bytes+n > maxBacklogBytes) {
		return false
	}
	p.texts = append(p.texts, texts...)
	p.bytes += n
	if !p.posting {
		p.posting = true
		p.running.Go(p.sayAll)
	}
	return true
}

// Post has texts said as Try does, and waits where too much waits already.
func (p *Poster) Post(texts ...string) {
	for !p.Try(texts...) {
		p.Wait()
	}
}

// Busy reports whether something waits or is being said: whether Wait would wait.
func (p *Poster) Busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.posting
}

// Wait returns when all texts have been said.
func (p *Poster) Wait() { p.running.Wait() }

// sayAll says what waits until nothing does.
func (p *Poster) sayAll() {
	for texts := p.take(); len(texts) > 0; texts = p.take() {
		p.Say(texts)
	}
}

// take gives the texts that wait, at most maxBacklogTexts of them, so that no paste becomes one huge batch for
// everybody. When there are none the goroutine has nothing more to do.
func (p *Poster) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := min(len(p.texts), maxBacklogTexts)
	texts := p.texts[:n:n]
	for _, text := range texts {
		p.bytes -= len(text)
	}
	if p.texts = p.texts[n:]; len(p.texts) == 0 {
		p.texts = nil
	}
	p.posting = n > 0
	return texts
}

package web

import (
	"fmt"
	"html"
	"net/http"
)

// welcome tells somebody who opens the server's address in a browser what it is, and how to join.
func (s *Server) welcome(w http.ResponseWriter, r *http.Request) {
	scheme := "http"
	if s.secure() {
		scheme = "https"
	}
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = fmt.Fprintf(w, `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Parley</title>
<h1>Parley</h1>
<p>This is a Parley server: chat for your own network.</p>
<p>To join, type in a terminal: <code>parley join %s://%s</code></p>
<p>For programs: <a href="/v1/openapi.json">what can be asked here</a>.</p>
</html>
`, scheme, html.EscapeString(r.Host)) // whoever left does not read the answer
}

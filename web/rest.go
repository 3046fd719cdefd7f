package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/web/routes"
	"parley/web/wire"
)

// request is a request to the REST interface, from somebody.
type request struct {
	*http.Request
	server *Server
	writer http.ResponseWriter // for its controller alone
	raw    io.Reader           // the body, without a limit
	who    parley.Identity     // a guest without an id where no token came, on a route that needs none
}

// reply is what a handler answers.
type reply struct {
	status int
	body   any // written as JSON; nil for nothing
	header http.Header
	other  http.Handler // writes the answer itself, instead of all that
}

// handler does what a request asks for. An error is answered as a problem.
type handler func(ctx context.Context, r *request) (reply, error)

// rest makes an http.Handler of h: it finds out who asks, and writes what comes of it.
func (s *Server) rest(route routes.Route, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if route.Operation != routes.GetFile && route.Operation != routes.GetPreview { // which may take long, for nobody
			r = stay(r)
		}
		if route.Tus {
			w.Header().Set("Tus-Resumable", tusVersion)
		}
		who, err := s.whoAsks(r)
		if err == nil && who.ID == "" && !route.Open {
			err = parley.Errorf(parley.CodeUnauthorized, "log in first: POST /v1/sessions gives a token")
		}
		if err != nil {
			s.fail(w, r, route, err)
			return
		}
		answer, err := h(r.Context(), s.request(w, r, who))
		if err != nil {
			s.fail(w, r, route, err)
			return
		}
		if answer.other != nil {
			answer.other.ServeHTTP(w, r)
			return
		}
		for name, values := range answer.header {
			w.Header()[name] = values
		}
		writeJSON(w, answer.status, "application/json", answer.body)
	})
}

// stay gives r with a context that goes on when the client has closed its side: it may have sent all that it had to
// say, as netcat does, and wait for the answer. For net/http it is gone then.
func stay(r *http.Request) *http.Request { return r.WithContext(context.WithoutCancel(r.Context())) }

// request makes a request of r, with a limited body. That is done to a copy: of a body that is not its own net/http does not know
// how much is left, and waits for it before it answers.
func (s *Server) request(w http.ResponseWriter, r *http.Request, who parley.Identity) *request {
	raw := r.Body
	r = r.WithContext(r.Context())
	r.Body = http.MaxBytesReader(innermost(w), r.Body, maxBody)
	return &request{Request: r, server: s, writer: w, raw: raw, who: who}
}

// whoAsks gives who a request is from, by the token in its Authorization (RFC 6750, section 2.1). No other place is
// looked at, no cookie above all: what a browser sends by itself says nothing about who wanted it sent.
func (s *Server) whoAsks(r *http.Request) (parley.Identity, error) {
	authorization := r.Header.Values("Authorization")
	if len(authorization) == 0 {
		return parley.Identity{Role: parley.RoleGuest}, nil
	}
	scheme, token, _ := strings.Cut(authorization[0], " ")
	if len(authorization) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return parley.Identity{}, parley.Errorf(parley.CodeUnauthorized, "show the token as Authorization: Bearer TOKEN")
	}
	return s.Accounts.ByToken(r.Context(), parley.Token(strings.TrimSpace(token)))
}

// body reads the JSON of a request into b.
func body[T wire.Request](r *request) (T, error) {
	var b T
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return b, parley.Errorf(parley.CodeInvalid, "the body must be application/json, and say so in Content-Type")
	}
	data, err := io.ReadAll(r.Body)
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return b, parley.Errorf(parley.CodeTooLong, "the body is too long (limit %d bytes)", tooLarge.Limit)
	}
	if err != nil {
		return b, parley.Wrap(parley.CodeInvalid, err, "the body did not arrive whole")
	}
	return wire.DecodeRequest[T](data)
}

// requestID gives the id of a request that has no body to carry it, "" where it has none.
func (r *request) requestID() (parley.MessageID, error) {
	id := parley.MessageID(r.URL.Query().Get("id"))
	if id != "" && !id.Valid() {
		return "", parley.Errorf(parley.CodeInvalid, "an id has 1 to %d visible ASCII characters", parley.MaxMessageID)
	}
	return id, nil
}

// number reads a number in the path or query of a request.
func number(text, name string) (parley.Seq, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n >= 1<<53 {
		return 0, parley.Errorf(parley.CodeInvalid, "%s is a number, not %q", name, parley.CleanLine(text))
	}
	return parley.Seq(n), nil
}

// address is where a request comes from.
func (r *request) address() netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

// fail answers with an error, and logs what only the server's own people can mend.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, route routes.Route, err error) {
	code := parley.CodeOf(err)
	if r.Context().Err() != nil { // nobody waits for the answer
		s.log.Debug("a request was given up", "from", r.RemoteAddr, "error", err)
	} else if isServers(code) {
		s.log.Error("a request failed", "from", r.RemoteAddr, "method", r.Method, "path", loggedPath(r), "error", err)
	}
	refuseAs(w, route.StatusOf(code), err)
}

// isServers reports whether a code is of what only the server's own people can mend.
func isServers(code parley.Code) bool { return code == parley.CodeInternal || code == parley.CodeStore }

// loggedPath gives the path of a request for the log, in which no invite's code stands.
func loggedPath(r *http.Request) string {
	for _, secret := range []string{"/invite/", "/v1/invites/by-code/"} {
		if strings.HasPrefix(r.URL.Path, secret) {
			return secret + "…"
		}
	}
	return parley.CleanLine(r.URL.Path)
}

// refuseInText answers a person with an error.
func refuseInText(w http.ResponseWriter, err error) {
	status := wire.StatusOf(parley.CodeOf(err))
	if seconds := retryAfter(err, status); seconds > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "This does not work: "+parley.Sentence(err)+".\n") // whoever left does not read the answer
}

// refuse answers with an error.
func refuse(w http.ResponseWriter, err error) { refuseAs(w, wire.StatusOf(parley.CodeOf(err)), err) }

// refuseAs answers with an error and a status of its own.
func refuseAs(w http.ResponseWriter, status int, err error) {
	problem := wire.ProblemOf(err)
	problem.Status, problem.Title = status, wire.StatusText(status)
	if problem.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="parley"`) // RFC 9110, section 11.6.1
	}
	if seconds := retryAfter(err, problem.Status); seconds > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	writeJSON(w, problem.Status, wire.ProblemType, problem)
}

// retryAfter gives after how many seconds asking again makes sense, 0 where nobody knows or it never does.
func retryAfter(err error, status int) int {
	var wait interface{ RetryAfter() time.Duration }
	if errors.As(err, &wait) {
		return int((wait.RetryAfter() + time.Second - 1) / time.Second)
	}
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusInsufficientStorage:
		return comeBackAfter
	}
	return 0
}

// writeJSON answers with body as JSON, or with nothing.
func writeJSON(w http.ResponseWriter, status int, media string, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}
	text, err := json.Marshal(body)
	if err != nil { // a type that has no JSON: a mistake here
		http.Error(w, "something went wrong on the server", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)+1))
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // whoever left does not read the answer
}

// refusal is a whole answer to a connection on which no request is read any more.
func refusal(err *parley.Error) []byte {
	problem, _ := json.Marshal(wire.ProblemOf(err)) // it has JSON
	status := wire.StatusOf(err.Code)
	return []byte("HTTP/1.1 " + strconv.Itoa(status) + " " + http.StatusText(status) + "\r\n" +
		"Content-Type: " + wire.ProblemType + "\r\n" +
		"Content-Length: " + strconv.Itoa(len(problem)) + "\r\n" +
		"Retry-After: " + strconv.Itoa(comeBackAfter) + "\r\n" +
		"Connection: close\r\n\r\n" + string(problem))
}

var _ net.Conn = (*visit)(nil)

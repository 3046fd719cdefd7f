package admin

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"unicode/utf8"

	"parley"
)

// maxRequest is the longest request, in bytes: a name and a password, even if each character is written as an escape.
const maxRequest = 16 << 10

// handler answers requests.
type handler struct {
	keeper Keeper
	log    *slog.Logger
}

// newHandler gives the API over a keeper.
func newHandler(keeper Keeper, log *slog.Logger) http.Handler {
	h := handler{keeper: keeper, log: log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /accounts", h.list)
	mux.HandleFunc("POST /accounts", h.add)
	mux.HandleFunc("PATCH /accounts", h.change)
	mux.HandleFunc("DELETE /accounts", h.remove)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, parley.Errorf(parley.CodeUnsupported, "there is no %s", parley.CleanLine(r.Method+" "+r.URL.Path)))
	})
	return mux
}

func (h handler) list(w http.ResponseWriter, r *http.Request) {
	all, err := h.keeper.List(r.Context())
	h.answer(w, http.StatusOK, list{Accounts: all}, err)
}

func (h handler) add(w http.ResponseWriter, r *http.Request) {
	var asked newAccount
	if err := read(w, r, &asked); err != nil {
		fail(w, err)
		return
	}
	add := h.keeper.Add
	if asked.OneTime {
		add = h.keeper.AddOneTime
	}
	account, err := add(r.Context(), asked.Name, asked.Password, asked.Role)
	h.answer(w, http.StatusCreated, account, err)
}

func (h handler) change(w http.ResponseWriter, r *http.Request) {
	var change Change
	if err := read(w, r, &change); err != nil {
		fail(w, err)
		return
	}
	account, err := h.keeper.Change(r.Context(), r.URL.Query().Get("name"), change)
	h.answer(w, http.StatusOK, account, err)
}

func (h handler) remove(w http.ResponseWriter, r *http.Request) {
	account, err := h.keeper.Remove(r.Context(), r.URL.Query().Get("name"))
	h.answer(w, http.StatusOK, account, err)
}

// answer writes what came of a request.
func (h handler) answer(w http.ResponseWriter, status int, value any, err error) {
	if err != nil {
		if parley.CodeOf(err) == parley.CodeInternal {
			h.log.Error("an account could not be managed", "error", err)
		}
		fail(w, err)
		return
	}
	answer(w, status, value)
}

// read reads the JSON of a request. Text that is no UTF-8 is refused before the decoder makes something else of it: it
// could be a password.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	switch {
	case err != nil:
		return parley.Wrap(parley.CodeInvalid, err, "the request is too long, or was cut short")
	case !utf8.Valid(body):
		return parley.Errorf(parley.CodeInvalid, "the request is not UTF-8 text")
	}
	if err := json.Unmarshal(body, into); err != nil {
		return parley.Wrap(parley.CodeInvalid, err, "the request is not the JSON that belongs here")
	}
	return nil
}

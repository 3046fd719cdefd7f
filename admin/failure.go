package admin

import (
	"encoding/json"
	"net/http"

	"parley"
)

// failure is an error in JSON.
type failure struct {
	Code     parley.Code `json:"code"`
	Sentence string      `json:"sentence"`
}

// error gives the failure as it was on the other side.
func (f failure) error() *parley.Error {
	return &parley.Error{Code: f.Code, Sentence: parley.CleanLine(f.Sentence)}
}

// fail answers a request that failed.
func fail(w http.ResponseWriter, err error) {
	code := parley.CodeOf(err)
	answer(w, status(code), failure{Code: code, Sentence: parley.Sentence(err)})
}

// status gives the status code of HTTP (RFC 9110, section 15) for a failure; programs go by the failure's own code.
func status(code parley.Code) int {
	switch code {
	case parley.CodeNoSuchAccount:
		return http.StatusNotFound
	case parley.CodeNameTaken:
		return http.StatusConflict
	case parley.CodeForbidden:
		return http.StatusForbidden
	case parley.CodeShutdown:
		return http.StatusServiceUnavailable
	case parley.CodeDiskFull:
		return http.StatusInsufficientStorage
	case parley.CodeStore, parley.CodeInternal:
		return http.StatusInternalServerError
	case parley.CodeUnsupported:
		return http.StatusMethodNotAllowed
	}
	return http.StatusBadRequest
}

// answer writes a value as the answer.
func answer(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // whoever asked has left
}

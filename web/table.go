package web

import (
	"net/http"

	"parley"
	"parley/web/routes"
)

// handlers gives what answers each operation, but for those that are not about JSON.
func handlers() map[routes.Operation]handler {
	return map[routes.Operation]handler{
		routes.Healthz:            isAlive,
		routes.Readyz:             isReady,
		routes.ListConnections:    listConnections,
		routes.OpenSession:        openSession,
		routes.ListSessions:       listSessions,
		routes.EndCurrentSession:  endCurrentSession,
		routes.EndSession:         endSession,
		routes.GetMe:              getMe,
		routes.AddAccount:         addAccount,
		routes.ListAccounts:       listAccounts,
		routes.GetAccount:         getAccount,
		routes.ChangeAccount:      changeAccount,
		routes.RemoveAccount:      removeAccount,
		routes.ChangePassword:     changePassword,
		routes.MakeInvite:         makeInvite,
		routes.ListInvites:        listInvites,
		routes.GetInvite:          getInvite,
		routes.RevokeInvite:       revokeInvite,
		routes.ClaimAccount:       claimAccount,
		routes.ListRooms:          listRooms,
		routes.OpenRoom:           openRoom,
		routes.GetRoom:            getRoom,
		routes.ChangeRoom:         changeRoom,
		routes.MarkRead:           markRead,
		routes.ListMembers:        listMembers,
		routes.Invite:             invite,
		routes.ChangeMember:       changeMember,
		routes.RemoveMember:       removeMember,
		routes.ListMessages:       listMessages,
		routes.PostMessage:        postMessage,
		routes.GetMessage:         getMessage,
		routes.GetPreview:         getPreview,
		routes.EditMessage:        editMessage,
		routes.DeleteMessage:      deleteMessage,
		routes.ListRevisions:      listRevisions,
		routes.AddReaction:        addReaction,
		routes.TakeReaction:       takeReaction,
		routes.ListEvents:         listEvents,
		routes.SendFile:           sendFile,
		routes.GetFile:            getFile,
		routes.UploadAbilities:    uploadAbilities,
		routes.BeginUpload:        beginUpload,
		routes.GetUpload:          getUpload,
		routes.ContinueUpload:     continueUpload,
		routes.EndUpload:          endUpload,
		routes.ListConversations:  listConversations,
		routes.ListDirectMessages: listMessages,
		routes.PostDirectMessage:  postMessage,
		routes.ListDirectEvents:   listEvents,
	}
}

// routes gives what answers requests: one handler for each route that is documented, the page for whoever opens the
// address in a browser, and no other.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	known := handlers()
	for _, route := range routes.All() {
		switch route.Operation {
		case routes.Socket:
			mux.HandleFunc(route.Pattern(), s.upgrade)
		case routes.Document:
			mux.HandleFunc(route.Pattern(), showDocument)
		case routes.Metrics:
			mux.Handle(route.Pattern(), s.rest(route, showMetrics))
		default:
			mux.Handle(route.Pattern(), s.rest(route, known[route.Operation]))
		}
	}
	mux.HandleFunc("GET /{$}", s.welcome)
	mux.HandleFunc("GET /invite/{code}", s.welcomeInvited)
	mux.Handle("/", s.unknown(mux))
	return mux
}

// unknown answers what no route is for: another method where there is one, and nothing where there is none.
func (s *Server) unknown(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			other := r.Clone(r.Context())
			other.Method = method
			if _, pattern := mux.Handler(other); pattern != "/" {
				w.Header().Add("Allow", method)
			}
		}
		if w.Header().Get("Allow") != "" {
			refuseAs(w, http.StatusMethodNotAllowed, parley.Errorf(parley.CodeInvalid, "this cannot be done here"))
			return
		}
		refuseAs(w, http.StatusNotFound, parley.Errorf(parley.CodeInvalid, "there is nothing here"))
	})
}

package web

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"parley"
	"parley/web/wire"
)

// makeInvite makes an invite.
func makeInvite(ctx context.Context, r *request) (reply, error) {
	if err := parley.MayServer(r.who.Role, parley.VerbInvites); err != nil {
		return reply{}, err
	}
	b, err := body[wire.NewInvite](r)
	if err != nil {
		return reply{}, err
	}
	by := parley.Sender{ID: r.who.ID, Name: string(r.who.Name)}
	code, invite, err := r.server.Accounts.MakeInvite(ctx, by, b.Kind, b.Uses, time.Duration(b.Lasts)*time.Second)
	if err != nil {
		return reply{}, err
	}
	base, local := r.server.reachedBy(r.Host)
	return reply{status: http.StatusCreated, body: wire.InviteMade{
		Invite: wire.InviteOf(invite), Link: inviteLink(base, code), Local: local,
	}}, nil
}

// listInvites answers the invites.
func listInvites(ctx context.Context, r *request) (reply, error) {
	if err := parley.MayServer(r.who.Role, parley.VerbInvites); err != nil {
		return reply{}, err
	}
	invites, err := r.server.Accounts.Invites(ctx)
	if err != nil {
		return reply{}, err
	}
	answer := wire.Invites{Items: make([]wire.Invite, len(invites))}
	for i, invite := range invites {
		answer.Items[i] = wire.InviteOf(invite)
	}
	return reply{status: http.StatusOK, body: answer}, nil
}

// getInvite answers what an invite gives, to whoever has its code.
func getInvite(ctx context.Context, r *request) (reply, error) {
	invite, err := r.server.openInvite(ctx, parley.InviteCode(r.PathValue("code")), r.address())
	return reply{status: http.StatusOK, body: wire.OpenInvite{Kind: invite.Kind, Expires: wire.At(invite.Expires)}}, err
}

// openInvite gives an invite that lets somebody in.
func (s *Server) openInvite(ctx context.Context, code parley.InviteCode, from netip.Addr) (parley.Invite, error) {
	invite, err := s.Accounts.Invite(ctx, code, from)
	if err == nil {
		err = invite.Check(s.now())
	}
	return invite, err
}

// revokeInvite makes that an invite lets in nobody any more.
func revokeInvite(ctx context.Context, r *request) (reply, error) {
	if err := parley.MayServer(r.who.Role, parley.VerbInvites); err != nil {
		return reply{}, err
	}
	id := parley.InviteID(r.PathValue("id"))
	return reply{status: http.StatusNoContent}, r.server.Accounts.RevokeInvite(ctx, id)
}

// claimAccount makes an account of the guest who asks.
func claimAccount(ctx context.Context, r *request) (reply, error) {
	b, err := body[wire.NewClaim](r)
	if err != nil {
		return reply{}, err
	}
	login, who, err := r.server.Accounts.Claim(ctx, parley.Claim{
		Who: r.who, Name: b.Name, Password: b.Password, Ticket: b.Shown(), From: r.address(),
	})
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusCreated, body: wire.Claimed{Session: sessionOf(login, login.ID), You: meOf(who)}}, nil
}

// guestByInvite opens a session for a guest of that name, who may have none, by an invite.
func (s *Server) guestByInvite(ctx context.Context, name string, t wire.Ticket, from netip.Addr) (
	token parley.Token, login parley.Login, who parley.Identity, err error,
) {
	parsed := s.Hub.GuestName()
	if name != "" {
		if parsed, err = parley.ParseName(name); err != nil {
			return "", login, who, err
		}
	}
	return s.Accounts.OpenByInvite(ctx, t.Shown(), parsed, from)
}

// inviteLink is what somebody who is invited follows.
func inviteLink(base string, code parley.InviteCode) string { return base + "/invite/" + string(code) }

// reachedBy gives the URL by which others reach the server: that by which somebody has reached it, who asked for host. Where that
// means something on this machine alone it is what the server knows of itself; local tells that it knows nothing better.
func (s *Server) reachedBy(host string) (url string, local bool) {
	scheme := "http"
	if s.secure() {
		scheme = "https"
	}
	url = scheme + "://" + host
	if !isLocal(hostOf(host)) {
		return url, false
	}
	if s.Reached != nil {
		if known := s.Reached(); known != "" {
			return known, false
		}
	}
	return url, true
}

// isLocal reports whether a host means this machine on each machine.
func isLocal(host string) bool {
	if at, err := netip.ParseAddr(host); err == nil {
		return at.Unmap().IsLoopback()
	}
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// welcomeInvited tells somebody who opens an invite's link in a browser how to come in by it.
func (s *Server) welcomeInvited(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	code := parley.InviteCode(r.PathValue("code"))
	from, _ := netip.ParseAddrPort(r.RemoteAddr)
	invite, err := s.openInvite(r.Context(), code, from.Addr().Unmap())
	if err != nil {
		if isServers(parley.CodeOf(err)) {
			s.log.Error("an invite cannot be read", "from", r.RemoteAddr, "error", err)
		}
		refuseInText(w, err)
		return
	}
	gives := "It lets you in as a guest"
	if invite.Kind == parley.InviteAccount {
		gives = "It is for making an account of your own"
	}
	base, _ := s.reachedBy(r.Host)
	header.Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("You are invited to a Parley server: chat for your own network.\n\n" +
		"To come in, type in a terminal:\n\n  parley join " + inviteLink(parley.CleanLine(base), code) + "\n\n" +
		gives + ", until " + invite.Expires.UTC().Format("2006-01-02 15:04") + " UTC.\n")) // whoever left does not read it
}

// Package admin is how the operator manages accounts from outside the server's process: a small HTTP API over a Unix
// socket in the data directory. Whoever may use that file is the operator; there is nothing else to show.
//
// A Keeper manages accounts. The server makes a Local one of its desk and serves it with Open; a program on the same
// machine gets one with Dial, a Client. So a command does the same whether a server runs or not.
//
//	GET    /accounts              200 {"accounts": [ACCOUNT, …]}, by name
//	POST   /accounts              201 ACCOUNT     of {"name", "password", "role"}
//	PATCH  /accounts?name=NAME    200 ACCOUNT     of {"password"}, {"role"} or {"disabled"}, or several of them
//	DELETE /accounts?name=NAME    200 ACCOUNT     as it was
//
// An ACCOUNT is {"id", "name", "role", "disabled", "created"}. What fails is answered by {"code", "sentence"}, the code
// being one of the root's. The API is the project's own and for one version at a time: the client is the same binary as
// the server.
package admin

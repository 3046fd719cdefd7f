// Package classlist makes accounts of a list of people, as schools and spreadsheets export one: it reads the list, says
// of each row whether it can become an account, and writes the slips by which people learn their passwords.
//
// Begin with Read, go on with List.Check, make an account of each row that is New, and give Slips each of them before it
// is made. It makes no account itself, chooses no password and knows no server.
package classlist

package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"parley"
)

// logins are the servers that this user has logged in to, as they are kept in a file that nobody else may read.
type logins struct {
	Default string           `json:"default,omitempty"` // the URL of the one that is meant where none is named
	Servers map[string]login `json:"servers"`           // by URL, without options
}

// login is one of them.
type login struct {
	Token parley.Token `json:"token"`
	Name  string       `json:"name"`
}

// configFile gives the path of one of this program's files in the user's folder for settings.
func configFile(name string) (string, error) {
	folder, err := os.UserConfigDir()
	if err != nil {
		return "", parley.Errorf(parley.CodeStore, "there is no folder to remember servers in: %w", err)
	}
	return filepath.Join(folder, "parley", name), nil
}

// readLogins reads the file. Where there is none, there are no logins.
func readLogins() (logins, error) {
	none := logins{Servers: make(map[string]login)}
	path, err := configFile("logins.json")
	if err != nil {
		return none, err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return none, nil
	}
	l := none
	if err == nil {
		err = json.Unmarshal(text, &l)
	}
	if err != nil {
		return none, parley.Errorf(parley.CodeStore, "cannot read %s: %w", path, err)
	}
	if l.Servers == nil {
		l.Servers = none.Servers
	}
	return l, nil
}

// write replaces the file by l, as a whole or not at all.
func (l logins) write() error {
	path, err := configFile("logins.json")
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(l, "", "  ")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		err = replaceFile(path, append(text, '\n'))
	}
	if err != nil {
		return parley.Errorf(parley.CodeStore, "cannot write %s: %w", path, err)
	}
	return nil
}

// replaceFile gives a file new content, which only its owner may read.
func replaceFile(path string, content []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".logins-*") // with mode 0600
	if err != nil {
		return err
	}
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		_ = os.Remove(temporary.Name())
	}
	return err
}

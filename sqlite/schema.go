package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"

	"parley"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema of db to the newest that this binary knows.
func migrate(ctx context.Context, db *sql.DB, dir string) error {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	return migrateBy(ctx, db, dir, steps)
}

// migrateBy brings the schema of db to the newest that steps know. What was made by more of them is refused and left as
// it is: its rows may mean what these would not honour.
func migrateBy(ctx context.Context, db *sql.DB, dir string, steps fs.FS) error {
	// A table of versions that cannot be read goose would take for one that is not there.
	if _, err := db.ExecContext(ctx, "SELECT count(*) FROM goose_db_version"); isDamaged(err) {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, steps, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	current, newest, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > newest {
		return parley.Errorf(parley.CodeStore, "the data in %s was written by a newer parley "+
			"(schema %d, this one knows %d); use that version, or another data directory", dir, current, newest)
	}
	_, err = p.Up(ctx)
	return err
}

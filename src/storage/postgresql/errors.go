package postgresql

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"ark.ai/apiserver/src/storage/driver"
)

// Conditions that this package acts upon.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const (
	classDataException    = "22"
	protocolViolation     = "08P01"
	invalidStatementName  = "26000"
	duplicateStatement    = "42P05"
	readOnlyTransaction   = "25006"
	invalidPassword       = "28P01"
	invalidAuthorization  = "28000"
	invalidCatalogName    = "3D000"
	insufficientPrivilege = "42501"
	tooManyConnections    = "53300"
	uniqueViolation       = "23505"
	duplicateSchema       = "42P06"
	duplicateTable        = "42P07"
	duplicateObject       = "42710"
	undefinedObject       = "42704"
	undefinedFunction     = "42883"
	undefinedTable        = "42P01"
	featureNotSupported   = "0A000"
	statementTooComplex   = "54001"
	lockNotAvailable      = "55P03"
	// notInPrerequisiteState is how recovery answers what it can't do.
	notInPrerequisiteState = "55000"
	queryCanceled          = "57014"

	// logLacksRevision is raised by commit_writes.
	logLacksRevision = "AR001"
	// isUnfinished and isMoved are raised by start_incarnation.
	isUnfinished = "AR002"
	isMoved      = "AR003"
)

// unavailable are the conditions, or classes of them, under which the same statement can succeed
// later. The statement had no effect: an error ends its transaction.
var unavailable = []string{
	"08",                // connection exceptions
	readOnlyTransaction, // after a failover
	"25P03", "25P04",    // idle-in-transaction and transaction timeouts
	"28",               // access refused, while the password is being changed
	invalidCatalogName, // while the database is being restored
	"40",               // serialization failure, deadlock
	"53",               // disk full, out of memory, too many connections
	"P0002",            // a table that has one row has none, while it is being restored
	uniqueViolation,    // a call of version 2's functions took the revision, during a rolling update
	lockNotAvailable,   // lock timeout
	queryCanceled,      // statement timeout
	"57P01", "57P02",   // shutdown, crash
	"57P03", // starting up
	"57P05", // idle session timeout
	"58",    // I/O error
}

// codeOf is the SQLSTATE of an error of the server, or "".
func codeOf(err error) string {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return server.Code
	}
	return ""
}

// translate maps an error of an operation that had no effect to the errors of Backend.
func translate(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, driver.ErrCompacted), errors.Is(err, driver.ErrFutureRevision), errors.Is(err, driver.ErrDiverged):
		return fmt.Errorf("%s: %w", doing, err)
	case codeOf(err) == logLacksRevision:
		return fmt.Errorf("%s: %w: %w", doing, driver.ErrDiverged, err)
	case codeOf(err) == isUnfinished:
		return fmt.Errorf("%s: %w", doing, driver.ErrUnfinished)
	case codeOf(err) == isMoved:
		return fmt.Errorf("%s: %w", doing, driver.ErrMoved)
	// Where a row always is, there is none in a snapshot from before the tables were replaced by
	// restored ones.
	case isUnavailable(err), errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("%s: %w: %w", doing, driver.ErrUnavailable, err)
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
}

func isUnavailable(err error) bool {
	code := codeOf(err)
	for _, condition := range unavailable {
		if code != "" && strings.HasPrefix(code, condition) {
			return true
		}
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || lostConnection(err)
}

// lostConnection reports whether a connection broke that had been working. Another one may work.
func lostConnection(err error) bool {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return false
	}
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return isFatal(server)
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, pgconn.ErrConnClosed)
}

// isFatal reports whether the server ended the connection. pgbouncer does not send the severity
// that is free of the server's language, but speaks English.
func isFatal(err *pgconn.PgError) bool {
	severity := cmp.Or(err.SeverityUnlocalized, err.Severity)
	return severity == "FATAL" || severity == "PANIC"
}

// isMissingStatement reports whether a named prepared statement is not where it was left, because a
// proxy gave the connection to the server to somebody else in between.
func isMissingStatement(err error) bool {
	var server *pgconn.PgError
	if !errors.As(err, &server) || isFatal(server) {
		return false
	}
	return server.Code == invalidStatementName || server.Code == duplicateStatement || server.Code == protocolViolation
}

// isUnstorable reports whether a value is not what PostgreSQL takes for JSON: an escape or byte it
// does not accept, or nested too deeply.
func isUnstorable(err error) bool {
	code := codeOf(err)
	return strings.HasPrefix(code, classDataException) || code == statementTooComplex
}

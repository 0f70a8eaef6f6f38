package mysql

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"

	"ark.ai/apiserver/src/storage/driver"
)

// Conditions that this package acts upon. https://mariadb.com/kb/en/mariadb-error-codes/
const (
	accessDenied         = 1045
	passwordNotAsked     = 1698 // of users of a Unix socket, and of some that are not there
	databaseDenied       = 1044
	unknownDatabase      = 1049
	tableDenied          = 1142
	columnDenied         = 1143
	privilegeMissing     = 1227
	tooManyConnections   = 1040
	tooManyOfUser        = 1203
	limitOfUser          = 1226
	secureTransport      = 3159
	unknownVariable      = 1193
	syntaxError          = 1064
	columnIsNull         = 1048
	noSuchTable          = 1146
	readOnlyOption       = 1290
	readOnlyTransaction  = 1792
	readOnlyMode         = 1836
	lockWaitTimeout      = 1205
	deadlock             = 1213
	changedSinceRead     = 1020
	connectionKilled     = 1927
	firstErrorOfClients  = 2000
	lastErrorOfClients   = 2999
	firstErrorOfProxySQL = 9000
)

// unavailable are the conditions under which the same message can succeed later. The message had no
// effect: an error ends its transaction.
var unavailable = []uint16{
	tooManyConnections, tooManyOfUser, limitOfUser,
	accessDenied, databaseDenied, // access refused, while the password is being changed
	unknownDatabase, noSuchTable, columnIsNull, // while the database is being restored
	readOnlyOption, readOnlyTransaction, readOnlyMode, // after a failover
	lockWaitTimeout, deadlock, changedSinceRead, connectionKilled,
	1021, 1114, // disk full, table full
	1026, 1030, 1180, // errors of files, of the engine, of the commit
	1037, 1038, 1041, // out of memory
	1053, 1079, // shutdown
	1129, 1130, // host blocked
	1158, 1159, 1160, 1161, // network
	1317, 1969, 3024, // interrupted, out of time
	4031, // idle for too long
}

// codeOf is the number of an error of the server, or 0.
func codeOf(err error) uint16 {
	var server *mysql.MySQLError
	if errors.As(err, &server) {
		return server.Number
	}
	return 0
}

// errReadOnly is a server that takes no writes.
var errReadOnly = errors.New("the server is read-only")

func isReadOnly(err error) bool {
	return errors.Is(err, errReadOnly) || slices.Contains([]uint16{readOnlyOption, readOnlyTransaction, readOnlyMode}, codeOf(err))
}

// isConflict reports whether the server rolled a transaction back in favour of another one.
func isConflict(err error) bool {
	return slices.Contains([]uint16{deadlock, changedSinceRead}, codeOf(err))
}

// translate maps an error of an operation that had no effect to the errors of Backend.
func translate(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, driver.ErrCompacted), errors.Is(err, driver.ErrFutureRevision), errors.Is(err, driver.ErrDiverged),
		errors.Is(err, driver.ErrUnfinished), errors.Is(err, driver.ErrMoved):
		return fmt.Errorf("%s: %w", doing, err)
	// Where a row always is, there is none while the tables are replaced by restored ones.
	case isUnavailable(err), errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w: %w", doing, driver.ErrUnavailable, err)
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
}

func isUnavailable(err error) bool {
	var connect connectError
	return errors.As(err, &connect) || isReadOnly(err) || slices.Contains(unavailable, codeOf(err)) || ofProxy(err) || lostConnection(err)
}

// ofProxy reports whether an answer is that of a proxy that lost the server.
func ofProxy(err error) bool {
	code := codeOf(err)
	return code >= firstErrorOfClients && code <= lastErrorOfClients || code >= firstErrorOfProxySQL
}

// lostConnection reports whether a connection broke that had been working. Another one may work.
func lostConnection(err error) bool {
	var connect connectError
	if errors.As(err, &connect) {
		return false
	}
	var network net.Error
	return errors.Is(err, mysql.ErrInvalidConn) || errors.Is(err, sqldriver.ErrBadConn) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrShortWrite) || errors.As(err, &network) || codeOf(err) == connectionKilled
}

// lineError is an error whose text is on one line.
type lineError struct{ error }

func oneLine(err error) error { return lineError{err} }

func (e lineError) Error() string { return strings.Join(strings.Fields(e.error.Error()), " ") }

func (e lineError) Unwrap() error { return e.error }

package campaign

import (
	"context"
	"os"
)

// database is a server of databases that servers share.
type database interface {
	address() string
	// flags of a server that reaches the database through a proxy, and its variables.
	flags(through *proxy) []string
	variables() []string
	// disconnect ends all connections.
	disconnect(ctx context.Context) error

	// shutDown ends it in good order, End by a signal; Run runs it again.
	shutDown() error
	End(signal os.Signal) error
	Run() error
	// Pause has it stand still, until Resume.
	Pause() error
	Resume() error
	Close() error
}

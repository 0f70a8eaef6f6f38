// Package health has the checks of the database that /readyz, /healthz and /livez ask.
package health

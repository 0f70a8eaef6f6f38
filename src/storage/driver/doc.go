// Package driver defines what a database has to do to keep the objects of an API server: package
// storage is to it what database/sql is to database/sql/driver. Drivers import this package and
// none above it.
package driver

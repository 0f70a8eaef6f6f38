// Package server has what every way to run the Ark API server shares: installing the Ark group on
// the storage of an engine, its OpenAPI, the health checks of the database, the indexes that can be
// seen and made, and the version that is served. The flags that choose a database are in package
// database.
//
// A way to run it is a package of its own below this one, such as standalone. Each goes through the
// same steps: Options are filled in by flags, completed and validated; a Config is made of them and
// completed; a server is made of that and run.
package server

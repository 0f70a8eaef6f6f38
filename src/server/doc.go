// Package server has what every way to run the Ark API server shares: the flags that choose a
// database and the engine that is opened with them, the health checks of the database, and the
// version that is served.
//
// A way to run it is a package of its own below this one, such as standalone. Each goes through the
// same steps: Options are filled in by flags, completed and validated; a Config is made of them and
// completed; a server is made of that and run.
package server

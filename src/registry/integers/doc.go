// Package integers lets clients write integers as they do for custom resources.
//
// In JSON 3, 3.0 and 3e0 are the same number, and clients that know floats only (JavaScript, Lua, Helm) write whichever
// they like. A schema takes all of them for an integer; a Go integer that is decoded from JSON or CBOR takes the first one
// only. Serializer accepts the others too. What integers an object has, and where, its Go type says.
package integers

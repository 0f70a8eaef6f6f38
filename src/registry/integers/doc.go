// Package integers lets clients write integers as they do for custom resources.
//
// In JSON 3, 3.0 and 3e0 are the same number, and clients that know floats only (JavaScript, Lua,
// Helm) write whichever they like. A schema takes all of them for an integer, and nothing else. A
// Go integer that is decoded from JSON or CBOR takes the first one only; one that is made of a
// strategic merge patch, or by server-side apply, takes anything, cut to its size. Serializer
// accepts the other forms, CheckPatches refuses what does not fit. What integers an object has, and
// where, its Go type says.
package integers

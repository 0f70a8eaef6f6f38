// Package check judges the history of a campaign. It knows nothing of servers, and what it finds
// depends on nothing but the recording.
//
// All that the clients saw of revisions is put together into one log: which key had which value
// from which revision on. Since no two writes have the same value, whoever shows something else
// shows a contradiction. Then
//
//   - each key must be linearizable: there is an order of its reads and writes, each at a moment
//     between request and answer, that explains every answer. A write without an answer may have
//     happened at any moment since, or never.
//   - revisions must ascend in real time, over all keys.
//   - a list must be the state at its revision, and that must not be older than was asked for.
//   - a watch must have every change after its beginning, in order, once; a bookmark must not be
//     ahead of it.
//   - the list and the watch at the end must have every write that was acknowledged.
package check

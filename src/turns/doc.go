// Package turns shares processors among work that keeps one busy for long: looking at all objects
// because a selector asks what no index answers, compiling expressions. At most half of the
// processors are at it at a time, so that whatever else the server does finds one free.
//
// Who has a turn works for a few milliseconds, and then lets others have theirs: users one after
// the other, of a user those first that have not worked for long. Requests, which end, and what
// follows changes, such as watches, alternate: neither waits for more than one turn of the other.
// While work that is short precedes, such as a write, turns make way, and requests for a moment
// longer: more of it is expected then.
//
//	turn, err := turns.Process.Take(ctx, turns.Request, turns.UserOf(ctx))
//	if err != nil {
//		return err
//	}
//	defer turn.End()
//	for … {
//		if err := turn.Pause(ctx); err != nil {
//			return err
//		}
//		…
//	}
//
// Nothing that others may need, such as a lock or a transaction of a database, is held while
// waiting in Take, Pause or Read.
//
// What has no turn, but takes long, has a pace: a large list or body, and the reads of SQLite,
// which is a part of the process. Between its steps it waits for what precedes, for a tenth of a
// second at most, and may hold what others can do without for so long. Its context has the pace.
//
//	for … {
//		turns.PaceOf(ctx).Step(ctx)
//		…
//	}
package turns

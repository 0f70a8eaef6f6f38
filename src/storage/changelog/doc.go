// Package changelog commits writes to a database in batches, and hands each change that was
// committed, by whichever process, to subscribers: in the order of revisions, each once, without a
// gap.
//
// It knows keys, bytes and revisions, and nothing of the objects that they stand for. The committer
// writes; the tail reads what other processes wrote; the hub, which gets both, keeps a window of
// recent changes and the numbers of keys that were counted, and feeds the subscriptions. History is
// compacted, and records whose time is over are deleted, here as well.
package changelog

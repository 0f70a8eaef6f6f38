// Package campaign runs servers on a database, has clients write, read, list and watch, breaks
// something every other second, and records what the clients saw. Package check judges it.
//
// What is broken, when, for how long, and what each client chooses to do follow from a seed. How
// their requests meet does not: a seed replays the schedule, not the outcome.
package campaign

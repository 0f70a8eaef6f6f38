// Package report turns the results of the conformance suites into a verification report: criterion
// by criterion, for each way to run the server.
//
// The results are a folder for each column of the report, such as aggregated-postgresql. In it are
// column.json, which is a Column, and for each suite what ginkgo reported, such as kubectl.json,
// and printed, such as kubectl.log. Folders from several machines may be put beside each other.
//
// The report itself is written beside them, as report.md, report.html, report.xml (JUnit) and
// report.json (a Report). It is made to be trusted: what was not executed is never shown as passed,
// whatever the reason.
package report

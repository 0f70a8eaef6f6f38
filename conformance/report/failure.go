package report

// Failure is a check that failed in a column.
type Failure struct {
	Column Target
	Group  string
	Check  string
	Result Result
}

// Failures of a criterion, in the order of the sources.
func (r *Report) Failures(criterion Criterion) []Failure {
	var failures []Failure
	for _, group := range criterion.Groups {
		for _, check := range group.Checks {
			for column, result := range check.Results {
				if result.State == "failed" {
					failures = append(failures, Failure{r.Columns[column].Target, group.Name, check.Name, result})
				}
			}
		}
	}
	return failures
}

package campaign

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"ark.ai/apiserver/conformance/faults/check"
	"ark.ai/apiserver/conformance/faults/record"
)

// calm is where no fault is.
const calm = "(none)"

// Figure is what there was of a fault, in one campaign or in several on a driver.
type Figure struct {
	Driver string `json:"driver"`
	// Fault is its name, or "(none)" for the times between faults.
	Fault    string `json:"fault"`
	Injected int    `json:"injected"`
	// Operations that were answered, or given up, while it had effects.
	Operations int `json:"operations"`
	// Unknown is how many of these had no answer that says what became of them.
	Unknown int `json:"unknown"`
	// Heal is how long it took at most, from its end, until every server wrote and read again.
	Heal time.Duration `json:"heal"`
	// Violations are all that could be seen then: lost writes and anomalies of watches included.
	Violations int `json:"violations"`
	Lost       int `json:"lost"`
	// Forfeited are writes that were acknowledged and lost because the database went back, as it
	// may.
	Forfeited      int `json:"forfeited"`
	WatchAnomalies int `json:"watchAnomalies"`
}

// Figures adds up results, by driver and fault.
func Figures(results []*Result) []Figure {
	type place struct{ driver, fault string }
	figures := map[place]*Figure{}
	var order []place
	at := func(driver, fault string) *Figure {
		p := place{driver, fault}
		if figures[p] == nil {
			figures[p] = &Figure{Driver: driver, Fault: fault}
			order = append(order, p)
		}
		return figures[p]
	}
	for _, r := range results {
		driver := r.History.Campaign.Driver
		during := func(moment time.Duration) string {
			for _, f := range r.History.Faults {
				if f.Injected <= moment && moment <= f.Healed {
					return f.Name
				}
			}
			return calm
		}
		for _, f := range r.History.Faults {
			figure := at(driver, f.Name)
			figure.Injected++
			figure.Heal = max(figure.Heal, f.Healed-f.Removed)
		}
		for _, o := range r.History.Operations {
			figure := at(driver, during(o.Return))
			figure.Operations++
			if o.Outcome == record.Unknown {
				figure.Unknown++
			}
		}
		for _, o := range check.Forfeited(r.History) {
			at(driver, during(o.Return)).Forfeited++
		}
		for _, v := range r.Violations {
			figure := at(driver, during(v.At))
			figure.Violations++
			switch v.Kind {
			case check.Lost:
				figure.Lost++
			case check.Watching:
				figure.WatchAnomalies++
			}
		}
	}
	slices.SortFunc(order, func(a, b place) int {
		return slices.Compare([]string{a.driver, a.fault}, []string{b.driver, b.fault})
	})
	var all []Figure
	for _, p := range order {
		all = append(all, *figures[p])
	}
	return all
}

// Print writes a table.
func Print(out io.Writer, figures []Figure) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "database\tfault\tinjected\toperations\tunknown\theals in (max)\tviolations\tlost\twatch anomalies\tforfeited")
	for _, f := range figures {
		heal := ""
		if f.Injected > 0 {
			heal = f.Heal.Round(10 * time.Millisecond).String()
		}
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%s\t%d\t%d\t%d\t%d\n", f.Driver, f.Fault, f.Injected, f.Operations, f.Unknown, heal, f.Violations, f.Lost, f.WatchAnomalies, f.Forfeited)
	}
	return table.Flush()
}

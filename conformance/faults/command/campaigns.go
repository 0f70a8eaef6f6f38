package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"ark.ai/apiserver/conformance/environment"
	"ark.ai/apiserver/conformance/faults/campaign"
	"ark.ai/apiserver/conformance/faults/check"
	"ark.ai/apiserver/conformance/faults/record"
)

// runAll runs one campaign after the other, on each database in turn. It ends with the first that
// finds something.
func runAll(ctx context.Context, o options) (found bool, err error) {
	program, err := environment.Program("ark-apiserver")
	if err != nil {
		return false, err
	}
	output, err := filepath.Abs(o.output)
	if err != nil {
		return false, err
	}
	if err := os.MkdirAll(output, 0o755); err != nil {
		return false, err
	}
	var results []*campaign.Result
	for begun, seed := time.Now(), o.seed; ctx.Err() == nil && !found; seed++ {
		for _, driver := range o.drivers {
			dir := filepath.Join(output, fmt.Sprintf("%s-%d", driver, seed))
			result, err := runOne(ctx, dir, campaign.Options{Driver: driver, Program: program, Dir: dir, Seed: seed, Faults: o.of(driver), Output: os.Stdout})
			if err != nil {
				return false, fmt.Errorf("seed %d on %s: %w: see %s", seed, driver, err, dir)
			}
			results = append(results, result)
			found = found || len(result.Violations) > 0
		}
		if time.Since(begun) >= o.duration {
			break
		}
	}
	figures := campaign.Figures(results)
	text, err := json.MarshalIndent(figures, "", "  ")
	if err != nil {
		return found, err
	}
	fmt.Println()
	return found, errors.Join(campaign.Print(os.Stdout, figures), os.WriteFile(filepath.Join(output, "figures.json"), append(text, '\n'), 0o644))
}

// runOne keeps the files of a campaign if it finds something.
func runOne(ctx context.Context, dir string, options campaign.Options) (*campaign.Result, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	result, err := campaign.Run(ctx, options)
	if err != nil {
		return nil, err
	}
	fmt.Printf("  %d operations, %d violations\n", len(result.History.Operations), len(result.Violations))
	if len(result.Violations) == 0 {
		return result, os.RemoveAll(dir)
	}
	fmt.Println(check.Account(result.History, result.Violations))
	fmt.Printf("  again: tools/faults --seed=%d --driver=%s\n  recording: %s\n", options.Seed, options.Driver, result.Recording)
	return result, nil
}

// again judges a recording.
func again(path string) (found bool, err error) {
	history, err := record.Load(path)
	if err != nil {
		return false, err
	}
	violations := check.History(history)
	fmt.Printf("%d operations, %d violations\n", len(history.Operations), len(violations))
	fmt.Println(check.Account(history, violations))
	return len(violations) > 0, nil
}

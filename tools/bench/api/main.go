// Command api measures the Ark API as its clients have it, over HTTP: our servers, alone and behind
// kube-apiserver, on each database, beside the same kinds as CustomResourceDefinitions in etcd, or
// in kine (kine-sqlite, kine-postgresql, kine-mysql). All of them run at once and take turns, so
// that what disturbs the machine shows as spread.
//
// What a sample says is in results.go. CPU time is of all processes of the server's side: servers,
// kube-apiserver, kube-controller-manager, etcd, database.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
)

var (
	names   = flag.String("subjects", "crd,kine-sqlite,kine-postgresql,standalone-sqlite,standalone-postgresql,standalone-mysql,aggregated-sqlite,aggregated-postgresql,aggregated-mysql", "who is measured, the first is what the others are compared with")
	objects = flag.Int("objects", 10_000, "how many queries there are, when lists, questions and starts are measured")
	rounds  = flag.Int("rounds", 3, "how often writes, lists and questions are measured")
	flags   = flag.String("flags", "", "further flags of our servers, separated by spaces")
	only    = flag.String("work", "", "regular expression for the names of what is measured")
	out     = flag.String("results", "", "file that samples are appended to")
	report  = flag.Bool("report", false, "instead of measuring, write tables of the samples on standard input to standard output, and plots to -plots")
	plots   = flag.String("plots", "", "with -report: the folder for plots")
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == kineMode {
		if err := runKine(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	do := measureAll
	if *report {
		do = reportAll
	}
	if err := do(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func measureAll(ctx context.Context) (err error) {
	chosen, err := regexp.Compile(*only)
	if err != nil {
		return fmt.Errorf("-work: %w", err)
	}
	file := os.Stdout
	if *out != "" {
		if file, err = os.OpenFile(*out, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644); err != nil {
			return err
		}
		defer file.Close()
	}
	dir, err := os.MkdirTemp("", "api-benchmark-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	var subjects []*subject
	for name := range strings.SplitSeq(*names, ",") {
		fmt.Fprintf(os.Stderr, "starting %s\n", name)
		s, err := start(ctx, name, filepath.Join(dir, name))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.stop()) }()
		subjects = append(subjects, s)
	}
	b := &bench{subjects: subjects, chosen: chosen, out: json.NewEncoder(file), objects: *objects}
	return b.run(ctx, *rounds)
}

// bench is one run.
type bench struct {
	subjects []*subject
	chosen   *regexp.Regexp
	out      *json.Encoder
	objects  int
}

// run has all subjects take turns at each work, in another order each round.
func (b *bench) run(ctx context.Context, rounds int) error {
	for _, phase := range []struct {
		works  []work
		rounds int
	}{
		{writes, rounds},
		{[]work{load(b.objects)}, 1},
		{lists, rounds},
		{watches, 1},
		{questions, rounds},
		{steady, rounds},
		{[]work{makeIndex}, 1},
		{indexed, rounds},
		{starts, 1},
		{[]work{deleteAll}, 1},
	} {
		for round := range phase.rounds {
			for _, w := range phase.works {
				if !w.always && !b.chosen.MatchString(w.name) {
					continue
				}
				for i := range b.subjects {
					s := b.subjects[(i+round)%len(b.subjects)]
					if err := b.measure(ctx, s, w, round); err != nil {
						return fmt.Errorf("%s, %s: %w", s.name, w.name, err)
					}
				}
			}
		}
	}
	return nil
}

// work is something that is measured.
type work struct {
	name string
	// always is set for what others rest on.
	always bool
	do     func(ctx context.Context, s *subject, r *result) error
}

func (b *bench) measure(ctx context.Context, s *subject, w work, round int) error {
	r := &result{Work: w.name, Subject: s.name, Round: round, Objects: b.objects}
	m, err := s.meter()
	if err != nil {
		return err
	}
	if err := w.do(ctx, s, r); err != nil {
		return err
	}
	if err := m.read(r); err != nil {
		return err
	}
	if r.Skipped {
		return nil
	}
	fmt.Fprintf(os.Stderr, "%s\n", r)
	return b.out.Encode(r)
}

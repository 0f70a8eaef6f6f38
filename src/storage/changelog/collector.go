package changelog

import (
	"fmt"
	"maps"
	"sync"

	"k8s.io/component-base/metrics"

	"ark.ai/apiserver/src/storage/driver"
)

// What is read from the logs at the time of a scrape. Nothing here asks a database.
var (
	revisionSeries  = newSeries("revision", "Newest revision of the database that this process knows of.")
	compactedSeries = newSeries("compacted_revision", "Revision below which history is gone. The difference to revision is the history that is kept, in writes.")
	sizeSeries      = newSeries("database_bytes", "Bytes that the database took on disk when it was last measured, indexes and history included.")
	logSizeSeries   = newSeries("write_ahead_log_bytes", "Size of SQLite's log of writes that are not in the database file yet, when it was last measured.")
	freeSeries      = newSeries("disk_free_bytes", "Bytes that the disk of a SQLite database had for new data when it was last measured.")

	tailLagRevisionsSeries = newSeries("tail_lag_revisions", "Number of writes that are known to be committed and that watchers of this process have not heard of.")
	tailLagSecondsSeries   = newSeries("tail_lag_seconds", "Seconds for which watchers of this process may not have heard of other processes' writes; 0 while the log of changes is read to its end at each poll interval.")

	watchersSeries       = newSeries("watchers", "Number of watchers of the storage, by resource. A watch cache is one, however many clients it serves.", "group", "resource")
	watchersBehindSeries = newSeries("watchers_behind", "Number of watchers that read the log by themselves because they are too slow, or began far back, by resource.", "group", "resource")
	fallenBehindSeries   = newSeries("watchers_fallen_behind_total", "Number of times that a watcher was too slow for its queue.")
	watchEventsSeries    = newSeries("watch_events_total", "Number of changes sent to watchers.")

	connectionsSeries    = newSeries("connections", "Number of open connections to the database, by pool and state.", "pool", "state")
	maxConnectionsSeries = newSeries("max_connections", "Number of connections to the database that a pool may open.", "pool")
	waitsSeries          = newSeries("connection_waits_total", "Number of operations that found no idle connection in the pool.", "pool")
	waitSecondsSeries    = newSeries("connection_wait_seconds_total", "Seconds that operations waited for a connection.", "pool")

	expiredSeries = newSeries("expired_records_deleted_total", "Number of records that were deleted because their time-to-live was over.")

	incarnationsSeries = newSeries("incarnations_total", "Number of times that this process found the database in another place or an earlier state, by a failover or a restored backup, and made all clients list anew.")
	lossesSeries       = newSeries("losses_total", "Number of times among them that the database lacked writes that this process had seen.")

	shortenedSeries = newSeries("history_shortened_total", "Number of times that this process dropped history before its time, because it had more bytes than it may have.")

	allSeries = []*series{
		revisionSeries, compactedSeries, sizeSeries, logSizeSeries, freeSeries, tailLagRevisionsSeries, tailLagSecondsSeries,
		watchersSeries, watchersBehindSeries, fallenBehindSeries, watchEventsSeries,
		connectionsSeries, maxConnectionsSeries, waitsSeries, waitSecondsSeries, expiredSeries, incarnationsSeries, lossesSeries, shortenedSeries,
	}
)

// series is what a scrape has of each log, under a name that begins with the namespace.
type series struct {
	name, help string
	labels     []string
}

func newSeries(name, help string, labels ...string) *series {
	return &series{name, help, append([]string{"engine"}, labels...)}
}

// collector has the logs of this process that are open.
type collector struct {
	metrics.BaseStableCollector

	descs map[*series]*metrics.Desc

	mu   sync.Mutex
	logs map[string]*Log // by name
}

func newCollector(namespace string) *collector {
	c := &collector{descs: make(map[*series]*metrics.Desc), logs: make(map[string]*Log)}
	for _, s := range allSeries {
		c.descs[s] = metrics.NewDesc(metrics.BuildFQName(namespace, subsystem, s.name), s.help, s.labels, nil, metrics.ALPHA, "")
	}
	return c
}

// add returns the log's name: the driver, and the first number that no other log has.
func (c *collector) add(l *Log) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := 0; ; i++ {
		name := fmt.Sprintf("%s-%d", l.backend.Name(), i)
		if _, taken := c.logs[name]; !taken {
			c.logs[name] = l
			return name
		}
	}
}

func (c *collector) remove(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.logs, name)
}

// DescribeWithStability implements metrics.StableCollector.
func (c *collector) DescribeWithStability(descs chan<- *metrics.Desc) {
	for _, desc := range c.descs {
		descs <- desc
	}
}

// CollectWithStability implements metrics.StableCollector.
func (c *collector) CollectWithStability(collected chan<- metrics.Metric) {
	c.mu.Lock()
	logs := maps.Clone(c.logs)
	c.mu.Unlock()
	for name, l := range logs {
		report := report{engine: name, descs: c.descs, collected: collected}
		report.log(l)
		report.subscribers(l.hub)
		report.pools(l.backend.Pools())
		report.counter(watchEventsSeries, float64(l.delivered.Load()))
		report.counter(expiredSeries, float64(l.expired.Load()))
		report.counter(incarnationsSeries, float64(l.incarnations.Load()))
		report.counter(lossesSeries, float64(l.losses.Load()))
		report.counter(shortenedSeries, float64(l.shortened.Load()))
	}
}

// report is what one log has to say in a scrape.
type report struct {
	engine    string
	descs     map[*series]*metrics.Desc
	collected chan<- metrics.Metric
}

func (r report) gauge(s *series, value float64, labels ...string) {
	r.collected <- metrics.NewLazyConstMetric(r.descs[s], metrics.GaugeValue, value, append([]string{r.engine}, labels...)...)
}

func (r report) counter(s *series, value float64, labels ...string) {
	r.collected <- metrics.NewLazyConstMetric(r.descs[s], metrics.CounterValue, value, append([]string{r.engine}, labels...)...)
}

func (r report) log(l *Log) {
	head, known := l.hub.revisions()
	r.gauge(revisionSeries, float64(known))
	r.gauge(compactedSeries, float64(l.compacted.Load()))
	if size := l.size.Load(); size > 0 { // it was measured
		r.gauge(sizeSeries, float64(size))
	}
	if disk := l.disk.Load(); disk != nil {
		r.gauge(logSizeSeries, float64(disk.WriteAheadLog))
		r.gauge(freeSeries, float64(disk.Free))
	}
	age, _ := l.tail.age(l.options.PollInterval)
	r.gauge(tailLagRevisionsSeries, float64(known-head))
	r.gauge(tailLagSecondsSeries, age.Seconds())
}

func (r report) subscribers(h *hub) {
	subscribers, behind, fallenBehind := h.count()
	for resource, count := range subscribers {
		r.gauge(watchersSeries, float64(count), resource.Group, resource.Name)
		r.gauge(watchersBehindSeries, float64(behind[resource]), resource.Group, resource.Name)
	}
	r.counter(fallenBehindSeries, float64(fallenBehind))
}

func (r report) pools(pools []driver.Pool) {
	for _, pool := range pools {
		r.gauge(connectionsSeries, float64(pool.InUse), pool.Name, "in_use")
		r.gauge(connectionsSeries, float64(pool.Idle), pool.Name, "idle")
		r.gauge(maxConnectionsSeries, float64(pool.Max), pool.Name)
		r.counter(waitsSeries, float64(pool.Waits), pool.Name)
		r.counter(waitSecondsSeries, pool.Waited.Seconds(), pool.Name)
	}
}

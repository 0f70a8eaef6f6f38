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
	revisionDesc  = engineDesc("revision", "Newest revision of the database that this process knows of.")
	compactedDesc = engineDesc("compacted_revision", "Revision below which history is gone. The difference to revision is the history that is kept, in writes.")
	sizeDesc      = engineDesc("database_bytes", "Bytes that the database took on disk when it was last measured, indexes and history included.")
	logSizeDesc   = engineDesc("write_ahead_log_bytes", "Size of SQLite's log of writes that are not in the database file yet, when it was last measured.")
	freeDesc      = engineDesc("disk_free_bytes", "Bytes that the disk of a SQLite database had for new data when it was last measured.")

	tailLagRevisionsDesc = engineDesc("tail_lag_revisions", "Number of writes that are known to be committed and that watchers of this process have not heard of.")
	tailLagSecondsDesc   = engineDesc("tail_lag_seconds", "Seconds for which watchers of this process may not have heard of other processes' writes; 0 while the log of changes is read to its end at each poll interval.")

	watchersDesc       = engineDesc("watchers", "Number of watchers of the storage, by resource. A watch cache is one, however many clients it serves.", "group", "resource")
	watchersBehindDesc = engineDesc("watchers_behind", "Number of watchers that read the log by themselves because they are too slow, or began far back, by resource.", "group", "resource")
	fallenBehindDesc   = engineDesc("watchers_fallen_behind_total", "Number of times that a watcher was too slow for its queue.")
	watchEventsDesc    = engineDesc("watch_events_total", "Number of changes sent to watchers.")

	connectionsDesc    = engineDesc("connections", "Number of open connections to the database, by pool and state.", "pool", "state")
	maxConnectionsDesc = engineDesc("max_connections", "Number of connections to the database that a pool may open.", "pool")
	waitsDesc          = engineDesc("connection_waits_total", "Number of operations that found no idle connection in the pool.", "pool")
	waitSecondsDesc    = engineDesc("connection_wait_seconds_total", "Seconds that operations waited for a connection.", "pool")

	expiredDesc = engineDesc("expired_records_deleted_total", "Number of records that were deleted because their time-to-live was over.")

	incarnationsDesc = engineDesc("incarnations_total", "Number of times that this process found the database in another place or an earlier state, by a failover or a restored backup, and made all clients list anew.")
	lossesDesc       = engineDesc("losses_total", "Number of times among them that the database lacked writes that this process had seen.")

	shortenedDesc = engineDesc("history_shortened_total", "Number of times that this process dropped history before its time, because it had more bytes than it may have.")

	engineDescs = []*metrics.Desc{
		revisionDesc, compactedDesc, sizeDesc, logSizeDesc, freeDesc, tailLagRevisionsDesc, tailLagSecondsDesc,
		watchersDesc, watchersBehindDesc, fallenBehindDesc, watchEventsDesc,
		connectionsDesc, maxConnectionsDesc, waitsDesc, waitSecondsDesc, expiredDesc, incarnationsDesc, lossesDesc, shortenedDesc,
	}
)

func engineDesc(name, help string, labels ...string) *metrics.Desc {
	return metrics.NewDesc(metrics.BuildFQName(namespace, subsystem, name), help, append([]string{"engine"}, labels...), nil, metrics.ALPHA, "")
}

// running are the logs of this process that are open.
var running = &collector{logs: make(map[string]*Log)}

type collector struct {
	metrics.BaseStableCollector

	mu   sync.Mutex
	logs map[string]*Log // by name
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
	forgetCommits(name)
}

// DescribeWithStability implements metrics.StableCollector.
func (c *collector) DescribeWithStability(descs chan<- *metrics.Desc) {
	for _, desc := range engineDescs {
		descs <- desc
	}
}

// CollectWithStability implements metrics.StableCollector.
func (c *collector) CollectWithStability(collected chan<- metrics.Metric) {
	c.mu.Lock()
	logs := maps.Clone(c.logs)
	c.mu.Unlock()
	for name, l := range logs {
		report := report{engine: name, collected: collected}
		report.log(l)
		report.subscribers(l.hub)
		report.pools(l.backend.Pools())
		report.counter(watchEventsDesc, float64(l.delivered.Load()))
		report.counter(expiredDesc, float64(l.expired.Load()))
		report.counter(incarnationsDesc, float64(l.incarnations.Load()))
		report.counter(lossesDesc, float64(l.losses.Load()))
		report.counter(shortenedDesc, float64(l.shortened.Load()))
	}
}

// report is what one log has to say in a scrape.
type report struct {
	engine    string
	collected chan<- metrics.Metric
}

func (r report) gauge(desc *metrics.Desc, value float64, labels ...string) {
	r.collected <- metrics.NewLazyConstMetric(desc, metrics.GaugeValue, value, append([]string{r.engine}, labels...)...)
}

func (r report) counter(desc *metrics.Desc, value float64, labels ...string) {
	r.collected <- metrics.NewLazyConstMetric(desc, metrics.CounterValue, value, append([]string{r.engine}, labels...)...)
}

func (r report) log(l *Log) {
	head, known := l.hub.revisions()
	r.gauge(revisionDesc, float64(known))
	r.gauge(compactedDesc, float64(l.compacted.Load()))
	if size := l.size.Load(); size > 0 { // it was measured
		r.gauge(sizeDesc, float64(size))
	}
	if disk := l.disk.Load(); disk != nil {
		r.gauge(logSizeDesc, float64(disk.WriteAheadLog))
		r.gauge(freeDesc, float64(disk.Free))
	}
	age, _ := l.tail.age(l.options.PollInterval)
	r.gauge(tailLagRevisionsDesc, float64(known-head))
	r.gauge(tailLagSecondsDesc, age.Seconds())
}

func (r report) subscribers(h *hub) {
	subscribers, behind, fallenBehind := h.count()
	for resource, count := range subscribers {
		r.gauge(watchersDesc, float64(count), resource.Group, resource.Name)
		r.gauge(watchersBehindDesc, float64(behind[resource]), resource.Group, resource.Name)
	}
	r.counter(fallenBehindDesc, float64(fallenBehind))
}

func (r report) pools(pools []driver.Pool) {
	for _, pool := range pools {
		r.gauge(connectionsDesc, float64(pool.InUse), pool.Name, "in_use")
		r.gauge(connectionsDesc, float64(pool.Idle), pool.Name, "idle")
		r.gauge(maxConnectionsDesc, float64(pool.Max), pool.Name)
		r.counter(waitsDesc, float64(pool.Waits), pool.Name)
		r.counter(waitSecondsDesc, pool.Waited.Seconds(), pool.Name)
	}
}

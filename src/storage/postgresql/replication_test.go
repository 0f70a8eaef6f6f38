package postgresql

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gstruct"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// TestReplication: how far a standby is behind is known on both sides. What a role may not see is
// said, and never a zero.
func TestReplication(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	primary := postgrestest.New(t)
	database := primary.NewDatabase(t)
	backend := open(t, database)
	database.Exec(t, `CREATE ROLE guest LOGIN PASSWORD 'guest'; GRANT USAGE ON SCHEMA ark TO guest; GRANT SELECT ON ALL TABLES IN SCHEMA ark TO guest`)
	options := optionsFor(database)
	options.ReadOnly = true
	asGuest := options
	asGuest.Username, asGuest.Password = "guest", "guest"
	guest := openWith(t, asGuest)
	replication := func(backend *Backend) func(Gomega) driver.Replication {
		return func(g Gomega) driver.Replication {
			found, err := backend.Replication(t.Context())
			g.Expect(err).NotTo(HaveOccurred())
			return found
		}
	}
	for _, backend := range []*Backend{backend, guest} {
		g.Expect(replication(backend)(g)).To(gstruct.MatchAllFields(gstruct.Fields{"Replicas": BeEmpty(), "Sources": BeEmpty(), "Hidden": BeEmpty()}), "without a standby")
	}

	standby, err := primary.NewStandby(t.Context(), false)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = standby.Close() })
	there := optionsFor(database.At(standby))
	there.ReadOnly = true
	behind, follower := gstruct.PointTo(BeNumerically(">", 0)), openWith(t, there)
	create(t, backend, "/first")
	none := gstruct.MatchFields(gstruct.IgnoreExtras, gstruct.Fields{"LagBytes": gstruct.PointTo(BeZero()), "LagSeconds": gstruct.PointTo(BeZero())})
	eventually := func(backend *Backend, want OmegaMatcher) {
		t.Helper()
		g.Eventually(replication(backend)).WithTimeout(patience).Should(want)
	}
	eventually(backend, gstruct.MatchAllFields(gstruct.Fields{
		"Replicas": ConsistOf(And(none, gstruct.MatchFields(gstruct.IgnoreExtras, gstruct.Fields{"Name": Equal("walreceiver"), "State": Equal("streaming"), "Sync": Equal("async")}))),
		"Sources":  BeEmpty(), "Hidden": BeEmpty(),
	}))
	eventually(follower, gstruct.MatchAllFields(gstruct.Fields{
		"Replicas": BeEmpty(), "Sources": ConsistOf(And(none, HaveField("State", "streaming"))), "Hidden": BeEmpty(),
	}))

	g.Expect(standby.Exec(t.Context(), "SELECT pg_wal_replay_pause()")).To(Succeed())
	create(t, backend, "/second")
	eventually(backend, HaveField("Replicas", ConsistOf(HaveField("LagBytes", behind))))
	eventually(follower, HaveField("Sources", ConsistOf(gstruct.MatchFields(gstruct.IgnoreExtras, gstruct.Fields{
		"State": Equal("replay paused"), "LagBytes": behind, "LagSeconds": behind,
	}))))

	hidden := replication(guest)(g)
	unknown := gstruct.MatchFields(gstruct.IgnoreExtras, gstruct.Fields{"State": BeEmpty(), "LagBytes": BeNil(), "LagSeconds": BeNil()})
	g.Expect(hidden.Replicas).To(ConsistOf(And(unknown, HaveField("Name", "walreceiver"))))
	g.Expect(hidden.Hidden).To(HaveLen(1))
	grant := regexp.MustCompile("GRANT .*").FindString(hidden.Hidden[0])
	page, err := os.ReadFile("../../../docs/observability.md")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(page)).To(ContainSubstring("`" + strings.ReplaceAll(grant, `"guest"`, "ark") + "`"))
	g.Expect(primary.Exec(t.Context(), grant)).To(Succeed(), hidden.Hidden[0])
	eventually(guest, And(HaveField("Replicas", ConsistOf(HaveField("LagBytes", behind))), HaveField("Hidden", BeEmpty())))

	// A receiver that tells nothing of what it does with it.
	receiver, err := pgconn.Connect(t.Context(), database.DSN()+"&replication=true&application_name=archive")
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = receiver.Close(t.Context()) })
	receiver.Frontend().SendQuery(&pgproto3.Query{String: "START_REPLICATION PHYSICAL 0/3000000"})
	g.Expect(receiver.Frontend().Flush()).To(Succeed())
	eventually(backend, And(HaveField("Hidden", BeEmpty()), HaveField("Replicas", ContainElement(gstruct.MatchFields(gstruct.IgnoreExtras, gstruct.Fields{
		"Name": Equal("archive"), "Address": Equal("127.0.0.1"), "State": Not(BeEmpty()), "LagBytes": BeNil(), "LagSeconds": BeNil(),
	})))))

	g.Expect(standby.Exec(t.Context(), "SELECT pg_wal_replay_resume()")).To(Succeed())
	eventually(backend, HaveField("Replicas", ContainElement(And(none, HaveField("Name", "walreceiver")))))
	primary.Kill(t)
	eventually(follower, HaveField("Sources", ConsistOf(gstruct.MatchFields(gstruct.IgnoreExtras, gstruct.Fields{
		"State": Equal("not connected"), "LagBytes": BeNil(), "LagSeconds": BeNil(),
	}))))
}

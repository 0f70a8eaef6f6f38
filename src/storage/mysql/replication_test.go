package mysql

import (
	"os"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gstruct"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

// TestReplication: who follows is known to the server, and how far it is behind to the replica.
// What a user may not see is said, and never a zero.
func TestReplication(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	source := mysqltest.New(t, mysqltest.Replicated...)
	replica, err := source.NewReplica(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = replica.Close() })
	database := source.NewDatabase(t)
	backend := open(t, database)
	create(t, backend, "/first")
	g.Expect(source.Exec(t.Context(), "CREATE USER guest IDENTIFIED BY 'guest'; GRANT SELECT ON *.* TO guest")).To(Succeed())
	readOnly := func(database mysqltest.Database) Options {
		options := optionsFor(database)
		options.ReadOnly = true
		return options
	}
	replicated := database.At(replica)
	g.Eventually(func() error {
		opened, err := Open(t.Context(), readOnly(replicated))
		if err == nil {
			err = opened.Close()
		}
		return err
	}).WithTimeout(patience).Should(Succeed(), "the tables come to the replica")
	follower := openWith(t, readOnly(replicated))
	asGuest := func(database mysqltest.Database) *Backend {
		options := readOnly(database)
		options.Username, options.Password = "guest", "guest"
		return openWith(t, options)
	}
	eventually := func(backend *Backend, want OmegaMatcher) driver.Replication {
		t.Helper()
		var found driver.Replication
		g.Eventually(func(g Gomega) driver.Replication {
			var err error
			found, err = backend.Replication(t.Context())
			g.Expect(err).NotTo(HaveOccurred())
			return found
		}).WithTimeout(patience).Should(want)
		return found
	}
	unknown := gstruct.MatchFields(gstruct.IgnoreExtras, gstruct.Fields{"LagBytes": BeNil(), "LagSeconds": BeNil()})
	eventually(backend, gstruct.MatchAllFields(gstruct.Fields{
		"Replicas": ConsistOf(And(unknown, gstruct.MatchFields(gstruct.IgnoreExtras, gstruct.Fields{"Name": Equal(mysqltest.Username), "Address": Equal("127.0.0.1"), "State": ContainSubstring("sent all binlog")}))),
		"Sources":  BeEmpty(), "Hidden": ConsistOf(ContainSubstring("ask each of them")),
	}))
	eventually(follower, gstruct.MatchAllFields(gstruct.Fields{
		"Replicas": BeEmpty(), "Hidden": BeEmpty(),
		"Sources": ConsistOf(gstruct.MatchFields(gstruct.IgnoreExtras, gstruct.Fields{"Address": Equal("127.0.0.1"), "State": Equal("running"), "LagSeconds": gstruct.PointTo(BeZero())})),
	}))

	page, err := os.ReadFile("../../../docs/observability.md")
	g.Expect(err).NotTo(HaveOccurred())
	for _, hidden := range []struct {
		at     mysqltest.Database
		server *mysqltest.Server
		told   OmegaMatcher
	}{
		{database, source, HaveField("Replicas", HaveLen(1))},
		{replicated, replica, HaveField("Sources", ConsistOf(HaveField("LagSeconds", gstruct.PointTo(BeZero()))))},
	} {
		found := eventually(asGuest(hidden.at), gstruct.MatchAllFields(gstruct.Fields{"Replicas": BeEmpty(), "Sources": BeEmpty(), "Hidden": HaveLen(1)}))
		grant := regexp.MustCompile("GRANT .*").FindString(found.Hidden[0])
		g.Expect(string(page)).To(ContainSubstring("`" + strings.ReplaceAll(grant, "'guest'@'%'", "ark") + "`"))
		g.Expect(hidden.server.Exec(t.Context(), grant)).To(Succeed(), found.Hidden[0])
		again := asGuest(hidden.at)
		eventually(again, hidden.told)
	}

	g.Expect(replica.Exec(t.Context(), "STOP REPLICA SQL_THREAD")).To(Succeed())
	eventually(follower, HaveField("Sources", ConsistOf(And(unknown, HaveField("State", "not applying")))))
	g.Expect(replica.Exec(t.Context(), "START REPLICA")).To(Succeed())
	source.Kill(t)
	eventually(follower, HaveField("Sources", ConsistOf(And(unknown, HaveField("State", HavePrefix("connecting"))))))

	alone := mysqltest.New(t)
	database = alone.NewDatabase(t)
	eventually(open(t, database), Equal(driver.Replication{}))
	g.Expect(alone.Exec(t.Context(), "CREATE USER guest IDENTIFIED BY 'guest'; GRANT SELECT ON *.* TO guest")).To(Succeed())
	eventually(asGuest(database), Equal(driver.Replication{}))
}

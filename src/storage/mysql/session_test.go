package mysql

import (
	"context"
	"strings"
	"testing"

	"ark.ai/apiserver/src/storage/driver"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/mysqltest"
)

// oddSettings are those of a server that could change what a statement means, what is stored, or
// how long it may take.
var oddSettings = []string{
	"sql_mode=ORACLE,ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,HIGH_NOT_PRECEDENCE,NO_UNSIGNED_SUBTRACTION,ERROR_FOR_DIVISION_BY_ZERO",
	"character-set-server=latin1", "collation-server=latin1_swedish_ci", "character-set-client-handshake=OFF",
	"default-time-zone=+05:45", "autocommit=0", "completion-type=RELEASE", "transaction-isolation=READ-UNCOMMITTED",
	"default-storage-engine=MyISAM", "lower-case-table-names=1", "innodb-file-per-table=OFF", "innodb-page-size=4k",
	"innodb-lock-wait-timeout=1", "lock-wait-timeout=1", "max-statement-time=0.1", "wait-timeout=3", "idle-transaction-timeout=3",
	"group-concat-max-len=4", "max-sort-length=64", "max-join-size=1", "div-precision-increment=0", "join-cache-level=0",
	"optimizer-switch=derived_merge=off,materialization=off,semijoin=off,subquery_cache=off,index_condition_pushdown=off,split_materialized=off",
	"low-priority-updates=ON", "innodb-strict-mode=OFF", "innodb-rollback-on-timeout=ON", "innodb-default-row-format=compact",
	"log-bin=binlog", "binlog-format=MIXED", "lc-messages=de_DE", "max-allowed-packet=8M", "event-scheduler=ON", "query-cache-type=1", "query-cache-size=1M",
	`init-connect=SET SESSION sql_select_limit = 1, sql_safe_updates = 1, sql_auto_is_null = 1, foreign_key_checks = 0, unique_checks = 0, tx_read_only = 1, timestamp = 1`,
}

// TestOddSettings: the whole suite passes, whatever the settings of the server.
func TestOddSettings(t *testing.T) {
	t.Parallel()
	server := mysqltest.New(t, oddSettings...)
	if err := server.Exec(context.Background(), `CREATE USER plain IDENTIFIED BY 'secret'`); err != nil {
		t.Fatal(err)
	}
	storagetest.Exercise(t, storagetest.Harness{
		Lose:     lose,
		Shared:   true,
		Notifies: true,
		Small:    true,
		New: inDatabases(server, func(t *testing.T, options *Options) {
			// init_connect is not for those who may do everything.
			if err := server.Exec(t.Context(), `GRANT ALL ON `+options.Database+`.* TO plain`); err != nil {
				t.Fatal(err)
			}
			options.Username, options.Password = "plain", "secret"
		}),
	})
}

// TestText is stored as it is, and found again, whatever the character sets of server and database.
func TestText(t *testing.T) {
	t.Parallel()
	server := mysqltest.New(t, "character-set-server=utf32", "skip-character-set-client-handshake")
	for _, charset := range []string{"latin1", "ucs2", "utf8mb3", "big5", "utf8mb4"} {
		t.Run(charset, func(t *testing.T) {
			t.Parallel()
			database := server.NewDatabaseWith(t, "CHARACTER SET "+charset)
			backend := open(t, database)
			const key, text = "/ark.ai/agents/team-a/é", "Grüße, 日本語, 😀 Ёж"
			if _, err := backend.Commit(t.Context(), []driver.Write{{
				Key: key, Value: []byte(`{"spec":{"prompt":"` + text + `"}}`),
				Attributes: driver.Attributes{Labels: map[string]string{"text": text}},
			}}); err != nil {
				t.Fatal(err)
			}
			filter := driver.Filter{{Key: "text", Operator: driver.In, Values: []string{text}}}
			page, err := backend.List(t.Context(), driver.ListQuery{Prefix: key, Filter: filter})
			if err != nil || len(page.Records) != 1 || page.Records[0].Key != key || !strings.Contains(string(page.Records[0].Value), text) {
				t.Errorf("listed %v, error %v", page.Records, err)
			}
			var stored string
			if err := database.Connect(t).QueryRowContext(t.Context(), `SELECT JSON_VALUE(object, '$.spec.prompt') FROM resources WHERE name = CONVERT(? USING utf8mb4)`, []byte("é")).Scan(&stored); err != nil || stored != text {
				t.Errorf("SQL users see %q, error %v", stored, err)
			}
		})
	}
}

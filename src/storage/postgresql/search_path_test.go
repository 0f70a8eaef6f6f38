package postgresql

import (
	"testing"

	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// traps are objects in public that PostgreSQL prefers to its own wherever a name is not qualified,
// because the types that they take are nearer to what is given. All fail when they run.
const traps = `
CREATE FUNCTION pg_temp.trap(signature text, result text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE FUNCTION public.%s RETURNS %s LANGUAGE plpgsql AS %L', signature, result, 'BEGIN RAISE ''a stranger runs''; END');
END $$;

DO $$
DECLARE
	types text[] := '{text, varchar, name, bigint, integer, boolean, timestamptz, json, jsonb, bytea, oid, text[], bigint[], integer[], boolean[], jsonb[]}';
	one text; other text; known record;
BEGIN
	FOREACH one IN ARRAY types LOOP
		FOREACH other IN ARRAY types LOOP
			PERFORM pg_temp.trap(format('step(%s, %s)', one, other), 'boolean');
		END LOOP;
	END LOOP;
	-- Those that take many types, as array_agg, unnest and count do.
	FOR known IN SELECT DISTINCT p.proname AS name, p.prokind = 'a' AS aggregate FROM pg_proc p
		WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.pronargs = 1 AND p.prokind IN ('f', 'a') AND p.proargtypes[0] IN
			('"any"'::regtype, 'anyelement'::regtype, 'anyarray'::regtype, 'anynonarray'::regtype, 'anycompatible'::regtype, 'anycompatiblearray'::regtype)
	LOOP
		FOREACH one IN ARRAY types LOOP
			IF known.aggregate THEN
				EXECUTE format('CREATE AGGREGATE public.%I(%s) (SFUNC = public.step, STYPE = boolean, INITCOND = true)', known.name, one);
			ELSE
				PERFORM pg_temp.trap(format('%I(%s)', known.name, one), 'boolean');
			END IF;
		END LOOP;
	END LOOP;
	FOREACH one IN ARRAY types LOOP
		FOREACH other IN ARRAY types LOOP
			FOR known IN SELECT pg_catalog.unnest('{=, <>, <, >, <=, >=, +, -, ->, ->>, ~~, ||}'::text[]) AS name LOOP
				EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = public.step)', known.name, one, other);
			END LOOP;
		END LOOP;
	END LOOP;
	PERFORM pg_temp.trap('concat_ws(text, bigint, text, oid)', 'text');
	PERFORM pg_temp.trap('pg_sleep(numeric)', 'void');
	PERFORM pg_temp.trap('string_to_array(text, varchar)', 'text[]');
END $$`

// ownTraps are beside the server's own functions: what is not typed counts as text, and a small
// number is an integer.
const ownTraps = `
CREATE SCHEMA {schema};
CREATE FUNCTION {schema}.start_incarnation(text, text, text, text, OUT newest bigint, OUT began bigint, OUT began_at timestamptz, OUT lost boolean)
	LANGUAGE plpgsql AS $$BEGIN RAISE 'a stranger runs'; END$$;
CREATE FUNCTION {schema}.apply_batch(bigint, text, integer, timestamptz, text[], bigint[], boolean[], json[], bytea[], integer[],
	jsonb[], jsonb[], timestamptz[], text, OUT revisions bigint[], OUT moment timestamptz) LANGUAGE plpgsql AS $$BEGIN RAISE 'a stranger runs'; END$$;
CREATE PROCEDURE {schema}.commit_writes(text, text, text, text, text, text, text, text, text, text, text, text, text, text, INOUT text, INOUT text)
	LANGUAGE plpgsql AS $$BEGIN RAISE 'a stranger runs'; END$$`

// TestStrangersObjects: others have created what they like before, in public and in the schema of
// the tables. The whole suite runs nothing of it, nor does what the suite does not ask for.
func TestStrangersObjects(t *testing.T) {
	t.Parallel()
	for name, connections := range map[string]int{"directly": 0, "through pgbouncer": 10} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgrestest.Shared(t).NewDatabase(t)
			database.Exec(t, traps)
			// Before PostgreSQL's own names, even.
			database.Exec(t, `ALTER DATABASE `+database.Name+` SET search_path = public, pg_catalog`)
			proxied := database
			if connections > 0 {
				proxied = database.ThroughPgbouncer(t, connections)
			}
			storagetest.Exercise(t, storagetest.Harness{
				Lose:   lose,
				Shared: true,
				Small:  true,
				New:    inSchemas(optionsFor(proxied), func(t *testing.T, schema string) { database.Exec(t, inSchema(ownTraps, quoted(schema))) }),
			})
			backend := open(t, proxied)
			revision := create(t, backend, "/ark.ai/agents/team-a/writer")
			if _, err := backend.CommitTime(t.Context(), revision); err != nil {
				t.Error(err)
			}
			if _, err := backend.Replication(t.Context()); err != nil {
				t.Error(err)
			}
			if _, err := backend.Schema(t.Context()); err != nil {
				t.Error(err)
			}
			var resource string
			if err := database.Connect(t).QueryRow(t.Context(), `SELECT name FROM ark.resources`).Scan(&resource); err != nil || resource != "writer" {
				t.Errorf("the view has the name %q, error %v", resource, err)
			}
		})
	}
}

// TestStrangersObjectsWhileWaiting: who waits for version 2's servers runs nothing of others, too.
func TestStrangersObjectsWhileWaiting(t *testing.T) {
	t.Parallel()
	database := postgrestest.Shared(t).NewDatabase(t)
	open(t, database)
	database.Exec(t, traps)
	database.Exec(t, `UPDATE ark.sequencer SET handover = pg_catalog.clock_timestamp() + interval '100 milliseconds'`)
	if _, err := database.Connect(t).Exec(t.Context(), `SELECT pg_advisory_lock(1)`); err != nil {
		t.Fatal(err)
	}
	if _, err := database.Connect(t).Exec(t.Context(), `SET search_path = public; SELECT ark.take_turn(1::bigint)`); err != nil {
		t.Error(err)
	}
}

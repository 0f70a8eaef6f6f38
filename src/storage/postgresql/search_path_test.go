package postgresql

import (
	"testing"

	"ark.ai/apiserver/src/storage"
	"ark.ai/apiserver/src/storage/storagetest"
	"ark.ai/apiserver/src/storage/storagetest/postgrestest"
)

// traps are objects in public that PostgreSQL prefers to its own wherever a name is not qualified, because the types that they take
// are nearer to what is given, and beside the server's own functions some that take what has no type yet. All fail when they run.
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
	PERFORM pg_temp.trap('string_to_array(text, varchar)', 'text[]');
	-- What is not typed counts as text, and a small number is an integer.
	PERFORM pg_temp.trap(format('start_incarnation(%s, OUT newest bigint, OUT began bigint, OUT began_at timestamptz, OUT lost boolean)', repeat('text, ', 3) || 'text'), 'record');
	PERFORM pg_temp.trap(format('apply_batch(bigint, text, integer, timestamptz, text[], bigint[], boolean[], json[], bytea[], integer[],
		jsonb[], jsonb[], timestamptz[], text, OUT revisions bigint[], OUT moment timestamptz)'), 'record');
	EXECUTE format('CREATE PROCEDURE public.commit_writes(%s INOUT text, INOUT text) LANGUAGE plpgsql AS %L', repeat('text, ', 14), 'BEGIN RAISE ''a stranger runs''; END');
END $$`

// TestStrangersInTheSchema: the tables are where others have created what they like before. The whole suite runs nothing of it.
func TestStrangersInTheSchema(t *testing.T) {
	t.Parallel()
	server := postgrestest.Shared(t)
	trapped := server.NewDatabase(t)
	trapped.Exec(t, traps)
	storagetest.Exercise(t, storagetest.Harness{
		Lose:   lose,
		Shared: true,
		Small:  true,
		New: func(t *testing.T) func(*testing.T) storage.Backend {
			options := optionsFor(server.NewDatabaseWith(t, "TEMPLATE "+trapped.Name))
			options.Schema = "public"
			return func(t *testing.T) storage.Backend { return opened(t, options) }
		},
	})
	database := server.NewDatabaseWith(t, "TEMPLATE "+trapped.Name)
	create(t, openWith(t, Options{DSN: database.DSN(), Schema: "public"}), "/ark.ai/agents/team-a/writer")
	var name string
	if err := database.Connect(t).QueryRow(t.Context(), `SELECT name FROM public.resources`).Scan(&name); err != nil || name != "writer" {
		t.Errorf("the view has the name %q, error %v", name, err)
	}
}

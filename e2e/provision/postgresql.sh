export PGDATA=/data/postgresql
if [ ! -s "$PGDATA/PG_VERSION" ]; then
	rm -rf "$PGDATA.new"
	initdb --pgdata="$PGDATA.new" --username=postgres --pwfile=/etc/database/password --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
	echo 'host all all all scram-sha-256' >>"$PGDATA.new/pg_hba.conf"
	printf 'create role ark login password %s\ncreate database ark owner ark\n' "'$(cat /etc/database/password)'" |
		postgres --single -D "$PGDATA.new" postgres
	mv "$PGDATA.new" "$PGDATA"
fi
exec postgres -c listen_addresses='*' -c unix_socket_directories=/tmp

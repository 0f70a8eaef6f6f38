data=/data/mariadb
if [ ! -d "$data" ]; then
	rm -rf "$data.new"
	# Without --force it asks for a name of this machine.
	mariadb-install-db --no-defaults --force --datadir="$data.new" --tmpdir=/tmp --auth-root-authentication-method=normal --skip-test-db
	mv "$data.new" "$data"
fi
{
	echo 'CREATE DATABASE IF NOT EXISTS ark;'
	echo "CREATE USER IF NOT EXISTS ark IDENTIFIED BY '$(cat /etc/database/password)';"
	echo 'GRANT ALL ON ark.* TO ark;'
} >/tmp/ark.sql
exec mariadbd --no-defaults --datadir="$data" --tmpdir=/tmp --socket=/tmp/socket --init-file=/tmp/ark.sql --skip-name-resolve

#!/bin/sh
# ordmill-schema(7) names every table and every column, and no others.
. "$(dirname "$0")/lib.sh"

page=$om_root/man/ordmill-schema.7.in

# said SECTION: "TABLE COLUMN" lines of that section of the page.
said() {
	sed -n "/^\\.Sh TABLES OF $1/,/^\\.El/p" "$page" | awk '
		/^\.It Sy/ { table = $3; columns = 0; next }
		/^\.Pp/ { columns = 1; text = ""; next }
		/^\.El/ || /^\.It/ { columns = 0 }
		columns { print table, $0 }' | awk '
		{ t = $1; sub(/^[^ ]* /, ""); text[t] = text[t] " " $0 }
		END {
			for (t in text) {
				gsub(/\([^)]*\)/, "", text[t])
				n = split(text[t], c, /[ ,]+/)
				for (i = 1; i <= n; i++)
					if (c[i] != "") print t, c[i]
			}
		}' | sort
}

# there FILE: the same of a database.
there() {
	sqlite3 -readonly -separator ' ' "$1" "
		SELECT m.name, c.name
		  FROM sqlite_schema m, pragma_table_info(m.name) c
		 WHERE m.type IN ('table', 'view')
		   AND m.name NOT LIKE 'sqlite_%'" | sort
}

expect 0 'a store is made' ordmill init -s day
said 'A SHARD' | grep -v '^order_keys ' >page_shard # on PostgreSQL only
there day/shard-0.db >real_shard
check 'a shard is as the page says' diff -u page_shard real_shard
said 'THE CATALOG' >page_catalog
there day/catalog.db >real_catalog
check 'so is the catalog' diff -u page_catalog real_catalog
check 'and they are not empty' test -s real_shard -a -s real_catalog

finish

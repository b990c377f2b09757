#!/bin/sh
# A flag is stronger than the environment, and that than a file.
. "$(dirname "$0")/lib.sh"

mkdir -p "$XDG_CONFIG_HOME/ordmill"
printf 'store: /from/user\nfeeds:\n  acme: {format: csv}\n' \
	>"$XDG_CONFIG_HOME/ordmill/ordmill.yaml"
printf 'store: here\n' >named.yaml
printf 'store: [\n' >broken.yaml
printf 'store: /elsewhere\n' >ordmill.yaml # in the current directory: never read

expect 0 'the file of the user counts' ordmill config show --origin
out_is 'and is named' <<EOT
store: /from/user  # $XDG_CONFIG_HOME/ordmill/ordmill.yaml:1
key: (not set)  # default
inbox: (not set)  # default
feeds.acme: (a feed)  # $XDG_CONFIG_HOME/ordmill/ordmill.yaml:3
EOT
expect 0 'the environment is stronger' \
	env ORDMILL_STORE=/from/env ordmill config show --origin
check 'and is named' grep -Fqx "store: /from/env  # \$ORDMILL_STORE" out
expect 0 'a flag is stronger still' \
	env ORDMILL_STORE=/from/env ordmill -s /from/flag config show --origin
check 'and is named too' grep -Fqx 'store: /from/flag  # --store' out

expect 0 '--config reads that file alone' \
	ordmill --config named.yaml config show
out_is 'with paths as seen from it' <<\EOT
store: here
key: (not set)
inbox: (not set)
EOT
expect 0 'ORDMILL_CONFIG does too' \
	env ORDMILL_CONFIG=named.yaml ordmill config show
check 'the same way' grep -qx 'store: here' out
expect 0 '--config is stronger' env ORDMILL_CONFIG=broken.yaml \
	ordmill --config named.yaml config show
expect 0 '--no-config reads none' ordmill --no-config config show
out_is 'not even that of the current directory' <<\EOT
store: (not set)
key: (not set)
inbox: (not set)
EOT
expect 0 'without an environment there is no user' \
	env -i "$(command -v ordmill)" config show --json
out_is 'and still JSON' <<\EOT
{"schema":"ordmill.config/1","files":[],"settings":[{"key":"store","value":null,"origin":"default"},{"key":"key","value":null,"origin":"default"},{"key":"inbox","value":null,"origin":"default"}]}
EOT

expect 2 'a missing file is a configuration error' \
	ordmill --config absent.yaml config show
expect 2 'so is a broken one' ordmill --config broken.yaml config show
check 'told with its place' grep -q '^ordmill config show: broken.yaml:' err

expect 0 'what has no feeds is soon checked' ordmill config check named.yaml
out_is 'file by file' <<\EOT
named.yaml: ok, 0 feeds
EOT
expect 0 'nothing to check is fine' ordmill --no-config config check
out_is 'and said' <<\EOT
no configuration file
EOT
printf 'feeds:\n  acme: {profile: canonical}\n' >feeds.yaml
expect 0 'a feed is compiled' ordmill --json config check feeds.yaml
out_is 'and counted' <<\EOT
{"schema":"ordmill.config-check/1","files":[{"path":"feeds.yaml","feeds":"1"}]}
EOT
printf 'feeds:\n  acme:\n    profil: canonical\n' >feeds.yaml
expect 2 'a feed with an unknown key is not' ordmill config check feeds.yaml
check 'and told with its place' \
	grep -q '^ordmill config check: feeds.yaml:3:5: ' err

ordmill audit keygen me@example.com sign.key >/dev/null
printf 'key: sign.key\nstore: keyed\n' >key.yaml
expect 0 'a store is made as the configuration says' \
	ordmill --config key.yaml init --json
check 'with its key' grep -q '"store":"keyed".*"vkey":"me@example.com+' out

finish

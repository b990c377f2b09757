#!/bin/sh
# nginx, with certificates that hold and some that do not.
. "$(dirname "$0")/lib.sh"

export ORDMILL_STORE=day
nginx=$(command -v nginx || echo /usr/sbin/nginx)
blur() { sed 's,127.0.0.1:[0-9]*,HOST,g; s,localhost:[0-9]*,LOCALHOST,g' "$1" \
	>o && mv o "$1"; }

# Our own authority, and what it vouches for: sign NAME SUBJECT DAYS [EXTENSION]
ca() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" \
		-days 2 -subj "/CN=$1" 2>/dev/null
}
sign() {
	openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" \
		-subj "/CN=$2" 2>/dev/null
	echo "subjectAltName=$2" | sed 's/=localhost/=DNS:localhost/;
		s/=127/=IP:127/; s/=wrong/=DNS:wrong/; s/=ann/=DNS:ann/' >ext
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial \
		-out "$1.pem" -days "$3" -extfile ext 2>/dev/null
}
ca ca
ca other
sign good 127.0.0.1 2
sign wrong wrong.example 2
sign client ann 2
cat >expired.cnf <<EOT
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
serial = serial
default_md = sha256
policy = any
[any]
commonName = supplied
EOT
: >index
echo 01 >serial
openssl req -newkey rsa:2048 -nodes -keyout expired.key -out expired.csr \
	-subj /CN=127.0.0.1 2>/dev/null
echo 'subjectAltName=IP:127.0.0.1' >ext
openssl ca -batch -config expired.cnf -cert ca.pem -keyfile ca.key \
	-in expired.csr -out expired.pem -startdate 20200101000000Z \
	-enddate 20200102000000Z -extfile ext 2>/dev/null
check 'certificates can be made' test -s expired.pem -a -s client.pem

# A port for each of them; those that are taken are passed over.
mkdir www logs
{ echo reference,currency,total && seq 2000 | sed 's/.*/A&,EUR,&.00/'; } \
	>www/orders.csv
cat >nginx.in <<'EOT'
daemon off;
master_process off;
pid nginx.pid;
error_log logs/error.log;
events { worker_connections 64; }
http {
	access_log logs/access.log;
	default_type text/csv;
	client_body_temp_path logs/body;
	proxy_temp_path logs/proxy;
	fastcgi_temp_path logs/fastcgi;
	uwsgi_temp_path logs/uwsgi;
	scgi_temp_path logs/scgi;
	root www;
	gzip on;
	gzip_types text/csv;
	server { listen 127.0.0.1:P0 ssl; ssl_certificate good.pem;
		ssl_certificate_key good.key; }
	server { listen 127.0.0.1:P1 ssl; ssl_certificate expired.pem;
		ssl_certificate_key expired.key; }
	server { listen 127.0.0.1:P2 ssl; ssl_certificate other.pem;
		ssl_certificate_key other.key; }
	server { listen 127.0.0.1:P3 ssl; ssl_certificate wrong.pem;
		ssl_certificate_key wrong.key; }
	server { listen 127.0.0.1:P4 ssl; ssl_certificate good.pem;
		ssl_certificate_key good.key; ssl_client_certificate ca.pem;
		ssl_verify_client on; }
	server { listen 127.0.0.1:P5; }
}
EOT
nginx_start() {
	base=$((20000 + $$ % 20000))
	for try in 1 2 3 4 5 6 7 8 9; do
		base=$((base + 7 * try))
		sed "s/P\\([0-9]\\)/$((base / 10))\\1/" nginx.in >nginx.conf
		rm -f nginx.pid
		setpriv --pdeathsig KILL "$nginx" -p "$PWD/" -e logs/error.log \
			-c nginx.conf 2>logs/start &
		nginx_pid=$!
		trap 'kill "$nginx_pid" 2>/dev/null; rm -rf "$scratch"' EXIT
		until test -s nginx.pid; do
			kill -0 "$nginx_pid" 2>/dev/null || break
		done
		test -s nginx.pid && return
	done
	cat logs/start logs/error.log
	return 1
}
port() { echo $((base / 10))"$1"; }
# feed PORT OPTION... : x.yaml for one of the servers.
feed() {
	cat >x.yaml <<-EOT
	profile: canonical
	source: https://127.0.0.1:$(port "$1")/orders.csv
	http:
	  retries: 0
	EOT
	shift
	for line; do echo "  $line" >>x.yaml; done
	rm -rf day/inbox
}
fails() { # STATUS TITLE MESSAGE
	expect "$1" "$2" ordmill fetch -q --map x.yaml
	blur err
	echo "ordmill fetch: x: https://HOST/orders.csv: $3" >want
	check 'is refused' diff -u want err
	check 'and nothing is mirrored' nothing
}
nothing() { test -z "$(find day/inbox -name '0*' -o -name 'next*')"; }

check 'nginx starts' nginx_start
ordmill init -q
feed 0 'ca-file: ca.pem'
expect 0 'a certificate of our authority' ordmill fetch -q --map x.yaml
check 'holds' test -s day/inbox/x/00000001.body
check 'it came packed' sh -c \
	'zcat <day/inbox/x/00000001.body | cmp - www/orders.csv'
expect 0 'and is loaded' ordmill ingest -q --inbox --map x.yaml
expect 0 'unpacked' ordmill expect orders=2000
expect 0 'a second time' ordmill fetch --json --map x.yaml
check 'it has not changed' grep -q '"documents":"0".*"known":"1"' out
check 'says the server' grep -q '" 304 ' logs/access.log
feed 0 'ca-file: ca.pem' 'gzip: false'
expect 0 'not packed' ordmill fetch -q --map x.yaml
check 'it comes as it is' cmp day/inbox/x/00000001.body www/orders.csv
feed 0
fails 11 'an authority that is unknown' \
	'SSL certificate problem: unable to get local issuer certificate'
feed 0 'ca-file: other.pem'
fails 11 'another authority' \
	'SSL certificate problem: unable to get local issuer certificate'
feed 1 'ca-file: ca.pem'
fails 11 'a certificate that has expired' \
	'SSL certificate problem: certificate has expired'
feed 2 'ca-file: ca.pem'
fails 11 'one that vouches for itself' \
	'SSL certificate problem: self-signed certificate'
feed 3 'ca-file: ca.pem'
fails 11 'one with another name' \
	"SSL: no alternative certificate subject name matches target host name '127.0.0.1'"
feed 4 'ca-file: ca.pem'
fails 4 'no certificate of ours, where one is wanted' '400 Bad Request'
feed 4 'ca-file: ca.pem' 'client-certificate: client.pem' \
	'client-key: client.key'
expect 0 'one that is known' ordmill fetch -q --map x.yaml
check 'lets us in' test -s day/inbox/x/00000001.body
feed 4 'ca-file: ca.pem' 'client-certificate: nowhere.pem'
expect 11 'one that cannot be read' ordmill fetch -q --map x.yaml
check 'is told' grep -q "nowhere.pem" err
feed 0 'ca-file: nowhere.pem'
expect 2 'an authority that cannot be read' ordmill fetch -q --map x.yaml
check 'is told' grep -q nowhere.pem err
feed 5
expect 10 'no TLS at all, where it should be' ordmill fetch -q --map x.yaml
check 'is a failure' grep -q 'wrong version number, after 1 try$' err
check 'and nothing is mirrored' nothing

# The rest of a body, from a server that is not ours.
feed 0 'ca-file: ca.pem' 'gzip: false'
mkdir -p day/inbox/x
head -c 9999 www/orders.csv >day/inbox/x/next.part
hash() { sha256sum | cut -c1-64; }
tag=$(python3 -c 'import ssl, sys, urllib.request as u
trust = ssl.create_default_context(cafile="ca.pem")
print(u.urlopen(sys.argv[1], context=trust).headers["ETag"].strip("\""))' \
	"https://127.0.0.1:$(port 0)/orders.csv")
cat >day/inbox/x/next.mark <<EOT
{"schema":"ordmill.part/1",
"asked":"$(printf 'https://127.0.0.1:%s/orders.csv' "$(port 0)" | hash)",
"bytes":"9999","sha256":"$(hash <day/inbox/x/next.part)",
"validator":"\"$tag\"","headers":[{"name":"X-First","value":"1"}]}
EOT
: >logs/access.log
expect 0 'a body of which there is a part' ordmill fetch -q --map x.yaml
check 'is gone on with' grep -q '" 206 ' logs/access.log
check 'and whole' cmp day/inbox/x/00000001.body www/orders.csv
check 'nothing is left of the part' test -z "$(find day/inbox -name 'next*')"
finish

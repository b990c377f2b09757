#!/bin/sh
# verify-proof.sh PROOF VKEY - check what `ordmill audit prove` wrote, without
# ordmill: with sh, openssl (1.1.1 or newer), base64, od, tr, tail and cmp.
#
# VKEY is a file that holds the verifier key of whoever signed the checkpoint.
# The way is: record -> leaf of the shard's log -> its root, which the journal's
# entry states -> leaf of the journal -> its root, which the checkpoint states
# -> the signature. Prints the record and exits 0; says why not and exits 1.
set -eu
LC_ALL=C
export LC_ALL

die() {
	echo "verify-proof: $*" >&2
	exit 1
}

[ $# -eq 2 ] || {
	echo "usage: verify-proof.sh PROOF VKEY" >&2
	exit 2
}
proof=$1 vkey_file=$2
for f in "$proof" "$vkey_file"; do
	[ -r "$f" ] || {
		echo "verify-proof: cannot read '$f'" >&2
		exit 2
	}
done
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

sha256() { openssl dgst -sha256 -binary; }
unbase64() { base64 -d 2>/dev/null || die "bad base64 in $1"; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
is_number() {
	case $1 in
	'' | *[!0-9]*) return 1 ;;
	0 | [1-9]*) [ ${#1} -le 18 ] ;;
	*) return 1 ;;
	esac
}

# hash_of WHERE: the file $tmp/hash from $line, which is base64 of 32 bytes.
hash_of() {
	printf '%s' "$line" | unbase64 "$1" >"$tmp/hash"
	[ "$(wc -c <"$tmp/hash")" -eq 32 ] || die "bad hash in $1"
}

# field WORD: the rest of the next line, which begins with WORD and a blank.
field() {
	IFS= read -r line || die "the proof ends before its $1"
	case $line in
	"$1 "*) value=${line#"$1 "} ;;
	*) die "expected '$1', found '$line'" ;;
	esac
}

number() {
	field "$1"
	is_number "$value" || die "bad $1 '$value'"
}

# up_to_blank FILE: the lines before the next empty one.
up_to_blank() {
	: >"$1"
	while IFS= read -r line && [ -n "$line" ]; do
		printf '%s\n' "$line"
	done >"$1"
}

# node LEFT RIGHT: the hash of an inner node replaces $tmp/at.
node() {
	{ printf '\001' && cat "$1" "$2"; } | sha256 >"$tmp/next"
	mv "$tmp/next" "$tmp/at"
}

# climb INDEX SIZE WHAT: read hashes up to an empty line and lead $tmp/at, a
# leaf, to the root. RFC 9162 section 2.1.3.2.
climb() {
	at=$1 last=$(($2 - 1))
	[ "$1" -lt "$2" ] || die "$3 has no leaf $1"
	while IFS= read -r line && [ -n "$line" ]; do
		[ "$last" -gt 0 ] || die "the path of the $3 is too long"
		hash_of "the path of the $3"
		if [ $((at % 2)) -eq 1 ] || [ "$at" -eq "$last" ]; then
			node "$tmp/hash" "$tmp/at"
			while [ $((at % 2)) -eq 0 ] && [ "$at" -ne 0 ]; do
				at=$((at / 2)) last=$((last / 2))
			done
		else
			node "$tmp/at" "$tmp/hash"
		fi
		at=$((at / 2)) last=$((last / 2))
	done
	[ "$last" -eq 0 ] || die "the path of the $3 is too short"
}

# Reading a record, as hex in $rest: text is a 32-bit length and that many
# bytes, an integer is 64 bits.
take() {
	taken=$(printf "%.$1s" "$rest")
	[ ${#taken} -eq "$1" ] || die 'a record ends too early'
	rest=${rest#"$taken"}
}
take_text() {
	take 8
	bytes=$((0x$taken))
	taken=
	[ "$bytes" -eq 0 ] || take $((2 * bytes))
	text=$taken
}
take_int() {
	take 8
	high=$((0x$taken))
	[ "$high" -lt 2147483648 ] || high=$((high - 4294967296))
	take 8
	int=$((high * 4294967296 + 0x$taken))
}
# as_text HEX: its bytes, control characters as '?'.
as_text() {
	left=$1
	while [ -n "$left" ]; do
		two=${left%"${left#??}"}
		left=${left#??}
		# shellcheck disable=SC2059
		printf "\\$(printf %o "0x$two")"
	done | tr '\000-\037\177' '?'
}
show_text() {
	take_text
	printf '%-18s %s\n' "$1" "$(as_text "$text")"
}
show_int() {
	take_int
	printf '%-18s %s\n' "$1" "$int"
}

# show NAME...: fields of a record; a name that ends in # is an integer.
show() {
	for name; do
		case $name in
		*'#') show_int "${name%#}" ;;
		*) show_text "$name" ;;
		esac
	done
}

show_order() {
	show kind# channel reference revision customer placed_at# currency \
		tax_included# subtotal_minor# discount_minor# \
		shipping_minor# tax_minor# total_minor# attributes prev_id# \
		batch# source_line#
	take_int
	lines=$int
	while [ "$lines" -gt 0 ]; do
		show line# '  sku' '  quantity_milli#' '  unit_price_micro#' \
			'  discount_minor#' '  tax_minor#' '  total_minor#'
		lines=$((lines - 1))
	done
}

show_record() {
	rest=$(hex <"$tmp/record")
	take_text
	tag=$(as_text "$text")
	echo "$tag"
	case $tag in
	ordmill/order/1) show_order ;;
	ordmill/event/1)
		show order_id# prev_leaf# run# pass kind# from_state# \
			to_state# amount_minor# reason
		;;
	ordmill/payment/1)
		show channel reference payment currency amount_minor# \
			paid_at# batch# source_line#
		;;
	*) die "no record is called '$tag'" ;;
	esac
	[ -z "$rest" ] || die 'the record has something behind its end'
}

# find_head SHARD: the size and the root (hex) that the entry states.
find_head() {
	rest=$(hex <"$tmp/entry")
	size='' root=''
	take_text
	[ "$(as_text "$text")" = ordmill/journal/1 ] || die 'not a journal entry'
	take 8
	fields=$((2 * 0x$taken))
	while [ "$fields" -gt 0 ]; do
		take_text
		fields=$((fields - 1))
	done
	take 8
	heads=$((0x$taken))
	while [ "$heads" -gt 0 ]; do
		take_int
		number=$int
		take_int
		take 64
		[ "$number" -ne "$1" ] || size=$int root=$taken
		heads=$((heads - 1))
	done
	[ -z "$rest" ] || die 'the entry has something behind its end'
	[ -n "$root" ] || die "the entry has no head of shard $1"
}

check_shard() {
	IFS= read -r line || line=
	[ "$line" = ordmill/proof/1 ] || die "'$proof' is not a proof"
	field record
	printf '%s' "$value" | unbase64 'the record' >"$tmp/record"
	number shard
	shard=$value
	number index
	index=$value
	number size
	shard_size=$value
	{ printf '\000' && cat "$tmp/record"; } | sha256 >"$tmp/at"
	climb "$index" "$shard_size" "record"
	shard_root=$(hex <"$tmp/at")
}

check_entry() {
	field entry
	printf '%s' "$value" | unbase64 'the entry' >"$tmp/entry"
	find_head "$shard"
	if [ "$size" -ne "$shard_size" ] || [ "$root" != "$shard_root" ]; then
		die 'the record does not lead to what the journal sealed'
	fi
	IFS= read -r line || line=
	[ "$line" = c2sp.org/tlog-proof@v1 ] || die 'no tlog-proof follows'
	number index
	entry=$value
	{ printf '\000' && cat "$tmp/entry"; } | sha256 >"$tmp/at"
	up_to_blank "$tmp/path"
	up_to_blank "$tmp/text"
	cat >"$tmp/signatures"
}

# The checkpoint states the size that the path of the entry needs.
check_checkpoint() {
	{
		IFS= read -r origin && IFS= read -r size && IFS= read -r line
	} <"$tmp/text" || die 'no checkpoint follows'
	is_number "$size" || die "bad checkpoint size '$size'"
	hash_of 'the checkpoint'
	mv "$tmp/hash" "$tmp/root"
	climb "$entry" "$size" "entry" <"$tmp/path"
	cmp -s "$tmp/at" "$tmp/root" ||
		die 'the entry does not lead to the checkpoint'
}

# Split at the first two '+' only: base64 may contain more of them.
read_vkey() {
	IFS= read -r vkey <"$vkey_file" || [ -n "$vkey" ] || die 'empty key file'
	by=${vkey%%+*}
	vkey=${vkey#*+}
	id=${vkey%%+*}
	printf '%s' "${vkey#*+}" | unbase64 'the key' >"$tmp/key"
	[ "$(wc -c <"$tmp/key")" -eq 33 ] || die 'not an Ed25519 key'
	[ "$(head -c 1 "$tmp/key" | hex)" = 01 ] || die 'not an Ed25519 key'
	made=$({ printf '%s\n' "$by" && cat "$tmp/key"; } | sha256 |
		head -c 4 | hex)
	[ "$made" = "$id" ] || die 'the key does not have the id it states'
	# SubjectPublicKeyInfo of RFC 8410 section 4.
	{
		printf '\060\052\060\005\006\003\053\145\160\003\041\000'
		tail -c 32 "$tmp/key"
	} >"$tmp/der"
}

check_signature() {
	while IFS= read -r line; do
		case $line in
		"— $by "*) ;;
		*) continue ;;
		esac
		printf '%s' "${line##* }" | unbase64 'a signature' >"$tmp/blob"
		[ "$(head -c 4 "$tmp/blob" | hex)" = "$id" ] || continue
		tail -c +5 "$tmp/blob" >"$tmp/signature"
		openssl pkeyutl -verify -pubin -keyform DER -inkey "$tmp/der" \
			-rawin -in "$tmp/text" -sigfile "$tmp/signature" \
			>/dev/null 2>&1 || die "the signature by '$by' does not hold"
		return
	done <"$tmp/signatures"
	die "no signature by '$by'"
}

{
	check_shard
	check_entry
} <"$proof"
check_checkpoint
read_vkey
check_signature
show_record
echo "sealed by checkpoint $size of $origin, signed by $by"

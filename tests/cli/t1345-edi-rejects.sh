#!/bin/sh
# What is turned away of an interchange is exported as interchanges, which are
# read again once they are repaired.
. "$(dirname "$0")/lib.sh"

# set NUMBER REFERENCE QUANTITY: a transaction set of X12.
set_of() {
	printf '%s' "ST|850|$1^BEG|00|SA|$2||20100810^CUR|BY|USD^" \
		"PO1|1|$3|EA|5.00|UM|BP|0459|VP|V-1^CTT|1^SE|6|$1^"
}
# interchange NUMBER GROUP: its two headers.
interchange() {
	printf '%s' "ISA|00|          |00|          |01|828513080      " \
		"|01|001903202U     |100817|0850|U|00400|$1|0|P|>^" \
		"GS|PO|BUYER1|US|20100817|0850|$2|X|004010^"
}

{
	interchange 000000245 7
	set_of 0001 A1 5
	echo
	set_of 0002 A2 x
	set_of 0003 A3 2
	printf 'GE|3|7^GS|PO|BUYER1|US|20100817|0850|8|X|004010^\n'
	set_of 0004 A4 y
	echo 'GE|1|8^IEA|2|000000245^'
	interchange 000000246 9
	set_of 0001 A1 6
	echo 'GE|1|9^IEA|1|000000246^'
} >a.x12
export ORDMILL_STORE=day
ordmill init -q
expect 3 'three are turned away' ordmill ingest -q --feed x12-850 \
	--max-rejects 3 a.x12
expect 0 'each is exported' ordmill rejects export 1
out_is 'in the envelope it came in, with what makes it whole' <<\EOT
ISA|00|          |00|          |01|828513080      |01|001903202U     |100817|0850|U|00400|000000245|0|P|>^
GS|PO|BUYER1|US|20100817|0850|7|X|004010^
ST|850|0002^BEG|00|SA|A2||20100810^CUR|BY|USD^
PO1|1|x|EA|5.00|UM|BP|0459|VP|V-1^
CTT|1^SE|6|0002^
GE|1|7^
IEA|1|000000245^
ISA|00|          |00|          |01|828513080      |01|001903202U     |100817|0850|U|00400|000000245|0|P|>^
GS|PO|BUYER1|US|20100817|0850|8|X|004010^
ST|850|0004^BEG|00|SA|A4||20100810^CUR|BY|USD^
PO1|1|y|EA|5.00|UM|BP|0459|VP|V-1^
CTT|1^SE|6|0004^
GE|1|8^
IEA|1|000000245^
ISA|00|          |00|          |01|828513080      |01|001903202U     |100817|0850|U|00400|000000246|0|P|>^
GS|PO|BUYER1|US|20100817|0850|9|X|004010^
ST|850|0001^BEG|00|SA|A1||20100810^CUR|BY|USD^
PO1|1|6|EA|5.00|UM|BP|0459|VP|V-1^
CTT|1^SE|6|0001^
GE|1|9^
IEA|1|000000246^
EOT
sed 's/|x|/|3|/; s/|y|/|4|/; s/|00|SA|A1|/|00|SA|A5|/' out >repaired.x12
expect 0 'repaired, it is taken' ordmill ingest --feed x12-850 --retries 1 \
	repaired.x12
out_is 'as a batch of its own' <<\EOT
batch 2: repaired.x12: 3 rows
                     orders                USD
  read                    3              65.00
  created                 3              65.00
  batch 1 has 1 open rejects left
EOT
expect 0 'what is left' ordmill rejects list
check 'is the order that is there otherwise' grep -q '^1/3  A1  ' out

# A terminator that is a line end, and one that is both.
for end in '\n' '~\r\n'; do
	rm -rf ended && ordmill init -q -s ended
	{ interchange 1 1 && set_of 0001 N1 x && echo 'GE|1|1^IEA|1|1^'; } |
		tr -d '\n' | sed "s/\\^/$end/g" >n.x12
	ordmill ingest -s ended -q --feed x12-850 n.x12 2>err
	ordmill rejects export -s ended 1 | sed 's/|x|/|3|/' >m.x12
	expect 0 "segments with ${#end} bytes behind them" ordmill ingest -s ended -q \
		--feed x12-850 --retries 1 m.x12
	check 'go round, too' ordmill expect -q -s ended orders=1 rejects=0
done

# UNA, a group, Latin-1, and a control number with a released delimiter.
message() {
	printf '%s' "UNH*$1*ORDERS;D;96A;UN'BGM*220*$2*9'CUX*2;EUR;9'" \
		"DTM*137;20101120;102'LIN*1**X1;SA'IMD*F**;;;t!*\\344'QTY*21;2'" \
		"PRI*AAA;$3'UNS*S'CNT*2;1'UNT*11*$1'"
}
{
	printf '%s' "UNA;*.! 'UNB*UNOC;3*SENDER;14*RECV;14*101120;1030*R!*7'" \
		"UNG*ORDERS*A*B*101120;1030*G1*UN*D;96A'"
	message 1 P1 5
	message 2 P2 '?'
	printf '%s\n' "UNE*2*G1'UNZ*1*R!*7'"
} >text
# shellcheck disable=SC2059
printf "$(cat text)" >a.edi
expect 3 'a message is turned away' ordmill ingest -q --feed edifact-orders \
	--max-rejects 1 a.edi
expect 0 'and exported' ordmill rejects export 3
sed 's/\xe4/ae/' out >o && mv o out
out_is 'with its envelope' <<\EOT
UNA;*.! 'UNB*UNOC;3*SENDER;14*RECV;14*101120;1030*R!*7'
UNG*ORDERS*A*B*101120;1030*G1*UN*D;96A'
UNH*2*ORDERS;D;96A;UN'BGM*220*P2*9'CUX*2;EUR;9'DTM*137;20101120;102'
LIN*1**X1;SA'IMD*F**;;;t!*ae'QTY*21;2'PRI*AAA;?'
UNS*S'CNT*2;1'UNT*11*2'
UNE*1*G1'
UNZ*1*R!*7'
EOT
ordmill rejects export 3 | sed 's/AAA;?/AAA;6/' >repaired.edi
expect 0 'repaired, it is taken' ordmill ingest -q --feed edifact-orders \
	--retries 3 repaired.edi
expect 0 'and nothing of it is left' ordmill rejects list --batch 3
out_is 'in quarantine' <<\EOT
0 in quarantine
EOT
# Without UNA and group; a conflict.
{
	printf "UNB+UNOA:1+S+R+101120:1030+77'UNH+1+ORDERS:D:96A:UN'BGM+220+P1+9'"
	printf "CUX+2:EUR:9'DTM+137:20101120:102'LIN+1++X1:SA'QTY+21:9'"
	printf "PRI+AAA:5'UNS+S'CNT+2:1'UNT+10+1'UNZ+1+77'\n"
} >b.edi
expect 5 'a contradiction' ordmill ingest -q --feed edifact-orders b.edi
ordmill rejects export 5 | tr -d '\n' >out
tr -d '\n' <b.edi >want
check 'comes out as it went in' cmp want out

finish

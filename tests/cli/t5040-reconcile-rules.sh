#!/bin/sh
# Keys, names, currencies, limits and repeated rows.
. "$(dirname "$0")/lib.sh"

# finds STATUS TITLE OPTIONS... : LEFT and RIGHT, breaks as CSV without header.
finds() {
	status=$1 what=$2
	shift 2
	# shellcheck disable=SC2016 # expanded by the inner shell
	expect "$status" "$what" sh -c \
		'ordmill reconcile l.csv r.csv --format csv "$@" >all
		status=$?; sed 1d all | cut -d, -f1-6,12; exit $status' - "$@"
}

printf 'shop,id,total\nx,1,10.00\ny,1,20.00\nx,2,30.00\n' >l.csv
printf 'order,store,gross\n1,y,20.00\n1,x,10.00\n2,x,31.00\n' >r.csv
finds 1 'composite keys under other names' --key shop,id --compare total \
	--map shop=store --map id=order --map total=gross
out_is 'are shown with a slash' <<'END'
amount_over,x/2,30.00,31.00,,1.00,
END

printf 'id,amount,currency\na,10.00,EUR\nb,1000,JPY\nc,1.500,KWD\nd,5.00,EUR\ne,5.00,XYZ\n' >l.csv
printf 'id,amount,currency\na,10.00,USD\nb,1001,JPY\nc,1.501,KWD\nd,5.00,EUR\ne,5.00,EUR\n' >r.csv
finds 1 'each amount in its own currency' --key id --compare amount
out_is 'with its own minor unit' <<'END'
currency,a,10.00,10.00,EUR,,EUR against USD
amount_over,b,1000,1001,JPY,1,
amount_over,c,1.500,1.501,KWD,0.001,
data,e,,5.00,,,unknown currency
END
printf 'id,amount\na,10.005\n' >l.csv
cp l.csv r.csv
finds 0 'up to six decimals without a currency' --key id --compare amount
finds 1 'but not three in euros' --key id --compare amount --currency EUR
out_is 'where they are an error' <<'END'
data,a,,,EUR,,bad amount '10.005': more than 2 decimals
END

printf 'id,amount\na,100.00\nb,100.00\nc,-100.00\n' >l.csv
printf 'id,amount\na,102.00\nb,102.01\nc,-98.00\n' >r.csv
finds 1 'two per cent are two per cent' --key id --compare amount \
	--tolerance amount=200bp
out_is 'and not a cent more' <<'END'
amount_over,b,100.00,102.01,,2.01,
END
finds 1 'written as per cent' --key id --compare amount --tolerance amount=2%

printf 'id,amount\na,5\na,5\na,5\nb,1\nb,2\n' >l.csv
printf 'id,amount\nb,2\na,5\nb,1\na,5\na,5\n' >r.csv
finds 0 'identical rows match N to N' --key id --compare amount
printf 'id,amount\na,5\nb,1\na,5\nb,2\nc,9\nc,9\n' >l.csv
printf 'id,amount\nb,3\na,5\n' >r.csv
finds 1 'one too many' --key id --compare amount
out_is 'is a duplicate, never dropped' <<'END'
duplicate,a,5.00,,,,exact repeat of line 2
amount_over,b,1.00,3.00,,2.00,
duplicate,b,2.00,,,,key of line 3 with other content
missing_right,c,9.00,,,,
duplicate,c,9.00,,,,exact repeat of line 6
END

printf 'id,amount,status\na,1,paid\nb,2,paid\n' >l.csv
printf 'id,amount,status\na,1,open\nb,3,open\n' >r.csv
finds 1 'text differs or does not' --key id --compare amount,status
out_is 'and amounts come first' <<'END'
value,a,1.00,1.00,,0.00,
amount_over,b,2.00,3.00,,1.00,also differs: status
END
finds 0 'keys alone' --key id
finds 1 'a column read as text' --key id --compare amount:text
finish

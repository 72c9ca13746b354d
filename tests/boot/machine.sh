# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced after tests/functions.sh: virtual machines under software emulation, for the boot tests.
#
# A machine called NAME has in $tmp: NAME.console, what its first serial port said; NAME.mon.*, QEMU's monitor;
# NAME.agent.*, where it runs the agent of server.sh. Machines share one wire, which is a socket in $tmp,
# so nothing of this machine's own network takes part. Each is ended on every way out, and is bounded besides;
# when a test failed, console and last screen are kept in $keep.

keep=${PXEFS_BOOT_KEEP:-$TOP_BUILDDIR/tests/boot/kept}
machine_seconds=${PXEFS_BOOT_SECONDS:-3600}
# More patience for machines that are slower than those the bounds were measured on.
slowness=${PXEFS_BOOT_SLOWNESS:-1}
qemu="qemu-system-x86_64"

say()		# what is going on, for who watches
{
	echo "# $(($(date +%s) - began)) s: $*"
}
began=$(date +%s)

# machine_start NAME MEGABYTES QEMU-ARG...: returns when QEMU answers.
machine_start()
{
	name=$1
	memory=$2
	shift 2
	mkfifo "$tmp/$name.mon.in" "$tmp/$name.mon.out" "$tmp/$name.agent.in" "$tmp/$name.agent.out"
	: >"$tmp/$name.console"
	: >"$tmp/$name.agent.log"
	echo 0 >"$tmp/$name.agent.count"
	timeout -k 5 "$machine_seconds" nice -n "${PXEFS_BOOT_NICE:-10}" "$qemu" -name "$name" \
		-machine pc,graphics=off -accel tcg,thread=multi -cpu max -smp 1 -m "$memory" \
		-nodefaults -no-user-config -display none -vga std -no-reboot \
		-device virtio-rng-pci -serial "file:$tmp/$name.console" \
		-chardev "pipe,id=monitor,path=$tmp/$name.mon" -mon chardev=monitor,mode=readline \
		-device virtio-serial-pci -chardev "pipe,id=agent,path=$tmp/$name.agent" \
		-device virtserialport,chardev=agent,name=pxefs.agent \
		"$@" >"$tmp/$name.qemu" 2>&1 &
	echo $! >"$tmp/$name.pid"
	cleanup_fn machine_end "$name"
	cat "$tmp/$name.mon.out" >"$tmp/$name.mon.log" &
	echo $! >"$tmp/$name.readers"
	cat "$tmp/$name.agent.out" >"$tmp/$name.agent.log" &
	echo $! >>"$tmp/$name.readers"
	wait_for 30 grep -q QEMU "$tmp/$name.mon.log" || {
		sed 's/^/# qemu: /' "$tmp/$name.qemu"
		echo "Bail out! $name: QEMU does not start"
		exit 1
	}
	say "$name is powered on"
}

machine_is_off()
{
	is_gone "$(cat "$tmp/$1.pid")"
}

# tell NAME COMMAND: a line for QEMU's monitor. A machine that ended would leave the writer waiting for ever.
tell()
{
	machine_is_off "$1" || timeout 5 sh -c 'echo "$1" >"$2"' sh "$2" "$tmp/$1.mon.in" || :
}

# machine_end NAME: switches it off; keeps what it showed if the test went wrong.
machine_end()
{
	[ -e "$tmp/$1.pid" ] || return 0
	if [ "$failures" != 0 ] || [ "${status:-0}" != 0 ]; then
		mkdir -p "$keep"
		if ! machine_is_off "$1"; then
			tell "$1" "screendump $tmp/$1.png -f png"
			wait_for 5 test -s "$tmp/$1.png" || :
			cp "$tmp/$1.png" "$keep/" 2>/dev/null || :
		fi
		cp "$tmp/$1.console" "$tmp/$1.agent.log" "$keep/"
		screen_text "$1" | tail -n 60 | sed "s/^/# $1: /"
		echo "# $1: console and last screen are kept in $keep"
	fi
	tell "$1" quit
	process=$(cat "$tmp/$1.pid")
	wait_for 10 is_gone "$process" || end_process "$process"
	# One that QEMU never opened the other end for would wait for ever.
	while read -r process; do
		is_gone "$process" || end_process "$process"
	done <"$tmp/$1.readers"
	rm -f "$tmp/$1.pid" "$tmp/$1.mon.in" "$tmp/$1.mon.out" "$tmp/$1.agent.in" "$tmp/$1.agent.out"
}

# What the machine showed since mark, as text. The firmware's mirror of the screen moves the cursor in the middle of
# words, to where it is anyway.
screen_text()
{
	tail -c +"$(($(cat "$tmp/$1.mark" 2>/dev/null || echo 0) + 1))" "$tmp/$1.console" |
		LC_ALL=C sed -e 's/\x1b\[[0-9;=?]*[A-Za-z]//g' -e 's/\r//g' | tr -d '\000' | grep -a . || :
}

mark()		# mark NAME: from now on only what comes
{
	stat -c %s "$tmp/$1.console" >"$tmp/$1.mark"
}

shows()		# shows NAME TEXT
{
	screen_text "$1" | grep -aqF -e "$2"
}

# wait_screen NAME SECONDS TEXT: until it shows the text. Looks seldom: the machine needs the processor.
wait_screen()
{
	deadline=$(($(date +%s) + $2 * slowness))
	until shows "$1" "$3"; do
		if machine_is_off "$1" || [ "$(date +%s)" -gt "$deadline" ]; then
			return 1
		fi
		sleep 0.5
	done
}

press()		# press NAME KEY...: as QEMU calls keys
{
	machine=$1
	shift
	for key; do
		tell "$machine" "sendkey $key"
	done
}

# on NAME SECONDS COMMAND: runs shell text, whose line ends count as blanks, in the machine as root, through its agent;
# prints what it printed and returns its status.
on()
{
	count=$(($(cat "$tmp/$1.agent.count") + 1))
	echo "$count" >"$tmp/$1.agent.count"
	machine_is_off "$1" || timeout 30 sh -c 'printf "%s\n" "$1" | tr "\n" " " >"$2"; echo >"$2"' sh "$count $3" \
		"$tmp/$1.agent.in" || return 125
	deadline=$(($(date +%s) + $2 * slowness))
	until grep -q "^== $count " "$tmp/$1.agent.log"; do
		if machine_is_off "$1" || [ "$(date +%s)" -gt "$deadline" ]; then
			echo "no answer within $2 seconds: $3"
			return 124
		fi
		sleep 0.2
	done
	awk -v count="$count" '
		$1 == "==" && $2 == count - 1 { on = 1; next }
		$1 == "==" && $2 == count { exit }
		on || count == 1 && $1 != "==" { print }' "$tmp/$1.agent.log"
	result=$(awk -v count="$count" '$1 == "==" && $2 == count { print $3; exit }' "$tmp/$1.agent.log")
	return "${result:-125}"
}

# await NAME SECONDS COMMAND: runs the shell text in the machine, as "on" does, until it succeeds; prints what it
# printed last. Fails when it has not succeeded by then.
await()
{
	on "$1" "$(($2 + 30))" "end=\$((\$(date +%s) + $(($2 * slowness)))); until ( $3 ) >/run/await 2>&1; do
		[ \$(date +%s) -le \$end ] || { cat /run/await; exit 1; }; sleep 0.1; done; cat /run/await"
}
